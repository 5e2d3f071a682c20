"""What closing tells of a host's history: reports that came late, or are overdue."""

from datetime import date

from flask_babel import gettext as _
from sqlalchemy import select

from app.checking.past import Fact, Told
from app.closing.models import REPORT_DUE, VisitReport
from app.core import clock
from app.core.authz import Actor, condition
from app.core.db import db
from app.directory.models import HostInstitution
from app.visits.models import Visit, VisitState

OVER = (VisitState.IN_PROGRESS, VisitState.REPORTED, VisitState.COMPLETED)


def of_host(actor: Actor, host: HostInstitution) -> Told | None:
    """Reports handed in after their day or overdue now, for those who see reports. One query."""
    if not actor.may("report:view"):
        return None
    query = (
        select(Visit.ends_on, VisitReport.due_on, VisitReport.submitted_at)
        .outerjoin(VisitReport, VisitReport.visit_id == Visit.id)
        .where(
            Visit.host_institution_id == host.id,
            Visit.state.in_(OVER),
            condition(actor, "visit:view", Visit),
        )
    )
    late = 0
    for ends_on, due_on, submitted_at in db.session.execute(query):
        handed_in = clock.in_tokyo(submitted_at).date() if submitted_at is not None else clock.today()
        if ends_on is not None:
            late += handed_in > _due(ends_on, due_on)
    return Told([Fact(_("Reports late"), late, "closing.index", is_warning=True)])


def _due(ends_on: date, due_on: date | None) -> date:
    return due_on or ends_on + REPORT_DUE
