"""What waits for whom, collected from every feature; and the mails of the demonstration."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import Select, select

from app.alumni import agenda as alumni
from app.applications import agenda as applications
from app.calls import agenda as calls
from app.checking import agenda as checking
from app.closing import agenda as closing
from app.core import agenda
from app.core.agenda import Task
from app.core.authz import Actor
from app.core.db import db
from app.core.errors import NotFound
from app.core.outbox import OutboxMessage
from app.directory import agenda as directory
from app.export_control import agenda as export_control
from app.reviews import register_agenda as readers
from app.reviews import scoring_agenda as reviews
from app.screening import agenda as screening
from app.visits import agenda as visits


@dataclass(frozen=True)
class Agenda:
    """A room of the house and the function that says what it wants from somebody."""

    label: Any
    tasks: Callable[[Actor], list[Task]]


# In the order of the programme's life; each feature that has something to do for people stands here.
AGENDAS: tuple[Agenda, ...] = (
    Agenda(_l("Applications"), applications.tasks),
    Agenda(_l("Formal check"), checking.tasks),
    Agenda(_l("Calls"), calls.tasks),
    Agenda(_l("Review"), readers.tasks),
    Agenda(_l("Export-control forms"), export_control.tasks),
    Agenda(_l("Review"), reviews.tasks),
    Agenda(_l("Screening"), screening.tasks),
    Agenda(_l("Visits"), visits.tasks),
    Agenda(_l("Reports"), closing.tasks),
    Agenda(_l("Alumni and revisits"), alumni.tasks),
    Agenda(_l("Organizations"), directory.tasks),
)


@dataclass(frozen=True)
class Waiting:
    """What one room wants from the reader, soonest first."""

    label: str
    tasks: list[Task]


def waiting(actor: Actor) -> list[Waiting]:
    """What needs the reader now: room by room, the room with the most urgent task first. One name, one room."""
    named: dict[str, list[Task]] = {}
    for room in AGENDAS:
        named.setdefault(str(room.label), []).extend(room.tasks(actor))
    filled = [Waiting(label, agenda.in_order(tasks)) for label, tasks in named.items() if tasks]
    first = agenda.in_order([room.tasks[0] for room in filled])
    return sorted(filled, key=lambda room: first.index(room.tasks[0]))


def mails(address: str = "") -> Select[*tuple[Any, ...]]:
    """The mails of the demonstration; those to one address, if one is given in part."""
    query: Select[*tuple[Any, ...]] = select(
        OutboxMessage.id,
        OutboxMessage.public_id,
        OutboxMessage.created_at,
        OutboxMessage.recipient_name,
        OutboxMessage.recipient_address,
        OutboxMessage.subject,
    )
    return query.where(OutboxMessage.recipient_address.icontains(address, autoescape=True)) if address else query


def mail(public_id: str) -> OutboxMessage:
    """One mail. Raises: NotFound."""
    found = db.session.scalar(select(OutboxMessage).where(OutboxMessage.public_id == public_id))
    if found is None:
        raise NotFound()
    return found
