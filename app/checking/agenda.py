"""What the formal check asks of coordinators: the plans that wait, by round."""

from flask_babel import ngettext

from app.calls.models import round_title
from app.checking import queue_queries
from app.core.agenda import Task
from app.core.authz import Actor


def tasks(actor: Actor) -> list[Task]:
    """One line per round in which plans wait. One query."""
    if not actor.may("application:check"):
        return []
    return [
        Task(
            ngettext("%(num)s plan waits for the formal check", "%(num)s plans wait for the formal check", row.number),
            round_title(row.fiscal_year, row.label),
            "checking.index",
            {"call": row.public_id},
        )
        for row in queue_queries.rounds(actor)
    ]
