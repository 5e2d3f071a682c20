"""An expert's verbs on the own score sheet: draft, hand in, hand in anew, abstain. Each asks clock and matrix.

What is written is kept as a draft that nobody else sees until it is handed in.
"""

from typing import Any

from flask_babel import gettext as _
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm.attributes import flag_modified

from app.applications.vocabulary import ApplicationState
from app.core import audit, authz, clock
from app.core.authz import Actor
from app.core.db import db
from app.core.errors import Refused, Stale, TransitionNotAllowed
from app.core.i18n import moment
from app.reviews import criteria_queries, phases, round_queries, scoring_queries, scoring_sheet
from app.reviews.models import ReviewAssignment
from app.reviews.phases import Act, Phase
from app.reviews.scoring_models import Criterion, Review, ReviewScore
from app.reviews.scoring_sheet import Sheet
from app.reviews.vocabulary import READING, AssignmentState, ReviewState

#: Plans that can be scored: submitted, and not decided yet.
OPEN_PLANS = (ApplicationState.SUBMITTED, ApplicationState.RETURNED, ApplicationState.UNDER_REVIEW)


def acts(assignment: ReviewAssignment, review: Review | None) -> frozenset[Act]:
    """What the expert may do with a plan now, by its state, the phase of its round, and the own sheet."""
    if assignment.state not in READING or assignment.application.state not in OPEN_PLANS:
        return phases.NOTHING
    return phases.may(round_queries.plan_of(assignment.call_id), review.state if review else None, clock.now())


def why_not(assignment: ReviewAssignment) -> str:
    """Why a sheet cannot be written now, for the reader."""
    plan = round_queries.plan_of(assignment.call_id)
    phase = phases.phase_of(plan, clock.now())
    if assignment.application.state not in OPEN_PLANS:
        return _("This plan is no longer under review.")
    if phase is Phase.BEFORE and plan is not None:
        return _("Scoring begins on %(when)s.", when=moment(plan.scoring_from))
    if phase is Phase.UNPLANNED:
        return _("Scoring has not been opened yet.")
    if phase in (Phase.DISCUSSION, Phase.CLOSED) and plan is not None:
        return _("Scoring ended on %(when)s.", when=moment(plan.scoring_until))
    return _("This sheet has been handed in.")


def save_draft(
    actor: Actor, assignment: ReviewAssignment, sheet: Sheet, *, version: int | None, is_noted: bool = True
) -> Review:
    """Keep a sheet as it stands, complete or not; nobody else sees it. `version`: of the sheet that was read, None
    before it was begun. `is_noted`: whether the log says so; it does not for what is kept while one types.

    Raises: Forbidden, TransitionNotAllowed (phase, state), Stale (another page of one's own saved), Refused.
    """
    review, criteria = _opened(actor, assignment, Act.DRAFT, version)
    _refuse(scoring_sheet.problems(sheet, criteria))
    if review is None:
        review = _begin(assignment)
        is_noted = True
    if review.state is ReviewState.ABSTAINED:
        if not is_noted:
            raise TransitionNotAllowed(_("You have abstained. Save a draft to take that back."))
        review.state, review.handed_in_at, review.reason = ReviewState.DRAFT, None, ""
        assignment.state, assignment.completed_at = AssignmentState.ACCEPTED, None
    _write(review, sheet, criteria)
    db.session.flush()
    if is_noted:
        audit.record(actor, "review:draft", review)
    return review


def hand_in(actor: Actor, assignment: ReviewAssignment, *, version: int | None) -> Review:
    """Hand in the sheet as it was saved. From now on JST sees it, and the discussion opens to its writer.

    Raises: Forbidden, TransitionNotAllowed, Stale; Refused, by field, for what is missing.
    """
    review, criteria = _opened(actor, assignment, Act.HAND_IN, version)
    sheet = scoring_sheet.of(review, criteria)
    _refuse(scoring_sheet.missing(sheet, criteria))
    assert review is not None  # an empty sheet is refused
    _complete(assignment, review, ReviewState.SUBMITTED)
    audit.record(
        actor,
        "review:hand-in",
        review,
        from_state=ReviewState.DRAFT.value,
        to_state=review.state.value,
        changes=scoring_sheet.changes(Sheet(), sheet),
    )
    return review


