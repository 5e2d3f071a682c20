"""What the calendar does to exchange plans every morning."""

from app.applications import reminding
from app.core import job_queue, transaction


@job_queue.bell("steps_remind", minute="0", hour="22")  # 07:00 in Tokyo
def remind() -> None:
    """Hosts hear of the steps that fall due in a week or tomorrow; safe to repeat."""
    with transaction.unit_of_work():
        reminding.remind()
