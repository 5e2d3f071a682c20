"""Nothing typed into a section is lost: it is kept for its writer alone, offered again, and never part of the plan."""

import re
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask
from sqlalchemy import func, select

from app.accounts.models import User, UserSession
from app.applications import parking, snapshot
from app.applications.models import Application
from app.applications.parked_model import ParkedText
from app.applications.views.editing import EDITED
from app.core import clock
from app.core.audit import AuditEvent
from app.core.authz import Role
from app.core.db import db
from tests.conftest import Client
from tests.factories.accounts import make_user, sign_in
from tests.factories.applications import make_application

OFFER = "and did not save it"


@pytest.fixture
def plan(app: Flask) -> Application:
    return make_application(theme_en="As stored")


@pytest.fixture
def writer(client: Client, plan: Application) -> User:
    user = make_user(Role.HOST_EDITOR, plan.host_institution)
    sign_in(client, user)
    return user


def address(plan: Application, section: str = "overview") -> str:
    return f"/applications/{plan.public_id}/edit/{section}"


def page_of(client: Client, plan: Application, section: str = "overview", query: str = "") -> str:
    answer = client.get(f"{address(plan, section)}{query}")
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


def hidden(page: str) -> dict[str, str]:
    """What the form of a section's page says by itself."""
    own = page[page.index("data-keep") :]
    found = re.findall(r'<input type="hidden" name="(page|seen|sender)" value="([^"]*)"', own)
    version = re.search(r'name="version" type="hidden" value="(\d+)"', own)
    assert version is not None
    return {**dict(found), "version": version[1]}


def keep(client: Client, plan: Application, fields: dict[str, str], section: str = "overview") -> Any:
    return client.post(f"{address(plan, section)}/keep", data={"typed": "1", **fields})


def type_and_leave(client: Client, plan: Application, section: str = "overview", **fields: str) -> dict[str, str]:
    """Open the section, type, let it be kept, and never save. Returns what the page would have sent."""
    filled = {**hidden(page_of(client, plan, section)), **{name.replace("__", "-"): fields[name] for name in fields}}
    assert keep(client, plan, filled, section).status_code == 200
    return filled


def restored(client: Client, plan: Application, section: str = "overview") -> str:
    offer = re.search(r"\?kept=(\w+)", page_of(client, plan, section))
    assert offer is not None
    return page_of(client, plan, section, f"?kept={offer[1]}")


def count() -> int:
    return db.session.scalar(select(func.count(ParkedText.id))) or 0


def test_what_was_typed_and_not_saved_is_offered_and_fills_the_form(
    client: Client, plan: Application, writer: User
) -> None:
    type_and_leave(client, plan, theme_en="Typed only")
    page = page_of(client, plan)
    assert OFFER in page and "<td>As stored</td><td>Typed only</td>" in page and 'value="As stored"' in page
    page = restored(client, plan)
    assert 'value="Typed only"' in page and "It is not saved yet" in page and OFFER not in page
    assert "Somebody else changed this meanwhile" not in page
    answer = client.post(address(plan), data={**hidden(page), "theme_en": "Typed only"})
    assert answer.status_code == 302 and count() == 0
    db.session.refresh(plan)
    assert plan.theme_en == "Typed only"
    assert OFFER not in page_of(client, plan)


def test_rows_are_kept_as_they_stand_readable_or_not(client: Client, plan: Application, writer: User) -> None:
    row = {"rows__0__kind": "fees", "rows__0__description": "A bridge", "rows__0__unit_price": "about 9"}
    type_and_leave(client, plan, "budget", **row)
    page = restored(client, plan, "budget")
    assert 'value="A bridge"' in page and 'value="about 9"' in page


