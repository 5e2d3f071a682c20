"""A decision is proposed by one person and approved by another; whoever comes second is told who was faster."""

import re
from typing import Any

import pytest
from sqlalchemy import func, select

from app.applications import proposal_queries, proposing, queries, service
from app.applications.decision_model import DecisionProposal, ProposalKind, ProposalState
from app.applications.models import Application, ApplicationState, Decision, Outcome
from app.core.authz import Actor, Grant, Role
from app.core.db import db
from app.core.errors import Forbidden, Refused
from app.core.outbox import OutboxMessage
from tests.conftest import Client
from tests.factories.accounts import actor_of, make_actor, make_user, sign_in
from tests.factories.applications import make_application
from tests.factories.calls import make_call
from tests.factories.decisions import decide, make_proposal
from tests.factories.directory import make_host

S, P = ApplicationState, ProposalState
CAPS = {"people_cap": 6, "money_cap": 2_000_000, "condition_ja": "二名減", "condition_en": "Two fewer"}


def state_of(proposal: DecisionProposal) -> ProposalState:
    db.session.refresh(proposal)
    return proposal.state


def decisions() -> int:
    return db.session.scalar(select(func.count()).select_from(Decision)) or 0


def hidden(page: str) -> dict[str, str]:
    """The hidden fields of the form of a page."""
    main = page.split("<main", 1)[1]
    tags = re.findall(r'<input[^>]*type="hidden"[^>]*>', main)
    found = [dict(re.findall(r'(name|value)="([^"]*)"', tag)) for tag in tags]
    return {tag["name"]: tag.get("value", "") for tag in found}


@pytest.mark.parametrize("outcome", list(Outcome))
def test_what_is_proposed_becomes_the_decision_once_another_person_approves(app: Any, outcome: Outcome) -> None:
    plan = make_application(S.UNDER_REVIEW)
    proposal = make_proposal(plan, outcome, position=2, conditions=CAPS, comment="Why", message="For you")
    assert (plan.state, decisions()) == (S.UNDER_REVIEW, 0)
    proposing.approve(make_actor(Role.DECISION_MAKER, name="Approver"), proposal, "Agreed.")
    decision = queries.decision_of(plan)
    assert decision is not None and plan.state is S.DECIDED
    assert (decision.outcome, decision.comment, decision.message) == (outcome, "Why", "For you")
    assert decision.proposal_id == proposal.id
    assert decision.people_cap == (None if outcome is Outcome.DECLINED else 6)
    assert decision.position == (2 if outcome is Outcome.RESERVE else None)
    assert (proposal.state, proposal.reason) == (P.APPROVED, "Agreed.")


def test_nobody_approves_or_sends_back_what_they_proposed_themselves(app: Any) -> None:
    user = make_user(Role.COORDINATOR)
    both = actor_of(user)
    both = Actor(both.id, both.name, both.email, "en", (Grant(Role.COORDINATOR), Grant(Role.DECISION_MAKER)))
    proposal = make_proposal(make_application(S.UNDER_REVIEW), by=both)
    with pytest.raises(Forbidden):
        proposing.approve(both, proposal)
    with pytest.raises(Forbidden):
        proposing.send_back(both, proposal, reason="No.")
    assert state_of(proposal) is P.OPEN and decisions() == 0


@pytest.mark.parametrize(
    ("role", "proposes", "approves"),
    [(Role.COORDINATOR, True, False), (Role.DECISION_MAKER, False, True), (Role.SCREENING_OFFICER, False, False)],
)
def test_coordinators_propose_and_decision_makers_approve(app: Any, role: Role, proposes: bool, approves: bool) -> None:
    call, actor = make_call(), make_actor(role)
    plan = make_application(S.UNDER_REVIEW, call=call)
    if proposes:
        make_proposal(plan, by=actor)
    else:
        with pytest.raises(Forbidden):
            make_proposal(plan, by=actor)
    proposal = make_proposal(make_application(S.UNDER_REVIEW, call=call))
    if approves:
        proposing.approve(actor, proposal)
    else:
        for seen in (None, proposal.version - 1):  # nor do others learn that somebody was faster
            with pytest.raises(Forbidden):
                proposing.approve(actor, proposal, seen=seen)


def test_new_proposal_takes_the_place_of_ones_own_and_history_stays(app: Any) -> None:
    plan, coordinator = make_application(S.UNDER_REVIEW), make_actor(Role.COORDINATOR)
    first = make_proposal(plan, "adopted", by=coordinator)
    second = make_proposal(plan, "declined", by=coordinator)
    assert (state_of(first), state_of(second)) == (P.REPLACED, P.OPEN)
    assert proposal_queries.history(plan) == [second, first]


