"""One kind of list for every page: filter, sort, keyset pages, a bounded count; as quick with a million rows."""

import base64
import binascii
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from urllib.parse import urlencode

from sqlalchemy import ColumnElement, Row, Select, func, select, tuple_

from app.core.db import db

PAGE_SIZE = 50
COUNT_UP_TO = 1000
COUNT_FOUND_UP_TO = 200  # of a search, where counting costs more
READ_AT_ONCE = 4 * PAGE_SIZE  # a list counted no further than this is read and counted in one query


@dataclass(frozen=True)
class Sort:
    """A way to order a list: a NOT NULL column (indexed together with the id) and its usual direction."""

    column: Any
    descending: bool = False


@dataclass
class Listing:
    """A page of a list and the addresses around it."""

    rows: Sequence[Row[*tuple[Any, ...]]]
    sort: str
    descending: bool
    total: int
    counted_all: bool
    arguments: dict[str, str]
    path: str
    prev_cursor: str | None = None
    next_cursor: str | None = None
    filters: dict[str, Any] = field(default_factory=dict)
    anchor: str = ""  # where on its page the list stands

    def url(self, **changes: str | None) -> str:
        """Address of this list with some arguments changed (None takes one away)."""
        merged = {**self.arguments, **changes}
        query = urlencode({key: value for key, value in merged.items() if value})
        return (f"{self.path}?{query}" if query else self.path) + self.place

    @property
    def place(self) -> str:
        """What leads to the list on a page that holds more."""
        return f"#{self.anchor}" if self.anchor else ""

    @property
    def prev_url(self) -> str | None:
        return self.url(before=self.prev_cursor, after=None) if self.prev_cursor else None

    @property
    def next_url(self) -> str | None:
        return self.url(after=self.next_cursor, before=None) if self.next_cursor else None

    def sort_url(self, key: str) -> str:
        """Address of the list ordered by another column; again turns it round."""
        turned = key == self.sort and not self.descending
        return self.url(sort=f"-{key}" if turned else key, after=None, before=None)


def _encode(value: Any, row_id: int) -> str:
    plain = value.isoformat() if isinstance(value, date | datetime) else value
    return base64.urlsafe_b64encode(json.dumps([plain, row_id]).encode()).decode().rstrip("=")


def _decode(cursor: str, column: Any) -> tuple[Any, int] | None:
    """The position a cursor stands for; None for one that was tampered with (the list then starts at its beginning)."""
    try:
        value, row_id = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        kind = column.type.python_type
        if kind in (date, datetime) and isinstance(value, str):
            value = kind.fromisoformat(value)
        if not isinstance(value, kind) or not isinstance(row_id, int):
            return None
        return value, row_id
    except (ValueError, TypeError, binascii.Error, NotImplementedError):
        return None


@dataclass(frozen=True)
class _Place:
    """Where in a list a page stands: order, direction of reading, and the row it continues from."""

    name: str
    sort: Sort
    turned: bool
    backwards: bool
    position: tuple[Any, int] | None

    @property
    def falling(self) -> bool:
        """Whether rows are read from high to low values."""
        return (self.turned != self.sort.descending) != self.backwards


def _place(sorts: Mapping[str, Sort], default: str, arguments: Mapping[str, str]) -> _Place:
    asked = arguments.get("sort", default)
    if asked.lstrip("-") not in sorts:
        asked = default
    sort = sorts[asked.lstrip("-")]
    cursor = arguments.get("before") or arguments.get("after")
    position = _decode(cursor, sort.column) if cursor else None
    return _Place(asked.lstrip("-"), sort, asked.startswith("-"), bool(arguments.get("before")), position)


def _read(
    query: Select[*tuple[Any, ...]], key: Any, place: _Place, size: int
) -> tuple[list[Row[*tuple[Any, ...]]], bool]:
    """The rows of a page in reading order, and whether more follow in the direction of reading."""
    column = place.sort.column
    keyed = query.add_columns(column.label("_sort"), key.label("_key"))
    columns = (key,) if column is key else (column, key)
    if place.position is not None:
        here, there = (key, place.position[1]) if column is key else (tuple_(*columns), tuple_(*place.position))
        keyed = keyed.where(here < there if place.falling else here > there)
    order = [part.desc() for part in columns] if place.falling else columns
    rows = list(db.session.execute(keyed.order_by(None).order_by(*order).limit(size + 1)))
    return rows[:size], len(rows) > size


def _count(query: Select[*tuple[Any, ...]], key: Any, up_to: int) -> int:
    """How many rows there are, counted to one beyond the bound."""
    counted = query.with_only_columns(key).order_by(None).limit(up_to + 1).subquery()
    return db.session.scalar(select(func.count()).select_from(counted)) or 0


def build(
    query: Select[*tuple[Any, ...]],
    *,
    key: ColumnElement[int] | Any,
    sorts: Mapping[str, Sort],
    default: str,
    arguments: Mapping[str, str],
    path: str,
    size: int = PAGE_SIZE,
    count_up_to: int = COUNT_UP_TO,
) -> Listing:
    """One page of `query`.

    `key` is the id column that makes the order unique; `sorts` the orders on offer; `arguments` the request's own
    (`sort`, `after`, `before` are read, the others kept in the addresses); unknown values fall back to the beginning.
    """
    place = _place(sorts, default, arguments)
    at_once = place.position is None and size < count_up_to <= READ_AT_ONCE
    rows, more = _read(query, key, place, count_up_to + 1 if at_once else size)
    read = len(rows)
    if at_once:
        rows, more = rows[:size], read > size
    if place.backwards:
        rows.reverse()
    is_whole = place.position is None and not more
    counted = read if is_whole or at_once else _count(query, key, count_up_to)
    has_next, has_prev = (place.position is not None, more) if place.backwards else (more, place.position is not None)
    return Listing(
        rows=rows,
        sort=place.name,
        descending=place.turned,
        total=min(counted, count_up_to) if not is_whole else counted,
        counted_all=is_whole or counted <= count_up_to,
        arguments={name: value for name, value in arguments.items() if value},
        path=path,
        prev_cursor=_encode(rows[0]._sort, rows[0]._key) if rows and has_prev else None,
        next_cursor=_encode(rows[-1]._sort, rows[-1]._key) if rows and has_next else None,
    )
