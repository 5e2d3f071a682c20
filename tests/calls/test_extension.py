"""Closing a round later: two people, for everybody, with a reason; and the outages it is measured by."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask
from flask_babel import force_locale
from sqlalchemy import func, select

from app.calls import agenda, extension
from app.calls.models import Call, CallExtension, ExtensionState
from app.core import clock, heartbeat
from app.core.audit import AuditEvent
from app.core.authz import Role
from app.core.db import db
from app.core.errors import Forbidden, Refused, TransitionNotAllowed
from app.core.outbox import OutboxMessage
from tests.conftest import Client
from tests.factories.accounts import actor_of, grant_role, make_actor, make_user, sign_in
from tests.factories.calls import make_call, make_extension

ENGLISH = {"Accept-Language": "en"}
CLOSES = datetime(2025, 4, 21, 17, 0, 0, tzinfo=clock.TOKYO)
E = ExtensionState
REASONS = {"reason_ja": "ja", "reason_en": "The service was interrupted."}


@pytest.fixture
def call(app: Flask) -> Call:
    return make_call(opens_at=CLOSES - timedelta(days=9), closes_at=CLOSES)


@pytest.fixture(autouse=True)
def in_english(app: Flask) -> Iterator[None]:
    """Refusals read as the assertions expect them."""
    with force_locale("en"):
        yield


@pytest.fixture
def at() -> Any:
    """Have it be an instant, counted from the closing."""
    return lambda **span: time_machine.travel(CLOSES + timedelta(**span), tick=False)


def test_second_person_moves_the_closing_and_both_leave_an_entry(call: Call, at: Callable[..., Any]) -> None:
    proposer, approver = make_actor(Role.COORDINATOR), make_actor(Role.DECISION_MAKER)
    with at(hours=-2):
        made = extension.propose(proposer, call, minutes=45, **REASONS)
        assert call.closes_at == CLOSES
        extension.approve(approver, made)
    assert call.closes_at == CLOSES + timedelta(minutes=45)
    assert (made.state, made.closes_before, made.closes_after) == (E.APPROVED, CLOSES, call.closes_at)
    entries = db.session.execute(
        select(AuditEvent.verb, AuditEvent.actor_id).where(AuditEvent.subject_type == "call").order_by(AuditEvent.id)
    ).all()
    assert [tuple(entry) for entry in entries] == [
        ("call:propose-extension", proposer.id),
        ("call:extend", approver.id),
    ]


def test_nobody_approves_or_rejects_the_own_proposal_whatever_the_hats(call: Call, at: Callable[..., Any]) -> None:
    user = make_user(Role.COORDINATOR)
    grant_role(user, Role.DECISION_MAKER)
    db.session.refresh(user)
    actor = actor_of(user)
    with at(hours=-2):
        made = extension.propose(actor, call, minutes=45, **REASONS)
        with pytest.raises(Refused, match="second person"):
            extension.approve(actor, made)
        with pytest.raises(Refused, match="second person"):
            extension.reject(actor, made, "no")
    assert (call.closes_at, made.state) == (CLOSES, E.PROPOSED)


def test_own_proposal_is_refused_on_the_page_with_a_sentence(
    client: Client, call: Call, at: Callable[..., Any]
) -> None:
    user = make_user(Role.COORDINATOR)
    made = make_extension(call, proposed_by=user)
    with at(hours=-2):
        sign_in(client, user)
        answer = client.post(f"/calls/extensions/{made.public_id}/approve", data={"key": "k"})
    assert answer.status_code == 422
    assert "A second person must decide on it." in answer.get_data(as_text=True)
    assert db.session.get_one(Call, call.id).closes_at == CLOSES


@pytest.mark.parametrize("role", [Role.HOST_APPROVER, Role.DECISION_MAKER, Role.ADMINISTRATOR])
def test_only_coordinators_propose(call: Call, at: Callable[..., Any], role: Role) -> None:
    with at(hours=-2), pytest.raises(Forbidden):
        extension.propose(make_actor(role), call, minutes=45, **REASONS)


@pytest.mark.parametrize(
    ("span", "minutes", "field"),
    [
        ({"days": -10}, 45, ""),  # not open yet
        ({"hours": 24}, 60 * 48, ""),  # closed a day ago
        ({"hours": -1}, 0, "minutes"),
        ({"hours": -1}, 60 * 24 * 7 + 1, "minutes"),
        ({"hours": 3}, 60, "minutes"),  # would be over already
    ],
)
def test_what_cannot_be_proposed(
    call: Call, at: Callable[..., Any], span: dict[str, int], minutes: int, field: str
) -> None:
    actor = make_actor(Role.COORDINATOR)
    with at(**span), pytest.raises(Refused) as refusal:
        extension.propose(actor, call, minutes=minutes, **REASONS)
    assert list(refusal.value.fields) == [field]


def test_notice_of_results_stays_after_the_closing(call: Call, at: Callable[..., Any]) -> None:
    call.notice_on = CLOSES.date()
    with at(hours=-1), pytest.raises(Refused):
        extension.propose(make_actor(Role.COORDINATOR), call, minutes=7 * 60, **REASONS)


def test_round_closed_within_a_day_is_reopened(call: Call, at: Callable[..., Any]) -> None:
    with at(hours=23, minutes=59):
        assert not call.is_open()
        extension.approve(make_actor(Role.COORDINATOR), make_extension(call, minutes=60 * 26))
        assert call.is_open()


def test_proposal_expires_a_day_after_the_closing(call: Call, at: Callable[..., Any]) -> None:
    made, approver = make_extension(call, minutes=60 * 48), make_actor(Role.DECISION_MAKER)
    with at(hours=24):
        assert extension.has_expired(made, clock.now())
        with pytest.raises(TransitionNotAllowed):
            extension.approve(approver, made)
    assert call.closes_at == CLOSES


def test_one_proposal_of_a_round_at_a_time(call: Call, at: Callable[..., Any]) -> None:
    make_extension(call)
    with at(hours=-1), pytest.raises(Refused, match="waits for a decision"):
        extension.propose(make_actor(Role.COORDINATOR), call, minutes=45, **REASONS)


def test_rejected_and_withdrawn_proposals_move_nothing(call: Call, at: Callable[..., Any]) -> None:
    proposer = make_user(Role.COORDINATOR)
    with at(hours=-1):
        first = make_extension(call)
        extension.reject(make_actor(Role.COORDINATOR), first, "Nobody was hindered.")
        second = make_extension(call, proposed_by=proposer)
        with pytest.raises(Refused, match="Only the person who proposed"):
            extension.withdraw(make_actor(Role.COORDINATOR), second)
        extension.withdraw(actor_of(proposer), second)
        for decided in (first, second):
            with pytest.raises(TransitionNotAllowed):
                extension.approve(make_actor(Role.DECISION_MAKER), decided)
    assert (first.state, second.state, call.closes_at) == (E.REJECTED, E.WITHDRAWN, CLOSES)


def test_proposal_and_approval_by_the_pages_tell_everybody(client: Client, call: Call, at: Callable[..., Any]) -> None:
    coordinator, decider = make_user(Role.COORDINATOR), make_user(Role.DECISION_MAKER)
    with at(hours=-1):
        sign_in(client, coordinator)
        path, sent = f"/calls/{call.public_id}/extension", {"key": "once", "minutes": "30", **REASONS}
        assert client.get(path).status_code == 200
        assert client.post(path, data={**sent, "reason_ja": ""}).status_code == 422
        assert client.post(path, data=sent).status_code == client.post(path, data=sent).status_code == 302
        made = db.session.scalars(select(CallExtension)).one()
        asked = db.session.scalars(select(OutboxMessage.recipient_id)).all()
        assert asked == [decider.id]
        sign_in(client, decider)
        assert "Approve" in client.get(f"/calls/{call.public_id}").get_data(as_text=True)
        answer = client.post(f"/calls/extensions/{made.public_id}/approve", data={"key": "a"})
        assert answer.location == f"/calls/{call.public_id}"
        client.delete_cookie("sid")
        page = client.get("/calls/public", headers=ENGLISH).get_data(as_text=True)
    assert "Extended by 30 minutes until 21 April 2025, 17:30:00 JST, because: The service was interrupted." in page


def test_proposal_waits_on_the_home_page_of_others_only(call: Call, at: Callable[..., Any]) -> None:
    proposer = make_user(Role.COORDINATOR)
    make_extension(call, proposed_by=proposer)
    decider, editor = make_actor(Role.DECISION_MAKER), make_actor(Role.HOST_EDITOR)
    with at(hours=-1):
        assert [task.values for task in agenda.tasks(decider)] == [{"call_id": call.public_id}]
        assert agenda.tasks(actor_of(proposer)) == agenda.tasks(editor) == []
    with at(hours=24):
        assert agenda.tasks(decider) == []


def test_beats_leave_one_row_and_no_outage(app: Flask) -> None:
    for minute in range(4):
        assert heartbeat.note(CLOSES + timedelta(minutes=2 * minute)) is None
    assert db.session.scalar(select(func.count()).select_from(heartbeat.Heartbeat)) == 1
    assert heartbeat.outages() == []


def test_gap_between_beats_is_an_outage(app: Flask) -> None:
    heartbeat.note(CLOSES)
    found = heartbeat.note(CLOSES + timedelta(minutes=40, seconds=1))
    assert found is not None
    assert (found.from_at, found.until_at, found.minutes) == (CLOSES, CLOSES + timedelta(minutes=40, seconds=1), 41)
    assert heartbeat.note(CLOSES + timedelta(minutes=41)) is None
    assert heartbeat.note(CLOSES) is None  # a clock set back makes no outage
    assert heartbeat.last_beat() == CLOSES + timedelta(minutes=41)


def test_bell_beats_in_a_transaction_of_its_own(app: Flask) -> None:
    heartbeat.beat()
    db.session.rollback()
    assert heartbeat.last_beat() is not None


def outage(start: datetime, minutes: int) -> None:
    until = start + timedelta(minutes=minutes)
    db.session.add(heartbeat.Outage(from_at=start, until_at=until, minutes=minutes))
    db.session.flush()


def test_minutes_are_suggested_from_outages_of_the_rounds_last_day(client: Client, call: Call, at: Any) -> None:
    outage(CLOSES - timedelta(hours=30), 60)  # before the last day
    outage(CLOSES - timedelta(hours=24, minutes=10), 25)  # 15 minutes of it inside
    outage(CLOSES - timedelta(minutes=20), 40)  # 20 minutes of it before the closing
    assert extension.suggested_minutes(call, CLOSES + timedelta(hours=1)) == 35
    with at(hours=1):
        sign_in(client, make_user(Role.COORDINATOR))
        page = client.get(f"/calls/{call.public_id}/extension").get_data(as_text=True)
    assert 'value="35"' in page


def test_page_lists_outages_with_the_rounds_open_then(client: Client, call: Call) -> None:
    outage(CLOSES - timedelta(minutes=20), 40)
    outage(CLOSES + timedelta(hours=1), 5)
    sign_in(client, make_user(Role.ADMINISTRATOR))
    page = client.get("/calls/outages").get_data(as_text=True)
    assert page.index("18:00:00") < page.index("16:40:00")
    assert page.count(f"/calls/{call.public_id}") == 1
