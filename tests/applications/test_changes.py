"""Returning by section, and what changed: for the host while correcting, for JST once the plan is back."""

import copy
from dataclasses import replace
from datetime import date, time, timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from app.accounts.models import UserSession
from app.applications import changes, contents, service, snapshot, submission, thawing
from app.applications.models import (
    Application,
    ApplicationState,
    BudgetKind,
    BudgetLine,
)
from app.core import clock
from app.core.authz import Role
from app.core.db import db
from app.core.outbox import OutboxMessage
from tests.conftest import Client
from tests.factories.accounts import actor_of, make_actor, make_user, sign_in
from tests.factories.applications import make_application
from tests.factories.directory import make_sending

S = ApplicationState


def page(client: Client, application: Application, *more: str) -> str:
    answer = client.get("/".join(["/applications", application.public_id, *more]))
    assert answer.status_code == 200
    return str(answer.get_data(as_text=True))


def send_back(client: Client, application: Application, **fields: str) -> Any:
    due = (clock.today() + timedelta(days=7)).isoformat()
    data = {"key": "back", "comment": "Please look again.", "due_on": due, **fields}
    return client.post(f"/applications/{application.public_id}/return", data=data)


@pytest.fixture
def returned(app: Any) -> Application:
    """A plan returned for two sections, in which the host has begun to correct."""
    application = make_application(S.RETURNED)
    application.return_sections = {"budget": "The flights are too dear.", "safety": ""}
    application.theme_en = "An unfinished thought"
    application.budget[0].unit_price = 85_000
    application.budget.append(BudgetLine(kind=BudgetKind.FEES, description="Interpreter", quantity=2, position=3))
    db.session.flush()
    return application


def test_coordinator_ticks_sections_and_writes_remarks(client: Client) -> None:
    application = make_application(S.SUBMITTED)
    sign_in(client, make_user(Role.COORDINATOR))
    assert "Sections to be corrected" in page(client, application, "return")
    answer = send_back(client, application, fix_safety="y", fix_budget="y", remark_budget=" Too dear. ")
    assert answer.status_code == 302
    db.session.refresh(application)
    assert application.state is S.RETURNED
    assert application.return_sections == {"budget": "Too dear.", "safety": ""}
    mails = db.session.scalars(select(OutboxMessage).where(OutboxMessage.template == "application_returned")).all()
    assert mails and all("Too dear." in mail.body for mail in mails)


def test_remark_counts_without_its_box_and_no_section_need_be_named(client: Client) -> None:
    first = make_application(S.SUBMITTED)
    sign_in(client, make_user(Role.COORDINATOR))
    send_back(client, first, remark_people="Who accompanies them?")
    db.session.refresh(first)
    assert first.return_sections == {"people": "Who accompanies them?"}
    second = make_application(S.SUBMITTED, call=first.call)
    send_back(client, second, key="other")
    db.session.refresh(second)
    assert (second.state, second.return_sections) == (S.RETURNED, {})


def test_host_sees_each_remark_in_its_section_and_in_the_list(client: Client, returned: Application) -> None:
    sign_in(client, make_user(Role.HOST_EDITOR, returned.host_institution))
    shown = page(client, returned)
    assert "The flights are too dear." in shown and "Sections to be corrected" in shown
    budget, people = page(client, returned, "edit", "budget"), page(client, returned, "edit", "people")
    assert "The flights are too dear." in budget and "JST asks for a correction in this section" in budget
    assert "JST asks for a correction in this section" not in people
    assert people.count("– to be corrected") == 2  # the two tabs


def test_host_compares_the_draft_with_what_was_submitted(client: Client, returned: Application) -> None:
    sign_in(client, make_user(Role.HOST_EDITOR, returned.host_institution))
    shown = page(client, returned, "changes")
    for text in (
        "Measuring a river basin",
        "An unfinished thought",
        "Cost 1: Unit price in yen",
        "90,000",
        "85,000",
        "Cost 4, new",
        "IV Fees · Interpreter · 2 · 0",
        "Nothing is changed in this section.",  # safety was to be corrected
    ):
        assert text in shown, text