def revise(actor: Actor, assignment: ReviewAssignment, sheet: Sheet, *, version: int | None) -> Review:
    """Hand a sheet in anew, in one step: what stood before is kept in the log.

    Raises: Forbidden, TransitionNotAllowed, Stale; Refused, by field, also for what is missing.
    """
    review, criteria = _opened(actor, assignment, Act.REVISE, version)
    assert review is not None  # only what was handed in can be revised
    _refuse(scoring_sheet.problems(sheet, criteria) or scoring_sheet.missing(sheet, criteria))
    changes = scoring_sheet.changes(scoring_sheet.of(review, criteria), sheet)
    if not changes:
        return review
    _write(review, sheet, criteria)
    review.handed_in_at = clock.now()
    audit.record(actor, "review:hand-in-again", review, changes=changes)
    return review


def abstain(actor: Actor, assignment: ReviewAssignment, *, version: int | None, reason: str) -> Review:
    """Give no score, and say why; what was marked is kept but never counts.

    Raises: Forbidden, TransitionNotAllowed, Stale, Refused (no reason).
    """
    review, _criteria = _opened(actor, assignment, Act.ABSTAIN, version)
    if not reason.strip():
        raise Refused({"reason": [_("Say why you abstain.")]})
    review = review or _begin(assignment)
    review.reason = reason.strip()
    _complete(assignment, review, ReviewState.ABSTAINED)
    audit.record(actor, "review:abstain", review, comment=review.reason, to_state=review.state.value)
    return review


def _opened(
    actor: Actor, assignment: ReviewAssignment, act: Act, version: int | None
) -> tuple[Review | None, list[Criterion]]:
    """The sheet and its criteria, once the actor may do this to it now and saw its present version."""
    authz.require(actor, "review:write", assignment)
    review = scoring_queries.review_of(assignment)
    if act not in acts(assignment, review):
        raise TransitionNotAllowed(why_not(assignment))
    if (review.version if review else None) != version:
        raise Stale()
    return review, criteria_queries.of_course(assignment.application.course_id)


def _begin(assignment: ReviewAssignment) -> Review:
    """An empty sheet; of two pages that begin it in the same instant the later one is told. Raises: Stale."""
    review = Review(assignment_id=assignment.id)
    try:
        with db.session.begin_nested():
            db.session.add(review)
    except IntegrityError as error:
        raise Stale() from error
    return review


def _write(review: Review, sheet: Sheet, criteria: list[Criterion]) -> None:
    """Lay a sheet into its rows. The version rises even when only marks changed."""
    held = {score.criterion_id: score for score in review.scores}
    for criterion in criteria:
        mark, comment = sheet.marks.get(criterion.key), sheet.comments.get(criterion.key, "")
        score = held.get(criterion.id)
        if mark is None and not comment:
            if score is not None:
                review.scores.remove(score)
        elif score is None:
            review.scores.append(ReviewScore(criterion_id=criterion.id, mark=mark, comment=comment))
        else:
            score.mark, score.comment = mark, comment
    review.for_panel, review.for_applicant = sheet.for_panel, sheet.for_applicant
    review.updated_at = clock.now()
    flag_modified(review, "updated_at")


def _complete(assignment: ReviewAssignment, review: Review, state: ReviewState) -> None:
    review.state, review.handed_in_at = state, clock.now()
    assignment.state, assignment.completed_at = AssignmentState.COMPLETED, review.handed_in_at


def _refuse(problems: dict[str, list[Any]]) -> None:
    if problems:
        raise Refused(problems)
