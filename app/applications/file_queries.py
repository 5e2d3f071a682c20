"""Every SELECT on the files of plans. What belongs to a plan now is `Application.files`."""

from collections.abc import Collection, Sequence

from sqlalchemy import select

from app.applications.file_model import CLEAN, PlanFile
from app.applications.models import Application, ApplicationPartner
from app.core.db import db


def submitted(application: Application) -> Sequence[PlanFile]:
    """The files of the last submission, also where they were taken out since."""
    return submitted_of([application.id]).get(application.id, []) if application.submitted_at is not None else []


def submitted_of(application_ids: Collection[int]) -> dict[int, list[PlanFile]]:
    """The clean files of the last submission of several plans, by plan; plans without any are missing. One query."""
    query = (
        select(PlanFile)
        .join(Application, Application.id == PlanFile.application_id)
        .where(
            Application.id.in_(application_ids),
            PlanFile.submitted_at == Application.submitted_at,
            PlanFile.scan.in_(CLEAN),
        )
    )
    found: dict[int, list[PlanFile]] = {}
    for file in db.session.scalars(query.order_by(PlanFile.id)):
        found.setdefault(file.application_id, []).append(file)
    return found


def removed(application: Application) -> Sequence[PlanFile]:
    """The files that were taken out of a plan, the latest first."""
    query = select(PlanFile).where(PlanFile.application_id == application.id, PlanFile.removed_at.is_not(None))
    return db.session.scalars(query.order_by(PlanFile.removed_at.desc(), PlanFile.id.desc())).all()


def of_partner(partner: ApplicationPartner) -> list[PlanFile]:
    """The files of a partner's own part."""
    query = select(PlanFile).where(PlanFile.partner_id == partner.id, PlanFile.removed_at.is_(None))
    return list(db.session.scalars(query.order_by(PlanFile.id)))
