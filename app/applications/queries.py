"""Every SELECT on exchange plans. Where the reader may not know decisions yet, a decided plan is one under review."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, case, exists, func, literal, not_, or_, select
from sqlalchemy.orm import joinedload, selectinload

from app.accounts.models import User
from app.applications.models import (
    Application,
    ApplicationOrigin,
    ApplicationPartner,
    ApplicationState,
    Decision,
    PlannedPeople,
)
from app.applications.named_models import PlannedPerson
from app.calls.models import Call, Course, CourseCode
from app.core import authz, clock, search
from app.core.audit import AuditEvent
from app.core.authz import Actor
from app.core.db import UtcDateTime, db
from app.core.listing import Sort
from app.directory.models import HostInstitution, Organization, SendingOrganization

S = ApplicationState
NEVER = datetime(9999, 12, 31, tzinfo=clock.TOKYO)  # plans not yet submitted stand behind all others
RECEIVED = func.coalesce(Application.submitted_at, literal(NEVER, UtcDateTime()), type_=UtcDateTime())
# Of a plan in these states the content may be a draft that was never submitted.
AFTER_A_DRAFT = (S.RETURNED, S.WITHDRAWN)
SORTS = {
    "newest": Sort(Application.id, descending=True),
    "received": Sort(RECEIVED),
    "reference": Sort(func.coalesce(Application.reference, "")),
    "host": Sort(HostInstitution.sort_name),
}

#: What a page of one plan reads, so that it is loaded in a fixed number of queries.
FOR_PAGE = (
    joinedload(Application.call),
    joinedload(Application.host_institution),
    joinedload(Application.course).selectinload(Course.rules),
    selectinload(Application.partners).joinedload(ApplicationPartner.organization),
    selectinload(Application.itinerary),
    selectinload(Application.people).joinedload(PlannedPeople.partner),
    selectinload(Application.named),
    selectinload(Application.budget),
    joinedload(Application.origin).joinedload(ApplicationOrigin.copied_from),
)


def take_turn(application: Application) -> None:
    """Lock the plan until the end of the transaction, before anything of it is changed.

    Whoever changes a plan locks this row first, so that those who save at the same instant come one after the other
    and never wait for each other in a circle (SQLite has one writer anyway); whoever changes many, in the order of
    their ids. What another has stored since the plan was read is read again, with all that a page shows.
    """
    if application.id is None:
        return
    query = select(Application.version).where(Application.id == application.id).with_for_update()
    if db.session.scalar(query) == application.version:
        return
    db.session.scalars(
        select(Application)
        .where(Application.id == application.id)
        .options(*FOR_PAGE)
        .execution_options(populate_existing=True)
    ).unique().one()


def entered_by(application: Application) -> dict[str, str]:
    """The accounts by which people of a plan were entered: names by the person's public id."""
    query = (
        select(PlannedPerson.public_id, User.name)
        .join(User, User.id == PlannedPerson.entered_by_id)
        .where(PlannedPerson.application_id == application.id)
    )
    return {row.public_id: row.name for row in db.session.execute(query)}


def is_inside(actor: Actor) -> bool:
    """Whether the reader may know decisions that are not released."""
    return actor.may("decision:view")


def sees_contacts(actor: Actor) -> bool:
    """Whether e-mail and telephone of the persons in a plan are shown: to hosts, JST and screening, not to auditors."""
    return any(actor.may(permission) for permission in ("application:create", "decision:view", "passport:reveal"))


def known_state(actor: Actor) -> ColumnElement[Any]:
    """The state of a plan as far as the reader may know it: for lists, filters and counts."""
    if is_inside(actor):
        return Application.state.expression
    kind = Application.state.type
    return case((Application.state == S.DECIDED, literal(S.UNDER_REVIEW, kind)), else_=Application.state)


def known_theme(name: str, actor: Actor | None = None) -> ColumnElement[Any]:
    """`theme_ja` or `theme_en` as far as JST may know it: what was submitted, never a draft.

    With an actor who writes plans, those of the own institution show what stands there now.
    """
    hidden: list[ColumnElement[bool]] = [Application.state.in_(AFTER_A_DRAFT), Application.submitted_at.is_not(None)]
    if actor is not None:
        hidden.append(not_(authz.condition(actor, "application:edit", Application)))
    frozen = func.coalesce(Application.snapshot[name].as_string(), "")
    return case((and_(*hidden), frozen), else_=getattr(Application, name)).label(name)


def listed(
    actor: Actor,
    *,
    text: str = "",
    host: str = "",
    state: str = "",
    year: int | None = None,
    call: str = "",
    course: str = "",
    country: str = "",
) -> Select[Any]:
    """The plans that exist for the actor, as the list shows them (columns, no entities).

    An unknown word in a filter is ignored, and so is a state the reader may not know of.
    """
    known = known_state(actor)
    query = (
        select(
            Application.public_id,
            Application.reference,
            known.label("state"),
            known_theme("theme_ja", actor),
            known_theme("theme_en", actor),
            Application.submitted_at,
            HostInstitution.name_ja.label("host_ja"),
            HostInstitution.name_en.label("host_en"),
            Course.code,
            Call.fiscal_year,
            Call.label.label("call_label"),
            Call.public_id.label("call_id"),
        )
        .join(HostInstitution, HostInstitution.id == Application.host_institution_id)
        .join(Course, Course.id == Application.course_id)
        .join(Call, Call.id == Application.call_id)
        .where(authz.condition(actor, "application:view", Application))
    )
    if state in states_known_to(actor):
        query = query.where(_in_state(actor, S(state)))
    if year:
        query = query.where(Call.fiscal_year == year)
    if call:
        query = query.where(Call.public_id == call)
    if course in list(CourseCode):
        query = query.where(Course.code == CourseCode(course))
    if country:
        query = query.where(_partner_in(country))
    if host:
        hosts = search.matching(select(Organization.id), Organization, host)
        query = query.where(Application.host_institution_id.in_(hosts))
    return search.matching(query, Application, text) if text else query


