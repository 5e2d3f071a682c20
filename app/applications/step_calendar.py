"""The latest dates of a plan's steps as iCalendar (RFC 5545), for the host's own calendars.

Whoever has the secret address reads it, so it holds the steps and the plan's number and theme, nothing about people.
"""

from collections.abc import Sequence
from datetime import UTC, timedelta

from flask_babel import gettext as _
from icalendar import Calendar, Event

from app.applications.models import Application
from app.calls.prerequisites import Step
from app.core import clock

PRODUCT = "-//Sakura Science Exchange Program//Steps of an exchange plan//EN"
REFRESH = timedelta(hours=6)
ONE_DAY = timedelta(days=1)


def build(application: Application, found: Sequence[Step], *, domain: str) -> bytes:
    """The calendar of a plan's steps. `domain` makes the events' names unique in the world and must stay the same.

    A step is an event of its latest day. Its name is made of the plan and the step, so a moved date moves the event.
    """
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", _("Latest dates: %(plan)s", plan=name_of(application)))
    calendar.add("x-wr-timezone", clock.TOKYO.key)
    calendar.add("refresh-interval", REFRESH, parameters={"VALUE": "DURATION"})
    for step in found:
        if step.latest is not None:
            calendar.add_component(_event(application, step, domain))
    return bytes(calendar.to_ical())


def name_of(application: Application) -> str:
    """Number and theme of a plan, as far as it has them."""
    return " ".join(filter(None, (application.reference, application.theme))) or _("Plan without a theme yet")


def _event(application: Application, step: Step, domain: str) -> Event:
    event = Event()
    event.add("uid", f"{application.public_id}-{step.code}@{domain}")
    event.add("dtstamp", clock.now().astimezone(UTC).replace(microsecond=0))
    event.add("summary", _("%(step)s (done)", step=step.title) if step.is_done else step.title)
    event.add("dtstart", step.latest)
    event.add("dtend", (step.latest or clock.today()) + ONE_DAY)
    event.add("transp", "TRANSPARENT")
    event.add("categories", [str(step.row.doer.label)])
    event.add("description", "\n".join(filter(None, (name_of(application), step.reason, step.row.explanation))))
    return event
