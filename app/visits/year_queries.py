"""SELECTs of the calendar board: the visits of a fiscal year, who is in Japan, who comes next."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Select, select

from app.calls.models import Course, CourseCode
from app.core import authz
from app.core.authz import Actor
from app.core.db import db
from app.directory.models import HostInstitution
from app.visits.models import Visit, VisitState
from app.visits.queries import ENTRY, HEADS

#: A visit in these states stands in the calendar; whoever is there on a day of it is in Japan.
STANDING = (VisitState.CONFIRMED, VisitState.IN_PROGRESS, VisitState.REPORTED, VisitState.COMPLETED)


def _drawn(actor: Actor) -> Any:
    return (
        select(
            Visit.id,
            Visit.public_id,
            Visit.reference,
            Visit.state,
            Visit.version,
            Visit.theme_ja,
            Visit.theme_en,
            Visit.starts_on,
            Visit.ends_on,
            Visit.host_institution_id,
            HostInstitution.name_ja.label("host_ja"),
            HostInstitution.name_en.label("host_en"),
            HostInstitution.prefecture,
            Course.code,
            HEADS.label("people"),
            authz.condition(actor, "visit:schedule", Visit).label("may_schedule"),
        )
        .join(HostInstitution, HostInstitution.id == Visit.host_institution_id)
        .join(Course, Course.id == Visit.course_id)
        .where(authz.condition(actor, "visit:view", Visit))
    )


def _narrowed(query: Select[Any], host: str, prefecture: str, course: str) -> Select[Any]:
    if host:
        query = query.where(HostInstitution.public_id == host)
    if prefecture:
        query = query.where(HostInstitution.prefecture == prefecture)
    if course in list(CourseCode):
        query = query.where(Course.code == CourseCode(course))
    return query


def of_year(actor: Actor, year: int, *, host: str = "", prefecture: str = "", course: str = "") -> Sequence[Any]:
    """All visits of a fiscal year that are not cancelled, by day of entry, those without dates last."""
    query = _narrowed(_drawn(actor), host, prefecture, course)
    query = query.where(Visit.fiscal_year == year, Visit.state != VisitState.CANCELLED)
    return db.session.execute(query.order_by(ENTRY, Visit.id)).all()


def in_japan(actor: Actor, on: date) -> Sequence[Any]:
    """Confirmed visits whose stay holds that day, by day of exit."""
    query = _drawn(actor).where(Visit.starts_on <= on, Visit.ends_on >= on, Visit.state.in_(STANDING))
    return db.session.execute(query.order_by(Visit.ends_on, Visit.id)).all()


def arriving(actor: Actor, after: date, *, days: int | None = None, limit: int = 10) -> Sequence[Any]:
    """The next visits that begin after a day (within so many days), soonest first."""
    query = _drawn(actor).where(Visit.starts_on > after, Visit.state.in_((VisitState.PLANNED, VisitState.CONFIRMED)))
    if days is not None:
        query = query.where(Visit.starts_on <= after + timedelta(days=days))
    return db.session.execute(query.order_by(Visit.starts_on, Visit.id).limit(limit)).all()


def others_of_host(visit: Visit) -> Sequence[Any]:
    """Other visits of the same host in the same fiscal year that have dates and are not cancelled."""
    return db.session.execute(
        select(Visit.public_id, Visit.reference, Visit.theme_ja, Visit.theme_en, Visit.starts_on, Visit.ends_on)
        .where(
            Visit.host_institution_id == visit.host_institution_id,
            Visit.fiscal_year == visit.fiscal_year,
            Visit.id != visit.id,
            Visit.starts_on.is_not(None),
            Visit.state != VisitState.CANCELLED,
        )
        .order_by(Visit.starts_on, Visit.id)
    ).all()
