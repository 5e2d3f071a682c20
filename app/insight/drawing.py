"""A sheet as charts and the world map, and as the tables of the CSV files."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from flask_babel import gettext as _

from app.alumni.models import REVISIT_LABELS, RevisitKind
from app.core import charts
from app.core.chart_map import world_map
from app.core.figure import Figure
from app.core.i18n import fiscal_year_label, language
from app.directory import countries
from app.insight import queries
from app.insight.question import COURSES, KINDS
from app.insight.sheet import Number, Part, Sheet

TOP = 15


@dataclass(frozen=True)
class Plate:
    """A figure with the name of its CSV file and a remark."""

    figure: Figure
    name: str
    note: str = ""


def course_label(code: str) -> str:
    """ "Course A"; the direct invitation has no letter."""
    return _("Direct invitation") if code == "direct" else _("Course %(letter)s", letter=code)


def kind_label(kind: str) -> str:
    return str(REVISIT_LABELS[RevisitKind(kind)])


def plates(sheet: Sheet, *, land: str, prefix: str = "", is_own: bool = False) -> list[Plate]:
    """All figures of a sheet; `land` is the address of the map's outline, `prefix` keeps ids apart on one page."""
    names = countries.names(language())
    drawn = [
        _years(sheet, prefix),
        _cumulative(sheet, prefix),
        _map(sheet, names, land, prefix),
        _returns(sheet, prefix),
        _countries(sheet, names, prefix),
        None if is_own else _hosts(sheet, prefix),
        _courses(sheet, prefix),
    ]
    return [plate for plate in drawn if plate is not None]


def _years(sheet: Sheet, prefix: str) -> Plate:
    parts = [part for part in _every_year(sheet.years) if part.people is not None]
    labels = [str(part.key) for part in parts]
    if sheet.is_protected:
        series = [(_("People who came"), [part.people or 0 for part in parts])]
    else:
        series = [
            (_("Invitees"), [part.invitees or 0 for part in parts]),
            (_("Supervisors"), [part.supervisors or 0 for part in parts]),
        ]
    figure = charts.columns(
        f"{prefix}years",
        _("People who came, by fiscal year"),
        labels,
        series,
        by=_("Fiscal year"),
        stacked=True,
    )
    return Plate(_with_hidden(figure, [str(part.key) for part in sheet.years if part.people is None]), "years")


def _every_year(parts: Sequence[Part]) -> list[Part]:
    """The years from the first to the last, those in which nobody came among them."""
    if not parts:
        return []
    known = {part.key: part for part in parts}
    return [known.get(year, Part(year, 0, 0, 0)) for year in range(min(known), max(known) + 1)]


def _cumulative(sheet: Sheet, prefix: str) -> Plate | None:
    """Totals at the end of each year: nothing to draw for a single year, or where a year is hidden."""
    if len(sheet.years) < 2 or any(part.people is None for part in sheet.years):
        return None
    running, so_far = [], 0
    years = _every_year(sheet.years)
    for part in years:
        so_far += part.people or 0
        running.append(so_far)
    figure = charts.lines(
        f"{prefix}cumulative",
        _("People who came since the programme began"),
        [str(part.key) for part in years],
        [(_("People who came"), running)],
        by=_("Fiscal year"),
    )
    return Plate(figure, "cumulative")


def _map(sheet: Sheet, names: dict[str, str], land: str, prefix: str) -> Plate:
    figure = world_map(
        f"{prefix}map",
        _("Where they came from"),
        {part.key: part.people for part in sheet.countries if part.people},
        names=names,
        land=land,
        by=_("Country or region"),
        measure=_("People who came"),
    )
    return Plate(_with_hidden(figure, _hidden(sheet.countries, names)), "countries")


def _countries(sheet: Sheet, names: dict[str, str], prefix: str) -> Plate:
    data = _top([(names.get(part.key, part.key), part.people) for part in sheet.countries])
    figure = charts.bars(
        f"{prefix}countries",
        _("People who came, by country or region"),
        data,
        by=_("Country or region"),
        measure=_("People who came"),
        limit=TOP,
    )
    return Plate(figure, "countries", _top_note(sheet.countries))


def _hosts(sheet: Sheet, prefix: str) -> Plate:
    names = queries.host_names(part.key for part in sheet.hosts[:TOP])
    data = _top([(names[part.key][1] if part.key in names else "", part.people) for part in sheet.hosts])
    figure = charts.bars(
        f"{prefix}hosts",
        _("People who came, by host institution"),
        data,
        by=_("Host institution"),
        measure=_("People who came"),
        limit=TOP,
    )
    return Plate(figure, "hosts", _top_note(sheet.hosts))


