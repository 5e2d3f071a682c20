"""The world map of figures: circles whose area is the value, on the outline of the land, without borders.

The outline is a file of its own that browsers keep (static/map/world.svg); a page carries only its circles. Both files
are made at build time by assets/build/map.mjs.
"""

import json
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from flask_babel import gettext as _
from markupsafe import escape

from app.core.figure import Figure, Number, draw
from app.core.i18n import number

PLACES = Path(__file__).parents[1] / "static" / "map" / "centroids.json"

#: Radius of the largest circle, and of the smallest that can still be seen: per cent of the drawing's size as SVG
#: reckons it for radii, √((width² + height²) / 2).
LARGEST, SMALLEST = 3.6, 0.45

#: Labels keep their size while the map shrinks, so they are placed anew for three widths, in pixels; the style sheet
#: shows the fitting set.
LABEL_WIDTHS = (("wide", 900), ("medium", 600), ("narrow", 330))


@dataclass(frozen=True, slots=True)
class Places:
    """Where each country's circle stands, in per cent of a drawing of this width and height."""

    width: int
    height: int
    points: dict[str, tuple[float, float]]

    @property
    def diagonal(self) -> float:
        return float(((self.width**2 + self.height**2) / 2) ** 0.5)


@lru_cache(maxsize=2)
def places(path: Path = PLACES) -> Places:
    """The places of the built map; FileNotFoundError where the front end was never built (`make run` builds it)."""
    data = json.loads(path.read_text(encoding="utf-8"))
    return Places(data["width"], data["height"], {code: tuple(point) for code, point in data["points"].items()})


def world_map(
    id: str,
    title: str,
    values: Mapping[str, Number],
    *,
    names: Mapping[str, str],
    land: str,
    by: str,
    measure: str,
    labels: int = 10,
) -> Figure:
    """Circles for `values` by alpha-2 code, the largest `labels` of them named where there is room.

    `names` gives the names of the codes in the reader's language, `land` the address of map/world.svg; `by` and
    `measure` head the table, which lists every code with a value, largest first, drawn or not.
    """
    world = places()
    ranked = sorted(((v, code) for code, v in values.items() if v > 0), key=lambda pair: (-pair[0], pair[1]))
    rows = tuple((names.get(code, code), value) for value, code in ranked)
    top = ranked[0][0] if ranked else 0
    circles = [
        _Circle(*world.points[code], round(_radius(value, top), 2), names.get(code, code), value)
        for value, code in ranked
        if code in world.points
    ]
    parts = [f'<image href="{escape(land)}" width="100%" height="100%"/>']
    for circle in circles:
        parts.append(
            f'<circle class="app-map__circle" cx="{circle.x}%" cy="{circle.y}%" r="{circle.r}%">'
            f"<title>{escape(circle.name)}: {number(circle.value)}</title></circle>"
        )
    for group, width in LABEL_WIDTHS:
        most = labels if group != "narrow" else labels // 2
        parts.append(f'<g class="app-map__labels app-map__labels--{group}">')
        parts.extend(_label(label) for label in _place(circles, world, width, most))
        parts.append("</g>")
    parts.append(_key(world, top))
    summary = _summary(rows)
    drawing = draw(id, title, summary, "".join(parts), 0, " app-map")
    return Figure(id, "map", title, summary, drawing, (by, measure), rows)


@dataclass(frozen=True, slots=True)
class _Circle:
    x: float
    y: float
    r: float
    name: str
    value: Number


@dataclass(frozen=True, slots=True)
class _Label:
    circle: _Circle
    dx: float
    dy: float
    anchor: str


def _radius(value: Number, top: Number) -> float:
    return max(LARGEST * (value / top) ** 0.5, SMALLEST) if top else 0


def _label(label: _Label) -> str:
    circle = label.circle
    return (
        f'<text class="app-map__label app-map__label--{label.anchor}" x="{circle.x}%" y="{circle.y}%" '
        f'dx="{label.dx:.0f}" dy="{label.dy:.0f}">{escape(circle.name)} {number(circle.value)}</text>'
    )


_Box = tuple[float, float, float, float]


def _place(circles: list[_Circle], world: Places, width: int, limit: int) -> list[_Label]:
    """Labels of the largest circles in a drawing of this width: beside, above or below, or none where all is taken."""
    scale = width / world.width
    height, diagonal = world.height * scale, world.diagonal * scale
    discs: list[_Box] = []
    for circle in circles[:limit]:
        x, y, r = circle.x / 100 * width, circle.y / 100 * height, circle.r / 100 * diagonal
        discs.append((x - r * 0.8, y - r * 0.8, x + r * 0.8, y + r * 0.8))
    taken: list[_Box] = []
    found = []
    for index, circle in enumerate(circles[:limit]):
        x, y, r = circle.x / 100 * width, circle.y / 100 * height, circle.r / 100 * diagonal
        length = _length(f"{circle.name} {number(circle.value)}")
        others = discs[:index] + discs[index + 1 :] + taken
        for dx, dy, anchor in _candidates(r):
            left = x + dx - {"start": 0, "end": length, "middle": length / 2}[anchor]
            box = (left, y + dy - 12, left + length, y + dy + 4)
            inside = box[0] >= 0 and box[2] <= width and box[1] >= 0 and box[3] <= height
            if inside and not any(_overlap(box, other) for other in others):
                taken.append(box)
                found.append(_Label(circle, dx, dy, anchor))
                break
    return found


def _candidates(r: float) -> list[tuple[float, float, str]]:
    """Where a label may stand by a circle of this radius, best first: shift in pixels and text anchor."""
    slant = r * 0.7 + 3
    return [
        (r + 4, 5, "start"),
        (-r - 4, 5, "end"),
        (slant, slant + 9, "start"),
        (slant, -slant, "start"),
        (-slant, slant + 9, "end"),
        (-slant, -slant, "end"),
        (0, r + 15, "middle"),
        (0, -r - 5, "middle"),
    ]


def _overlap(a: _Box, b: _Box) -> bool:
    return a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]


@lru_cache(maxsize=1024)
def _length(text: str) -> float:
    """About how wide a label of 13 pixels is: full-width characters take twice the room of others."""
    return sum(13 if unicodedata.east_asian_width(char) in "WF" else 7.2 for char in text)


def _key(world: Places, top: Number) -> str:
    """Two sample circles in the empty South Pacific that say what size means."""
    if not top:
        return ""
    large = _nice(top)
    parts = []
    for value, x in ((large, 58.0), (max(large // 10, 1), 72.0)):
        r = _radius(value, top)
        parts.append(
            f'<circle class="app-map__sample" cx="{x}%" cy="90%" r="{r:.2f}%"/>'
            f'<text class="app-map__label app-map__label--start" x="{x + r * world.diagonal / world.width + 0.5:.2f}%" '
            f'y="90%" dy="5">{number(value)}</text>'
        )
        if value == 1:
            break
    return f'<g class="app-map__key">{"".join(parts)}</g>'


def _nice(value: Number) -> int:
    """The largest of 1, 2, 5, 10, 20, 50 … that is not above the value (at least 1)."""
    step = 1
    while step * 10 <= value:
        step *= 10
    return max((factor * step for factor in (1, 2, 5) if factor * step <= value), default=1)


def _summary(rows: tuple[tuple[str, Number], ...]) -> str:
    if not rows:
        return _("No figures yet.")
    leading = _("; ").join(f"{name} {number(value)}" for name, value in rows[:3])
    return _(
        "%(count)s countries and regions. Leading: %(leading)s. The table below has every value.",
        count=number(len(rows)),
        leading=leading,
    )
