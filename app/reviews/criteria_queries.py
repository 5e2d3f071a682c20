"""Every SELECT on criteria of review."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import exists, or_, select
from sqlalchemy.orm import joinedload

from app.calls.models import CallCourse, Course
from app.core import listing
from app.core.audit import AuditEvent
from app.core.db import db
from app.core.listing import Listing, Sort
from app.reviews.scoring_models import Criterion, ReviewPlan, ReviewScore


def of_course(course_id: int) -> list[Criterion]:
    """The criteria of a course in their order."""
    return of_courses([course_id]).get(course_id, [])


def of_courses(course_ids: Collection[int]) -> dict[int, list[Criterion]]:
    """The criteria of several courses by course, each in their order."""
    query = select(Criterion).where(Criterion.course_id.in_(course_ids)).order_by(Criterion.position, Criterion.id)
    found: dict[int, list[Criterion]] = {}
    for criterion in db.session.scalars(query):
        found.setdefault(criterion.course_id, []).append(criterion)
    return found


def by_key(course_id: int, key: str) -> Criterion | None:
    """A criterion of a course by its key."""
    query = select(Criterion).where(Criterion.course_id == course_id, Criterion.key == key)
    return db.session.scalar(query.options(joinedload(Criterion.course)))


def earlier(course: Course) -> list[Course]:
    """The courses of the same code in earlier years that have criteria, the newest first."""
    has_some = exists().where(Criterion.course_id == Course.id)
    query = select(Course).where(Course.code == course.code, Course.fiscal_year < course.fiscal_year, has_some)
    return list(db.session.scalars(query.order_by(Course.fiscal_year.desc())))


def begun_scoring(course_ids: Collection[int], now: datetime) -> set[int]:
    """Of these courses, those whose plans are being scored or were, in some round."""
    query = (
        select(CallCourse.course_id)
        .join(ReviewPlan, ReviewPlan.call_id == CallCourse.call_id)
        .where(CallCourse.course_id.in_(course_ids), ReviewPlan.scoring_from <= now)
    )
    return set(db.session.scalars(query))


def is_marked(criterion: Criterion) -> bool:
    """Whether somebody has given a mark for it, be it in a draft."""
    return bool(db.session.scalar(select(exists().where(ReviewScore.criterion_id == criterion.id))))


def changes(course: Course, arguments: Mapping[str, str], path: str) -> Listing:
    """A page of the log on the criteria of a course, newest first; of removed ones too."""
    columns: tuple[Any, ...] = (AuditEvent.at, AuditEvent.actor_name, AuditEvent.verb, AuditEvent.comment)
    own = select(Criterion.id).where(Criterion.course_id == course.id)
    query = select(*columns, AuditEvent.changes, AuditEvent.subject_id, AuditEvent.subject_type).where(
        or_(
            (AuditEvent.subject_type == "criterion") & AuditEvent.subject_id.in_(own),
            (AuditEvent.subject_type == "course")
            & (AuditEvent.subject_id == course.id)
            & AuditEvent.verb.startswith("criterion:"),
        )
    )
    newest = Sort(AuditEvent.id, descending=True)
    return listing.build(
        query, key=AuditEvent.id, sorts={"newest": newest}, default="newest", arguments=arguments, path=path
    )