def test_proposal_of_somebody_else_stands_and_says_whose_it_is(app: Any) -> None:
    plan = make_application(S.UNDER_REVIEW)
    first = make_proposal(plan, "reserve", by=make_actor(Role.COORDINATOR, name="Akari Mori"))
    with pytest.raises(proposing.Overtaken, match="Akari Mori"):
        make_proposal(plan, "adopted")
    assert state_of(first) is P.OPEN


def test_second_answer_is_told_who_decided_when_and_what(app: Any) -> None:
    proposal = make_proposal(make_application(S.UNDER_REVIEW), "declined")
    proposing.approve(make_actor(Role.DECISION_MAKER, name="Hiroshi Ishikawa"), proposal)
    with pytest.raises(proposing.Overtaken, match="Hiroshi Ishikawa"):
        proposing.send_back(make_actor(Role.DECISION_MAKER), proposal, reason="Rather not.")
    with pytest.raises(proposing.Overtaken, match="Hiroshi Ishikawa"):
        proposing.withdraw(make_actor(Role.COORDINATOR), proposal)
    assert decisions() == 1


def test_sent_back_with_a_reason_and_proposed_again(app: Any) -> None:
    plan, coordinator = make_application(S.UNDER_REVIEW), make_actor(Role.COORDINATOR)
    proposal, decider = make_proposal(plan, by=coordinator), make_actor(Role.DECISION_MAKER)
    with pytest.raises(Refused):
        proposing.send_back(decider, proposal, reason=" ")
    proposing.send_back(decider, proposal, reason="Too dear.")
    assert (proposal.state, proposal.reason, plan.state) == (P.SENT_BACK, "Too dear.", S.UNDER_REVIEW)
    assert [row.reference for row in proposal_queries.sent_back_to(coordinator)] == [plan.reference]
    make_proposal(plan, "reserve", by=coordinator)
    assert proposal_queries.sent_back_to(coordinator) == []


def test_only_who_proposed_withdraws(app: Any) -> None:
    coordinator = make_actor(Role.COORDINATOR)
    proposal = make_proposal(make_application(S.UNDER_REVIEW), by=coordinator)
    with pytest.raises(Forbidden):
        proposing.withdraw(make_actor(Role.COORDINATOR), proposal)
    proposing.withdraw(coordinator, proposal)
    assert proposal.state is P.WITHDRAWN


def test_proposal_is_void_once_the_host_withdraws_the_plan(app: Any) -> None:
    plan = make_application(S.UNDER_REVIEW)
    proposal = make_proposal(plan)
    service.transition(make_actor(Role.HOST_APPROVER, plan.host_institution), plan, "withdraw")
    assert proposal.state is P.LAPSED
    with pytest.raises(proposing.Overtaken):
        proposing.approve(make_actor(Role.DECISION_MAKER), proposal)


@pytest.mark.parametrize("state", [S.SUBMITTED, S.RETURNED, S.ADOPTED, S.DECLINED, S.COMPLETED])
def test_nothing_is_proposed_before_the_review_or_after_the_release(client: Client, state: ApplicationState) -> None:
    plan = make_application(state)
    sign_in(client, make_user(Role.COORDINATOR))
    path = f"/applications/{plan.public_id}/propose"
    assert client.get(path).status_code == 409
    assert client.post(path, data={"key": "p", "outcome": "adopted"}).status_code == 409


@pytest.mark.parametrize(
    ("field", "value"), [("position", 0), ("conditions", {"people_cap": 0}), ("conditions", {"money_cap": -1})]
)
def test_impossible_terms_are_refused(app: Any, field: str, value: Any) -> None:
    with pytest.raises(Refused):
        make_proposal(make_application(S.UNDER_REVIEW), "reserve", **{field: value})


def waiting_list(*places: int | None) -> list[Application]:
    """Plans that wait, with their places."""
    call, host = make_call(), make_host()
    plans = [make_application(S.RESERVE, call=call, host=host) for _place in places]
    for plan, place in zip(plans, places, strict=True):
        decision = queries.decision_of(plan)
        assert decision is not None
        decision.position = place
    db.session.flush()
    return plans


def test_waiting_list_is_adopted_in_its_order_or_with_a_reason(app: Any) -> None:
    second, first, last = waiting_list(2, 1, None)
    with pytest.raises(Refused, match=str(first.reference)):
        make_proposal(second)
    before = make_proposal(first)
    made = make_proposal(second)  # the first one is on its way
    with pytest.raises(Refused, match=str(first.reference)):
        proposing.approve(make_actor(Role.DECISION_MAKER), made)
    proposing.approve(make_actor(Role.DECISION_MAKER), before)
    proposing.approve(make_actor(Role.DECISION_MAKER), made)
    assert [plan.state for plan in (first, second, last)] == [S.ADOPTED, S.ADOPTED, S.RESERVE]
    assert made.kind is ProposalKind.PROMOTION


def test_order_is_left_with_a_reason(app: Any) -> None:
    _first, second = waiting_list(1, 2)
    decide(second, comment="The first has no room in autumn.")
    assert second.state is S.ADOPTED


