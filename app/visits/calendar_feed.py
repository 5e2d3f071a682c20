"""The schedule of a visit as iCalendar (RFC 5545), for the calendars of those who receive the group.

Whoever has the secret address reads it, so it holds nothing about the people who come, nor who leads an activity.
"""

from datetime import UTC, datetime, timedelta
from typing import Any

from flask_babel import gettext as _
from icalendar import Calendar, Event

from app.core import clock
from app.visits import itinerary
from app.visits.models import ScheduleItem, Visit, VisitState

PRODUCT = "-//Sakura Science Exchange Program//Schedule of stay//EN"
REFRESH = timedelta(hours=1)
DEFAULT_LENGTH = timedelta(hours=1)
STATUS = {VisitState.PLANNED: "TENTATIVE", VisitState.CANCELLED: "CANCELLED"}


def build(visit: Visit, *, domain: str) -> bytes:
    """The calendar of a visit. `domain` makes the event's names unique in the world and must stay the same."""
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", f"{visit.reference} {visit.theme}".strip())
    calendar.add("x-wr-timezone", clock.TOKYO.key)
    calendar.add("refresh-interval", REFRESH, parameters={"VALUE": "DURATION"})
    if visit.starts_on and visit.ends_on:
        calendar.add_component(_stay(visit, domain))
    for item in itinerary.in_order(visit.schedule):
        calendar.add_component(_event(visit, item, domain))
    calendar.add_missing_timezones()
    return bytes(calendar.to_ical())


def _common(visit: Visit, uid: str, summary: str) -> Event:
    event = Event()
    event.add("uid", uid)
    event.add("dtstamp", _stamp(visit))
    event.add("last-modified", _stamp(visit))
    event.add("sequence", visit.calendar_sequence)
    event.add("status", STATUS.get(visit.state, "CONFIRMED"))
    event.add("summary", summary)
    return event


def _stamp(visit: Visit) -> datetime:
    return visit.updated_at.astimezone(UTC).replace(microsecond=0)


def _stay(visit: Visit, domain: str) -> Event:
    """The whole stay as one event of days; it takes no time in anybody's calendar."""
    summary = _("%(host)s: visit of a group", host=visit.host_institution.name)
    event = _common(visit, f"{visit.public_id}@{domain}", summary)
    event.add("dtstart", visit.starts_on)
    event.add("dtend", _after(visit.ends_on))
    event.add("transp", "TRANSPARENT")
    if visit.theme:
        event.add("description", visit.theme)
    return event


def _event(visit: Visit, item: ScheduleItem, domain: str) -> Event:
    event = _common(visit, f"{item.public_id}@{domain}", item.title or str(item.kind.label))
    if item.starts_at is None:
        event.add("dtstart", item.on)
        event.add("dtend", _after(item.on))
    else:
        begin = datetime.combine(item.on, item.starts_at, tzinfo=clock.TOKYO)
        end = datetime.combine(item.on, item.ends_at, tzinfo=clock.TOKYO) if item.ends_at else begin + DEFAULT_LENGTH
        event.add("dtstart", begin)
        event.add("dtend", end)
    event.add("categories", [str(item.kind.label)])
    if item.venue:
        event.add("location", item.venue)
    return event


def _after(day: Any) -> Any:
    return day + timedelta(days=1)
