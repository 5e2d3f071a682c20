"""Courses with the real rules of their year, and rounds."""

from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import select

from app.accounts.models import User
from app.calls import prerequisite_service, rate_queries, seed_data
from app.calls.models import Call, CallCourse, CallExtension, Course, CourseCode
from app.calls.prerequisite_model import Prerequisite
from app.calls.rate_models import UnitRate
from app.core import clock
from app.core.authz import Role
from app.core.db import db
from tests.factories.accounts import make_user


def make_course(code: str = "A", fiscal_year: int = 2025, **fields: Any) -> Course:
    """The course of that year with its real rules; the same row when asked for again."""
    found = db.session.scalar(select(Course).where(Course.fiscal_year == fiscal_year, Course.code == CourseCode(code)))
    if found is None:
        found = seed_data.course(fiscal_year, CourseCode(code))
        db.session.add(found)
    for name, value in fields.items():
        setattr(found, name, value)
    db.session.flush()
    return found


def make_call(
    label: str = "1",
    fiscal_year: int = 2025,
    *,
    courses: list[Course] | None = None,
    opens_at: datetime | None = None,
    closes_at: datetime | None = None,
    **fields: Any,
) -> Call:
    """A round that is open now (yesterday to 30 days from now) and takes the courses given, or course A."""
    now = clock.now().replace(microsecond=0)
    values: dict[str, Any] = {
        "fiscal_year": fiscal_year,
        "label": label,
        "opens_at": opens_at or now - timedelta(days=1),
        "closes_at": closes_at or now + timedelta(days=30),
        "notice_on": date(fiscal_year, 6, 15),
        "visits_from": date(fiscal_year, 7, 25),
        "visits_until": date(fiscal_year + 1, 3, 13),
    }
    call = Call(**{**values, **fields})
    call.courses = [CallCourse(course=course) for course in courses or [make_course("A", fiscal_year)]]
    db.session.add(call)
    db.session.flush()
    return call


def make_extension(call: Call, *, minutes: int = 60, proposed_by: User | None = None) -> CallExtension:
    """A proposal that a round closes later; it waits for a second person."""
    made = CallExtension(
        call=call,
        minutes=minutes,
        reason_ja="Interruption of the service (in Japanese)",
        reason_en="The service was interrupted.",
        proposed_by_id=(proposed_by or make_user(Role.COORDINATOR)).id,
    )
    db.session.add(made)
    db.session.flush()
    return made


def make_prerequisites() -> list[Prerequisite]:
    """The steps known from public pages."""
    prerequisite_service.seed()
    db.session.flush()
    return list(db.session.scalars(select(Prerequisite).order_by(Prerequisite.position)))


def make_prerequisite(code: str = "insurance", **fields: Any) -> Prerequisite:
    """One of those steps; the same row when asked for again."""
    found = next(row for row in make_prerequisites() if row.code == code)
    for name, value in fields.items():
        setattr(found, name, value)
    db.session.flush()
    return found


def make_rates(fiscal_year: int = 2025) -> list[UnitRate]:
    """The guide rates known for that year; the same rows when asked for again."""
    if not rate_queries.rates(fiscal_year):
        db.session.add_all(seed_data.rates(fiscal_year))
        db.session.flush()
    return rate_queries.rates(fiscal_year)
