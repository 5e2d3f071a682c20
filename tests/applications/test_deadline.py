"""The deadline to the second, the same for everybody: whatever clock they look at, before and after an extension."""

import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from app.applications import submission
from app.applications.models import Application, ApplicationState
from app.calls import extension
from app.core import clock
from app.core.authz import Role
from app.core.db import db
from app.core.errors import GuardsFailed
from app.core.outbox import OutboxMessage
from tests.conftest import Client
from tests.factories.accounts import actor_of, make_actor, make_user, sign_in
from tests.factories.applications import make_application
from tests.factories.calls import make_call, make_extension
from tests.factories.directory import make_host

S = ApplicationState
CLOSES = datetime(2025, 4, 21, 17, 0, 0, tzinfo=clock.TOKYO)
ONE_SECOND = timedelta(seconds=1)
# The same instant as three people read it off their clocks, in summer time where there is one.
SEEN = {
    "Asia/Tokyo": datetime(2025, 4, 21, 17, 0, 0, tzinfo=ZoneInfo("Asia/Tokyo")),
    "UTC": datetime(2025, 4, 21, 8, 0, 0, tzinfo=UTC),
    "America/New_York": datetime(2025, 4, 21, 4, 0, 0, tzinfo=ZoneInfo("America/New_York")),
}


@pytest.fixture(params=list(SEEN))
def zone(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The process itself lives in that time zone."""
    monkeypatch.setenv("TZ", request.param)
    time.tzset()
    yield request.param
    monkeypatch.undo()
    time.tzset()


@pytest.fixture
def plan(app: Flask) -> Application:
    return make_application(call=make_call(opens_at=CLOSES - timedelta(days=9), closes_at=CLOSES))


def is_taken(plan: Application, at: datetime) -> bool:
    """Whether a submission at that instant is received; it is taken back afterwards."""
    approver = actor_of(make_user(Role.HOST_APPROVER, plan.host_institution))
    with time_machine.travel(at, tick=False):
        try:
            submission.submit(approver, plan)
        except GuardsFailed:
            return False
    assert plan.submitted_at == at
    return True


def test_last_second_counts(zone: str, plan: Application) -> None:
    assert is_taken(plan, SEEN[zone] - ONE_SECOND)


def test_closing_second_is_too_late(zone: str, plan: Application) -> None:
    assert not is_taken(plan, SEEN[zone])
    assert plan.state is S.DRAFT


def test_last_instant_before_the_closing_counts(plan: Application) -> None:
    assert is_taken(plan, CLOSES - timedelta(microseconds=1))


def extend(plan: Application, minutes: int, at: datetime) -> None:
    """Two people move the closing of the plan's round at an instant."""
    with time_machine.travel(at, tick=False):
        extension.approve(make_actor(Role.DECISION_MAKER), make_extension(plan.call, minutes=minutes))


def test_extension_moves_the_last_second_for_everybody(zone: str, plan: Application) -> None:
    extend(plan, 90, SEEN[zone] - timedelta(hours=3))
    assert not is_taken(plan, SEEN[zone] + timedelta(minutes=90))
    assert is_taken(plan, SEEN[zone] + timedelta(minutes=90) - ONE_SECOND)


def test_extension_after_the_closing_reopens_the_round(zone: str, plan: Application) -> None:
    assert not is_taken(plan, SEEN[zone] + timedelta(minutes=5))
    extend(plan, 90, SEEN[zone] + timedelta(minutes=10))
    assert is_taken(plan, SEEN[zone] + timedelta(minutes=11))


def test_everybody_who_works_on_a_plan_of_the_round_is_told_in_their_language(app: Flask, plan: Application) -> None:
    ours = plan.host_institution
    make_user(Role.HOST_EDITOR, ours, email="editor@example.jp", locale="ja")
    make_user(Role.HOST_APPROVER, ours, email="approver@example.jp", locale="en")
    returned = make_application(S.RETURNED, call=plan.call, host=make_host())
    make_user(Role.HOST_EDITOR, returned.host_institution, email="returned@example.jp")
    done = make_application(S.SUBMITTED, call=plan.call, host=make_host())
    make_user(Role.HOST_EDITOR, done.host_institution, email="done@example.jp")
    other = make_application(call=make_call("2"), host=make_host())
    make_user(Role.HOST_EDITOR, other.host_institution, email="other@example.jp")
    extend(plan, 90, CLOSES - timedelta(hours=1))
    mails = {
        mail.recipient_address: mail
        for mail in db.session.scalars(select(OutboxMessage).where(OutboxMessage.template == "call_extended"))
    }
    assert set(mails) == {"editor@example.jp", "approver@example.jp", "returned@example.jp"}
    assert mails["editor@example.jp"].locale == "ja"
    assert "18:30:00" in mails["approver@example.jp"].body
    assert "The service was interrupted." in mails["approver@example.jp"].body


def test_rule_panel_and_clock_of_the_page_change_at_the_same_second(
    client: Client, zone: str, plan: Application
) -> None:
    approver = make_user(Role.HOST_APPROVER, plan.host_institution, locale="en")
    for at, is_open in ((SEEN[zone] - ONE_SECOND, True), (SEEN[zone], False)):
        with time_machine.travel(at, tick=False):
            sign_in(client, approver)
            page = client.get(f"/applications/{plan.public_id}/submit").get_data(as_text=True)
            told = client.get(f"/api/plans/{plan.public_id}/verdicts").get_json()
        assert ("1 second left" in page) == is_open
        assert ("The round closed on 21 April 2025, 17:00:00 JST." in page) != is_open
        verdict = next(found for found in told["verdicts"] if found["check"] == "round_is_open")
        assert verdict["outcome"] == ("holds" if is_open else "fails")
        assert told["judged_at"] == ("2025-04-21T16:59:59+09:00" if is_open else "2025-04-21T17:00:00+09:00")


@pytest.mark.parametrize("path", ["/edit/overview", "/submit"])
def test_pages_of_a_plan_say_how_much_time_is_left_by_the_servers_clock(
    client: Client, plan: Application, path: str
) -> None:
    approver = make_user(Role.HOST_APPROVER, plan.host_institution, locale="en")
    with time_machine.travel(CLOSES - timedelta(days=2, hours=5), tick=False):
        sign_in(client, approver)
        page = client.get(f"/applications/{plan.public_id}{path}").get_data(as_text=True)
    assert "2 days 5 hours left" in page
    assert "21 April 2025, 16:59:59 JST" in page and "19 April 2025, 12:00:00 JST" in page


def test_pages_of_a_plan_say_that_the_round_was_extended(client: Client, plan: Application) -> None:
    approver = make_user(Role.HOST_APPROVER, plan.host_institution, locale="en")
    extend(plan, 90, CLOSES - timedelta(hours=1))
    with time_machine.travel(CLOSES, tick=False):
        sign_in(client, approver)
        for path in ("", "/edit/overview", "/submit"):
            page = client.get(f"/applications/{plan.public_id}{path}").get_data(as_text=True)
            assert (
                "Extended by 90 minutes until 21 April 2025, 18:30:00 JST, because: The service was interrupted."
                in page
            )
