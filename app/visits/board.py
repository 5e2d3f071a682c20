"""What the calendar board shows, made ready for drawing."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any

from flask_babel import get_locale
from flask_babel import gettext as _

from app.calls.models import CourseCode
from app.core.authz import Actor
from app.core.chart_year import year_strip
from app.core.figure import Figure
from app.core.i18n import fiscal_year_label, language, localized
from app.directory import prefectures
from app.visits import year_queries

#: A strip with more rows than this is no picture any more; the list below it has everything.
MOST_ROWS = 60
LONGEST_LABEL = 38  # Latin letters on a phone; Japanese signs take two places


@dataclass(frozen=True)
class Board:
    """A fiscal year: its strip, its visits month by month, and those without dates."""

    year: int
    strip: Figure | None
    months: Sequence[tuple[str, Sequence[Any]]]
    undated: Sequence[Any]
    neighbours: dict[int, list[Any]]  # of each undated or planned visit, those of the same host
    total: int
    people: int
    drawn_all: bool


@dataclass(frozen=True)
class Presence:
    """Who is in Japan on a day, and who comes next."""

    visits: Sequence[Any]
    people: int
    places: Sequence[tuple[str, int, int]]  # prefecture, groups, people
    next: Sequence[Any]


def of_year(actor: Actor, year: int, *, by_host: bool, host: str = "", prefecture: str = "", course: str = "") -> Board:
    """The board of a fiscal year. `by_host` draws a row for each host, else one for each visit."""
    rows = year_queries.of_year(actor, year, host=host, prefecture=prefecture, course=course)
    dated = [row for row in rows if row.starts_on is not None]
    lines = _lines(dated, by_host=by_host)
    return Board(
        year=year,
        strip=_strip(year, lines[:MOST_ROWS], by_host=by_host) if lines else None,
        months=[(month, list(found)) for month, found in groupby(dated, lambda row: _month(row.starts_on))],
        undated=[row for row in rows if row.starts_on is None],
        neighbours=_neighbours(dated),
        total=len(rows),
        people=sum(row.people for row in rows),
        drawn_all=len(lines) <= MOST_ROWS,
    )


def _neighbours(dated: Sequence[Any]) -> dict[int, list[Any]]:
    found: dict[int, list[Any]] = {}
    for row in dated:
        found.setdefault(row.host_institution_id, []).append(row)
    return found


def _lines(dated: Sequence[Any], *, by_host: bool) -> list[tuple[str, list[tuple[date, date]]]]:
    if not by_host:
        return [(row.reference, [(row.starts_on, row.ends_on)]) for row in dated]
    lines: dict[int, tuple[str, list[tuple[date, date]]]] = {}
    for row in dated:
        line = lines.setdefault(row.host_institution_id, (_short(localized(row.host_ja, row.host_en)), []))
        line[1].append((row.starts_on, row.ends_on))
    return list(lines.values())


def _short(name: str) -> str:
    """A name that stays within the width of a phone; the list below has it in full."""
    most = LONGEST_LABEL // 2 if any(ord(sign) > 0x2E7F for sign in name) else LONGEST_LABEL
    return name if len(name) <= most else f"{name[: most - 1]}…"


def _strip(year: int, lines: Sequence[tuple[str, Sequence[tuple[date, date]]]], *, by_host: bool) -> Figure:
    locale = get_locale()
    names = [str(locale.months["stand-alone"]["abbreviated"][(index + 3) % 12 + 1]) for index in range(12)]
    return year_strip(
        "year",
        _("Visits of %(year)s", year=fiscal_year_label(year)),
        lines,
        fiscal_year=year,
        months=names,
        by=_("Host institution") if by_host else _("Visit"),
        period=_("Period of stay"),
    )


def _month(on: date) -> str:
    locale = get_locale()
    name = str(locale.months["format"]["wide"][on.month])
    return _("%(month)s %(year)s", month=name, year=on.year)


def presence(actor: Actor, on: date) -> Presence:
    """Who is in Japan on a day, where, and the next to arrive."""
    visits = year_queries.in_japan(actor, on)
    places: dict[str, list[int]] = {}
    for row in visits:
        counts = places.setdefault(row.prefecture or "", [0, 0])
        counts[0] += 1
        counts[1] += row.people
    named = [
        (prefectures.name(code, language()) if code else _("Prefecture not known"), groups, people)
        for code, (groups, people) in sorted(places.items(), key=lambda item: (-item[1][1], item[0]))
    ]
    return Presence(visits, sum(row.people for row in visits), named, year_queries.arriving(actor, on))


def course_choices() -> list[tuple[str, str]]:
    """Kinds of courses for a select box."""
    words = {CourseCode.DIRECT: _("Direct invitation"), CourseCode.ONLINE: _("Online exchange")}
    return [(code.value, words.get(code) or _("Course %(letter)s", letter=code.value)) for code in CourseCode]
