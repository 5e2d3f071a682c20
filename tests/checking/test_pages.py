"""The queue and the page of one plan: what they say, who may open them, how many queries they take."""

from typing import Any

import pytest
from sqlalchemy import select

from app.applications.models import ApplicationState
from app.checking.models import CheckClaim
from app.core.authz import Role
from app.core.db import db
from tests.conftest import Client
from tests.factories.accounts import make_user, sign_in
from tests.factories.applications import make_application
from tests.factories.calls import make_call
from tests.factories.checking import make_waiting
from tests.factories.directory import make_host

S = ApplicationState
THEMES = ("Rivers and lakes", "Robots that walk", "Vaccines for children", "Stars seen from the south")
PURPOSES = (
    "Students measure the water of a river and learn how to protect it.",
    "Young engineers build legs of carbon and let them climb stairs.",
    "We compare how vaccines are kept cold on their way to villages.",
    "Telescopes in two hemispheres look at the same variable stars.",
)


@pytest.fixture
def officer(client: Client) -> Any:
    user = make_user(Role.COORDINATOR, name="Mori Aya")
    sign_in(client, user)
    return user


def waiting(number: int, call: Any, **fields: Any) -> Any:
    """A plan that resembles no other."""
    return make_waiting(
        call=call,
        host=fields.pop("host", None) or make_host(),
        theme_en=THEMES[number],
        purpose=PURPOSES[number],
        principal_email=f"person{number}@example.ac.jp",
        **fields,
    )


def text(answer: Any) -> str:
    return str(answer.get_data(as_text=True))


def test_queue_shows_what_waits_with_what_was_found(client: Client, officer: Any) -> None:
    call = make_call()
    plain = waiting(0, call)
    broken = waiting(1, call, online_if_impossible=False)
    for state in (S.UNDER_REVIEW, S.RETURNED, S.DRAFT, S.WITHDRAWN):
        make_application(state, call=call)
    page = text(client.get("/applications/check"))
    assert page.count("<tbody>") == 1 and page.count('<th scope="row"') == 2
    assert str(plain.reference) in page and str(broken.reference) in page
    only = text(client.get("/applications/check?found=nothing"))
    assert ("Nothing found" in only) and str(plain.reference) in only


@pytest.mark.parametrize("number", [1, 3])
def test_pages_take_a_fixed_number_of_queries(client: Client, officer: Any, number: int) -> None:
    call = make_call()
    plans = [waiting(place, call) for place in range(number)]
    assert client.get("/applications/check").status_code == 200
    assert client.last.queries == 7
    assert client.get(f"/applications/check/{plans[0].public_id}").status_code == 200
    assert client.last.queries == 33


def test_nobody_but_coordinators_opens_the_check(client: Client) -> None:
    call = make_call()
    plan = waiting(0, call)
    for role in (Role.DECISION_MAKER, Role.SCREENING_OFFICER, Role.AUDITOR, Role.REVIEWER, Role.ADMINISTRATOR):
        sign_in(client, make_user(role))
        for path in ("/applications/check", f"/applications/check/{plan.public_id}", "/applications/check/reasons"):
            assert client.get(path).status_code == 403, (role, path)
    sign_in(client, make_user(Role.COORDINATOR))
    draft = make_application(host=make_host(), call=call)
    assert client.get(f"/applications/check/{draft.public_id}").status_code == 404


def test_page_shows_plan_and_findings_side_by_side(client: Client, officer: Any) -> None:
    call, host = make_call(), make_host()
    first = waiting(0, call, host=host)
    second = make_waiting(
        call=call, host=host, theme_en=THEMES[0], purpose=PURPOSES[0], principal_email="person0@example.ac.jp"
    )
    page = text(client.get(f"/applications/check/{second.public_id}"))
    for words in (second.purpose, "Similar plans", str(first.reference), "100% alike", "History of the host"):
        assert words in page, words
    assert "Person in charge of the exchange: Taro Sato – 2 plans" in page
    assert "0 of 2 checked" in page
    assert f'rel="prev" accesskey="p" data-key="k" href="/applications/check/{first.public_id}"' in page
    assert 'rel="next"' not in page


def test_page_of_a_plan_handled_meanwhile_says_so_and_offers_no_outcome(client: Client, officer: Any) -> None:
    plan = make_application(S.UNDER_REVIEW)
    page = text(client.get(f"/applications/check/{plan.public_id}"))
    assert "does not wait for its formal check any more" in page and "Record and go on" not in page


def test_page_of_a_returned_plan_shows_what_was_submitted_and_nothing_of_the_draft(
    client: Client, officer: Any
) -> None:
    plan = make_application(S.RETURNED, theme_en="Rivers", purpose="We measure.")
    plan.theme_en, plan.purpose, plan.principal_name = "Oceans", "We dive.", "Somebody Else"
    db.session.flush()
    page = text(client.get(f"/applications/check/{plan.public_id}"))
    assert "Rivers" in page and "We measure." in page
    assert not [word for word in ("Oceans", "We dive.", "Somebody Else") if word in page]


def test_opening_a_page_says_that_somebody_works_on_the_plan(client: Client, officer: Any) -> None:
    plan = waiting(0, make_call())
    client.post(f"/applications/check/{plan.public_id}/here")
    found = db.session.scalars(select(CheckClaim)).one()
    assert (found.application_id, found.user_id) == (plan.id, officer.id)
    sign_in(client, make_user(Role.COORDINATOR, name="Abe Ken"))
    assert "Mori Aya" in text(client.get("/applications/check"))
    assert "Mori Aya has been working on this plan since" in text(client.get(f"/applications/check/{plan.public_id}"))


def test_home_says_how_many_plans_wait(client: Client, officer: Any) -> None:
    call = make_call()
    for number in range(2):
        waiting(number, call)
    page = text(client.get("/"))
    assert "2 plans wait for the formal check" in page and f"/applications/check?call={call.public_id}" in page
