"""A session that ends while somebody types: the text comes back to its writer, and to nobody else."""

import re
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask
from sqlalchemy import func, select, update

from app.accounts import links, passwords, sessions
from app.accounts.models import LinkPurpose, User, UserSession
from app.applications.models import Application
from app.applications.parked_model import ParkedText
from app.core import carrying, clock
from app.core.authz import Role
from app.core.carrying import CarriedForm
from app.core.db import db
from tests.conftest import Client
from tests.factories.accounts import make_user, sign_in
from tests.factories.applications import make_application

PASSWORD = "brass otter climbs a ladder"
TYPED = "Rivers of two countries"
ENDED = "Your session had ended."


@pytest.fixture
def plan(app: Flask) -> Application:
    return make_application(theme_en="As stored")


@pytest.fixture
def writer(plan: Application) -> User:
    return colleague(plan)


def colleague(plan: Application) -> User:
    return make_user(Role.HOST_EDITOR, plan.host_institution, password_hash=passwords.hash_password(PASSWORD))


def address(plan: Application) -> str:
    return f"/applications/{plan.public_id}/edit/overview"


def opened(client: Client, path: str) -> dict[str, str]:
    """The hidden fields of the page's form."""
    page = client.get(path).get_data(as_text=True)
    return dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page)) | dict(
        re.findall(r'name="(version|key)" type="hidden" value="([^"]*)"', page)
    )


def lapse() -> None:
    db.session.execute(update(UserSession).values(ended_at=clock.now()))
    db.session.flush()


def enter(client: Client, user: User, path: str = "/sign-in") -> Any:
    return client.post(path, data={"email": user.email, "password": PASSWORD})


def kept() -> int:
    return db.session.scalar(select(func.count(CarriedForm.id))) or 0


def typed_after_the_end(client: Client, plan: Application, writer: User, **fields: str) -> str:
    """Type into the overview, save after the session has ended; where that leads."""
    client.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
    sign_in(client, writer)
    hidden = opened(client, address(plan))
    lapse()
    answer = client.post(address(plan), data={**hidden, "theme_en": TYPED, **fields})
    assert answer.status_code == 302
    return str(answer.location)


def test_text_sent_after_the_session_ended_stands_in_the_form_after_signing_in(
    client: Client, plan: Application, writer: User
) -> None:
    door = typed_after_the_end(client, plan, writer)
    assert "what you typed is kept for you" in client.get(door).get_data(as_text=True)
    back = enter(client, writer, door).location
    page = client.get(back).get_data(as_text=True)
    assert f'value="{TYPED}"' in page and ENDED in page
    db.session.refresh(plan)
    assert plan.theme_en == "As stored"  # shown, not saved
    sent = {**opened(client, back), "theme_en": TYPED}
    assert sent["carried"]
    assert client.post(address(plan), data=sent).status_code == 302
    db.session.refresh(plan)
    assert (plan.theme_en, kept()) == (TYPED, 0)


def test_rows_come_back_too(client: Client, plan: Application, writer: User) -> None:
    sign_in(client, writer)
    path = f"/applications/{plan.public_id}/edit/budget"
    hidden = opened(client, path)
    lapse()
    rows = {"rows-0-kind": "fees", "rows-0-description": "A bridge", "rows-0-unit_price": "not a number"}
    door = client.post(path, data={**hidden, **rows}).location
    page = client.get(enter(client, writer, door).location).get_data(as_text=True)
    assert 'value="A bridge"' in page and 'value="not a number"' in page


def test_colleague_who_saved_meanwhile_is_not_overwritten(client: Client, plan: Application, writer: User) -> None:
    door = typed_after_the_end(client, plan, writer)
    sign_in(client, colleague(plan))
    theirs = {**opened(client, address(plan)), "theme_en": "Theirs"}
    assert client.post(address(plan), data=theirs).status_code == 302
    lapse()
    back = enter(client, writer, door).location
    answer = client.post(address(plan), data={**opened(client, back), "theme_en": TYPED})
    assert answer.status_code == 409 and f"<td>Theirs</td><td>{TYPED}</td>" in answer.get_data(as_text=True)


