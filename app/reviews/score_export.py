"""The scores of a round as a table to take away, recorded with its reason before the first row is read."""

from collections.abc import Iterator, Sequence
from io import BytesIO
from typing import Any

from flask_babel import gettext as _
from openpyxl import Workbook

from app.calls.models import Call
from app.core import audit, authz
from app.core.authz import Actor
from app.core.exporting import neutral
from app.reviews import round_scores
from app.reviews.round_scores import Entry, Overview, PlanRow


def export(actor: Actor, call: Call, *, reason: str) -> Overview:
    """The review of a round as the actor may take it away. Raises: Forbidden. Leaves an audit entry with the reason."""
    authz.require_role(actor, "review:view")
    found = round_scores.of(actor, call)
    audit.record(actor, "review:export", call, comment=reason, changes={"plans": [None, len(found.plans)]})
    return found


def header(overview: Overview) -> list[str]:
    """The columns: the plan, the expert, the marks by criterion, the score, what it comes to for the plan."""
    return [
        _("Rank"),
        _("Reference number"),
        _("Theme"),
        _("Host institution"),
        _("Course"),
        _("Expert"),
        _("State"),
        *_criteria(overview).values(),
        _("Score"),
        _("Mean"),
        _("Normalised"),
        _("Spread"),
        _("Stands apart"),
        _("For the panel"),
        _("For the applicant"),
    ]


def rows(overview: Overview) -> Iterator[list[Any]]:
    """One row for each review that was handed in; a plan without any has a row of its own."""
    keys = list(_criteria(overview))
    for plan in overview.plans:
        for entry in plan.entries:
            yield [*_of_plan(plan), *_of_entry(entry, keys), *_of_summary(plan, entry)]
        if not plan.entries:
            yield [*_of_plan(plan), *[""] * (len(keys) + 9)]


def workbook(overview: Overview) -> bytes:
    """The same table as an Excel workbook; texts stay texts."""
    book = Workbook(write_only=True)
    page = book.create_sheet(_("Scores"))
    page.freeze_panes = "C2"
    page.append(header(overview))
    for row in rows(overview):
        page.append([neutral(cell) for cell in row])
    stream = BytesIO()
    book.save(stream)
    return stream.getvalue()


def _criteria(overview: Overview) -> dict[str, str]:
    """The criteria of all courses of the round by key, each once."""
    return {criterion.key: criterion.label for held in overview.criteria.values() for criterion in held}


def _of_plan(plan: PlanRow) -> list[Any]:
    application = plan.application
    named = (application.told_theme, application.host_institution.name, application.course.code.value)
    return [plan.rank, application.reference, *named]


def _of_entry(entry: Entry, keys: Sequence[str]) -> list[Any]:
    state = entry.review.state.label if entry.counts else _("Set aside")
    marks = [entry.sheet.marks.get(key) for key in keys]
    return [entry.assignment.reviewer.name, str(state), *marks, _rounded(entry.value)]


def _of_summary(plan: PlanRow, entry: Entry) -> list[Any]:
    summary, texts = plan.summary, [entry.sheet.for_panel, entry.sheet.for_applicant]
    if summary is None or not entry.counts:
        return ["", "", "", "", *texts]
    apart = _("Yes") if entry.assignment.reviewer_id in summary.outliers else ""
    return [*map(_rounded, (summary.mean, summary.normalised, summary.spread)), apart, *texts]


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 2)
