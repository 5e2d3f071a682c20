"""Links by mail: for each door its own, once, for a while, in the browser that asked (contract 5.2)."""

import re
import threading
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from app.accounts import links, passwords, sessions, sweeping
from app.accounts.models import LinkPurpose, MailLink, User, UserSession, UserState
from app.core import clock
from app.core.authz import Role
from app.core.db import db
from app.core.outbox import OutboxMessage
from app.core.transaction import unit_of_work
from tests.conftest import Client
from tests.factories.accounts import grant_role, make_user, sign_in

PASSWORD = "brass otter climbs a ladder"
START = datetime(2026, 5, 11, 1, 0, tzinfo=UTC)


def alumnus(**fields: object) -> User:
    return make_user(Role.ALUMNUS, **fields)


def path_in_last_mail() -> str:
    body = db.session.scalars(select(OutboxMessage.body).order_by(OutboxMessage.id.desc())).first()
    found = re.search(r"https?://[^/]+(/link/\S+)", str(body))
    assert found is not None
    return found[1]


def ask(client: Client, email: str) -> object:
    return client.post("/sign-in/ask-link", data={"email": email})


def test_link_signs_an_alumnus_in_after_a_button(client: Client) -> None:
    user = alumnus()
    ask(client, user.email)
    path = path_in_last_mail()
    first = client.get(path)
    assert first.location == "/sign-in/link", "the token leaves the address at once"
    page = client.get("/sign-in/link")
    assert page.status_code == 200
    assert client.get("/account").status_code == 302, "looking at the page signs nobody in: mail scanners look too"
    assert client.post("/sign-in/link").location == "/"
    assert client.get("/account").status_code == 200


def test_link_pages_tell_nobody_where_they_were(client: Client) -> None:
    ask(client, alumnus().email)
    for path in (path_in_last_mail(), "/sign-in/link"):
        answer = client.get(path)
        assert answer.headers["Referrer-Policy"] == "no-referrer"
        assert answer.headers["Cache-Control"] == "no-store, private"


def test_database_keeps_only_the_hash_of_a_link(client: Client) -> None:
    ask(client, alumnus().email)
    token = path_in_last_mail().rpartition("/")[2]
    link = db.session.scalars(select(MailLink)).one()
    assert link.token_hash == links.hash_of(LinkPurpose.SIGN_IN, token) != sessions.hash_of(token)
    message = db.session.scalars(select(OutboxMessage)).one()
    assert message.confidential


def test_link_opens_once(client: Client) -> None:
    ask(client, alumnus().email)
    path = path_in_last_mail()
    client.get(path)
    assert client.post("/sign-in/link").status_code == 302
    client.post("/sign-out")
    assert client.get(path).status_code == 410
    assert client.post("/sign-in/link").status_code == 410


@pytest.mark.parametrize(("seconds", "status"), [(-1, 302), (0, 410)])
def test_link_opens_for_ten_minutes(client: Client, seconds: int, status: int) -> None:
    with time_machine.travel(START, tick=False) as clocks:
        ask(client, alumnus().email)
        client.get(path_in_last_mail())
        clocks.shift(timedelta(minutes=10, seconds=seconds))
        assert client.post("/sign-in/link").status_code == status


def test_link_opens_only_in_the_browser_that_asked_and_stays_good_there(client: Client) -> None:
    ask(client, alumnus().email)
    path = path_in_last_mail()
    other = client.application.test_client()
    other.get(path)
    answer = other.post("/sign-in/link")
    assert answer.status_code == 403
    assert "/sign-in/ask-link" in answer.text, "the way on is on the page"
    client.get(path)
    assert client.post("/sign-in/link").status_code == 302


@pytest.mark.parametrize("case", ["unknown", "no alumnus", "disabled", "hat expired"])
def test_answer_is_the_same_for_addresses_that_get_no_link(client: Client, case: str) -> None:
    user = {
        "unknown": lambda: None,
        "no alumnus": lambda: make_user(Role.HOST_EDITOR),
        "disabled": lambda: alumnus(state=UserState.DISABLED),
        "hat expired": lambda: grant_role(make_user(), Role.ALUMNUS, expires_on=clock.today() - timedelta(days=1)).user,
    }[case]()
    answer = ask(client, user.email if user else "nobody@example.com")
    reference = ask(client, alumnus().email)
    assert (answer.status_code, answer.location) == (reference.status_code, reference.location)
    assert answer.text == reference.text
    assert db.session.query(OutboxMessage).count() == 1, "only the alumnus gets a mail"


def test_unknown_address_costs_the_same_statements(client: Client) -> None:
    ask(client, "nobody@example.com")
    for_nobody = [text for text in client.last.writes if "outbox" not in text]
    ask(client, alumnus().email)
    for_somebody = [text for text in client.last.writes if "outbox" not in text]
    assert abs(len(for_nobody) - len(for_somebody)) <= 1


def test_fourth_link_to_an_address_within_an_hour_waits(client: Client) -> None:
    user = alumnus()
    assert [ask(client, user.email).status_code for _ in range(4)] == [302, 302, 302, 429]
    assert [ask(client, "nobody@example.com").status_code for _ in range(4)] == [302, 302, 302, 429]


