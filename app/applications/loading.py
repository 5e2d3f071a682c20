"""A plan with everything a page of it reads: the plan itself, then its rows, each table by a query prepared once.

The library's own loading of collections (`queries.FOR_PAGE`, for many plans at once) makes its queries anew for every
plan; on the page of a single plan that took a third of the time.
"""

from collections.abc import Collection
from typing import Any

from sqlalchemy import Select, bindparam, inspect, select
from sqlalchemy.orm import joinedload
from sqlalchemy.orm.attributes import set_committed_value

from app.applications.models import (
    Application,
    ApplicationOrigin,
    ApplicationPartner,
    BudgetLine,
    ItineraryItem,
    PlannedPeople,
)
from app.applications.named_models import PlannedPerson
from app.calls.models import Rule
from app.core.db import db

#: The tables of a plan, in the order in which a plan reads them.
PARTS: dict[str, tuple[Any, tuple[Any, ...]]] = {
    "partners": (ApplicationPartner, (ApplicationPartner.position,)),
    "itinerary": (ItineraryItem, (ItineraryItem.day, ItineraryItem.position)),
    "people": (PlannedPeople, (PlannedPeople.position,)),
    "named": (PlannedPerson, (PlannedPerson.position,)),
    "budget": (BudgetLine, (BudgetLine.position,)),
}
FROM_PARTNERS = {"people", "named"}
#: What belongs to the plan's own row.
ONE_EACH = (
    joinedload(Application.call),
    joinedload(Application.host_institution),
    joinedload(Application.course),
)
#: The plan it was begun from.
CAME_FROM = joinedload(Application.origin).joinedload(ApplicationOrigin.copied_from)


def _prepared(name: str) -> Select[Any]:
    model, order = PARTS[name]
    query = select(model).where(model.application_id == bindparam("owner")).order_by(*order)
    return query.options(joinedload(ApplicationPartner.organization)) if name == "partners" else query


_ROWS = {name: _prepared(name) for name in PARTS}
_RULES = select(Rule).where(Rule.course_id == bindparam("owner"), Rule.removed_at.is_(None)).order_by(Rule.position)


def fill(application: Application, parts: Collection[str] = tuple(PARTS)) -> None:
    """Read the rules of the plan's course and these parts of the plan, one query each, unless they are read already.

    From which partner people come needs no query then.
    """
    _fill(application.course, "rules", _RULES)
    for name in parts:
        _fill(application, name, _ROWS[name])
    partners = {partner.id: partner for partner in application.partners}
    for name in FROM_PARTNERS & set(parts):
        for row in getattr(application, name):
            if row.partner_id in partners and "partner" in inspect(row).unloaded:
                set_committed_value(row, "partner", partners[row.partner_id])


def _fill(owner: Any, name: str, query: Select[Any]) -> None:
    if name in inspect(owner).unloaded:
        set_committed_value(owner, name, db.session.scalars(query, {"owner": owner.id}).all())
