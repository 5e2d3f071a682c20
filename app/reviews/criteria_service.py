"""Verbs on criteria of review: set up, begin from last year's, add, change, remove; until scoring begins."""

from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select

from app.calls.models import Course
from app.core import audit, authz, clock
from app.core.authz import SYSTEM, Actor
from app.core.db import db, new_public_id
from app.core.errors import Refused, Stale, TransitionNotAllowed
from app.reviews import criteria_queries, criteria_seed
from app.reviews.scoring_models import Criterion

COPIED = ("key", "label_ja", "label_en", "help_ja", "help_en", "weight", "position")
WORDS = ("label_ja", "label_en", "help_ja", "help_en", "weight", "anchors")


def seed() -> int:
    """Enter the criteria known for courses that have none yet; what is there stays. Returns how many."""
    courses = db.session.scalars(select(Course).where(Course.fiscal_year.in_(criteria_seed.fiscal_years()))).all()
    held = criteria_queries.of_courses([course.id for course in courses])
    made = 0
    for course in courses:
        for criterion in [] if held.get(course.id) else criteria_seed.criteria_for(course):
            db.session.add(criterion)
            audit.record(SYSTEM, "criterion:seed", criterion)
            made += 1
    return made


def is_open(course: Course) -> bool:
    """Whether the criteria of a course can still be changed: no round that takes it is being scored."""
    return not criteria_queries.begun_scoring([course.id], clock.now())


def begin_from(actor: Actor, course: Course, earlier: Course) -> int:
    """Begin the criteria of a course from those of an earlier year; what it has already stays. Returns how many.

    Raises: Forbidden; TransitionNotAllowed once scoring has begun; Refused when nothing is missing.
    """
    _require(actor, course)
    held = {criterion.key for criterion in criteria_queries.of_course(course.id)}
    missing = [criterion for criterion in criteria_queries.of_course(earlier.id) if criterion.key not in held]
    if not missing:
        raise Refused({"from_year": [_("This course has all criteria of that year already. Choose another year.")]})
    for criterion in missing:
        kept = {name: getattr(criterion, name) for name in COPIED}
        copy = Criterion(course_id=course.id, anchors=dict(criterion.anchors), **kept)
        db.session.add(copy)
        audit.record(actor, "criterion:copy", copy)
    return len(missing)


def add(actor: Actor, course: Course, **fields: Any) -> Criterion:
    """Enter a further criterion, behind the others. Raises: Forbidden, TransitionNotAllowed."""
    _require(actor, course)
    position = max((held.position for held in criteria_queries.of_course(course.id)), default=0) + 1
    criterion = Criterion(course_id=course.id, key=f"own-{new_public_id()[:10]}", position=position, **fields)
    db.session.add(criterion)
    changes = {name: [None, audit.plain(value)] for name, value in fields.items()}
    audit.record(actor, "criterion:add", criterion, changes=changes)
    return criterion


def change(actor: Actor, criterion: Criterion, *, version: int | None, **fields: Any) -> None:
    """Change the words, anchors or weight of a criterion. Raises: Forbidden, TransitionNotAllowed, Stale, Refused."""
    _require(actor, criterion.course)
    if version != criterion.version:
        raise Stale()
    if fields.get("weight") == 0:
        _keep_some_weight(criterion)
    for name in WORDS:
        if name in fields:
            setattr(criterion, name, fields[name])
    changes = audit.changes_of(criterion)
    if changes:
        audit.record(actor, "criterion:edit", criterion, changes=changes)


def remove(actor: Actor, criterion: Criterion, *, version: int | None) -> None:
    """Take a criterion away. Raises: Forbidden, TransitionNotAllowed, Stale; Refused (marked, or the last)."""
    _require(actor, criterion.course)
    if version != criterion.version:
        raise Stale()
    if criteria_queries.is_marked(criterion):
        raise Refused({"": [_("Marks have been given for this criterion. Set its weight to 0 instead.")]})
    _keep_some_weight(criterion)
    gone = {name: [audit.plain(getattr(criterion, name)), None] for name in WORDS}
    audit.record(actor, "criterion:remove", criterion.course, comment=criterion.label, changes=gone)
    db.session.delete(criterion)
    db.session.flush()


def _require(actor: Actor, course: Course) -> None:
    authz.require_role(actor, "criteria:edit")
    if not is_open(course):
        raise TransitionNotAllowed(_("Scoring by these criteria has begun. They stay as they are."))


def _keep_some_weight(criterion: Criterion) -> None:
    others = [held for held in criteria_queries.of_course(criterion.course_id) if held is not criterion]
    if not any(held.weight for held in others):
        raise Refused({"weight": [_("At least one criterion must have a weight above 0.")]})
