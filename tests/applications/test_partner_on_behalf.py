"""The host fills in a partner's part on its behalf: everybody sees whose each field is, nobody overwrites unseen."""

import re
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from app.applications import contents, partner_marks, partner_part, plan_service, snapshot, thawing
from app.applications.models import Application
from app.core.audit import AuditEvent
from app.core.authz import Role
from app.core.db import db
from tests.conftest import Client
from tests.factories.accounts import make_actor, make_user, sign_in
from tests.factories.applications import make_application
from tests.factories.directory import make_sending
from tests.factories.partners import invite_partner, open_browser, partner_of

BY_LETTER = {
    "description": "A campus in the valley that measures rivers.",
    "contact_name": "Dr. Maya Rai",
    "contact_email": "maya@example.org",
    "contact_phone": "+977 1 400 0000",
    "rows-0-category": "master",
    "rows-0-role": "invitee",
    "rows-0-number": "5",
    "rows-0-first_visit": "yes",
    "pledge": "y",
    "pledge_name": "Prof. Hari Thapa",
    "pledge_source": "by letter of 3 November",
}
ITS_OWN = {name: value for name, value in BY_LETTER.items() if name != "pledge_source"}


@pytest.fixture
def plan(app: Flask) -> Application:
    return make_application(partners=[make_sending(name_en="Valley Campus"), make_sending(name_en="Hill Campus")])


@pytest.fixture
def host(client: Client, plan: Application) -> Client:
    sign_in(client, make_user(Role.HOST_EDITOR, plan.host_institution, name="Ms. Editor"))
    return client


def address(plan: Application, place: int = 0) -> str:
    return f"/applications/{plan.public_id}/partner-part/{partner_of(plan, place).id}"


def text(answer: Any) -> str:
    return str(answer.get_data(as_text=True))


def version_on(page: Any) -> str:
    found = re.search(r'name="version"[^>]*value="(\d+)"|value="(\d+)"[^>]*name="version"', text(page))
    assert found
    return found[1] or found[2]


def whose(plan: Application, place: int = 0) -> dict[str, tuple[str, bool]]:
    """By field: who filled it in, and whether the partner has still to see to it."""
    return {name: (mark.by.value, mark.awaits) for name, mark in partner_marks.of(partner_of(plan, place)).items()}


def verbs(plan: Application) -> list[str]:
    entries = select(AuditEvent).where(AuditEvent.subject_id == plan.id, AuditEvent.verb.startswith("partner:"))
    return [entry.verb for entry in db.session.scalars(entries.order_by(AuditEvent.id))]


def test_host_enters_what_reached_it_by_letter(host: Client, plan: Application) -> None:
    before = snapshot.content(plan)
    assert host.post(address(plan), data=BY_LETTER).status_code == 302
    partner = partner_of(plan)
    assert (partner.description, partner.pledge_name) == (BY_LETTER["description"], "Prof. Hari Thapa")
    assert [(group.category, group.number) for group in partner_part.people_of(partner)] == [("master", 5)]
    fields = ("description", "contact_name", "contact_email", "contact_phone", "people", "pledge")
    assert whose(plan) == dict.fromkeys(fields, ("host", True))
    after = snapshot.content(plan)
    assert {name for name in after if after[name] != before[name]} == {"partners", "people"}
    assert after["partners"][1] == before["partners"][1]
    assert verbs(plan) == ["partner:complete"]
    page = text(host.get(f"/applications/{plan.public_id}/edit/partners"))
    assert "by Ms. Editor on" in page and "To be confirmed by the partner" in page


@pytest.mark.parametrize(
    ("left", "named"), [("pledge_source", "How it reached you"), ("pledge_name", "Name"), ("pledge", "Tick the box")]
)
def test_pledge_needs_its_giver_and_the_way_it_came(host: Client, plan: Application, left: str, named: str) -> None:
    answer = host.post(address(plan), data={name: value for name, value in BY_LETTER.items() if name != left})
    assert answer.status_code == 422 and named in text(answer)
    assert BY_LETTER["description"] in text(answer)
    assert partner_of(plan).pledged_at is None


def test_partner_sees_what_was_entered_corrects_some_and_confirms_the_rest(
    app: Flask, host: Client, plan: Application
) -> None:
    host.post(address(plan), data=BY_LETTER)
    phone = open_browser(app, invite_partner(partner_of(plan)))
    page = phone.get("/partner")
    assert "entered some of this on your behalf" in text(page) and "by letter of 3 November" in text(page)
    assert "Ms. Editor" not in text(page)
    corrected = {**ITS_OWN, "contact_phone": "+977 1 999 9999", "version": version_on(page)}
    assert phone.post("/partner", data=corrected).status_code == 302
    found = whose(plan)
    assert found.pop("contact_phone") == ("partner", False)
    assert set(found.values()) == {("host", False)}
    assert verbs(plan)[-2:] == ["partner:fill-in", "partner:confirm"]
    assert "on your behalf on" in text(phone.get("/partner"))


