"""The criteria known from public pages (`seed/criteria.json`), as rows that are in no session yet."""

import json
from functools import cache
from pathlib import Path
from typing import Any

from app.calls.models import Course
from app.reviews.scoring_models import Criterion

FILE = Path(__file__).with_name("seed") / "criteria.json"


@cache
def _content() -> dict[str, Any]:
    content: dict[str, Any] = json.loads(FILE.read_text(encoding="utf-8"))
    return content


def fiscal_years() -> list[int]:
    """The fiscal years whose criteria are known, oldest first."""
    return sorted(_content()["years"])


def criteria_for(course: Course) -> list[Criterion]:
    """The criteria known for a course of a year, with its weights; none for courses that are not reviewed by them."""
    content = _content()
    if course.code not in content["courses"] or course.fiscal_year not in content["years"]:
        return []
    weights = content["weights"].get(course.code, {})
    return [_criterion(course, row, weights, position) for position, row in enumerate(content["criteria"], start=1)]


def _criterion(course: Course, row: dict[str, Any], weights: dict[str, int], position: int) -> Criterion:
    return Criterion(
        course_id=course.id,
        key=row["key"],
        label_ja=row["label"]["ja"],
        label_en=row["label"]["en"],
        help_ja=row["help"]["ja"],
        help_en=row["help"]["en"],
        weight=weights.get(row["key"], row["weight"]),
        anchors={mark: dict(words) for mark, words in row["anchors"].items()},
        position=position,
    )
