"""Two boards of a round side by side: what each comes to, and the plans that stand differently. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass

from app.board import measures
from app.board.panel import Board, Line

COMPARED = ("money", "plans", "people", "country:*", "region:*", "first_host:*", "new_country:*", "new_kind:*")


@dataclass(frozen=True, slots=True)
class Pair:
    """A measure on both boards."""

    measure: str
    label: str
    left: int
    right: int

    @property
    def change(self) -> int:
        return self.right - self.left


@dataclass(frozen=True, slots=True)
class Standing:
    """A plan that stands differently on two boards."""

    left: Line
    right: Line


def sums(left: Board, right: Board) -> list[Pair]:
    """What both boards come to: money and people, then regions, courses, kinds of host and fields."""
    groups = [key for prefix in ("region", "course", "kind", "field", "sex") for key in left.keys(prefix)]
    return [Pair(key, measures.full_label(key), left.amount(key), right.amount(key)) for key in (*COMPARED, *groups)]


def differences(left: Board, right: Board) -> list[Standing]:
    """Plans with another outcome, or other conditions, in the order of the left board."""
    others = {line.id: line for line in right.lines}
    pairs: Iterable[Standing] = (Standing(line, others[line.id]) for line in left.lines if line.id in others)
    return [pair for pair in pairs if _said(pair.left) != _said(pair.right)]


def _said(line: Line) -> tuple[object, ...]:
    place = line.place
    conditions = (place.people_cap, place.money_cap, place.condition_ja, place.condition_en) if place else ()
    return line.stand, line.waiting, *conditions
