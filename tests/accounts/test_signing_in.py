"""Ways in: the same answer for everybody who may not, limits that count, and no way out to elsewhere."""

import re
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from sqlalchemy import func, select

from app.accounts import passwords, sessions
from app.accounts.models import User, UserSession, UserState
from app.core.audit import AuditEvent
from app.core.authz import Role
from app.core.db import db
from app.core.outbox import OutboxMessage
from tests.conftest import Client
from tests.factories.accounts import make_user, sign_in

PASSWORD = "brass otter climbs a ladder"
NEW = "seven pale lanterns on water"


def somebody(**fields: object) -> User:
    return make_user(Role.HOST_EDITOR, password_hash=passwords.hash_password(PASSWORD), **fields)


def enter(client: Client, email: str, password: str = PASSWORD, query: str = "") -> object:
    return client.post(f"/sign-in{query}", data={"email": email, "password": password})


def without_tokens(page: str) -> str:
    return re.sub(r'value="[^"]*"', "", page)


def test_right_password_signs_in_and_leads_home(client: Client) -> None:
    user = somebody()
    answer = enter(client, user.email.upper())
    assert (answer.status_code, answer.location) == (302, "/")
    assert client.get("/account").status_code == 200
    assert db.session.scalars(select(AuditEvent.verb)).all() == ["session:open"]


def test_every_sign_in_gets_a_token_of_its_own(client: Client) -> None:
    user = somebody()
    enter(client, user.email)
    client.post("/sign-out")
    enter(client, user.email)
    assert db.session.scalar(select(func.count(func.distinct(UserSession.token_hash)))) == 2


@pytest.mark.parametrize("case", ["unknown", "wrong", "disabled", "without password"])
def test_answer_is_the_same_whatever_was_wrong(client: Client, case: str) -> None:
    somebody(email="known@example.jp")
    somebody(email="gone@example.jp", state=UserState.DISABLED)
    make_user(Role.ALUMNUS, email="link@example.jp")
    email, password = {
        "unknown": ("nobody@example.jp", PASSWORD),
        "wrong": ("known@example.jp", PASSWORD + "x"),
        "disabled": ("gone@example.jp", PASSWORD),
        "without password": ("link@example.jp", PASSWORD),
    }[case]
    answer = enter(client, email, password)
    assert answer.status_code == 422
    reference = enter(client, "another@example.jp", PASSWORD)
    page = without_tokens(answer.text).replace(email, "")
    assert page == without_tokens(reference.text).replace("another@example.jp", "")
    assert PASSWORD not in answer.text, "a password is never sent back"
    assert f'value="{email}"' in answer.text, "the address typed stays"


def test_sixth_try_from_one_place_waits_even_with_the_right_password(client: Client) -> None:
    user = somebody()
    for _ in range(5):
        assert enter(client, user.email, "wrong").status_code == 422
    answer = enter(client, user.email)
    assert answer.status_code == 429
    assert 0 < int(answer.headers["Retry-After"]) <= 15 * 60


def test_limit_is_the_same_for_unknown_addresses(client: Client) -> None:
    answers = [enter(client, "nobody@example.jp", "wrong").status_code for _ in range(6)]
    assert answers == [422] * 5 + [429]


def test_limit_ends_after_a_quarter_of_an_hour(client: Client) -> None:
    user = somebody()
    with time_machine.travel(datetime(2026, 5, 11, 1, 0, tzinfo=UTC), tick=False) as clocks:
        for _ in range(5):
            enter(client, user.email, "wrong")
        clocks.shift(timedelta(minutes=15, seconds=1))
        assert enter(client, user.email).status_code == 302


def test_right_password_forgives_the_wrong_ones_before(client: Client) -> None:
    user = somebody()
    for _ in range(3):
        for _ in range(4):
            assert enter(client, user.email, "wrong").status_code == 422
        assert enter(client, user.email).status_code == 302
        client.post("/sign-out")


def test_account_is_guarded_against_tries_from_many_places(client: Client) -> None:
    user = somebody()
    for number in range(20):
        answer = client.post(
            "/sign-in",
            data={"email": user.email, "password": "wrong"},
            environ_base={"REMOTE_ADDR": f"203.0.113.{number}"},
        )
        assert answer.status_code == 422
    last = client.post(
        "/sign-in", data={"email": user.email, "password": PASSWORD}, environ_base={"REMOTE_ADDR": "203.0.113.99"}
    )
    assert last.status_code == 429


@pytest.mark.parametrize(
    "target",
    [
        "https://evil.example/",
        "//evil.example/",
        "///evil.example/",
        "/\\evil.example/",
        "\\\\evil.example",
        "/%5cevil.example\\",
        "javascript:alert(1)",
        "data:text/html,x",
        "http:evil.example",
        " https://evil.example/",
        "/\t/evil.example",
        "evil.example",
        "?next=https://evil.example",
    ],
)
def test_nobody_is_led_elsewhere(client: Client, target: str) -> None:
    user = somebody()
    answer = client.post("/sign-in", query_string={"next": target}, data={"email": user.email, "password": PASSWORD})
    assert answer.status_code == 302
    assert answer.location == "/"
    assert client.get("/sign-in", query_string={"next": target}).location == "/"


