"""A figure: a drawing with its title, its description in words and the same numbers as a table."""

from dataclasses import dataclass

from markupsafe import Markup, escape

from app.core.i18n import number

Number = int | float


@dataclass(frozen=True, slots=True)
class Figure:
    """A drawing with everything that stands around it: what `components/charts.html` needs to show it."""

    id: str
    kind: str
    title: str
    summary: str
    drawing: Markup
    head: tuple[str, ...]
    rows: tuple[tuple[object, ...], ...]
    legend: tuple[str, ...] = ()

    def table(self) -> Markup:
        """The table twin: every row, drawn or not, numbers aligned and written as the reader's language does.

        Made here and not in the template, because there it costs more than all the drawings of a page.
        """
        numeric = [isinstance(cell, int | float) for cell in self.rows[0]] if self.rows else []
        head = "".join(
            f'<th scope="col" class="govuk-table__header{" govuk-table__header--numeric" if right else ""}">'
            f"{escape(text)}</th>"
            for text, right in zip(self.head, numeric, strict=False)
        )
        body = "".join(
            f'<tr class="govuk-table__row"><th scope="row" class="govuk-table__header">{escape(row[0])}</th>'
            f"{''.join(map(_cell, row[1:]))}</tr>"
            for row in self.rows
        )
        # Every text above is escaped.
        return Markup(
            f'<table class="govuk-table"><caption class="govuk-table__caption govuk-visually-hidden" '
            f'id="{self.id}-caption">{escape(self.title)}</caption>'
            f'<thead class="govuk-table__head"><tr class="govuk-table__row">{head}</tr></thead>'
            f'<tbody class="govuk-table__body">{body}</tbody></table>'
        )


def _cell(cell: object) -> str:
    if isinstance(cell, int | float):
        return f'<td class="govuk-table__cell govuk-table__cell--numeric">{number(cell)}</td>'
    return f'<td class="govuk-table__cell">{escape(cell)}</td>'


def draw(id: str, title: str, summary: str, parts: str, height: int, more: str = "") -> Markup:
    """The <svg> around the parts of a drawing, with its name and description for those who do not see it."""
    size = f'height="{height}"' if height else ""
    # Every text in `parts` was escaped where it was put in.
    return Markup(
        f'<svg class="app-chart__drawing{more}" role="img" aria-labelledby="{id}-title" '
        f'aria-describedby="{id}-desc" width="100%" {size}>'
        f'<title id="{id}-title">{escape(title)}</title><desc id="{id}-desc">{escape(summary)}</desc>{parts}</svg>'
    )
