"""The summary from which figures are read: one row per combination of dimensions, remade when its sources changed."""

from datetime import date, datetime

from sqlalchemy import Date, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from app.core import clock
from app.core.db import Base


class VisitorFigure(Base):
    """Invitees and supervisors who came, by fiscal year, country, host and course."""

    __tablename__ = "visitor_figure"
    __table_args__ = (
        Index("ix_visitor_figure_fiscal_year", "fiscal_year", "country"),
        Index("ix_visitor_figure_host", "host_institution_id", "fiscal_year"),
    )

    fiscal_year: Mapped[int]
    country: Mapped[str] = mapped_column(String(2))
    host_institution_id: Mapped[int]
    course: Mapped[str] = mapped_column(String(10))
    people: Mapped[int]


class RevisitFigure(Base):
    """Verified returns, by fiscal year of the return, country of the person, host of the first visit and kind."""

    __tablename__ = "revisit_figure"
    __table_args__ = (Index("ix_revisit_figure_fiscal_year", "fiscal_year", "kind"),)

    fiscal_year: Mapped[int]
    country: Mapped[str] = mapped_column(String(2))
    host_institution_id: Mapped[int | None]
    kind: Mapped[str] = mapped_column(String(20))
    revisits: Mapped[int]
    people: Mapped[int]


class CumulativeFigure(Base):
    """Totals since the programme began, as of the end of a month."""

    __tablename__ = "cumulative_figure"
    __table_args__ = (Index("ix_cumulative_figure_as_of", "as_of", unique=True),)

    as_of: Mapped[date] = mapped_column(Date)
    invitees: Mapped[int]
    sending_organizations: Mapped[int]
    host_institutions: Mapped[int]
    revisits: Mapped[int]
    revisitors: Mapped[int]


class FigureStamp(Base):
    """When the summary was last made, and whether its sources changed since."""

    __tablename__ = "figure_stamp"

    made_at: Mapped[datetime] = mapped_column(default=clock.now)
    dirty: Mapped[bool] = mapped_column(default=True)
