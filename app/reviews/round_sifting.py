"""The plans of a round's review, sifted and ordered as the address says.

Ranks and normalised scores come from all scores of a round together, so there is no SELECT to sort: what is sifted
here is what was read for the page, and a plan whose scores are closed to the reader stands behind those with scores.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import lazy_gettext as _l

from app.applications.vocabulary import FIELD_LABELS
from app.reviews.round_scores import PlanRow

ORDERS: dict[str, tuple[Any, Callable[[PlanRow], Any]]] = {
    "score": (_l("Normalised score, the highest first"), lambda row: -row.summary.normalised if row.summary else 0),
    "spread": (_l("Spread, the widest first"), lambda row: -row.summary.spread if row.summary else 0),
    "reference": (_l("Reference number"), lambda row: row.application.reference or ""),
    "out": (_l("Reviews still out, the most first"), lambda row: len(row.counted) - row.wanted),
}
DEFAULT = "score"
BY_SCORE = ("score", "spread")


@dataclass(frozen=True, slots=True)
class Shown:
    """The plans that are left, with what the form offers and what of it is chosen."""

    rows: Sequence[PlanRow]
    courses: Sequence[tuple[str, Any]]
    fields: Sequence[tuple[str, Any]]
    course: str
    field: str
    order: str

    @property
    def is_sifted(self) -> bool:
        return bool(self.course or self.field or self.order != DEFAULT)


def sift(plans: Sequence[PlanRow], arguments: Mapping[str, str]) -> Shown:
    """Leave the plans of a course and a field of science, in an order; unknown words of the address change nothing."""
    courses = {row.application.course.code.value: row.application.course.name for row in plans}
    held = {row.application.field_of_science for row in plans}
    fields: dict[str, Any] = {field.value: label for field, label in FIELD_LABELS.items() if field.value in held}
    course = _known(arguments.get("course", ""), courses)
    field = _known(arguments.get("field", ""), fields)
    order = _known(arguments.get("sort", ""), ORDERS) or DEFAULT
    left = [
        row
        for row in plans
        if course in ("", row.application.course.code.value) and field in ("", row.application.field_of_science)
    ]
    by_score = order in BY_SCORE
    key = ORDERS[order][1]
    ordered = sorted(left, key=lambda row: (by_score and row.summary is None, key(row)))
    return Shown(ordered, sorted(courses.items()), list(fields.items()), course, field, order)


def _known(word: str, offered: Mapping[str, Any]) -> str:
    return word if word in offered else ""