def test_plan_on_the_waiting_list_can_only_be_adopted(app: Any) -> None:
    (plan,) = waiting_list(1)
    with pytest.raises(Refused):
        make_proposal(plan, "declined")


def test_pages_take_a_plan_from_proposal_to_decision(client: Client) -> None:
    plan = make_application(S.UNDER_REVIEW)
    sign_in(client, make_user(Role.COORDINATOR, name="Akari Mori"))
    path = f"/applications/{plan.public_id}"
    form = hidden(client.get(f"{path}/propose").text)
    words = {"outcome": "adopted", "people_cap": "6", "money_cap": "2,000,000", "condition_en": "Two fewer"}
    assert client.post(f"{path}/propose", data=form | words | {"comment": "First of its kind"}).status_code == 302
    proposal = proposal_queries.open_of(plan)
    assert proposal is not None
    answer = f"/applications/proposals/{proposal.public_id}/approve"
    assert client.get(answer).status_code == 403  # coordinators propose and do not approve
    page = client.get(path).text
    for text in ("Proposed: Adopted", "At most 6 people", "At most ¥2,000,000", "Two fewer", "First of its kind"):
        assert text in page
    sign_in(client, make_user(Role.DECISION_MAKER, name="Hiroshi Ishikawa"))
    assert answer in client.get(path).text
    form = hidden(client.get(answer).text)
    for _click in range(2):  # a second click does nothing, and leads to the same place
        assert client.post(answer, data=form | {"comment": "Agreed."}).status_code == 302
    assert "Decided by Hiroshi Ishikawa" in client.get(answer).text
    page = client.get(path).text
    assert "Decision: Adopted" in page and "known to JST only" in page and "Hiroshi Ishikawa" in page


def test_page_of_the_slower_one_says_who_was_faster_and_keeps_the_words(client: Client) -> None:
    plan = make_application(S.UNDER_REVIEW)
    proposal = make_proposal(plan, "declined")
    sign_in(client, make_user(Role.DECISION_MAKER))
    path = f"/applications/proposals/{proposal.public_id}/send-back"
    form = hidden(client.get(path).text)
    proposing.approve(make_actor(Role.DECISION_MAKER, name="Hiroshi Ishikawa"), proposal)
    answer = client.post(path, data=form | {"comment": "Look at the budget again."})
    assert answer.status_code == 409
    assert re.search(r"Decided by Hiroshi Ishikawa at [^<]* JST: Declined", answer.text)
    assert "Look at the budget again." in answer.text
    assert decisions() == 1


def test_page_of_a_slower_proposer_keeps_everything_typed_and_can_be_sent_again(client: Client) -> None:
    plan, mori = make_application(S.UNDER_REVIEW), make_actor(Role.COORDINATOR, name="Akari Mori")
    sign_in(client, make_user(Role.COORDINATOR))
    path = f"/applications/{plan.public_id}/propose"
    form = hidden(client.get(path).text)
    proposal = make_proposal(plan, "reserve", by=mori)
    typed = {"outcome": "adopted", "people_cap": "5", "message": "Welcome."}
    answer = client.post(path, data=form | typed)
    assert answer.status_code == 409 and "Proposed by Akari Mori" in answer.text
    assert 'value="5"' in answer.text and "Welcome." in answer.text
    proposing.withdraw(mori, proposal)
    db.session.commit()
    again = client.post(path, data=hidden(client.get(path).text) | typed)
    assert again.status_code == 302


def test_decision_made_while_a_proposal_was_typed_is_not_overwritten(client: Client) -> None:
    plan = make_application(S.UNDER_REVIEW)
    sign_in(client, make_user(Role.COORDINATOR))
    path = f"/applications/{plan.public_id}/propose"
    form = hidden(client.get(path).text)
    decide(plan, "declined", by=make_actor(Role.DECISION_MAKER, name="Hiroshi Ishikawa"))
    answer = client.post(path, data=form | {"outcome": "adopted"})
    assert answer.status_code == 409 and "Decided by Hiroshi Ishikawa" in answer.text
    assert proposal_queries.open_of(plan) is None


def test_conditions_are_read_by_the_host_after_the_release_only(client: Client) -> None:
    plan = make_application(S.UNDER_REVIEW)
    decision = decide(plan, conditions=CAPS, comment="Inside")
    sign_in(client, make_user(Role.HOST_EDITOR, plan.host_institution))
    path = f"/applications/{plan.public_id}"
    assert "Two fewer" not in client.get(path).text
    plan.state, plan.released_at = S.ADOPTED, plan.decided_at
    db.session.commit()
    page = client.get(path).text
    assert "Adopted on these conditions" in page and "At most 6 people" in page and "Two fewer" in page
    assert "Inside" not in page and decision.number == 1
    assert db.session.scalar(select(func.count()).select_from(OutboxMessage)) == 0
