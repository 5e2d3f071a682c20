"""A sheet of figures: everything one page or one CSV says, exact for JST, without small cells for hosts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from app.core.authz import Actor, Scope
from app.insight import disclosure, queries
from app.insight.queries import Totals
from app.insight.question import COURSES, KINDS, Question
from app.policy import MATRIX

PERMISSION = "figures:view"
Number = int | None  # None: hidden


@dataclass(frozen=True, slots=True)
class Part:
    """People of one year, country, host or course. For hosts only the sum of both is told."""

    key: Any
    people: Number
    invitees: Number = None
    supervisors: Number = None


@dataclass(frozen=True, slots=True)
class Return:
    """People who came back in one fiscal year in one way, and how often."""

    fiscal_year: int
    kind: str
    people: Number
    revisits: Number = None


@dataclass(frozen=True)
class Sheet:
    """The figures of one question. Parts are ordered: years and courses as such, the others largest first."""

    totals: Totals
    years: list[Part] = field(default_factory=list)
    countries: list[Part] = field(default_factory=list)
    hosts: list[Part] = field(default_factory=list)
    courses: list[Part] = field(default_factory=list)
    returns: list[Return] = field(default_factory=list)
    is_protected: bool = False

    @property
    def hides(self) -> bool:
        """Whether any cell is hidden."""
        parts: list[Any] = [*self.years, *self.countries, *self.hosts, *self.courses, *self.returns]
        return any(part.people is None for part in parts)


def sees_all(actor: Actor) -> bool:
    """Whether the reader sees the figures of the whole programme exactly (JST), not only those of an institution."""
    return any(MATRIX.get(grant.role, {}).get(PERMISSION) is Scope.ANY for grant in actor.grants)


def exact(question: Question) -> Sheet:
    """The figures as they are."""
    found = queries.visitors(question)
    returned = queries.returns(question)
    return Sheet(
        totals=queries.totals(question, returned),
        years=sorted(_parts(found["fiscal_year"]), key=lambda part: part.key),
        countries=_largest_first(_parts(found["country"])),
        hosts=_largest_first(_parts(found["host_institution_id"])),
        courses=_in_order(_parts(found["course"])),
        returns=[Return(row.fiscal_year, row.kind, row.people, row.revisits) for row in returned],
    )


def protected(question: Question, own: Sequence[int]) -> Sheet:
    """The figures of the programme for people of the institutions `own`: small cells and their complements hidden.

    Only the fiscal year of the question counts, and the date for the totals: a table of years by something and its
    totals are hidden as one, so that no two answers can be subtracted from one another.
    """
    returned = queries.returns(Question(as_of=question.as_of))
    totals = queries.totals(Question(as_of=question.as_of), returned)
    tables = disclosure.protect_together(
        {
            name: (queries.people_by_year_and(name), queries.people_by_year_and(name, own))
            for name in ("country", "host_institution_id", "course")
        }
    )
    kinds = disclosure.protect(queries.returned_by_year_and_kind(), queries.returned_by_year_and_kind(own))
    year = disclosure.ALL if question.fiscal_year is None else question.fiscal_year
    return Sheet(
        totals=totals,
        years=[Part(key, tables["country"].get(key, disclosure.ALL)) for key in tables["country"].rows()],
        countries=_largest_first(_column(tables["country"], year)),
        hosts=_largest_first(_column(tables["host_institution_id"], year)),
        courses=_in_order(_column(tables["course"], year)),
        returns=[
            Return(row, kind, kinds.get(row, kind))
            for row in kinds.rows()
            for kind in KINDS
            if (row, kind) in kinds.values
        ],
        is_protected=True,
    )


def _column(table: disclosure.Protected, year: Any) -> list[Part]:
    """What a protected table says of one year, or of all of them."""
    return [Part(key, table.get(year, key)) for key in table.columns() if table.values.get((year, key))]


def _parts(found: Mapping[Any, queries.Count]) -> list[Part]:
    return [Part(key, count.people, count.invitees, count.supervisors) for key, count in found.items()]


def _largest_first(parts: list[Part]) -> list[Part]:
    """Largest first, hidden ones last; equal ones in the order of their keys."""
    return sorted(parts, key=lambda part: (part.people is None, -(part.people or 0), part.key))


def _in_order(parts: list[Part]) -> list[Part]:
    return sorted(parts, key=lambda part: COURSES.index(part.key) if part.key in COURSES else len(COURSES))
