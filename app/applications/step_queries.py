"""Every SELECT on the steps of exchange plans."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, or_, select
from sqlalchemy.orm import joinedload, selectinload

from app.applications.models import Application, ApplicationPartner, ApplicationState
from app.applications.step_model import ApplicationCalendar, ApplicationStepDone
from app.calls.models import Call
from app.core import authz, clock
from app.core.authz import Actor
from app.core.db import db

S = ApplicationState
#: How long after its day of exit a plan is still looked at for steps.
AFTERWARDS = timedelta(days=120)
UNDER_WAY = (S.RETURNED, S.SUBMITTED, S.UNDER_REVIEW, S.DECIDED, S.ADOPTED, S.RESERVE)
_FACTS = (
    joinedload(Application.call),
    joinedload(Application.course),
    joinedload(Application.host_institution),
    selectinload(Application.partners).joinedload(ApplicationPartner.organization),
    selectinload(Application.people),
    selectinload(Application.itinerary),
    selectinload(Application.named),
    selectinload(Application.budget),
)


def ticked(application_ids: Collection[int]) -> dict[int, dict[str, ApplicationStepDone]]:
    """What was said to be done, by plan and code; one query however many plans."""
    found: dict[int, dict[str, ApplicationStepDone]] = {number: {} for number in application_ids}
    if not found:
        return found
    query = select(ApplicationStepDone).where(ApplicationStepDone.application_id.in_(found))
    for row in db.session.scalars(query):
        found[row.application_id][row.code] = row
    return found


def tick_of(application: Application, code: str) -> ApplicationStepDone | None:
    """The row that says that a step is done."""
    query = select(ApplicationStepDone).where(
        ApplicationStepDone.application_id == application.id, ApplicationStepDone.code == code
    )
    return db.session.scalar(query)


def _alive(at: datetime, *further: ApplicationState) -> ColumnElement[bool]:
    """Plans with steps ahead: under way, or drafts of a round that has not closed; not long after their visit."""
    recent = or_(Application.ends_on.is_(None), Application.ends_on >= clock.today() - AFTERWARDS)
    draft = (Application.state == S.DRAFT) & (at < Call.closes_at)
    return recent & or_(Application.state.in_((*UNDER_WAY, *further)), draft)


def _plans(*conditions: Any) -> Select[Any]:
    query = select(Application).join(Call, Call.id == Application.call_id).where(*conditions)
    return query.options(*_FACTS).order_by(Call.closes_at.desc(), Application.id)


def plans_of(actor: Actor, at: datetime, *, limit: int = 50) -> Sequence[Application]:
    """The plans with steps ahead that the actor edits, those of the newest rounds first."""
    mine = authz.condition(actor, "application:edit", Application)
    return db.session.scalars(_plans(mine, _alive(at)).limit(limit)).unique().all()


def plans_to_remind(at: datetime) -> Sequence[Application]:
    """Every plan of which a step may fall due soon; completed ones too, because a report follows."""
    return db.session.scalars(_plans(_alive(at, S.COMPLETED))).unique().all()


def calendar_of(application: Application) -> ApplicationCalendar | None:
    """The calendar of a plan, if it has an address."""
    return db.session.scalar(select(ApplicationCalendar).where(ApplicationCalendar.application_id == application.id))


def by_calendar_token(token_hash: str) -> Application | None:
    """The plan whose calendar this token opens."""
    query = select(Application).join(ApplicationCalendar, ApplicationCalendar.application_id == Application.id)
    return (
        db.session.scalars(query.where(ApplicationCalendar.token_hash == token_hash).options(*_FACTS))
        .unique()
        .one_or_none()
    )