def test_eleventh_link_from_one_place_within_an_hour_waits(client: Client) -> None:
    answers = [ask(client, f"person{number}@example.com").status_code for number in range(11)]
    assert answers == [302] * 10 + [429]


def test_link_of_one_kind_opens_no_other_door(client: Client) -> None:
    user = alumnus()
    ask(client, user.email)
    client.get(path_in_last_mail())
    assert client.get("/password/new").status_code == 410
    assert client.post("/password/new", data={"password": PASSWORD}).status_code == 410
    assert client.post("/invitation", data={"name": "X", "password": PASSWORD}).status_code == 410


def test_session_by_link_opens_alumni_pages_only(client: Client) -> None:
    user = make_user(Role.ADMINISTRATOR)
    grant_role(user, Role.ALUMNUS)
    ask(client, user.email)
    client.get(path_in_last_mail())
    client.post("/sign-in/link")
    assert client.get("/people").status_code == 403
    sign_in(client, user)
    assert client.get("/people").status_code == 200


def test_disabled_person_cannot_use_a_link_sent_before(client: Client) -> None:
    user = alumnus()
    ask(client, user.email)
    client.get(path_in_last_mail())
    user.state = UserState.DISABLED
    assert client.post("/sign-in/link").status_code == 410


def test_made_up_link_and_page_without_link_are_gone(client: Client) -> None:
    assert client.get("/link/made-up").status_code == 410
    for path in ("/sign-in/link", "/password/new", "/invitation"):
        assert client.get(path).status_code == 410


def test_new_password_by_link_signs_everybody_else_out_and_nobody_in(client: Client) -> None:
    user = make_user(Role.HOST_EDITOR, password_hash=passwords.hash_password(PASSWORD))
    token = sessions.open_session(user, "elsewhere")
    client.post("/password/ask-link", data={"email": user.email})
    client.get(path_in_last_mail())
    assert client.post("/password/new", data={"password": "short"}).status_code == 422
    new = "seven pale lanterns on water"
    assert client.post("/password/new", data={"password": new}).location == "/sign-in"
    assert sessions.identify(token) is None
    assert passwords.verify(user.password_hash, new)
    assert client.get("/account").status_code == 302
    templates = db.session.scalars(select(OutboxMessage.template).order_by(OutboxMessage.id)).all()
    assert templates == ["password_reset", "password_changed"]
    assert client.post("/password/new", data={"password": new}).status_code == 410


def test_new_password_lets_older_links_lapse(client: Client) -> None:
    user = make_user(Role.HOST_EDITOR)
    client.post("/password/ask-link", data={"email": user.email})
    older = path_in_last_mail()
    client.post("/password/ask-link", data={"email": user.email})
    client.get(path_in_last_mail())
    client.post("/password/new", data={"password": PASSWORD})
    assert client.get(older).status_code == 410


def test_reset_link_lives_sixty_minutes(client: Client) -> None:
    user = make_user(Role.HOST_EDITOR)
    with time_machine.travel(START, tick=False) as clocks:
        client.post("/password/ask-link", data={"email": user.email})
        client.get(path_in_last_mail())
        clocks.shift(timedelta(minutes=59, seconds=59))
        assert client.get("/password/new").status_code == 200
        clocks.shift(timedelta(seconds=1))
        assert client.get("/password/new").status_code == 410


def test_answer_to_reset_is_the_same_for_unknown_addresses(client: Client) -> None:
    known = client.post("/password/ask-link", data={"email": make_user(Role.HOST_EDITOR).email})
    unknown = client.post("/password/ask-link", data={"email": "nobody@example.com"})
    assert (known.status_code, known.location, known.text) == (unknown.status_code, unknown.location, unknown.text)
    assert db.session.query(OutboxMessage).count() == 1


def test_link_used_at_the_same_instant_opens_once(house: Flask) -> None:
    with unit_of_work():
        user = alumnus()
        _link, token = links.issue(LinkPurpose.SIGN_IN, user.email, locale="en", user=user)
    gate, statuses = threading.Barrier(8), []

    def open_it() -> None:
        browser = house.test_client()
        with browser.session_transaction() as cookie:
            cookie["link"] = token
        gate.wait()
        statuses.append(browser.post("/sign-in/link").status_code)

    threads = [threading.Thread(target=open_it) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(statuses) == [302] + [410] * 7
    with db.new_session() as fresh:
        assert len(fresh.scalars(select(UserSession)).all()) == 1


def test_night_removes_old_links_and_sessions(app: Flask) -> None:
    user = alumnus()
    links.issue(LinkPurpose.SIGN_IN, user.email, locale="en", user=user)
    sessions.open_session(user, "")
    assert sweeping.sweep(clock.now() + timedelta(days=29)) == 0
    assert sweeping.sweep(clock.now() + timedelta(days=31)) == 1
    assert sweeping.sweep(clock.now() + timedelta(days=91)) == 1
