"""What the paper of the panel's board needs to be told, in the manner of `shapes`."""

from datetime import datetime
from typing import TypedDict


class Amount(TypedDict):
    """A figure with its name, both as they are printed."""

    label: str
    value: str


class Aim(Amount):
    """A figure with what it is to be."""

    goal: str


class BoardPlan(TypedDict):
    """A plan on the panel's board; money in yen. `stand` is a key (`adopted`, `below`, …), `stands` its words."""

    number: int
    reference: str
    theme: str
    host: str
    kind: str
    course: str
    countries: str
    people: int
    money: int
    spent: int
    score: str
    spread: str
    reviews: int
    is_first_time: bool
    stand: str
    stands: str
    conditions: str


class BoardDocument(TypedDict):
    """採択検討表: the panel's board as printed for its meeting; `line` in yen."""

    round: str
    name: str
    is_panels: bool
    line: int
    printed: datetime
    figures: list[Amount]
    targets: list[Aim]
    regions: list[Amount]
    plans: list[BoardPlan]
