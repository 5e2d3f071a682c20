"""What alumni affairs ask of people: a yearly look at one's profile; returns to confirm."""

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.alumni import queries, service
from app.alumni.models import AlumnusState, RevisitState
from app.core.agenda import Task
from app.core.authz import Actor


def tasks(actor: Actor) -> list[Task]:
    """For alumni: confirm the profile, tell of a return. For hosts and coordinators: returns to confirm."""
    found: list[Task] = []
    if actor.may("alumnus:view-own"):
        found += _own(actor)
    if actor.may("revisit:confirm") and (count := queries.to_confirm(actor)):
        found.append(
            Task(
                _l("Confirm returns to Japan"),
                _("Reported by alumni"),
                "alumni.revisits",
                {"state": RevisitState.REPORTED.value},
                count=count,
            )
        )
    return found


def _own(actor: Actor) -> list[Task]:
    alumnus = queries.own(actor)
    if alumnus is None or alumnus.state is AlumnusState.LEFT:
        return []
    found = []
    if service.asks_to_confirm(alumnus):
        due = alumnus.confirmed_on + service.ASK_AFTER if alumnus.confirmed_on else None
        found.append(Task(_l("Is your profile still right?"), alumnus.affiliation, "alumni.me", due=due))
    found.append(Task(_l("Have you been back to Japan? Tell us"), "", "alumni.report"))
    return found
