"""Everybody reads which plans are adopted, once their round is released, and no person's name."""

import csv
import io
from datetime import timedelta
from typing import Any

import pytest

from app.applications import letters_facts
from app.applications.models import Application, ApplicationState, Outcome
from app.core import clock
from app.core.db import db
from tests.conftest import Client
from tests.factories.applications import make_application
from tests.factories.calls import make_call
from tests.factories.directory import make_host, make_sending
from tests.factories.people import make_person

S = ApplicationState
ENGLISH = {"Accept-Language": "en"}


@pytest.fixture
def call(app: Any) -> Any:
    """A round whose results are released."""
    now = clock.now()
    return make_call(
        opens_at=now - timedelta(days=60), closes_at=now - timedelta(days=30), released_at=now - timedelta(days=1)
    )


def page(client: Client, path: str) -> str:
    answer = client.get(path, headers=ENGLISH)
    assert answer.status_code == 200
    return str(answer.get_data(as_text=True))


def test_list_leads_to_the_newest_year_and_shows_what_is_adopted(client: Client, call: Any) -> None:
    nepal = make_sending(name_en="Kathmandu University", country="NP")
    adopted = make_application(S.ADOPTED, call=call, host=make_host(name_en="Kyoto University"), partners=[nepal])
    answer = client.get("/adopted")
    assert (answer.status_code, answer.location) == (302, f"/adopted/{call.fiscal_year}")
    shown = page(client, f"/adopted/{call.fiscal_year}")
    for words in (adopted.reference, adopted.theme_en, "Kyoto University", "Kathmandu University", "Nepal"):
        assert str(words) in shown
    assert f"{adopted.starts_on:%B}" in shown and f"{adopted.starts_on.day} {adopted.starts_on:%B}" not in shown


@pytest.mark.parametrize("state", [s for s in S if s not in (S.ADOPTED, S.COMPLETED)])
def test_plan_in_any_other_state_is_not_in_it(client: Client, call: Any, state: ApplicationState) -> None:
    make_application(S.ADOPTED, call=call)
    other = make_application(state, call=call, theme_en="Something else entirely")
    for path in (f"/adopted/{call.fiscal_year}", f"/adopted/{call.fiscal_year}.csv"):
        shown = page(client, path)
        assert "Something else entirely" not in shown and (other.reference or "–none–") not in shown


def test_round_that_is_not_released_as_a_whole_is_not_in_it(client: Client, call: Any) -> None:
    make_application(S.ADOPTED, call=call)
    running = make_call(label="2", opens_at=call.opens_at, closes_at=call.closes_at)
    half = make_application(S.ADOPTED, call=running, theme_en="Half way through")
    assert half.theme_en not in page(client, f"/adopted/{call.fiscal_year}")


def test_year_without_a_released_result_does_not_exist(client: Client) -> None:
    running = make_call()
    make_application(S.ADOPTED, call=running)
    assert client.get(f"/adopted/{running.fiscal_year}").status_code == 404
    assert client.get(f"/adopted/{running.fiscal_year}.csv").status_code == 404
    assert "No results have been released yet." in page(client, "/adopted")


def test_plan_whose_result_was_changed_disappears(client: Client, call: Any) -> None:
    make_application(S.ADOPTED, call=call)
    changed = make_application(S.ADOPTED, call=call, theme_en="No longer adopted")
    assert "No longer adopted" in page(client, f"/adopted/{call.fiscal_year}")
    db.session.execute(Application.__table__.update().where(Application.id == changed.id).values(state=S.DECLINED))
    assert "No longer adopted" not in page(client, f"/adopted/{call.fiscal_year}")


def test_list_is_narrowed_by_course_and_country(client: Client, call: Any) -> None:
    for country, theme in (("NP", "From Nepal"), ("VN", "From Vietnam")):
        make_application(S.ADOPTED, call=call, partners=[make_sending(country=country)], theme_en=theme)
    path = f"/adopted/{call.fiscal_year}"
    shown = page(client, f"{path}?country=NP")
    assert "From Nepal" in shown and "From Vietnam" not in shown
    assert "From Vietnam" not in page(client, f"{path}.csv?country=NP")
    code = call.courses[0].course.code.value
    assert "From Nepal" in page(client, f"{path}?course={code}") and "From Nepal" in page(client, f"{path}?course=no")
    assert "From Nepal" not in page(client, f"{path}?course=online")
    assert "From Nepal" in page(client, f"{path}?country=zz&sort=-starts")


def test_no_person_stands_in_it(client: Client, call: Any) -> None:
    plan = make_application(S.ADOPTED, call=call)
    person = make_person(plan)
    names = (plan.principal_name, plan.administrative_name, plan.partners[0].contact_name, person.surname)
    mails = (plan.principal_email, plan.administrative_email, plan.partners[0].contact_email)
    for path in (f"/adopted/{call.fiscal_year}", f"/adopted/{call.fiscal_year}.csv"):
        shown = page(client, path)
        assert not [word for word in (*names, *mails) if word and word in shown]


def test_file_has_a_line_for_each_plan_and_may_be_kept_a_while(client: Client, call: Any) -> None:
    two = [make_sending(country="NP"), make_sending(country="VN")]
    first = make_application(S.ADOPTED, call=call, partners=two)
    second = make_application(S.COMPLETED, call=call)
    answer = client.get(f"/adopted/{call.fiscal_year}.csv", headers=ENGLISH)
    rows = list(csv.reader(io.StringIO(answer.get_data(as_text=True).removeprefix("\ufeff"))))
    assert [row[0] for row in rows[1:]] == [first.reference, second.reference]
    assert rows[1][6] == "Nepal; Vietnam" and rows[1][8] == f"{first.starts_on:%Y-%m}"
    assert rows[1][7] == str(sum(group.number for group in first.people))
    assert answer.headers["Cache-Control"] == "public, max-age=300"


def test_conditions_lower_the_number_of_people() -> None:
    given = letters_facts.Granted(Outcome.ADOPTED, people_cap=6)
    assert (given.people(8), given.people(4)) == (6, 4)


def test_page_asks_as_many_questions_for_many_plans_as_for_one(client: Client, call: Any) -> None:
    make_application(S.ADOPTED, call=call)
    client.get(f"/adopted/{call.fiscal_year}")
    one = client.last.queries
    for _number in range(6):
        make_application(S.ADOPTED, call=call, partners=[make_sending(), make_sending()])
    client.get(f"/adopted/{call.fiscal_year}")
    assert client.last.queries == one == 7
