"""The schedule of stay, written day by day."""

from datetime import time, timedelta

import pytest
from flask import Flask

from app.applications.models import ActivityKind
from app.core import audit
from app.core.authz import Actor, Role
from app.core.db import db
from app.core.errors import Refused, Stale, TransitionNotAllowed
from app.visits import itinerary, schedule_service
from app.visits.models import ScheduleItem, Visit, VisitState
from tests.factories.accounts import make_actor
from tests.factories.visits import make_visit

LECTURE = ActivityKind.SPECIAL_LECTURE


@pytest.fixture
def visit(app: Flask) -> Visit:
    return make_visit()


@pytest.fixture
def editor(visit: Visit) -> Actor:
    return make_actor(Role.HOST_EDITOR, visit.host_institution)


def add(actor: Actor, visit: Visit, number: int, title: str, at: time | None = None) -> ScheduleItem:
    on = visit.starts_on + timedelta(days=number - 1)
    return schedule_service.add(actor, visit, on=on, kind=LECTURE, title=title, starts_at=at)


def titles(visit: Visit, number: int) -> list[str]:
    db.session.refresh(visit)
    return [item.title for item in itinerary.days_of(visit)[number - 1].items]


def test_every_day_of_the_stay_is_there_also_the_empty_ones(visit: Visit) -> None:
    days = itinerary.days_of(visit)
    assert [day.number for day in days] == [1, 2, 3, 4, 5, 6, 7]
    assert itinerary.empty_days(visit) == [day.on for day in days]


def test_entries_of_a_day_stand_by_time_those_of_the_whole_day_first(visit: Visit, editor: Actor) -> None:
    add(editor, visit, 2, "late", time(15))
    add(editor, visit, 2, "whole day")
    add(editor, visit, 2, "early", time(9))
    assert titles(visit, 2) == ["whole day", "early", "late"]


def test_entries_of_the_same_time_change_places(visit: Visit, editor: Actor) -> None:
    add(editor, visit, 1, "first")
    second = add(editor, visit, 1, "second")
    schedule_service.shift(editor, second, earlier=True)
    assert titles(visit, 1) == ["second", "first"]
    schedule_service.shift(editor, second, earlier=True)
    assert titles(visit, 1) == ["second", "first"]


def test_change_of_the_day_moves_an_entry(visit: Visit, editor: Actor) -> None:
    item = add(editor, visit, 1, "walk")
    schedule_service.change(editor, item, version=item.version, on=visit.ends_on, venue="Arashiyama")
    assert titles(visit, 1) == [] and titles(visit, 7) == ["walk"]
    assert audit.timeline(visit)[0].verb == "schedule:change"


def test_change_from_an_outdated_page_is_refused(visit: Visit, editor: Actor) -> None:
    item = add(editor, visit, 1, "walk")
    with pytest.raises(Stale):
        schedule_service.change(editor, item, version=item.version - 1, title="run")


def test_day_is_copied_with_all_its_entries(visit: Visit, editor: Actor) -> None:
    add(editor, visit, 2, "one", time(9))
    add(editor, visit, 2, "two", time(13))
    source, target = (visit.starts_on + timedelta(days=number) for number in (1, 3))
    assert schedule_service.repeat_day(editor, visit, source=source, target=target) == 2
    assert titles(visit, 2) == titles(visit, 4) == ["one", "two"]


def test_day_is_moved_with_all_its_entries(visit: Visit, editor: Actor) -> None:
    add(editor, visit, 2, "one")
    source, target = (visit.starts_on + timedelta(days=number) for number in (1, 3))
    schedule_service.repeat_day(editor, visit, source=source, target=target, move=True)
    assert titles(visit, 2) == [] and titles(visit, 4) == ["one"]


def test_every_change_raises_the_number_calendars_look_at(visit: Visit, editor: Actor) -> None:
    item = add(editor, visit, 1, "walk")
    schedule_service.change(editor, item, title="run")
    schedule_service.change(editor, item, title="run")  # nothing changed
    schedule_service.remove(editor, item)
    assert visit.calendar_sequence == 3


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"offset": -1}, "on"),
        ({"offset": 7}, "on"),
        ({"ends_at": time(10)}, "starts_at"),
        ({"starts_at": time(10), "ends_at": time(10)}, "ends_at"),
    ],
)
def test_entry_that_cannot_be_is_refused_beside_its_field(
    visit: Visit, editor: Actor, fields: dict[str, object], field: str
) -> None:
    on = visit.starts_on + timedelta(days=int(str(fields.pop("offset", 0))))
    with pytest.raises(Refused) as refused:
        schedule_service.add(editor, visit, on=on, kind=LECTURE, **fields)  # type: ignore[arg-type]
    assert list(refused.value.fields) == [field]


def test_visit_without_dates_has_no_days_to_fill(app: Flask) -> None:
    visit = make_visit(starts_on=None)
    with pytest.raises(Refused):
        schedule_service.add(
            make_actor(Role.HOST_EDITOR, visit.host_institution), visit, on=visit.created_at.date(), kind=LECTURE
        )


def test_schedule_of_a_cancelled_visit_stays_as_it_is(app: Flask) -> None:
    visit = make_visit(VisitState.CANCELLED)
    with pytest.raises(TransitionNotAllowed):
        add(make_actor(Role.HOST_EDITOR, visit.host_institution), visit, 1, "late")
