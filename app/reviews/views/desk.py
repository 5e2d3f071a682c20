"""The expert's desk: one's own reviews, and a plan beside its score sheet."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from flask import current_app, render_template, request, url_for
from flask_babel import gettext as _

from app.applications import file_queries
from app.applications.vocabulary import SECTION_LABELS
from app.core import clock, conflict, limits
from app.core.errors import NotFound, Refused, Stale, TransitionNotAllowed
from app.core.forms import ConfirmForm
from app.core.web import Answer, blame, current_actor, done, load, permission_required, redirect, render_form
from app.reviews import (
    criteria_queries,
    desk_progress,
    phases,
    reading,
    round_queries,
    scoring_queries,
    scoring_service,
    scoring_sheet,
)
from app.reviews.models import ReviewAssignment
from app.reviews.phases import Act
from app.reviews.scoring_forms import SheetForm, sheet_form, stored
from app.reviews.scoring_models import Criterion, Review
from app.reviews.views.blueprint import bp
from app.reviews.views.unsaved import shows_what_was_typed
from app.reviews.vocabulary import READING

ANSWER = "reviews.answer"  # where an expert says whether there is a conflict
RATE = ("review-sheet", 60, timedelta(minutes=1))


@bp.get("/mine")
@permission_required("review:view-own")
def mine() -> Answer:
    """The reader's own assignments by round, with progress and what is due."""
    return render_template(
        "reviews/mine.html",
        desks=desk_progress.of(current_actor()),
        tones=phases.PHASE_TONES,
        answer_address=answer_address,
        form=ConfirmForm(),
    )


def answer_address(assignment: ReviewAssignment) -> str | None:
    """Where the expert accepts or declines to read a plan."""
    known = ANSWER in current_app.view_functions
    return url_for(ANSWER, assignment_id=assignment.public_id) if known else None


def assignment_for(assignment_id: str, permission: str = "review:write") -> ReviewAssignment:
    """An assignment of the reader with its plan. Raises: NotFound, also once the plan was withdrawn."""
    found: ReviewAssignment = load(ReviewAssignment, assignment_id, permission, *scoring_queries.FOR_SHEET)
    if not reading.is_readable(found.application):
        raise NotFound()
    return found


def reading_for(assignment_id: str, permission: str = "review:write") -> ReviewAssignment:
    """As `assignment_for`, of a plan the reader has taken on. Raises: NotFound, TransitionNotAllowed."""
    found = assignment_for(assignment_id, permission)
    if found.state not in READING:
        raise TransitionNotAllowed(_("First say whether you can read this plan without a conflict of interest."))
    return found


@dataclass(frozen=True, slots=True)
class Desk:
    """A plan that is being read: the sheet, its criteria, and what may be done with it now."""

    assignment: ReviewAssignment
    review: Review | None
    criteria: list[Criterion]
    acts: frozenset[Act]

    @property
    def may_write(self) -> bool:
        return bool(self.acts & {Act.DRAFT, Act.REVISE})

    @property
    def sheet(self) -> scoring_sheet.Sheet:
        return scoring_sheet.of(self.review, self.criteria)

    @property
    def value(self) -> float | None:
        return self.sheet.value(self.criteria)


def desk_for(assignment: ReviewAssignment) -> Desk:
    """What lies on the desk for an assignment."""
    review = scoring_queries.review_of(assignment)
    criteria = criteria_queries.of_course(assignment.application.course_id)
    return Desk(assignment, review, criteria, scoring_service.acts(assignment, review))


@bp.route("/mine/<string:assignment_id>", methods=["GET", "POST"])
@permission_required("review:write")
@shows_what_was_typed(lambda here: sheet_form(desk_for(assignment_for(**here)).criteria, None))
def read(assignment_id: str) -> Answer:
    """The plan as submitted beside the score sheet; before it is taken on, only what it is about."""
    assignment = assignment_for(assignment_id)
    if assignment.state not in READING:
        return render_template("reviews/asked.html", assignment=assignment, address=answer_address(assignment))
    desk = desk_for(assignment)
    form = sheet_form(desk.criteria, desk.review)
    if not form.validate_on_submit():
        return render_form("reviews/sheet.html", form, **_page(desk))
    try:
        with conflict.noticed():
            return _saved(desk, form)
    except Refused as refusal:
        blame(form, refusal)
        return render_form("reviews/sheet.html", form, **_page(desk))
    except Stale:
        desk = desk_for(assignment)
        theirs = _differences(form, desk)
        return render_template("reviews/sheet.html", form=form, theirs=theirs, stale=True, **_page(desk)), Stale.status


def _differences(form: SheetForm, desk: Desk) -> list[conflict.Difference]:
    version = desk.review.version if desk.review else 0
    return conflict.differences(form, stored(desk.criteria, desk.review), version)


def _saved(desk: Desk, form: SheetForm) -> Answer:
    """Save the sheet, or hand it in anew, and go where the pressed button leads."""
    actor, version, sheet = current_actor(), form.read_version(), form.sheet()
    here = desk.assignment.public_id
    if Act.REVISE in desk.acts:
        scoring_service.revise(actor, desk.assignment, sheet, version=version)
        return done(_("Your changed review is handed in."), ".mine")
    scoring_service.save_draft(actor, desk.assignment, sheet, version=version)
    if "hand_in" in request.form:
        return redirect(url_for(".hand_in", assignment_id=here))
    return done(_("Your draft is saved. Nobody else sees it."), ".read", assignment_id=here)


def _page(desk: Desk) -> dict[str, Any]:
    plan = reading.for_expert(desk.assignment.application)
    review_plan = round_queries.plan_of(desk.assignment.call_id)
    return {
        "desk": desk,
        "assignment": desk.assignment,
        "plan": plan,
        "contents": reading.contents(plan),
        "sections": SECTION_LABELS,
        "files": file_queries.submitted(desk.assignment.application),
        "review_plan": review_plan,
        "phase": phases.phase_of(review_plan, clock.now()),
        "tones": phases.PHASE_TONES,
        "why_not": "" if desk.may_write else scoring_service.why_not(desk.assignment),
    }


@bp.post("/mine/<string:assignment_id>/keep")
@permission_required("review:write")
def keep(assignment_id: str) -> Answer:
    """Keep a draft while it is being typed; answers a piece of the page with the version that was kept.

    Refused with 409 when another page of one's own saved meanwhile: nothing is overwritten unseen.
    """
    assignment = reading_for(assignment_id)
    actor = current_actor()
    limits.hit(RATE[0], str(actor.id), *RATE[1:])
    criteria = criteria_queries.of_course(assignment.application.course_id)
    form = sheet_form(criteria, None)
    if not form.validate_on_submit():
        return render_template("reviews/kept.html", form=form, review=None), Refused.status
    with conflict.noticed():
        review = scoring_service.save_draft(
            actor, assignment, form.sheet(), version=form.read_version(), is_noted=False
        )
    done_of = scoring_sheet.done_of(form.sheet(), criteria)
    return render_template("reviews/kept.html", form=form, review=review, done=done_of, at=clock.in_tokyo(clock.now()))
