"""People of plans that come to nothing are forgotten after a while, so that passport numbers do not lie about (daily).

How long is a setting: `PLAN_PEOPLE_DAYS`, days after a plan was declined or withdrawn, or after the round of a draft
closed. The frozen plan then keeps only the seal over who was named; the digest on its receipt still holds.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from flask import current_app
from sqlalchemy import Select, and_, exists, or_, select
from sqlalchemy.orm import selectinload

from app.applications.models import Application, ApplicationState, PlannedPerson
from app.applications.named_keeping import forget_number
from app.calls.models import Call
from app.core import audit, clock
from app.core.authz import SYSTEM
from app.core.db import db

S = ApplicationState
AT_ONCE = 200  # plans in one night's transaction; the next night goes on


def forget_old(now: datetime | None = None) -> int:
    """Delete the people of plans over for long enough, and passport numbers that adopted plans still hold as long
    after their release (they belong on the visit's roster). Returns how many plans. Safe to repeat.
    """
    before = (now or clock.now()) - timedelta(days=int(current_app.config["PLAN_PEOPLE_DAYS"]))
    over = _over(before)
    for application in over:
        count = len(application.named)
        application.named.clear()
        application.frozen_people = None
        audit.record(SYSTEM, "people:forget", application, changes={"people": [count, 0]})
    late = _with_numbers(before)
    for application in late:
        for person in application.named:
            forget_number(person)
        audit.record(SYSTEM, "people:forget", application, changes={"passport_number": None})
    db.session.flush()
    return len(over) + len(late)


def _over(before: datetime) -> Sequence[Application]:
    """Plans with people that ended, or could last be handed in, before that instant. Final states change no more."""
    names = exists().where(PlannedPerson.application_id == Application.id)
    ended = and_(Application.state.in_((S.DECLINED, S.WITHDRAWN)), Application.updated_at < before)
    never_sent = and_(Application.state == S.DRAFT, Call.closes_at < before)
    query = (
        select(Application)
        .join(Call, Call.id == Application.call_id)
        .where(or_(ended, never_sent), or_(names, Application.frozen_people.is_not(None)))
    )
    return _first(query)


def _with_numbers(before: datetime) -> Sequence[Application]:
    holds = exists().where(PlannedPerson.application_id == Application.id, PlannedPerson.sealed_number != "")
    is_released = and_(Application.state.in_((S.ADOPTED, S.COMPLETED)), Application.released_at < before)
    return _first(select(Application).where(is_released, holds))


def _first(query: Select[Application]) -> Sequence[Application]:
    return db.session.scalars(
        query.options(selectinload(Application.named)).order_by(Application.id).limit(AT_ONCE)
    ).all()
