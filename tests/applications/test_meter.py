"""The meter of an itinerary: limits as the rules' data say, at their boundaries; its drawing and its table twin."""

from datetime import date, timedelta

import pytest
from flask import Flask
from flask_babel import force_locale

from app.applications import meter, meter_drawing, panel
from app.applications.meter import Meter
from app.applications.models import ActivityKind, Application, ItineraryItem
from app.calls.check import Limit
from app.calls.facts import ActivityFacts, PlanFacts
from app.core.db import db
from tests.conftest import Client
from tests.factories.accounts import make_user, sign_in
from tests.factories.applications import make_application
from tests.factories.calls import make_call, make_course

ENTRY = date(2025, 8, 1)
COURSE_A: dict[str, Limit] = {
    "stay_length": {"max_days": 7, "extra_days": 1, "far_km": 80},
    "special_days": {"min_percent": 50, "kinds": ["special_lecture", "special_program"]},
    "peer_exchange": {"min_items": 1},
    "days_are_planned": {},
}


def metered(stay: int, *items: tuple[int, str], km: int | None = 60, limits: dict[str, Limit] = COURSE_A) -> Meter:
    facts = PlanFacts(
        starts_on=ENTRY,
        ends_on=ENTRY + timedelta(days=stay - 1),
        airport_distance_km=km,
        itinerary=tuple(ActivityFacts(day, kind) for day, kind in items),
    )
    found = meter.of(facts, limits)
    assert found is not None
    return found


def lacking(found: Meter) -> list[str]:
    with force_locale("en"):
        return meter.missing(found)


@pytest.fixture(autouse=True)
def context(app: Flask) -> None:
    """Sentences need the application's catalogues."""


@pytest.mark.parametrize(
    ("stay", "special", "needed", "percent", "more"),
    [
        (6, 2, 2, 50, 0),  # exactly half of four
        (6, 1, 2, 25, 1),
        (7, 2, 3, 40, 1),  # an odd number of days is rounded up: 3 of 5
        (7, 3, 3, 60, 0),
        (3, 0, 1, 0, 1),
        (3, 1, 1, 100, 0),
        (2, 0, 0, None, 0),  # nothing but arrival and departure
        (1, 0, 0, None, 0),
    ],
)
def test_share_of_special_days(stay: int, special: int, needed: int, percent: int | None, more: int) -> None:
    found = metered(stay, *((2 + number, "special_lecture") for number in range(special)))
    assert (found.effective, found.special, found.needed, found.percent) == (max(stay - 2, 0), special, needed, percent)
    words = [text for text in lacking(found) if "special lecture" in text]
    assert words == ([f"{more} more day with a special lecture or programme"] if more else [])


def test_special_items_of_one_day_of_arrival_and_of_departure_count_as_the_rule_says() -> None:
    found = metered(5, (1, "special_lecture"), (2, "special_lecture"), (2, "special_program"), (5, "special_program"))
    assert (found.special, found.needed) == (1, 2)
    assert [day.look for day in found.days] == ["travel", "special", "empty", "empty", "travel"]
    assert found.days[0].marks == ()


@pytest.mark.parametrize(
    ("stay", "km", "allowed", "extra", "excess", "says"),
    [
        (7, 79, 7, 0, 0, ""),
        (8, 79, 7, 0, 1, "1 day too many"),
        (8, 80, 8, 1, 0, ""),
        (9, 80, 8, 1, 1, "1 day too many"),
        (8, None, 7, 0, 1, "The way from the airport: so many days are possible from 80 km on"),
        (9, None, 7, 0, 2, "2 days too many"),
    ],
)
def test_limit_of_days_with_a_long_way(
    stay: int, km: int | None, allowed: int, extra: int, excess: int, says: str
) -> None:
    found = metered(stay, km=km)
    assert (found.length, found.allowed, found.extra, found.excess) == (stay, allowed, extra, excess)
    assert [text for text in lacking(found) if "too many" in text or "airport" in text] == ([says] if says else [])


def test_course_without_such_rules_has_no_limits() -> None:
    found = metered(40, (2, "special_lecture"), limits={})
    assert (found.allowed, found.needed, found.peers_needed, found.excess) == (None, None, None, 0)
    assert (found.special, lacking(found)) == (1, [])


