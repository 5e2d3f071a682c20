"""What the calendar does with conflicts every night, and with readings that fall due every morning."""

from datetime import timedelta
from itertools import groupby

from app.core import audit, clock, job_queue, transaction
from app.core.authz import SYSTEM
from app.reviews import assigning_queries, assigning_service, conflicts
from app.reviews.models import ReviewAssignment
from app.reviews.vocabulary import AssignmentState

DAYS_BEFORE = (7, 1)


@job_queue.bell("review_conflicts", minute="24", hour="15")  # 00:24 in Tokyo
def look_for_conflicts() -> None:
    """Links of the directory, addresses of accounts and contacts may have changed; safe to repeat."""
    with transaction.unit_of_work():
        conflicts.recheck()


@job_queue.bell("reviews_remind", minute="6", hour="22")  # 07:06 in Tokyo
def remind() -> None:
    """Experts hear of what falls due in a week or tomorrow; safe to repeat."""
    with transaction.unit_of_work():
        remind_all()


def remind_all() -> int:
    """One mail to each expert for each round and day; returns how many experts were reminded of something."""
    days = {clock.today() + timedelta(days=before) for before in DAYS_BEFORE}
    found = 0
    for _key, group in groupby(assigning_queries.due_soon(days), key=_together):
        found += _remind(list(group))
    return found


def _together(row: ReviewAssignment) -> tuple[int, int, str]:
    return row.reviewer_id, row.call_id, str(row.due_on)


def _remind(own: list[ReviewAssignment]) -> bool:
    """One expert, one round, one day. Numbers only: no plan is named."""
    first, today = own[0], clock.today()
    if any(row.reminded_at is not None and clock.in_tokyo(row.reminded_at).date() == today for row in own):
        return False
    unanswered = sum(row.state is AssignmentState.SENT for row in own)
    assigning_service.tell_expert(
        "review_due",
        first.reviewer,
        first.reviewer,
        dedupe=f"review-due:{first.reviewer.public_id}:{first.call.public_id}:{first.due_on}:{today}",
        title=first.call.title,
        due_on=first.due_on,
        unanswered=unanswered,
        unread=len(own) - unanswered,
    )
    for row in own:
        row.reminded_at = clock.now()
    audit.record(SYSTEM, "review_assignment:remind", first.reviewer, changes={"readings": [None, len(own)]})
    return True
