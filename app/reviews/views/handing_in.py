"""The second step of a review: hand it in, or abstain; and the plan as a paper."""

from flask import Response, render_template, request
from flask_babel import gettext as _

from app.applications.views.papers import pdf
from app.core import clock, conflict, downloads
from app.core.errors import Refused, Stale, TransitionNotAllowed
from app.core.i18n import LANGUAGES, language
from app.core.web import Answer, blame, current_actor, done, permission_required, render_form
from app.reviews import reading, scoring_service, scoring_sheet
from app.reviews.phases import Act
from app.reviews.scoring_forms import AbstainForm, HandInForm
from app.reviews.views.blueprint import bp
from app.reviews.views.desk import Desk, desk_for, reading_for
from app.reviews.views.unsaved import shows_what_was_typed


def _desk_for(assignment_id: str, act: Act) -> Desk:
    """The desk, while this may be done. Raises: NotFound, TransitionNotAllowed."""
    desk = desk_for(reading_for(assignment_id))
    if act not in desk.acts:
        raise TransitionNotAllowed(scoring_service.why_not(desk.assignment))
    return desk


@bp.route("/mine/<string:assignment_id>/hand-in", methods=["GET", "POST"])
@permission_required("review:write")
def hand_in(assignment_id: str) -> Answer:
    """The sheet once more as it will be read, with what is missing; then the button."""
    desk = _desk_for(assignment_id, Act.HAND_IN)
    form = HandInForm(desk.review)
    page = {"desk": desk, "missing": scoring_sheet.missing(desk.sheet, desk.criteria)}
    if not form.validate_on_submit():
        return render_form("reviews/hand_in.html", form, **page)
    try:
        with conflict.noticed():
            scoring_service.hand_in(current_actor(), desk.assignment, version=form.read_version())
    except Refused:
        return render_form("reviews/hand_in.html", form, **page)
    except Stale:
        desk = desk_for(desk.assignment)
        conflict.differences(form, {}, desk.review.version if desk.review else 0)
        page = {"desk": desk, "missing": scoring_sheet.missing(desk.sheet, desk.criteria)}
        return render_template("reviews/hand_in.html", form=form, stale=True, **page), Stale.status
    return done(_("Your review is handed in. Thank you."), ".mine")


@bp.route("/mine/<string:assignment_id>/abstain", methods=["GET", "POST"])
@permission_required("review:write")
@shows_what_was_typed(lambda _here: AbstainForm(None))
def abstain(assignment_id: str) -> Answer:
    desk = _desk_for(assignment_id, Act.ABSTAIN)
    form = AbstainForm(desk.review)
    if not form.validate_on_submit():
        return render_form("reviews/abstain.html", form, desk=desk)
    try:
        with conflict.noticed():
            scoring_service.abstain(
                current_actor(), desk.assignment, version=form.read_version(), reason=form.reason.data or ""
            )
    except Refused as refusal:
        blame(form, refusal)
        return render_form("reviews/abstain.html", form, desk=desk)
    except Stale:
        desk = desk_for(desk.assignment)
        conflict.differences(form, {}, desk.review.version if desk.review else 0)
        return render_template("reviews/abstain.html", form=form, stale=True, desk=desk), Stale.status
    return done(_("You have abstained. JST sees your reason."), ".mine")


@bp.get("/mine/<string:assignment_id>/files/<string:file_id>")
@permission_required("review:write")
def assigned_file(assignment_id: str, file_id: str) -> Response:
    """A file of a plan the reader has taken on, as it was submitted. Raises: NotFound for any other file."""
    return downloads.of(reading.file_of(reading_for(assignment_id).application, file_id).stored)


@bp.get("/mine/<string:assignment_id>/plan.pdf")
@permission_required("review:write")
def assigned_plan_pdf(assignment_id: str) -> Response:
    """The plan as an expert may read it, as PDF; `language` in the address, otherwise the reader's."""
    assignment = reading_for(assignment_id)
    asked = request.args.get("language", "")
    tongue = "en" if (asked if asked in LANGUAGES else language()) == "en" else "ja"
    content = reading.pdf(reading.for_expert(assignment.application), language=tongue, at=clock.now())  # type: ignore[arg-type]
    return pdf(content, f"{assignment.application.reference}-plan-{tongue}.pdf")
