"""Submitting a plan: one instant, one number, one frozen copy, one receipt."""

from sqlalchemy import select

from app.applications import facts, sign_off
from app.applications.facts import Obstacle
from app.applications.models import Application, ApplicationState
from app.applications.workflow import APPLICATION, is_signed_off
from app.core import clock
from app.core.authz import Actor
from app.core.db import db
from app.core.errors import Stale


def submit(actor: Actor, application: Application, *, seen: str | None = None) -> None:
    """Submit a plan, or submit it again after a return; the time of receipt is the clock's inside the transaction.

    An approver who submits what nobody has signed off yet signs it off in the same act: one person may be both, and
    late in the evening be alone. `seen`: SHA-256 of the content that was shown.

    Raises: Forbidden; TransitionNotAllowed if it was submitted before; GuardsFailed with everything that is missing,
    the rules that do not hold and, to the second, the deadline; `sign_off.ReadsOtherwise` if it was changed meanwhile.
    """
    with facts.received(clock.now()):
        if application.state in APPLICATION["submit"].sources:
            sign_off.sign_in_submitting(actor, application, seen=seen)
        APPLICATION.fire(application, "submit", actor)


def is_received(application: Application) -> bool:
    """Whether the plan was submitted by the time it is this transaction's turn: two tabs sent at once take turns here.

    Locks the plan until the end of the transaction (SQLite has one writer anyway), so that whoever comes second sees
    what the first one did. Raises: Stale if the plan was changed otherwise since it was read: what would be frozen is
    not what stands there any more.
    """
    held = db.session.execute(
        select(Application.state, Application.version).where(Application.id == application.id).with_for_update()
    ).one()
    if held.state is ApplicationState.SUBMITTED:
        return True
    if held.version != application.version:
        raise Stale()
    return False


def problems(application: Application) -> list[Obstacle]:
    """What is in the way of submitting the plan now, as the guards say it: everything with its place and clause.

    Its sign-off may be part of the act.
    """
    found: list[Obstacle] = []
    for guard in APPLICATION["submit"].guards:
        answer = guard(application) if guard is not is_signed_off else None
        if answer:
            found.extend(answer if isinstance(answer, list) else [answer])
    return found
