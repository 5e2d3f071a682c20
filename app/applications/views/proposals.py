"""Proposals to decide on a plan: made by one person; approved, sent back or withdrawn on pages of their own.

Whoever comes second keeps what was typed and reads who was faster, when, and with what.
"""

from collections.abc import Callable
from typing import Any

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.applications import proposal_queries, proposing, queries
from app.applications.decision_model import DecisionProposal, ProposalKind, ProposalState
from app.applications.models import Application, Outcome
from app.applications.proposal_forms import AnswerForm, ChangeForm, ProposalForm, SendBackForm
from app.applications.views.blueprint import bp
from app.applications.views.shared import application_for
from app.applications.workflow import APPLICATION
from app.core.errors import Forbidden, GuardsFailed, Refused, TransitionNotAllowed
from app.core.idempotency import once
from app.core.web import Answer, blame, current_actor, load, permission_required, render_form, step_up_required

TERMS = ("outcome", "position", "people_cap", "money_cap", "condition_ja", "condition_en", "comment", "message")


@bp.route("/<string:application_id>/propose", methods=["GET", "POST"])
@permission_required("decision:propose")
def propose(application_id: str) -> Answer:
    """Propose a decision, or the adoption of a plan that waits."""
    application = application_for(application_id, "decision:propose")
    if proposing.kind_of(application) is None and not ProposalForm().is_submitted():
        raise TransitionNotAllowed()
    return _proposal_page(application, ProposalForm, proposing.propose, _l("Propose a decision"))


@bp.route("/<string:application_id>/change-result", methods=["GET", "POST"])
@permission_required("decision:change")
@step_up_required
def change_result(application_id: str) -> Answer:
    """Propose another result after the release; a second decision-maker has to approve it."""
    application = application_for(application_id, "decision:change")
    if application.state not in proposing.RELEASED and not ChangeForm().is_submitted():
        raise TransitionNotAllowed()

    def change(actor: Any, plan: Application, *, comment: str, **words: Any) -> DecisionProposal:
        return proposing.propose_change(actor, plan, reason=comment, **words)

    return _proposal_page(application, ChangeForm, change, _l("Propose another result"))


def _proposal_page(application: Application, kind: type[ProposalForm], verb: Callable[..., Any], title: Any) -> Answer:
    form = kind(data=_begun(application))
    form.limit_to(application)
    page: dict[str, Any] = {"application": application, "title": title, "told": "", "standing": _standing(application)}
    if not form.validate_on_submit():
        return render_form("applications/propose.html", form, **page)

    def make() -> str:
        verb(
            current_actor(),
            application,
            outcome=Outcome(form.outcome.data),
            position=form.position.data,
            conditions=form.conditions,
            comment=form.comment.data or "",
            message=form.message.data or "",
            seen=form.seen.data,
        )
        flash(_("The proposal is stored. Somebody else has to approve it."), "success")
        return url_for(".show", application_id=application.public_id, _anchor="decision")

    try:
        return redirect(once(form.key.data or "", current_actor().id, make))
    except proposing.Overtaken as refusal:
        form.seen.raw_data, form.seen.data = None, proposing.mark(application)
        page |= {"told": refusal.problems[0], "standing": _standing(application)}
        return render_template("applications/propose.html", form=form, **page), refusal.status
    except (Refused, GuardsFailed) as refusal:
        blame(form, refusal)
        return render_form("applications/propose.html", form, **page)


def _begun(application: Application) -> dict[str, Any]:
    """What a new proposal begins with: one's own open one, else one that came back."""
    last = proposal_queries.last_of(application)
    again = last is not None and last.state is not ProposalState.APPROVED
    words = {name: getattr(last, name) for name in TERMS} if again else {}
    if "outcome" in words:
        words["outcome"] = words["outcome"].value
    return words | {"seen": proposing.mark(application)}


def _standing(application: Application) -> dict[str, Any]:
    """How the plan stands, for the top of the page."""
    return {
        "state": APPLICATION.states[application.state],
        "decision": queries.decision_of(application),
        "last": proposal_queries.last_of(application),
    }


def _proposal(proposal_id: str, permission: str) -> DecisionProposal:
    found: DecisionProposal = load(DecisionProposal, proposal_id, permission, *proposal_queries.FOR_ANSWER)
    return found


@bp.route("/proposals/<string:proposal_id>/approve", methods=["GET", "POST"])
@permission_required("decision:approve")
def approve_proposal(proposal_id: str) -> Answer:
    proposal = _proposal(proposal_id, "decision:approve")
    return _away(proposal, "approve_change", proposal.is_change) or _approve(proposal)


