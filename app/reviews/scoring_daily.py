"""What the calendar does to the review every morning."""

from app.core import job_queue, transaction
from app.reviews import reminding


@job_queue.bell("reviews_remind", minute="10", hour="22")  # 07:10 in Tokyo
def remind() -> None:
    """Experts hear of reviews that are due in a week or the day after tomorrow; safe to repeat."""
    with transaction.unit_of_work():
        reminding.remind_by_calendar()
