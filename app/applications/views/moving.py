"""Pages on moving a plan to another institution: what waits, the proposal, and the second person's answer."""

from collections.abc import Callable
from typing import Any

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _

from app.applications import moving, moving_queries
from app.applications.models import Application
from app.applications.moving_forms import MoveForm
from app.applications.moving_model import MoveState, PlanMove
from app.applications.views.blueprint import bp
from app.applications.views.shared import application_for, as_known
from app.core.errors import NotFound, Refused
from app.core.forms import CommentForm, ConfirmForm
from app.core.idempotency import once
from app.core.web import Answer, blame, current_actor, load, permission_required, render_form
from app.directory import queries as directory
from app.directory.models import HostInstitution, Side

TONES = {
    MoveState.PROPOSED: "warning",
    MoveState.APPROVED: "success",
    MoveState.REJECTED: "danger",
    MoveState.WITHDRAWN: "neutral",
}


@bp.get("/moves")
@permission_required("application:approve-move")
def moves() -> Answer:
    """Every proposal that waits for a second person."""
    return render_template("applications/moves.html", waiting=moving_queries.all_waiting(), reader=current_actor())


@bp.route("/<string:application_id>/move", methods=["GET", "POST"])
@permission_required("application:move")
def move(application_id: str) -> Answer:
    application = application_for(application_id, "application:move")
    form = MoveForm()
    page = {"plan": as_known(application), "application": application}

    def propose() -> None:
        target = _target(form.institution.data or "")
        moving.propose(current_actor(), application, target=target, reason=form.reason.data or "")
        flash(_("The move is proposed. Another coordinator must approve it."), "success")

    if form.validate_on_submit():
        answer = _do(form, application, propose)
        if answer is not None:
            return answer
    return render_form(
        "applications/move.html",
        form,
        fixed=moving.why_fixed(application),
        waiting=moving_queries.waiting(application),
        earlier=moving_queries.of(application),
        tones=TONES,
        reader=current_actor(),
        **page,
    )


def _target(text: str) -> HostInstitution:
    """The institution a name means. Raises: Refused with the names that come closest."""
    found = moving_queries.approved_hosts(text)
    if len(found) == 1:
        return found[0]
    if found:
        raise Refused({"institution": [_("Several institutions have this name. Ask for one of them to be renamed.")]})
    near = [str(suggestion.name) for suggestion in directory.suggest(text, Side.HOST, 3)]
    told = _("No approved host institution has this name.")
    meant = _("Did you mean: %(names)s?", names=", ".join(near)) if near else ""
    raise Refused({"institution": [f"{told} {meant}".strip()]})


@bp.route("/moves/<string:move_id>/approve", methods=["GET", "POST"])
@permission_required("application:approve-move")
def approve_move(move_id: str) -> Answer:
    def verb(found: PlanMove, _form: Any) -> None:
        moving.approve(current_actor(), found)
        flash(_("The plan has moved. Both institutions have been told."), "success")

    return _decide(move_id, "approve", "application:approve-move", ConfirmForm(), verb)


@bp.route("/moves/<string:move_id>/reject", methods=["GET", "POST"])
@permission_required("application:approve-move")
def reject_move(move_id: str) -> Answer:
    def verb(found: PlanMove, form: Any) -> None:
        moving.reject(current_actor(), found, reason=form.comment.data or "")
        flash(_("The proposal is rejected; the plan stays where it is."), "success")

    return _decide(move_id, "reject", "application:approve-move", CommentForm(), verb)


@bp.route("/moves/<string:move_id>/withdraw", methods=["GET", "POST"])
@permission_required("application:move")
def withdraw_move(move_id: str) -> Answer:
    def verb(found: PlanMove, _form: Any) -> None:
        moving.withdraw(current_actor(), found)
        flash(_("The proposal is taken back."), "success")

    return _decide(move_id, "withdraw", "application:move", ConfirmForm(), verb)


def _decide(move_id: str, name: str, permission: str, form: Any, verb: Callable[[PlanMove, Any], None]) -> Answer:
    found: PlanMove = load(PlanMove, move_id, permission, *moving_queries.FOR_PAGE)
    application = application_for(_plan_of(found), permission)
    if form.validate_on_submit():
        answer = _do(form, application, lambda: verb(found, form))
        if answer is not None:
            return answer
    return render_form(
        "applications/move_decide.html",
        form,
        plan=as_known(application),
        move=found,
        verb=name,
        is_own=found.proposed_by_id == current_actor().id,
        is_open=found.state is MoveState.PROPOSED,
    )


def _plan_of(found: PlanMove) -> str:
    if found.application.submitted_at is None:
        raise NotFound()
    return found.application.public_id


def _do(form: Any, application: Application, verb: Callable[[], None]) -> Answer | None:
    """Run a verb once and lead back to the plan; None with the refusal on the form."""

    def run() -> str:
        verb()
        return url_for(".show", application_id=application.public_id)

    try:
        return redirect(once(form.key.data or "", current_actor().id, run))
    except Refused as refusal:
        blame(form, refusal)
        return None
