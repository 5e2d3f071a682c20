"""The calendar others subscribe to: read back as calendar programs read it."""

from datetime import date, datetime, time, timedelta

import pytest
from flask import Flask
from icalendar import Calendar

from app.applications.models import ActivityKind
from app.core import clock
from app.core.authz import Role
from app.core.db import db
from app.core.errors import Forbidden
from app.visits import calendar_feed, schedule_service, service
from app.visits.models import ScheduleItem, Visit, VisitState
from tests.conftest import Client
from tests.factories.accounts import make_actor
from tests.factories.visits import make_visit


def read(visit: Visit) -> dict[str, dict[str, object]]:
    """Events by summary, as a program sees them."""
    calendar = Calendar.from_ical(calendar_feed.build(visit, domain="example.jp"))
    return {
        str(event["SUMMARY"]): {
            "uid": str(event["UID"]),
            "status": str(event["STATUS"]),
            "sequence": int(event["SEQUENCE"]),
            "start": event.decoded("DTSTART"),
            "end": event.decoded("DTEND"),
            "zone": event["DTSTART"].params.get("TZID"),
        }
        for event in calendar.walk("VEVENT")
    }


def test_entries_come_back_with_tokyo_time_and_lasting_names(app: Flask) -> None:
    visit = make_visit(VisitState.CONFIRMED, starts_on=date(2026, 12, 7))
    event = read(visit)["Lecture 1"]
    assert event["zone"] == "Asia/Tokyo"
    assert event["start"] == datetime(2026, 12, 7, 9, 30, tzinfo=clock.TOKYO)
    assert event["end"] == datetime(2026, 12, 7, 11, 0, tzinfo=clock.TOKYO)
    assert event["uid"] == f"{visit.schedule[0].public_id}@example.jp"
    assert event["status"] == "CONFIRMED"


def test_time_zone_is_described_in_the_file(app: Flask) -> None:
    calendar = Calendar.from_ical(calendar_feed.build(make_visit(VisitState.CONFIRMED), domain="example.jp"))
    assert [str(zone["TZID"]) for zone in calendar.walk("VTIMEZONE")] == ["Asia/Tokyo"]


def test_stay_is_one_event_of_days_with_its_end_behind_the_last(app: Flask) -> None:
    visit = make_visit(VisitState.PLANNED, starts_on=date(2026, 12, 7))
    (stay,) = read(visit).values()
    assert (stay["start"], stay["end"], stay["status"]) == (date(2026, 12, 7), date(2026, 12, 14), "TENTATIVE")


def test_entry_without_an_end_lasts_an_hour_and_without_a_beginning_the_day(app: Flask) -> None:
    visit = make_visit(starts_on=date(2026, 12, 7))
    visit.schedule.append(
        ScheduleItem(on=date(2026, 12, 8), kind=ActivityKind.CULTURE, title="Tea", starts_at=time(14))
    )
    visit.schedule.append(ScheduleItem(on=date(2026, 12, 9), kind=ActivityKind.TRAVEL, title="Travel"))
    db.session.flush()
    events = read(visit)
    assert events["Tea"]["end"] - events["Tea"]["start"] == timedelta(hours=1)
    assert events["Travel"]["end"] == date(2026, 12, 10)


def test_change_raises_the_sequence_and_keeps_the_name(app: Flask) -> None:
    visit = make_visit(VisitState.CONFIRMED)
    before = read(visit)["Lecture 1"]
    actor = make_actor(Role.HOST_EDITOR, visit.host_institution)
    schedule_service.change(actor, visit.schedule[0], starts_at=time(10))
    after = read(visit)["Lecture 1"]
    assert after["uid"] == before["uid"] and after["sequence"] == before["sequence"] + 1


def test_cancelled_visit_is_cancelled_in_every_calendar(app: Flask) -> None:
    visit = make_visit(VisitState.CONFIRMED)
    actor = make_actor(Role.HOST_APPROVER, visit.host_institution)
    service.transition(actor, visit, "cancel", comment="the group cannot come")
    assert {event["status"] for event in read(visit).values()} == {"CANCELLED"}


def test_calendar_says_nothing_about_people(app: Flask) -> None:
    visit = make_visit(VisitState.CONFIRMED)
    text = calendar_feed.build(visit, domain="example.jp").decode()
    for part in visit.participations:
        assert part.invitee.surname not in text and part.invitee.given_names not in text
    assert visit.contact_name not in text and visit.schedule[0].leader not in text


def test_feed_is_open_to_who_has_the_address_and_to_nobody_else(client: Client) -> None:
    visit = make_visit(VisitState.CONFIRMED)
    token = service.open_calendar(make_actor(Role.HOST_EDITOR, visit.host_institution), visit)
    assert len(token) >= 43 and token not in str(visit.calendar_token_hash)
    answer = client.get(f"/calendar/{token}.ics")
    assert answer.status_code == 200 and answer.mimetype == "text/calendar"
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert "noindex" in answer.headers["X-Robots-Tag"] and "private" in answer.headers["Cache-Control"]
    assert Calendar.from_ical(answer.data)
    assert client.get(f"/calendar/{token[:-1]}.ics").status_code == 404


def test_new_address_ends_the_old_one(client: Client) -> None:
    visit = make_visit(VisitState.CONFIRMED)
    actor = make_actor(Role.HOST_EDITOR, visit.host_institution)
    old, new = service.open_calendar(actor, visit), service.open_calendar(actor, visit)
    assert client.get(f"/calendar/{old}.ics").status_code == 404
    assert client.get(f"/calendar/{new}.ics").status_code == 200
    service.close_calendar(actor, visit)
    assert client.get(f"/calendar/{new}.ics").status_code == 404


def test_only_the_host_makes_an_address(app: Flask) -> None:
    with pytest.raises(Forbidden):
        service.open_calendar(make_actor(Role.COORDINATOR), make_visit())
