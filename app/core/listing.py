"""One kind of list for every page: filter, sort, keyset pages, a bounded count. Its time does not grow with the table."""

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


@dataclass(frozen=True)
class Sort:
    """A way to order a list: a NOT NULL column (indexed together with the id) and its usual direction."""

    column: Any
    descending: bool = False


@dataclass
class Listing:
    """A page of a list and the addresses around it."""

    rows: Sequence[Row[Any]]
    sort: str
    descending: bool
    total: int
    counted_all: bool
    arguments: dict[str, str]
    path: str
    prev_cursor: str | None = None
    next_cursor: str | None = None
    filters: dict[str, Any] = field(default_factory=dict)

    def url(self, **changes: str | None) -> str:
        """Address of this list with some arguments changed (None takes one away)."""
        merged = {**self.arguments, **changes}
        query = urlencode({key: value for key, value in merged.items() if value})
        return f"{self.path}?{query}" if query else self.path

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


def build(
    query: Select[Any],
    *,
    key: ColumnElement[int] | Any,
    sorts: Mapping[str, Sort],
    default: str,
    arguments: Mapping[str, str],
    path: str,
    size: int = PAGE_SIZE,
    count: bool = True,
) -> Listing:
    """One page of `query`.

    `key` is the id column that makes the order unique; `sorts` the orders on offer; `arguments` the request's own
    (`sort`, `after`, `before` are read, the others kept in the addresses); unknown values fall back to the beginning.
    The query must return the sort columns and the key as columns of its rows (they are added if missing).
    """
    asked = arguments.get("sort", default)
    descending, name = asked.startswith("-"), asked.lstrip("-")
    if name not in sorts:
        descending, name = default.startswith("-"), default.lstrip("-")
    sort = sorts[name]
    down = descending != sort.descending
    backwards = bool(arguments.get("before"))
    cursor = arguments.get("before") or arguments.get("after")
    keyed = query.add_columns(sort.column.label("_sort"), key.label("_key"))
    position = _decode(cursor, sort.column) if cursor else None
    towards_lower = down != backwards
    if position is not None:
        here = tuple_(sort.column, key)
        there = tuple_(*position)
        keyed = keyed.where(here < there if towards_lower else here > there)
    order = (sort.column.desc(), key.desc()) if towards_lower else (sort.column, key)
    rows = list(db.session.execute(keyed.order_by(None).order_by(*order).limit(size + 1)))
    more = len(rows) > size
    rows = rows[:size]
    if backwards:
        rows.reverse()
    listing = Listing(
        rows=rows,
        sort=name,
        descending=descending,
        total=0,
        counted_all=True,
        arguments={k: v for k, v in arguments.items() if v},
        path=path,
    )
    has_next, has_prev = (position is not None, more) if backwards else (more, position is not None)
    if rows and has_next:
        listing.next_cursor = _encode(rows[-1]._sort, rows[-1]._key)
    if rows and has_prev:
        listing.prev_cursor = _encode(rows[0]._sort, rows[0]._key)
    if not count or (position is None and not more):
        listing.total = len(rows)
        return listing
    counted = db.session.scalar(
        select(func.count()).select_from(query.with_only_columns(key).order_by(None).limit(COUNT_UP_TO + 1).subquery())
    )
    listing.counted_all = (counted or 0) <= COUNT_UP_TO
    listing.total = min(counted or 0, COUNT_UP_TO)
    return listing
