"""Copying an entry of the itinerary, without scripts."""

import pytest

from app.applications.models import Application
from app.applications.row_forms import MOST_ROWS
from app.core.db import db
from tests.conftest import Client
from tests.factories.accounts import make_user, sign_in
from tests.factories.applications import make_application

ROW = {"rows-0-day": "2", "rows-0-starts_at": "9:00", "rows-0-kind": "special_lecture", "rows-0-title": "Rivers"}


@pytest.fixture
def plan(client: Client) -> Application:
    application = make_application(complete=False)
    sign_in(client, make_user("host_editor", application.host_institution))
    return application


def send(client: Client, plan: Application, section: str = "itinerary", **fields: str) -> int:
    db.session.refresh(plan)
    sent = {**fields, "version": str(plan.version)}
    status = client.post(f"/applications/{plan.public_id}/edit/{section}", data=sent).status_code
    db.session.refresh(plan)
    return status


def test_copy_stands_behind_its_original_with_all_it_says(client: Client, plan: Application) -> None:
    later = {"rows-1-day": "2", "rows-1-starts_at": "14:00", "rows-1-kind": "visit", "rows-1-title": "Lake"}
    assert send(client, plan, **ROW, **later, do="copy-0") == 302
    assert [(item.day, str(item.starts_at), item.kind.value, item.title) for item in plan.itinerary] == [
        (2, "09:00:00", "special_lecture", "Rivers"),
        (2, "09:00:00", "special_lecture", "Rivers"),
        (2, "14:00:00", "visit", "Lake"),
    ]
    page = client.get(f"/applications/{plan.public_id}/edit/itinerary").get_data(as_text=True)
    assert page.count('value="copy-') == 3


def test_unreadable_entry_is_copied_as_typed_and_not_saved(client: Client, plan: Application) -> None:
    sent = {**ROW, "rows-0-starts_at": "26:00", "do": "copy-0", "version": str(plan.version)}
    answer = client.post(f"/applications/{plan.public_id}/edit/itinerary", data=sent)
    assert answer.status_code == 422
    assert answer.get_data(as_text=True).count('value="26:00"') == 2
    db.session.refresh(plan)
    assert plan.itinerary == []


def test_copying_stops_at_as_many_rows_as_may_be(client: Client, plan: Application) -> None:
    row = {"day": "1", "kind": "visit", "title": "x"}
    many = {f"rows-{number}-{name}": text for number in range(MOST_ROWS) for name, text in row.items()}
    assert send(client, plan, **many, do="copy-0") == 302
    assert len(plan.itinerary) == MOST_ROWS
    assert client.get(f"/applications/{plan.public_id}/edit/itinerary?blank=1").status_code == 200


def test_rows_with_a_partner_of_their_own_are_not_copied(client: Client, plan: Application) -> None:
    assert send(client, plan, "partners", **{"rows-0-organization": "A", "rows-0-country": "", "do": "copy-0"}) == 302
    assert [partner.typed_name for partner in plan.partners] == ["A"]
