"""SELECTs on one plan under its formal check, and on the marks that outcomes leave for later stations."""

from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, select
from sqlalchemy.orm import joinedload

from app.applications import queries as plans
from app.applications.models import Application, ApplicationState
from app.calls.models import Call
from app.checking.models import CheckSheet, FormalCheck, SimilarPlan
from app.checking.vocabulary import Outcome
from app.core import authz
from app.core.audit import AuditEvent
from app.core.authz import Actor
from app.core.db import db
from app.directory.models import HostInstitution

S = ApplicationState


def sheet_of(application: Application) -> CheckSheet | None:
    """What was found about a plan at its last submission."""
    return db.session.scalar(select(CheckSheet).where(CheckSheet.application_id == application.id))


def similar(actor: Actor, application: Application, limit: int = 20) -> list[Row[Any]]:
    """The plans that resemble one, as far as the reader sees them, the likest first."""
    query = (
        select(
            SimilarPlan.likeness,
            SimilarPlan.same_pair,
            SimilarPlan.people,
            Application.public_id,
            Application.reference,
            Application.state,
            Application.call_id,
            Application.host_institution_id,
            plans.known_theme("theme_ja"),
            plans.known_theme("theme_en"),
            HostInstitution.name_ja.label("host_ja"),
            HostInstitution.name_en.label("host_en"),
            Call.fiscal_year,
            Call.label.label("call_label"),
        )
        .join(Application, Application.id == SimilarPlan.other_id)
        .join(HostInstitution, HostInstitution.id == Application.host_institution_id)
        .join(Call, Call.id == Application.call_id)
        .where(SimilarPlan.application_id == application.id)
        .where(authz.condition(actor, "application:view", Application))
    )
    order = (SimilarPlan.likeness.desc(), SimilarPlan.people.desc(), Application.id.desc())
    return list(db.session.execute(query.order_by(*order).limit(limit)))


def last_word(application: Application) -> AuditEvent | None:
    """The last time the plan moved: who did what."""
    query = select(AuditEvent).where(
        AuditEvent.subject_type == Application.__tablename__,
        AuditEvent.subject_id == application.id,
        AuditEvent.to_state.is_not(None),
    )
    return db.session.scalar(query.order_by(AuditEvent.id.desc()).limit(1))


def checks_of(application: Application) -> list[FormalCheck]:
    """The outcomes a plan had, the newest first."""
    query = select(FormalCheck).where(FormalCheck.application_id == application.id)
    people = (joinedload(FormalCheck.made_by), joinedload(FormalCheck.lifted_by))
    return list(db.session.scalars(query.options(*people).order_by(FormalCheck.id.desc())))


def mark_stands() -> ColumnElement[bool]:
    """SQL: whether an outcome marks its plan as formally inadmissible."""
    return and_(FormalCheck.outcome == Outcome.INADMISSIBLE, FormalCheck.lifted_at.is_(None))


def inadmissible() -> Select[Any]:
    """SELECT of the numbers of the plans marked as formally inadmissible: for `not_in` of later stations."""
    return select(FormalCheck.application_id).where(mark_stands())


def mark_of(application: Application) -> FormalCheck | None:
    """The mark of a plan that is formally inadmissible."""
    query = select(FormalCheck).where(FormalCheck.application_id == application.id, mark_stands())
    return db.session.scalar(query.options(joinedload(FormalCheck.made_by)))


def marks_of_round(call_id: int) -> dict[int, FormalCheck]:
    """The plans of a round that are marked as formally inadmissible, by plan."""
    query = select(FormalCheck).join(FormalCheck.application).where(Application.call_id == call_id, mark_stands())
    return {found.application_id: found for found in db.session.scalars(query)}


def adopted_and_marked(call_id: int) -> list[str]:
    """Numbers of plans of a round that are decided to be adopted although they are marked."""
    query = (
        select(Application.reference)
        .join(FormalCheck, FormalCheck.application_id == Application.id)
        .join(plans.Decision, plans.Decision.application_id == Application.id)
        .where(Application.call_id == call_id, Application.state == S.DECIDED, mark_stands())
        .where(plans.Decision.outcome == "adopted")
    )
    return [reference or "" for reference in db.session.scalars(query.order_by(Application.reference))]
