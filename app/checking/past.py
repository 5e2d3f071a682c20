"""What became of a host's earlier plans: later stations tell it in numbers with links; they register here.

The formal check stands before visits, reports and revisits in the programme's life and does not know them.
"""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import case, func, select

from app.applications.models import Application, ApplicationState
from app.core import charts
from app.core.authz import Actor
from app.core.db import db
from app.core.figure import Figure
from app.directory.models import HostInstitution

S = ApplicationState
YEARS = 5  # fiscal years that are drawn
ADOPTED = (S.ADOPTED, S.COMPLETED)


@dataclass(frozen=True, slots=True)
class Fact:
    """A number about a host, and where its rows are listed. `is_warning`: something that went wrong."""

    label: Any
    number: int
    endpoint: str = ""
    values: Mapping[str, Any] = field(default_factory=dict)
    is_warning: bool = False


@dataclass(frozen=True, slots=True)
class Told:
    """What one station tells of a host: numbers, and what of it is drawn by fiscal year."""

    facts: Sequence[Fact]
    by_year: Mapping[Any, Mapping[int, int]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Past:
    """Everything known of a host, and its drawing."""

    facts: list[Fact]
    drawing: Figure | None


Provider = Callable[[Actor, HostInstitution], Told | None]
_providers: list[Provider] = []


def register(provider: Provider) -> None:
    """Have a later station asked. Only `app.wiring` calls this."""
    if provider not in _providers:
        _providers.append(provider)


def of(actor: Actor, host: HostInstitution, fiscal_year: int) -> Past:
    """The history of a host up to a fiscal year: a fixed number of queries."""
    told = [_plans(actor, host)]
    told += [found for provider in _providers if (found := provider(actor, host)) is not None]
    facts = [fact for one in told for fact in one.facts]
    series: dict[Any, Mapping[int, int]] = {}
    for one in told:
        series |= one.by_year
    return Past(facts, _drawn(series, fiscal_year))


def _plans(_actor: Actor, host: HostInstitution) -> Told:
    """Plans whose results were released, and those withdrawn after they came in."""

    def counted(*states: ApplicationState) -> Any:
        return func.coalesce(func.sum(case((Application.state.in_(states), 1), else_=0)), 0)

    query = select(counted(*ADOPTED), counted(S.DECLINED), counted(S.WITHDRAWN))
    query = query.where(Application.host_institution_id == host.id, Application.submitted_at.is_not(None))
    adopted, declined, withdrawn = db.session.execute(query).one()
    shown = {"host": host.name}
    return Told(
        [
            Fact(_("Plans adopted"), adopted, "applications.index", {**shown, "state": S.ADOPTED.value}),
            Fact(_("Plans declined"), declined, "applications.index", {**shown, "state": S.DECLINED.value}),
            Fact(_("Plans withdrawn"), withdrawn, "applications.index", {**shown, "state": S.WITHDRAWN.value}),
        ]
    )


def _drawn(series: Mapping[Any, Mapping[int, int]], fiscal_year: int) -> Figure | None:
    """Columns by fiscal year; nothing where there is nothing to draw."""
    years = list(range(fiscal_year - YEARS + 1, fiscal_year + 1))
    values = [(str(name), [by_year.get(year, 0) for year in years]) for name, by_year in series.items()]
    if not any(number for _name, numbers in values for number in numbers):
        return None
    title = _("Visits and returns by fiscal year")
    return charts.columns("host-past", title, [str(year) for year in years], values, by=_("Fiscal year"), height=150)


def by_year(rows: Sequence[tuple[int, int]]) -> dict[int, int]:
    """(fiscal year, number) rows as a mapping."""
    found: dict[int, int] = defaultdict(int)
    for year, number in rows:
        found[year] += number
    return dict(found)
