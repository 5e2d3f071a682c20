"""Every SELECT on guide rates."""

from sqlalchemy import exists, select

from app.calls.models import Course, CourseCode
from app.calls.rate_models import UnitRate
from app.core.db import db


def rates(fiscal_year: int) -> list[UnitRate]:
    """The rates of a fiscal year in the guidelines' order."""
    query = select(UnitRate).where(UnitRate.fiscal_year == fiscal_year)
    return list(db.session.scalars(query.order_by(UnitRate.position, UnitRate.id)))


def rates_for(fiscal_year: int, code: CourseCode) -> list[UnitRate]:
    """The rates of a fiscal year that hold for a course."""
    return [rate for rate in rates(fiscal_year) if not rate.courses or code.value in rate.courses]


def is_published(fiscal_year: int) -> bool:
    """Whether a fiscal year is shown to everybody: some of its courses are."""
    return bool(
        db.session.scalar(select(exists().where(Course.fiscal_year == fiscal_year, Course.is_draft.is_(False))))
    )
