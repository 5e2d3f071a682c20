"""Every SELECT on persons."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from sqlalchemy import Row, Select, String, select, type_coerce, union
from sqlalchemy.orm import joinedload, selectinload

from app.core import authz, search
from app.core.authz import Actor
from app.core.db import db
from app.core.listing import Sort
from app.invitees.models import Category, Invitee, Passport

SORTS = {
    "newest": Sort(Invitee.id, descending=True),
    "name": Sort(Invitee.sort_name),
}


LISTED = select(
    Invitee.public_id,
    Invitee.surname,
    Invitee.given_names,
    Invitee.native_name,
    Invitee.nationality,
    Invitee.category,
    Invitee.affiliation,
    Invitee.fiscal_year,
)
WITH_PASSPORT = joinedload(Invitee.passport)


def order(text: str) -> tuple[dict[str, Sort], Any]:
    """The orders a list offers and the key that makes them unique: a search gives the newest first."""
    if not text:
        return SORTS, Invitee.id
    newest = search.row_number(Invitee)
    return {"newest": Sort(newest, descending=True)}, newest


def listed(
    actor: Actor, *, text: str = "", country: str = "", category: str = "", year: int | None = None
) -> Select[*tuple[Any, ...]]:
    """The persons that exist for the actor, as the list shows them (columns, no entities)."""
    query: Any = LISTED.where(authz.condition(actor, "invitee:view", Invitee))
    if country:
        query = query.where(Invitee.nationality == country)
    if category in list(Category):
        query = query.where(Invitee.category == Category(category))
    if year:
        query = query.where(Invitee.fiscal_year == year)
    return search.matching(query, Invitee, text) if text else query


def exported(actor: Actor, query: Select[*tuple[Any, ...]]) -> Iterator[Row[*tuple[Any, ...]]]:
    """The rows of a list with the columns of its export, streamed. No passport data: that has its own way out.

    Codes come as the text they are stored as: nobody computes with those cells of a file.
    """
    columns = query.with_only_columns(
        Invitee.public_id,
        Invitee.surname,
        Invitee.given_names,
        Invitee.native_name,
        Invitee.katakana,
        type_coerce(Invitee.sex, String),
        Invitee.date_of_birth,
        Invitee.nationality,
        type_coerce(Invitee.category, String),
        Invitee.affiliation,
        Invitee.fiscal_year,
        Invitee.email,
    ).order_by(Invitee.id)
    return iter(db.session.connection().execute(columns.execution_options(yield_per=1000)))


def by_passport(indexes: Iterable[str]) -> dict[str, Invitee]:
    """Persons by the blind index of their passport."""
    rows = db.session.execute(
        select(Passport.number_index, Invitee).join(Invitee).where(Passport.number_index.in_(list(indexes)))
    )
    return {row.number_index: row.Invitee for row in rows}


def candidates(indexes: Iterable[str], keys: Iterable[str]) -> Sequence[Invitee]:
    """Everybody with one of these passports (blind indexes) or match keys, oldest first, with passport and hosts.

    Whoever asks decides whom of them an institution may be told about.
    """
    found = union(
        select(Passport.invitee_id).where(Passport.number_index.in_(list(indexes))),
        select(Invitee.id).where(Invitee.match_key.in_(list(keys))),
    )
    return db.session.scalars(
        select(Invitee)
        .where(Invitee.id.in_(found))
        .options(joinedload(Invitee.passport), selectinload(Invitee.hosts))
        .order_by(Invitee.id)
    ).all()
