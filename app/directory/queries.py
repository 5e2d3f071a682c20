"""Every SELECT on organizations."""

import unicodedata
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any

from rapidfuzz import fuzz, process
from sqlalchemy import ColumnElement, Row, Select, func, select
from sqlalchemy.orm import selectinload

from app.core import authz
from app.core import search as text_search
from app.core.authz import Actor
from app.core.db import db
from app.core.i18n import localized
from app.core.listing import Sort
from app.directory import countries
from app.directory.models import InstitutionKind, Organization, OrganizationState, SendingOrganization, Side

SORTS = {
    "name": Sort(Organization.sort_name),
    "country": Sort(Organization.country),
    "newest": Sort(Organization.id, descending=True),
}
# How alike two folded names must be (0–100) to be offered as "did you mean"; short names differ more by one slip.
ALIKE, ALIKE_SHORT, SHORT = 78, 70, 6
OPEN_TO_PUBLIC = (OrganizationState.LISTED, OrganizationState.ACTIVE, OrganizationState.REQUESTED)
GONE = (OrganizationState.WITHDRAWN, OrganizationState.DECLINED)
LISTED_COLUMNS: tuple[Any, ...] = (
    Organization.public_id,
    Organization.side,
    Organization.state,
    Organization.kind,
    Organization.name_ja,
    Organization.name_en,
    Organization.country,
    Organization.prefecture,
    Organization.city,
)


@dataclass(frozen=True, slots=True)
class Suggestion:
    """An organization somebody may mean. `is_guess`: nothing was spelled so, this is the closest."""

    public_id: str
    name: str
    other_name: str
    country: str
    city: str
    state: OrganizationState
    is_guess: bool = False


def search(
    actor: Actor,
    text: str = "",
    side: Side | None = None,
    country: str | None = None,
    *,
    region: str | None = None,
    prefecture: str | None = None,
    kind: InstitutionKind | None = None,
    state: OrganizationState | None = None,
) -> Select[Any]:
    """The organizations that exist for the actor, as lists show them (columns, no entities); `text` in any script."""
    query: Select[Any] = select(*LISTED_COLUMNS).where(authz.condition(actor, "organization:view", Organization))
    for column, value in (
        (Organization.side, side),
        (Organization.country, country),
        (Organization.prefecture, prefecture),
        (Organization.kind, kind),
        (Organization.state, state),
    ):
        if value:
            query = query.where(column == value)
    if region:
        query = query.where(Organization.country.in_(countries.in_region(region)))
    return text_search.matching(query, Organization, text) if text else query


def exported(query: Select[Any]) -> Iterator[Any]:
    """The rows of a list with the columns of its export, streamed."""
    columns = query.add_columns(Organization.name_native, Organization.website).order_by(Organization.id)
    return iter(db.session.execute(columns.execution_options(yield_per=2000)))


def suggest(text: str, side: Side | None = None, limit: int = 10) -> list[Suggestion]:
    """The organizations somebody typing `text` may mean, the closest first; near spellings when nothing matches.

    Bodies that no longer exist, or were declined, are not offered.
    """
    return _suggest(text, _offered(side), limit)


def sending_named(names: Collection[str], public_ids: Collection[str] = ()) -> list[SendingOrganization]:
    """Sending organizations that may bear one of these names, and those of these public ids, whatever their state.

    One query. Names are compared as text may be stored; the caller compares them folded.
    """
    folded = [text_search.fold(name).removeprefix("the ")[:300] for name in names]
    written = {form for name in names for form in (name, unicodedata.normalize("NFKC", name))}
    bears = Organization.sort_name.in_(folded) | Organization.name_ja.in_(written)
    query = select(SendingOrganization).where(bears | Organization.public_id.in_(public_ids)).order_by(Organization.id)
    return list(db.session.scalars(query.where(Organization.side == Side.SENDING)))


def is_offered(organization: Organization) -> bool:
    """Whether the body is one to be named: it exists, and was not declined."""
    return organization.state not in GONE


def suggest_hosts(text: str, limit: int = 10) -> list[Suggestion]:
    """What a stranger may look up when registering: hosts, by name only."""
    hosts = (Organization.side == Side.HOST) & Organization.state.in_(OPEN_TO_PUBLIC)
    return _suggest(text, hosts, limit)


def did_you_mean(actor: Actor, text: str, side: Side | None = None, limit: int = 5) -> list[Suggestion]:
    """The closest spellings when a search found nothing."""
    visible = authz.condition(actor, "organization:view", Organization)
    return _close_to(text, visible & _offered(side), limit)


