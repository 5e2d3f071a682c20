"""One-click identities exist in the demonstration, and strictly nowhere else."""

import pytest
from flask_babel import force_locale
from sqlalchemy import func, select

from app.accounts import demo, passwords
from app.accounts.models import UserSession, UserState
from app.core.authz import Role
from app.core.db import db
from config import Config, Development, Production, Testing
from tests.conftest import Client
from tests.factories.accounts import make_user

DEMO_ROLES = [role for role in Role if role is not Role.SYSTEM]


@pytest.fixture
def demonstration(client: Client, monkeypatch: pytest.MonkeyPatch) -> Client:
    monkeypatch.setitem(client.application.config, "DEMO", True)
    client.post("/language", data={"language": "en"})
    return client


def test_only_development_is_a_demonstration() -> None:
    assert (Config.DEMO, Production.DEMO, Testing.DEMO, Development.DEMO) == (False, False, False, True)


def test_every_role_has_an_identity_with_a_sentence() -> None:
    assert set(demo.SENTENCES) == set(DEMO_ROLES)
    assert all(str(sentence) for sentence in demo.SENTENCES.values())


def test_sign_in_page_offers_one_identity_per_role(demonstration: Client) -> None:
    for role in DEMO_ROLES:
        make_user(role, name=f"Made-up {role.value}", demo_note=role.value)
    page = demonstration.get("/sign-in").text
    for role in DEMO_ROLES:
        assert f"Made-up {role.value}" in page
        with force_locale("en"):
            assert str(demo.SENTENCES[role]) in page


def test_one_click_signs_in_as_that_person(demonstration: Client) -> None:
    user = make_user(Role.COORDINATOR, name="Made-up", demo_note=Role.COORDINATOR.value)
    answer = demonstration.post(f"/sign-in/demonstration/{user.public_id}")
    assert answer.location == "/"
    assert "Made-up" in demonstration.get("/account").text


def test_people_who_are_not_on_the_page_cannot_be_become(demonstration: Client) -> None:
    real = make_user(Role.ADMINISTRATOR)
    gone = make_user(Role.AUDITOR, demo_note=Role.AUDITOR.value, state=UserState.DISABLED)
    for user in (real, gone):
        assert demonstration.post(f"/sign-in/demonstration/{user.public_id}").status_code == 404
    assert db.session.scalar(select(func.count(UserSession.id))) == 0


def test_outside_the_demonstration_there_is_no_such_door(client: Client) -> None:
    user = make_user(Role.COORDINATOR, name="Made-up", demo_note=Role.COORDINATOR.value)
    assert "Made-up" not in client.get("/sign-in").text
    assert client.post(f"/sign-in/demonstration/{user.public_id}").status_code == 404
    assert client.get("/account").status_code == 302
    assert db.session.scalar(select(func.count(UserSession.id))) == 0


def test_password_of_the_demonstration_is_a_good_one_and_shown_only_there(client: Client) -> None:
    assert passwords.problems(demo.PASSWORD) == []
    user = make_user(Role.COORDINATOR, password_hash=passwords.hash_password(demo.PASSWORD))
    client.post("/sign-in", data={"email": user.email, "password": demo.PASSWORD})
    assert demo.PASSWORD not in client.get("/confirm").text
