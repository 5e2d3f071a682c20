"""Every SELECT on guide rates."""

from sqlalchemy import Select, bindparam, exists, select

from app.calls.models import Course, CourseCode
from app.calls.rate_models import UnitRate
from app.core.db import db


def _of_year(fiscal_year: int) -> Select[UnitRate]:
    query = select(UnitRate).where(UnitRate.fiscal_year == fiscal_year)
    return query.order_by(UnitRate.position, UnitRate.id)


_TO_JUDGE = (
    select(UnitRate)
    .where(UnitRate.fiscal_year == bindparam("fiscal_year"))
    .order_by(UnitRate.position, UnitRate.id)
    .execution_options(autoflush=False)
)


def everything(fiscal_year: int) -> list[UnitRate]:
    """The rates of a fiscal year in the guidelines' order, those that are no longer offered too."""
    return list(db.session.scalars(_of_year(fiscal_year)))


def rates(fiscal_year: int) -> list[UnitRate]:
    """The rates of a fiscal year in the guidelines' order."""
    return list(db.session.scalars(_of_year(fiscal_year).where(UnitRate.withdrawn_at.is_(None))))


def rates_for(fiscal_year: int, code: CourseCode) -> list[UnitRate]:
    """The rates of a fiscal year for a course, those no longer offered too: plans may have lines counted by them.

    Whoever judges a plan asks for them: what is pending of the plan is not stored for that.
    """
    found = db.session.scalars(_TO_JUDGE, {"fiscal_year": fiscal_year})
    return [rate for rate in found if not rate.courses or code.value in rate.courses]


def years_before(fiscal_year: int) -> list[int]:
    """The earlier fiscal years that have rates, the newest first."""
    query = select(UnitRate.fiscal_year).distinct().where(UnitRate.fiscal_year < fiscal_year)
    return sorted(db.session.scalars(query), reverse=True)


def is_published(fiscal_year: int) -> bool:
    """Whether a fiscal year is shown to everybody: some of its courses are."""
    return bool(
        db.session.scalar(select(exists().where(Course.fiscal_year == fiscal_year, Course.is_draft.is_(False))))
    )