def test_text_kept_while_typing_goes_with_the_page_that_comes_back(
    client: Client, plan: Application, writer: User
) -> None:
    sign_in(client, writer)
    hidden = opened(client, address(plan))
    client.post(f"{address(plan)}/keep", data={**hidden, "theme_en": "Half of it", "typed": "1"})
    lapse()
    door = client.post(address(plan), data={**hidden, "theme_en": TYPED}).location
    back = enter(client, writer, door).location
    sent = opened(client, back)
    assert sent["page"] == hidden["page"]
    assert client.post(address(plan), data={**sent, "theme_en": TYPED}).status_code == 302
    assert db.session.scalar(select(func.count(ParkedText.id))) == 0


def test_somebody_else_who_signs_in_sees_nothing_of_it(client: Client, plan: Application, writer: User) -> None:
    door = typed_after_the_end(client, plan, writer)
    back = enter(client, colleague(plan), door).location
    page = client.get(back).get_data(as_text=True)
    assert TYPED not in page and ENDED not in page and 'value="As stored"' in page


def test_somebody_of_another_institution_finds_no_such_page(client: Client, plan: Application, writer: User) -> None:
    door = typed_after_the_end(client, plan, writer)
    stranger = colleague(make_application(call=plan.call))
    answer = client.get(enter(client, stranger, door).location)
    assert answer.status_code == 404 and TYPED not in answer.get_data(as_text=True)


def test_kept_form_fills_its_own_page_only(client: Client, plan: Application, writer: User) -> None:
    name = typed_after_the_end(client, plan, writer).rpartition("%3D")[2]
    sign_in(client, writer)
    other = make_application(host=plan.host_institution, call=plan.call, theme_en="Another plan")
    assert TYPED not in client.get(f"{address(other)}?carried={name}").get_data(as_text=True)
    assert TYPED in client.get(f"{address(plan)}?carried={name}").get_data(as_text=True)


