"""Sessions: known by a hash, outlived on time, ended at once; one query a request."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from app.accounts import people, sessions
from app.accounts.models import UserSession, UserState
from app.accounts.roles import JST_ROLES
from app.core import clock
from app.core.authz import Role
from app.core.db import db
from app.core.errors import NotFound
from tests.conftest import Client, watching
from tests.factories.accounts import actor_of, grant_role, make_actor, make_user, sign_in
from tests.factories.directory import make_host

START = datetime(2026, 5, 11, 1, 0, tzinfo=UTC)


def test_database_keeps_only_the_hash_of_a_token(app: Flask) -> None:
    token = sessions.open_session(make_user(Role.COORDINATOR), "browser")
    kept = db.session.scalars(select(UserSession.token_hash)).one()
    assert token not in kept and kept == sessions.hash_of(token)
    assert len(token) >= 43  # 256 bits


def test_session_is_identified_in_one_query_with_all_hats(app: Flask) -> None:
    user = make_user(Role.HOST_EDITOR)
    grant_role(user, Role.ALUMNUS)
    token = sessions.open_session(user, "browser")
    with watching() as watch:
        found = sessions.identify(token)
    assert watch.queries == 1
    assert found is not None
    assert {grant.role for grant in found[0].grants} == {Role.HOST_EDITOR, Role.ALUMNUS}


def test_unknown_token_is_nobody(app: Flask) -> None:
    assert sessions.identify("no such token") is None


def test_expired_hat_does_not_count(app: Flask) -> None:
    user = make_user()
    grant_role(user, Role.AUDITOR, expires_on=clock.today() - timedelta(days=1))
    grant_role(user, Role.REVIEWER, expires_on=clock.today())
    found = sessions.identify(sessions.open_session(user, ""))
    assert found is not None
    assert [grant.role for grant in found[0].grants] == [Role.REVIEWER]


@pytest.mark.parametrize("role", list(Role))
def test_session_without_activity_ends_after_30_minutes_for_jst_and_60_for_others(app: Flask, role: Role) -> None:
    if role is Role.SYSTEM:
        return
    minutes = 30 if role in JST_ROLES else 60
    with time_machine.travel(START, tick=False) as clocks:
        token = sessions.open_session(make_user(role), "")
        clocks.shift(timedelta(minutes=minutes, seconds=-1))
        assert sessions.identify(token) is not None
        clocks.shift(timedelta(seconds=1))
        assert sessions.identify(token) is None
        assert sessions.identify(token, lenient=True) is not None


@pytest.mark.parametrize("lenient", [False, True])
def test_session_ends_after_twelve_hours_however_busy(app: Flask, lenient: bool) -> None:
    with time_machine.travel(START, tick=False) as clocks:
        token = sessions.open_session(make_user(Role.HOST_EDITOR), "")
        clocks.shift(timedelta(hours=12, seconds=-1))
        row = db.session.scalars(select(UserSession)).one()
        row.last_seen_at = clock.now()
        db.session.flush()
        assert sessions.identify(token, lenient=lenient) is not None
        clocks.shift(timedelta(seconds=1))
        assert sessions.identify(token, lenient=lenient) is None


def test_sixth_session_ends_the_oldest(app: Flask) -> None:
    user = make_user(Role.HOST_EDITOR)
    tokens = [sessions.open_session(user, f"browser {number}") for number in range(6)]
    alive = [sessions.identify(token) is not None for token in tokens]
    assert alive == [False, True, True, True, True, True]


def test_session_opened_by_link_wears_the_alumnus_hat_only(app: Flask) -> None:
    user = make_user(Role.COORDINATOR)
    grant_role(user, Role.ALUMNUS)
    found = sessions.identify(sessions.open_session(user, "", by_link=True))
    assert found is not None
    assert [grant.role for grant in found[0].grants] == [Role.ALUMNUS]


def test_disabled_person_is_out_on_the_very_next_request(client: Client) -> None:
    host = make_host()
    user = make_user(Role.HOST_EDITOR, host)
    sign_in(client, user)
    assert client.get("/account").status_code == 200
    people.disable(make_actor(Role.HOST_APPROVER, host), user)
    assert client.get("/account").status_code == 302


def test_disabled_state_alone_shuts_every_session(client: Client) -> None:
    user = make_user(Role.HOST_EDITOR)
    sign_in(client, user)
    user.state = UserState.DISABLED
    assert client.get("/account").status_code == 302


def test_change_of_role_counts_on_the_very_next_request(client: Client) -> None:
    host = make_host()
    user = make_user(Role.HOST_EDITOR, host)
    approver = make_actor(Role.HOST_APPROVER, host)
    sign_in(client, user)
    assert client.get("/people").status_code == 403
    people.give_role(approver, user, role=Role.HOST_APPROVER, institution=host)
    assert client.get("/people").status_code == 200
    people.take_role(approver, user, role=Role.HOST_APPROVER, institution=host)
    assert client.get("/people").status_code == 403


def test_token_of_a_cookie_we_did_not_sign_is_nobody(client: Client) -> None:
    client.set_cookie("sid", "eyJ0b2tlbiI6InNvbWV0aGluZyJ9.aaaaaa.bbbbbbbbbbbbbbbbbbbbbbbbbbb", domain="localhost")
    assert client.get("/account").status_code == 302


def test_own_session_can_be_ended_and_that_of_others_does_not_exist(app: Flask) -> None:
    mine, other = make_user(Role.HOST_EDITOR), make_user(Role.HOST_EDITOR)
    token, foreign = sessions.open_session(mine, ""), sessions.open_session(other, "")
    row = db.session.scalars(select(UserSession).where(UserSession.user_id == mine.id)).one()
    foreign_row = db.session.scalars(select(UserSession).where(UserSession.user_id == other.id)).one()
    with pytest.raises(NotFound):
        sessions.end_own(actor_of(mine), foreign_row.public_id)
    sessions.end_own(actor_of(mine), row.public_id)
    assert sessions.identify(token) is None
    assert sessions.identify(foreign) is not None


def last_seen() -> datetime:
    with db.new_session() as fresh:
        return fresh.scalars(select(UserSession.last_seen_at)).one()


def test_use_is_noted_every_five_minutes_outside_the_requests_transaction(house: Flask) -> None:
    browser = house.test_client()
    with time_machine.travel(START, tick=False) as clocks:
        user = make_user(Role.HOST_EDITOR)
        sign_in(browser, user)
        clocks.shift(timedelta(minutes=4, seconds=59))
        assert browser.get("/account").status_code == 200
        assert last_seen() == START
        clocks.shift(timedelta(seconds=1))
        assert browser.get("/account").status_code == 200
        assert last_seen() == START + timedelta(minutes=5)
        clocks.shift(timedelta(minutes=6))
        assert browser.post("/language", data={"language": "ja"}).status_code == 302
        assert last_seen() == START + timedelta(minutes=11)


def test_ordinary_page_writes_nothing(client: Client) -> None:
    sign_in(client, make_user(Role.HOST_EDITOR))
    client.get("/account")
    assert client.last.writes == []
