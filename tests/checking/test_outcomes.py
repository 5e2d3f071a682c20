"""Passing, returning by section, finding inadmissible by clause; then the next plan of the queue."""

from datetime import timedelta
from typing import Any

import pytest
from flask_babel import force_locale
from sqlalchemy import select

from app.applications import release
from app.applications import service as applications
from app.applications.models import Application, ApplicationState
from app.checking import queries, service
from app.checking.meeting import Seen
from app.checking.models import FormalCheck
from app.checking.vocabulary import Outcome
from app.core import clock, working_days
from app.core.audit import AuditEvent
from app.core.authz import Role
from app.core.db import db
from app.core.errors import Forbidden, GuardsFailed, Refused, TransitionNotAllowed
from app.core.outbox import OutboxMessage
from app.reviews import assigning_queries, assigning_service, standing
from tests.conftest import Client
from tests.factories.accounts import actor_of, make_actor, make_user, sign_in
from tests.factories.applications import make_application
from tests.factories.calls import make_call
from tests.factories.checking import make_waiting
from tests.factories.directory import make_host
from tests.factories.reviews import make_reviewer

S = ApplicationState
NOW = Seen(None)
WHY = {"reason_ja": "受入れ機関が対象外です。", "reason_en": "The host is not eligible."}


@pytest.fixture
def officer(client: Client) -> Any:
    user = make_user(Role.COORDINATOR, name="Mori Aya")
    sign_in(client, user)
    return user


def send(client: Client, plan: Application, outcome: str, address: str = "", **fields: Any) -> Any:
    data = {"act": "record", "outcome": outcome, "version": str(plan.version), "key": f"{plan.id}-1", **fields}
    return client.post(f"/applications/check/{plan.public_id}{address}", data=data)


def checks(plan: Application) -> list[FormalCheck]:
    return list(db.session.scalars(select(FormalCheck).where(FormalCheck.application_id == plan.id)))


def test_plan_is_passed_on_and_the_next_one_opens(client: Client, officer: Any) -> None:
    call = make_call()
    first, second = make_waiting(call=call), make_waiting(call=call, host=make_host())
    answer = send(client, first, "passed", f"?call={call.public_id}")
    assert answer.status_code == 302
    assert answer.location == f"/applications/check/{second.public_id}?call={call.public_id}"
    db.session.refresh(first)
    assert first.state is S.UNDER_REVIEW
    assert [(check.outcome, check.made_by_id) for check in checks(first)] == [(Outcome.PASSED, officer.id)]
    page = client.get(answer.location).get_data(as_text=True)
    assert f"{first.reference}: Passed on to review" in page and "1 of 2 checked" in page
    assert send(client, second, "passed").location == "/applications/check"


def test_return_names_sections_with_remarks_and_a_day_in_working_days(client: Client, officer: Any) -> None:
    plan = make_waiting()
    reader = make_user(Role.HOST_EDITOR, plan.host_institution, locale="en")
    page = client.get(f"/applications/check/{plan.public_id}").get_data(as_text=True)
    due = working_days.shift(clock.today(), service.RETURN_DAYS)
    assert f'value="{due.isoformat()}"' in page and "Please correct the sections named below." in page
    answer = send(
        client,
        plan,
        "returned",
        due_on=due.isoformat(),
        comment="See below.",
        remark_budget="Two hotels?",
        fix_safety="y",
    )
    assert answer.status_code == 302
    db.session.refresh(plan)
    assert (plan.state, plan.return_due_on) == (S.RETURNED, due)
    assert plan.return_sections == {"budget": "Two hotels?", "safety": ""}
    mail = db.session.scalars(select(OutboxMessage).where(OutboxMessage.recipient_id == reader.id)).one()
    assert mail.template == "application_returned" and "Two hotels?" in mail.body
    assert checks(plan)[0].outcome is Outcome.RETURNED


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"comment": "x", "remark_budget": "y"}, "Enter the day until which the corrected plan is due."),
        ({"due_on": "2000-01-01", "comment": "x", "remark_budget": "y"}, "This day is over."),
        ({"due_on": "2999-01-01", "comment": "Why not"}, "Tick the sections that are to be corrected"),
        ({"due_on": "2999-01-01", "remark_budget": "y"}, "Give a reason."),
    ],
)
def test_return_that_is_not_complete_is_refused_and_nothing_typed_is_lost(
    client: Client, officer: Any, fields: dict[str, str], told: str
) -> None:
    plan = make_waiting()
    answer = send(client, plan, "returned", **fields)
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422 and told in page
    for typed in fields.values():
        assert typed in page
    db.session.refresh(plan)
    assert plan.state is S.SUBMITTED and checks(plan) == []


