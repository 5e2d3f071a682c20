"""The release of a round's results: at once, or at a minute that is set, moved or taken back."""

from flask import flash, redirect, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from app.applications import release, release_clock, round_queries
from app.applications.proposal_forms import MinuteForm
from app.applications.views.blueprint import bp
from app.applications.views.rounds import round_of
from app.core import clock
from app.core.errors import GuardsFailed, Refused
from app.core.forms import ConfirmForm
from app.core.idempotency import once
from app.core.web import Answer, blame, current_actor, permission_required, render_form


@bp.route("/rounds/<string:call_id>/release", methods=["GET", "POST"])
@permission_required("round:release")
def release_results(call_id: str) -> Answer:
    call = round_of(call_id)
    form = ConfirmForm()
    page = {
        "call": call,
        "name": call.title,
        "outcomes": round_queries.outcomes_waiting(call),
        "obstacles": release.obstacles(call),
        "countdown": release_clock.countdown(call),
    }
    if not form.validate_on_submit():
        return render_form("applications/release.html", form, **page)

    def make() -> str:
        done = release.release(current_actor(), call)
        if done.job is None:
            flash(_told(done.plans), "success")
        else:
            flash(_("The release has begun. It goes on by itself; this page says how far it is."), "notice")
        return url_for(".round", call_id=call.public_id)

    try:
        return redirect(once(form.key.data or "", current_actor().id, make))
    except GuardsFailed as refusal:
        blame(form, refusal)
        return render_form("applications/release.html", form, **page)


def _told(plans: int) -> str:
    return ngettext("The result of %(num)s plan is released.", "The results of %(num)s plans are released.", plans)


@bp.route("/rounds/<string:call_id>/release-time", methods=["GET", "POST"])
@permission_required("round:release")
def set_release(call_id: str) -> Answer:
    """Set the minute of the release, or move it."""
    call = round_of(call_id)
    at = clock.in_tokyo(call.release_at) if call.release_at is not None else None
    form = MinuteForm(data={"day": at.date() if at else call.notice_on, "hour": at.time() if at else None})
    page = {"call": call, "obstacles": release.obstacles(call)}
    if not form.validate_on_submit():
        return render_form("applications/release_time.html", form, **page)

    def make() -> str:
        release_clock.set_minute(current_actor(), call, form.moment)
        flash(_("The time of the release is set."), "success")
        return url_for(".round", call_id=call.public_id)

    try:
        return redirect(once(form.key.data or "", current_actor().id, make))
    except Refused as refusal:
        blame(form, refusal)
        return render_form("applications/release_time.html", form, **page)


@bp.route("/rounds/<string:call_id>/release-time/cancel", methods=["GET", "POST"])
@permission_required("round:release")
def cancel_release(call_id: str) -> Answer:
    """Take the minute back."""
    call, form = round_of(call_id), ConfirmForm()
    if not form.validate_on_submit():
        return render_form("applications/release_cancel.html", form, call=call, countdown=release_clock.countdown(call))

    def make() -> str:
        release_clock.cancel(current_actor(), call)
        flash(_("The time of the release is taken back."), "success")
        return url_for(".round", call_id=call.public_id)

    return redirect(once(form.key.data or "", current_actor().id, make))