def states_known_to(actor: Actor) -> list[ApplicationState]:
    """The states a reader can tell apart."""
    return [state for state in S if is_inside(actor) or state is not S.DECIDED]


def _in_state(actor: Actor, state: ApplicationState) -> ColumnElement[bool]:
    if state is S.UNDER_REVIEW and not is_inside(actor):
        return Application.state.in_([S.UNDER_REVIEW, S.DECIDED])
    return Application.state == state


def _partner_in(country: str) -> ColumnElement[bool]:
    """Some partner of the plan is in that country or region."""
    in_directory = ApplicationPartner.organization.has(SendingOrganization.country == country)
    return exists().where(
        ApplicationPartner.application_id == Application.id,
        or_(ApplicationPartner.country == country, in_directory),
    )


def exportable(actor: Actor, **filters: Any) -> Select[Any]:
    """The plans of a list that the actor may also take away: those that have once been submitted (row 24)."""
    permitted = authz.condition(actor, "application:export", Application)
    return listed(actor, **filters).where(permitted, Application.submitted_at.is_not(None))


def exported(query: Select[Any]) -> list[Row[Any]]:
    """The rows of a list with what only its export shows, by number."""
    people = select(func.sum(PlannedPeople.number)).where(PlannedPeople.application_id == Application.id)
    columns = query.add_columns(
        Application.id,
        Application.starts_on,
        Application.ends_on,
        func.coalesce(people.scalar_subquery(), 0).label("people"),
        case((Application.state.in_(AFTER_A_DRAFT), Application.snapshot)).label("frozen"),
    )
    return list(db.session.execute(columns.order_by(Application.reference, Application.id)))


def countries_of(application_ids: Sequence[int]) -> dict[int, set[str]]:
    """The countries and regions of the partners, by plan."""
    country = func.coalesce(SendingOrganization.country, ApplicationPartner.country)
    query = (
        select(ApplicationPartner.application_id, country)
        .outerjoin(SendingOrganization, SendingOrganization.id == ApplicationPartner.organization_id)
        .where(ApplicationPartner.application_id.in_(application_ids))
    )
    found: dict[int, set[str]] = {}
    for application_id, code in db.session.execute(query):
        if code:
            found.setdefault(application_id, set()).add(code)
    return found


def rounds(actor: Actor) -> list[Row[Any]]:
    """The rounds of the plans the actor sees, the newest first: id, fiscal year, label."""
    seen = select(Application.call_id).where(authz.condition(actor, "application:view", Application))
    query = select(Call.public_id, Call.fiscal_year, Call.label).where(Call.id.in_(seen))
    return list(db.session.execute(query.order_by(Call.opens_at.desc(), Call.id.desc())))


def decision_of(application: Application) -> Decision | None:
    """What JST has decided on a plan. Only for those who may know."""
    return db.session.scalar(select(Decision).where(Decision.application_id == application.id))


def last_plan_of(host_institution_id: int) -> Application | None:
    """The institution's newest plan that names its contacts."""
    return db.session.scalar(
        select(Application)
        .where(Application.host_institution_id == host_institution_id, Application.principal_name != "")
        .order_by(Application.id.desc())
        .limit(1)
    )


def last_safety_of(application: Application) -> Application | None:
    """The newest other plan of the same institution that names whom to call in an emergency."""
    named = select(Application).where(
        Application.host_institution_id == application.host_institution_id, Application.id != application.id
    )
    plans = db.session.scalars(named.order_by(Application.id.desc()).limit(5))
    return next((plan for plan in plans if (plan.safety or {}).get("crisis_name")), None)


def latest_plans_of(host_ids: Sequence[int], limit: int = 10) -> list[Application]:
    """The plans that institutions submitted last, the newest first: to start a new one from."""
    query = (
        select(Application)
        .where(Application.host_institution_id.in_(host_ids), Application.submitted_at.is_not(None))
        .options(joinedload(Application.call), joinedload(Application.course), joinedload(Application.host_institution))
    )
    return list(db.session.scalars(query.order_by(Application.submitted_at.desc(), Application.id.desc()).limit(limit)))


def institutions(ids: Sequence[int]) -> list[HostInstitution]:
    """Host institutions by number, by name."""
    query = select(HostInstitution).where(HostInstitution.id.in_(ids)).order_by(HostInstitution.sort_name)
    return list(db.session.scalars(query))


def sending_organizations(public_ids: Sequence[str]) -> dict[str, SendingOrganization]:
    """Sending organizations by their public ids."""
    query = select(SendingOrganization).where(SendingOrganization.public_id.in_(public_ids))
    return {found.public_id: found for found in db.session.scalars(query)} if public_ids else {}


def entries_of(
    application: Application, *, hidden: Sequence[str] = (), since: datetime | None = None, limit: int = 100
) -> list[AuditEvent]:
    """The newest entries of the audit log about a plan, newest first, without the verbs named and those before."""
    query = (
        select(AuditEvent)
        .where(AuditEvent.subject_type == Application.__tablename__, AuditEvent.subject_id == application.id)
        .where(AuditEvent.verb.not_in(list(hidden)))
    )
    if since is not None:
        query = query.where(AuditEvent.at >= since)
    return list(db.session.scalars(query.order_by(AuditEvent.id.desc()).limit(limit)))
