"""Days, years and ages as the programme counts them, whatever zone the server is in."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
import time_machine
from hypothesis import given
from hypothesis import strategies as st

from app.core import clock


@pytest.mark.parametrize(
    ("instant", "today", "fiscal_year"),
    [
        (datetime(2026, 3, 31, 14, 59, 59, tzinfo=UTC), date(2026, 3, 31), 2025),
        (datetime(2026, 3, 31, 15, 0, 0, tzinfo=UTC), date(2026, 4, 1), 2026),
        (datetime(2025, 12, 31, 15, 0, 0, tzinfo=UTC), date(2026, 1, 1), 2025),
    ],
)
def test_the_day_begins_in_tokyo(instant: datetime, today: date, fiscal_year: int) -> None:
    with time_machine.travel(instant, tick=False):
        assert clock.today() == today
        assert clock.fiscal_year(clock.today()) == fiscal_year


def test_deadline_in_tokyo_is_an_instant() -> None:
    assert clock.tokyo(date(2026, 7, 4), time(17)) == datetime(2026, 7, 4, 8, tzinfo=UTC)


def test_fiscal_year_runs_from_april_to_march() -> None:
    assert clock.fiscal_year_range(2025) == (date(2025, 4, 1), date(2026, 3, 31))


@pytest.mark.parametrize(
    ("born", "day", "age"),
    [
        (date(1985, 7, 1), date(2026, 6, 30), 40),
        (date(1985, 7, 1), date(2026, 7, 1), 41),
        (date(2008, 2, 29), date(2026, 2, 28), 17),
        (date(2008, 2, 29), date(2026, 3, 1), 18),
        (date(2008, 2, 29), date(2028, 2, 29), 20),
    ],
)
def test_age_is_reached_on_the_birthday(born: date, day: date, age: int) -> None:
    assert clock.age_on(born, day) == age


@given(st.dates(date(1930, 1, 1), date(2012, 12, 31)), st.dates(date(2013, 1, 1), date(2040, 12, 31)))
def test_age_grows_by_one_a_year_and_never_otherwise(born: date, day: date) -> None:
    today, tomorrow = clock.age_on(born, day), clock.age_on(born, day + timedelta(days=1))
    assert tomorrow - today in (0, 1)
    assert abs(today - (day - born).days / 365.2425) < 1.01


def test_both_ends_of_a_stay_count() -> None:
    assert clock.stay_days(date(2026, 7, 1), date(2026, 7, 7)) == 7
