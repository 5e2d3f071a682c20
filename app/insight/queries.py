"""Every SELECT on the summary: from ready sums where they answer the question, else from the days. Exact either way."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, distinct, func, select

from app.core.db import db
from app.core.i18n import localized
from app.directory.models import HostInstitution
from app.insight.models import (
    NOBODY,
    CumulativeFigure,
    FigureStamp,
    RevisitDay,
    RevisitFigure,
    VisitorDay,
    VisitorFigure,
)
from app.insight.question import Question

DIMENSIONS = ("fiscal_year", "country", "host_institution_id", "course")
SUMMED_OVER = 2  # dimensions over which sums are kept ready
Key = int | str


@dataclass(frozen=True, slots=True)
class Count:
    """People who came."""

    invitees: int = 0
    supervisors: int = 0

    @property
    def people(self) -> int:
        return self.invitees + self.supervisors


@dataclass(frozen=True, slots=True)
class Totals:
    """The figures of a whole. `returned` counts a person once for each kind of return, `revisitors` once in all."""

    invitees: int = 0
    supervisors: int = 0
    sending_organizations: int = 0
    host_institutions: int = 0
    countries: int = 0
    revisits: int = 0
    returned: int = 0
    revisitors: int = 0


@dataclass(frozen=True, slots=True)
class Returns:
    """Confirmed returns of one fiscal year and kind."""

    fiscal_year: int
    kind: str
    revisits: int
    people: int
    revisitors: int


def stamp() -> FigureStamp | None:
    """When the figures were made; None if never."""
    return db.session.get(FigureStamp, 1)


def _named(dimensions: Iterable[str]) -> str:
    """How the ready sums name a set of dimensions."""
    held = set(dimensions)
    return ",".join(name for name in DIMENSIONS if name in held)


def _held(table: Any, question: Question) -> list[ColumnElement[bool]]:
    """The question as conditions on a table of the summary."""
    conditions: list[ColumnElement[bool]] = []
    if question.fiscal_year is not None:
        conditions.append(table.fiscal_year == question.fiscal_year)
    if question.countries:
        conditions.append(_is_in(table.country, question.countries))
    if question.hosts:
        conditions.append(_is_in(table.host_institution_id, question.hosts))
    if question.courses:
        conditions.append(_is_in(table.course, question.courses))
    if question.as_of is not None and hasattr(table, "day"):
        conditions.append(table.day <= question.as_of)
    return conditions


def _is_in(column: Any, values: Sequence[Any]) -> ColumnElement[bool]:
    return column == values[0] if len(values) == 1 else column.in_(values)


def visitors(question: Question, dimensions: Sequence[str] = DIMENSIONS) -> dict[str, dict[Any, Count]]:
    """People who came, by each of the dimensions: {"country": {"NP": Count(…)}}; one query where sums are ready."""
    names = {_named(question.dimensions | {name}): name for name in dimensions}
    wide = max(name.count(",") + 1 for name in names)
    if not question.is_plain or wide > SUMMED_OVER:
        return {name: _visitors_from_days(question, name) for name in dimensions}
    table = VisitorFigure
    # The dimension under which a row stands tells which of the questions it answers; two may share one (a held one).
    rows = db.session.execute(
        select(
            table.dimensions,
            table.fiscal_year,
            table.country,
            table.host_institution_id,
            table.course,
            table.invitees,
            table.supervisors,
        ).where(table.dimensions.in_(list(names)), *_held(table, question))
    ).all()
    found: dict[str, dict[Any, Count]] = {name: {} for name in dimensions}
    asked = {name: _named(question.dimensions | {name}) for name in dimensions}
    places = {name: index + 1 for index, name in enumerate(DIMENSIONS)}
    by_sum: dict[str, list[Any]] = defaultdict(list)
    for row in rows:
        by_sum[row[0]].append(row)
    for name in dimensions:
        place = places[name]
        found[name] = {row[place]: Count(row[5], row[6]) for row in by_sum[asked[name]]}
    return found


def _visitors_from_days(question: Question, dimension: str) -> dict[Any, Count]:
    column = getattr(VisitorDay, dimension)
    rows = db.session.execute(
        select(column, func.sum(VisitorDay.invitees), func.sum(VisitorDay.supervisors))
        .where(*_held(VisitorDay, question))
        .group_by(column)
    )
    return {key: Count(int(invitees), int(supervisors)) for key, invitees, supervisors in rows}


def people_by_year_and(dimension: str, hosts: Sequence[int] = ()) -> dict[tuple[int, Any], int]:
    """People by fiscal year and another dimension, of the whole programme or of some hosts: for hiding small cells."""
    if hosts:
        column = getattr(VisitorDay, dimension)
        query = (
            select(VisitorDay.fiscal_year, column, func.sum(VisitorDay.invitees + VisitorDay.supervisors))
            .where(VisitorDay.host_institution_id.in_(hosts))
            .group_by(VisitorDay.fiscal_year, column)
        )
    else:
        column = getattr(VisitorFigure, dimension)
        query = select(VisitorFigure.fiscal_year, column, VisitorFigure.invitees + VisitorFigure.supervisors).where(
            VisitorFigure.dimensions == _named(("fiscal_year", dimension))
        )
    return {(year, key): int(people) for year, key, people in db.session.execute(query)}


def returned_by_year_and_kind(hosts: Sequence[int] = ()) -> dict[tuple[int, str], int]:
    """People who came back by fiscal year and kind, of the whole programme or of some hosts."""
    query = select(RevisitDay.fiscal_year, RevisitDay.kind, func.sum(RevisitDay.people))
    if hosts:
        query = query.where(RevisitDay.host_institution_id.in_(hosts))
    rows = db.session.execute(query.group_by(RevisitDay.fiscal_year, RevisitDay.kind))
    return {(year, kind): int(people) for year, kind, people in rows}


def returns(question: Question) -> list[Returns]:
    """Confirmed returns by fiscal year and kind."""
    is_ready = question.as_of is None and question.dimensions <= {"fiscal_year"}
    table: Any = RevisitFigure if is_ready else RevisitDay
    columns = (table.fiscal_year, table.kind)
    sums = (table.revisits, table.people, table.revisitors)
    held = [table.fiscal_year == question.fiscal_year] if question.fiscal_year is not None else []
    query = (
        select(*columns, *sums).where(*held)
        if is_ready
        else select(*columns, *(func.sum(column) for column in sums)).where(*_held(table, question)).group_by(*columns)
    )
    if question.kind is not None:
        query = query.where(table.kind == question.kind)
    return [Returns(year, kind, *map(int, counts)) for year, kind, *counts in db.session.execute(query)]


def totals(question: Question, found: Sequence[Returns]) -> Totals:
    """The figures of the whole; `found` are the returns of the same question, which are added up."""
    invitees, supervisors, sending, hosts, lands = _visitor_totals(question)
    return Totals(
        invitees,
        supervisors,
        sending,
        hosts,
        lands,
        sum(row.revisits for row in found),
        sum(row.people for row in found),
        sum(row.revisitors for row in found),
    )


def _visitor_totals(question: Question) -> tuple[int, int, int, int, int]:
    if not question.dimensions and question.as_of is not None:
        whole = as_of(question.as_of)
        return (
            whole.invitees,
            whole.supervisors,
            whole.sending_organizations,
            whole.host_institutions,
            whole.countries,
        )
    if question.is_plain and len(question.dimensions) <= SUMMED_OVER:
        table = VisitorFigure
        row = db.session.execute(
            select(
                table.invitees,
                table.supervisors,
                table.sending_organizations,
                table.host_institutions,
                table.countries,
            ).where(table.dimensions == _named(question.dimensions), *_held(table, question))
        ).first()
    else:
        days = VisitorDay
        row = db.session.execute(
            select(
                func.sum(days.invitees),
                func.sum(days.supervisors),
                func.count(distinct(func.nullif(days.sending_organization_id, NOBODY))),
                func.count(distinct(days.host_institution_id)),
                func.count(distinct(days.country)),
            ).where(*_held(days, question))
        ).first()
    numbers = [int(value or 0) for value in row] if row is not None else [0] * 5
    return numbers[0], numbers[1], numbers[2], numbers[3], numbers[4]


def as_of(day: date) -> Totals:
    """Totals since the programme began, at the end of a day: one look at an index."""
    row = db.session.scalar(
        select(CumulativeFigure).where(CumulativeFigure.as_of <= day).order_by(CumulativeFigure.as_of.desc()).limit(1)
    )
    if row is None:
        return Totals()
    return Totals(
        row.invitees,
        row.supervisors,
        row.sending_organizations,
        row.host_institutions,
        row.countries,
        row.revisits,
        row.people,
        row.revisitors,
    )


def host_names(ids: Iterable[int]) -> dict[int, tuple[str, str]]:
    """{row number: (public id, name in the reader's language)} of institutions."""
    wanted = list(ids)
    if not wanted:
        return {}
    host = HostInstitution
    rows = db.session.execute(select(host.id, host.public_id, host.name_ja, host.name_en).where(host.id.in_(wanted)))
    return {key: (public_id, localized(ja, en)) for key, public_id, ja, en in rows}


def host(public_id: str) -> tuple[int, str] | None:
    """Row number and name of the institution of that public id."""
    table = HostInstitution
    row = db.session.execute(select(table.id, table.name_ja, table.name_en).where(table.public_id == public_id)).first()
    return (row.id, localized(row.name_ja, row.name_en)) if row else None


def known() -> tuple[list[int], list[str]]:
    """Fiscal years and countries that have figures: for the filters."""
    table = VisitorFigure
    rows = db.session.execute(
        select(table.fiscal_year, table.country).where(table.dimensions.in_(("fiscal_year", "country")))
    ).all()
    return sorted((row[0] for row in rows if row[0]), reverse=True), [row[1] for row in rows if row[1]]


def month_ends(until: date | None = None) -> list[CumulativeFigure]:
    """The totals at the end of each month in which one of them changed, oldest first."""
    query = select(CumulativeFigure).order_by(CumulativeFigure.as_of)
    if until is not None:
        query = query.where(CumulativeFigure.as_of <= until)
    months = {(row.as_of.year, row.as_of.month): row for row in db.session.scalars(query)}
    return list(months.values())
