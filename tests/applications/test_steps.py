"""The checklist of a plan in the browser: dates, ticks, calendar, reminders, agenda."""

from datetime import date, datetime, timedelta

import pytest
import time_machine
from flask import Flask
from icalendar import Calendar
from sqlalchemy import select

from app.applications import agenda, reminding, step_calendar, step_service, steps
from app.applications.models import Application, ApplicationState
from app.applications.step_model import ApplicationStepDone
from app.core import clock, verbs
from app.core.audit import AuditEvent
from app.core.authz import Role
from app.core.db import db
from app.core.errors import Forbidden, Refused, TransitionNotAllowed
from app.core.outbox import OutboxMessage
from app.visits.models import VisitState
from tests.conftest import Client, watching
from tests.factories.accounts import make_actor, make_user, sign_in
from tests.factories.applications import make_application
from tests.factories.calls import make_call, make_prerequisites
from tests.factories.directory import make_host, make_sending
from tests.factories.visits import make_visit

S = ApplicationState
ENGLISH = {"Accept-Language": "en"}
ENTRY = date(2027, 3, 1)


@pytest.fixture
def plan(app: Flask) -> Application:
    """An adopted plan with entry on 1 March 2027 and a partner in Nepal; today is 10 January 2027."""
    make_prerequisites()
    return make_application(S.ADOPTED, starts_on=ENTRY, ends_on=ENTRY + timedelta(days=6))


def at(day: date, hour: int = 9) -> datetime:
    return clock.tokyo(day) + timedelta(hours=hour)


def page(client: Client, application: Application) -> str:
    answer = client.get(f"/applications/{application.public_id}/steps", headers=ENGLISH)
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


def editor(application: Application) -> object:
    return make_user(Role.HOST_EDITOR, application.host_institution, locale="en")


def code_states(application: Application) -> dict[str, str]:
    return {step.code: step.state.value for step in steps.of(application).steps}


def send(client: Client, application: Application, step: str, done: str = "yes") -> int:
    sent = {"step": step, "done": done}
    return client.post(f"/applications/{application.public_id}/steps/mark", data=sent).status_code


def reminders() -> list[OutboxMessage]:
    query = select(OutboxMessage).where(OutboxMessage.template == "application_steps_due").order_by(OutboxMessage.id)
    return list(db.session.scalars(query))


def test_checklist_has_the_overdue_first_then_months(client: Client, plan: Application) -> None:
    sign_in(client, editor(plan))
    with time_machine.travel(at(date(2027, 1, 10)), tick=False):
        sign_in(client, editor(plan))
        text = page(client, plan)
    assert text.index(">Overdue</h2>") < text.index(">January 2027</h2>") < text.index(">April 2027</h2>")
    assert text.index("Valid passports") < text.index(">January 2027</h2>")  # due on 31 December
    assert "15 January 2027" in text and "45 days before the day of entry (1 March 2027)" in text


def test_steps_of_a_foreign_plan_do_not_exist(client: Client, plan: Application) -> None:
    sign_in(client, make_user(Role.HOST_APPROVER, make_host()))
    address = f"/applications/{plan.public_id}/steps"
    assert [client.get(address + end).status_code for end in ("", ".ics", "/calendar")] == [404, 404, 404]
    assert send(client, plan, "insurance") == 404


def test_host_ticks_a_step_and_takes_it_back(client: Client, plan: Application) -> None:
    sign_in(client, editor(plan))
    assert send(client, plan, "insurance") == 302
    assert code_states(plan)["insurance"] == "done"
    assert send(client, plan, "insurance") == 302 and client.last.writes == []  # said twice
    assert "Marked as done by" in page(client, plan)
    assert send(client, plan, "insurance", "no") == 302
    assert code_states(plan)["insurance"] != "done"
    said = select(AuditEvent.verb).where(AuditEvent.verb.startswith("application:step")).order_by(AuditEvent.id)
    assert list(db.session.scalars(said)) == ["application:step-done", "application:step-open"]
    assert str(verbs.label_of_verb("application:step-done")) != "application:step-done"


@pytest.mark.parametrize("step", ["submission", "guardian_consent", "no-such-step", ""])
def test_step_that_is_not_ticked_by_hand_is_refused(client: Client, plan: Application, step: str) -> None:
    sign_in(client, editor(plan))
    assert send(client, plan, step) == 422
    assert db.session.scalar(select(ApplicationStepDone)) is None


@pytest.mark.parametrize("state", [S.DECLINED, S.WITHDRAWN])
def test_ended_plan_has_no_steps_and_takes_no_ticks(client: Client, state: ApplicationState) -> None:
    make_prerequisites()
    application = make_application(state)
    with pytest.raises(TransitionNotAllowed):
        actor = make_actor(Role.HOST_EDITOR, application.host_institution)
        step_service.mark(actor, application, "insurance", is_done=True)
    sign_in(client, editor(application))
    assert "nothing is to be done any more" in page(client, application)


