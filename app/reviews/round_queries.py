"""Every SELECT on the review of a round: its dates, its discussion, which rounds there are."""

from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import case, exists, func, select
from sqlalchemy.orm import joinedload

from app.applications.models import Application, ApplicationState
from app.calls.models import Call, CallCourse, Course
from app.core import authz
from app.core.authz import Actor
from app.core.db import db
from app.reviews.models import Conflict, ReviewAssignment
from app.reviews.scoring_models import Criterion, DiscussionRound, ReviewPlan
from app.reviews.vocabulary import TOLD, AssignmentState

#: Plans that are, or were, a matter of review; others are no longer or not yet.
REVIEWED = (
    ApplicationState.SUBMITTED,
    ApplicationState.RETURNED,
    ApplicationState.UNDER_REVIEW,
    ApplicationState.DECIDED,
    ApplicationState.ADOPTED,
    ApplicationState.RESERVE,
    ApplicationState.DECLINED,
    ApplicationState.COMPLETED,
)


def plan_of(call_id: int) -> ReviewPlan | None:
    """The dates of a round's review."""
    return db.session.scalar(select(ReviewPlan).where(ReviewPlan.call_id == call_id))


def scoring_now(now: datetime) -> Sequence[ReviewPlan]:
    """The dates of the rounds that are being scored, with their rounds."""
    query = select(ReviewPlan).where(ReviewPlan.scoring_from <= now, ReviewPlan.scoring_until > now)
    return db.session.scalars(query.options(joinedload(ReviewPlan.call)).order_by(ReviewPlan.id)).all()


def plans_of(call_ids: Collection[int]) -> dict[int, ReviewPlan]:
    """The dates of several rounds' reviews, by round."""
    found = db.session.scalars(select(ReviewPlan).where(ReviewPlan.call_id.in_(call_ids)))
    return {plan.call_id: plan for plan in found}


def rounds() -> list[Call]:
    """The published rounds to which plans came, the latest first."""
    has_plans = select(Application.call_id).where(Application.submitted_at.is_not(None))
    query = select(Call).where(Call.is_draft.is_(False), Call.id.in_(has_plans))
    return list(db.session.scalars(query.order_by(Call.closes_at.desc(), Call.id.desc())))


def plan_counts(call_ids: Collection[int]) -> dict[int, int]:
    """How many plans each round has that are a matter of review."""
    query = (
        select(Application.call_id, func.count())
        .where(Application.call_id.in_(call_ids), Application.state.in_(REVIEWED))
        .group_by(Application.call_id)
    )
    return {call_id: number for call_id, number in db.session.execute(query)}


def courses_without_criteria(call_id: int) -> list[Course]:
    """The courses of a round whose plans nobody could score: no criterion of theirs has a weight."""
    weighty = select(Criterion.course_id).where(Criterion.weight > 0)
    query = select(Course).join(CallCourse).where(CallCourse.call_id == call_id, Course.id.not_in(weighty))
    return list(db.session.scalars(query))


def discussions(call_id: int) -> Sequence[DiscussionRound]:
    """The rounds of discussion of a call, in their order."""
    query = select(DiscussionRound).where(DiscussionRound.call_id == call_id)
    return db.session.scalars(query.order_by(DiscussionRound.opens_at, DiscussionRound.id)).all()


def discussion_now(call_id: int, now: datetime) -> DiscussionRound | None:
    """The round of discussion that is open at an instant; of two, the one that opened last."""
    query = select(DiscussionRound).where(
        DiscussionRound.call_id == call_id, DiscussionRound.opens_at <= now, DiscussionRound.closes_at > now
    )
    return db.session.scalars(query.order_by(DiscussionRound.opens_at.desc(), DiscussionRound.id.desc())).first()


def reviewed_plans(actor: Actor, call_id: int) -> Sequence[Application]:
    """The plans of a round that are a matter of review and that the actor may read, with what their list shows."""
    query = authz.visible(actor, "application:view", Application).where(
        Application.call_id == call_id, Application.state.in_(REVIEWED)
    )
    loaded = (joinedload(Application.host_institution), joinedload(Application.course))
    return db.session.scalars(query.options(*loaded).order_by(Application.reference)).all()


def assignments_of_round(call_id: int) -> Sequence[ReviewAssignment]:
    """Every assignment of a round with its expert, those set aside too."""
    query = select(ReviewAssignment).where(ReviewAssignment.call_id == call_id)
    return db.session.scalars(query.options(joinedload(ReviewAssignment.reviewer)).order_by(ReviewAssignment.id)).all()


def conflicting(assignment_ids: Collection[int]) -> set[int]:
    """Of these assignments, those whose expert has a conflict with the plan."""
    query = (
        select(ReviewAssignment.id)
        .join(
            Conflict,
            (Conflict.reviewer_id == ReviewAssignment.reviewer_id)
            & (Conflict.application_id == ReviewAssignment.application_id),
        )
        .where(ReviewAssignment.id.in_(assignment_ids))
    )
    return set(db.session.scalars(query))


def progress_of(call_ids: Collection[int]) -> dict[int, tuple[int, int]]:
    """By round, how many assignments experts have been given and how many of these are done."""
    is_done = func.sum(case((ReviewAssignment.state == AssignmentState.COMPLETED, 1), else_=0))
    query = (
        select(ReviewAssignment.call_id, func.count(), is_done)
        .where(ReviewAssignment.call_id.in_(call_ids), ReviewAssignment.state.in_(TOLD))
        .group_by(ReviewAssignment.call_id)
    )
    return {call_id: (given, int(done)) for call_id, given, done in db.session.execute(query)}


def waiting_on(call_id: int) -> Sequence[ReviewAssignment]:
    """The assignments of a round that experts have not finished, with their experts; never beside a conflict."""
    in_conflict = exists().where(
        Conflict.reviewer_id == ReviewAssignment.reviewer_id,
        Conflict.application_id == ReviewAssignment.application_id,
    )
    query = select(ReviewAssignment).where(
        ReviewAssignment.call_id == call_id,
        ReviewAssignment.state.in_((AssignmentState.SENT, AssignmentState.ACCEPTED)),
        ~in_conflict,
    )
    loaded = joinedload(ReviewAssignment.reviewer)
    return db.session.scalars(query.options(loaded).order_by(ReviewAssignment.reviewer_id, ReviewAssignment.id)).all()


def late_by_round(now: datetime, today: date) -> Sequence[Any]:
    """Rounds that are being scored with the number of reviews that were due before today, where there are some."""
    query = (
        select(Call.public_id, Call.fiscal_year, Call.label, func.count().label("late"))
        .join(ReviewPlan, ReviewPlan.call_id == Call.id)
        .join(ReviewAssignment, ReviewAssignment.call_id == Call.id)
        .where(
            ReviewPlan.scoring_from <= now,
            ReviewPlan.scoring_until > now,
            ReviewAssignment.state.in_((AssignmentState.SENT, AssignmentState.ACCEPTED)),
            ReviewAssignment.due_on < today,
        )
        .group_by(Call.id, Call.public_id, Call.fiscal_year, Call.label)
    )
    return db.session.execute(query.order_by(Call.id)).all()