def test_partner_confirms_by_saving_what_stands_there(app: Flask, host: Client, plan: Application) -> None:
    host.post(address(plan), data=BY_LETTER)
    phone = open_browser(app, invite_partner(partner_of(plan)))
    shown = version_on(phone.get("/partner"))
    for _click in range(2):
        assert phone.post("/partner", data={**ITS_OWN, "version": shown}).status_code == 302
    assert set(whose(plan).values()) == {("host", False)}
    assert verbs(plan).count("partner:confirm") == 1
    assert partner_of(plan).pledge_source == BY_LETTER["pledge_source"]


def test_pledge_that_is_the_partners_own_word_no_host_changes(app: Flask, host: Client, plan: Application) -> None:
    phone = open_browser(app, invite_partner(partner_of(plan)))
    phone.post("/partner", data=ITS_OWN)
    assert 'name="pledge_name"' not in text(host.get(address(plan)))
    for forged in ({**BY_LETTER, "pledge_name": "Another"}, {"description": "Ours"}):
        assert host.post(address(plan), data=forged).status_code == 302
        partner = partner_of(plan)
        assert (partner.pledge_name, partner.pledge_source) == ("Prof. Hari Thapa", "")
        assert partner.pledged_at is not None


def test_partner_and_host_who_saw_the_same_part_stop_each_other(app: Flask, host: Client, plan: Application) -> None:
    phone = open_browser(app, invite_partner(partner_of(plan)))
    seen_by_host, seen_by_partner = (version_on(browser.get(where)) for browser, where in pages(host, phone, plan))
    assert phone.post("/partner", data={**ITS_OWN, "version": seen_by_partner}).status_code == 302
    answer = host.post(address(plan), data={"description": "The host's words", "version": seen_by_host})
    assert answer.status_code == 409
    assert "The host&#39;s words" in text(answer) and ITS_OWN["description"] in text(answer)
    assert partner_of(plan).description == ITS_OWN["description"]
    again = {"description": "The host's words", "version": version_on(answer)}
    assert host.post(address(plan), data=again).status_code == 302
    late = phone.post("/partner", data={**ITS_OWN, "description": "Mine", "version": seen_by_partner})
    assert late.status_code == 409 and "The host&#39;s words" in text(late) and "Mine" in text(late)


def pages(host: Client, phone: Client, plan: Application) -> list[tuple[Client, str]]:
    return [(host, address(plan)), (phone, "/partner")]


def test_sections_of_the_plan_say_whose_their_fields_are_too(app: Flask, plan: Application) -> None:
    editor = make_actor(Role.HOST_EDITOR, plan.host_institution)
    phone = open_browser(app, invite_partner(partner_of(plan)))
    phone.post("/partner", data=ITS_OWN)
    rows = [
        {
            "id": str(partner.id),
            "organization": partner.name,
            "country": "",
            "contact_name": "Somebody new" if place == 0 else partner.contact_name,
            "contact_email": partner.contact_email,
            "prior_notification": "",
        }
        for place, partner in enumerate(plan.partners)
    ]
    plan_service.save_partners(editor, plan, rows)
    found = whose(plan)
    assert found["contact_name"] == ("host", True) and found["contact_email"] == ("partner", False)
    plan_service.save_people(
        editor, plan, [{"partner": str(partner_of(plan).id), "category": None, "role": "invitee", "number": 2}]
    )
    assert whose(plan)["people"] == ("host", True)
    plan_service.save_people(editor, plan, [])
    assert "people" not in whose(plan) and "people" not in whose(plan, 1)


def test_way_of_the_pledge_is_told_and_frozen_with_it(host: Client, plan: Application) -> None:
    host.post(address(plan), data=BY_LETTER)
    plan.snapshot = snapshot.content(plan)
    for said in (plan, thawing.as_submitted(plan)):
        assert "by letter of 3 November" in contents.of(said).partners[0]["pledge"]


def test_other_hosts_and_plans_under_way_have_no_such_page(client: Client, host: Client, plan: Application) -> None:
    assert host.get(f"/applications/{plan.public_id}/partner-part/0").status_code == 404
    sent = make_application("submitted", call=plan.call, host=plan.host_institution)
    assert host.post(address(sent), data=BY_LETTER).status_code == 409
    sign_in(client, make_user(Role.HOST_EDITOR))
    assert client.get(address(plan)).status_code == 404