def test_jst_reads_the_checklist_and_does_not_tick(client: Client, plan: Application) -> None:
    sign_in(client, make_user(Role.COORDINATOR, locale="en"))
    assert "Mark as done" not in page(client, plan)
    assert send(client, plan, "insurance") == 403
    with pytest.raises(Forbidden):
        step_service.mark(make_actor(Role.COORDINATOR), plan, "insurance", is_done=True)


def test_result_not_released_shows_in_no_step(app: Flask) -> None:
    make_prerequisites()
    waiting = make_application(S.UNDER_REVIEW)
    decided = make_application(S.DECIDED, call=waiting.call, outcome="declined")
    assert code_states(waiting) == code_states(decided)


def test_days_of_the_visit_count_once_there_is_one(app: Flask, plan: Application) -> None:
    visit = make_visit(VisitState.CONFIRMED, plan=plan, starts_on=ENTRY + timedelta(days=10))
    found = {step.code: step for step in steps.of(plan).steps}
    assert found["insurance"].latest == ENTRY + timedelta(days=10 - 14)
    visit.state = VisitState.CANCELLED
    db.session.flush()
    assert steps.of(plan).steps == ()


def test_names_are_known_once_the_roster_is_as_long_as_planned(app: Flask, plan: Application) -> None:
    plan.people[0].number = 3
    make_visit(VisitState.CONFIRMED, plan=plan, people=4)
    assert code_states(plan)["roster_names"] == "done"
    plan.people[0].number = 4
    db.session.flush()
    assert code_states(plan)["roster_names"] != "done"


def test_pages_of_a_plan_say_what_comes_next(client: Client) -> None:
    make_prerequisites()
    draft = make_application(starts_on=ENTRY, ends_on=ENTRY)
    sign_in(client, editor(draft))
    for address in (f"/applications/{draft.public_id}", f"/applications/{draft.public_id}/edit/overview"):
        text = client.get(address, headers=ENGLISH).get_data(as_text=True)
        assert "Next: " in text and f"/applications/{draft.public_id}/steps" in text


@pytest.mark.parametrize("partners", [1, 3])
def test_checklist_takes_a_constant_number_of_queries(client: Client, plan: Application, partners: int) -> None:
    sending = [make_sending() for _number in range(partners)]
    other = make_application(S.SUBMITTED, call=plan.call, partners=sending)
    for code in ("insurance", "passports", "report")[:partners]:
        db.session.add(ApplicationStepDone(application=other, code=code))
    sign_in(client, make_user(Role.COORDINATOR))
    page(client, other)
    assert client.last.queries == 10


def test_agenda_takes_a_constant_number_of_queries(app: Flask, plan: Application) -> None:
    counted, actor = [], make_actor(Role.HOST_EDITOR, plan.host_institution)
    with time_machine.travel(at(date(2027, 1, 10)), tick=False):
        for _number in range(2):
            db.session.expire_all()
            with watching() as watch:
                agenda.tasks(actor)
            counted.append(watch.queries)
            make_application(S.ADOPTED, host=plan.host_institution, call=plan.call, starts_on=ENTRY, ends_on=ENTRY)
    assert counted[0] == counted[1]


def test_agenda_names_the_next_step_within_two_weeks(app: Flask, plan: Application) -> None:
    actor = make_actor(Role.HOST_EDITOR, plan.host_institution)

    def due() -> list[tuple[object, int | None]]:
        return [(task.due, task.count) for task in agenda.tasks(actor) if task.endpoint == "applications.steps"]

    with time_machine.travel(at(date(2027, 1, 1)), tick=False):
        assert due() == [(date(2027, 1, 15), None)]
        step_service.mark(actor, plan, "visa_support_request", is_done=True)
        assert due() == []
    other = make_actor(Role.HOST_EDITOR, make_host())
    with time_machine.travel(at(date(2027, 1, 1)), tick=False):
        assert [task for task in agenda.tasks(other) if task.endpoint == "applications.steps"] == []


def test_calendar_file_is_read_by_calendar_programs(client: Client, plan: Application) -> None:
    sign_in(client, editor(plan))
    answer = client.get(f"/applications/{plan.public_id}/steps.ics", headers=ENGLISH)
    assert answer.mimetype == "text/calendar" and "attachment" in answer.headers["Content-Disposition"]
    events = {str(event["UID"]): event for event in Calendar.from_ical(answer.data).walk("VEVENT")}
    assert len(events) == len(steps.of(plan).steps)
    event = next(event for uid, event in events.items() if uid.startswith(f"{plan.public_id}-insurance@"))
    assert event.decoded("DTSTART") == date(2027, 2, 15) and event.decoded("DTEND") == date(2027, 2, 16)
    assert str(event["SUMMARY"]) == "Insurance for everybody"