@pytest.mark.parametrize("state", [S.RETURNED, S.WITHDRAWN])
@pytest.mark.parametrize("role", [Role.COORDINATOR, Role.DECISION_MAKER, Role.SCREENING_OFFICER, Role.AUDITOR])
def test_jst_sees_of_a_returned_plan_only_what_was_submitted(
    client: Client, returned: Application, role: Role, state: ApplicationState
) -> None:
    returned.state = state
    sign_in(client, make_user(role))
    for more in ((), ("changes",), ("receipt",)):
        shown = page(client, returned, *more)
        assert "An unfinished thought" not in shown and "Interpreter" not in shown and "85,000" not in shown, more
    shown = page(client, returned)
    assert "Measuring a river basin" in shown and "90,000" in shown and "Rivers of Japan" in shown
    assert "Measuring a river basin" in client.get("/applications").get_data(as_text=True)
    assert "An unfinished thought" not in client.get("/applications").get_data(as_text=True)


def test_round_and_export_show_of_a_returned_plan_what_was_submitted(client: Client, returned: Application) -> None:
    returned.people[0].number = 3
    returned.starts_on = date(2025, 12, 1)
    returned.ends_on = date(2025, 12, 7)
    entry = str((returned.snapshot or {})["starts_on"])
    sign_in(client, make_user(Role.COORDINATOR))
    db.session.execute(update(UserSession).values(confirmed_at=clock.now()))
    shown = client.get(f"/applications/rounds/{returned.call.public_id}").get_data(as_text=True)
    assert "Measuring a river basin" in shown and "An unfinished thought" not in shown
    rows = client.post("/applications/export", data={"reason": "For the meeting"}).get_data(as_text=True)
    assert "Measuring a river basin" in rows and entry in rows and ",8," in rows
    assert "An unfinished thought" not in rows and "2025-12-01" not in rows


def test_host_sees_its_own_draft_everywhere(client: Client, returned: Application) -> None:
    sign_in(client, make_user(Role.HOST_EDITOR, returned.host_institution))
    assert "An unfinished thought" in page(client, returned)
    assert "An unfinished thought" in client.get("/applications").get_data(as_text=True)


def test_jst_compares_both_submissions_once_the_plan_is_back(client: Client, returned: Application) -> None:
    first = copy.deepcopy(returned.snapshot)
    submission.submit(make_actor(Role.HOST_APPROVER, returned.host_institution), returned)
    db.session.flush()
    assert returned.previous_snapshot == first and returned.snapshot != first
    sign_in(client, make_user(Role.COORDINATOR))
    assert "What has changed" in page(client, returned)
    shown = page(client, returned, "changes")
    for text in ("An unfinished thought", "Cost 1: Unit price in yen", "JST asked for a correction here", "too dear"):
        assert text in shown, text


def test_plan_submitted_once_has_nothing_to_compare(client: Client) -> None:
    application = make_application(S.SUBMITTED)
    sign_in(client, make_user(Role.COORDINATOR))
    assert "There is nothing to compare yet." in page(client, application, "changes")
    assert "What has changed" not in page(client, application)


def test_plan_of_another_institution_has_no_changes_for_a_host(client: Client, returned: Application) -> None:
    sign_in(client, make_user(Role.HOST_EDITOR))
    assert client.get(f"/applications/{returned.public_id}/changes").status_code == 404


def compared(application: Application, change: Any, **options: Any) -> dict[str, tuple[str, str]]:
    before = copy.deepcopy(snapshot.content(application))
    change(application)
    found = changes.compare(before, snapshot.content(application), **options)
    return {item.label: (item.before, item.after) for part in found for item in part.changes}


