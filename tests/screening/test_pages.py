"""The desk's pages, and what everybody else sees of a case: the result, what to do, or nothing at all."""

import io

import pytest
from flask import Flask
from sqlalchemy import select

from app.accounts.models import User
from app.core import clock
from app.core.authz import Role
from app.core.db import db
from app.screening import service
from app.screening.models import ListEdition, ScreeningCase
from app.screening.vocabulary import CaseState, EditionState
from tests.conftest import Client
from tests.factories.accounts import actor_of, make_actor, make_user, sign_in
from tests.factories.applications import make_application
from tests.factories.calls import make_call
from tests.factories.directory import make_host, make_sending
from tests.factories.screening import OPTICS, ROCKETS, make_case, make_edition, make_note, workbook_of

SECRET = "A laboratory of the army stands behind it."


@pytest.fixture
def officer(client: Client) -> User:
    user = make_user(Role.SCREENING_OFFICER)
    sign_in(client, user)
    return user


def case(state: str = "examine", **fields: object) -> ScreeningCase:
    name = "Lanjiang Rocket Propulsoin Institute"
    plan = make_application("submitted", partners=[make_sending(name_en=name)], **fields)  # type: ignore[arg-type]
    return make_case(plan, state)


def test_the_queue_shows_what_waits_the_oldest_first_with_counts(client: Client, officer: User) -> None:
    call = make_call()
    first, second = case(call=call), case(call=call)
    case("cleared", call=call)
    second.waiting_since = clock.now()
    page = client.get("/screening").text
    assert page.index(str(first.application.reference)) < page.index(str(second.application.reference))
    assert page.count("<tr>") == 3
    assert client.last.queries <= 9
    assert "1</span> Cleared" in page


def test_the_page_of_a_case_shows_both_names_with_what_differs_marked(client: Client, officer: User) -> None:
    found = case()
    page = client.get(f"/screening/cases/{found.public_id}").text
    assert '<mark class="app-names__near">Propulsoin</mark>' in page
    assert '<mark class="app-names__near">Propulsion</mark>' in page
    assert "蘭江火箭推進" in page and "Missiles" in page
    assert client.last.queries <= 14


def test_judging_leads_on_to_the_next_case_that_waits(client: Client, officer: User) -> None:
    call = make_call()
    first, second = case(call=call), case(call=call)
    form = {"verdict": "clear", "reason": SECRET, "version": first.version}
    response = client.post(f"/screening/cases/{first.public_id}/judge", data=form)
    assert response.location == f"/screening/cases/{second.public_id}"
    assert first.state is CaseState.CLEARED
    assert SECRET in client.get(f"/screening/cases/{first.public_id}").text


def test_a_judgement_without_its_reason_is_asked_for_again_and_keeps_what_was_typed(
    client: Client, officer: User
) -> None:
    found = case()
    form = {"verdict": "condition", "reason": "", "host_action": "Ask for form 2.", "version": found.version}
    response = client.post(f"/screening/cases/{found.public_id}/judge", data=form)
    assert response.status_code == 422
    assert "Give a reason." in response.text and "Ask for form 2." in response.text


def test_who_judges_too_late_is_told_and_keeps_what_was_typed(client: Client, officer: User) -> None:
    found = case()
    form = {"verdict": "clear", "reason": "Another body.", "version": found.version}
    service.judge(make_actor(Role.SCREENING_OFFICER), found, "hold", reason=SECRET, version=found.version)
    response = client.post(f"/screening/cases/{found.public_id}/judge", data=form)
    assert response.status_code == 409
    assert "Another body." in response.text
    assert found.state is CaseState.HOLD


def test_a_remark_is_kept(client: Client, officer: User) -> None:
    found = case()
    client.post(f"/screening/cases/{found.public_id}/notes", data={"text": SECRET, "key": "k" * 22})
    assert SECRET in client.get(f"/screening/cases/{found.public_id}").text


def test_a_hold_is_lifted_by_two_persons_on_their_pages(client: Client, officer: User) -> None:
    found = case("hold")
    place = f"/screening/cases/{found.public_id}/lift"
    asked = {"to": "cleared", "reason": "Another body.", "version": found.version}
    assert client.post(place, data=asked).status_code == 302
    version = found.version
    alone = client.post(place, data={"answer": "agree", "version": version})
    assert alone.status_code == 422 and "Another person has to agree" in alone.text
    sign_in(client, make_user(Role.DECISION_MAKER))
    assert "Another body." in client.get(place).text
    assert client.post(place, data={"answer": "agree", "version": version}).status_code == 302
    assert found.state is CaseState.CLEARED


