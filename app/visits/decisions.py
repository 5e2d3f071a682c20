"""What a changed decision does to the visit of a plan: called off while it has not begun, taken up again.

The visit keeps its row, its roster and its history either way.
"""

from flask_babel import gettext as _

from app.applications.events import ApplicationAdopted, DecisionChanged
from app.applications.models import Application, Outcome
from app.core import events
from app.core.authz import SYSTEM
from app.visits import queries
from app.visits.models import VisitState
from app.visits.workflow import VISIT

YET_TO_COME = (VisitState.PLANNED, VisitState.CONFIRMED)


def follow(fact: DecisionChanged) -> None:
    """Call the visit off, make it, or take a cancelled one up again. Acts as the system; safe to repeat."""
    visit = queries.of_application(fact.application.id)
    if fact.now is Outcome.ADOPTED:
        if visit is None:
            events.publish(ApplicationAdopted(fact.application, fact.actor))
        elif visit.state is VisitState.CANCELLED:
            VISIT.fire(visit, "take_up", SYSTEM)
    elif visit is not None and visit.state in YET_TO_COME:
        VISIT.fire(visit, "call_off", SYSTEM)


def keeps_adopted(application: Application) -> list[str]:
    """Why a plan has to stay adopted: its visit has begun, or is over."""
    visit = queries.of_application(application.id)
    if visit is None or visit.state in (*YET_TO_COME, VisitState.CANCELLED):
        return []
    return [_("The visit %(number)s has begun; its plan stays adopted.", number=visit.reference)]
