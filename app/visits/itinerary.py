"""The schedule of stay as people read it: day by day from entry to exit, nothing left out."""

from dataclasses import dataclass
from datetime import date, time

from app.visits import period
from app.visits.models import ScheduleItem, Visit

#: A stay longer than any course allows is not drawn day by day.
LONGEST = 400


@dataclass(frozen=True, slots=True)
class Day:
    """A day of the stay: its number counted from the day of entry, its lines in order, the holiday it is."""

    on: date
    number: int | None  # None for a day outside the stay
    items: tuple[ScheduleItem, ...]
    holiday: str = ""

    @property
    def is_outside(self) -> bool:
        return self.number is None


def in_order(items: list[ScheduleItem]) -> list[ScheduleItem]:
    """Lines of a schedule by day and time; those without a time first, as said of the whole day."""
    return sorted(items, key=lambda item: (item.on, item.starts_at or time.min, item.position, item.id or 0))


def days_of(visit: Visit) -> list[Day]:
    """Every day of the stay, also the empty ones, and every other day on which something stands."""
    by_day: dict[date, list[ScheduleItem]] = {}
    for item in in_order(visit.schedule):
        by_day.setdefault(item.on, []).append(item)
    inside: list[date] = []
    if visit.starts_on and visit.ends_on:
        inside = list(period.days_between(visit.starts_on, visit.ends_on))[:LONGEST]
    numbers = {on: number for number, on in enumerate(inside, 1)}
    days = sorted({*inside, *by_day})
    free = dict(period.holidays_between(days[0], days[-1])) if days else {}
    return [Day(on, numbers.get(on), tuple(by_day.get(on, ())), free.get(on, "")) for on in days]


def empty_days(visit: Visit) -> list[date]:
    """Days of the stay about which the schedule says nothing."""
    if not visit.starts_on or not visit.ends_on:
        return []
    filled = {item.on for item in visit.schedule}
    return [on for on in period.days_between(visit.starts_on, visit.ends_on) if on not in filled]


def items_outside(visit: Visit) -> list[ScheduleItem]:
    """Lines that stand before the day of entry or after the day of exit."""
    if not visit.starts_on or not visit.ends_on:
        return []
    return [item for item in visit.schedule if not visit.starts_on <= item.on <= visit.ends_on]
