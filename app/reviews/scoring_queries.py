"""Every SELECT on score sheets and on what is said of a plan."""

from collections.abc import Collection, Sequence

from sqlalchemy import ColumnElement, Select, exists, select
from sqlalchemy.orm import joinedload, selectinload

from app.accounts.models import User
from app.applications.models import Application
from app.applications.queries import FOR_PAGE
from app.core import authz
from app.core.authz import Actor
from app.core.db import db
from app.reviews.models import Conflict, ReviewAssignment
from app.reviews.scoring_models import DiscussionPost, Review
from app.reviews.vocabulary import AssignmentState, ReviewState

#: What a list of assignments shows of the plans.
FOR_LIST = (
    joinedload(ReviewAssignment.application).joinedload(Application.host_institution),
    joinedload(ReviewAssignment.application).joinedload(Application.course),
    joinedload(ReviewAssignment.call),
    joinedload(ReviewAssignment.reviewer),
)
#: What the page of one assignment shows: the whole plan.
FOR_SHEET = (
    joinedload(ReviewAssignment.application).options(*FOR_PAGE),
    joinedload(ReviewAssignment.call),
    joinedload(ReviewAssignment.reviewer),
)
#: What the reviews of a plan say of it.
FOR_REVIEWS = (
    joinedload(Application.host_institution),
    joinedload(Application.course),
    joinedload(Application.call),
)


def in_conflict() -> ColumnElement[bool]:
    """Whether a conflict of interest stands between the expert of an assignment and its plan, now."""
    return exists().where(
        Conflict.reviewer_id == ReviewAssignment.reviewer_id,
        Conflict.application_id == ReviewAssignment.application_id,
    )


def counts() -> ColumnElement[bool]:
    """Whether what an expert handed in counts: not if the assignment was set aside, nor beside a conflict."""
    return (ReviewAssignment.state == AssignmentState.COMPLETED) & ~in_conflict()


def mine(actor: Actor) -> Sequence[ReviewAssignment]:
    """The actor's own assignments, what is due first in front; with what their list shows."""
    query = authz.visible(actor, "review:view-own", ReviewAssignment)
    order = (ReviewAssignment.call_id.desc(), ReviewAssignment.due_on, ReviewAssignment.id)
    return db.session.scalars(query.options(*FOR_LIST).order_by(*order)).all()


def mine_with_plans(actor: Actor, states: Collection[AssignmentState]) -> Sequence[ReviewAssignment]:
    """The actor's own assignments in these states with their whole plans."""
    query = authz.visible(actor, "review:write", ReviewAssignment).where(ReviewAssignment.state.in_(states))
    return db.session.scalars(query.options(*FOR_SHEET).order_by(ReviewAssignment.id)).unique().all()


def review_of(assignment: ReviewAssignment) -> Review | None:
    """The score sheet of an assignment with its marks."""
    query = select(Review).where(Review.assignment_id == assignment.id)
    return db.session.scalar(query.options(selectinload(Review.scores)))


def reviews_of(assignments: Sequence[ReviewAssignment]) -> dict[int, Review]:
    """The score sheets of several assignments with their marks, by assignment."""
    query = select(Review).where(Review.assignment_id.in_([assignment.id for assignment in assignments]))
    return {review.assignment_id: review for review in db.session.scalars(query.options(selectinload(Review.scores)))}


def numbers_of(application_id: int) -> dict[int, int]:
    """The number under which each expert of a plan appears to the others, by expert.

    Counted over all who were ever given the plan, so that nobody's number changes when somebody drops out.
    """
    query = select(ReviewAssignment.reviewer_id).where(ReviewAssignment.application_id == application_id)
    found = db.session.scalars(query.order_by(ReviewAssignment.id))
    return {reviewer_id: number for number, reviewer_id in enumerate(found, start=1)}


def _handed_in() -> Select[Review]:
    loaded = joinedload(Review.assignment).joinedload(ReviewAssignment.reviewer)
    query = select(Review).join(ReviewAssignment, Review.assignment_id == ReviewAssignment.id)
    return query.where(Review.state != ReviewState.DRAFT).options(loaded, selectinload(Review.scores))


def handed_in_of(application_id: int) -> Sequence[Review]:
    """What was handed in on a plan and counts, abstentions too; never a draft."""
    query = _handed_in().where(ReviewAssignment.application_id == application_id, counts())
    return db.session.scalars(query.order_by(ReviewAssignment.id)).all()


def set_aside_of(application_id: int) -> Sequence[Review]:
    """What was handed in on a plan and does not count any more: kept for the record."""
    query = _handed_in().where(ReviewAssignment.application_id == application_id, ~counts())
    return db.session.scalars(query.order_by(ReviewAssignment.id)).all()


def posts_of(application_id: int) -> Sequence[DiscussionPost]:
    """What was said of a plan, the oldest first."""
    query = select(DiscussionPost).where(DiscussionPost.application_id == application_id)
    loaded = (joinedload(DiscussionPost.discussion_round), joinedload(DiscussionPost.reviewer))
    return db.session.scalars(query.options(*loaded).order_by(DiscussionPost.id)).all()


def assignments_of(application_id: int) -> Sequence[ReviewAssignment]:
    """Everybody who was ever given a plan, in the order in which they were."""
    query = select(ReviewAssignment).where(ReviewAssignment.application_id == application_id)
    return db.session.scalars(query.options(joinedload(ReviewAssignment.reviewer)).order_by(ReviewAssignment.id)).all()


def names_of(user_ids: Collection[int]) -> dict[int, str]:
    """The names of people of JST who took part in a discussion."""
    found = db.session.execute(select(User.id, User.name).where(User.id.in_(user_ids)))
    return {row.id: row.name for row in found}
