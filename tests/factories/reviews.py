"""Experts, what stands between them and a plan, and what they are given to read."""

from typing import Any

from app.applications.models import Application
from app.core import clock
from app.core.authz import Role
from app.core.db import db
from app.reviews.models import Conflict, ReviewAssignment, Reviewer, ReviewerField
from app.reviews.vocabulary import AssignmentState, ConflictReason, ReviewerState
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
