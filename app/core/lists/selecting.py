"""Which entries of a list somebody means: those ticked, all of a page, or all that the filters find.

The address says which; what it says is never trusted. Entries are read anew through the list's own query for the actor,
so ids of others are no entries at all, and "all that were found" are those found now.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

from werkzeug.datastructures import MultiDict

from app.core.authz import Actor
from app.core.db import db
from app.core.lists.description import Act, ListOf

MOST = 2000  # entries at once
MOST_TICKED = 200  # a page has 50; nobody ticks more by hand
FOUND, PAGE = "found", "page"


@dataclass(frozen=True)
class Chosen:
    """What the address asks for: `ids` of entries, or None for all that the filters find."""

    ids: tuple[str, ...] | None
    arguments: dict[str, str] = field(default_factory=dict)


def chosen(of: ListOf, actor: Actor, address: MultiDict[str, str]) -> Chosen:
    """Read the address."""
    arguments = of.known(actor, address.to_dict())
    which = address.get("which", "")
    if which == FOUND:
        return Chosen(None, arguments)
    ids = address.get("shown", "").split(",") if which == PAGE else address.getlist("pick")
    return Chosen(tuple(dict.fromkeys(found[:16] for found in ids if found))[:MOST_TICKED], arguments)


def entries(of: ListOf, actor: Actor, wanted: Chosen) -> Sequence[Any]:
    """The entries meant that exist for the actor, oldest first; one beyond the most at once if there are more."""
    given: Mapping[str, str] = wanted.arguments if wanted.ids is None else of.everything
    query = of.query(actor, **of.parse(actor, given))
    if wanted.ids is not None:
        query = query.where(of.row_id.in_(wanted.ids))
    query = query.add_columns(of.row_id.label("entry")).order_by(None).order_by(of.key)
    return db.session.execute(query.limit(MOST + 1)).all()


@dataclass(frozen=True)
class Candidate:
    """An entry that is meant, and why nothing can be done to it, if so."""

    row_id: str
    name: str
    obstacle: str = ""
    detail: str = ""  # what it means for this entry


def mark(found: Iterable[Candidate]) -> str:
    """What somebody looked at, as one word: another word later means that other entries would be done."""
    return sha256(",".join(entry.row_id for entry in found if not entry.obstacle).encode()).hexdigest()[:16]


def candidates(of: ListOf, act: Act, actor: Actor, wanted: Chosen) -> list[Candidate]:
    """The entries meant, each with what is in the way of the act. Three queries, however many there are."""
    found = entries(of, actor, wanted)
    rows = {row.entry: row[0] for row in db.session.execute(act.rows(actor, [row.entry for row in found])).unique()}
    return [
        Candidate(
            entry.entry,
            str(of.name_of(entry))[:200],
            _obstacle(act, actor, rows.get(entry.entry)),
            str(act.detail(rows[entry.entry])) if entry.entry in rows else "",
        )
        for entry in found
    ]


def _obstacle(act: Act, actor: Actor, row: Any) -> str:
    if row is None:
        return str(act.missing)
    return str(act.obstacle(actor, row) or "")
