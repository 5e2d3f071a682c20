"""The only reader of the wall clock: UTC in the database, Asia/Tokyo in the rules."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

TOKYO = ZoneInfo("Asia/Tokyo")

_pretended: ContextVar[datetime | None] = ContextVar("pretended", default=None)


def now() -> datetime:
    """This instant, aware, in UTC."""
    return _pretended.get() or datetime.now(UTC)


@contextmanager
def pretending(instant: datetime) -> Iterator[None]:
    """Inside, it is another time: only for the demonstration, which tells what happened over three years."""
    token = _pretended.set(instant.astimezone(UTC))
    try:
        yield
    finally:
        _pretended.reset(token)


def today() -> date:
    """The calendar day in Tokyo: the day every rule of the programme means."""
    return now().astimezone(TOKYO).date()


def in_tokyo(instant: datetime) -> datetime:
    """The same instant on a clock in Tokyo."""
    return instant.astimezone(TOKYO)


def tokyo(day: date, hour: time = time(0, 0)) -> datetime:
    """The instant (UTC) at which clocks in Tokyo show `hour` on `day`."""
    return datetime.combine(day, hour, tzinfo=TOKYO).astimezone(UTC)


def fiscal_year(day: date) -> int:
    """The Japanese fiscal year (年度) of a day: 1 April to 31 March, named after its first calendar year."""
    return day.year if day.month >= 4 else day.year - 1


def fiscal_year_range(year: int) -> tuple[date, date]:
    """First and last day of a fiscal year, both inside it."""
    return date(year, 4, 1), date(year + 1, 3, 31)


def age_on(born: date, day: date) -> int:
    """Full years of age on a day.

    年齢計算ニ関スル法律 with Civil Code art. 143: a year of age is completed at the end of the day before the
    birthday; someone born on 29 February completes it at the end of 28 February in a common year, so for that
    person 1 March is the first day at the new age.
    """
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def stay_days(entry: date, exit_: date) -> int:
    """Length of a stay in days, the day of entry and the day of exit both counted (guidelines, section on courses)."""
    return (exit_ - entry).days + 1
