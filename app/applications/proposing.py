"""Verbs on proposals: one person proposes what to decide on a plan, another approves it or sends it back.

Every verb takes the plan's turn first and then reads the proposal again: of two who act at the same instant one wins,
and the other is told who did what, and when (`Overtaken`).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _

from app.applications import decision, obstacles, proposal_queries, queries
from app.applications.decision_model import CONDITIONS, DecisionProposal, ProposalKind, ProposalState
from app.applications.models import Application, ApplicationState, Outcome
from app.applications.proposal_workflow import PROPOSAL, verb_for
from app.core import audit, authz, clock
from app.core.authz import Actor
from app.core.db import db
from app.core.errors import Forbidden, GuardsFailed, Refused, Stale
from app.core.i18n import exact_moment

S = ApplicationState
SHORTEST_REASON = 10  # letters, for changing what hosts know already
RELEASED = (S.ADOPTED, S.RESERVE, S.DECLINED)


class Overtaken(Stale):
    """Somebody else was faster; the sentence says who, when, and with what."""


@dataclass(frozen=True, slots=True)
class Source:
    """The board a proposal was read off, and the number of its version."""

    id: str
    name: str
    number: int


def mark(application: Application) -> str:
    """What a page knew of a plan's decision when it was made: another mark means that somebody acted since."""
    last = proposal_queries.last_of(application)
    return f"{application.version}-{last.public_id}-{last.version}" if last else f"{application.version}"


def told(proposal: DecisionProposal) -> str:
    """What became of a proposal, in a sentence: who, when, what."""
    answerer = proposal.answered_by.name if proposal.answered_by is not None else ""
    words = {"outcome": proposal.outcome.label, "reason": proposal.reason, "answerer": answerer}
    words["proposer"] = proposal.proposed_by.name
    words["moment"] = exact_moment(proposal.answered_at or proposal.proposed_at)
    if proposal.state is ProposalState.OPEN:
        return _("Proposed by %(proposer)s at %(moment)s: %(outcome)s. It waits for approval.", **words)
    if proposal.state is ProposalState.APPROVED:
        return _("Decided by %(answerer)s at %(moment)s: %(outcome)s.", **words)
    if proposal.state is ProposalState.SENT_BACK:
        return _("Sent back by %(answerer)s at %(moment)s: %(reason)s", **words)
    if proposal.state is ProposalState.LAPSED and proposal.application.state is S.WITHDRAWN:
        return _("%(host)s withdrew the plan at %(moment)s.", host=proposal.application.host_institution.name, **words)
    if proposal.state is ProposalState.LAPSED:
        return _("The result of the plan was released at %(moment)s; the proposal is void.", **words)
    return _("%(proposer)s withdrew or replaced the proposal at %(moment)s.", **words)


def kind_of(application: Application) -> ProposalKind | None:
    """What can be proposed for a plan as it stands; None if nothing can."""
    if application.state in (S.UNDER_REVIEW, S.DECIDED):
        return ProposalKind.DECISION
    return ProposalKind.PROMOTION if application.state is S.RESERVE else None


def propose(
    actor: Actor,
    application: Application,
    *,
    outcome: Outcome,
    position: int | None = None,
    conditions: Mapping[str, Any] | None = None,
    comment: str = "",
    message: str = "",
    seen: str | None = None,
    source: Source | None = None,
) -> DecisionProposal:
    """Propose to adopt, to put on the waiting list, or to decline; a plan on the waiting list can only be adopted.

    `comment` stays at JST, `message` goes into the applicant's letter, `position` is the place on the waiting list.
    An open proposal of the same person is replaced. Raises: Forbidden; Overtaken if the plan's `mark` is no longer
    `seen`, if somebody else has an open proposal, or nothing can be decided any more; Refused by field.
    """
    _door(actor, "decision:propose", application, seen)
    kind = kind_of(application)
    if kind is None:
        raise _overtaken(application)
    made = _made(actor, application, kind, outcome, position, conditions, comment, message)
    if kind is ProposalKind.PROMOTION and outcome is not Outcome.ADOPTED:
        raise Refused({"outcome": [_("A plan on the waiting list can only be proposed for adoption.")]})
    if kind is ProposalKind.PROMOTION and not made.comment:
        _require_order([row for row in proposal_queries.ahead_of(application) if not row.is_proposed])
    if source is not None:
        made.source_id, made.source_name, made.source_number = source.id, source.name, source.number
    return _enter(actor, application, made)


def propose_change(
    actor: Actor,
    application: Application,
    *,
    outcome: Outcome,
    reason: str,
    position: int | None = None,
    conditions: Mapping[str, Any] | None = None,
    message: str = "",
    seen: str | None = None,
) -> DecisionProposal:
    """Propose another result for a plan whose host knows its result: a second decision-maker has to approve.

    Raises: Forbidden; Overtaken; GuardsFailed with what is in the way (a visit that has begun, screening); Refused.
    """
    _door(actor, "decision:change", application, seen)
    if application.state not in RELEASED:
        raise _overtaken(application)
    problems: dict[str, list[Any]] = {}
    if len(reason.strip()) < SHORTEST_REASON:
        problems["comment"] = [_("Give a reason of at least %(count)s letters.", count=SHORTEST_REASON)]
    if outcome.value == application.state.value:
        problems["outcome"] = [_("This is the result already.")]
    if problems:
        raise Refused(problems)
    in_the_way = in_the_way_of(application, outcome)
    if in_the_way:
        raise GuardsFailed(*in_the_way)
    made = _made(actor, application, ProposalKind.CHANGE, outcome, position, conditions, reason, message)
    return _enter(actor, application, made)


