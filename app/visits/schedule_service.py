"""Verbs on the schedule of stay: lines added, changed, moved and taken away, whole days copied or moved."""

from datetime import date, time
from typing import Any

from flask_babel import gettext as _

from app.applications.models import ActivityKind
from app.core import audit
from app.core.authz import Actor
from app.core.db import db, new_public_id
from app.core.errors import Refused
from app.core.i18n import day
from app.visits import queries
from app.visits.models import ScheduleItem, Visit
from app.visits.service import check_version, require_editable, schedule_changed

PERMISSION = "visit:schedule"
FIELDS = ("on", "starts_at", "ends_at", "kind", "title", "venue", "leader")


def add(
    actor: Actor,
    visit: Visit,
    *,
    on: date,
    kind: ActivityKind,
    title: str = "",
    starts_at: time | None = None,
    ends_at: time | None = None,
    venue: str = "",
    leader: str = "",
) -> ScheduleItem:
    """A new line on a day of the stay. Raises: Forbidden, TransitionNotAllowed, Refused by field."""
    require_editable(actor, visit, PERMISSION)
    _check(visit, on, starts_at, ends_at)
    item = ScheduleItem(
        public_id=new_public_id(),
        visit=visit,
        on=on,
        kind=kind,
        title=title,
        starts_at=starts_at,
        ends_at=ends_at,
        venue=venue,
        leader=leader,
        position=_next_position(visit, on),
    )
    db.session.add(item)
    schedule_changed(visit)
    audit.record(actor, "schedule:add", visit, changes={"schedule": [None, summary(item)]})
    return item


def change(actor: Actor, item: ScheduleItem, *, version: int | None = None, **fields: Any) -> None:
    """Change a line, also its day. Raises: Forbidden, TransitionNotAllowed, Stale, Refused by field."""
    visit = item.visit
    require_editable(actor, visit, PERMISSION)
    check_version(item, version)
    wanted = {name: fields.get(name, getattr(item, name)) for name in FIELDS}
    _check(visit, wanted["on"], wanted["starts_at"], wanted["ends_at"])
    before = summary(item)
    if wanted["on"] != item.on:
        item.position = _next_position(visit, wanted["on"])
    for name, value in wanted.items():
        setattr(item, name, value)
    if summary(item) != before or audit.changes_of(item):
        schedule_changed(visit)
        audit.record(actor, "schedule:change", visit, changes={"schedule": [before, summary(item)]})


def remove(actor: Actor, item: ScheduleItem) -> None:
    """Take a line away. Raises: Forbidden, TransitionNotAllowed."""
    visit = item.visit
    require_editable(actor, visit, PERMISSION)
    before = summary(item)
    visit.schedule.remove(item)
    schedule_changed(visit)
    audit.record(actor, "schedule:remove", visit, changes={"schedule": [before, None]})


def shift(actor: Actor, item: ScheduleItem, *, earlier: bool) -> None:
    """Move a line before or after its neighbour of the same day and time; lines with other times keep their order."""
    visit = item.visit
    require_editable(actor, visit, PERMISSION)
    rivals = [other for other in queries.items_on(visit, item.on) if other.starts_at == item.starts_at]
    place = next(index for index, other in enumerate(rivals) if other.id == item.id)
    target = place - 1 if earlier else place + 1
    if not 0 <= target < len(rivals):
        return
    rivals[place], rivals[target] = rivals[target], rivals[place]
    for position, other in enumerate(rivals, 1):
        other.position = position
    schedule_changed(visit)
    audit.record(actor, "schedule:shift", visit, changes={"position": [place + 1, target + 1]})


def repeat_day(actor: Actor, visit: Visit, *, source: date, target: date, move: bool = False) -> int:
    """Copy all lines of a day to another day of the stay, or move them there. Returns how many lines there were.

    Raises: Forbidden, TransitionNotAllowed, Refused by field.
    """
    require_editable(actor, visit, PERMISSION)
    _check(visit, target, None, None, field="target")
    if source == target:
        raise Refused({"target": [_("Choose another day than the one the entries stand on.")]})
    items = queries.items_on(visit, source)
    if not items:
        raise Refused({"source": [_("Nothing stands on this day.")]})
    position = _next_position(visit, target)
    for offset, item in enumerate(items):
        if move:
            item.on, item.position = target, position + offset
        else:
            visit.schedule.append(_copy(item, target, position + offset))
    schedule_changed(visit)
    verb = "schedule:move-day" if move else "schedule:copy-day"
    audit.record(actor, verb, visit, changes={"schedule": [source.isoformat(), target.isoformat()]})
    return len(items)


def summary(item: ScheduleItem) -> str:
    """A line in a few words, for the history."""
    hours = f" {item.starts_at:%H:%M}" if item.starts_at else ""
    return f"{item.on.isoformat()}{hours} {item.title or item.kind.value}"


def _copy(item: ScheduleItem, on: date, position: int) -> ScheduleItem:
    return ScheduleItem(
        public_id=new_public_id(),
        on=on,
        starts_at=item.starts_at,
        ends_at=item.ends_at,
        kind=item.kind,
        title=item.title,
        venue=item.venue,
        leader=item.leader,
        position=position,
    )


def _next_position(visit: Visit, on: date) -> int:
    return max((item.position for item in queries.items_on(visit, on)), default=0) + 1


def _check(visit: Visit, on: date, starts_at: time | None, ends_at: time | None, *, field: str = "on") -> None:
    """Inside the stay, and in order."""
    if visit.starts_on is None or visit.ends_on is None:
        raise Refused({field: [_("Set the day of entry and the day of exit first.")]})
    if not visit.starts_on <= on <= visit.ends_on:
        span = {"first": day(visit.starts_on), "last": day(visit.ends_on)}
        raise Refused({field: [_("Choose a day of the stay, from %(first)s to %(last)s.", **span)]})
    if ends_at is not None and starts_at is None:
        raise Refused({"starts_at": [_("Enter the time at which it begins too.")]})
    if starts_at is not None and ends_at is not None and ends_at <= starts_at:
        raise Refused({"ends_at": [_("The end must be later than the beginning.")]})