def test_inadmissible_plan_goes_to_the_decision_past_the_experts(client: Client, officer: Any) -> None:
    call = make_call()
    plan, other = make_waiting(call=call), make_application(S.UNDER_REVIEW, call=call, host=make_host())
    rule = plan.verdicts[0]
    answer = send(client, plan, "inadmissible", rules=rule["rule"], **WHY)
    assert answer.status_code == 302
    db.session.refresh(plan)
    mark = checks(plan)[0]
    assert (plan.state, mark.outcome) == (S.UNDER_REVIEW, Outcome.INADMISSIBLE)
    assert mark.clauses[0]["clause_en"] == rule["clause_en"]
    assert [row.id for row in assigning_queries.plans(call)] == [other.id]
    assert assigning_queries.rounds()[0].plans == 1
    assert standing.candidates(plan) == []
    with pytest.raises(TransitionNotAllowed):
        assigning_service.add(actor_of(officer), plan, make_reviewer())
    assert "Formally inadmissible" in client.get(f"/applications/rounds/{call.public_id}").get_data(as_text=True)


def test_inadmissible_plan_needs_a_clause_and_both_languages(client: Client, officer: Any) -> None:
    plan = make_waiting()
    answer = send(client, plan, "inadmissible", reason_ja="対象外です。")
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422 and "対象外です。" in page
    assert "Choose the clause the plan does not meet." in page and "Give the reason in both languages" in page
    with pytest.raises(Refused):
        service.find_inadmissible(actor_of(officer), plan, NOW, rules=["unknown"], **WHY)


def test_mark_keeps_a_plan_from_being_adopted_until_it_is_taken_back(client: Client, officer: Any) -> None:
    now = clock.now()
    call = make_call(opens_at=now - timedelta(days=30), closes_at=now - timedelta(days=1))
    plan, actor = make_waiting(call=call), actor_of(officer)
    service.find_inadmissible(actor, plan, NOW, rules=[plan.verdicts[0]["rule"]], **WHY)
    plan.state, plan.decided_at = S.DECIDED, now
    db.session.add(queries.plans.Decision(application=plan, outcome="adopted", decided_by_id=officer.id))
    db.session.flush()
    with force_locale("en"), pytest.raises(GuardsFailed) as refused:
        release.release(make_actor(Role.DECISION_MAKER), call)
    assert f"Decided to be adopted, but formally inadmissible: {plan.reference}." in refused.value.problems
    with pytest.raises(TransitionNotAllowed):
        service.lift(actor, plan, reason="By mistake")
    plan.state = S.UNDER_REVIEW
    db.session.flush()
    assert client.post(f"/applications/check/{plan.public_id}/lift", data={"comment": "By mistake"}).status_code == 302
    assert queries.mark_of(plan) is None and [row.id for row in assigning_queries.plans(call)] == [plan.id]
    assert "mark taken back by Mori Aya: By mistake" in client.get(f"/applications/{plan.public_id}").get_data(
        as_text=True
    )


@pytest.mark.parametrize("role", [Role.HOST_APPROVER, Role.SCREENING_OFFICER, Role.AUDITOR])
def test_nobody_outside_learns_of_the_mark(client: Client, officer: Any, role: Role) -> None:
    plan = make_waiting()
    service.find_inadmissible(actor_of(officer), plan, NOW, rules=[plan.verdicts[0]["rule"]], **WHY)
    sign_in(client, make_user(role, plan.host_institution if role is Role.HOST_APPROVER else None))
    page = client.get(f"/applications/{plan.public_id}").get_data(as_text=True)
    assert "Under review" in page
    for words in ("inadmissible", "not eligible", "Clause and reason"):
        assert words not in page
    assert db.session.scalar(select(OutboxMessage)) is None


def test_outcomes_belong_to_coordinators(app: Any) -> None:
    plan = make_waiting()
    for role in (Role.DECISION_MAKER, Role.AUDITOR, Role.SCREENING_OFFICER):
        for seen in (NOW, Seen(plan.version - 1)):  # nor do others learn who works on a plan, or changed it
            with pytest.raises(Forbidden):
                service.pass_on(make_actor(role), plan, seen)
        with pytest.raises(Forbidden):
            service.lift(make_actor(role), plan, reason="By mistake")


def test_plan_returned_and_back_is_checked_again(client: Client, officer: Any) -> None:
    plan, actor = make_waiting(), actor_of(officer)
    service.send_back(actor, plan, NOW, reason="x", due_on=service.usual_due_day(), sections={"budget": "y"})
    plan.state, plan.submitted_at = S.SUBMITTED, clock.now() + timedelta(seconds=1)  # as submitting again leaves it
    db.session.flush()
    service.pass_on(actor, plan, NOW)
    assert [check.outcome for check in checks(plan)] == [Outcome.RETURNED, Outcome.PASSED]
    verbs = db.session.scalars(
        select(AuditEvent.verb).where(AuditEvent.verb.startswith("check:")).order_by(AuditEvent.id)
    )
    assert list(verbs) == ["check:returned", "check:passed"]


def test_plan_passed_on_or_returned_from_its_own_page_is_on_record_too(app: Any) -> None:
    officer = make_actor(Role.COORDINATOR)
    call = make_call()
    passed, returned = make_waiting(call=call), make_waiting(call=call)
    applications.transition(officer, passed, "start_review")
    applications.send_back(officer, returned, reason="Once more.", due_on=clock.today() + timedelta(days=5))
    assert [(check.outcome, check.made_by_id) for check in checks(passed)] == [(Outcome.PASSED, officer.id)]
    assert [(check.outcome, check.made_by_id) for check in checks(returned)] == [(Outcome.RETURNED, officer.id)]
