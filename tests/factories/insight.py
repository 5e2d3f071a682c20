"""Small programmes to count: visits with people of given countries and roles, and returns."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import select

from app.alumni.models import Alumnus, Revisit, RevisitKind, RevisitState
from app.applications.models import ParticipantRole
from app.core import clock
from app.core.authz import Role
from app.core.db import db
from app.directory.models import HostInstitution, SendingOrganization
from app.insight import service
from app.invitees.models import Invitee
from app.visits.models import Participation, Visit, VisitState
from tests.factories.alumni import make_alumnus, make_revisit
from tests.factories.invitees import make_invitee
from tests.factories.visits import make_participation, make_plan, make_visit


def make_group(
    entry: date,
    countries: Sequence[str] = ("NP",),
    *,
    host: HostInstitution | None = None,
    sending: SendingOrganization | None = None,
    supervisors: int = 0,
    state: VisitState = VisitState.COMPLETED,
    took_part: bool | None = True,
    **fields: Any,
) -> Visit:
    """A visit entered on that day by one person of each country named; the first `supervisors` of them supervise."""
    plan = make_plan(host, fiscal_year=clock.fiscal_year(entry), **fields)
    visit = make_visit(VisitState.PLANNED, plan=plan, starts_on=entry)
    visit.state = state
    for place, country in enumerate(countries):
        make_participation(
            visit,
            make_invitee(nationality=country),
            role=ParticipantRole.SUPERVISOR if place < supervisors else ParticipantRole.INVITEE,
            sending_organization_id=sending.id if sending else None,
            took_part=took_part,
        )
    return visit


def make_return(
    invitee: Invitee | Participation, on: date, kind: RevisitKind = RevisitKind.STUDY, *, verified: bool = True
) -> Revisit:
    """A return of somebody who came before."""
    person = invitee.invitee if isinstance(invitee, Participation) else invitee
    alumnus = db.session.scalar(select(Alumnus).where(Alumnus.invitee_id == person.id)) or make_alumnus(person)
    state = RevisitState.VERIFIED if verified else RevisitState.REPORTED
    return make_revisit(alumnus, state=state, kind=kind, starts_on=on)


def make_figures() -> None:
    """Make the summary of what there is now."""
    service.refresh(clock.now())


JST = (
    Role.COORDINATOR,
    Role.DECISION_MAKER,
    Role.SCREENING_OFFICER,
    Role.ADMINISTRATOR,
    Role.AUDITOR,
)
