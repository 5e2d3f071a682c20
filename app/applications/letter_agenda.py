"""What letters ask of coordinators: those that did not arrive, by round."""

from flask_babel import gettext as _

from app.applications import letter_queries
from app.calls.models import round_title
from app.core.agenda import Task
from app.core.authz import Actor


def tasks(actor: Actor) -> list[Task]:
    """One line per round with letters that were refused or came back. One query, for those who send them again."""
    if not actor.may("letter:send"):
        return []
    return [
        Task(
            _("See to letters that did not arrive"),
            round_title(row.fiscal_year, row.label),
            "applications.letters",
            {"call_id": row.public_id},
            count=row.number,
        )
        for row in letter_queries.lost_by_round()
    ]
