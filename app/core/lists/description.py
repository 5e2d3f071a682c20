"""A list as data: what it reads, how it is sifted and sorted, what may be done to many of its entries, how it leaves.

One description gives the page its filters and its order, the export its rows, mass acts their entries and saved views
their arguments: what a page does not show, no file holds and no act reaches.
"""

import enum
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import Select

from app.core import authz
from app.core.authz import Actor
from app.core.forms import BaseForm, ConfirmForm
from app.core.listing import COUNT_UP_TO, Sort

LONGEST_TEXT = 100
#: Words in the address of a list that are no filters.
RESERVED = frozenset({"sort", "after", "before", "pick", "shown", "which", "format", "view"})


def text(value: str) -> str:
    """Words to look for."""
    return value.strip()[:LONGEST_TEXT]


def year(value: str) -> int | None:
    """A year; None for none or nonsense."""
    return int(value) if value.isascii() and value.isdecimal() and len(value) == 4 else None


def day(value: str) -> date | None:
    """A day as browsers send it; None for none or nonsense."""
    try:
        return date.fromisoformat(value)
    except ValueError:
        return None


def word(kind: type[enum.StrEnum]) -> Callable[[str], Any]:
    """Parser of a word out of a vocabulary; None for any other."""

    def parse(value: str) -> Any:
        return kind(value) if value in set(kind) else None

    return parse


def everybody(_actor: Actor) -> bool:
    """For what is offered to each reader of the list."""
    return True


@dataclass(frozen=True)
class Filter:
    """One way to sift. Without `choices` it is a box to type in."""

    argument: str  # in the address
    label: Any
    keyword: str = ""  # of the query function; the argument's own name if empty
    parse: Callable[[str], Any] = text
    choices: Callable[[Actor], Iterable[tuple[Any, Any]]] | None = None
    every: Any = ""  # what no choice is called; None: one must be chosen, the first unless another is
    offered: Callable[[Actor], bool] = everybody
    kind: str = "search"  # of the box

    @property
    def name(self) -> str:
        return self.keyword or self.argument


@dataclass(frozen=True)
class Column:
    """A column of the file: texts, numbers, days and instants as they are."""

    header: Any
    value: Callable[[Any], Any]
    is_instant: bool = False


@dataclass(frozen=True)
class Export:
    """How the list leaves the system.

    `rows(actor, **filters)` gives what the columns read. An export that asks for a reason leaves an audit entry: of its
    own where `leaves_entry` says so (`rows` then takes `reason=`, too), or the one of all lists.
    """

    permission: str
    filename: str
    columns: Callable[[Actor], Sequence[Column]]
    rows: Callable[..., Iterable[Any]]
    title: Any = ""
    content: Any = ""  # what the file holds, for the page that asks for the reason
    endpoint: str = "lists.export"  # the list's own address, where it has one
    asks_reason: bool = False
    leaves_entry: bool = False
    steps_up: Callable[[Actor], bool] = lambda _actor: False


def nothing_to_tell(_row: Any) -> str:
    """For acts that mean the same for each entry."""
    return ""


def nothing_in_the_way(_actor: Actor, _row: Any) -> Any:
    """For acts that any entry bears which the actor may act on."""
    return None


@dataclass(frozen=True)
class Act:
    """What may be done to many entries at once: an existing verb, entry by entry."""

    name: str
    label: Any
    permission: str
    model: Any
    do: Callable[..., Any]  # do(actor, row, **inputs)
    sentence: Callable[[int], str]  # what will happen, for the preview
    obstacle: Callable[[Actor, Any], Any] = nothing_in_the_way  # why not to this one; asks no database
    detail: Callable[[Any], str] = nothing_to_tell  # what it means for this one, for the preview
    missing: Any = ""  # what is said of an entry of the list that has no such row
    select: Callable[[Actor], Select[Any]] | None = None  # the rows that may be acted on; those of the permission
    key: Any = None  # the column by which `select` finds the row of an entry; the model's public id
    options: Sequence[Any] = ()
    form: type[BaseForm] = ConfirmForm
    tone: str = ""

    def rows(self, actor: Actor, ids: Sequence[str]) -> Select[Any]:
        """SELECT of (id of the entry, row) of those entries that exist for the actor under the permission."""
        query = self.select(actor) if self.select else authz.visible(actor, self.permission, self.model)
        column = self.model.public_id if self.key is None else self.key
        return query.add_columns(column.label("entry")).where(column.in_(ids)).options(*self.options)


