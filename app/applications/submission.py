"""Submitting a plan: one instant, one number, one frozen copy, one receipt."""

from app.applications import facts
from app.applications.models import Application
from app.applications.workflow import APPLICATION
from app.core import clock
from app.core.authz import Actor


def submit(actor: Actor, application: Application) -> None:
    """Submit a plan, or submit it again after a return; the time of receipt is the clock's inside the transaction.

    Raises: Forbidden; TransitionNotAllowed if it was submitted before; GuardsFailed with everything that is missing,
    the rules that do not hold and, to the second, the deadline.
    """
    with facts.received(clock.now()):
        APPLICATION.fire(application, "submit", actor)


def problems(application: Application) -> list[str]:
    """What is in the way of submitting the plan now, as the guards say it."""
    found: list[str] = []
    for guard in APPLICATION["submit"].guards:
        answer = guard(application)
        if answer:
            found.extend(answer if isinstance(answer, list) else [answer])
    return found
