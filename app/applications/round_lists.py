"""The plans of a round as a list: what is proposed and decided, approving or sending back many proposals together.

An entry that can be acted on is a proposal, not its plan: what somebody proposes anew after the preview is no entry
that was looked at. Each plan takes its own turn; what is in the way of one stops no other.
"""

from collections.abc import Sequence
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from wtforms.validators import InputRequired, Length

from app.applications import proposing, round_list_queries
from app.applications.decision_model import DecisionProposal, ProposalKind
from app.applications.models import Application, ApplicationState, Outcome
from app.applications.proposal_queries import FOR_ANSWER
from app.applications.round_list_queries import Proposed
from app.applications.workflow import APPLICATION
from app.calls.models import CourseCode, round_title
from app.core.authz import Actor
from app.core.forms import CommentForm, TextAreaField
from app.core.i18n import localized, yen
from app.core.lists import Act, Column, Export, Filter, ListOf, word
from app.core.lists.taking import in_order

PROPOSED_LABELS = {
    Proposed.OTHERS: _l("Waits, proposed by others"),
    Proposed.ANY: _l("Anything proposed"),
    Proposed.NONE: _l("Nothing proposed"),
}


class SendBackForm(CommentForm):
    """Why these proposals should not be decided so."""

    comment = TextAreaField(
        _l("Reason for all of them"),
        description=_l("Those who proposed read this."),
        rows=3,
        validators=[InputRequired(_l("Give a reason.")), Length(max=2000)],
    )


def why_not(actor: Actor, proposal: DecisionProposal) -> str:
    """Why a proposal is not answered together with others; "" if it is."""
    if not proposal.is_open:
        return proposing.told(proposal)
    if proposal.is_change:
        return _("A change of a released result is approved on its own page.")
    if proposal.proposed_by_id == actor.id:
        return _("You proposed it yourself: somebody else approves it.")
    return ""


def terms(row: Any) -> list[str]:
    """The conditions of a proposal, one sentence each."""
    found = []
    if row.people_cap:
        found.append(ngettext("At most %(num)s person", "At most %(num)s people", row.people_cap))
    if row.money_cap is not None:
        found.append(_("At most %(money)s", money=yen(row.money_cap)))
    words = localized(row.condition_ja or "", row.condition_en or "")
    return [*found, words] if words else found


def outcome_words(outcome: Outcome | None, position: int | None) -> str:
    """An outcome with its place on the waiting list."""
    if outcome is None:
        return ""
    place = f" {_('(place %(place)s)', place=position)}" if position else ""
    return f"{outcome.label}{place}"


def _detail(proposal: DecisionProposal) -> str:
    words = [outcome_words(proposal.outcome, proposal.position), *terms(proposal), proposal.proposed_by.name]
    if proposal.kind is ProposalKind.PROMOTION:
        words.insert(1, _("from the waiting list: the host is told at once"))
    return " · ".join(words)


def _columns(_actor: Actor) -> Sequence[Column]:
    return [
        Column(_("Reference number"), lambda row: row.reference),
        Column(_("Theme"), lambda row: localized(row.theme_ja, row.theme_en)),
        Column(_("Host institution"), lambda row: localized(row.host_ja, row.host_en)),
        Column(_("Round"), lambda row: round_title(row.fiscal_year, row.call_label)),
        Column(_("Course"), lambda row: row.code.value),
        Column(_("State"), lambda row: str(APPLICATION.state_label(row.state))),
        Column(_("Proposed decision"), lambda row: str(row.proposed.label) if row.proposed else ""),
        Column(_("Proposed place"), lambda row: row.proposed_position),
        Column(_("Conditions"), lambda row: " ".join(terms(row))),
        Column(_("Proposed by"), lambda row: row.proposer or ""),
        Column(_("Decision"), lambda row: str(row.outcome.label) if row.outcome else ""),
        Column(_("Place on the waiting list"), lambda row: row.position),
    ]


def _approve(actor: Actor, proposal: DecisionProposal) -> None:
    proposing.approve(actor, proposal)


def _send_back(actor: Actor, proposal: DecisionProposal, *, comment: str) -> None:
    proposing.send_back(actor, proposal, reason=comment)


def _states(_actor: Actor) -> list[tuple[Any, Any]]:
    known = (state for state in ApplicationState if state is not ApplicationState.DRAFT)
    return [(state.value, APPLICATION.state_label(state)) for state in known]


def _proposals(_actor: Actor) -> list[tuple[Any, Any]]:
    return [(item.value, PROPOSED_LABELS.get(item) or Outcome(item.value).label) for item in Proposed]


MISSING = _l("Nothing is proposed for this plan.")

APPROVE = Act(
    name="approve",
    label=_l("Approve"),
    permission="decision:approve",
    model=DecisionProposal,
    do=_approve,
    obstacle=why_not,
    sentence=lambda number: ngettext(
        "%(num)s proposal is approved. Hosts hear of it when the round is released.",
        "%(num)s proposals are approved. Hosts hear of it when the round is released.",
        number,
    ),
    detail=_detail,
    missing=MISSING,
    options=FOR_ANSWER,
)

SEND_BACK = Act(
    name="send-back",
    label=_l("Send back"),
    permission="decision:approve",
    model=DecisionProposal,
    do=_send_back,
    obstacle=why_not,
    sentence=lambda number: ngettext(
        "%(num)s proposal is sent back with one reason.", "%(num)s proposals are sent back with one reason.", number
    ),
    detail=_detail,
    missing=MISSING,
    options=FOR_ANSWER,
    form=SendBackForm,
)

PLANS = ListOf(
    name="decisions",
    title=_l("Plans of the round"),
    permission="decision:view",
    endpoint="applications.round",
    place="call_id",
    elsewhere="applications.rounds",
    query=round_list_queries.plans,
    key=Application.id,
    row_id=round_list_queries.ENTRY,
    name_of=lambda row: row.reference or "",
    sorts=round_list_queries.PLAN_SORTS,
    default="reference",
    filters=(
        Filter("call_id", _l("Round"), "call"),
        Filter("q", _l("Number, theme or host"), "text"),
        Filter("state", _l("State"), parse=word(ApplicationState), choices=_states),
        Filter("proposal", _l("Proposed decision"), "proposed", parse=word(Proposed), choices=_proposals),
        Filter(
            "outcome",
            _l("Decision"),
            parse=word(Outcome),
            choices=lambda _actor: [(outcome.value, outcome.label) for outcome in Outcome],
        ),
        Filter(
            "course",
            _l("Course"),
            parse=word(CourseCode),
            choices=lambda _actor: [(code.value, code.value) for code in CourseCode],
        ),
    ),
    acts=(APPROVE, SEND_BACK),
    export=Export(
        permission="decision:view",
        filename="decisions",
        columns=_columns,
        rows=lambda actor, **filters: in_order(
            round_list_queries.plans(actor, **filters),
            round_list_queries.PLAN_SORTS["reference"].column,
            Application.id,
        ),
        title=_l("Take the decisions of a round away"),
        content=_l("The file holds the plans of the round with what is proposed and decided. It is for JST only."),
        asks_reason=True,
        steps_up=lambda _actor: True,
    ),
)
