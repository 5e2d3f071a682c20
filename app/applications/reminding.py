"""Reminders of latest dates: one mail a week ahead and one a day ahead, to the host's editors and approvers."""

from collections.abc import Iterable
from datetime import date
from itertools import groupby
from typing import Any

from app.accounts import queries as accounts
from app.applications import step_calendar, step_queries, steps
from app.applications.models import Application
from app.calls import prerequisites
from app.calls.prerequisites import Step
from app.core import clock, outbox
from app.core.authz import Role

#: Days ahead of a latest date at which a mail goes out. A day the worker missed is made up for on the next.
AHEAD = (7, 1)


def remind() -> int:
    """Write the mails that are due today. Returns how many steps they are about; repeated, it writes nothing more."""
    plans = step_queries.plans_to_remind(clock.now())
    checklists = steps.of_many(plans)
    staff: dict[int, list[Any]] = {}
    count = 0
    for application in plans:
        for latest, ahead, due in _due(checklists[application.id].steps, clock.today()):
            host = application.host_institution_id
            if host not in staff:
                staff[host] = accounts.staff_of(host, Role.HOST_EDITOR, Role.HOST_APPROVER)
            _write(application, latest, ahead, due, staff[host])
            count += len(due)
    return count


def _due(found: Iterable[Step], today: date) -> list[tuple[date, int, list[Step]]]:
    """The undone steps within reach by latest date, each with the reminder whose turn it is."""
    ahead = [step for step in found if prerequisites.is_near(step, today, days=AHEAD[0])]
    return [
        (latest, AHEAD[1] if (latest - today).days <= AHEAD[1] else AHEAD[0], list(group))
        for latest, group in groupby(ahead, key=lambda step: step.latest or date.max)
    ]


def _write(application: Application, latest: date, ahead: int, due: list[Step], people: list[Any]) -> None:
    for person in people:
        outbox.enqueue(
            "application_steps_due",
            person,
            subject_of=application,
            dedupe=f"steps:{application.public_id}:{latest.isoformat()}:{ahead}:{person.email.casefold()}"[:160],
            application=application,
            name_of=step_calendar.name_of,
            day=latest,
            steps=due,
        )
