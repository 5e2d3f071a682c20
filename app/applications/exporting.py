"""Taking the list of plans away: recorded with its reason before the first row is read."""

from types import SimpleNamespace
from typing import Any

from sqlalchemy import Row

from app.accounts import queries as accounts
from app.applications import queries
from app.core import audit, authz
from app.core.authz import Actor


def export(actor: Actor, *, reason: str, **filters: Any) -> list[tuple[Any, set[str]]]:
    """The plans of a filtered list that the actor may export, each with the countries of its partners.

    Of a plan that was returned JST is given what was submitted: it sees no drafts. Hosts have what stands there now.
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
    inside = queries.is_inside(actor)
    return [_as_submitted(row) if inside and row.frozen else (row, countries.get(row.id, set())) for row in rows]


def _as_submitted(row: Row[Any]) -> tuple[Any, set[str]]:
    frozen = row.frozen
    values = {
        **row._mapping,
        "starts_on": frozen["starts_on"],
        "ends_on": frozen["ends_on"],
        "people": sum(group["number"] for group in frozen["people"]),
    }
    return SimpleNamespace(**values), {partner["country"] for partner in frozen["partners"] if partner["country"]}
