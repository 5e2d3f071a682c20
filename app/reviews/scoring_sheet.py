"""A score sheet as plain data: what is missing to hand it in, what differs between two, what it comes to. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from flask_babel import gettext as _

from app.reviews import marks
from app.reviews.scoring_models import HIGHEST, LOWEST, Criterion, Review

TEXTS = ("for_panel", "for_applicant")
MOST_TEXT = 4000
MOST_COMMENT = 2000


@dataclass(frozen=True, slots=True)
class Sheet:
    """Marks and comments by the key of their criterion, and the two texts."""

    marks: Mapping[str, int] = field(default_factory=dict)
    comments: Mapping[str, str] = field(default_factory=dict)
    for_panel: str = ""
    for_applicant: str = ""

    def value(self, criteria: Sequence[Criterion]) -> float | None:
        """What the marks come to, 0 to 100; None while one that counts is missing."""
        return marks.value_of(self.marks, weights(criteria))


def weights(criteria: Sequence[Criterion]) -> dict[str, int]:
    """The weights by key."""
    return {criterion.key: criterion.weight for criterion in criteria}


def of(review: Review | None, criteria: Sequence[Criterion]) -> Sheet:
    """What stands in a review; an empty sheet before it is begun."""
    if review is None:
        return Sheet()
    keys = {criterion.id: criterion.key for criterion in criteria}
    held = [(keys[score.criterion_id], score) for score in review.scores if score.criterion_id in keys]
    return Sheet(
        marks={key: score.mark for key, score in held if score.mark is not None},
        comments={key: score.comment for key, score in held if score.comment},
        for_panel=review.for_panel,
        for_applicant=review.for_applicant,
    )


def done_of(sheet: Sheet, criteria: Sequence[Criterion]) -> tuple[int, int]:
    """How many of the marks are given, of how many."""
    return sum(criterion.key in sheet.marks for criterion in criteria), len(criteria)


def missing(sheet: Sheet, criteria: Sequence[Criterion]) -> dict[str, list[str]]:
    """What a sheet needs before it can be handed in, by field of its form."""
    found = {
        f"mark_{criterion.key}": [_("Give a mark for “%(criterion)s”.", criterion=criterion.label)]
        for criterion in criteria
        if criterion.key not in sheet.marks
    }
    if not sheet.for_panel.strip():
        found["for_panel"] = [_("Write some sentences for the panel.")]
    return found


def problems(sheet: Sheet, criteria: Sequence[Criterion]) -> dict[str, list[str]]:
    """What no sheet may hold, draft or not: marks off the scale, unknown criteria, texts that are too long."""
    known = {criterion.key for criterion in criteria}
    found: dict[str, list[str]] = {}
    for key, mark in sheet.marks.items():
        if key not in known or not LOWEST <= mark <= HIGHEST:
            found[f"mark_{key}"] = [_("Choose a mark from %(low)s to %(high)s.", low=LOWEST, high=HIGHEST)]
    for key, text in sheet.comments.items():
        if key not in known or len(text) > MOST_COMMENT:
            found[f"comment_{key}"] = [_("At most %(most)s characters.", most=MOST_COMMENT)]
    for name in TEXTS:
        if len(getattr(sheet, name)) > MOST_TEXT:
            found[name] = [_("At most %(most)s characters.", most=MOST_TEXT)]
    return found


def changes(before: Sheet, after: Sheet) -> dict[str, Any]:
    """{field: [old, new]} of what differs, as the log keeps it."""
    old, new = _flat(before), _flat(after)
    return {name: [old.get(name), new.get(name)] for name in {**old, **new} if old.get(name) != new.get(name)}


def _flat(sheet: Sheet) -> dict[str, Any]:
    return {
        **{f"mark:{key}": mark for key, mark in sheet.marks.items()},
        **{f"comment:{key}": text for key, text in sheet.comments.items()},
        **{name: getattr(sheet, name) for name in TEXTS if getattr(sheet, name)},
    }
