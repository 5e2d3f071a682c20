"""Writing a plan in the browser, without scripts: sections saved whole, complete or not."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from sqlalchemy import select

from app.applications import queries
from app.applications.models import Application, ApplicationState, BudgetKind
from app.core import clock
from app.core.authz import Role
from app.core.db import db
from app.core.outbox import OutboxMessage
from tests.conftest import Client
from tests.factories.accounts import grant_role, make_user, sign_in
from tests.factories.applications import make_application
from tests.factories.calls import make_call
from tests.factories.directory import make_host, make_sending

S = ApplicationState


@pytest.fixture
def plan(client: Client) -> Application:
    """A draft without content; its editor is signed in."""
    application = make_application(complete=False, theme_en="")
    sign_in(client, make_user(Role.HOST_EDITOR, application.host_institution))
    return application


def address(application: Application, section: str) -> str:
    return f"/applications/{application.public_id}/edit/{section}"


def version(application: Application) -> str:
    db.session.refresh(application)
    return str(application.version)


def send(client: Client, application: Application, section: str, **fields: Any) -> Any:
    fields.setdefault("version", version(application))
    return client.post(address(application, section), data={name.replace("__", "-"): fields[name] for name in fields})


def test_plan_is_begun_in_an_open_round_with_the_last_plans_contacts(client: Client) -> None:
    call, host = make_call(), make_host()
    make_application(host=host, call=call)
    sign_in(client, make_user(Role.HOST_EDITOR, host))
    page = client.get("/applications/new").get_data(as_text=True)
    assert host.name_en in page
    key = {"key": "begin-1", "host": host.public_id, "course": f"{call.public_id}.{call.courses[0].course.public_id}"}
    first, second = client.post("/applications/new", data=key), client.post("/applications/new", data=key)
    assert (first.status_code, second.status_code) == (302, 302)
    assert first.location == second.location
    made = db.session.scalar(select(Application).order_by(Application.id.desc()))
    assert made is not None
    assert (made.state, made.principal_name, made.administrative_phone) == (S.DRAFT, "Taro Sato", "075-000-0000")
    assert (
        db.session.scalars(select(Application).where(Application.host_institution_id == host.id)).all().__len__() == 2
    )


def test_somebody_of_two_institutions_chooses_one(client: Client) -> None:
    first, second = make_host(), make_host()
    user = make_user(Role.HOST_EDITOR, first)
    grant_role(user, Role.HOST_EDITOR, second)
    call = make_call()
    sign_in(client, user)
    chosen = {"host": second.public_id, "course": f"{call.public_id}.{call.courses[0].course.public_id}"}
    assert client.post("/applications/new", data=chosen).status_code == 302
    made = db.session.scalar(select(Application))
    assert made is not None and made.host_institution_id == second.id
    foreign = {**chosen, "host": make_host().public_id}
    assert client.post("/applications/new", data=foreign).status_code == 422


def test_plan_cannot_be_begun_in_a_closed_round(client: Client) -> None:
    now = clock.now()
    call = make_call(opens_at=now - timedelta(days=9), closes_at=now - timedelta(seconds=1))
    host = make_host()
    sign_in(client, make_user(Role.HOST_EDITOR, host))
    chosen = {"host": host.public_id, "course": f"{call.public_id}.{call.courses[0].course.public_id}"}
    assert client.post("/applications/new", data=chosen).status_code == 422
    assert db.session.scalar(select(Application)) is None


@pytest.mark.parametrize("section", ["overview", "partners", "itinerary", "people", "budget", "safety"])
def test_empty_section_can_be_shown_and_saved(client: Client, plan: Application, section: str) -> None:
    page = client.get(address(plan, section))
    assert page.status_code == 200
    assert send(client, plan, section, do="save").status_code == 302
    assert send(client, plan, section, do="continue").status_code == 302


def test_overview_keeps_what_was_typed(client: Client, plan: Application) -> None:
    answer = send(client, plan, "overview", theme_en="  River  basins ", field_of_science="environment", do="continue")
    assert answer.location.endswith("/edit/partners")
    assert (plan.theme_en, plan.field_of_science) == ("River  basins", "environment")


def test_partner_named_as_in_the_directory_is_taken_from_there(client: Client, plan: Application) -> None:
    known = make_sending(name_en="Kathmandu Valley College", country="NP")
    send(client, plan, "partners", rows__0__organization="kathmandu valley college", rows__0__country="")
    db.session.refresh(plan)
    assert [partner.organization_id for partner in plan.partners] == [known.id]
    page = client.get(address(plan, "partners")).get_data(as_text=True)
    assert "Kathmandu Valley College" in page


def test_partner_spelled_almost_so_is_offered_and_can_be_chosen(client: Client, plan: Application) -> None:
    known = make_sending(name_en="Kathmandu Valley College", country="NP")
    send(client, plan, "partners", rows__0__organization="Katmandu Valley Colege", rows__0__country="NP")
    db.session.refresh(plan)
    assert plan.partners[0].organization_id is None
    assert known.public_id in client.get(address(plan, "partners")).get_data(as_text=True)
    send(
        client,
        plan,
        "partners",
        rows__0__id=str(plan.partners[0].id),
        rows__0__organization="Katmandu Valley Colege",
        rows__0__country="NP",
        rows__0__choice=known.public_id,
    )
    db.session.refresh(plan)
    assert plan.partners[0].organization_id == known.id


def test_unknown_partner_stays_as_typed(client: Client, plan: Application) -> None:
    send(client, plan, "partners", rows__0__organization="ГУ имени Ленина", rows__0__country="KG")
    db.session.refresh(plan)
    assert (plan.partners[0].typed_name, plan.partners[0].country) == ("ГУ имени Ленина", "KG")


def test_people_stay_when_their_partner_is_taken_away(client: Client) -> None:
    application = make_application()
    sign_in(client, make_user(Role.HOST_EDITOR, application.host_institution))
    send(client, application, "partners", do="remove-0", rows__0__organization="x", rows__0__country="")
    db.session.expire_all()
    assert application.partners == []
    assert [(group.number, group.partner_id) for group in application.people] == [(7, None), (1, None)]


def test_rows_are_added_moved_and_taken_away_without_scripts(client: Client, plan: Application) -> None:
    answer = send(client, plan, "budget", do="add", rows__0__kind="fees", rows__0__description="Interpreter")
    assert "blank=1" in answer.location
    page = client.get(answer.location).get_data(as_text=True)
    assert "rows-1-description" in page and "rows-2-description" not in page
    two = {
        "rows__0__kind": "fees",
        "rows__0__description": "A",
        "rows__1__kind": "program",
        "rows__1__description": "B",
    }
    send(client, plan, "budget", do="down-0", **two)
    db.session.refresh(plan)
    assert [line.description for line in plan.budget] == ["B", "A"]
    send(client, plan, "budget", do="remove-0", **two)
    db.session.refresh(plan)
    assert [(line.kind, line.description) for line in plan.budget] == [(BudgetKind.PROGRAM, "B")]


def test_itinerary_stands_in_the_order_of_days_and_hours(client: Client, plan: Application) -> None:
    rows = {
        "rows__0__day": "２",
        "rows__0__title": "second",
        "rows__1__day": "1",
        "rows__1__starts_at": "1400",
        "rows__1__ends_at": "15:00",
        "rows__1__title": "later",
        "rows__2__day": "1",
        "rows__2__starts_at": "9:00",
        "rows__2__title": "earlier",
    }
    kinds = {f"rows__{number}__kind": "special_lecture" for number in range(3)}
    send(
        client, plan, "itinerary", starts_on="2025-08-01", ends_on="2025/8/7", airport_distance_km="60", **rows, **kinds
    )
    db.session.refresh(plan)
    assert [(item.day, item.title) for item in plan.itinerary] == [(1, "earlier"), (1, "later"), (2, "second")]
    assert client.get(address(plan, "itinerary")).status_code == 200
    send(client, plan, "itinerary", do="down-0", starts_on="2025-08-01", **rows, **kinds)
    db.session.refresh(plan)
    assert [(item.day, item.title) for item in plan.itinerary][-1] == (3, "second")


@pytest.mark.parametrize(
    ("section", "fields", "typed"),
    [
        ("itinerary", {"starts_on": "31 February"}, "31 February"),
        ("itinerary", {"rows__0__day": "first", "rows__0__title": "Kept"}, "first"),
        ("itinerary", {"rows__0__day": "1", "rows__0__starts_at": "26:00", "rows__0__title": "Kept"}, "26:00"),
        ("people", {"rows__0__number": "seven", "rows__0__category": "master"}, "seven"),
        ("budget", {"rows__0__unit_price": "9 man", "rows__0__description": "Kept"}, "9 man"),
        ("budget", {"rows__0__unit_price": "-5", "rows__0__description": "Kept"}, "-5"),
        ("overview", {"theme_en": "Kept", "principal_email": "nobody"}, "nobody"),
    ],
)
def test_bad_input_is_said_beside_the_field_and_nothing_of_the_section_is_stored(
    client: Client, plan: Application, section: str, fields: dict[str, str], typed: str
) -> None:
    before = version(plan)
    answer = send(client, plan, section, **fields)
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert f'value="{typed}"' in page
    assert "govuk-error-message" in page and "govuk-error-summary" in page
    assert version(plan) == before
    assert (plan.theme_en, plan.itinerary, plan.people, plan.budget) == ("", [], [], [])


def test_exit_before_entry_is_refused(client: Client, plan: Application) -> None:
    answer = send(client, plan, "itinerary", starts_on="2025-08-02", ends_on="2025-08-01")
    assert answer.status_code == 422
    assert "The day of exit lies before the day of entry." in answer.get_data(as_text=True)


def test_two_people_saving_the_same_section_see_both_texts(client: Client, plan: Application) -> None:
    old = version(plan)
    send(client, plan, "overview", theme_en="Theirs")
    answer = send(client, plan, "overview", theme_en="Mine", version=old)
    page = answer.get_data(as_text=True)
    assert answer.status_code == 409
    assert "Theirs" in page and 'value="Mine"' in page
    db.session.refresh(plan)
    assert plan.theme_en == "Theirs"
    assert f'name="version" type="hidden" value="{plan.version}"' in page
    assert send(client, plan, "overview", theme_en="Mine").status_code == 302


def test_two_people_saving_the_same_rows_see_both(client: Client, plan: Application) -> None:
    old = version(plan)
    send(client, plan, "budget", rows__0__kind="fees", rows__0__description="Theirs", rows__0__unit_price="100")
    answer = send(
        client,
        plan,
        "budget",
        version=old,
        rows__0__kind="program",
        rows__0__description="Mine",
        rows__0__unit_price="200",
    )
    page = answer.get_data(as_text=True)
    assert answer.status_code == 409
    for text in ("Row 1, What it pays for", "Theirs", "Mine", "IV Fees", "III Programme costs"):
        assert text in page


def test_safety_answers_are_kept(client: Client, plan: Application) -> None:
    send(client, plan, "safety", has_system="no", form1_on="2025-04-01", pledge="y", online_if_impossible="y")
    db.session.refresh(plan)
    assert plan.online_if_impossible is True
    kept = {name: plan.safety[name] for name in ("has_system", "form1_on", "pledge")}
    assert kept == {"has_system": "no", "form1_on": "2025-04-01", "pledge": True}
    assert 'value="2025-04-01"' in client.get(address(plan, "safety")).get_data(as_text=True)


def test_panel_counts_the_rules_that_hold_and_names_their_clauses(client: Client) -> None:
    application = make_application()
    sign_in(client, make_user(Role.HOST_EDITOR, application.host_institution))
    page = client.get(f"/applications/{application.public_id}").get_data(as_text=True)
    assert "19 of 20 hold" in page  # ages are told by the roster
    assert "Guidelines, “Length of stay” (course A)" in page


def test_plan_cannot_be_changed_once_it_is_submitted_or_the_round_is_closed(client: Client) -> None:
    application = make_application(S.SUBMITTED)
    sign_in(client, make_user(Role.HOST_EDITOR, application.host_institution))
    assert client.get(address(application, "overview")).status_code == 409
    assert send(client, application, "overview", theme_en="Late").status_code == 409
    draft = make_application(call=application.call, host=application.host_institution)
    with time_machine.travel(application.call.closes_at, tick=False):
        sign_in(client, make_user(Role.HOST_EDITOR, application.host_institution))
        assert client.get(address(draft, "overview")).status_code == 409


def test_unknown_section_is_not_found(client: Client, plan: Application) -> None:
    assert client.get(address(plan, "nothing")).status_code == 404


def test_last_plan_gives_contacts_only_within_the_institution(client: Client) -> None:
    make_application()
    assert queries.last_plan_of(make_host().id) is None


def test_mails_are_not_written_by_saving(client: Client, plan: Application) -> None:
    send(client, plan, "overview", theme_en="River")
    assert db.session.scalar(select(OutboxMessage)) is None
