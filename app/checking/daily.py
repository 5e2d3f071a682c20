"""What the calendar does to the formal check every night."""

from app.checking import claims, sheets
from app.core import clock, job_queue, jobs, transaction


@job_queue.bell("checks_catch_up", minute="32", hour="15")  # 00:32 in Tokyo
def every_night() -> None:
    """What came in and is not noted or compared yet; claims that lapsed are forgotten. Safe to repeat."""
    with transaction.unit_of_work():
        claims.sweep(clock.now())
        if sheets.catch_up():
            jobs.enqueue(sheets.JOB)