def _offered(side: Side | None) -> ColumnElement[bool]:
    offered: ColumnElement[bool] = Organization.state.not_in(GONE)
    return offered & (Organization.side == side) if side else offered


def _suggest(text: str, condition: ColumnElement[bool], limit: int) -> list[Suggestion]:
    if not text_search.phrases(text):
        return []
    listed: Select[Any] = select(*LISTED_COLUMNS).where(condition)
    query = text_search.matching(listed, Organization, text)
    # The shortest name that begins so is the body itself; longer ones are its parts ("Kyoto University Hospital").
    rows = db.session.execute(query.order_by(func.length(Organization.sort_name), Organization.id).limit(limit)).all()
    if rows:
        return [_suggestion(row) for row in rows]
    return _close_to(text, condition, limit)


def _suggestion(row: Any, *, is_guess: bool = False) -> Suggestion:
    name = localized(row.name_ja, row.name_en)
    other = row.name_en if name == row.name_ja else row.name_ja
    return Suggestion(row.public_id, name, other or "", row.country, row.city, row.state, is_guess)


def _close_to(text: str, condition: ColumnElement[bool], limit: int) -> list[Suggestion]:
    """Names that differ by a slip or two. Compares with every name on offer: a few milliseconds for thousands."""
    folded = text_search.fold(text)
    if len(folded) < 2:
        return []
    names: dict[tuple[int, str], str] = {}
    query = select(Organization.id, Organization.sort_name, Organization.name_ja).where(condition)
    for row_id, sort_name, name_ja in db.session.execute(query):
        names[row_id, "sort"] = sort_name
        if name_ja:
            names[row_id, "ja"] = name_ja
    cutoff = ALIKE_SHORT if len(folded) <= SHORT else ALIKE
    alike = process.extract(folded, names, scorer=fuzz.ratio, score_cutoff=cutoff, limit=limit * 2)
    ids = list(dict.fromkeys(key[0] for _name, _score, key in alike))[:limit]
    rows = db.session.execute(select(Organization.id, *LISTED_COLUMNS).where(Organization.id.in_(ids))).all()
    by_id = {row.id: row for row in rows}
    return [_suggestion(by_id[row_id], is_guess=True) for row_id in ids]


def by_public_id(public_id: str, side: Side | None = None) -> Organization | None:
    """An organization that is on offer, by its public id."""
    return db.session.scalar(select(Organization).where(Organization.public_id == public_id, _offered(side)))


def requestable_host(public_id: str) -> Organization | None:
    """A host a stranger may ask to register."""
    found = by_public_id(public_id, Side.HOST)
    return found if found is not None and found.state in OPEN_TO_PUBLIC else None


def of_page() -> tuple[Any, ...]:
    """What the page of an organization shows beside its own columns."""
    return (
        selectinload(Organization.aliases),
        selectinload(Organization.external_ids),
        selectinload(Organization.parent),
        selectinload(Organization.successor),
    )


def children(actor: Actor, organization: Organization, limit: int = 100) -> list[Row[Any]]:
    """Bodies that belong to this one, by name."""
    query = select(*LISTED_COLUMNS).where(
        Organization.parent_id == organization.id, authz.condition(actor, "organization:view", Organization)
    )
    return list(db.session.execute(query.order_by(Organization.sort_name).limit(limit)))


def predecessors(actor: Actor, organization: Organization) -> list[Row[Any]]:
    """Bodies that became this one."""
    query = select(*LISTED_COLUMNS).where(
        Organization.successor_id == organization.id, authz.condition(actor, "organization:view", Organization)
    )
    return list(db.session.execute(query.order_by(Organization.sort_name).limit(50)))


def waiting() -> list[Organization]:
    """Registrations that wait for a coordinator, the oldest first."""
    query = select(Organization).where(Organization.state == OrganizationState.REQUESTED)
    return list(db.session.scalars(query.order_by(Organization.updated_at, Organization.id).limit(50)))


def same_name(name_ja: str, name_en: str, country: str) -> Organization | None:
    """An organization of that country which already has one of these names (folded)."""
    for name in (name_ja, name_en):
        if not name:
            continue
        wanted = text_search.fold(name)
        query = text_search.matching(select(Organization).where(Organization.country == country), Organization, name)
        for candidate in db.session.scalars(query.limit(50)):
            if wanted in (text_search.fold(candidate.name_ja), text_search.fold(candidate.name_en)):
                return candidate
    return None