def test_keeping_changes_nothing_of_the_plan_and_leaves_no_audit_entry(
    client: Client, plan: Application, writer: User
) -> None:
    events = select(func.count(AuditEvent.id))
    before = (plan.version, plan.updated_at, snapshot.content(plan), db.session.scalar(events))
    type_and_leave(client, plan, theme_en="Typed only")
    db.session.refresh(plan)
    assert (plan.version, plan.updated_at, snapshot.content(plan), db.session.scalar(events)) == before
    assert {text.split()[2] for text in client.last.changes} == set()


def test_text_is_sealed_and_holds_only_fields_of_the_section(client: Client, plan: Application, writer: User) -> None:
    type_and_leave(client, plan, theme_en="Typed only", csrf_token="secret", elsewhere="x")
    held = db.session.scalars(select(ParkedText)).one()
    assert "Typed only" not in held.sealed_fields
    assert {name for name, _text in parking.fields_of(held)} == {"theme_en", "seen"}
    assert held.base_version == plan.version


def test_keeping_again_moves_the_text_of_its_page_on_and_never_that_of_another(
    client: Client, plan: Application, writer: User
) -> None:
    first = type_and_leave(client, plan, theme_en="In one window")
    type_and_leave(client, plan, theme_en="In another window")
    keep(client, plan, {**first, "theme_en": "In one window, later"})
    texts = [dict(parking.fields_of(held))["theme_en"] for held in db.session.scalars(select(ParkedText))]
    assert sorted(texts) == ["In another window", "In one window, later"]


def test_answer_says_when_it_was_kept_and_a_beat_alone_keeps_nothing(
    client: Client, plan: Application, writer: User
) -> None:
    fields = hidden(page_of(client, plan))
    with time_machine.travel("2025-06-01T05:03:05Z", tick=False):
        plan.call.opens_at, plan.call.closes_at = clock.now() - timedelta(days=1), clock.now() + timedelta(days=1)
        db.session.flush()
        sign_in(client, writer)
        assert '<p id="kept">Kept at 14:03:05</p>' in keep(client, plan, fields).get_data(as_text=True)
        beat = client.post(f"{address(plan)}/keep", data=fields).get_data(as_text=True)
        assert 'id="kept"' not in beat and 'id="presence"' in beat
    assert count() == 1


def test_nobody_else_is_offered_it_or_can_open_it_or_throw_it_away(
    client: Client, plan: Application, writer: User
) -> None:
    filled = type_and_leave(client, plan, theme_en="Typed only")
    sign_in(client, make_user(Role.HOST_APPROVER, plan.host_institution))
    assert "Typed only" not in page_of(client, plan)
    assert client.get(f"{address(plan)}?kept={filled['page']}").status_code == 404
    assert keep(client, plan, filled).status_code == 404
    client.post(f"{address(plan)}/discard", data={"page": filled["page"]})
    assert count() == 1
    sign_in(client, make_user(Role.HOST_EDITOR, make_application(call=plan.call).host_institution))
    assert keep(client, plan, filled).status_code == 404
    sign_in(client, make_user(Role.COORDINATOR))
    assert keep(client, plan, filled).status_code == 403


def test_writer_throws_it_away(client: Client, plan: Application, writer: User) -> None:
    filled = type_and_leave(client, plan, theme_en="Typed only")
    assert client.post(f"{address(plan)}/discard", data={"page": filled["page"]}).status_code == 302
    assert count() == 0 and OFFER not in page_of(client, plan)
    assert client.get(f"{address(plan)}?kept={filled['page']}").status_code == 404


def test_what_says_the_same_as_the_plan_is_not_offered(client: Client, plan: Application, writer: User) -> None:
    stored = {name: str(value) for name, value in EDITED["overview"].stored(plan).items()}
    type_and_leave(client, plan, **stored)
    assert count() == 1 and OFFER not in page_of(client, plan)
    type_and_leave(client, plan, **stored | {"purpose": "Typed only"})
    assert OFFER in page_of(client, plan)


