"""What people do with a case: reasons are sealed, conditions say what to do, and a hold ends by two persons."""

import pytest
from flask import Flask
from sqlalchemy import select

from app.applications import release
from app.applications.models import Application
from app.core.audit import AuditEvent
from app.core.authz import Actor, Role
from app.core.db import db
from app.core.errors import Forbidden, GuardsFailed, Refused, Stale, TransitionNotAllowed
from app.core.outbox import OutboxMessage
from app.screening import service
from app.screening.models import ScreeningCase, ScreeningNote
from app.screening.vocabulary import CaseState
from tests.factories.accounts import make_actor
from tests.factories.applications import make_application
from tests.factories.calls import make_call
from tests.factories.decisions import decide
from tests.factories.directory import make_sending
from tests.factories.screening import ROCKETS, make_case

SECRET = "A laboratory of the army stands behind it."


def plan_of(state: str = "submitted", **fields: object) -> Application:
    return make_application(state, partners=[make_sending(name_en=ROCKETS.name)], **fields)  # type: ignore[arg-type]


def officer() -> Actor:
    return make_actor(Role.SCREENING_OFFICER)


def notes_of(case: ScreeningCase) -> list[str]:
    found = db.session.scalars(select(ScreeningNote).where(ScreeningNote.case_id == case.id).order_by(ScreeningNote.id))
    return [note.text for note in found]


def test_clearing_needs_a_reason_which_is_sealed_and_in_no_audit_entry(app: Flask) -> None:
    case, actor = make_case(plan_of()), officer()
    with pytest.raises(Refused) as refusal:
        service.judge(actor, case, "clear", reason=" ", version=case.version)
    assert set(refusal.value.fields) == {"reason"}
    service.judge(actor, case, "clear", reason=SECRET, version=case.version)
    note = db.session.scalars(select(ScreeningNote)).one()
    assert (case.state, case.decided_by_id, case.found_now[0].is_new) == (CaseState.CLEARED, actor.id, False)
    assert SECRET not in note.sealed_text and note.text == SECRET
    entries = db.session.scalars(select(AuditEvent)).all()
    assert "screening:clear" in {entry.verb for entry in entries}
    assert not any(SECRET in entry.comment + str(entry.changes) for entry in entries)


def test_conditions_say_what_the_host_is_to_do_and_the_host_is_told(app: Flask) -> None:
    case, actor = make_case(plan_of()), officer()
    with pytest.raises(Refused) as refusal:
        service.judge(actor, case, "condition", reason=SECRET, version=case.version)
    assert set(refusal.value.fields) == {"host_action"}
    service.judge(actor, case, "condition", reason=SECRET, host_action="Ask for form 2.", version=case.version)
    mails = db.session.scalars(select(OutboxMessage).where(OutboxMessage.template == "screening_action")).all()
    assert mails
    assert all("Ask for form 2." in mail.body and SECRET not in mail.body for mail in mails)


@pytest.mark.parametrize("role", [Role.COORDINATOR, Role.DECISION_MAKER, Role.AUDITOR, Role.REVIEWER])
def test_only_a_screening_officer_judges_and_writes_notes(app: Flask, role: Role) -> None:
    case, actor = make_case(plan_of()), make_actor(role)
    with pytest.raises(Forbidden):
        service.judge(actor, case, "clear", reason="Fine.", version=case.version)
    with pytest.raises(Forbidden):
        service.write_note(actor, case, "Fine.")


def test_who_judges_what_somebody_else_has_changed_is_told(app: Flask) -> None:
    case, seen = make_case(plan_of()), 1
    service.judge(officer(), case, "hold", reason=SECRET, version=case.version)
    assert case.version > seen
    with pytest.raises(Stale):
        service.judge(officer(), case, "clear", reason="Fine.", version=seen)


def test_nobody_clears_a_plan_on_hold_alone(app: Flask) -> None:
    case, actor = make_case(plan_of(), "hold"), officer()
    with pytest.raises(TransitionNotAllowed):
        service.judge(actor, case, "clear", reason="Fine.", version=case.version)
    service.propose_lift(actor, case, CaseState.CLEARED, reason="Another body.", version=case.version)
    with pytest.raises(GuardsFailed):
        service.agree_to_lift(actor, case, version=case.version)
    assert case.state is CaseState.HOLD


@pytest.mark.parametrize("second", [Role.SCREENING_OFFICER, Role.DECISION_MAKER])
def test_a_second_person_lifts_a_hold(app: Flask, second: Role) -> None:
    case = make_case(plan_of(), "hold")
    service.propose_lift(officer(), case, CaseState.CLEARED, reason="Another body.", version=case.version)
    service.agree_to_lift(make_actor(second), case, version=case.version)
    assert (case.state, case.lift_to) == (CaseState.CLEARED, None)


def test_a_coordinator_neither_proposes_nor_agrees(app: Flask) -> None:
    case, actor = make_case(plan_of(), "hold"), make_actor(Role.COORDINATOR)
    with pytest.raises(Forbidden):
        service.propose_lift(actor, case, CaseState.CLEARED, reason="Fine.", version=case.version)
    service.propose_lift(officer(), case, CaseState.CLEARED, reason="Fine.", version=case.version)
    with pytest.raises(Forbidden):
        service.agree_to_lift(actor, case, version=case.version)


def test_a_hold_is_lifted_under_conditions_as_proposed(app: Flask) -> None:
    case = make_case(plan_of(), "hold")
    service.propose_lift(
        officer(), case, CaseState.CONDITIONS, reason="With care.", host_action="No laser.", version=case.version
    )
    service.agree_to_lift(make_actor(Role.DECISION_MAKER), case, version=case.version)
    assert (case.state, case.host_action, case.lift_action) == (CaseState.CONDITIONS, "No laser.", "")


def test_a_proposal_that_is_refused_leaves_the_hold_and_its_reason(app: Flask) -> None:
    case = make_case(plan_of(), "hold")
    service.propose_lift(officer(), case, CaseState.CLEARED, reason="Another body.", version=case.version)
    service.refuse_to_lift(make_actor(Role.DECISION_MAKER), case, reason="Not shown.", version=case.version)
    assert (case.state, case.lift_to) == (CaseState.HOLD, None)
    assert notes_of(case) == ["Another body.", "Not shown."]


@pytest.mark.parametrize(("state", "is_free"), [("hold", False), ("examine", False), ("cleared", True)])
def test_what_is_on_hold_or_not_examined_is_not_released_as_adopted(app: Flask, state: str, is_free: bool) -> None:
    call = make_call()
    plan = plan_of("decided", call=call, outcome="adopted")
    make_case(plan, state)
    named = [sentence for sentence in release.obstacles(call) if str(plan.reference) in sentence]
    assert bool(named) is not is_free


def test_what_is_on_hold_may_be_released_as_declined(app: Flask) -> None:
    call = make_call()
    plan = plan_of("decided", call=call, outcome="declined")
    make_case(plan, "hold")
    assert not [sentence for sentence in release.obstacles(call) if str(plan.reference) in sentence]


def test_a_plan_on_hold_is_not_adopted_from_the_waiting_list(app: Flask) -> None:
    plan = plan_of("reserve")
    make_case(plan, "hold")
    with pytest.raises(GuardsFailed):
        decide(plan)
