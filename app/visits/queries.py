"""Every SELECT on visits but those of the calendar board (`year_queries`)."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Any

from sqlalchemy import Date, Select, exists, func, literal, or_, select
from sqlalchemy.orm import joinedload, selectinload

from app.accounts import queries as accounts
from app.applications.models import Application, ApplicationPartner
from app.calls.models import Course
from app.core import authz, search
from app.core.authz import Actor
from app.core.db import db
from app.core.listing import Sort
from app.directory.models import HostInstitution, SendingOrganization
from app.invitees.models import Invitee, Passport
from app.visits.models import Participation, ScheduleItem, Visit, VisitState

FAR = date(9999, 12, 31)  # visits without dates stand behind all others
ENTRY = func.coalesce(Visit.starts_on, literal(FAR, Date))
SORTS = {
    "entry": Sort(ENTRY),
    "newest": Sort(Visit.id, descending=True),
    "reference": Sort(Visit.reference),
    "host": Sort(HostInstitution.sort_name),
}
HEADS = select(func.count()).where(Participation.visit_id == Visit.id).scalar_subquery()

#: What a page of one visit reads, so that it is loaded in a fixed number of queries.
FOR_PAGE = (
    joinedload(Visit.host_institution),
    joinedload(Visit.course).selectinload(Course.rules),
    joinedload(Visit.application).joinedload(Application.call),
    joinedload(Visit.application).selectinload(Application.partners).joinedload(ApplicationPartner.organization),
    selectinload(Visit.schedule),
    selectinload(Visit.participations).joinedload(Participation.invitee).joinedload(Invitee.passport),
)


def staff_to_tell(visit: Visit) -> list[Any]:
    """The users of the host institution, who hear what becomes of its visit."""
    return accounts.staff_of(visit.host_institution_id)


def listed(
    actor: Actor, *, text: str = "", state: str = "", year: int | None = None, host: str = "", country: str = ""
) -> Select[Any]:
    """The visits that exist for the actor, as the list shows them (columns, no entities)."""
    query: Any = (
        select(
            Visit.public_id,
            Visit.reference,
            Visit.state,
            Visit.theme_ja,
            Visit.theme_en,
            Visit.starts_on,
            Visit.ends_on,
            Visit.fiscal_year,
            HostInstitution.name_ja.label("host_ja"),
            HostInstitution.name_en.label("host_en"),
            Course.code,
            HEADS.label("people"),
        )
        .join(HostInstitution, HostInstitution.id == Visit.host_institution_id)
        .join(Course, Course.id == Visit.course_id)
        .where(authz.condition(actor, "visit:view", Visit))
    )
    if state in list(VisitState):
        query = query.where(Visit.state == VisitState(state))
    if year:
        query = query.where(Visit.fiscal_year == year)
    if host:
        query = query.where(HostInstitution.public_id == host)
    if country:
        query = query.where(_comes_from(country))
    return _with_words(query, text) if text else query


def _comes_from(country: str) -> Any:
    """Some sending organization of the plan is in that country: said of the visit, not of a person."""
    listed_there = ApplicationPartner.organization.has(SendingOrganization.country == country)
    return exists().where(
        ApplicationPartner.application_id == Visit.application_id,
        or_(ApplicationPartner.country == country, listed_there),
    )


def _with_words(query: Select[Any], text: str) -> Select[Any]:
    """By the number of the visit, or by the words of its plan."""
    number = text.upper().replace(" ", "")
    if number.startswith("V") and number[1:2].isdigit():
        return query.where(Visit.reference.startswith(number, autoescape=True))
    return search.matching(query.join(Application, Application.id == Visit.application_id), Application, text)


def exported(query: Select[Any]) -> Iterator[Any]:
    """The rows of a list, streamed for its export."""
    return iter(db.session.execute(query.order_by(ENTRY, Visit.id).execution_options(yield_per=1000)))


def years(actor: Actor) -> list[int]:
    """Fiscal years in which the actor sees visits, newest first."""
    query = select(Visit.fiscal_year).where(authz.condition(actor, "visit:view", Visit)).distinct()
    return sorted(db.session.scalars(query), reverse=True)


def hosts(actor: Actor) -> list[Any]:
    """Host institutions of the visits the actor sees: public id and names, by name."""
    query = (
        select(HostInstitution.public_id, HostInstitution.name_ja, HostInstitution.name_en)
        .where(
            HostInstitution.id.in_(select(Visit.host_institution_id).where(authz.condition(actor, "visit:view", Visit)))
        )
        .order_by(HostInstitution.sort_name)
    )
    return list(db.session.execute(query))


def of_application(application_id: int) -> Visit | None:
    """The visit that came out of an application."""
    return db.session.scalar(select(Visit).where(Visit.application_id == application_id))


def roster(actor: Actor, visit: Visit) -> Sequence[Any]:
    """The people of a visit as far as the reader may know them; `personal` says whether class B data may be shown.

    One query, whatever the size. The passport appears by its last signs only.
    """
    return db.session.execute(
        select(
            Participation.public_id,
            Participation.role,
            Participation.category,
            Participation.affiliation,
            Participation.first_visit,
            Participation.previous_visit_reason,
            Participation.diet,
            Participation.guardian_consent_on,
            Participation.took_part,
            Invitee.public_id.label("invitee_id"),
            Invitee.surname,
            Invitee.given_names,
            Invitee.native_name,
            Invitee.katakana,
            Invitee.sex,
            Invitee.date_of_birth,
            Invitee.nationality,
            Passport.last_signs,
            Passport.id.label("passport_id"),
            Passport.expires_on,
            authz.condition(actor, "invitee:view-personal", Invitee).label("personal"),
        )
        .join(Invitee, Invitee.id == Participation.invitee_id)
        .outerjoin(Passport, Passport.invitee_id == Invitee.id)
        .where(Participation.visit_id == visit.id, authz.condition(actor, "invitee:view", Invitee))
        .order_by(Participation.position, Participation.id)
    ).all()


def part_of(visit: Visit, invitee: Invitee) -> Participation | None:
    """The part of a person in a visit, if there is one."""
    return db.session.scalar(
        select(Participation).where(Participation.visit_id == visit.id, Participation.invitee_id == invitee.id)
    )


def last_position(visit: Visit) -> int:
    """The highest position on the roster, 0 for an empty one."""
    return db.session.scalar(select(func.max(Participation.position)).where(Participation.visit_id == visit.id)) or 0


def other_parts(invitee: Invitee, *, host_institution_id: int | None = None) -> bool:
    """Whether a person takes part in any visit (of a host, if one is named)."""
    query = select(Participation.id).join(Visit).where(Participation.invitee_id == invitee.id)
    if host_institution_id is not None:
        query = query.where(Visit.host_institution_id == host_institution_id)
    return db.session.scalar(query.limit(1)) is not None


def items_on(visit: Visit, on: date) -> list[ScheduleItem]:
    """The lines of one day of the schedule."""
    return list(
        db.session.scalars(
            select(ScheduleItem)
            .where(ScheduleItem.visit_id == visit.id, ScheduleItem.on == on)
            .order_by(ScheduleItem.position, ScheduleItem.id)
        )
    )


def by_calendar_token(token_hash: str) -> Visit | None:
    """The visit whose calendar this token opens."""
    return db.session.scalar(
        select(Visit)
        .where(Visit.calendar_token_hash == token_hash)
        .options(joinedload(Visit.host_institution), selectinload(Visit.schedule))
    )


def due_to_begin(on: date) -> list[Visit]:
    """Confirmed visits whose day of entry has come."""
    return list(
        db.session.scalars(
            select(Visit)
            .where(Visit.state == VisitState.CONFIRMED, Visit.starts_on <= on)
            .order_by(Visit.starts_on, Visit.id)
        )
    )


_PARTS = (
    select(
        Visit.public_id,
        Visit.reference,
        Visit.starts_on,
        Visit.ends_on,
        HostInstitution.name_ja,
        HostInstitution.name_en,
        Participation.role,
        Participation.category,
        Participation.affiliation,
    )
    .join(Participation, Participation.visit_id == Visit.id)
    .join(HostInstitution, HostInstitution.id == Visit.host_institution_id)
    .order_by(ENTRY.desc(), Visit.id.desc())
)


def parts_of_person(actor: Actor, invitee: Invitee, *, limit: int = 50) -> Sequence[Any]:
    """A person's parts in the visits the reader may see, newest first."""
    permitted = authz.condition(actor, "visit:view", Visit)
    return db.session.execute(_PARTS.where(Participation.invitee_id == invitee.id, permitted).limit(limit)).all()