def test_moved_entry_moves_the_event_of_the_same_name(app: Flask, plan: Application) -> None:
    def read() -> dict[str, date]:
        built = step_calendar.build(plan, steps.of(plan).steps, domain="example.jp")
        return {str(event["UID"]): event.decoded("DTSTART") for event in Calendar.from_ical(built).walk("VEVENT")}

    before = read()
    plan.starts_on = ENTRY + timedelta(days=1)
    after = read()
    name = f"{plan.public_id}-insurance@example.jp"
    assert before.keys() == after.keys() and after[name] - before[name] == timedelta(days=1)


def test_feed_is_open_to_who_has_the_address_and_to_nobody_else(client: Client, app: Flask, plan: Application) -> None:
    actor = make_actor(Role.HOST_EDITOR, plan.host_institution)
    old, token = step_service.open_calendar(actor, plan), step_service.open_calendar(actor, plan)
    answer = client.get(f"/applications/calendar/{token}.ics")
    assert answer.status_code == 200 and Calendar.from_ical(answer.data)
    assert answer.headers["Referrer-Policy"] == "no-referrer" and "private" in answer.headers["Cache-Control"]
    text = answer.get_data(as_text=True)
    assert plan.principal_name not in text and plan.principal_email not in text
    assert client.get(f"/applications/calendar/{old}.ics").status_code == 404
    step_service.close_calendar(actor, plan)
    assert client.get(f"/applications/calendar/{token}.ics").status_code == 404


def test_address_of_the_feed_is_shown_once(client: Client, plan: Application) -> None:
    sign_in(client, editor(plan))
    address = f"/applications/{plan.public_id}/steps/calendar"
    made = client.post(address, data={}).get_data(as_text=True)
    assert "/applications/calendar/" in made
    assert "/applications/calendar/" not in client.get(address).get_data(as_text=True)
    assert client.post(f"{address}/close", data={}).status_code == 302
    with pytest.raises(Forbidden):
        step_service.open_calendar(make_actor(Role.COORDINATOR), plan)


def remind_on(day: date) -> int:
    """How many mails that morning writes."""
    before = len(reminders())
    with time_machine.travel(at(day, 7), tick=False):
        reminding.remind()
        db.session.flush()
    return len(reminders()) - before


def test_host_is_reminded_once_a_week_ahead_and_once_a_day_ahead(app: Flask, plan: Application) -> None:
    user = editor(plan)
    make_user(Role.HOST_APPROVER, make_host())  # of another institution: hears nothing
    due = date(2027, 2, 15)  # insurance
    days = [due - timedelta(days=number) for number in (8, 7, 7, 6, 2, 1, 1, 0)]
    assert [remind_on(day) for day in days] == [0, 1, 0, 0, 0, 1, 0, 0]
    mail = reminders()[0]
    assert (mail.recipient_address, mail.locale) == (user.email, "en")  # type: ignore[attr-defined]
    assert "15 February 2027" in mail.subject and "Insurance for everybody" in mail.body
    assert f"/applications/{plan.public_id}/steps" in mail.body


def test_missed_morning_is_made_up_for(app: Flask, plan: Application) -> None:
    editor(plan)
    assert remind_on(date(2027, 2, 10)) == 1 and remind_on(date(2027, 2, 11)) == 0


def test_done_step_and_ended_plan_are_not_reminded_of(app: Flask, plan: Application) -> None:
    editor(plan)
    actor = make_actor(Role.HOST_EDITOR, plan.host_institution)
    step_service.mark(actor, plan, "insurance", is_done=True)
    assert remind_on(date(2027, 2, 8)) == 0
    step_service.mark(actor, plan, "insurance", is_done=False)
    plan.state = S.WITHDRAWN
    db.session.flush()
    assert remind_on(date(2027, 2, 8)) == 0


def test_draft_of_a_closed_round_is_left_alone(app: Flask) -> None:
    make_prerequisites()
    closed = make_call(opens_at=at(date(2026, 5, 1)), closes_at=at(date(2026, 6, 1)))
    draft = make_application(call=closed, starts_on=ENTRY, ends_on=ENTRY)
    editor(draft)
    assert remind_on(date(2027, 2, 8)) == 0


def test_unknown_step_is_refused_by_the_verb(app: Flask, plan: Application) -> None:
    with pytest.raises(Refused):
        actor = make_actor(Role.HOST_EDITOR, plan.host_institution)
        step_service.mark(actor, plan, "guardian_consent", is_done=True)
