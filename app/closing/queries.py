"""Every SELECT on reports and certificates."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import joinedload, selectinload

from app.closing.models import Certificate, ReportState, VisitReport
from app.core import authz, clock
from app.core.audit import AuditEvent
from app.core.authz import Actor
from app.core.db import db
from app.core.listing import Sort
from app.directory.models import HostInstitution
from app.visits.models import Participation, Visit, VisitState

SORTS = {
    "due": Sort(Visit.ends_on),
    "reference": Sort(Visit.reference),
    "host": Sort(HostInstitution.sort_name),
}
#: What the list shows; as a tuple of no particular type, since the rows are read by name.
LIST_COLUMNS: tuple[Any, ...] = (
    Visit.public_id,
    Visit.reference,
    Visit.theme_ja,
    Visit.theme_en,
    Visit.starts_on,
    Visit.ends_on,
    HostInstitution.name_ja.label("host_ja"),
    HostInstitution.name_en.label("host_en"),
    VisitReport.state.label("report_state"),
    VisitReport.due_on,
    VisitReport.submitted_at,
)
OPEN = "open"  # filter value: the host has not handed in a report
OVER = (VisitState.IN_PROGRESS, VisitState.REPORTED, VisitState.COMPLETED)

#: What the pages of one report read, so that a visit is loaded in a fixed number of queries.
FOR_PAGE = (
    joinedload(Visit.host_institution),
    joinedload(Visit.course),
    selectinload(Visit.participations).joinedload(Participation.invitee),
)


def report_of(visit: Visit) -> VisitReport | None:
    """The report of a visit, if somebody began one."""
    return db.session.scalar(select(VisitReport).where(VisitReport.visit_id == visit.id))


def was_reminded(visit: Visit, since: datetime) -> bool:
    """Whether somebody has reminded the host of the report since then."""
    query = select(AuditEvent.id).where(
        AuditEvent.subject_type == Visit.__tablename__,
        AuditEvent.subject_id == visit.id,
        AuditEvent.verb == "report:remind",
        AuditEvent.at >= since,
    )
    return db.session.scalar(query.limit(1)) is not None


def _over(actor: Actor, permission: str) -> Any:
    """Visits whose day of exit has come, for which the actor has the permission."""
    return (
        Visit.state.in_(OVER),
        Visit.ends_on <= clock.today(),
        authz.condition(actor, permission, Visit),
    )


def listed(actor: Actor, *, state: str = "", year: int | None = None) -> Select[Any]:
    """The visits that have ended with the state of their report (None: not begun), as the list shows them."""
    query: Select[Any] = (
        select(*LIST_COLUMNS)
        .join(HostInstitution, HostInstitution.id == Visit.host_institution_id)
        .outerjoin(VisitReport, VisitReport.visit_id == Visit.id)
        .where(*_over(actor, "report:view"))
    )
    if state == OPEN:
        query = query.where(_not_handed_in())
    elif state in list(ReportState):
        query = query.where(VisitReport.state == ReportState(state))
    if year:
        query = query.where(Visit.fiscal_year == year)
    return query


def _not_handed_in() -> Any:
    return or_(VisitReport.id.is_(None), VisitReport.state.in_((ReportState.DRAFT, ReportState.RETURNED)))


def waiting_for_host(actor: Actor, *, limit: int = 20) -> Sequence[Any]:
    """Visits of the actor's institutions that have ended without a report handed in, longest ago first."""
    return db.session.execute(
        select(
            Visit.public_id,
            Visit.reference,
            Visit.theme_ja,
            Visit.theme_en,
            Visit.ends_on,
            VisitReport.state.label("report_state"),
            VisitReport.due_on,
        )
        .outerjoin(VisitReport, VisitReport.visit_id == Visit.id)
        .where(*_over(actor, "report:edit"), Visit.state == VisitState.IN_PROGRESS, _not_handed_in())
        .order_by(Visit.ends_on, Visit.id)
        .limit(limit)
    ).all()


def waiting_for_jst(actor: Actor, *, limit: int = 20) -> Sequence[Any]:
    """Reports handed in that the actor may accept, first come first."""
    return db.session.execute(
        select(Visit.public_id, Visit.reference, Visit.theme_ja, Visit.theme_en, VisitReport.submitted_at)
        .join(VisitReport, VisitReport.visit_id == Visit.id)
        .where(
            VisitReport.state == ReportState.SUBMITTED,
            authz.condition(actor, "report:accept", VisitReport),
        )
        .order_by(VisitReport.submitted_at, VisitReport.id)
        .limit(limit)
    ).all()


def without_certificate(visit_id: int) -> list[Participation]:
    """The parts of those who came and have no certificate yet, in the order of the roster."""
    return list(
        db.session.scalars(
            select(Participation)
            .outerjoin(Certificate, Certificate.participation_id == Participation.id)
            .where(
                Participation.visit_id == visit_id,
                Participation.took_part.is_(True),
                Certificate.id.is_(None),
            )
            .order_by(Participation.position, Participation.id)
        )
    )


FOR_PRINT = (
    joinedload(Certificate.participation).joinedload(Participation.invitee),
    joinedload(Certificate.participation).joinedload(Participation.visit).joinedload(Visit.host_institution),
    joinedload(Certificate.participation).joinedload(Participation.visit).joinedload(Visit.course),
)


def certificates_of_visit(actor: Actor, visit: Visit) -> list[Certificate]:
    """The certificates of a visit which the actor may see, ready to print, in the order of the roster."""
    return list(
        db.session.scalars(
            authz.visible(actor, "certificate:view", Certificate)
            .join(Participation, Participation.id == Certificate.participation_id)
            .where(Participation.visit_id == visit.id)
            .order_by(Participation.position, Participation.id)
            .options(*FOR_PRINT)
        )
    )


_CERTIFICATES = (
    select(
        Certificate.public_id,
        Certificate.number,
        Certificate.issued_at,
        Visit.theme_ja,
        Visit.theme_en,
        Visit.starts_on,
        Visit.ends_on,
        HostInstitution.name_ja,
        HostInstitution.name_en,
    )
    .join(Participation, Participation.id == Certificate.participation_id)
    .join(Visit, Visit.id == Participation.visit_id)
    .join(HostInstitution, HostInstitution.id == Certificate.host_institution_id)
    .order_by(Certificate.id.desc())
)


def certificates_of_person(actor: Actor, invitee_id: int, *, limit: int = 50) -> Sequence[Any]:
    """A person's certificates which the actor may see, newest first, with the visit they are about."""
    permitted = authz.condition(actor, "certificate:view", Certificate)
    return db.session.execute(_CERTIFICATES.where(Certificate.invitee_id == invitee_id, permitted).limit(limit)).all()


def by_code(code: str) -> Certificate | None:
    """The certificate whose printed code this is."""
    return db.session.scalar(select(Certificate).where(Certificate.code == code).options(*FOR_PRINT))


def years(actor: Actor) -> list[int]:
    """Fiscal years of the visits in the list of reports, newest first."""
    query = select(Visit.fiscal_year).where(*_over(actor, "report:view")).distinct()
    return sorted(db.session.scalars(query), reverse=True)
