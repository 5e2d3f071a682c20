"""The entries of an itinerary's form under the days they belong to, for its page. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

MOST_DAYS = 60  # of a stay; days further on are shown where entries name them


@dataclass(frozen=True, slots=True)
class DayOfEntries:
    """A day of the stay with its entries as (place in the form, form of the row).

    `number` counts from 1, the day of entry; None for entries that do not say their day yet, which are the last.
    """

    number: int | None
    on: date | None
    is_travel: bool  # of arrival or departure
    is_beyond: bool  # after the last day the course allows
    is_outside: bool  # after the day of exit
    is_limit: bool  # the last day the course allows
    entries: tuple[tuple[int, Any], ...]


def of(rows: Sequence[Any], starts_on: date | None, ends_on: date | None, allowed: int | None) -> list[DayOfEntries]:
    """Every day of the stay, as far as it is known, and every other day that entries name.

    `rows`: forms of the entries. `allowed`: how many days the course allows, None without a limit. An entry without a
    day stands with the one before it, as it will when it is saved.
    """
    stay = (ends_on - starts_on).days + 1 if starts_on and ends_on and ends_on >= starts_on else 0
    held = _held(rows)
    undated = held.pop(None, [])
    numbers = sorted({*range(1, min(stay, MOST_DAYS) + 1), *(number for number in held if number is not None)})
    days = [
        DayOfEntries(
            number=number,
            on=starts_on + timedelta(days=number - 1) if starts_on else None,
            is_travel=number in (1, stay) and stay > 0,
            is_beyond=allowed is not None and number > allowed,
            is_outside=0 < stay < number,
            is_limit=number == allowed,
            entries=tuple(held.get(number, ())),
        )
        for number in numbers
    ]
    return [*days, DayOfEntries(None, None, False, False, False, False, tuple(undated))] if undated else days


def _held(rows: Sequence[Any]) -> dict[int | None, list[tuple[int, Any]]]:
    """The entries by day; None: nothing or nothing readable stands there, and no day can be concluded."""
    held: dict[int | None, list[tuple[int, Any]]] = {}
    day: int | None = 1
    for place, row in enumerate(rows):
        typed = row.day.data if row.day.data and row.day.data > 0 and not row.day.errors else None
        if typed is None and (row.day.errors or not row.is_filled):
            held.setdefault(None, []).append((place, row))
            continue
        day = typed or day
        held.setdefault(day, []).append((place, row))
    return held
