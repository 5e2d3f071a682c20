"""Every SELECT on alumni and returns to Japan."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Any

from sqlalchemy import Row, Select, func, or_, select
from sqlalchemy.orm import joinedload, selectinload

from app.accounts.models import User, UserState
from app.alumni.models import Alumnus, AlumnusState, Revisit, RevisitKind, RevisitState
from app.core import authz, clock, search
from app.core.authz import Actor
from app.core.db import db
from app.core.listing import Sort
from app.directory.models import HostInstitution, OrganizationState
from app.invitees.models import Invitee, InviteeHost
from app.visits.models import Participation, Visit, VisitState

REVISIT_SORTS = {
    "newest": Sort(Revisit.id, descending=True),
    "starts": Sort(Revisit.starts_on, descending=True),
}
#: What lists of returns show; as a tuple of no particular type, since the rows are read by name.
REVISIT_COLUMNS: tuple[Any, ...] = (
    Revisit.public_id,
    Revisit.state,
    Revisit.kind,
    Revisit.starts_on,
    Revisit.ends_on,
    Revisit.evidence,
    Revisit.institution_name,
    Invitee.public_id.label("invitee_id"),
    Invitee.surname,
    Invitee.given_names,
    Invitee.nationality,
    HostInstitution.name_ja,
    HostInstitution.name_en,
)
DIRECTORY_SORTS = {"name": Sort(Alumnus.sort_name)}
OFFERS = 6


def own(actor: Actor) -> Alumnus | None:
    """The profile of the person who acts, with their returns."""
    return db.session.scalar(
        authz.visible(actor, "alumnus:view-own", Alumnus).options(
            joinedload(Alumnus.invitee), selectinload(Alumnus.revisits).joinedload(Revisit.institution)
        )
    )


def account_of(invitee_id: int) -> User | None:
    """The active account of a former invitee, where there is one."""
    return db.session.scalar(select(User).where(User.invitee_id == invitee_id, User.state == UserState.ACTIVE))


def of_invitees(ids: Iterable[int]) -> dict[int, Alumnus]:
    """Profiles by number of the invitee."""
    rows = db.session.scalars(select(Alumnus).where(Alumnus.invitee_id.in_(list(ids))))
    return {alumnus.invitee_id: alumnus for alumnus in rows}


def visits_of(invitee_id: int) -> Sequence[Any]:
    """The visits a person took part in, newest first: theme, days, host. For the person and for who may see them."""
    return db.session.execute(
        select(
            Visit.theme_ja,
            Visit.theme_en,
            Visit.starts_on,
            Visit.ends_on,
            HostInstitution.name_ja,
            HostInstitution.name_en,
        )
        .join(Participation, Participation.visit_id == Visit.id)
        .join(HostInstitution, HostInstitution.id == Visit.host_institution_id)
        .where(
            Participation.invitee_id == invitee_id,
            Participation.took_part.is_(True),
            Visit.state == VisitState.COMPLETED,
        )
        .order_by(Visit.starts_on.desc(), Visit.id.desc())
    ).all()


def first_exit(invitee_id: int) -> date | None:
    """The day on which a person left Japan at the end of the first completed visit."""
    return db.session.scalar(
        select(func.min(Visit.ends_on))
        .join(Participation, Participation.visit_id == Visit.id)
        .where(
            Participation.invitee_id == invitee_id,
            Participation.took_part.is_(True),
            Visit.state == VisitState.COMPLETED,
        )
    )


def same_return(alumnus_id: int, kind: RevisitKind, starts_on: date, but: int | None) -> bool:
    """Whether the person has another return of that kind and day that was not rejected."""
    query = select(Revisit.id).where(
        Revisit.alumnus_id == alumnus_id,
        Revisit.kind == kind,
        Revisit.starts_on == starts_on,
        Revisit.state != RevisitState.REJECTED,
    )
    if but is not None:
        query = query.where(Revisit.id != but)
    return db.session.scalar(query.limit(1)) is not None


def institutions_like(text: str, *, limit: int = OFFERS) -> list[HostInstitution]:
    """Institutions in Japan whose name has these words, those of the programme first. Names are public."""
    known = (OrganizationState.ACTIVE, OrganizationState.LISTED)
    query = select(HostInstitution).where(HostInstitution.state.in_(known))
    return list(
        db.session.scalars(
            search.matching(query, HostInstitution, text)
            .order_by(HostInstitution.state, HostInstitution.sort_name, HostInstitution.id)
            .limit(limit)
        )
    )


def institution(public_id: str) -> HostInstitution | None:
    """An institution in Japan by public id."""
    return db.session.scalar(select(HostInstitution).where(HostInstitution.public_id == public_id))


_REVISITS = (
    select(*REVISIT_COLUMNS)
    .join(Invitee, Invitee.id == Revisit.invitee_id)
    .outerjoin(HostInstitution, HostInstitution.id == Revisit.institution_id)
)


def revisits(
    actor: Actor, *, state: str = "", kind: str = "", year: int | None = None, institution_text: str = ""
) -> Select[Any]:
    """Returns to Japan that exist for the actor, as the list shows them (columns, no entities).

    `year` is the fiscal year in which the return began; `institution_text` words of the institution's name.
    """
    query: Select[Any] = _REVISITS.where(authz.condition(actor, "revisit:view", Revisit))
    if state in list(RevisitState):
        query = query.where(Revisit.state == RevisitState(state))
    if kind in list(RevisitKind):
        query = query.where(Revisit.kind == RevisitKind(kind))
    if year:
        first, last = clock.fiscal_year_range(year)
        query = query.where(Revisit.starts_on.between(first, last))
    if institution_text:
        named = search.matching(select(HostInstitution.id), HostInstitution, institution_text)
        query = query.where(
            or_(
                Revisit.institution_id.in_(named),
                Revisit.institution_name.icontains(institution_text, autoescape=True),
            )
        )
    return query


def exported(query: Select[Any]) -> Iterator[Row[Any]]:
    """The rows of a list of returns, streamed for its export."""
    return iter(db.session.execute(query.order_by(Revisit.id).execution_options(yield_per=1000)))


FOR_PAGE = (joinedload(Revisit.institution), joinedload(Revisit.alumnus).joinedload(Alumnus.invitee))


def to_confirm(actor: Actor) -> int:
    """How many returns wait for the actor's confirmation."""
    return (
        db.session.scalar(
            select(func.count(Revisit.id)).where(
                Revisit.state == RevisitState.REPORTED, authz.condition(actor, "revisit:confirm", Revisit)
            )
        )
        or 0
    )


