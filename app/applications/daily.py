"""What the calendar does to exchange plans every morning and every night."""

from app.applications import named_roster, named_sweeping, parking, presence, reminding, workbook_service
from app.core import clock, job_queue, transaction


@job_queue.bell("steps_remind", minute="0", hour="22")  # 07:00 in Tokyo
def remind() -> None:
    """Hosts hear of the steps that fall due in a week or tomorrow; safe to repeat."""
    with transaction.unit_of_work():
        reminding.remind()


@job_queue.bell("plan_workbooks_end", minute="12", hour="15")  # 00:12 in Tokyo
def end_workbooks() -> None:
    """Uploaded workbooks that were never saved are deleted after a month; safe to repeat."""
    with transaction.unit_of_work():
        workbook_service.drop_old()


@job_queue.bell("plan_unsaved_texts_end", minute="14", hour="15")  # 00:14 in Tokyo
def forget_unsaved() -> None:
    """Texts nobody came back for within a month, and the traces of who had which section open; safe to repeat."""
    with transaction.unit_of_work():
        parking.sweep(clock.now())
        presence.sweep(clock.now())


@job_queue.bell("plan_people_end", minute="18", hour="15")  # 00:18 in Tokyo
def end_people() -> None:
    """Files with people nobody touched for a month go, and the people of plans that are over; safe to repeat."""
    with transaction.unit_of_work():
        named_roster.abandon_old()
        named_sweeping.forget_old()
