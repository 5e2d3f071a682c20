"""Verbs on fiscal years and rounds: enter what is known, copy a year, publish it, change a round."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from flask_babel import gettext as _

from app.calls import queries, rate_service, seed_data
from app.calls.models import Call, CallCourse, Course, CourseCode, Rule
from app.core import audit, authz, clock
from app.core.authz import SYSTEM, Actor
from app.core.db import db
from app.core.errors import Refused, Stale

DATES = ("opens_at", "closes_at", "notice_on", "visits_from", "visits_until")


@dataclass(frozen=True, slots=True)
class Seeded:
    """What seeding entered."""

    courses: int
    calls: int
    rates: int = 0


def seed_rules() -> Seeded:
    """Enter the courses, rules, rounds and guide rates known that are not there yet; what is there stays."""
    made_courses = made_calls = 0
    for year in seed_data.fiscal_years():
        present, held = queries.whole_year(year)
        by_code = {course.code: course for course in present}
        for code in seed_data.codes(year):
            if code not in by_code:
                by_code[code] = seed_data.course(year, code)
                db.session.add(by_code[code])
                audit.record(SYSTEM, "course:seed", by_code[code])
                made_courses += 1
        labels = {call.label for call in held}
        for label in seed_data.labels(year):
            if label not in labels:
                call, codes = seed_data.call(year, label)
                call.courses = [CallCourse(course=by_code[code]) for code in codes]
                db.session.add(call)
                audit.record(SYSTEM, "call:seed", call)
                made_calls += 1
    return Seeded(made_courses, made_calls, rate_service.seed_rates())


def copy_year(actor: Actor, from_year: int) -> int:
    """Copy courses, rules, rounds and guide rates of a fiscal year into the next one, days a year later, as a draft.

    Returns the new fiscal year. Raises: Forbidden; Refused when there is nothing to copy or the next year exists.
    """
    authz.require_role(actor, "rules:edit")
    authz.require_role(actor, "call:edit")
    year = from_year + 1
    courses, calls = queries.whole_year(from_year)
    if not courses:
        raise Refused({"": [_("There are no courses in that fiscal year.")]})
    if any(queries.whole_year(year)):
        raise Refused({"": [_("The next fiscal year already has courses or rounds.")]})
    copies = {course.id: _copy_course(course, year) for course in courses}
    for copy in copies.values():
        db.session.add(copy)
        audit.record(actor, "course:copy", copy)
    for call in calls:
        moved = {name: next_year(getattr(call, name)) for name in DATES}
        copied = Call(fiscal_year=year, label=call.label, is_draft=True, **moved)
        copied.courses = [CallCourse(course=copies[link.course_id]) for link in call.courses]
        db.session.add(copied)
        audit.record(actor, "call:copy", copied)
    rate_service.copy_rates(actor, from_year, year)
    return year


def _copy_course(course: Course, year: int) -> Course:
    kept = ("check_name", "severity", "clause_ja", "clause_en", "text_ja", "text_en", "to_confirm", "position")
    rules = [Rule(limit=dict(rule.limit), **{name: getattr(rule, name) for name in kept}) for rule in course.rules]
    named = ("code", "name_ja", "name_en", "summary_ja", "summary_en")
    return Course(fiscal_year=year, is_draft=True, rules=rules, **{name: getattr(course, name) for name in named})


def next_year(value: Any) -> Any:
    """A day, or the instant clocks in Tokyo show, one year later; 29 February becomes the 28th."""
    if isinstance(value, datetime):
        shown = clock.in_tokyo(value)
        return clock.tokyo(next_year(shown.date()), shown.time())
    try:
        return value.replace(year=value.year + 1)
    except ValueError:
        return date(value.year + 1, 2, 28)


def publish_year(actor: Actor, fiscal_year: int) -> None:
    """Show a copied fiscal year to everybody. Raises: Forbidden; Refused when nothing waits to be published."""
    authz.require_role(actor, "call:edit")
    courses, calls = queries.whole_year(fiscal_year)
    everything: list[Course | Call] = [*courses, *calls]
    waiting = [row for row in everything if row.is_draft]
    if not waiting:
        raise Refused({"": [_("Everything of this fiscal year is published already.")]})
    for row in waiting:
        row.is_draft = False
        audit.record(actor, f"{row.__tablename__}:publish", row)


def update_call(
    actor: Actor, call: Call, *, version: int | None, course_codes: Sequence[CourseCode], **fields: Any
) -> None:
    """Change a round; once it has opened only its notes.

    Raises: Forbidden, Stale, Refused (days out of order; something other than a note after the opening).
    """
    authz.require_role(actor, "call:edit")
    if version != call.version:
        raise Stale()
    _check_order(fields)
    has_opened = not call.is_draft and call.opens_at <= clock.now()
    before = [link.course.code for link in call.courses]
    moved = sorted(course_codes) != sorted(before)
    settled = {name for name in fields if not name.startswith("note_") and fields[name] != getattr(call, name)}
    if has_opened and (settled or moved):
        raise Refused({"": [_("The round has opened: only its notes can be changed now.")]})
    for name, value in fields.items():
        setattr(call, name, value)
    changes = audit.changes_of(call)
    if moved:
        _offer(call, course_codes)
        changes["courses"] = [", ".join(before), ", ".join(course_codes)]
        call.updated_at = clock.now()
    audit.record(actor, "call:edit", call, changes=changes)


def _offer(call: Call, codes: Sequence[CourseCode]) -> None:
    """Have a round take exactly these courses; links that stay are not made anew."""
    for link in [link for link in call.courses if link.course.code not in codes]:
        call.courses.remove(link)
    held = {link.course.code for link in call.courses}
    call.courses.extend(CallCourse(course=_course(call.fiscal_year, code)) for code in codes if code not in held)


def _course(fiscal_year: int, code: CourseCode) -> Course:
    found = queries.course_of(fiscal_year, code)
    if found is None:
        raise Refused({"courses": [_("This course does not exist in that fiscal year.")]})
    return found


def _check_order(fields: dict[str, Any]) -> None:
    problems: dict[str, list[str]] = {}
    if fields["closes_at"] <= fields["opens_at"]:
        problems["closes_on"] = [_("The round must close after it opens.")]
    if fields["visits_until"] < fields["visits_from"]:
        problems["visits_until"] = [_("The last day for visits must not be before the first.")]
    if fields["notice_on"] < clock.in_tokyo(fields["closes_at"]).date():
        problems["notice_on"] = [_("Notice is given after the round has closed.")]
    if problems:
        raise Refused(problems)
