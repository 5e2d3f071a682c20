"""A fiscal year as a strip of days: who stays when, from April to March."""

from collections.abc import Sequence
from datetime import date, timedelta

from flask_babel import gettext as _
from markupsafe import escape

from app.core.figure import Figure, draw
from app.core.i18n import day, number


def year_strip(
    id: str,
    title: str,
    rows: Sequence[tuple[str, Sequence[tuple[date, date]]]],
    *,
    fiscal_year: int,
    months: Sequence[str],
    by: str,
    period: str,
) -> Figure:
    """Stays over one fiscal year, one row for each label: [(first day, last day), …], both days counted.

    `months` are the twelve short names from April to March, `period` heads the table's column of dates.
    """
    start, end = date(fiscal_year, 4, 1), date(fiscal_year + 1, 4, 1)
    length = (end - start).days
    parts = []
    for index, month in enumerate(months):
        first = date(fiscal_year + (index > 8), (index + 3) % 12 + 1, 1)
        x = round((first - start).days / length * 100, 2)
        minor = " app-chart__minor" if index % 3 else ""
        parts.append(
            f'<line class="app-chart__grid" x1="{x}%" x2="{x}%" y1="18" y2="{26 + len(rows) * 40}"/>'
            f'<text class="app-chart__tick{minor}" x="{x}%" dx="3" y="12">{escape(month)}</text>'
        )
    table: list[tuple[object, ...]] = []
    for index, (label, spans) in enumerate(rows):
        y = 24 + index * 40
        parts.append(f'<text class="app-chart__label app-chart__label--halo" x="3" y="{y + 15}">{escape(label)}</text>')
        for first, last in spans:
            left = max((first - start).days, 0) / length * 100
            width = (min(last + timedelta(days=1), end) - max(first, start)).days / length * 100
            table.append((label, f"{day(first)} – {day(last)}"))
            if width > 0:
                parts.append(
                    f'<rect class="app-chart__fill-1" x="{round(left, 2)}%" width="{round(width, 2)}%" y="{y + 21}" '
                    f'height="10"><title>{escape(label)}, {day(first)} – {day(last)}</title></rect>'
                )
    summary = _("%(count)s periods. The table below has every one.", count=number(len(table)))
    drawing = draw(id, title, summary, "".join(parts), 30 + len(rows) * 40)
    return Figure(id, "year", title, summary, drawing, (by, period), tuple(table))
