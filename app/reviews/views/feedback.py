"""What applicants are told of the review: a round's texts to look through, and the page of one of them."""

from flask import render_template
from flask_babel import gettext as _

from app.core import audit, conflict
from app.core.errors import NotFound, Refused, Stale
from app.core.web import Answer, blame, current_actor, done, permission_required, render_form
from app.reviews import feedback, feedback_service
from app.reviews.feedback import Entry
from app.reviews.feedback_forms import FeedbackForm, stored
from app.reviews.feedback_service import Rule
from app.reviews.views.blueprint import bp
from app.reviews.views.phases import round_for


@bp.get("/rounds/<string:call_id>/feedback")
@permission_required("review:view")
def feedback_of_round(call_id: str) -> Answer:
    """Every text of the round with what becomes of it; those that seem to name their writer are marked."""
    call = round_for(call_id)
    return render_template(
        "reviews/feedback_round.html",
        call=call,
        plans=feedback.of_round(current_actor(), call),
        rule_of=feedback_service.rule_of,
        is_released=feedback.is_released,
    )


def _entry(review_id: str) -> Entry:
    found = feedback.entry_of(current_actor(), review_id)
    if found is None:
        raise NotFound()
    return found


@bp.route("/feedback/<string:review_id>", methods=["GET", "POST"])
@permission_required("feedback:edit")
def feedback_entry(review_id: str) -> Answer:
    """Pass a text on, reword it, or hold it back, with a reason."""
    entry = _entry(review_id)
    form = FeedbackForm(entry)
    page = {
        "entry": entry,
        "application": entry.review.assignment.application,
        "is_released": feedback.is_released(entry.review.assignment.application),
        "history": audit.timeline(entry.ruling) if entry.ruling is not None else [],
    }
    if not form.validate_on_submit():
        return render_form("reviews/feedback.html", form, **page)
    words = {"text": form.text.data or "", "reason": form.reason.data or ""}
    try:
        feedback_service.decide(current_actor(), entry, Rule(form.rule.data), version=form.read_version(), **words)
    except Refused as refusal:
        blame(form, refusal)
        return render_form("reviews/feedback.html", form, **page)
    except Stale:
        theirs = conflict.differences(form, stored(entry), feedback_service.version_of(entry))
        return render_template("reviews/feedback.html", form=form, theirs=theirs, stale=True, **page), Stale.status
    call_id = entry.review.assignment.call.public_id
    return done(_("What becomes of the comment is saved."), ".feedback_of_round", call_id=call_id)
