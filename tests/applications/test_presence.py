"""Who else has a plan open: seen by those who edit it, for a while, and written down nowhere else."""

from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import func, select

from app.accounts.models import User
from app.applications import presence
from app.applications.models import Application
from app.applications.presence_model import SectionPresence
from app.core import clock
from app.core.authz import Role
from app.core.db import db
from tests.conftest import Client
from tests.factories.accounts import actor_of, make_user, sign_in
from tests.factories.applications import make_application
from tests.factories.directory import make_sending
from tests.factories.partners import invite_partner, open_browser


@pytest.fixture
def plan(app: Flask) -> Application:
    return make_application(partners=[make_sending(name_en="Rivers Institute", country="NP")])


def colleague(plan: Application, name: str) -> User:
    return make_user(Role.HOST_EDITOR, plan.host_institution, name=name)


def page(client: Client, plan: Application, section: str) -> str:
    return client.get(f"/applications/{plan.public_id}/edit/{section}").get_data(as_text=True)


def seen(plan: Application, user: User, section: str, ago: timedelta) -> None:
    db.session.add(SectionPresence(application_id=plan.id, section=section, user_id=user.id, seen_at=clock.now() - ago))
    db.session.flush()


def others(plan: Application, user: User) -> list[tuple[str, str]]:
    around = presence.around(actor_of(user), plan, "overview")
    return [(other.name, other.section) for other in around.others]


def test_page_of_a_section_says_who_else_has_it_or_another_open(client: Client, plan: Application) -> None:
    sign_in(client, colleague(plan, "Sasaki Hanako"))
    assert "Who else is here" not in page(client, plan, "itinerary")
    sign_in(client, colleague(plan, "Tanaka Ichiro"))
    assert "Sasaki Hanako is editing this section too" in page(client, plan, "itinerary")
    assert "Sasaki Hanako is editing “Itinerary”" in page(client, plan, "budget")
    told = client.post(f"/applications/{plan.public_id}/edit/budget/keep").get_data(as_text=True)
    assert "Sasaki Hanako is editing “Itinerary”" in told and "just now" in told
    assert "Tanaka Ichiro" not in told  # oneself is nobody else


def test_sign_of_life_of_a_page_moves_on_with_time(client: Client, plan: Application) -> None:
    first, second = colleague(plan, "Sasaki Hanako"), colleague(plan, "Tanaka Ichiro")
    seen(plan, first, "people", timedelta(minutes=3, seconds=5))
    sign_in(client, second)
    assert "3 minutes ago" in page(client, plan, "people")
    sign_in(client, first)
    client.post(f"/applications/{plan.public_id}/edit/people/keep")
    assert db.session.scalar(select(func.count(SectionPresence.id))) == 2  # one row for each, moved on
    sign_in(client, second)
    assert "just now" in page(client, plan, "people")


def test_who_has_not_been_seen_for_ten_minutes_is_gone(plan: Application) -> None:
    user = colleague(plan, "Reader")
    seen(plan, colleague(plan, "Still there"), "people", presence.PRESENT - timedelta(seconds=5))
    seen(plan, colleague(plan, "Gone"), "people", presence.PRESENT + timedelta(seconds=5))
    assert others(plan, user) == [("Still there", "people")]
    assert presence.sweep(clock.now()) == 1


def test_who_went_on_to_another_section_is_in_that_one_only(plan: Application) -> None:
    user, two = colleague(plan, "Reader"), colleague(plan, "Two windows")
    went_on = colleague(plan, "Went on")
    seen(plan, two, "people", timedelta(seconds=10))
    seen(plan, two, "budget", timedelta(seconds=50))
    seen(plan, went_on, "people", timedelta(seconds=60))
    seen(plan, went_on, "overview", timedelta(minutes=5))
    assert others(plan, user) == [("Two windows", "people"), ("Two windows", "budget"), ("Went on", "people")]


def test_partner_in_its_own_part_is_told_by_its_name(client: Client, app: Flask, plan: Application) -> None:
    assert open_browser(app, invite_partner(plan.partners[0])).get("/partner").status_code == 200
    sign_in(client, colleague(plan, "Tanaka Ichiro"))
    assert "The partner Rivers Institute has its own part open" in page(client, plan, "budget")


def test_nobody_of_another_institution_or_of_jst_sees_or_leaves_a_trace(client: Client, plan: Application) -> None:
    sign_in(client, make_user(Role.HOST_EDITOR, make_application(call=plan.call).host_institution))
    assert client.post(f"/applications/{plan.public_id}/edit/people/keep").status_code == 404
    sign_in(client, make_user(Role.COORDINATOR))
    assert client.post(f"/applications/{plan.public_id}/edit/people/keep").status_code == 403
    assert db.session.scalar(select(func.count(SectionPresence.id))) == 0


def test_page_loaded_again_at_once_writes_nothing_more(client: Client, plan: Application) -> None:
    sign_in(client, colleague(plan, "Tanaka Ichiro"))
    page(client, plan, "people")
    page(client, plan, "people")
    assert not any("section_presence" in text for text in client.last.statements if text.startswith("INSERT"))
    with time_machine.travel(clock.now() + presence.FRESH, tick=False):
        page(client, plan, "people")
        assert any("section_presence" in text for text in client.last.statements if text.startswith("INSERT"))


def test_many_readers_need_no_more_queries(client: Client, plan: Application) -> None:
    sign_in(client, colleague(plan, "Tanaka Ichiro"))
    page(client, plan, "people")
    alone = client.last.queries
    client.post(f"/applications/{plan.public_id}/edit/people/keep", data={"typed": "1"})
    beat = client.last.queries
    for number in range(20):
        seen(plan, colleague(plan, f"Colleague {number}"), "people", timedelta(seconds=number))
    assert page(client, plan, "people").count("is editing this section too") == 20
    assert client.last.queries == alone
    client.post(f"/applications/{plan.public_id}/edit/people/keep", data={"typed": "1"})
    assert client.last.queries <= beat <= 7
