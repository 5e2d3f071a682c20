"""What the giving of plans asks of people: find readers for empty places, send proposals, answer requests."""

from flask_babel import gettext as _

from app.calls.models import round_title
from app.core.agenda import Task
from app.core.authz import Actor
from app.reviews import assigning_queries


def tasks(actor: Actor) -> list[Task]:
    """What waits for this person, not sorted. Two queries at most."""
    found: list[Task] = []
    if actor.may("review:assign"):
        found += _of_rounds()
    if actor.may("review:write"):
        found += _of_expert(actor)
    return found


def _of_rounds() -> list[Task]:
    """One line per round with places that nobody reads, and one per round with proposals nobody was told of."""
    found = []
    for row in assigning_queries.rounds():
        about, values = round_title(row.fiscal_year, row.label), {"call_id": row.public_id}
        empty = row.plans * row.per_plan - row.readings
        if empty > 0:
            found.append(Task(_("Find readers for the plans"), about, "reviews.assignment", values, count=empty))
        if row.proposals:
            label = _("Send the proposed readers their requests")
            found.append(Task(label, about, "reviews.send_assignments", values, count=row.proposals))
    return found


def _of_expert(actor: Actor) -> list[Task]:
    """One line per day on which reviews are due: the plans not answered yet."""
    return [
        Task(_("Say whether you can read the plans"), "", "reviews.requests", {}, due=row.due_on, count=row.number)
        for row in assigning_queries.asked_by_day(actor)
    ]
