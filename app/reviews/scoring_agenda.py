"""What the review asks of people: of experts their reviews, of coordinators the rounds that run late. Few queries."""

from flask_babel import gettext as _

from app.calls.models import round_title
from app.core import clock
from app.core.agenda import Task
from app.core.authz import Actor
from app.reviews import desk_progress, round_queries
from app.reviews.phases import Act, Phase


def tasks(actor: Actor) -> list[Task]:
    """What waits for this person in the review, not sorted."""
    found: list[Task] = []
    if actor.may("review:view-own"):
        found += _of_experts(actor)
    if actor.may("review:assign"):
        found += _of_coordinators()
    return found


def _of_experts(actor: Actor) -> list[Task]:
    """One line per round: how many reviews are to be written; and one where the panel talks."""
    found = []
    for desk in desk_progress.of(actor):
        waiting = [item for item in desk.items if Act.DRAFT in item.acts and not item.is_done]
        if waiting:
            due = min((item.due for item in waiting if item.due), default=None)
            found.append(Task(_("Write your reviews"), desk.call.title, "reviews.mine", due=due, count=len(waiting)))
        talks = sum(Act.DISCUSS in item.acts for item in desk.items)
        if talks and desk.phase is Phase.DISCUSSION:
            found.append(Task(_("Take part in the discussion"), desk.call.title, "reviews.mine", due=desk.until))
    return found


def _of_coordinators() -> list[Task]:
    """One line per round that is being scored and has reviews that are late."""
    return [
        Task(
            _("Reviews are late"),
            round_title(row.fiscal_year, row.label),
            "reviews.round_overview",
            {"call_id": row.public_id},
            count=row.late,
        )
        for row in round_queries.late_by_round(clock.now(), clock.today())
    ]
