"""Where a round stands on the clock, and how long that lasts, in words."""

import enum
from datetime import datetime, timedelta
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from app.calls.models import Call


class Phase(enum.StrEnum):
    """A round by the clock."""

    DRAFT = "draft"
    UPCOMING = "upcoming"
    OPEN = "open"
    CLOSED = "closed"

    @property
    def label(self) -> Any:
        return PHASE_LABELS[self]

    @property
    def tone(self) -> str:
        return {"open": "success", "upcoming": "info", "draft": "warning"}.get(self.value, "neutral")


PHASE_LABELS = {
    Phase.DRAFT: _l("Not published"),
    Phase.UPCOMING: _l("Opens later"),
    Phase.OPEN: _l("Taking applications"),
    Phase.CLOSED: _l("Applications closed"),
}


def phase(call: Call, at: datetime) -> Phase:
    """Where a round stands at an instant; it is open from its opening up to, not including, its closing instant."""
    if call.is_draft:
        return Phase.DRAFT
    if at < call.opens_at:
        return Phase.UPCOMING
    return Phase.OPEN if at < call.closes_at else Phase.CLOSED


def countdown(call: Call, at: datetime) -> str:
    """How long until a round opens or closes; "" for closed ones and drafts."""
    stands = phase(call, at)
    if stands is Phase.OPEN:
        return _("Closes in %(time)s", time=duration(call.closes_at - at))
    return _("Opens in %(time)s", time=duration(call.opens_at - at)) if stands is Phase.UPCOMING else ""


def duration(left: timedelta) -> str:
    """A span in its largest unit; hours and minutes on the last day, because then they count."""
    seconds = max(int(left.total_seconds()), 0)
    days, hours, minutes = seconds // 86400, seconds // 3600, seconds // 60
    if days >= 2:
        return _days(days)
    return _hours(hours) if hours >= 1 else _minutes(max(minutes, 1))


def remaining(left: timedelta) -> str:
    """A span in its two largest units, rounded down: days and hours, hours and minutes, or minutes and seconds."""
    seconds = max(int(left.total_seconds()), 0)
    days, hours, minutes = seconds // 86400, seconds // 3600 % 24, seconds // 60 % 60
    if days:
        return f"{_days(days)} {_hours(hours)}"
    if hours:
        return f"{_hours(hours)} {_minutes(minutes)}"
    return f"{_minutes(minutes)} {_seconds(seconds % 60)}"


def _days(number: int) -> str:
    return ngettext("%(num)s day", "%(num)s days", number)


def _hours(number: int) -> str:
    return ngettext("%(num)s hour", "%(num)s hours", number)


def _minutes(number: int) -> str:
    return ngettext("%(num)s minute", "%(num)s minutes", number)


def _seconds(number: int) -> str:
    return ngettext("%(num)s second", "%(num)s seconds", number)