def test_section_changed_meanwhile_shows_both_texts_and_keeps_the_writers(
    client: Client, plan: Application, writer: User
) -> None:
    type_and_leave(client, plan, theme_en="Typed only")
    sent = hidden(page_of(client, plan))
    assert client.post(address(plan), data={**sent, "theme_en": "Saved by a colleague"}).status_code == 302
    page = restored(client, plan)
    assert "Somebody else changed this meanwhile" in page
    assert "<td>Saved by a colleague</td><td>Typed only</td>" in page and 'value="Typed only"' in page
    assert client.post(address(plan), data={**hidden(page), "theme_en": "Typed only"}).status_code == 302


def test_another_section_changed_meanwhile_stands_in_nobodys_way(
    client: Client, plan: Application, writer: User
) -> None:
    filled = type_and_leave(client, plan, theme_en="Typed only")
    safety = {**hidden(page_of(client, plan, "safety")), "crisis_name": "A colleague"}
    assert client.post(address(plan, "safety"), data=safety).status_code == 302
    assert "Somebody else changed this meanwhile" not in restored(client, plan)
    assert client.post(address(plan), data=filled).status_code == 302  # from the page opened before that
    db.session.refresh(plan)
    assert (plan.theme_en, plan.safety["crisis_name"]) == ("Typed only", "A colleague")


def test_plan_that_cannot_be_edited_keeps_nothing(client: Client) -> None:
    submitted = make_application("submitted")
    sign_in(client, make_user(Role.HOST_EDITOR, submitted.host_institution))
    assert keep(client, submitted, {"theme_en": "Late"}).status_code == 409
    assert client.post(f"{address(submitted, 'nothing')}/keep").status_code == 404
    assert count() == 0


def test_too_long_or_too_often_is_refused(
    client: Client, plan: Application, writer: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    fields = hidden(page_of(client, plan))
    assert keep(client, plan, {**fields, "purpose": "x" * parking.MOST_BYTES}).status_code == 422
    assert count() == 0
    monkeypatch.setattr(parking, "RATE", ("park", 3, timedelta(minutes=1)))
    answers = [keep(client, plan, fields).status_code for _time in range(3)]
    assert answers == [200, 200, 429]  # what was refused counted too


def test_only_the_newest_pages_of_a_section_are_kept(client: Client, plan: Application, writer: User) -> None:
    for number in range(parking.MOST_PAGES + 2):
        type_and_leave(client, plan, theme_en=f"Window {number}")
    assert count() == parking.MOST_PAGES
    assert "<td>Window 6</td>" in page_of(client, plan)


def test_texts_are_swept_after_a_month(client: Client, plan: Application, writer: User) -> None:
    type_and_leave(client, plan, theme_en="Typed only")
    now = clock.now()
    assert (parking.sweep(now + parking.KEEP - timedelta(minutes=1)), count()) == (0, 1)
    assert (parking.sweep(now + parking.KEEP + timedelta(minutes=1)), count()) == (1, 0)


def test_page_that_beats_by_itself_does_not_keep_a_session_alive(
    client: Client, plan: Application, writer: User
) -> None:
    fields = hidden(page_of(client, plan))
    seen = db.session.scalar(select(UserSession.last_seen_at))
    with time_machine.travel(clock.now() + timedelta(minutes=10), tick=False):
        client.audit_exempt = frozenset({f"{address(plan)}/keep"})  # the session's own note
        client.post(f"{address(plan)}/keep", data=fields)
        assert db.session.scalar(select(UserSession.last_seen_at)) == seen
        keep(client, plan, fields)
        assert db.session.scalar(select(UserSession.last_seen_at)) != seen


def test_parked_texts_cost_no_more_queries_the_more_there_are(client: Client, plan: Application, writer: User) -> None:
    page_of(client, plan)
    none = client.last.queries
    type_and_leave(client, plan, theme_en="One")
    page_of(client, plan)
    one = client.last.queries
    type_and_leave(client, plan, theme_en="Two")
    page_of(client, plan)
    assert client.last.queries == one == none
