"""What visits tell of a host's history: how many took place, how many were cancelled, by fiscal year."""

from flask_babel import gettext as _
from sqlalchemy import func, select

from app.checking.past import Fact, Told, by_year
from app.core.authz import Actor, condition
from app.core.db import db
from app.directory.models import HostInstitution
from app.visits.models import Visit, VisitState

S = VisitState


def of_host(actor: Actor, host: HostInstitution) -> Told | None:
    """Visits completed and cancelled, for those who see visits. One query."""
    if not actor.may("visit:view"):
        return None
    query = (
        select(Visit.state, Visit.fiscal_year, func.count())
        .where(Visit.host_institution_id == host.id, condition(actor, "visit:view", Visit))
        .group_by(Visit.state, Visit.fiscal_year)
    )
    rows = db.session.execute(query).all()
    done = [(year, number) for state, year, number in rows if state is S.COMPLETED]
    gone = [(year, number) for state, year, number in rows if state is S.CANCELLED]

    def fact(label: str, state: VisitState, found: list[tuple[int, int]], *, is_warning: bool = False) -> Fact:
        shown = {"host": host.public_id, "state": state.value}
        return Fact(label, sum(number for _year, number in found), "visits.index", shown, is_warning)

    return Told(
        [
            fact(_("Visits completed"), S.COMPLETED, done),
            fact(_("Visits cancelled"), S.CANCELLED, gone, is_warning=True),
        ],
        {_("Visits completed"): by_year(done), _("Visits cancelled"): by_year(gone)},
    )
