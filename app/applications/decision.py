"""JST's decision on a plan, made of a proposal that another person approves: recorded and kept from everybody else.

Until the release it can be made anew. Afterwards a plan can be adopted from the waiting list, or its result be changed:
then the host is told at once. Only `proposing.approve` calls this.
"""

from app.applications import queries
from app.applications.decision_model import DecisionProposal, ProposalKind
from app.applications.events import ApplicationAdopted, DecisionChanged
from app.applications.models import Decision, Outcome
from app.applications.workflow import APPLICATION
from app.core import audit, events
from app.core.authz import Actor
from app.core.db import db
from app.core.errors import Forbidden, TransitionNotAllowed

VERBS = {Outcome.ADOPTED: "adopt", Outcome.RESERVE: "reserve", Outcome.DECLINED: "decline"}


def carry_out(actor: Actor, proposal: DecisionProposal) -> Decision:
    """Decide what was proposed. Raises: Forbidden; TransitionNotAllowed; GuardsFailed with what is in the way."""
    by_kind = {ProposalKind.DECISION: _record, ProposalKind.PROMOTION: _promote, ProposalKind.CHANGE: _change}
    return by_kind[proposal.kind](actor, proposal)


def _record(actor: Actor, proposal: DecisionProposal) -> Decision:
    application, verb = proposal.application, VERBS[proposal.outcome]
    if application.state not in APPLICATION[verb].sources:
        raise TransitionNotAllowed()
    decision = queries.decision_of(application)
    if decision is None:
        decision = Decision(application_id=application.id)
        db.session.add(decision)
    _keep(actor, decision, proposal)
    changes = audit.changes_of(decision)
    APPLICATION.fire(application, verb, actor, proposal.comment)
    audit.record(actor, "decision:record", decision, changes=changes)
    return decision


def _promote(actor: Actor, proposal: DecisionProposal) -> Decision:
    """The host is told at once, and the visit is made."""
    application = proposal.application
    decision = _known(proposal, "promote")
    decision.number += 1
    _keep(actor, decision, proposal)
    APPLICATION.fire(application, "promote", actor, proposal.message)
    audit.record(actor, "decision:record", decision, comment=proposal.comment)
    events.publish(ApplicationAdopted(application, actor))
    return decision


def _change(actor: Actor, proposal: DecisionProposal) -> Decision:
    """Another result after the release: the host is told at once; what hangs on the former one is dealt with."""
    application, verb = proposal.application, f"change_to_{proposal.outcome.value}"
    decision = _known(proposal, verb)
    was = Outcome(application.state.value)
    decision.number += 1
    _keep(actor, decision, proposal)
    changes = audit.changes_of(decision)
    APPLICATION.fire(application, verb, actor, proposal.message)
    audit.record(actor, "decision:change", decision, comment=proposal.comment, changes=changes)
    events.publish(DecisionChanged(application, actor, was, proposal.outcome, proposal.comment))
    return decision


def _known(proposal: DecisionProposal, verb: str) -> Decision:
    """The decision of a plan whose result is released."""
    decision = queries.decision_of(proposal.application)
    if decision is None or proposal.application.state not in APPLICATION[verb].sources:
        raise TransitionNotAllowed()
    return decision


def _keep(actor: Actor, decision: Decision, proposal: DecisionProposal) -> None:
    if actor.id is None:
        raise Forbidden()
    decision.take_over(proposal)
    decision.decided_by_id, decision.proposal_id = actor.id, proposal.id
