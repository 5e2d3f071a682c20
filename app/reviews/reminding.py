"""Reminders to experts whose reviews are still out: one mail each, at most one a day.

Coordinators send them; some days before the latest date the calendar does by itself.
"""

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from itertools import groupby

from app.calls.models import Call
from app.core import audit, authz, clock, outbox
from app.core.authz import SYSTEM, Actor
from app.reviews import desk_progress, round_queries
from app.reviews.models import ReviewAssignment
from app.reviews.scoring_models import ReviewPlan

TEMPLATE = "review_reminder"
#: Days ahead of a due day on which the calendar reminds.
AHEAD = (7, 2)


def remind(actor: Actor, call: Call, *, only_late: bool = False) -> int:
    """Write to every expert of a round with a review that is not in. Returns how many experts are written to.

    `only_late`: only to those with one that was due before today. Raises: Forbidden.
    """
    authz.require_role(actor, "review:assign")
    today = clock.today()
    return _remind(actor, call, round_queries.plan_of(call.id), lambda due: not only_late or (due or today) < today)


def remind_by_calendar() -> int:
    """Write to the experts of rounds that are being scored with a review due in a week or the day after tomorrow.

    Returns how many are written to; repeated on the same day, nobody gets a second mail.
    """
    days = {clock.today() + timedelta(days=ahead) for ahead in AHEAD}
    plans = round_queries.scoring_now(clock.now())
    return sum(_remind(SYSTEM, plan.call, plan, lambda due: due in days) for plan in plans)


def _remind(actor: Actor, call: Call, plan: ReviewPlan | None, concerns: Callable[[date | None], bool]) -> int:
    """Write to the experts of whose open reviews some due day concerns us."""
    written = 0
    waiting = round_queries.waiting_on(call.id)
    for _expert, group in groupby(waiting, key=lambda assignment: assignment.reviewer_id):
        held = list(group)
        if any(concerns(assignment.due_on or desk_progress.last_day(plan)) for assignment in held):
            _write(call, plan, held)
            written += 1
    if written:
        audit.record(actor, "review:remind", call, changes={"experts": [None, written]})
    return written


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