def test_reader_is_led_back_to_the_page_asked_for(client: Client) -> None:
    user = somebody()
    first = client.get("/account?x=1")
    assert first.location == "/sign-in?next=/account?x%3D1"
    answer = enter(client, user.email, query="?next=/account?x%3D1")
    assert answer.location == "/account?x=1"


def test_sign_out_ends_the_session_for_good(client: Client) -> None:
    token = sign_in(client, somebody())
    answer = client.post("/sign-out")
    assert answer.headers["Clear-Site-Data"] == '"cache", "storage"'
    assert sessions.identify(token) is None
    with client.session_transaction() as cookie:
        cookie["token"] = token
    assert client.get("/account").status_code == 302


def test_sign_out_of_a_stranger_is_harmless(client: Client) -> None:
    assert client.post("/sign-out").status_code == 302


def test_language_chosen_outlives_signing_in_and_out(client: Client) -> None:
    user = somebody(locale="ja")
    client.post("/language", data={"language": "en"})
    enter(client, user.email)
    assert '<html lang="en"' in client.get("/account").text
    client.post("/sign-out")
    assert '<html lang="en"' in client.get("/sign-in").text


def test_forms_need_the_token_of_the_page(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    user = somebody()
    monkeypatch.setitem(client.application.config, "WTF_CSRF_ENABLED", True)
    assert enter(client, user.email).status_code == 400
    page = client.get("/sign-in").text
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)
    assert token is not None
    answer = client.post("/sign-in", data={"email": user.email, "password": PASSWORD, "csrf_token": token[1]})
    assert answer.status_code == 302
    assert client.post("/sign-out").status_code == 400


@pytest.mark.parametrize("headers", [{"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site"}])
def test_form_of_another_site_is_refused(client: Client, headers: dict[str, str]) -> None:
    user = somebody()
    answer = client.post("/sign-in", data={"email": user.email, "password": PASSWORD}, headers=headers)
    assert answer.status_code == 400


def test_outdated_hash_is_renewed_when_its_owner_signs_in(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    user = somebody()
    before = user.password_hash
    passwords.configure(16)
    try:
        enter(client, user.email)
    finally:
        passwords.configure(client.application.config["ARGON2_MEMORY_KIB"])
    assert user.password_hash != before
    assert "m=16," in str(user.password_hash)


def test_password_proved_again_renews_the_token(client: Client) -> None:
    user = somebody()
    old = sign_in(client, user)
    assert client.post("/confirm?next=/account", data={"password": "wrong"}).status_code == 422
    assert sessions.identify(old) is not None
    answer = client.post("/confirm?next=/account", data={"password": PASSWORD})
    assert answer.location == "/account"
    assert sessions.identify(old) is None
    row = db.session.scalars(select(UserSession)).one()
    assert row.confirmed_at is not None
    assert client.get("/account").status_code == 200


def test_password_is_changed_against_the_old_one_and_its_owner_is_told(client: Client) -> None:
    user = somebody()
    elsewhere = sessions.open_session(user, "elsewhere")
    sign_in(client, user)
    assert client.post("/account/password", data={"old": "wrong", "new": NEW}).status_code == 422
    assert client.post("/account/password", data={"old": PASSWORD, "new": "short"}).status_code == 422
    assert client.post("/account/password", data={"old": PASSWORD, "new": PASSWORD}).status_code == 422
    assert client.post("/account/password", data={"old": PASSWORD, "new": NEW}).status_code == 302
    assert sessions.identify(elsewhere) is None, "everywhere else the person is signed out"
    assert client.get("/account").status_code == 200
    assert passwords.verify(user.password_hash, NEW)
    assert db.session.scalars(select(OutboxMessage.template)).all() == ["password_changed"]
    changes = [event.changes for event in db.session.scalars(select(AuditEvent)) if event.verb == "user:password"]
    assert changes == [{"password_hash": None}], "the log says that it changed, not what it is"


def test_account_page_lists_sessions_and_ends_one_or_all_others(client: Client) -> None:
    user = somebody()
    tokens = [sessions.open_session(user, f"Browser number {number}") for number in range(3)]
    sign_in(client, user)
    page = client.get("/account").text
    assert "Browser number 0" in page and "Browser number 2" in page
    row = db.session.scalars(select(UserSession).where(UserSession.user_agent == "Browser number 0")).one()
    assert client.post(f"/account/sessions/{row.public_id}/end").status_code == 302
    assert sessions.identify(tokens[0]) is None
    assert sessions.identify(tokens[1]) is not None
    client.post("/account/sessions/end-others")
    assert sessions.identify(tokens[1]) is None
    assert client.get("/account").status_code == 200


def test_stale_account_form_is_shown_again_with_what_was_typed(client: Client) -> None:
    user = somebody(name="Hanako")
    sign_in(client, user)
    version = user.version
    data = {"name": "Hanako Two", "locale": "en", "version": str(version)}
    assert client.post("/account", data=data).status_code == 302
    answer = client.post("/account", data={**data, "name": "Hanako Three"})
    assert answer.status_code == 409
    assert "Hanako Three" in answer.text and "Hanako Two" in answer.text
    assert user.name == "Hanako Two"


def test_last_hash_work_is_done_for_unknown_people_too(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    checked: list[str | None] = []
    real = passwords.verify

    def watched(kept: str | None, password: str) -> bool:
        checked.append(kept)
        return real(kept, password)

    monkeypatch.setattr(passwords, "verify", watched)
    enter(client, "nobody@example.jp")
    assert checked == [None]