@bp.route("/proposals/<string:proposal_id>/approve-change", methods=["GET", "POST"])
@permission_required("decision:change")
@step_up_required
def approve_change(proposal_id: str) -> Answer:
    proposal = _proposal(proposal_id, "decision:change")
    return _away(proposal, "approve_proposal", not proposal.is_change) or _approve(proposal)


@bp.route("/proposals/<string:proposal_id>/send-back", methods=["GET", "POST"])
@permission_required("decision:approve")
def send_back_proposal(proposal_id: str) -> Answer:
    proposal = _proposal(proposal_id, "decision:approve")
    return _away(proposal, "send_back_change", proposal.is_change) or _send_back(proposal)


@bp.route("/proposals/<string:proposal_id>/send-back-change", methods=["GET", "POST"])
@permission_required("decision:change")
@step_up_required
def send_back_change(proposal_id: str) -> Answer:
    proposal = _proposal(proposal_id, "decision:change")
    return _away(proposal, "send_back_proposal", not proposal.is_change) or _send_back(proposal)


@bp.route("/proposals/<string:proposal_id>/withdraw", methods=["GET", "POST"])
@permission_required("decision:propose")
def withdraw_proposal(proposal_id: str) -> Answer:
    proposal = _proposal(proposal_id, "decision:propose")
    return _away(proposal, "withdraw_change", proposal.is_change) or _withdraw(proposal)


@bp.route("/proposals/<string:proposal_id>/withdraw-change", methods=["GET", "POST"])
@permission_required("decision:change")
def withdraw_change(proposal_id: str) -> Answer:
    proposal = _proposal(proposal_id, "decision:change")
    return _away(proposal, "withdraw_proposal", not proposal.is_change) or _withdraw(proposal)


def _away(proposal: DecisionProposal, to: str, is_wrong: bool) -> Any:
    """A proposal of the other kind has a page of its own, with a door of its own."""
    return redirect(url_for(f".{to}", proposal_id=proposal.public_id)) if is_wrong else None


def _approve(proposal: DecisionProposal) -> Answer:
    if proposal.proposed_by_id == current_actor().id:
        raise Forbidden(_("You proposed it yourself: somebody else approves it."))

    def answer(form: Any, seen: int | None) -> str:
        proposing.approve(current_actor(), proposal, form.comment.data or "", seen=seen)
        return _("The decision is recorded. The host hears of it when the round is released.")

    told_at_once = _("The decision is recorded; the host has been told.")
    words = told_at_once if proposal.kind is not ProposalKind.DECISION else None
    return _answer_page(proposal, AnswerForm(), answer, _l("Approve the proposal"), said=words)


def _send_back(proposal: DecisionProposal) -> Answer:
    if proposal.proposed_by_id == current_actor().id:
        raise Forbidden(_("You proposed it yourself: somebody else answers it."))

    def answer(form: Any, seen: int | None) -> str:
        proposing.send_back(current_actor(), proposal, reason=form.comment.data or "", seen=seen)
        return _("The proposal is sent back.")

    return _answer_page(proposal, SendBackForm(), answer, _l("Send the proposal back"))


def _withdraw(proposal: DecisionProposal) -> Answer:
    if proposal.proposed_by_id != current_actor().id:
        raise Forbidden(_("Only who made a proposal takes it back."))

    def answer(form: Any, seen: int | None) -> str:
        proposing.withdraw(current_actor(), proposal, reason=form.comment.data or "", seen=seen)
        return _("The proposal is withdrawn.")

    return _answer_page(proposal, AnswerForm(), answer, _l("Withdraw the proposal"))


def _answer_page(
    proposal: DecisionProposal, form: Any, answer: Callable[[Any, int | None], str], title: Any, said: str | None = None
) -> Answer:
    application = proposal.application
    if not form.is_submitted():
        form.version.data = str(proposal.version)
    page: dict[str, Any] = {"proposal": proposal, "application": application, "title": title}
    page["told"] = "" if proposal.is_open else proposing.told(proposal)
    page["ahead"] = proposal_queries.ahead_of(application) if proposal.kind is ProposalKind.PROMOTION else []
    page["decision"] = queries.decision_of(application)
    page["state"] = APPLICATION.states[application.state]
    if not form.validate_on_submit():
        return render_form("applications/proposal_answer.html", form, **page)

    def make() -> str:
        words = answer(form, form.read_version())
        flash(said or words, "success")
        return url_for(".show", application_id=application.public_id, _anchor="decision")

    try:
        return redirect(once(form.key.data or "", current_actor().id, make))
    except proposing.Overtaken as refusal:
        page["told"] = refusal.problems[0]
        return render_template("applications/proposal_answer.html", form=form, **page), refusal.status
    except (Refused, GuardsFailed) as refusal:
        blame(form, refusal)
        return render_form("applications/proposal_answer.html", form, **page)