def in_the_way_of(application: Application, outcome: Outcome) -> list[str]:
    """What keeps a plan whose result is released from getting that one."""
    if outcome is Outcome.ADOPTED:
        return obstacles.of_plan(application)
    return obstacles.of_adoption(application) if application.state is S.ADOPTED else []


def approve(actor: Actor, proposal: DecisionProposal, comment: str = "", *, seen: int | None = None) -> None:
    """Decide as proposed. Before the release nobody outside hears of it; a promotion or change is told at once.

    Raises: Forbidden, also for the one who proposed; Overtaken if somebody answered meanwhile (`seen`: the version of
    the proposal that was read); GuardsFailed with what is in the way; Refused if the order is left without a reason.
    """
    _answering(actor, proposal, seen)
    application = proposal.application
    if proposal.kind is ProposalKind.PROMOTION and not (proposal.comment or comment.strip()):
        _require_order(proposal_queries.ahead_of(application))
    decision.carry_out(actor, proposal)
    PROPOSAL.fire(proposal, verb_for(proposal, "approve"), actor, comment)


def send_back(actor: Actor, proposal: DecisionProposal, *, reason: str, seen: int | None = None) -> None:
    """Answer that it should not be decided so, and why. Raises: Forbidden; Overtaken; Refused without a reason."""
    _answering(actor, proposal, seen)
    if not reason.strip():
        raise Refused({"comment": [_("Give a reason.")]})
    PROPOSAL.fire(proposal, verb_for(proposal, "send_back"), actor, reason)


def withdraw(actor: Actor, proposal: DecisionProposal, *, reason: str = "", seen: int | None = None) -> None:
    """Take one's own proposal back. Raises: Forbidden for anybody else; Overtaken."""
    _turn(proposal, seen)
    if proposal.proposed_by_id != actor.id:
        raise Forbidden()
    PROPOSAL.fire(proposal, verb_for(proposal, "withdraw"), actor, reason)


def may_answer(actor: Actor, proposal: DecisionProposal) -> bool:
    """Whether the actor may approve or send back a proposal: not one's own."""
    permission = "decision:change" if proposal.is_change else "decision:approve"
    return proposal.is_open and proposal.proposed_by_id != actor.id and authz.can(actor, permission, proposal)


def _door(actor: Actor, permission: str, application: Application, seen: str | None) -> None:
    authz.require(actor, permission, application)
    if actor.id is None:
        raise Forbidden()
    queries.take_turn(application)
    if seen is not None and seen != mark(application):
        raise _overtaken(application)


def _overtaken(application: Application) -> Overtaken:
    last = proposal_queries.last_of(application)
    if application.state is S.WITHDRAWN and (last is None or last.state is not ProposalState.LAPSED):
        return Overtaken(_("The host institution has withdrawn the plan."))
    if last is None:
        return Overtaken(_("Somebody else changed this meanwhile"))
    return Overtaken(told(last))


def _require_order(ahead: Sequence[Any]) -> None:
    """Refuse to leave the order of the waiting list without saying why."""
    if ahead:
        numbers = ", ".join(row.reference for row in ahead)
        raise Refused({"comment": [_("%(numbers)s would come first: say why the order is left.", numbers=numbers)]})


def _made(
    actor: Actor,
    application: Application,
    kind: ProposalKind,
    outcome: Outcome,
    position: int | None,
    conditions: Mapping[str, Any] | None,
    comment: str,
    message: str,
) -> DecisionProposal:
    """The row, not stored yet: what goes with another outcome is left out. Raises: Refused."""
    given = {} if outcome is Outcome.DECLINED else dict(conditions or {})
    problems: dict[str, list[Any]] = {}
    if position is not None and position < 1:
        problems["position"] = [_("Places are counted from 1.")]
    if given.get("people_cap") is not None and given["people_cap"] < 1:
        problems["people_cap"] = [_("At least one person comes.")]
    if given.get("money_cap") is not None and given["money_cap"] < 0:
        problems["money_cap"] = [_("Enter an amount in yen.")]
    if problems:
        raise Refused(problems)
    return DecisionProposal(
        application_id=application.id,
        kind=kind,
        outcome=outcome,
        position=position if outcome is Outcome.RESERVE else None,
        people_cap=given.get("people_cap"),
        money_cap=given.get("money_cap"),
        **{name: str(given.get(name) or "").strip() for name in CONDITIONS[2:]},
        comment=comment.strip(),
        message=message.strip(),
        proposed_by_id=actor.id,
        proposed_at=clock.now(),
    )


def _enter(actor: Actor, application: Application, made: DecisionProposal) -> DecisionProposal:
    """Store a proposal in place of the open one of the same person; that of somebody else stands."""
    held = proposal_queries.open_of(application)
    if held is not None and held.proposed_by_id != actor.id:
        raise Overtaken(told(held))
    if held is not None:
        PROPOSAL.fire(held, verb_for(held, "replace"), actor)
        db.session.flush()  # there are never two open ones, not even for a moment
    db.session.add(made)
    verb = "proposal:change" if made.is_change else "proposal:make"
    audit.record(actor, verb, made, comment=made.comment, to_state=str(PROPOSAL.initial))
    return made


def _answering(actor: Actor, proposal: DecisionProposal, seen: int | None) -> None:
    authz.require(actor, "decision:change" if proposal.is_change else "decision:approve", proposal)
    _turn(proposal, seen)
    if proposal.proposed_by_id == actor.id:
        raise Forbidden()


def _turn(proposal: DecisionProposal, seen: int | None) -> None:
    """Take the plan's turn and read the proposal again. Raises: Overtaken if it is answered, or not what was read."""
    queries.take_turn(proposal.application)
    proposal_queries.again(proposal)
    if not proposal.is_open or (seen is not None and seen != proposal.version):
        raise Overtaken(told(proposal))
