"""The summary from which figures are read: remade as a whole from its sources, never changed by hand.

Two tables hold what happened on a day («…Day»), the finest grain that figures of any past date need; two hold sums over
one or two dimensions, so that a page costs the same at any size; one holds the totals since the programme began.
"""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Date, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import Base

#: Stands for "all of them" in the sums; no real row has these values.
ALL_YEARS, ALL_COUNTRIES, ALL_HOSTS, ALL_COURSES = 0, "", 0, ""
NOBODY = 0  # the sending organization of people who came from none


class VisitorDay(Base):
    """People who came, by day of entry, country, host, course and sending organization."""

    __tablename__ = "visitor_day"
    __table_args__ = (
        Index("ix_visitor_day_day", "day"),
        Index("ix_visitor_day_fiscal_year", "fiscal_year", "country"),
        Index("ix_visitor_day_country", "country", "fiscal_year"),
        Index("ix_visitor_day_host_institution_id", "host_institution_id", "fiscal_year"),
    )

    day: Mapped[date] = mapped_column(Date)
    fiscal_year: Mapped[int]
    country: Mapped[str] = mapped_column(String(2))
    host_institution_id: Mapped[int]
    course: Mapped[str] = mapped_column(String(10))
    sending_organization_id: Mapped[int]
    invitees: Mapped[int]
    supervisors: Mapped[int]


class VisitorFigure(Base):
    """The same by one or two dimensions, `dimensions` naming which ("country", "fiscal_year,country"); "" is all."""

    __tablename__ = "visitor_figure"
    __table_args__ = (
        Index("ix_visitor_figure_dimensions", "dimensions", "fiscal_year", "country", "host_institution_id"),
        Index("ix_visitor_figure_host", "host_institution_id", "dimensions"),
        Index("ix_visitor_figure_country", "country", "dimensions"),
    )

    dimensions: Mapped[str] = mapped_column(String(60))
    fiscal_year: Mapped[int]
    country: Mapped[str] = mapped_column(String(2))
    host_institution_id: Mapped[int]
    course: Mapped[str] = mapped_column(String(10))
    invitees: Mapped[int]
    supervisors: Mapped[int]
    sending_organizations: Mapped[int]
    host_institutions: Mapped[int]
    countries: Mapped[int]


class RevisitDay(Base):
    """Verified returns by day, with country of the person and host and course of the first visit.

    `people` counts a person on the day of the first return of that kind only, `revisitors` on that of the first return
    of any kind: summed over any period up to a date, nobody is counted twice.
    """

    __tablename__ = "revisit_day"
    __table_args__ = (
        Index("ix_revisit_day_day", "day"),
        Index("ix_revisit_day_country", "country", "fiscal_year"),
        Index("ix_revisit_day_host_institution_id", "host_institution_id", "fiscal_year"),
    )

    day: Mapped[date] = mapped_column(Date)
    fiscal_year: Mapped[int]
    country: Mapped[str] = mapped_column(String(2))
    host_institution_id: Mapped[int]
    course: Mapped[str] = mapped_column(String(10))
    kind: Mapped[str] = mapped_column(String(20))
    revisits: Mapped[int]
    people: Mapped[int]
    revisitors: Mapped[int]


class RevisitFigure(Base):
    """The same by fiscal year and kind."""

    __tablename__ = "revisit_figure"
    __table_args__ = (Index("ix_revisit_figure_fiscal_year", "fiscal_year", "kind", unique=True),)

    fiscal_year: Mapped[int]
    kind: Mapped[str] = mapped_column(String(20))
    revisits: Mapped[int]
    people: Mapped[int]
    revisitors: Mapped[int]


class CumulativeFigure(Base):
    """Totals since the programme began, one row for every day on which one of them changed: exact for any date."""

    __tablename__ = "cumulative_figure"
    __table_args__ = (Index("ix_cumulative_figure_as_of", "as_of", unique=True),)

    as_of: Mapped[date] = mapped_column(Date)
    invitees: Mapped[int]
    supervisors: Mapped[int]
    sending_organizations: Mapped[int]
    host_institutions: Mapped[int]
    countries: Mapped[int]
    revisits: Mapped[int]
    people: Mapped[int]
    revisitors: Mapped[int]


class FigureStamp(Base):
    """When the summary was last made and when its sources last changed: a single row."""

    __tablename__ = "figure_stamp"
    __table_args__ = (CheckConstraint("id = 1", name="single_row"),)

    made_at: Mapped[datetime | None]
    changed_at: Mapped[datetime]

    @property
    def is_behind(self) -> bool:
        """Whether something changed since the figures were made."""
        return self.made_at is None or self.changed_at > self.made_at