def visits_of_organization(actor: Actor, organization_id: int, *, limit: int = 20) -> Sequence[Any]:
    """The newest visits which an organization receives or sends people to, as far as the reader may see them."""
    sent = select(Participation.visit_id).where(Participation.sending_organization_id == organization_id)
    return db.session.execute(
        select(
            Visit.public_id,
            Visit.reference,
            Visit.state,
            Visit.theme_ja,
            Visit.theme_en,
            Visit.starts_on,
            Visit.ends_on,
            HEADS.label("people"),
        )
        .where(
            or_(Visit.host_institution_id == organization_id, Visit.id.in_(sent)),
            authz.condition(actor, "visit:view", Visit),
        )
        .order_by(ENTRY.desc(), Visit.id.desc())
        .limit(limit)
    ).all()


def waiting(actor: Actor, permission: str, states: Iterable[VisitState], *, limit: int = 100) -> Sequence[Any]:
    """Visits in those states for which the actor has the permission, with what tells what is still to do."""
    return db.session.execute(
        select(
            Visit.id,
            Visit.public_id,
            Visit.reference,
            Visit.state,
            Visit.theme_ja,
            Visit.theme_en,
            Visit.starts_on,
            Visit.ends_on,
            HEADS.label("people"),
        )
        .where(Visit.state.in_(list(states)), authz.condition(actor, permission, Visit))
        .order_by(ENTRY, Visit.id)
        .limit(limit)
    ).all()


def young_without_consent(visit_ids: Iterable[int], *, born_after: date) -> Sequence[Any]:
    """(visit id, day of entry, date of birth) of people born after a day whose guardian's consent is not at hand."""
    return db.session.execute(
        select(Participation.visit_id, Visit.starts_on, Invitee.date_of_birth)
        .join(Invitee, Invitee.id == Participation.invitee_id)
        .join(Visit, Visit.id == Participation.visit_id)
        .where(
            Participation.visit_id.in_(list(visit_ids)),
            Participation.guardian_consent_on.is_(None),
            Invitee.date_of_birth > born_after,
        )
    ).all()
