"""What becomes of the rows of a roster: who of them is listed already, by signs of which the surest count first."""

import hashlib
from collections import Counter
from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass, field
from typing import Any, Generic, Literal, Protocol, TypeVar

from app.invitees.roster.draft import RosterRow

Outcome = Literal["new", "update", "same", "left_out", "open"]
OUTCOMES: tuple[Outcome, ...] = ("new", "update", "same", "left_out")


class Listed(Protocol):
    """Somebody a list holds."""

    @property
    def id(self) -> Any: ...
    @property
    def public_id(self) -> Any: ...
    @property
    def passport_name(self) -> str: ...


Newcomer = TypeVar("Newcomer")
Person = TypeVar("Person")
Part = TypeVar("Part", bound=Listed)


@dataclass(frozen=True)
class Match(Generic[Newcomer, Part]):
    """What becomes of one row: `part` if the person is on the list, `invitee` if there is an entry to be linked.

    `changes` names the fields that a person on the list gets anew. `is_known`: the host knows the person from another
    visit; only then may a page say so. `newcomer` is None as long as something needed is missing (`open`).
    """

    row: RosterRow
    outcome: Outcome
    newcomer: Newcomer | None = None
    part: Part | None = None
    invitee: Any = None
    changes: tuple[str, ...] = ()
    is_known: bool = False


@dataclass
class Plan(Generic[Newcomer, Part]):
    """What saving would do: the rows as they stand in the file, and who is on the list but not in the file."""

    matches: list[Match[Newcomer, Part]] = field(default_factory=list)
    missing: list[Part] = field(default_factory=list)

    def count(self, outcome: Outcome) -> int:
        """How many rows have this outcome."""
        return sum(match.outcome == outcome for match in self.matches)

    @property
    def fingerprint(self) -> str:
        """The same for as long as saving would do the same: changes of the list by others show in it."""
        lines = [f"{m.row.key} {m.outcome} {m.part.id if m.part else ''} {m.changes}" for m in self.matches]
        lines += [f"missing {part.id}" for part in self.missing]
        return hashlib.sha256("\n".join(lines).encode()).hexdigest()[:32]


@dataclass
class Entry(Generic[Newcomer, Person]):
    """A row on its way to a match: the blind index of its passport, its match key, and who was found by them."""

    row: RosterRow
    newcomer: Newcomer | None
    index: str = ""
    key: str = ""
    found: Person | None = None


def assign(
    entries: list[Any],
    pool: Iterable[Any],
    of_entry: Callable[[Any], Hashable],
    of_person: Callable[[Any], Hashable],
) -> None:
    """Join rows and people of a pool where a sign names exactly one of each; a doubtful sign joins nobody."""
    taken = {entry.found.id for entry in entries if entry.found is not None}
    free = [person for person in pool if person.id not in taken]
    open_entries = [entry for entry in entries if entry.newcomer is not None and entry.found is None]
    signs = Counter(of_person(person) for person in free)
    wanted = Counter(of_entry(entry) for entry in open_entries)
    by_sign = {of_person(person): person for person in free if signs[of_person(person)] == 1}
    for entry in open_entries:
        sign = of_entry(entry)
        if sign and wanted[sign] == 1 and sign in by_sign:
            entry.found = by_sign[sign]


def without_nationality(match_key: str) -> str:
    """On one list the same name and birth are the same person, whatever nationality was typed first."""
    return match_key.rpartition("|")[0]


def told(fields: dict[str, Any]) -> dict[str, Any]:
    """What a roster says; an empty cell says nothing and takes nothing away."""
    return {name: value for name, value in fields.items() if value not in ("", None)}


def told_of_person(person: dict[str, Any]) -> dict[str, Any]:
    """As `told`; but a name is one thing: the surname goes when the roster now gives one name only."""
    return {**told(person), "surname": person["surname"], "given_names": person["given_names"]}


def told_of_part(part: dict[str, Any]) -> dict[str, Any]:
    """As `told`; but the reason for another visit goes when the roster now says that it is the first."""
    said = told(part)
    return {**said, "previous_visit_reason": ""} if part["first_visit"] else said
