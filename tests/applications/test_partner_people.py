"""A partner names its own people behind its link, with passports nobody sees there again."""

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from app.applications import named_keeping
from app.applications.models import Application, ApplicationState
from app.applications.named_models import EnteredBy
from app.core import clock
from app.core.audit import AuditEvent
from app.core.authz import Role
from app.core.db import db
from app.core.outbox import OutboxMessage
from tests.conftest import Client
from tests.factories.accounts import make_user, sign_in
from tests.factories.applications import make_application
from tests.factories.directory import make_sending
from tests.factories.partners import invite_partner, open_browser, partner_of
from tests.factories.people import make_person

FIRST_LOAD = 60_000
NUMBER = "PA7654321"
PERSON = {
    "surname": "Sherpa",
    "given_names": "Pema",
    "date_of_birth": "2004-03-02",
    "nationality": "NP",
    "sex": "F",
    "category": "undergraduate",
    "role": "invitee",
    "first_visit": "yes",
    "passport_number": NUMBER,
}


@pytest.fixture
def plan(app: Flask) -> Application:
    return make_application(partners=[make_sending(name_en="Valley Campus"), make_sending(name_en="Hill Campus")])


@pytest.fixture
def phone(app: Flask, plan: Application) -> Client:
    return open_browser(app, invite_partner(partner_of(plan)))


def text(answer: Any) -> str:
    return str(answer.get_data(as_text=True))


def test_partner_names_its_people_and_no_page_shows_the_passport_again(phone: Client, plan: Application) -> None:
    assert phone.post("/partner/people/new", data={**PERSON, "key": "k1"}).location == "/partner/people"
    assert phone.post("/partner/people/new", data={**PERSON, "key": "k1"}).location == "/partner/people"
    (person,) = plan.named
    assert person.partner is partner_of(plan) and person.entered_by is EnteredBy.PARTNER
    assert named_keeping.opened(person) == NUMBER
    pages = [text(phone.get(path)) for path in ("/partner/people", f"/partner/people/{person.public_id}")]
    assert all("SHERPA" in page and NUMBER not in page for page in pages)
    event = db.session.scalars(select(AuditEvent).where(AuditEvent.verb == "people:add")).one()
    assert event.actor_id is None and NUMBER not in str(event.changes)
    assert {mail.template for mail in db.session.scalars(select(OutboxMessage))} == {"partner_filled"}


def test_host_sees_who_entered_what(app: Flask, phone: Client, plan: Application) -> None:
    phone.post("/partner/people/new", data=PERSON)
    make_person(plan)
    host: Client = app.test_client()  # type: ignore[assignment]
    sign_in(host, make_user(Role.HOST_EDITOR, plan.host_institution))
    page = text(host.get(f"/applications/{plan.public_id}/people"))
    assert "Partner, " in page and "••••321" in page and NUMBER not in page


def test_partner_reaches_its_own_people_only(phone: Client, plan: Application) -> None:
    own = make_person(plan, partner=partner_of(plan), given_names="OWN")
    other = make_person(plan, partner=partner_of(plan, 1), given_names="OTHER")
    nobodys = make_person(plan, given_names="UNSAID")
    page = text(phone.get("/partner/people"))
    assert "OWN" in page and "OTHER" not in page and "UNSAID" not in page
    for person, status in ((own, 200), (other, 404), (nobodys, 404)):
        assert phone.get(f"/partner/people/{person.public_id}").status_code == status
        assert phone.get(f"/partner/people/{person.public_id}/remove").status_code == status
    assert phone.post(f"/partner/people/{other.public_id}/remove", data={"key": "k"}).status_code == 404
    # Nor does it learn that somebody of this name is named by another partner.
    twin = {**PERSON, "surname": "RAI", "given_names": "OTHER", "date_of_birth": "2004-05-06"}
    assert phone.post("/partner/people/new", data=twin).status_code == 302


def test_partner_changes_and_removes(phone: Client, plan: Application) -> None:
    person = make_person(plan, partner=partner_of(plan), passport_number=NUMBER)
    path = f"/partner/people/{person.public_id}"
    said = {**PERSON, "passport_number": "", "version": str(person.version)}
    assert phone.post(path, data=said).status_code == 302
    assert (person.passport_name, named_keeping.opened(person)) == ("SHERPA, PEMA", NUMBER)
    assert phone.post(path, data={**said, "affiliation": "Late"}).status_code == 409
    assert phone.post(path, data={**said, "forget_number": "y", "version": str(person.version)}).status_code == 302
    assert person.masked_number == ""
    assert phone.post(f"{path}/remove", data={"key": "k"}).status_code == 302
    assert plan.named == []


def test_plan_handed_in_is_read_only(phone: Client, plan: Application) -> None:
    make_person(plan, partner=partner_of(plan))
    plan.state, plan.reference, plan.submitted_at = ApplicationState.SUBMITTED, "2026-0001", clock.now()
    db.session.flush()
    assert "/partner/people/new" not in text(phone.get("/partner/people"))
    assert phone.post("/partner/people/new", data=PERSON).status_code == 409


def test_pages_of_people_are_small_private_and_need_a_link(app: Flask, phone: Client, plan: Application) -> None:
    for _number in range(8):
        make_person(plan, partner=partner_of(plan))
    for path in ("/partner/people", "/partner/people/new"):
        answer = phone.get(path)
        assert len(answer.get_data()) < FIRST_LOAD and "no-store" in answer.headers["Cache-Control"]
        assert phone.get(path).headers["Referrer-Policy"] == "no-referrer"
        assert app.test_client().get(path).status_code == 410
