"""Every SELECT on moves of plans from one institution to another."""

from collections.abc import Sequence

from sqlalchemy import func, or_, select
from sqlalchemy.orm import joinedload

from app.applications.models import Application
from app.applications.moving_model import MoveState, PlanMove
from app.core.db import db
from app.directory.models import HostInstitution, OrganizationState

FOR_PAGE = (
    joinedload(PlanMove.from_institution),
    joinedload(PlanMove.to_institution),
    joinedload(PlanMove.proposed_by),
)


def waiting(application: Application) -> PlanMove | None:
    """The proposal of a plan that waits for a second person; there is at most one."""
    query = select(PlanMove).where(PlanMove.application_id == application.id, PlanMove.state == MoveState.PROPOSED)
    return db.session.scalar(query.options(*FOR_PAGE))


def all_waiting() -> Sequence[PlanMove]:
    """Every proposal that waits, the oldest first."""
    query = select(PlanMove).where(PlanMove.state == MoveState.PROPOSED)
    return db.session.scalars(query.options(*FOR_PAGE, joinedload(PlanMove.application)).order_by(PlanMove.id)).all()


def of(application: Application) -> Sequence[PlanMove]:
    """All that was ever proposed for a plan, the latest first."""
    query = select(PlanMove).where(PlanMove.application_id == application.id)
    return db.session.scalars(query.options(*FOR_PAGE).order_by(PlanMove.id.desc())).all()


def approved_hosts(text: str) -> Sequence[HostInstitution]:
    """The approved host institutions of exactly that name, in either language."""
    name = text.strip().lower()
    query = select(HostInstitution).where(
        HostInstitution.state == OrganizationState.ACTIVE,
        or_(func.lower(HostInstitution.name_ja) == name, func.lower(HostInstitution.name_en) == name),
    )
    return db.session.scalars(query.order_by(HostInstitution.id).limit(2)).all() if name else []
