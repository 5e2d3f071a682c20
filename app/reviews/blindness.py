"""Which plans' scores are closed to somebody of JST who is an expert too.

JST reads every review that was handed in (authorization contract, rows 32 to 35). Who reviews a plan oneself reads the
others' only once the own review is in; who has a conflict of interest with a plan reads nothing about it at all.
"""

import enum
from collections.abc import Mapping

from sqlalchemy import exists, select

from app.core.authz import Actor
from app.core.db import db
from app.reviews.models import Conflict, ReviewAssignment, Reviewer
from app.reviews.scoring_models import Review
from app.reviews.vocabulary import AssignmentState, ReviewState

WAITING = (AssignmentState.PROPOSED, AssignmentState.SENT, AssignmentState.ACCEPTED)


class Closed(enum.StrEnum):
    """Why the scores of a plan are closed."""

    OWN_FIRST = "own_first"
    CONFLICT = "conflict"


def closed_to(actor: Actor) -> Mapping[int, Closed]:
    """The plans whose scores the actor may not see now, by application; none for who is no expert."""
    own = db.session.scalar(select(Reviewer.id).where(Reviewer.user_id == actor.id)) if actor.id else None
    if own is None:
        return {}
    handed_in = exists().where(Review.assignment_id == ReviewAssignment.id, Review.state != ReviewState.DRAFT)
    pending = select(ReviewAssignment.application_id).where(
        ReviewAssignment.reviewer_id == own, ReviewAssignment.state.in_(WAITING), ~handed_in
    )
    conflicts = select(Conflict.application_id).where(Conflict.reviewer_id == own)
    return {
        **dict.fromkeys(db.session.scalars(pending), Closed.OWN_FIRST),
        **dict.fromkeys(db.session.scalars(conflicts), Closed.CONFLICT),
    }
