"""The rounds as JST decides on them: how they stand, their plans, the release of their results."""

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from app.applications import release, round_marks, round_queries
from app.applications.models import ApplicationState
from app.applications.views.blueprint import bp
from app.applications.workflow import APPLICATION
from app.calls import queries as calls
from app.calls.models import Call, round_title
from app.core.errors import GuardsFailed, NotFound
from app.core.forms import ConfirmForm
from app.core.idempotency import once
from app.core.web import Answer, blame, current_actor, may, permission_required, render_form


def _call(call_id: str) -> Call:
    found = calls.call(current_actor(), call_id)
    if found is None:
        raise NotFound()
    return found


@bp.get("/rounds")
@permission_required("decision:view")
def rounds() -> Answer:
    return render_template("applications/rounds.html", rounds=round_queries.overview(), round_title=round_title)


@bp.get("/rounds/<string:call_id>")
@permission_required("decision:view")
def round(call_id: str) -> Answer:
    call = _call(call_id)
    tally = round_queries.tally(call)
    by_state = dict.fromkeys((state for state in ApplicationState if state is not ApplicationState.DRAFT), 0)
    for row in tally:
        by_state[row.state] += row.number
    return render_template(
        "applications/round.html",
        call=call,
        name=call.title,
        by_state=[(APPLICATION.states[state], number) for state, number in by_state.items() if number],
        outcomes=round_queries.outcomes(tally),
        plans=round_queries.of_round(call),
        states=APPLICATION.states,
        marks=round_marks.of(call),
        obstacles=release.obstacles(call) if may("round:release") else [],
        waiting=by_state[ApplicationState.DECIDED],
        job=release.job_of(call),
        may_release=may("round:release"),
    )


@bp.route("/rounds/<string:call_id>/release", methods=["GET", "POST"])
@permission_required("round:release")
def release_results(call_id: str) -> Answer:
    call = _call(call_id)
    form = ConfirmForm()
    page = {
        "call": call,
        "name": call.title,
        "outcomes": round_queries.outcomes_waiting(call),
        "obstacles": release.obstacles(call),
    }
    if not form.validate_on_submit():
        return render_form("applications/release.html", form, **page)

    def make() -> str:
        done = release.release(current_actor(), call)
        if done.job is None:
            flash(
                ngettext(
                    "The result of %(num)s plan is released.", "The results of %(num)s plans are released.", done.plans
                ),
                "success",
            )
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
