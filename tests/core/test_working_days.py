"""Working days of public bodies in Japan across weekends, holidays and the turn of the year."""

from datetime import date

import pytest

from app.core import working_days


@pytest.mark.parametrize(
    ("day", "number", "expected"),
    [
        (date(2026, 1, 8), -4, date(2025, 12, 26)),  # over 29 December to 3 January, a Saturday and a Sunday
        (date(2026, 5, 8), -2, date(2026, 5, 1)),  # over Golden Week: 3 to 5 May, and 6 May in lieu of a Sunday
        (date(2025, 4, 21), -5, date(2025, 4, 14)),
        (date(2025, 12, 26), 1, date(2026, 1, 5)),
        (date(2026, 9, 18), 1, date(2026, 9, 24)),  # 22 September is free because it lies between two holidays
        (date(2026, 5, 3), 0, date(2026, 5, 3)),
    ],
)
def test_working_days_are_counted_across_free_days(day: date, number: int, expected: date) -> None:
    assert working_days.shift(day, number) == expected


@pytest.mark.parametrize(
    ("day", "expected"),
    [(date(2025, 12, 28), False), (date(2025, 12, 29), False), (date(2026, 1, 2), False), (date(2025, 7, 1), True)],
)
def test_day_is_a_working_day_or_not(day: date, expected: bool) -> None:
    assert working_days.is_working_day(day) is expected
