"""What visits know about the plans they came from: the days as they stand now, and whether the names are known."""

from collections.abc import Collection

from sqlalchemy import func, select

from app.applications.models import PlannedPeople
from app.applications.steps import VisitFacts
from app.core.db import db
from app.visits.models import Participation, Visit, VisitState


def of_plans(application_ids: Collection[int]) -> dict[int, VisitFacts]:
    """The visits of plans by the plans' numbers; one query. Names are known once the roster is as long as planned."""
    planned = (
        select(func.coalesce(func.sum(PlannedPeople.number), 0))
        .where(PlannedPeople.application_id == Visit.application_id)
        .scalar_subquery()
    )
    named = select(func.count(Participation.id)).where(Participation.visit_id == Visit.id).scalar_subquery()
    query = select(
        Visit.application_id,
        Visit.starts_on,
        Visit.ends_on,
        Visit.state,
        planned.label("planned"),
        named.label("named"),
    ).where(Visit.application_id.in_(application_ids))
    return {
        row.application_id: VisitFacts(
            row.starts_on, row.ends_on, 0 < row.planned <= row.named, row.state is VisitState.CANCELLED
        )
        for row in db.session.execute(query)
    }
