"""The life of a proposal: open → approved, sent back or withdrawn; void once the plan itself moves on.

Who may answer depends on what it would do: a change of a released result needs decision-makers on both sides. That
proposer and approver are two people, the verbs and the database see to (a guard does not know who acts).
"""

from flask_babel import lazy_gettext as _l

from app.applications import proposal_queries
from app.applications.decision_model import STATE_LABELS, DecisionProposal, ProposalState
from app.applications.models import Application
from app.core import clock
from app.core.authz import SYSTEM
from app.core.workflow import Firing, State, Transition, Workflow

S = ProposalState


def note_answer(firing: Firing) -> None:
    """Who answered, when, and with which words."""
    proposal: DecisionProposal = firing.subject
    proposal.answered_at, proposal.answered_by_id = clock.now(), firing.actor.id
    proposal.reason = firing.comment


def _answer(
    verb: str, label: object, target: ProposalState, permission: str, *, with_reason: bool = False
) -> Transition:
    return Transition(
        verb, label, (S.OPEN,), target, permission, effects=(note_answer,), comment_required=with_reason, hidden=True
    )


PROPOSAL = Workflow(
    name="proposal",
    initial=S.OPEN,
    states={
        S.OPEN: State(STATE_LABELS[S.OPEN], tone="info"),
        S.APPROVED: State(STATE_LABELS[S.APPROVED], tone="success", final=True),
        S.SENT_BACK: State(STATE_LABELS[S.SENT_BACK], tone="warning", final=True),
        S.WITHDRAWN: State(STATE_LABELS[S.WITHDRAWN], final=True),
        S.REPLACED: State(STATE_LABELS[S.REPLACED], final=True),
        S.LAPSED: State(STATE_LABELS[S.LAPSED], final=True),
    },
    transitions=(
        _answer("approve", _l("Proposal approved"), S.APPROVED, "decision:approve"),
        _answer("send_back", _l("Proposal sent back"), S.SENT_BACK, "decision:approve", with_reason=True),
        _answer("withdraw", _l("Proposal withdrawn"), S.WITHDRAWN, "decision:propose"),
        _answer("replace", _l("Proposal replaced"), S.REPLACED, "decision:propose"),
        _answer("approve_change", _l("Change of a released result approved"), S.APPROVED, "decision:change"),
        _answer(
            "send_back_change",
            _l("Proposed change of a released result sent back"),
            S.SENT_BACK,
            "decision:change",
            with_reason=True,
        ),
        _answer(
            "withdraw_change", _l("Proposed change of a released result withdrawn"), S.WITHDRAWN, "decision:change"
        ),
        _answer("replace_change", _l("Proposed change of a released result replaced"), S.REPLACED, "decision:change"),
        _answer("lapse", _l("Proposal void: the plan has moved on"), S.LAPSED, "decision:lapse"),
    ),
)


def verb_for(proposal: DecisionProposal, verb: str) -> str:
    """The verb for a proposal of its kind."""
    return f"{verb}_change" if proposal.is_change else verb


def let_lapse(application: Application) -> None:
    """The plan is withdrawn or its result released: what was proposed is void. Part of that verb."""
    proposal = proposal_queries.open_of(application)
    if proposal is not None:
        PROPOSAL.fire(proposal, "lapse", SYSTEM)
