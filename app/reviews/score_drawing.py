"""A plan's scores as a strip from 0 to 100: each score a dot, its mean a line, the normalised mean a diamond."""

from collections.abc import Collection, Sequence

from flask_babel import gettext as _
from markupsafe import Markup, escape

from app.reviews.marks import Summary

HEIGHT, MIDDLE = 26, 13
TICKS = (0, 25, 50, 75, 100)
INSET = 2.5  # per cent of the width kept free on either side, so that a dot at the end is whole


def _x(value: float) -> float:
    return round(INSET + value * (100 - 2 * INSET) / 100, 2)


def strip(scores: Sequence[tuple[int, float]], summary: Summary) -> Markup:
    """The drawing for (expert, score) pairs; outliers have a ring. It says in words what it shows."""
    ticks = "".join(f'<line class="app-strip__tick" x1="{_x(t)}%" x2="{_x(t)}%" y1="9" y2="17"/>' for t in TICKS)
    dots = "".join(_dot(value, expert in summary.outliers) for expert, value in scores)
    low, high, mean = _x(summary.lowest), _x(summary.highest), _x(summary.mean)
    normalised = _x(summary.normalised)
    said = escape(words(scores, summary))
    return Markup(
        f'<svg class="app-strip" role="img" aria-label="{said}" width="100%" height="{HEIGHT}">'
        f'<line class="app-strip__axis" x1="{_x(0)}%" x2="{_x(100)}%" y1="{MIDDLE}" y2="{MIDDLE}"/>{ticks}'
        f'<line class="app-strip__spread" x1="{low}%" x2="{high}%" y1="{MIDDLE}" y2="{MIDDLE}"/>'
        f'<line class="app-strip__mean" x1="{mean}%" x2="{mean}%" y1="3" y2="23"/>{dots}'
        f'<svg x="{normalised}%" y="{MIDDLE}" width="1" height="1" overflow="visible">'
        f'<path class="app-strip__normalised" d="M0-7 6 0 0 7-6 0Z"/></svg></svg>'
    )


def _dot(value: float, is_apart: bool) -> str:
    ring = f'<circle class="app-strip__ring" cx="{_x(value)}%" cy="{MIDDLE}" r="8"/>' if is_apart else ""
    return f'{ring}<circle class="app-strip__dot" cx="{_x(value)}%" cy="{MIDDLE}" r="4"/>'


def words(scores: Collection[tuple[int, float]], summary: Summary) -> str:
    """What the drawing shows, in words."""
    return _(
        "Scores %(scores)s; mean %(mean)s, normalised %(normalised)s",
        scores=", ".join(f"{value:.1f}" for _expert, value in sorted(scores, key=lambda pair: pair[1])),
        mean=f"{summary.mean:.1f}",
        normalised=f"{summary.normalised:.1f}",
    )


def leniency(value: float) -> Markup:
    """How mild (to the right) or strict (to the left) an expert is, drawn from the middle; 25 points fill a half."""
    half = min(abs(value) / 25, 1) * 50
    left = 50 - half if value < 0 else 50
    return Markup(
        f'<svg class="app-lean" width="100" height="14" aria-hidden="true">'
        f'<rect class="app-chart__track" width="100" height="6" y="4"/>'
        f'<rect class="app-chart__fill-{3 if value < 0 else 2}" x="{left:.1f}" width="{half:.1f}" height="6" y="4"/>'
        f'<line class="app-strip__mean" x1="50" x2="50" y1="0" y2="14"/></svg>'
    )
