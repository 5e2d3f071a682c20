"""Working days of public bodies in Japan: counted from a day, forwards and backwards."""

from datetime import date, timedelta
from functools import lru_cache

import holidays

ONE_DAY = timedelta(days=1)


@lru_cache(maxsize=256)
def _public_holidays(year: int) -> frozenset[date]:
    return frozenset(holidays.country_holidays("JP", years=year))


def is_working_day(day: date) -> bool:
    """Whether public bodies work on a day: no Saturday, Sunday, public holiday, nor 29 December to 3 January.

    Act on Holidays of Administrative Organs (1988, Act no. 91), article 1.
    """
    if day.weekday() >= 5 or (day.month, day.day) >= (12, 29) or (day.month, day.day) <= (1, 3):
        return False
    return day not in _public_holidays(day.year)


def shift(day: date, number: int) -> date:
    """The working day that many working days after a day, or before it where the number is negative; 0: the day itself.

    The day itself is not counted, as the first day is not (Civil Code, article 140).
    """
    step = ONE_DAY if number > 0 else -ONE_DAY
    left = abs(number)
    while left:
        day += step
        left -= is_working_day(day)
    return day
