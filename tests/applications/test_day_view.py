"""The itinerary's form day by day: what stands where, and rows offered for a day."""

from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest

from app.applications import day_view
from app.applications.models import Application
from app.core.db import db
from tests.conftest import Client
from tests.factories.accounts import make_user, sign_in
from tests.factories.applications import make_application

FIRST, LAST = date(2025, 8, 1), date(2025, 8, 4)


def entry(day: int | None, *, is_filled: bool = True, errors: tuple[str, ...] = ()) -> Any:
    return SimpleNamespace(day=SimpleNamespace(data=day, errors=errors), is_filled=is_filled)


def shown(*rows: Any, starts_on: date | None = FIRST, ends_on: date | None = LAST, allowed: int | None = 3) -> Any:
    return day_view.of(rows, starts_on, ends_on, allowed)


def places(days: Any) -> dict[int | None, list[int]]:
    return {day.number: [place for place, _row in day.entries] for day in days}


def test_every_day_of_the_stay_has_a_place_and_so_has_every_day_an_entry_names() -> None:
    assert places(shown(entry(2), entry(9), entry(2))) == {1: [], 2: [0, 2], 3: [], 4: [], 9: [1]}
    assert places(shown(entry(2), starts_on=None)) == {2: [0]}
    assert places(shown(entry(2), ends_on=date(2025, 7, 1))) == {2: [0]}


def test_an_entry_without_a_day_stands_with_the_one_before_it_an_empty_or_unreadable_one_at_the_end() -> None:
    rows = entry(None), entry(3), entry(None), entry(None, is_filled=False), entry(None, errors=("?",)), entry(0)
    days = shown(*rows, ends_on=None)
    assert places(days) == {1: [0], 3: [1, 2, 5], None: [3, 4]}
    assert days[-1].number is None


def test_limit_and_ends_of_the_stay_are_marked() -> None:
    days = shown(entry(6))
    assert [day.on for day in days][:2] == [date(2025, 8, 1), date(2025, 8, 2)]
    assert [day.number for day in days if day.is_travel] == [1, 4]
    assert [day.number for day in days if day.is_limit] == [3]
    assert [day.number for day in days if day.is_beyond] == [4, 6]
    assert [day.number for day in days if day.is_outside] == [6]
    assert not any(day.is_limit or day.is_beyond for day in shown(allowed=None))


@pytest.fixture
def plan(client: Client) -> Application:
    application = make_application(complete=False)
    sign_in(client, make_user("host_editor", application.host_institution))
    return application


def send(client: Client, plan: Application, **fields: str) -> Any:
    db.session.refresh(plan)
    answer = client.post(
        f"/applications/{plan.public_id}/edit/itinerary", data={**fields, "version": str(plan.version)}
    )
    db.session.refresh(plan)
    return answer


def test_adding_to_a_day_saves_and_offers_a_row_of_that_day(client: Client, plan: Application) -> None:
    row = {"rows-0-day": "1", "rows-0-kind": "visit", "rows-0-title": "x"}
    answer = send(client, plan, starts_on="2025-08-01", ends_on="2025-08-04", do="add-3", **row)
    assert (len(plan.itinerary), answer.location.split("?")[1]) == (1, "blank=1&day=3#last")
    page = client.get(answer.location).get_data(as_text=True)
    day = page.split('data-day="3"')[1].split("</section>")[0]
    assert 'name="rows-1-day"' in day and 'value="3"' in day and 'id="last"' in day
    assert page.count('value="add-') == 4


def test_a_row_offered_for_a_day_counts_once_something_else_was_entered(client: Client, plan: Application) -> None:
    offered = {"rows-0-offered": "3", "rows-0-day": "3", "rows-0-kind": "other"}
    send(client, plan, **offered)
    assert plan.itinerary == []
    for entered in ({"rows-0-title": "x"}, {"rows-0-kind": "visit"}, {"rows-0-day": "2"}, {"rows-0-offered": ""}):
        send(client, plan, **offered | entered)
        assert [item.day for item in plan.itinerary] == [2 if "rows-0-day" in entered else 3]


@pytest.mark.parametrize("day", ["x", "9999", "-1", ""])
def test_an_address_with_an_odd_day_offers_a_plain_row(client: Client, plan: Application, day: str) -> None:
    page = client.get(f"/applications/{plan.public_id}/edit/itinerary?blank=1&day={day}").get_data(as_text=True)
    assert 'name="rows-0-title"' in page and "day-open" in page
