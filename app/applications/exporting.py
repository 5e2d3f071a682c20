"""Taking the list of plans away: recorded with its reason before the first row is read."""

from datetime import datetime
from typing import Any

from sqlalchemy import Row

from app.accounts import queries as accounts
from app.applications import queries
from app.core import audit, authz, clock
from app.core.authz import Actor


def export(actor: Actor, *, reason: str, **filters: Any) -> list[tuple[Row[Any], set[str]]]:
    """The plans of a filtered list that the actor may export, each with the countries of its partners.

    Raises: Forbidden. Leaves an audit entry with the reason and the number of plans.
    """
    authz.require_role(actor, "application:export")
    rows = list(queries.exported(queries.exportable(actor, **filters)))
    countries = queries.countries_of([row.id for row in rows])
    audit.record(
        actor,
        "application:export",
        accounts.person(actor.id),
        comment=reason,
        changes={"plans": [None, len(rows)], "filters": [None, audit.plain(filters)]},
    )
    return [(row, countries.get(row.id, set())) for row in rows]


def received(at: datetime | None) -> str:
    """An instant for spreadsheets: on Tokyo's clock, to the second."""
    return f"{clock.in_tokyo(at):%Y-%m-%d %H:%M:%S}" if at else ""
