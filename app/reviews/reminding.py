"""Reminders to experts whose reviews are still out: one mail each, at most one a day."""

from collections.abc import Sequence
from itertools import groupby

from app.calls.models import Call
from app.core import audit, authz, clock, outbox
from app.core.authz import Actor
from app.reviews import desk_progress, round_queries
from app.reviews.models import ReviewAssignment
from app.reviews.scoring_models import ReviewPlan

TEMPLATE = "review_reminder"


def remind(actor: Actor, call: Call, *, only_late: bool = False) -> int:
    """Write to every expert of a round with a review that is not in. Returns how many experts are written to.

    `only_late`: only to those with one that was due before today. Raises: Forbidden.
    """
    authz.require_role(actor, "review:assign")
    plan = round_queries.plan_of(call.id)
    waiting = round_queries.waiting_on(call.id)
    written = 0
    for _expert, group in groupby(waiting, key=lambda assignment: assignment.reviewer_id):
        held = list(group)
        if not only_late or any(_is_late(assignment, plan) for assignment in held):
            _write(call, plan, held)
            written += 1
    if written:
        audit.record(actor, "review:remind", call, changes={"experts": [None, written]})
    return written


def _is_late(assignment: ReviewAssignment, plan: ReviewPlan | None) -> bool:
    due = assignment.due_on or desk_progress.last_day(plan)
    return due is not None and due < clock.today()


def _write(call: Call, plan: ReviewPlan | None, held: Sequence[ReviewAssignment]) -> None:
    reviewer, today = held[0].reviewer, clock.today()
    due = [day for assignment in held if (day := assignment.due_on or desk_progress.last_day(plan)) is not None]
    outbox.enqueue(
        TEMPLATE,
        reviewer,
        dedupe=f"review-reminder:{call.public_id}:{reviewer.public_id}:{today.isoformat()}",
        call=call,
        number=len(held),
        due=min(due, default=None),
    )
    for assignment in held:
        assignment.reminded_at = clock.now()