@dataclass(frozen=True)
class ListOf:
    """A list. `query(actor, **filters)` is its one SELECT; `row_id` names its entries; `name_of(row)` says which.

    A list that stands on the page of something (the plans of a round) names in `place` the filter its path fills.
    """

    name: str
    title: Any
    permission: str
    endpoint: str
    query: Callable[..., Select[Any]]
    key: Any
    row_id: Any
    name_of: Callable[[Any], str]
    sorts: Mapping[str, Sort]
    default: str
    filters: tuple[Filter, ...] = ()
    place: str = ""  # the filter that is part of the path
    elsewhere: str = ""  # where to go back to when no place is known
    everything: Mapping[str, Any] = field(default_factory=dict)  # arguments under which every entry is there
    acts: tuple[Act, ...] = ()
    no_acts: str = ""  # why nothing is done to many
    export: Export | None = None
    no_export: str = ""  # why it does not leave
    searching: Callable[[Mapping[str, Any]], tuple[Mapping[str, Sort], Any, int]] | None = None

    def __post_init__(self) -> None:
        taken = {item.argument for item in self.filters} & RESERVED
        if taken:
            raise ValueError(f"{self.name}: these words of the address mean something else: {taken}")
        if not (self.acts or self.no_acts) or not (self.export or self.no_export):
            raise ValueError(f"{self.name}: say what may be done to many and how the list leaves, or why not")

    def offered(self, actor: Actor) -> tuple[Filter, ...]:
        """The filters this reader may use."""
        return tuple(item for item in self.filters if item.offered(actor))

    def parse(self, actor: Actor, arguments: Mapping[str, str]) -> dict[str, Any]:
        """The address as keywords of the query; what the reader may not use, or is nonsense, asks for all."""
        allowed = {item.argument for item in self.offered(actor)}
        return {
            item.name: item.parse(_clean(arguments.get(item.argument, "")) if item.argument in allowed else "")
            for item in self.filters
        }

    def known(self, actor: Actor, arguments: Mapping[str, str]) -> dict[str, str]:
        """Of an address only what the list understands: filters in use, and the order."""
        kept = {
            item.argument: _clean(arguments[item.argument])
            for item in self.offered(actor)
            if arguments.get(item.argument) and _means_something(item, _clean(arguments[item.argument]))
        }
        order = arguments.get("sort", "")
        return kept | ({"sort": order} if order.lstrip("-") in self.sorts else {})

    def place_in(self, arguments: Mapping[str, str] | None) -> dict[str, str]:
        """Of an address the part that says where the list stands."""
        found = (arguments or {}).get(self.place, "") if self.place else ""
        return {self.place: found} if found else {}

    def order(self, filters: Mapping[str, Any]) -> tuple[Mapping[str, Sort], Any, int]:
        """The orders on offer, the key that makes them unique, and how far entries are counted."""
        return self.searching(filters) if self.searching else (self.sorts, self.key, COUNT_UP_TO)

    def open_acts(self, actor: Actor) -> list[Act]:
        """What this reader may do to many."""
        return [act for act in self.acts if actor.may(act.permission)]

    def act(self, name: str) -> Act | None:
        return next((act for act in self.acts if act.name == name), None)


def _clean(value: str) -> str:
    """A word of an address without what no database takes for text."""
    return value.replace("\x00", "")[:LONGEST_TEXT]


def _means_something(item: Filter, value: str) -> bool:
    return item.parse(value) not in ("", None) or (item.every is None and item.parse(value) != item.parse(""))


_lists: dict[str, ListOf] = {}


def register(*descriptions: ListOf) -> None:
    """Make lists known by name; start-up may run twice."""
    _lists.update({description.name: description for description in descriptions})


def find(name: str) -> ListOf | None:
    """The list of that name."""
    return _lists.get(name)


def registered() -> list[ListOf]:
    """Every list, by name: for tests."""
    return [_lists[name] for name in sorted(_lists)]
