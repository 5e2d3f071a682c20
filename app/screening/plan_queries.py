"""Every SELECT on the plans that are screened and the names compared. No country and no nationality is read."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import selectinload

from app.applications.models import Application, ApplicationPartner, ApplicationState
from app.core.db import db
from app.directory.models import Organization, OrganizationAlias
from app.screening.vocabulary import Source

A = ApplicationState
OPEN = (A.SUBMITTED, A.RETURNED, A.UNDER_REVIEW, A.DECIDED, A.RESERVE, A.ADOPTED)
PARENTS = 3  # how far up from a body the names of those it belongs to are compared
ORGANIZATION_NAMES = (Organization.name_en, Organization.name_ja, Organization.name_native)


@dataclass(frozen=True, slots=True)
class BodyName:
    """A name under which a sending organization may stand on the list."""

    source: Source
    text: str


def open_plans(after: int, limit: int) -> list[Application]:
    """Open plans whose number is higher than `after`, with what their names are read from."""
    query = select(Application).where(is_open(), Application.id > after).order_by(Application.id).limit(limit)
    return _with_names(query)


def plans(numbers: Iterable[int]) -> list[Application]:
    """Those of these plans that are open."""
    return _with_names(select(Application).where(is_open(), Application.id.in_(list(numbers))).order_by(Application.id))


def count_open() -> int:
    return db.session.scalar(select(func.count()).select_from(Application).where(is_open())) or 0


def plans_with(organization_id: int) -> list[int]:
    """The numbers of open plans with that organization, or one that belongs to it or became it, as a partner."""
    wanted = {organization_id}
    for _level in range(PARENTS):
        near = or_(Organization.parent_id.in_(wanted), Organization.successor_id.in_(wanted))
        more = set(db.session.scalars(select(Organization.id).where(near))) - wanted
        if not more:
            break
        wanted |= more
    query = (
        select(Application.id)
        .join(ApplicationPartner, ApplicationPartner.application_id == Application.id)
        .where(is_open(), ApplicationPartner.organization_id.in_(wanted))
    )
    return sorted(set(db.session.scalars(query)))


def is_open() -> ColumnElement[bool]:
    """The plans that are screened: submitted, and neither over nor given up."""
    return and_(Application.submitted_at.is_not(None), Application.state.in_(OPEN))


def _with_names(query: Select[Any]) -> list[Application]:
    options = (
        selectinload(Application.partners).joinedload(ApplicationPartner.organization),
        selectinload(Application.named),
    )
    return list(db.session.scalars(query.options(*options)))


def take_turns(numbers: Sequence[int]) -> None:
    """Lock these plans until the end of the transaction (SQLite has one writer anyway)."""
    query = select(Application.id).where(Application.id.in_(numbers)).order_by(Application.id).with_for_update()
    db.session.execute(query).all()


def names_of(organization_ids: Collection[int]) -> dict[int, list[BodyName]]:
    """Every name of each organization: its own, its other names, those of the bodies it belongs to or has become."""
    above = _above(organization_ids)
    rows = _names_of_rows({*organization_ids, *(other for found in above.values() for other in found)})
    named: dict[int, list[BodyName]] = {}
    for number in organization_ids:
        own = [BodyName(source, text) for source, text in rows.get(number, ())]
        others = [BodyName(Source.PARENT, text) for other in above[number] for _s, text in rows.get(other, ())]
        named[number] = own + others
    return named


def _above(organization_ids: Collection[int]) -> dict[int, list[int]]:
    """The bodies each organization belongs to or has become, the nearest first."""
    found: dict[int, list[int]] = {number: [] for number in organization_ids}
    links: dict[int, list[int]] = {}
    asked = set(organization_ids)
    for _level in range(PARENTS):
        wanted = asked - set(links)
        if not wanted:
            break
        columns = (Organization.id, Organization.parent_id, Organization.successor_id)
        for row in db.session.execute(select(*columns).where(Organization.id.in_(wanted))):
            links[row.id] = [other for other in (row.parent_id, row.successor_id) if other is not None]
        asked = {other for number in wanted for other in links.get(number, ())}
    for number, above in found.items():
        waiting = list(links.get(number, ()))
        while waiting:
            other = waiting.pop(0)
            if other != number and other not in above:
                above.append(other)
                waiting.extend(links.get(other, ()))
    return found


def _names_of_rows(numbers: Collection[int]) -> dict[int, list[tuple[Source, str]]]:
    named: dict[int, list[tuple[Source, str]]] = defaultdict(list)
    for row in db.session.execute(select(Organization.id, *ORGANIZATION_NAMES).where(Organization.id.in_(numbers))):
        named[row.id] += [(Source.PARTNER, text) for text in row[1:] if text]
    aliases = select(OrganizationAlias.organization_id, OrganizationAlias.name).where(
        OrganizationAlias.organization_id.in_(numbers)
    )
    for number, name in db.session.execute(aliases.order_by(OrganizationAlias.id)):
        named[number].append((Source.ALIAS, name))
    return named
