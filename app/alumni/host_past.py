"""What the ledger of revisits tells of a host's history: how many of those it invited came back to Japan."""

from flask_babel import gettext as _
from sqlalchemy import select

from app.alumni.models import Revisit, RevisitState
from app.checking.past import Fact, Told, by_year
from app.core import clock
from app.core.authz import Actor
from app.core.db import db
from app.directory.models import HostInstitution
from app.visits.models import Participation, Visit


def of_host(actor: Actor, host: HostInstitution) -> Told | None:
    """Verified returns of people who had taken part in a visit of the host, and those to the host itself. One query."""
    if not actor.may("revisit:view"):
        return None
    query = (
        select(Revisit.id, Revisit.starts_on, Revisit.institution_id)
        .join(Participation, Participation.invitee_id == Revisit.invitee_id)
        .join(Visit, Visit.id == Participation.visit_id)
        .where(
            Visit.host_institution_id == host.id,
            Visit.ends_on < Revisit.starts_on,
            Participation.took_part.is_(True),
            Revisit.state == RevisitState.VERIFIED,
        )
        .distinct()
    )
    rows = db.session.execute(query).all()
    to_host = sum(row.institution_id == host.id for row in rows)
    shown = {"institution": host.name, "state": RevisitState.VERIFIED.value}
    return Told(
        [
            Fact(_("Returns to Japan of people it invited"), len(rows)),
            Fact(_("Of these to the institution itself"), to_host, "alumni.revisits", shown),
        ],
        {_("Returns to Japan"): by_year([(clock.fiscal_year(row.starts_on), 1) for row in rows])},
    )
