"""The formal check in the demonstration: what came in is compared, two plans are being worked on, reasons are kept."""

from datetime import timedelta

from sqlalchemy import select, update

from app.accounts.models import RoleGrant, User
from app.applications.models import Application, ApplicationState
from app.calls.models import CourseCode
from app.checking import claims, reasons, sheets
from app.checking.models import CheckClaim
from app.core import clock
from app.core.authz import Actor, Grant, Role
from app.core.db import db
from app.demo.cast import texts


def begin() -> None:
    """Compare what came in; the two coordinators of the cast have begun with a plan each."""
    sheets.catch_up()
    sheets.compare_waiting()
    query = select(User).join(RoleGrant, RoleGrant.user_id == User.id).where(RoleGrant.role == Role.COORDINATOR)
    officers = [_actor(user) for user in db.session.scalars(query.order_by(User.id))]
    waiting = select(Application).where(Application.state == ApplicationState.SUBMITTED)
    plans = list(db.session.scalars(waiting.order_by(Application.submitted_at, Application.id)))
    for officer, plan in zip(officers, plans[1:], strict=False):
        claims.be_there(officer, plan)
    last = clock.now() + timedelta(hours=8)  # whoever looks later today still finds them at work
    db.session.execute(update(CheckClaim).values(until=last))
    for kept in texts()["reason"]:
        course = CourseCode(kept["course"]) if kept["course"] else None
        reasons.save(officers[0], None, **{**kept, "course": course})


def _actor(user: User) -> Actor:
    grants = (Grant(Role.COORDINATOR),)
    return Actor(id=user.id, name=user.name, email=user.email, locale=user.locale, grants=grants)