@pytest.mark.parametrize(
    ("change", "label", "before", "after"),
    [
        (lambda plan: setattr(plan, "field_of_science", "energy"), "Field of science", "Environment", "Energy"),
        (lambda plan: setattr(plan, "ends_on", date(2025, 8, 1)), "Day of exit", "31 July 2025", "1 August 2025"),
        (lambda plan: setattr(plan, "online_if_impossible", False), "Online exchange", "Yes", "No"),
        (lambda plan: setattr(plan, "safety", {**plan.safety, "has_system": "no"}), "Form 1: system", "Yes", "No"),
        (lambda plan: setattr(plan, "safety", {**plan.safety, "pledge": True}), "Form 2: pledge", "No", "Yes"),
        (lambda plan: setattr(plan.people[0], "number", 6), "Group 1: Number of people", "7", "6"),
        (lambda plan: setattr(plan.partners[0], "prior_notification", "N1"), "Partner 1: Number of the", "", "N1"),
        (lambda plan: setattr(plan.itinerary[1], "starts_at", time(9, 30)), "Entry 2: Begins at", "", "09:30"),
        (lambda plan: setattr(plan.itinerary[4], "kind", "visit"), "Entry 5: Kind", "Exchange with", "Visit to a"),
    ],
)
def test_change_reads_as_on_the_page(client: Client, change: Any, label: str, before: str, after: str) -> None:
    application = make_application()
    with client.application.test_request_context(headers={"Accept-Language": "en"}):
        found = compared(application, change)
    ((name, values),) = found.items()
    assert name.startswith(label) and values[0].startswith(before) and values[1].startswith(after), found


def test_row_in_the_middle_taken_away_is_one_change(client: Client) -> None:
    application = make_application()
    with client.application.test_request_context(headers={"Accept-Language": "en"}):
        found = compared(application, lambda plan: plan.itinerary.pop(2))
    assert list(found) == ["Entry 3, taken away"]
    assert "Sampling on the lake" in found["Entry 3, taken away"][0]


def test_people_are_compared_by_the_name_of_their_partner(client: Client) -> None:
    application = make_application(partners=[make_sending(name_en="Alpha"), make_sending(name_en="Beta")])

    def move(plan: Application) -> None:
        plan.people[0].partner = plan.partners[1]

    with client.application.test_request_context(headers={"Accept-Language": "en"}):
        assert compared(application, move) == {"Group 1: Sending organization": ("Alpha", "Beta")}


def test_contacts_stay_masked_for_those_who_do_not_see_them(client: Client) -> None:
    application = make_application()

    def change(plan: Application) -> None:
        plan.principal_email, plan.partners[0].contact_email = "new@example.jp", "other@example.org"
        plan.administrative_phone, plan.partners[0].contact_phone = "075-1", "977-1"

    assert compared(application, change, with_contacts=False) == {}


def test_thawed_plan_says_what_the_frozen_one_said(app: Any) -> None:
    application = make_application(S.SUBMITTED, partners=[make_sending(), make_sending()])
    application.partners[1].organization, application.partners[1].typed_name = None, "A typed one"
    application.partners[1].country = "IN"
    application.itinerary[1].starts_at = time(9, 30)
    snapshot.freeze(application)
    thawed = thawing.as_submitted(application)
    shown, expected = contents.of(thawed), contents.of(application)
    assert replace(shown, costs=[]) == replace(expected, costs=[])
    assert [group.total for group in shown.costs] == [group.total for group in expected.costs]
    assert snapshot.content(thawed) == application.snapshot
    assert thawed not in db.session and thawed.partners[0] not in db.session


def test_remarks_go_with_the_next_return(app: Any, returned: Application) -> None:
    submission.submit(make_actor(Role.HOST_APPROVER, returned.host_institution), returned)
    assert returned.return_sections == {"budget": "The flights are too dear.", "safety": ""}
    coordinator = actor_of(make_user(Role.COORDINATOR))
    service.send_back(coordinator, returned, reason="Once more", due_on=clock.today(), sections={"people": " Who? "})
    assert returned.return_sections == {"people": "Who?"}
