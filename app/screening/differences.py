"""What an edition of the list changes against the one before: added, taken away, changed. Pure.

A body is the same by its name, whatever its number; one that was renamed, by a name that both editions know.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from app.screening.bodies import Body, folded


@dataclass(frozen=True, slots=True)
class Changed:
    """A body of both editions of which the list says something else now: [before, now] by what changed."""

    body: Body
    what: dict[str, tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Differences:
    """Two editions compared."""

    added: tuple[Body, ...]
    removed: tuple[Body, ...]
    changed: tuple[Changed, ...]
    same: int


def between(before: Sequence[Body], now: Sequence[Body]) -> Differences:
    """Compare two editions; every body of either counts once."""
    pairs, removed, added = _paired(list(before), list(now))
    changed = [Changed(new, what) for old, new in pairs if (what := _what(old, new))]
    return Differences(tuple(added), tuple(removed), tuple(changed), len(pairs) - len(changed))


def _paired(before: list[Body], now: list[Body]) -> tuple[list[tuple[Body, Body]], list[Body], list[Body]]:
    pairs: list[tuple[Body, Body]] = []
    left, rest = _pair(before, now, pairs, by_any=False)
    left, rest = _pair(left, rest, pairs, by_any=True)
    return pairs, left, rest


def _pair(
    before: list[Body], now: list[Body], pairs: list[tuple[Body, Body]], *, by_any: bool
) -> tuple[list[Body], list[Body]]:
    """Move bodies that bear the same name (or any same name) into `pairs`; returns what is left of either side."""
    known: dict[str, list[Body]] = {}
    for body in before:
        for name in body.names if by_any else (body.name,):
            known.setdefault(folded(name), []).append(body)
    taken: set[int] = set()
    rest = []
    for body in now:
        names = body.names if by_any else (body.name,)
        found = next((old for name in names for old in known.get(folded(name), ()) if old.number not in taken), None)
        if found is None:
            rest.append(body)
            continue
        taken.add(found.number)
        pairs.append((found, body))
    return [body for body in before if body.number not in taken], rest


def _what(old: Body, new: Body) -> dict[str, tuple[str, str]]:
    said = {
        "name": (old.name, new.name),
        "country": (old.country, new.country),
        "aliases": (_without(old.aliases, new.aliases), _without(new.aliases, old.aliases)),
        "categories": (", ".join(old.categories), ", ".join(new.categories)),
    }
    return {name: pair for name, pair in said.items() if pair[0] != pair[1]}


def _without(names: Sequence[str], others: Sequence[str]) -> str:
    """The names that are not among the others."""
    known = {folded(other) for other in others}
    return "; ".join(name for name in names if folded(name) not in known)


def plain(found: Differences) -> dict[str, Any]:
    """The differences as JSON keeps them with the edition."""
    return {
        "added": [_plain_body(body) for body in found.added],
        "removed": [_plain_body(body) for body in found.removed],
        "changed": [
            {**_plain_body(one.body), "what": {name: list(pair) for name, pair in one.what.items()}}
            for one in found.changed
        ],
        "same": found.same,
    }


def _plain_body(body: Body) -> dict[str, Any]:
    return {"number": body.number, "name": body.name, "country": body.country, "categories": list(body.categories)}