def directory(actor: Actor, *, text: str = "", country: str = "") -> Select[Any]:
    """Alumni who asked to be listed, with what the page must filter by each one's own choice (`alumni.profile`).

    Search and the filter by country read only columns that hold what the person shows to other alumni.
    """
    query: Select[Any] = (
        select(
            Alumnus.public_id,
            Alumnus.state,
            Alumnus.visibility,
            Alumnus.affiliation,
            Alumnus.position,
            Alumnus.country,
            Alumnus.city,
            Alumnus.field_of_science,
            Invitee.surname,
            Invitee.given_names,
            Invitee.native_name,
        )
        .join(Invitee, Invitee.id == Alumnus.invitee_id)
        .where(authz.condition(actor, "alumnus:directory", Alumnus))
    )
    if country:
        query = query.where(Alumnus.listed_country == country)
    return search.matching(query, Alumnus, text) if text else query


def of_person(invitee_id: int) -> Alumnus | None:
    """The profile of an invitee."""
    return db.session.scalar(select(Alumnus).where(Alumnus.invitee_id == invitee_id))


def returns_of(actor: Actor, invitee_id: int) -> Sequence[Any]:
    """A person's returns which the actor may see, newest first."""
    return db.session.execute(
        revisits(actor).where(Revisit.invitee_id == invitee_id).order_by(Revisit.starts_on.desc(), Revisit.id.desc())
    ).all()


def received_by(invitee_id: int, institution_ids: Iterable[int]) -> bool:
    """Whether one of these institutions received the person."""
    return (
        db.session.scalar(
            select(InviteeHost.id).where(
                InviteeHost.invitee_id == invitee_id, InviteeHost.institution_id.in_(list(institution_ids))
            )
        )
        is not None
    )


def silent_since(day: date, *, limit: int) -> list[Alumnus]:
    """Active alumni who have not confirmed their profile since a day, longest first."""
    return list(
        db.session.scalars(
            select(Alumnus)
            .where(Alumnus.state == AlumnusState.ACTIVE, Alumnus.confirmed_on < day)
            .order_by(Alumnus.confirmed_on, Alumnus.id)
            .limit(limit)
        )
    )
