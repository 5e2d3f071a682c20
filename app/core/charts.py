"""Drawings of figures as SVG made on the server: no script, no inline style, the same on screen, phone and paper.

A drawing has no viewBox: lengths along the width are in per cent and those of text and height in pixels, so that it
fills any width while its text keeps its size. Colours and type come from the classes of assets/styles/charts.scss.
Every function gives a `Figure`; the macro `figure` of components/charts.html shows it with its table twin.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from flask_babel import gettext as _
from markupsafe import Markup, escape

from app.core.figure import Figure, Number, draw
from app.core.i18n import number

#: As many series as there are colours that every kind of colour vision tells apart.
MAX_SERIES = 6
#: Room for labels on a phone of 360 pixels, and about how wide a digit of theirs is, in pixels.
PHONE, DIGIT = 312, 8

#: Share of its slot that a column, or the columns of a group, take.
COLUMN = 0.72


def bars(
    id: str, title: str, data: Sequence[tuple[str, Number]], *, by: str, measure: str, limit: int | None = None
) -> Figure:
    """Horizontal bars, one for each (label, value), in the order given: for countries, hosts, kinds.

    `by` and `measure` head the table's columns ("Country or region", "Invitees"). With `limit` only the first so many
    are drawn; the table always has all.
    """
    drawn = data[:limit]
    top = max((value for _label, value in drawn), default=0)
    parts = []
    for index, (label, value) in enumerate(drawn):
        y = index * 40
        parts.append(
            f'<text class="app-chart__label" x="0" y="{y + 15}">{escape(label)}</text>'
            f'<text class="app-chart__value app-chart__value--end" x="100%" y="{y + 15}">{number(value)}</text>'
            f'<rect class="app-chart__track" width="100%" y="{y + 22}" height="10"/>'
            f'<rect class="app-chart__fill-1" width="{_share(value, top)}%" y="{y + 22}" height="10"/>'
        )
    return _figure(id, "bars", title, "".join(parts), len(drawn) * 40, by, (measure,), [(k, v) for k, v in data])


def columns(
    id: str,
    title: str,
    categories: Sequence[str],
    series: Sequence[tuple[str, Sequence[Number]]],
    *,
    by: str,
    stacked: bool = False,
    height: int = 260,
) -> Figure:
    """Upright columns over short categories such as fiscal years ("2026"), of one or several (name, values) series.

    Several series stand side by side, or with `stacked` on one another with their sum on top. Raises ValueError for
    more than six series or for values that do not match the categories.
    """
    _check(categories, series)
    tops = [sum(v) for v in _across(series)] if stacked else [max(v, default=0) for v in _across(series)]
    scale = _Scale(len(categories), max(tops, default=0), height)
    draw = _stack if stacked else _group
    parts = [draw(scale, index, values) for index, values in enumerate(_across(series))]
    parts.append(_axis(scale, categories))
    names = tuple(name for name, _values in series)
    rows = [(category, *values) for category, values in zip(categories, _across(series), strict=True)]
    return _figure(id, "columns", title, "".join(parts), height, by, names, rows)


def lines(
    id: str,
    title: str,
    categories: Sequence[str],
    series: Sequence[tuple[str, Sequence[Number]]],
    *,
    by: str,
    height: int = 260,
) -> Figure:
    """Lines from zero over short categories: for cumulative figures as of a date. Raises as `columns` does."""
    _check(categories, series)
    scale = _Scale(len(categories), max((max(values, default=0) for _name, values in series), default=0), height)
    parts = []
    for tone, (_name, values) in enumerate(series, 1):
        points = " ".join(f"{scale.middle(i):.2f},{scale.y(v):.1f}" for i, v in enumerate(values))
        first, last = scale.middle(0), scale.middle(len(values) - 1)
        # The curve is stretched to the width; its stroke is not (vector-effect), and text and points stay outside.
        area = (
            f'<polygon class="app-chart__area" points="{first:.2f},{scale.base} {points} {last:.2f},{scale.base}"/>'
            if len(series) == 1
            else ""
        )
        parts.append(
            f'<svg width="100%" height="{height}" viewBox="0 0 100 {height}" preserveAspectRatio="none">{area}'
            f'<polyline class="app-chart__line app-chart__stroke-{tone}" points="{points}"/></svg>'
        )
        parts.extend(_point(scale, i, value, tone) for i, value in enumerate(values))
    if len(series) == 1:
        parts.extend(_above(scale, i, value) for i, value in enumerate(series[0][1][:-1]))
    parts.append(_ends(scale, [values[-1] for _name, values in series if values]))
    parts.append(_axis(scale, categories))
    names = tuple(name for name, _values in series)
    rows = [(category, *values) for category, values in zip(categories, _across(series), strict=True)]
    return _figure(id, "lines", title, "".join(parts), height, by, names, rows)


def sparkline(values: Sequence[Number], label: str) -> Markup:
    """A word-sized line for a table cell, with `label` as its text alternative ("704, 650, 812 applications")."""
    top, steps = max(values, default=0) or 1, max(len(values) - 1, 1)
    points = [(2 + index * 76 / steps, 18 - 16 * value / top) for index, value in enumerate(values)]
    curve = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
    end = (
        f'<circle class="app-chart__fill-2" cx="{points[-1][0]:.1f}" cy="{points[-1][1]:.1f}" r="2"/>' if points else ""
    )
    return Markup(
        f'<svg class="app-sparkline" role="img" aria-label="{escape(label)}" width="80" height="20">'
        f'<polyline class="app-chart__line app-chart__stroke-1" points="{curve}"/>{end}</svg>'
    )


@dataclass(frozen=True, slots=True)
class _Scale:
    """Where things stand in a drawing of `count` categories up to the value `top`."""

    count: int
    top: Number
    height: int

    @property
    def base(self) -> int:
        return self.height - 26

    @property
    def slot(self) -> float:
        return 100 / max(self.count, 1)

    def middle(self, index: int) -> float:
        return (index + 0.5) * self.slot

    def y(self, value: Number) -> float:
        return self.base - (self.base - 24) * value / self.top if self.top else self.base

    def minor(self, index: int, beside: int = 1) -> str:
        """The class of labels that give way on a phone: counted from the last, which stays if it fits.

        `beside` labels share one slot; where those do not fit, none of them is shown.
        """
        slot, label = PHONE / max(self.count, 1), DIGIT * len(number(self.top))
        if beside > 1:
            return " app-chart__minor" if slot * COLUMN / beside < label else ""
        return " app-chart__minor" if (self.count - 1 - index) % math.ceil(label / slot) else ""


def _group(scale: _Scale, index: int, values: Sequence[Number]) -> str:
    width = scale.slot * COLUMN / len(values)
    left = scale.middle(index) - width * len(values) / 2
    minor = scale.minor(index, len(values))
    parts = []
    for place, value in enumerate(values):
        x, y = left + place * width, scale.y(value)
        parts.append(
            f'<rect class="app-chart__fill-{place + 1}" x="{_round(x)}%" width="{_round(width * 0.96)}%" '
            f'y="{y:.1f}" height="{scale.base - y:.1f}"/>'
        )
        parts.append(_value(_round(x + width * 0.48), y - 7, value, minor))
    return "".join(parts)


def _stack(scale: _Scale, index: int, values: Sequence[Number]) -> str:
    width = scale.slot * COLUMN
    x, total, parts = scale.middle(index) - width / 2, 0.0, []
    for place, value in enumerate(values, 1):
        below, total = scale.y(total), total + value
        high = below - scale.y(total)
        if not value:
            continue
        parts.append(
            f'<rect class="app-chart__fill-{place} app-chart__segment" x="{_round(x)}%" width="{_round(width)}%" '
            f'y="{below - high:.1f}" height="{high:.1f}"/>'
        )
        if high >= 18:
            middle = f'x="{_round(scale.middle(index))}%" y="{below - high / 2 + 4.5:.1f}"'
            part = f"app-chart__value app-chart__on-{place}{scale.minor(index)}"
            parts.append(f'<text class="{part}" {middle}>{number(value)}</text>')
    parts.append(
        _value(
            _round(scale.middle(index)), scale.y(total) - 7, sum(values), scale.minor(index), " app-chart__value--total"
        )
    )
    return "".join(parts)


def _point(scale: _Scale, index: int, value: Number, tone: int) -> str:
    x, y = _round(scale.middle(index)), scale.y(value)
    return f'<circle class="app-chart__dot app-chart__fill-{tone}" cx="{x}%" cy="{y:.1f}" r="4"/>'


def _above(scale: _Scale, index: int, value: Number) -> str:
    return _value(_round(scale.middle(index)), scale.y(value) - 10, value, scale.minor(index))


def _ends(scale: _Scale, values: Sequence[Number]) -> str:
    """The last value of each line, above its point, moved up where it would stand on the one below."""
    x, free, parts = _round(scale.middle(scale.count - 1)), float(scale.height), []
    for value in sorted(values):
        y = min(scale.y(value) - 10, free)
        free = y - 15
        parts.append(_value(x, y, value, "", " app-chart__value--total"))
    return "".join(parts)


def _value(x: Number, y: float, value: Number, minor: str, more: str = "") -> str:
    return f'<text class="app-chart__value{more}{minor}" x="{x}%" y="{y:.1f}">{number(value)}</text>'


def _axis(scale: _Scale, categories: Sequence[str]) -> str:
    ticks = "".join(
        f'<text class="app-chart__tick app-chart__tick--middle{scale.minor(i)}" x="{_round(scale.middle(i))}%" '
        f'y="{scale.height - 8}">{escape(category)}</text>'
        for i, category in enumerate(categories)
    )
    return f'<line class="app-chart__base" x2="100%" y1="{scale.base}" y2="{scale.base}"/>{ticks}'


def _figure(
    id: str,
    kind: str,
    title: str,
    parts: str,
    height: int,
    by: str,
    names: tuple[str, ...],
    rows: Sequence[tuple[object, ...]],
) -> Figure:
    summary = _summary(rows)
    legend = names if len(names) > 1 else ()
    return Figure(id, kind, title, summary, draw(id, title, summary, parts, height), (by, *names), tuple(rows), legend)


def _summary(rows: Sequence[tuple[object, ...]]) -> str:
    """What one sees at a glance, in words: the largest and the last, and where the rest stands."""
    totals = [(sum(v for v in row[1:] if isinstance(v, int | float)), str(row[0])) for row in rows]
    if not totals:
        return _("No figures yet.")
    most, where = max(totals, key=lambda pair: pair[0])
    return _(
        "%(count)s entries. The largest is %(name)s with %(value)s. The table below has every value.",
        count=number(len(rows)),
        name=where,
        value=number(most),
    )


def _check(categories: Sequence[str], series: Sequence[tuple[str, Sequence[Number]]]) -> None:
    if len(series) > MAX_SERIES:
        raise ValueError(f"at most {MAX_SERIES} series can be told apart, got {len(series)}")
    for name, values in series:
        if len(values) != len(categories):
            raise ValueError(f"series {name!r} has {len(values)} values for {len(categories)} categories")


def _across(series: Sequence[tuple[str, Sequence[Number]]]) -> list[tuple[Number, ...]]:
    return list(zip(*(values for _name, values in series), strict=True))


def _share(value: Number, top: Number) -> Number:
    """Per cent of the longest bar; what is there but too small to see is shown as a sliver."""
    return _round(max(value / top * 100, 0.4)) if value and top else 0


def _round(value: float) -> float:
    return round(value, 2)
