"""What the calendar does to visits every night."""

from app.core import job_queue, transaction
from app.visits import service


@job_queue.bell("visits_begin", minute="5", hour="15")  # 00:05 in Tokyo
def begin() -> None:
    """Visits whose day of entry has come are under way; safe to repeat."""
    with transaction.unit_of_work():
        service.advance_by_calendar()
