"""The coordinator's calendar of a round's review: when it is scored, when and under which names it is discussed."""

from flask import flash, render_template, url_for
from flask_babel import gettext as _

from app.calls import queries as calls
from app.calls.models import Call
from app.core import audit, clock, conflict
from app.core.errors import NotFound, Refused, Stale
from app.core.idempotency import once
from app.core.web import Answer, blame, current_actor, done, load, permission_required, redirect, render_form
from app.reviews import phases, round_queries, round_service
from app.reviews.round_forms import DiscussionForm, PhasesForm
from app.reviews.scoring_models import DiscussionRound
from app.reviews.views.blueprint import bp


def round_for(call_id: str) -> Call:
    """A round the reader may know. Raises: NotFound."""
    found = calls.call(current_actor(), call_id)
    if found is None:
        raise NotFound()
    return found


@bp.route("/rounds/<string:call_id>/phases", methods=["GET", "POST"])
@permission_required("review:assign")
def phases_of_round(call_id: str) -> Answer:
    call = round_for(call_id)
    plan = round_queries.plan_of(call.id)
    form = PhasesForm(plan)
    page = {
        "call": call,
        "plan": plan,
        "phase": phases.phase_of(plan, clock.now()),
        "tones": phases.PHASE_TONES,
        "discussions": round_queries.discussions(call.id),
        "history": audit.timeline(plan, limit=20) if plan else [],
    }
    if not form.validate_on_submit():
        return render_form("reviews/phases.html", form, **page)
    try:
        with conflict.noticed():
            round_service.set_phases(current_actor(), call, version=form.read_version(), **form.payload())
    except Refused as refusal:
        blame(form, refusal)
        return render_form("reviews/phases.html", form, **page)
    except Stale:
        plan = round_queries.plan_of(call.id)
        theirs = conflict.differences(form, form.stored(plan), plan.version) if plan else []
        return render_template("reviews/phases.html", form=form, theirs=theirs, stale=True, **page), Stale.status
    return done(_("The phases of the review are set."), ".phases_of_round", call_id=call_id)


@bp.route("/rounds/<string:call_id>/discussions/new", methods=["GET", "POST"])
@permission_required("review:assign")
def add_discussion(call_id: str) -> Answer:
    call = round_for(call_id)
    form = DiscussionForm(plan=round_queries.plan_of(call.id))
    if not form.validate_on_submit():
        return render_form("reviews/discussion_round.html", form, call=call)

    def make() -> str:
        round_service.add_discussion(current_actor(), call, **form.payload())
        flash(_("The round of discussion is set."), "success")
        return url_for(".phases_of_round", call_id=call_id)

    try:
        return redirect(once(form.key.data or "", current_actor().id, make))
    except Refused as refusal:
        blame(form, refusal)
        return render_form("reviews/discussion_round.html", form, call=call)


@bp.route("/discussions/<string:discussion_id>", methods=["GET", "POST"])
@permission_required("review:assign")
def edit_discussion(discussion_id: str) -> Answer:
    held: DiscussionRound = load(DiscussionRound, discussion_id, "review:assign")
    form = DiscussionForm(held)
    page = {"call": held.call, "held": held}
    if not form.validate_on_submit():
        return render_form("reviews/discussion_round.html", form, **page)
    try:
        round_service.change_discussion(current_actor(), held, **form.payload())
    except Refused as refusal:
        blame(form, refusal)
        return render_form("reviews/discussion_round.html", form, **page)
    return done(_("The round of discussion is saved."), ".phases_of_round", call_id=held.call.public_id)