def test_who_answers_a_proposal_of_another_version_is_told_and_keeps_what_was_typed(
    client: Client, officer: User
) -> None:
    found = case("hold")
    service.propose_lift(
        make_actor(Role.DECISION_MAKER), found, CaseState.CLEARED, reason="Fine.", version=found.version
    )
    form = {"answer": "refuse", "reason": "Not shown.", "version": found.version - 1}
    response = client.post(f"/screening/cases/{found.public_id}/lift", data=form)
    assert response.status_code == 409
    assert "Not shown." in response.text and f'value="{found.version}"' in response.text


def test_an_edition_is_uploaded_looked_at_and_imported(client: Client, officer: User) -> None:
    make_edition(ROCKETS)
    file = (io.BytesIO(workbook_of([ROCKETS, OPTICS])), "list.xlsx")
    dates = {"dated_on": clock.today().isoformat(), "in_force_on": clock.today().isoformat()}
    response = client.post("/screening/editions/new", data={"file": file, "key": "k" * 22, **dates})
    assert response.status_code == 302, response.text
    page = client.get(response.location).text
    assert OPTICS.name in page and "Compared with the edition" in page
    edition = db.session.scalars(select(ListEdition).where(ListEdition.state == EditionState.CHECKED)).one()
    client.post(f"{response.location}/import", data={"version": edition.version})
    db.session.expire_all()
    assert edition.state is EditionState.IMPORTED


def test_cells_that_cannot_be_read_are_listed_and_nothing_is_kept(client: Client, officer: User) -> None:
    file = (io.BytesIO(b"No.,Country or Region,Company or Organization\nx,Islamia,Rocket Works\n"), "list.csv")
    dates = {"dated_on": "2025-09-29", "in_force_on": "2025-10-09"}
    response = client.post("/screening/editions/new", data={"file": file, "key": "k" * 22, **dates})
    assert response.status_code == 422
    assert "2:1" in response.text and "whole number" in response.text
    assert db.session.scalars(select(ListEdition)).all() == []


@pytest.mark.parametrize("role", [Role.COORDINATOR, Role.DECISION_MAKER, Role.AUDITOR])
def test_jst_reads_the_result_on_the_page_of_the_plan_and_nothing_else(client: Client, role: Role) -> None:
    found = case("hold")
    make_note(found, SECRET)
    sign_in(client, make_user(role))
    page = client.get(f"/applications/{found.application.public_id}").text
    assert "On hold" in page
    assert ROCKETS.name not in page and SECRET not in page
    assert client.get(f"/screening/cases/{found.public_id}").status_code == 403
    assert client.get("/screening").status_code == 403


@pytest.mark.parametrize(("state", "is_asked"), [("conditions", True), ("hold", False), ("examine", False)])
def test_a_host_sees_what_to_do_if_something_is_asked_and_otherwise_nothing(
    client: Client, state: str, is_asked: bool
) -> None:
    host = make_host()
    found = case(state, host=host)
    make_note(found, SECRET)
    sign_in(client, make_user(Role.HOST_EDITOR, host))
    page = client.get(f"/applications/{found.application.public_id}").text
    home = client.get("/").text
    assert ("Ask the partner for its end-use statement." in page) is is_asked
    assert ("Action needed" in page, "Action needed" in home) == (is_asked, is_asked)
    assert not any(word in page for word in ("On hold", "Screening", "foreign user list", ROCKETS.name, SECRET))


def test_a_reviewer_reaches_nothing_of_it(app: Flask, client: Client) -> None:
    found = case("hold")
    sign_in(client, make_user(Role.REVIEWER))
    for path in ("", "/editions", f"/cases/{found.public_id}", f"/cases/{found.public_id}/lift"):
        assert client.get(f"/screening{path}").status_code == 403


def test_the_home_page_says_what_waits(client: Client, officer: User) -> None:
    call = make_call()
    case(call=call)
    held = case("hold", call=call)
    service.propose_lift(make_actor(Role.DECISION_MAKER), held, CaseState.CLEARED, reason="Fine.", version=held.version)
    page = client.get("/").text
    assert "Examine what resembles the foreign user list" in page
    assert "Look at a proposal to lift a hold" in page
    own = case("hold", call=call)
    service.propose_lift(actor_of(officer), own, CaseState.CLEARED, reason="Fine.", version=own.version)
    assert client.get("/").text.count("Look at a proposal to lift a hold") == 1
