"""What the calendar does to visits every night."""

from app.core import job_queue, transaction
from app.visits import roster_service, service


@job_queue.bell("visits_begin", minute="5", hour="15")  # 00:05 in Tokyo
def begin() -> None:
    """Visits whose day of entry has come are under way; safe to repeat."""
    with transaction.unit_of_work():
        service.advance_by_calendar()


@job_queue.bell("rosters_end", minute="10", hour="15")  # 00:10 in Tokyo
def end_rosters() -> None:
    """Roster files that nobody has touched for a month are deleted; safe to repeat."""
    with transaction.unit_of_work():
        roster_service.abandon_old()