@pytest.mark.parametrize("case", ["none", "forged", "of another key", "too old"])
def test_without_a_good_mark_nothing_is_kept(
    client: Client, app: Flask, plan: Application, writer: User, case: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    sign_in(client, writer)
    hidden = opened(client, address(plan))
    lapse()
    if case == "none":
        del hidden["sender"]
    if case == "forged":
        hidden["sender"] = hidden["sender"][:-2] + ("AA" if hidden["sender"][-2:] != "AA" else "BB")
    if case == "of another key":
        monkeypatch.setitem(app.config, "SECRET_KEY", "another key that protects nothing real")
    later = carrying.MARK_LIFE + timedelta(minutes=1) if case == "too old" else timedelta()
    with time_machine.travel(clock.now() + later, tick=False):
        answer = client.post(address(plan), data={**hidden, "theme_en": TYPED})
    assert answer.location == "/sign-in"
    assert kept() == 0 and client.last.writes == []


def test_what_is_too_long_is_not_kept(client: Client, plan: Application, writer: User) -> None:
    assert typed_after_the_end(client, plan, writer, purpose="x" * carrying.MOST_BYTES) == "/sign-in"
    assert kept() == 0


def test_only_few_forms_are_kept_for_one_person_and_not_without_end(
    client: Client, plan: Application, writer: User
) -> None:
    sign_in(client, writer)
    hidden = opened(client, address(plan))
    lapse()
    for number in range(carrying.LIMIT[1] + 2):
        answer = client.post(address(plan), data={**hidden, "theme_en": f"Number {number}"})
        assert kept() == min(number + 1, carrying.MOST_AT_ONCE)
    assert answer.location == "/sign-in"  # the limit of an hour is reached: nothing more is stored


@pytest.mark.parametrize("case", ["a day", "tampered"])
def test_kept_form_that_is_too_old_or_was_touched_shows_nothing(
    client: Client, plan: Application, writer: User, case: str
) -> None:
    door = typed_after_the_end(client, plan, writer)
    row = db.session.scalars(select(CarriedForm)).one()
    assert TYPED not in row.sealed_fields
    if case == "a day":
        row.kept_at = clock.now() - carrying.LIFE - timedelta(seconds=1)
    else:
        row.sealed_fields = row.sealed_fields[:-8] + "AAAAAAA="
    db.session.flush()
    page = client.get(enter(client, writer, door).location).get_data(as_text=True)
    assert TYPED not in page and 'value="As stored"' in page


def test_kept_forms_are_swept_after_a_day(client: Client, plan: Application, writer: User) -> None:
    typed_after_the_end(client, plan, writer)
    now = clock.now()
    assert (carrying.sweep(now), kept()) == (0, 1)
    assert (carrying.sweep(now + carrying.LIFE + timedelta(seconds=1)), kept()) == (1, 0)


def test_any_way_of_signing_in_leads_back_within_the_hour(client: Client, plan: Application, writer: User) -> None:
    typed_after_the_end(client, plan, writer)
    back = enter(client, writer).location  # by a new password, say: without the address in hand
    assert back.startswith(f"{address(plan)}?carried=")
    assert TYPED in client.get(back).get_data(as_text=True)
    lapse()
    with time_machine.travel(clock.now() + carrying.WAITS + timedelta(minutes=1), tick=False):
        assert enter(client, writer).location == "/"


def test_alumna_who_signs_in_by_a_link_finds_her_text(client: Client) -> None:
    alumna = make_user(Role.ALUMNUS, name="Ada", email="ada@example.org")
    sign_in(client, alumna)
    hidden = opened(client, "/account")
    lapse()
    client.post("/account", data={**hidden, "name": "Ada Rai", "locale": "en"})
    _link, token = links.issue(LinkPurpose.SIGN_IN, alumna.email, locale="en", user=alumna, browser="here")
    with client.session_transaction() as cookie:
        cookie["browser"] = "here"
    client.get(f"/link/{token}")
    back = client.post("/sign-in/link").location
    assert 'value="Ada Rai"' in client.get(back).get_data(as_text=True)


def test_form_sent_to_an_address_that_is_no_page_comes_back_where_it_stood(app: Flask) -> None:
    data = {"comment": "x"}
    with app.test_request_context(
        "/sign-out", method="POST", data=data, headers={"Referer": "http://localhost/account?a=b"}
    ):
        assert carrying.page() == "/account?a=b"
    with app.test_request_context(
        "/sign-out", method="POST", data=data, headers={"Referer": "http://elsewhere/account"}
    ):
        assert carrying.page() is None
    with app.test_request_context("/account?a=b", method="POST", data=data):
        assert carrying.page() == "/account?a=b"


def test_form_whose_token_belongs_to_an_earlier_session_comes_back_filled(
    client: Client, app: Flask, plan: Application, writer: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", True)
    sign_in(client, writer)
    hidden = opened(client, address(plan))
    with client.session_transaction() as cookie:
        cookie.clear()  # signed out in another window
    sent = {**hidden, "theme_en": TYPED}
    assert client.post(address(plan), data=sent).location.startswith("/sign-in?next=")
    sign_in(client, writer)  # and in again, there
    answer = client.post(address(plan), data=sent)
    assert answer.location.startswith(f"{address(plan)}?carried=")
    assert f'value="{TYPED}"' in client.get(answer.location).get_data(as_text=True)
    sign_in(client, colleague(plan))
    assert client.post(address(plan), data=sent).status_code == 400  # another's page


def test_proving_the_password_again_keeps_what_was_typed(client: Client, plan: Application) -> None:
    admin = make_user(Role.COORDINATOR, password_hash=passwords.hash_password(PASSWORD))
    with client.session_transaction() as cookie:
        cookie["token"] = sessions.open_session(admin, "test browser", confirmed=True)
    path = "/invitees/export"
    hidden = opened(client, path)
    db.session.execute(update(UserSession).values(confirmed_at=clock.now() - timedelta(minutes=11)))
    door = client.post(path, data={**hidden, "reason": "For the annual report"}).location
    assert door.startswith("/confirm?next=")
    back = client.post(door, data={"password": PASSWORD}).location
    assert "For the annual report" in client.get(back).get_data(as_text=True)


def test_passwords_files_and_passport_numbers_are_never_kept(client: Client, plan: Application, writer: User) -> None:
    sign_in(client, writer)
    for path in ("/account/password", f"/applications/{plan.public_id}/workbook"):
        assert "sender" not in opened(client, path)
    assert "sender" in opened(client, "/account")