def _courses(sheet: Sheet, prefix: str) -> Plate:
    data = [(course_label(part.key), part.people) for part in sheet.courses if part.people is not None]
    figure = charts.bars(
        f"{prefix}courses", _("People who came, by course"), data, by=_("Course"), measure=_("People who came")
    )
    hidden = [course_label(part.key) for part in sheet.courses if part.people is None]
    return Plate(_with_hidden(figure, hidden), "courses")


def _returns(sheet: Sheet, prefix: str) -> Plate:
    found_years = {row.fiscal_year for row in sheet.returns}
    years = list(range(min(found_years), max(found_years) + 1)) if found_years else []
    found = {(row.fiscal_year, row.kind): row.people for row in sheet.returns}
    kinds = [kind for kind in KINDS if any(row.kind == kind for row in sheet.returns)]
    figure = charts.columns(
        f"{prefix}revisits",
        _("People who came back, by fiscal year and kind"),
        [str(year) for year in years],
        [(kind_label(kind), [found.get((year, kind), 0) or 0 for year in years]) for kind in kinds],
        by=_("Fiscal year"),
        stacked=True,
    )
    rows = tuple((str(year), *(_cell(found.get((year, kind), 0)) for kind in kinds)) for year in years)
    return Plate(replace(figure, rows=rows), "revisits", _("Each person counts once for each kind of return."))


def _cell(value: Number) -> Any:
    return _("hidden") if value is None else value


def _hidden(parts: Sequence[Part], names: dict[str, str]) -> list[str]:
    return [names.get(part.key, str(part.key)) for part in parts if part.people is None]


def _with_hidden(figure: Figure, labels: Sequence[str]) -> Figure:
    """The figure with a line in its table for each cell that is not told."""
    if not labels:
        return figure
    width = len(figure.head) - 1
    return replace(figure, rows=(*figure.rows, *((label, *[_("hidden")] * width) for label in labels)))


def _top(data: Sequence[tuple[str, Number]]) -> list[tuple[str, int]]:
    """The largest, which are drawn, and for the table the sum of the others; hidden ones are in neither."""
    told = [(label, value) for label, value in data if value is not None]
    rest = sum(value for _label, value in told[TOP:])
    return [*told[:TOP], (_("All others"), rest)] if rest else told[:TOP]


def _top_note(parts: Sequence[Part]) -> str:
    return _("The %(number)s largest; the CSV file has all.", number=TOP) if len(parts) > TOP else ""


Table = tuple[list[str], list[tuple[Any, ...]]]


def table(sheet: Sheet, name: str) -> Table | None:
    """Heading and rows of a CSV file; None for a name there is no file of."""
    makers = {
        "years": _years_table,
        "countries": _countries_table,
        "hosts": _hosts_table,
        "courses": _courses_table,
        "revisits": _returns_table,
    }
    return makers[name](sheet) if name in makers else None


def _people_head(sheet: Sheet, *first: str) -> list[str]:
    more = [] if sheet.is_protected else [_("Invitees"), _("Supervisors")]
    return [*first, _("People who came"), *more]


def _people_row(sheet: Sheet, part: Part, *first: Any) -> tuple[Any, ...]:
    more = () if sheet.is_protected else (part.invitees, part.supervisors)
    return (*first, _cell(part.people), *more)


def _years_table(sheet: Sheet) -> Table:
    head = _people_head(sheet, _("Fiscal year"), _("Name of the fiscal year"))
    return head, [_people_row(sheet, part, part.key, fiscal_year_label(part.key)) for part in sheet.years]


def _countries_table(sheet: Sheet) -> Table:
    names = countries.names(language())
    head = _people_head(sheet, _("Code"), _("Country or region"), _("Region of the programme"))
    return head, [
        _people_row(sheet, part, part.key, names.get(part.key, part.key), str(countries.region_of(part.key)))
        for part in sheet.countries
    ]


def _hosts_table(sheet: Sheet) -> Table:
    names = queries.host_names(part.key for part in sheet.hosts)
    return _people_head(sheet, _("Host institution")), [
        _people_row(sheet, part, names[part.key][1] if part.key in names else "") for part in sheet.hosts
    ]


def _courses_table(sheet: Sheet) -> Table:
    return _people_head(sheet, _("Course")), [
        _people_row(sheet, part, course_label(part.key)) for part in sheet.courses
    ]


def _returns_table(sheet: Sheet) -> Table:
    head = [_("Fiscal year"), _("Kind"), _("People, once for each kind")]
    if not sheet.is_protected:
        head.append(_("Confirmed returns"))
    order = {kind: place for place, kind in enumerate(KINDS)}
    rows = sorted(sheet.returns, key=lambda row: (row.fiscal_year, order.get(row.kind, 99)))
    return head, [
        (row.fiscal_year, kind_label(row.kind), _cell(row.people), *(() if sheet.is_protected else (row.revisits,)))
        for row in rows
    ]


__all__ = ["COURSES", "Plate", "course_label", "kind_label", "plates", "table"]