def test_days_hold_several_things_and_peers_count_on_any_day() -> None:
    found = metered(4, (1, "peer_exchange"), (2, "culture"), (2, "special_program"), (3, "visit"), (9, "culture"))
    assert [day.marks for day in found.days] == [("peers",), ("special", "culture"), ("other",), ()]
    assert (found.peers, found.culture, found.unplanned) == (1, 1, 1)
    assert lacking(found) == ["An entry for 1 day that has none yet"]


def test_stay_without_days_or_out_of_order_has_no_meter() -> None:
    assert meter.of(PlanFacts(starts_on=ENTRY), COURSE_A) is None
    assert meter.of(PlanFacts(starts_on=ENTRY, ends_on=ENTRY - timedelta(days=1)), COURSE_A) is None
    assert meter_drawing.drawn(None) is None


def test_bar_has_a_cell_per_day_a_line_at_the_limit_and_a_table_twin() -> None:
    with force_locale("en"):
        shown = meter_drawing.drawn(metered(5, (2, "special_lecture"), (3, "peer_exchange")))
    assert shown is not None
    bar = str(shown.bar.drawing)
    assert bar.count("app-meter__number") == 5
    assert bar.count("app-meter__cell--free") == 2  # up to the limit of seven days
    assert bar.count("app-meter__limit") == 1 and "style=" not in bar
    assert shown.bar.rows[1] == ("2", "2 August 2025", "Special lecture or programme")
    assert shown.bar.rows[4] == ("5", "5 August 2025", "Arrival or departure")
    assert "Other" not in [words for _sample, words in shown.legend]


def test_days_beyond_the_limit_are_marked_and_endless_stays_are_cut() -> None:
    long = {"stay_length": {"max_days": 7}}
    assert str(meter_drawing.figure(metered(9, limits=long)).drawing).count("app-meter__cell--beyond") == 2
    assert str(meter_drawing.figure(metered(3000, limits=long)).drawing).count("app-meter__number") == 42


@pytest.mark.parametrize("code", ["A", "B", "C", "D"])
def test_meter_and_rules_say_the_same(code: str) -> None:
    """Of every course, stays of any length: the figures of the meter are those of the verdicts."""
    course = make_course(code)
    call = make_call(courses=[course])
    plan = make_application(call=call, course=course)
    limits = {rule.check_name for rule in course.rules}
    for stay in (1, 2, 3, 6, 7, 8, 9, 22):
        plan.ends_on = plan.starts_on + timedelta(days=stay - 1) if plan.starts_on else None
        found = panel.meter_of(plan)
        assert found is not None
        assert (found.allowed is None) == ("stay_length" not in limits)
        assert (found.needed is None) == ("special_days" not in limits)
        for verdict in panel.facts.judge(plan):
            if verdict.check_name == "special_days":
                assert (verdict.measured, verdict.limit) == (found.special, found.needed)
            if verdict.check_name == "stay_length":
                assert (verdict.holds, verdict.limit) == (found.excess == 0, found.allowed)


def test_submitted_plan_keeps_the_limits_of_its_submission() -> None:
    plan = make_application("submitted")
    rule = next(rule for rule in plan.course.rules if rule.check_name == "stay_length")
    rule.limit = {"max_days": 5}
    now, then = panel.meter_of(plan), panel.frozen_meter(plan)
    assert now is not None and then is not None
    assert (now.allowed, then.allowed, then.needed, then.peers_needed) == (5, 7, 3, 1)


@pytest.mark.parametrize("place", ["", "/edit/itinerary"])
def test_meter_stands_on_the_page(client: Client, place: str) -> None:
    plan: Application = make_application()
    plan.itinerary.append(ItineraryItem(day=3, kind=ActivityKind.CULTURE, title="Tea", position=9))
    db.session.flush()
    sign_in(client, make_user("host_editor", plan.host_institution))
    page = client.get(f"/applications/{plan.public_id}{place}").get_data(as_text=True)
    assert page.count('class="app-meter"') == 1
    assert "7 of at most 7 days" in page and "3 of 3 needed" in page
    assert "(60 per cent of the effective days)" in page
    elsewhere = client.get(f"/applications/{plan.public_id}/edit/people").get_data(as_text=True)
    assert 'class="app-meter"' not in elsewhere
