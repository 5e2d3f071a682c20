"""The days of a stay as a drawn bar with a table twin: one cell per day, and a line where the course's limit lies.

Told apart by shape and text as much as by colour, so that it reads in black and white. No script, no inline style; the
colours are those of assets/styles/_meter.scss.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from flask_babel import gettext as _
from markupsafe import Markup

from app.applications import meter as days_meter
from app.applications.meter import CULTURE, OTHER, PEERS, SPECIAL, Day, Meter
from app.core.figure import Figure, draw
from app.core.i18n import day as written_day

Words = Mapping[str, str]

HEIGHT, GAP = 60, 10  # pixels of a row of cells, and between rows
ONE_ROW, WEEK = 11, 7  # as many cells as fit beside one another on a phone; more stand in weeks
MOST = 42  # cells drawn; the table has as many

SHAPES = {
    SPECIAL: '<circle r="4.5"/>',
    PEERS: '<path d="M0-6 6 0 0 6-6 0z"/>',
    CULTURE: '<path d="M0-5.5 5.5 4.5h-11z"/>',
    OTHER: '<path d="M-3.5-3.5h7v7h-7z"/>',
}
HATCH = (
    '<defs><pattern id="meter-hatch" width="6" height="6" patternUnits="userSpaceOnUse" '
    'patternTransform="rotate(45)"><path class="app-meter__hatch" d="M0 0v6"/></pattern></defs>'
)


@dataclass(frozen=True, slots=True)
class Drawn:
    """A meter with everything its template shows: the bar, what its marks mean, what is missing."""

    figures: Meter
    bar: Figure
    legend: list[tuple[Markup, str]]
    missing: list[str]


def drawn(meter: Meter | None) -> Drawn | None:
    """The meter ready for its page; None while the days are not known."""
    return Drawn(meter, figure(meter), legend(meter), days_meter.missing(meter)) if meter is not None else None


def words() -> Words:
    """What each mark, and each look of a cell, stands for."""
    return {
        "travel": _("Arrival or departure"),
        SPECIAL: _("Special lecture or programme"),
        PEERS: _("Exchange with Japanese peers"),
        CULTURE: _("Japanese culture"),
        OTHER: _("Other"),
        "empty": _("Nothing planned"),
    }


def figure(meter: Meter) -> Figure:
    """The bar with its description in words and the same as a table."""
    title, said = _("Days of the stay"), words()
    count = min(max(meter.length, meter.allowed or 0), MOST)
    per_row = count if count <= ONE_ROW else WEEK
    cells = [_cell(meter, number, per_row) for number in range(1, count + 1)]
    parts = HATCH + "".join(cells)
    if meter.allowed is not None and meter.allowed <= count:
        parts += _limit(meter.allowed, per_row)
    rows = -(-count // per_row)
    head = (_("Day"), _("Date"), _("What is planned"))
    table = tuple((str(day.number), written_day(day.on), _holds(day, said)) for day in meter.days[:MOST])
    told = summary(meter)
    drawing = draw("meter", title, told, parts, rows * HEIGHT + (rows - 1) * GAP)
    return Figure("meter", "meter", title, told, drawing, head, table)


def summary(meter: Meter) -> str:
    """What one sees at a glance, in a sentence."""
    return _(
        "Days from entry to exit: %(days)s. Effective days with a special lecture or programme: %(special)s of "
        "%(effective)s.",
        days=meter.length,
        special=meter.special,
        effective=meter.effective,
    )


def legend(meter: Meter) -> list[tuple[Markup, str]]:
    """(sample, words) of what occurs in the bar."""
    said = words()
    found = dict.fromkeys(look for day in meter.days for look in (*day.marks, day.look))
    order = (SPECIAL, PEERS, CULTURE, OTHER, "empty", "travel")
    return [(_sample(look), said[look]) for look in order if look in found]


def _holds(day: Day, said: Words) -> str:
    looks = (*(() if day.is_effective else ("travel",)), *day.marks)
    return ", ".join(said[look] for look in looks or ("empty",))


def _place(number: int, per_row: int) -> tuple[float, int]:
    """Where a cell begins: per cent from the left, pixels from the top."""
    row, column = divmod(number - 1, per_row)
    return column * 100 / per_row, row * (HEIGHT + GAP)


def _cell(meter: Meter, number: int, per_row: int) -> str:
    x, y = _place(number, per_row)
    frame = f'<svg x="{x:.2f}%" y="{y}" width="{100 / per_row:.2f}%" height="{HEIGHT}" overflow="visible">'
    if number > meter.length:  # a day the course would still allow
        return (
            f'{frame}<rect class="app-meter__cell app-meter__cell--free" x="3%" width="94%" height="{HEIGHT}"/></svg>'
        )
    day = meter.days[number - 1]
    beyond = " app-meter__cell--beyond" if meter.allowed is not None and number > meter.allowed else ""
    dark = " app-meter__on-dark" if day.look == SPECIAL else ""
    marks = "".join(
        f'<svg class="app-meter__mark{dark}" x="50%" y="{27 + 13 * index}" overflow="visible">{SHAPES[mark]}</svg>'
        for index, mark in enumerate(day.marks[:3])
    )
    return (
        f'{frame}<rect class="app-meter__cell app-meter__cell--{day.look}{beyond}"{_fill(day.look)} x="3%" '
        f'width="94%" height="{HEIGHT}" rx="3"/>'
        f'<text class="app-meter__number{dark}" x="50%" y="16">{number}</text>{marks}</svg>'
    )


def _fill(look: str) -> str:
    return ' fill="url(#meter-hatch)"' if look == "travel" else ""


def _limit(allowed: int, per_row: int) -> str:
    """A line behind the last day the course allows."""
    x, y = _place(allowed, per_row)
    right = x + 100 / per_row
    return f'<line class="app-meter__limit" x1="{right:.2f}%" x2="{right:.2f}%" y1="{y - 5}" y2="{y + HEIGHT + 5}"/>'


def _sample(look: str) -> Markup:
    dark = " app-meter__on-dark" if look == SPECIAL else ""
    mark = (
        f'<svg class="app-meter__mark{dark}" x="9" y="9" overflow="visible">{SHAPES[look]}</svg>'
        if look in SHAPES
        else ""
    )
    kind = look if look in (SPECIAL, "travel", "empty") else OTHER
    return Markup(  # every part is written above
        f'<svg width="18" height="18" aria-hidden="true">'
        f'<rect class="app-meter__cell app-meter__cell--{kind}"{_fill(look)} x="1" y="1" '
        f'width="16" height="16" rx="2"/>{mark}</svg>'
    )
