"""Approving many proposals of a round at once: choose on the round's page, read what would happen, do it."""

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from app.applications import approving
from app.applications.models import Outcome
from app.applications.views.blueprint import bp
from app.applications.views.rounds import round_of
from app.core.forms import ConfirmForm
from app.core.idempotency import once
from app.core.transaction import only_reads
from app.core.web import Answer, current_actor, permission_required

MOST = 1000  # proposals of one form


def _chosen() -> list[str]:
    return request.form.getlist("proposal")[:MOST]


@bp.post("/rounds/<string:call_id>/approve/preview")
@permission_required("decision:approve")
@only_reads
def preview_approval(call_id: str) -> Answer:
    """What approving the chosen proposals would do. Nothing is stored."""
    call = round_of(call_id)
    names = approving.choosable(current_actor(), call) if "all" in request.form else _chosen()
    if not names:
        flash(_("Choose at least one proposal."), "notice")
        return redirect(url_for(".round", call_id=call.public_id, _anchor="plans"))
    lines = approving.preview(current_actor(), call, names)
    can = [line.proposal for line in lines if not line.why_not]
    return render_template(
        "applications/round_approve.html",
        call=call,
        form=ConfirmForm(formdata=None),
        can=can,
        left=[line for line in lines if line.why_not],
        outcomes={outcome: sum(proposal.outcome is outcome for proposal in can) for outcome in Outcome},
        by_job=len(can) > approving.AT_ONCE,
    )


@bp.post("/rounds/<string:call_id>/approve")
@permission_required("decision:approve")
def approve_many(call_id: str) -> Answer:
    """Approve them: at once, or by a job if they are many."""
    call, form = round_of(call_id), ConfirmForm()
    here = url_for(".round", call_id=call.public_id, _anchor="plans")
    if not form.validate_on_submit():
        return redirect(here)

    def make() -> str:
        done = approving.approve(current_actor(), call, _chosen(), key=form.key.data or "")
        _say(done)
        return here

    return redirect(once(form.key.data or "", current_actor().id, make))


def _say(done: approving.Done) -> None:
    if done.job is not None:
        flash(_("The approval has begun. It goes on by itself; this page says how far it is."), "notice")
    elif done.approved:
        flash(ngettext("%(num)s proposal is approved.", "%(num)s proposals are approved.", done.approved), "success")
    for line in done.left[:10]:
        flash(f"{line.proposal.application.reference}: {line.why_not}", "notice")
