"""Every SELECT on forms 1 and 2."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import joinedload, selectinload

from app.core import authz, clock
from app.core import search as text_search
from app.core.authz import Actor
from app.core.db import db
from app.core.listing import Sort
from app.directory.models import HostInstitution, Organization
from app.export_control.models import SOON, Declaration, FormKind, Standing
from app.export_control.parties import Party

FOR_PAGE = (joinedload(Declaration.institution), joinedload(Declaration.organization), joinedload(Declaration.replaces))
LOOKED_BACK = timedelta(days=90)  # for forms that ran out and were not renewed
SORTS = {
    "ending": Sort(Declaration.valid_until),
    "newest": Sort(Declaration.id, descending=True),
}


def in_use(institution_id: int, keys: Iterable[str] | None = None) -> list[Declaration]:
    """The declarations an institution holds that nothing has replaced; of parties with these keys, if any are given."""
    query = select(Declaration).where(Declaration.institution_id == institution_id, Declaration.superseded_at.is_(None))
    if keys is not None:
        query = query.where(Declaration.party.in_(list(keys)))
    return list(db.session.scalars(query.order_by(Declaration.id)))


def of_party(declarations: Sequence[Declaration], party: Party) -> list[Declaration]:
    """Those of a party among an institution's: by its key, or where there is none by one it had before."""
    for key in (party.key, *party.others):
        found = [declaration for declaration in declarations if declaration.party == key]
        if found:
            return found
    return []


def current(institution_id: int, party_key: str, kind: FormKind) -> Declaration | None:
    """The declaration of a party that nothing has replaced."""
    return db.session.scalar(
        select(Declaration).where(
            Declaration.institution_id == institution_id,
            Declaration.party == party_key,
            Declaration.kind == kind,
            Declaration.superseded_at.is_(None),
        )
    )


def search(
    actor: Actor, *, text: str = "", kind: FormKind | None = None, standing: Standing | None = None
) -> Select[Any]:
    """The declarations that exist for the actor; `text` is part of a name of the institution or the partner."""
    query = (
        authz.visible(actor, "declaration:view", Declaration)
        .join(Organization, Organization.id == Declaration.institution_id)
        .options(selectinload(Declaration.institution), selectinload(Declaration.organization))
    )
    if text:
        folded = f"%{text_search.fold(text)}%"
        query = query.where(or_(Organization.search_text.like(folded), func.lower(Declaration.party_name).like(folded)))
    if kind is not None:
        query = query.where(Declaration.kind == kind)
    return _standing(query, standing, clock.today())


def _standing(query: Select[Any], standing: Standing | None, today: date) -> Select[Any]:
    if standing is Standing.REPLACED:
        return query.where(Declaration.superseded_at.is_not(None))
    query = query.where(Declaration.superseded_at.is_(None))
    soon = today + timedelta(days=SOON)
    if standing is Standing.VALID:
        return query.where(Declaration.valid_until >= soon)
    if standing is Standing.ENDING:
        return query.where(Declaration.valid_until >= today, Declaration.valid_until < soon)
    return query.where(Declaration.valid_until < today) if standing is Standing.EXPIRED else query


def history(declaration: Declaration) -> list[Declaration]:
    """Every declaration of the same form for the same party, the newest first."""
    return list(
        db.session.scalars(
            select(Declaration)
            .where(
                Declaration.institution_id == declaration.institution_id,
                Declaration.party == declaration.party,
                Declaration.kind == declaration.kind,
            )
            .order_by(Declaration.id.desc())
            .limit(50)
        )
    )


def to_renew(actor: Actor) -> list[Declaration]:
    """Forms of the actor's own institutions that end within a month, or ended and were not renewed."""
    today = clock.today()
    query = (
        select(Declaration)
        .where(
            authz.condition(actor, "declaration:edit", Declaration),
            Declaration.party == "",
            Declaration.superseded_at.is_(None),
            Declaration.valid_until.between(today - LOOKED_BACK, today + timedelta(days=SOON)),
        )
        .options(selectinload(Declaration.institution))
        .order_by(Declaration.valid_until, Declaration.id)
        .limit(20)
    )
    return list(db.session.scalars(query))


def hosts(ids: Iterable[int]) -> list[HostInstitution]:
    """Host institutions by their numbers."""
    return list(
        db.session.scalars(
            select(HostInstitution).where(HostInstitution.id.in_(list(ids))).order_by(HostInstitution.id)
        )
    )
