"""Every SELECT on courses, rules and rounds."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Row, Select, and_, func, or_, select
from sqlalchemy.orm import joinedload, selectinload

from app.calls.models import Call, CallCourse, Course, CourseCode, Rule
from app.core import listing
from app.core.audit import AuditEvent
from app.core.authz import Actor
from app.core.db import db
from app.core.listing import Listing, Sort

_COURSES = selectinload(Call.courses).joinedload(CallCourse.course)
_EXTENSIONS = selectinload(Call.extensions)


def _known_to(actor: Actor | None, query: Select[Any], model: Any) -> Select[Any]:
    """Drafts are known only to those who edit them."""
    editor = actor is not None and (actor.may("call:edit") or actor.may("rules:edit"))
    return query if editor else query.where(model.is_draft.is_(False))


def open_calls(at: datetime) -> list[Call]:
    """The rounds that take submissions at that instant, the one closing first in front; with their courses."""
    query = select(Call).where(Call.is_draft.is_(False), Call.opens_at <= at, at < Call.closes_at)
    return list(db.session.scalars(query.options(_COURSES, _EXTENSIONS).order_by(Call.closes_at, Call.id)))


def coming_calls(at: datetime) -> list[Call]:
    """The published rounds that open later, the next one first."""
    query = select(Call).where(Call.is_draft.is_(False), Call.opens_at > at)
    return list(db.session.scalars(query.options(_COURSES, _EXTENSIONS).order_by(Call.opens_at, Call.id).limit(20)))


def closed_calls(at: datetime, limit: int = 8) -> list[Call]:
    """The rounds that closed last, the newest first."""
    query = select(Call).where(Call.is_draft.is_(False), Call.closes_at <= at)
    return list(db.session.scalars(query.options(_COURSES, _EXTENSIONS).order_by(Call.closes_at.desc()).limit(limit)))


def rounds(fiscal_year: int, actor: Actor | None = None) -> list[Call]:
    """The rounds of a fiscal year by their opening; drafts only for those who edit them."""
    query = _known_to(actor, select(Call).where(Call.fiscal_year == fiscal_year), Call)
    return list(db.session.scalars(query.options(_COURSES, _EXTENSIONS).order_by(Call.opens_at, Call.label)))


def courses(fiscal_year: int, actor: Actor | None = None) -> list[Course]:
    """The courses of a fiscal year in the order A to D, direct invitation, online; without their rules."""
    query = _known_to(actor, select(Course).where(Course.fiscal_year == fiscal_year), Course)
    order = list(CourseCode)
    return sorted(db.session.scalars(query), key=lambda course: order.index(course.code))


def courses_with_rules(fiscal_year: int) -> list[Course]:
    """The published courses of a fiscal year with their rules, in the same order."""
    query = select(Course).where(Course.fiscal_year == fiscal_year, Course.is_draft.is_(False))
    order = list(CourseCode)
    found = db.session.scalars(query.options(selectinload(Course.rules)))
    return sorted(found, key=lambda course: order.index(course.code))


def fiscal_years(actor: Actor | None = None) -> list[int]:
    """The fiscal years that have courses, the newest first."""
    query = _known_to(actor, select(Course.fiscal_year).distinct(), Course)
    return sorted(db.session.scalars(query), reverse=True)


def latest_year() -> int | None:
    """The newest fiscal year that has courses, drafts included."""
    return db.session.scalar(select(func.max(Course.fiscal_year)))


def call(actor: Actor | None, public_id: str) -> Call | None:
    """A round by its public id, as far as the reader may know it; with its courses."""
    query = _known_to(actor, select(Call).where(Call.public_id == public_id), Call)
    return db.session.scalar(query.options(_COURSES))


def course(actor: Actor | None, public_id: str) -> Course | None:
    """A course by its public id, as far as the reader may know it; with its rules."""
    query = _known_to(actor, select(Course).where(Course.public_id == public_id), Course)
    return db.session.scalar(query.options(selectinload(Course.rules)))


def course_of(fiscal_year: int, code: CourseCode) -> Course | None:
    """The course of a year, with its rules."""
    query = select(Course).where(Course.fiscal_year == fiscal_year, Course.code == code)
    return db.session.scalar(query.options(selectinload(Course.rules)))


def other_years(actor: Actor | None, subject: Course) -> list[Course]:
    """The same course in other years, the newest first."""
    query = _known_to(actor, select(Course).where(Course.code == subject.code, Course.id != subject.id), Course)
    return list(db.session.scalars(query.order_by(Course.fiscal_year.desc())))


def rounds_of_course(actor: Actor | None, subject: Course) -> list[Call]:
    """The rounds in which a course can be applied for."""
    query = select(Call).join(CallCourse).where(CallCourse.course_id == subject.id)
    return list(db.session.scalars(_known_to(actor, query, Call).options(_EXTENSIONS).order_by(Call.opens_at)))


def round_offering(subject: Course, label: str) -> Call | None:
    """The published round of that label in which a course can be applied for."""
    query = select(Call).join(CallCourse).where(CallCourse.course_id == subject.id, Call.label == label)
    return db.session.scalar(query.where(Call.is_draft.is_(False)))


def rule_with_course() -> tuple[Any, ...]:
    """What the page of a rule shows beside its own columns."""
    return (joinedload(Rule.course),)


def removed_rule(subject: Course, check_name: str) -> Rule | None:
    """The rule with that check which was taken out of a course."""
    query = select(Rule).where(Rule.course_id == subject.id, Rule.check_name == check_name)
    return db.session.scalar(query.where(Rule.removed_at.is_not(None)))


def hold_rules(subject: Course) -> None:
    """Have whoever adds to this course next wait for the end of our work, and read anew what rules it has."""
    db.session.execute(select(Course.id).where(Course.id == subject.id).with_for_update())
    db.session.expire(subject, ["rules"])


def rules_of_year(fiscal_year: int) -> dict[int, Row[*tuple[Any, ...]]]:
    """Every rule a fiscal year has or had, by number: public id, check, number of its course, when it was removed."""
    columns = (Rule.id, Rule.public_id, Rule.check_name, Rule.course_id, Rule.removed_at)
    query = select(*columns).join(Course).where(Course.fiscal_year == fiscal_year)
    return {row.id: row for row in db.session.execute(query)}


def rule_events(fiscal_year: int, arguments: Mapping[str, str], path: str) -> Listing:
    """A page of the log on a year's rules, newest first: rules that were removed and the setting up of courses too."""
    of_year = select(Course.id).where(Course.fiscal_year == fiscal_year)
    rules = select(Rule.id).where(Rule.course_id.in_(of_year))
    query = select(
        AuditEvent.at,
        AuditEvent.actor_name,
        AuditEvent.verb,
        AuditEvent.subject_type,
        AuditEvent.subject_id,
        AuditEvent.comment,
        AuditEvent.changes,
    ).where(
        or_(
            and_(AuditEvent.subject_type == Rule.__tablename__, AuditEvent.subject_id.in_(rules)),
            and_(AuditEvent.subject_type == Course.__tablename__, AuditEvent.subject_id.in_(of_year)),
        )
    )
    newest = Sort(AuditEvent.id, descending=True)
    return listing.build(
        query, key=AuditEvent.id, sorts={"newest": newest}, default="newest", arguments=arguments, path=path
    )


def whole_year(fiscal_year: int) -> tuple[list[Course], list[Call]]:
    """Courses with rules and rounds with courses of a year, drafts included: for copying."""
    found = db.session.scalars(
        select(Course).where(Course.fiscal_year == fiscal_year).options(selectinload(Course.rules))
    )
    held = db.session.scalars(select(Call).where(Call.fiscal_year == fiscal_year).options(_COURSES))
    return list(found), list(held)
