"""Experts, what stands between them and a plan, and what they are given to read."""

from datetime import timedelta
from typing import Any

from app.applications.models import Application
from app.calls.models import Call, Course
from app.core import clock
from app.core.authz import Role
from app.core.db import db
from app.reviews import criteria_queries, criteria_seed
from app.reviews.models import Conflict, ReviewAssignment, Reviewer, ReviewerField
from app.reviews.scoring_models import Criterion, DiscussionRound, Review, ReviewPlan, ReviewScore
from app.reviews.vocabulary import AssignmentState, ConflictReason, ReviewerState, ReviewState
from tests.factories.accounts import make_user


def make_reviewer(*fields_of_science: str, **fields: Any) -> Reviewer:
    """An active expert with an account, of no institution of the directory."""
    user = fields.pop("user", None) or make_user(Role.REVIEWER)
    values: dict[str, Any] = {
        "user_id": user.id,
        "state": ReviewerState.ACTIVE,
        "name_en": user.name,
        "email": user.email,
        "affiliation": "National Museum of Nature",
    }
    made = Reviewer(**{**values, **fields})
    made.fields = [ReviewerField(field_of_science=name) for name in fields_of_science]
    db.session.add(made)
    db.session.flush()
    return made


def make_assignment(
    application: Application, reviewer: Reviewer | None = None, state: str = "accepted", **fields: Any
) -> ReviewAssignment:
    """A plan given to an expert; it is being read unless another state is named."""
    reviewer = reviewer or make_reviewer()
    wanted = AssignmentState(state)
    values: dict[str, Any] = {"sent_at": None if wanted is AssignmentState.PROPOSED else clock.now()}
    made = ReviewAssignment(
        application=application,
        reviewer=reviewer,
        call_id=application.call_id,
        state=wanted,
        **{**values, **fields},
    )
    db.session.add(made)
    db.session.flush()
    return made


def make_conflict(
    application: Application, reviewer: Reviewer, reason: ConflictReason = ConflictReason.DECLARED
) -> Conflict:
    """A conflict of interest of an expert with a plan."""
    made = Conflict(application=application, reviewer=reviewer, reason=reason)
    db.session.add(made)
    db.session.flush()
    return made


def make_criteria(course: Course) -> list[Criterion]:
    """The criteria known for a course; the same rows when asked for again."""
    if not criteria_queries.of_course(course.id):
        db.session.add_all(criteria_seed.criteria_for(course))
        db.session.flush()
    return criteria_queries.of_course(course.id)


def make_review_plan(call: Call, phase: str = "scoring", **fields: Any) -> ReviewPlan:
    """How a round is reviewed; it is in that phase now: before, scoring, discussion or closed."""
    day, now = timedelta(days=1), clock.now().replace(microsecond=0)
    from_, until, end = {
        "before": (1, 8, 12),
        "scoring": (-1, 7, 12),
        "discussion": (-8, -1, 5),
        "closed": (-12, -8, -1),
    }[phase]
    values: dict[str, Any] = {
        "scoring_from": now + from_ * day,
        "scoring_until": now + until * day,
        "discussion_until": now + end * day,
    }
    made = ReviewPlan(call_id=call.id, **{**values, **fields})
    db.session.add(made)
    db.session.flush()
    return made


def make_review(assignment: Any, state: str = "submitted", mark: int = 4, **fields: Any) -> Review:
    """A score sheet with the same mark for every criterion of the plan's course."""
    wanted = ReviewState(state)
    made = Review(
        assignment=assignment,
        state=wanted,
        handed_in_at=None if wanted is ReviewState.DRAFT else clock.now(),
        reason="Outside my field." if wanted is ReviewState.ABSTAINED else "",
        **fields,
    )
    made.scores = [
        ReviewScore(criterion_id=criterion.id, mark=mark, comment=f"Because of {criterion.key}.")
        for criterion in make_criteria(assignment.application.course)
    ]
    if wanted is not ReviewState.DRAFT:
        assignment.state, assignment.completed_at = AssignmentState.COMPLETED, clock.now()
    db.session.add(made)
    db.session.flush()
    return made


def make_discussion(call: Call, **fields: Any) -> DiscussionRound:
    """A round of discussion that is open now."""
    now = clock.now()
    values: dict[str, Any] = {
        "name_ja": "Panel (in Japanese)",
        "name_en": "Panel",
        "opens_at": now - timedelta(hours=1),
        "closes_at": now + timedelta(hours=1),
    }
    made = DiscussionRound(call_id=call.id, **{**values, **fields})
    db.session.add(made)
    db.session.flush()
    return made
