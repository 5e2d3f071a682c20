"""Two texts of one section side by side: rows that belong together, whoever put some in or took some out."""

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import update
from werkzeug.datastructures import MultiDict

from app.applications import plan_service
from app.applications.models import Application
from app.applications.row_forms import BudgetForm, ItineraryForm, PartnersForm, PeopleForm
from app.applications.views.comparing import differences
from app.core import i18n
from app.core.db import db
from tests.conftest import Client
from tests.factories.accounts import make_user, sign_in
from tests.factories.applications import make_application
from tests.factories.directory import make_sending

Rows = list[dict[str, str]]


def form(kind: type[Any], rows: Rows) -> Any:
    sent = MultiDict({f"rows-{number}-{name}": text for number, row in enumerate(rows) for name, text in row.items()})
    return kind(formdata=MultiDict({"version": "1", **sent}))


def compared(app: Flask, kind: type[Any], typed: Rows, stored: Rows) -> list[tuple[str, str, str]]:
    with app.test_request_context(headers={"Accept-Language": "en"}):
        assert i18n.language() == "en"
        found = differences(form(kind, typed), form(kind, stored), 2)
        return [(one.label, one.stored, one.typed) for one in found]


def day(number: int, title: str) -> dict[str, str]:
    return {"day": str(number), "kind": "special_lecture", "title": title}


A, B, C = day(1, "Arrival"), day(2, "Lecture"), day(3, "Rivers")


@pytest.mark.parametrize(
    ("typed", "stored", "expected"),
    [
        ([A, B, C], [A, B, C], []),
        ([A, {}, B], [A, B], []),  # empty rows say nothing
        ([A, {**B, "title": "Mine"}, C], [A, {**B, "title": "Theirs"}, C], [("Row 2, What is done", "Theirs", "Mine")]),
        ([B, C], [A, B, C], [("Row 1 of what is stored", "1 · Special lecture · Arrival", "")]),
        ([A, B, C], [B, C], [("Row 1", "", "1 · Special lecture · Arrival")]),
        (
            [A, day(2, "Mine"), B],
            [A, B, day(3, "Theirs")],
            [
                ("Row 2", "", "2 · Special lecture · Mine"),
                ("Row 3 of what is stored", "3 · Special lecture · Theirs", ""),
            ],
        ),
        ([], [A], [("Row 1 of what is stored", "1 · Special lecture · Arrival", "")]),
        ([{**A, "day": "first"}], [A], [("Row 1, Day", "1", "first")]),  # as it was typed, readable or not
    ],
)
def test_days_are_compared_by_what_they_say(
    app: Flask, typed: Rows, stored: Rows, expected: list[tuple[str, str, str]]
) -> None:
    found = compared(app, ItineraryForm, typed, stored)
    assert [tuple(text.replace("Special lecture or program", "Special lecture") for text in one) for one in found] == (
        expected
    )


def test_partners_are_compared_by_who_they_are(app: Flask) -> None:
    valley, hill = {"id": "1", "organization": "Valley"}, {"id": "2", "organization": "Hill"}
    found = compared(
        app,
        PartnersForm,
        [{**hill, "contact_name": "Mine"}, {"id": "", "organization": "New"}],
        [valley, {**hill, "contact_name": "Theirs"}],
    )
    assert found == [
        ("Row 1, Contact person", "Theirs", "Mine"),
        ("Row 2", "", "New"),
        ("Row 1 of what is stored", "Valley", ""),
    ]


def test_people_and_costs_are_compared_in_words(app: Flask) -> None:
    five = {"category": "master", "role": "invitee", "number": "5", "first_visit": "yes"}
    found = compared(app, PeopleForm, [{**five, "category": "high_school"}], [five])
    assert found == [("Row 1, Category", "Master's student", "High-school student")]
    cost = {"kind": "fees", "description": "Lectures", "quantity": "2", "unit_price": "9000"}
    assert compared(app, BudgetForm, [{**cost, "unit_price": "9,500"}], [cost]) == [
        ("Row 1, Unit price in yen", "9000", "9,500")
    ]


@pytest.mark.parametrize(
    ("section", "typed"),
    [
        ("partners", {"rows-0-organization": "My own institute", "rows-0-country": "NP"}),
        ("itinerary", {"rows-0-day": "1", "rows-0-kind": "arrival", "rows-0-title": "My own title"}),
        ("people", {"rows-0-category": "faculty", "rows-0-role": "invitee", "rows-0-number": "77"}),
        ("budget", {"rows-0-kind": "fees", "rows-0-description": "My own cost", "rows-0-unit_price": "77"}),
    ],
)
def test_stale_rows_show_both_texts_and_keep_what_was_typed(
    client: Client, app: Flask, section: str, typed: dict[str, str]
) -> None:
    plan = make_application(partners=[make_sending(country="NP")])
    sign_in(client, make_user("host_editor", plan.host_institution))
    old = str(plan.version)
    db.session.execute(update(Application).values(version=Application.version + 1))
    db.session.expire_all()
    answer = client.post(f"/applications/{plan.public_id}/edit/{section}", data={**typed, "version": old})
    page = answer.get_data(as_text=True)
    assert answer.status_code == 409 and "Somebody else changed this meanwhile" in page
    mine = next(text for text in typed.values() if text in ("My own institute", "My own title", "77", "My own cost"))
    assert f'value="{mine}"' in page
    assert "Row 1" in page
    db.session.refresh(plan)
    assert plan.version == int(old) + 1


def test_save_that_meets_another_in_the_same_instant_shows_both_texts(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan = make_application(theme_en="As read")
    sign_in(client, make_user("host_editor", plan.host_institution))
    checked = plan_service.require_open

    def overtaken(*args: Any) -> None:
        checked(*args)
        table = Application.__table__
        theirs = update(table).values(version=table.c.version + 1)
        db.session.connection().execute(theirs)

    monkeypatch.setattr(plan_service, "require_open", overtaken)
    sent = {"version": str(plan.version), "theme_en": "Mine"}
    answer = client.post(f"/applications/{plan.public_id}/edit/overview", data=sent)
    assert answer.status_code == 409
    assert 'value="Mine"' in answer.get_data(as_text=True)
    assert "<td>As read</td><td>Mine</td>" in answer.get_data(as_text=True)
