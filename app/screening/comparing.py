"""A plan's names against an edition of the list, and what that means for its case. Pure.

A person's judgement holds as long as name and listed body are the same; whatever is new waits for a person again. A
hold, and what a person has judged, never ends by itself.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

from app.screening.asked import Asked
from app.screening.bodies import Body, folded
from app.screening.matching import Hit, Kind
from app.screening.vocabulary import CaseState, Source

MOST_OF_A_NAME = 5  # listed bodies kept for one name; a person looks at the likest
MOST_OF_A_PLAN = 60


class Asks(Protocol):
    """What can be asked for a name: an edition of the list."""

    bodies: dict[int, Body]

    def find(self, name: str) -> list[Hit]: ...


@dataclass(frozen=True, slots=True)
class Finding:
    """A name of the plan that resembles a listed body."""

    asked: Asked
    body: Body
    listed_as: str
    kind: Kind
    likeness: int  # percent

    @property
    def fingerprint(self) -> str:
        """The same as long as the name and what the list says of the body are."""
        said = f"{folded(self.asked.text)}\x1f{self.body.digest}"
        return hashlib.sha256(said.encode()).hexdigest()


def compare(names: Iterable[Asked], listed: Asks) -> list[Finding]:
    """What of the plan resembles whom of the list; the likest first, every pair of name and body once."""
    found: dict[str, Finding] = {}
    for asked in names:
        for hit in listed.find(asked.text)[:MOST_OF_A_NAME]:
            body = listed.bodies[hit.body]
            finding = Finding(asked, body, hit.listed_name, hit.kind, max(1, round(hit.likeness * 100)))
            found.setdefault(finding.fingerprint, finding)
    by_likeness = sorted(found.values(), key=lambda one: (one.kind is not Kind.EXACT, -one.likeness, one.body.number))
    return by_likeness[:MOST_OF_A_PLAN]


def verb_for(state: CaseState, *, has_new: bool, has_any: bool, was_judged: bool) -> str | None:
    """What a new comparison does to a case.

    `has_new`: something resembles the list that nobody has judged; `has_any`: anything does at all.
    """
    if state is CaseState.HOLD:
        return None
    if has_new:
        return "find" if state is not CaseState.EXAMINE else None
    if state is CaseState.EXAMINE and not has_any and not was_judged:
        return "lose"
    return None


__all__ = ["Asked", "Finding", "Source", "compare", "verb_for"]
