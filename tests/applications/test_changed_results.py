"""A released result changes only by two decision-makers with a reason; the host hears of each result once."""

from typing import Any

import pytest
from sqlalchemy import select, update

from app.accounts.models import UserSession
from app.applications import proposal_queries, proposing, queries
from app.applications.decision_model import ProposalState
from app.applications.models import Application, ApplicationState, Outcome
from app.core import clock
from app.core.authz import Role
from app.core.db import db
from app.core.errors import Forbidden, GuardsFailed, Refused
from app.core.outbox import OutboxMessage
from app.visits.models import Visit, VisitState
from tests.applications.test_proposals import hidden
from tests.conftest import Client
from tests.factories.accounts import make_actor, make_user, sign_in
from tests.factories.applications import make_application
from tests.factories.calls import make_call
from tests.factories.decisions import decide, make_change
from tests.factories.visits import make_visit

S = ApplicationState


def change(plan: Application, outcome: str, **words: Any) -> None:
    proposing.approve(make_actor(Role.DECISION_MAKER), make_change(plan, outcome, **words))
    db.session.flush()


def templates_to(address: str) -> list[str]:
    query = select(OutboxMessage.template).where(OutboxMessage.recipient_address == address)
    return list(db.session.scalars(query.order_by(OutboxMessage.id)))


@pytest.mark.parametrize("role", [Role.COORDINATOR, Role.HOST_APPROVER, Role.ADMINISTRATOR])
def test_nobody_else_proposes_a_change(app: Any, role: Role) -> None:
    plan = make_application(S.DECLINED)
    host = plan.host_institution if role is Role.HOST_APPROVER else None
    with pytest.raises(Forbidden):
        make_change(plan, "adopted", by=make_actor(role, host))


def test_change_needs_a_second_decision_maker(app: Any) -> None:
    plan, decider = make_application(S.DECLINED), make_actor(Role.DECISION_MAKER)
    proposal = make_change(plan, "adopted", by=decider)
    for other in (decider, make_actor(Role.COORDINATOR)):
        with pytest.raises(Forbidden):
            proposing.approve(other, proposal)
    assert plan.state is S.DECLINED
    proposing.approve(make_actor(Role.DECISION_MAKER), proposal)
    assert plan.state is S.ADOPTED


@pytest.mark.parametrize("reason", ["", "Too short", "   short   "])
def test_change_needs_a_reason_of_ten_letters(app: Any, reason: str) -> None:
    with pytest.raises(Refused) as refusal:
        make_change(make_application(S.DECLINED), "adopted", reason=reason)
    assert list(refusal.value.fields) == ["comment"]


@pytest.mark.parametrize(("state", "outcome"), [(S.ADOPTED, "adopted"), (S.RESERVE, "reserve")])
def test_same_result_is_no_change(app: Any, state: ApplicationState, outcome: str) -> None:
    with pytest.raises(Refused):
        make_change(make_application(state), outcome)


@pytest.mark.parametrize("state", [S.UNDER_REVIEW, S.DECIDED, S.COMPLETED])
def test_only_released_results_of_plans_not_over_change(client: Client, state: ApplicationState) -> None:
    plan = make_application(state)
    sign_in(client, make_user(Role.DECISION_MAKER))
    db.session.execute(update(UserSession).values(confirmed_at=clock.now()))
    db.session.commit()
    path = f"/applications/{plan.public_id}/change-result"
    assert client.get(path).status_code == 409


def test_declined_plan_adopted_after_all_gets_its_visit_and_its_mail(app: Any) -> None:
    plan = make_application(S.DECLINED)
    change(plan, "adopted", message="There is room after all.", conditions={"people_cap": 4})
    visit = db.session.scalars(select(Visit)).one()
    decision = queries.decision_of(plan)
    assert (visit.application_id, visit.state) == (plan.id, VisitState.PLANNED)
    assert decision is not None and (decision.outcome, decision.people_cap, decision.number) == (Outcome.ADOPTED, 4, 2)
    assert templates_to(plan.principal_email) == ["application_adopted"]


def test_visit_that_has_not_begun_is_called_off_and_keeps_its_record(app: Any) -> None:
    plan = make_application(S.ADOPTED)
    visit = make_visit(host=plan.host_institution, plan=plan)
    change(plan, "declined")
    assert (plan.state, visit.state) == (S.DECLINED, VisitState.CANCELLED)
    change(plan, "adopted")
    assert (plan.state, visit.state) == (S.ADOPTED, VisitState.PLANNED)
    assert db.session.scalars(select(Visit.id)).all() == [visit.id]


@pytest.mark.parametrize("state", ["in_progress", "reported", "completed"])
def test_plan_whose_visit_has_begun_stays_adopted(app: Any, state: str) -> None:
    plan = make_application(S.ADOPTED)
    visit = make_visit(state, host=plan.host_institution, plan=plan)
    with pytest.raises(GuardsFailed) as refusal:
        make_change(plan, "declined")
    assert visit.reference in str(refusal.value.problems[0])


def test_visit_that_began_while_a_change_waited_stops_it(app: Any) -> None:
    plan = make_application(S.ADOPTED)
    visit = make_visit(host=plan.host_institution, plan=plan)
    proposal = make_change(plan, "declined")
    visit.state = VisitState.IN_PROGRESS
    with pytest.raises(GuardsFailed):
        proposing.approve(make_actor(Role.DECISION_MAKER), proposal)
    assert (plan.state, proposal.state) == (S.ADOPTED, ProposalState.OPEN)


def test_host_hears_of_every_result_once(app: Any) -> None:
    plan = make_application(S.RESERVE)
    decide(plan)
    for outcome in ("declined", "adopted", "declined", "reserve"):
        change(plan, outcome)
    decide(plan)
    names = ["adopted", *["changed"] * 4, "adopted"]  # whoever moves up from the waiting list is adopted, not changed
    assert templates_to(plan.principal_email) == [f"application_{name}" for name in names]


def test_reason_and_history_stay_inside_jst(client: Client) -> None:
    plan = make_application(S.DECLINED)
    change(plan, "reserve", reason="A place became free in March.")
    path = f"/applications/{plan.public_id}"
    sign_in(client, make_user(Role.HOST_EDITOR, plan.host_institution))
    page = client.get(path).text
    assert "became free" not in page and "Reserve" in page
    sign_in(client, make_user(Role.COORDINATOR))
    page = client.get(path).text
    assert "A place became free in March." in page and "1 answered proposal" in page


def test_pages_of_a_change_ask_for_the_password_on_both_sides(client: Client) -> None:
    plan = make_application(S.DECLINED, call=make_call())
    first, second = make_user(Role.DECISION_MAKER), make_user(Role.DECISION_MAKER)
    path = f"/applications/{plan.public_id}/change-result"
    sign_in(client, first)
    assert "/confirm" in client.get(path).location
    prove()
    words = {"outcome": "adopted", "comment": "The partner found other money."}
    assert client.post(path, data=hidden(client.get(path).text) | words).status_code == 302
    proposal = proposal_queries.open_of(plan)
    assert proposal is not None
    sign_in(client, second)
    answer = f"/applications/proposals/{proposal.public_id}/approve-change"
    assert "/confirm" in client.get(answer).location
    prove()
    assert client.post(answer, data=hidden(client.get(answer).text)).status_code == 302
    db.session.refresh(plan)
    assert plan.state is S.ADOPTED


def prove() -> None:
    """The password was just given."""
    db.session.execute(update(UserSession).values(confirmed_at=clock.now()))
    db.session.commit()
