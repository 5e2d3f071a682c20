"""What rounds ask of people: to decide on a later closing that somebody else proposed. One query."""

from flask_babel import gettext as _

from app.calls import extension, extension_queries
from app.core import clock
from app.core.agenda import Task
from app.core.authz import Actor


def tasks(actor: Actor) -> list[Task]:
    """The proposals this person may decide on, until they expire."""
    if not actor.may("call:approve-extension"):
        return []
    now = clock.now()
    return [
        Task(
            _("Decide on the later closing"),
            proposal.call.title,
            "calls.show",
            {"call_id": proposal.call.public_id},
            due=extension.decidable_until(proposal.call, now),
        )
        for proposal in extension_queries.waiting()
        if proposal.proposed_by_id != actor.id and not extension.has_expired(proposal, now)
    ]
