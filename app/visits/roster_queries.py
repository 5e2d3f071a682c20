"""Every SELECT on imports of rosters."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from app.core.db import db
from app.visits.models import RosterImport, RosterImportState, Visit

#: What the page of an import reads beside the visit.
FOR_PAGE = (joinedload(RosterImport.stored_file), joinedload(RosterImport.created_by))


def open_imports(visit: Visit) -> list[RosterImport]:
    """The imports of a visit that have not come to an end, newest first."""
    return list(
        db.session.scalars(
            select(RosterImport)
            .where(RosterImport.visit_id == visit.id, RosterImport.state == RosterImportState.OPEN)
            .options(*FOR_PAGE)
            .order_by(RosterImport.id.desc())
        )
    )


def untouched_since(moment: datetime) -> list[RosterImport]:
    """Open imports that nobody has touched since then."""
    return list(
        db.session.scalars(
            select(RosterImport)
            .where(RosterImport.state == RosterImportState.OPEN, RosterImport.updated_at < moment)
            .options(joinedload(RosterImport.stored_file))
            .order_by(RosterImport.id)
        )
    )


def lock(visit: Visit) -> None:
    """Let nobody else change the roster of a visit until this transaction ends."""
    db.session.execute(select(Visit.id).where(Visit.id == visit.id).with_for_update())
