"""What the calendar does to plans every night."""

from app.applications import workbook_service
from app.core import job_queue, transaction


@job_queue.bell("plan_workbooks_end", minute="12", hour="15")  # 00:12 in Tokyo
def end_workbooks() -> None:
    """Uploaded workbooks that were never saved are deleted after a month; safe to repeat."""
    with transaction.unit_of_work():
        workbook_service.drop_old()
