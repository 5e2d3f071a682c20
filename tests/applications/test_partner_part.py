"""A partner's own part: what it sees, what it may change, and how it and the host keep out of each other's way."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from app.applications import contents, document, partner_links, partner_part, plan_service, snapshot
from app.applications.models import Application, ApplicationPartner
from app.core import clock
from app.core.audit import AuditEvent
from app.core.authz import Role
from app.core.db import db
from app.core.outbox import OutboxMessage
from tests.conftest import Client
from tests.documents.reading import text_of
from tests.factories.accounts import make_actor, make_user, sign_in
from tests.factories.applications import make_application
from tests.factories.directory import make_sending
from tests.factories.partners import invite_partner, open_browser, partner_of

FIRST_LOAD = 60_000
FILLED = {
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
}


@pytest.fixture
def plan(app: Flask) -> Application:
    """A draft with two partners; all people are the first one's."""
    return make_application(
        partners=[make_sending(name_en="Valley Campus"), make_sending(name_en="Hill Campus")],
        purpose="A purpose nobody abroad reads",
    )


@pytest.fixture
def phone(app: Flask, plan: Application) -> Client:
    return open_browser(app, invite_partner(partner_of(plan)))


def text(answer: Any) -> str:
    return str(answer.get_data(as_text=True))


def version(partner: ApplicationPartner) -> str:
    return str(partner_part.version(partner_part.stored(partner)))


def kinds(partner: ApplicationPartner) -> list[tuple[str, int]]:
    return [(str(group.category), group.number) for group in partner_part.people_of(partner)]


def test_partner_fills_in_its_part(phone: Client, plan: Application) -> None:
    before = plan.version
    assert phone.post("/partner", data=FILLED).location == "/partner"
    partner = partner_of(plan)
    assert (partner.description, partner.contact_name) == (FILLED["description"], "Dr. Maya Rai")
    assert kinds(partner) == [("master", 5)]
    assert partner.pledge_name == "Prof. Hari Thapa" and partner.pledged_at is not None
    assert plan.version > before
    assert "Your part is saved" in text(phone.get("/partner"))


def test_partner_sees_only_what_concerns_it(phone: Client, plan: Application) -> None:
    page = text(phone.get("/partner"))
    for seen in ("Measuring a river basin", plan.host_institution.name_en, "Jun Ito", "Valley Campus"):
        assert seen in page
    for hidden in ("Hill Campus", "A purpose", "90,000", "Lodging", "Hanako Yamada", "jun.ito@example.ac.jp"):
        assert hidden not in page
    assert 'lang="en"' in page


def test_first_load_stays_small(phone: Client) -> None:
    assert len(phone.get("/partner").get_data()) <= FIRST_LOAD


def test_fields_that_are_not_the_partners_change_nothing(phone: Client, plan: Application) -> None:
    foreign = {
        "theme_en": "Taken over",
        "purpose": "Taken over",
        "typed_name": "Taken over",
        "organization_id": "1",
        "prior_notification": "NP-1",
        "rows-0-partner": str(partner_of(plan, 1).id),
        "rows-0-partner_id": str(partner_of(plan, 1).id),
        "pledged_at": "2001-01-01",
    }
    before = snapshot.content(plan)
    assert phone.post("/partner", data={**FILLED, **foreign}).status_code == 302
    after = snapshot.content(plan)
    assert {name for name in after if after[name] != before[name]} == {"partners", "people"}
    assert after["partners"][1] == before["partners"][1]
    assert after["partners"][0]["name"] == "Valley Campus" and after["partners"][0]["prior_notification"] == ""
    assert after["partners"][0]["pledged_at"] > "2002"


def test_notification_is_asked_only_where_a_rule_asks(app: Flask) -> None:
    china = make_application(partners=[make_sending(country="CN")])
    chinese = open_browser(app, invite_partner(partner_of(china)))
    assert 'name="prior_notification"' in text(chinese.get("/partner"))
    assert chinese.post("/partner", data={**FILLED, "prior_notification": "CN-9"}).status_code == 302
    assert partner_of(china).prior_notification == "CN-9"
    nepal = open_browser(app, invite_partner(partner_of(make_application(call=china.call))))
    assert 'name="prior_notification"' not in text(nepal.get("/partner"))


@pytest.mark.parametrize(
    "wrong",
    [{"pledge_name": ""}, {"pledge": ""}, {"rows-0-number": ""}, {"rows-0-number": "1000"}, {"contact_email": "x"}],
)
def test_half_filled_things_are_refused(phone: Client, plan: Application, wrong: dict[str, str]) -> None:
    data = {name: value for name, value in {**FILLED, **wrong}.items() if (name, value) != ("pledge", "")}
    assert phone.post("/partner", data=data).status_code == 422
    assert partner_of(plan).description == ""


def test_pledge_keeps_its_day_until_somebody_else_gives_it(phone: Client, plan: Application) -> None:
    phone.post("/partner", data=FILLED)
    given = partner_of(plan).pledged_at
    with time_machine.travel(clock.now() + timedelta(hours=2), tick=False):
        phone.post("/partner", data={**FILLED, "description": "Other words"})
        assert partner_of(plan).pledged_at == given
        phone.post("/partner", data={**FILLED, "pledge_name": "Somebody else"})
    assert partner_of(plan).pledged_at != given


def test_history_names_the_partner(phone: Client, client: Client, plan: Application) -> None:
    phone.post("/partner", data=FILLED)
    entry = db.session.scalars(select(AuditEvent).where(AuditEvent.verb == "partner:fill-in")).one()
    assert (entry.actor_id, entry.actor_name, entry.subject_id) == (None, "Partner: Valley Campus", plan.id)
    assert "description" in entry.changes and "people" in entry.changes
    sign_in(client, make_user(Role.HOST_EDITOR, plan.host_institution))
    assert "Partner: Valley Campus" in text(client.get(f"/applications/{plan.public_id}"))


def test_host_hears_once_an_hour_in_its_own_language(phone: Client, plan: Application) -> None:
    editor = make_user(Role.HOST_EDITOR, plan.host_institution, locale="ja")

    def told() -> list[str]:
        of_editor = select(OutboxMessage).where(
            OutboxMessage.template == "partner_filled", OutboxMessage.recipient_id == editor.id
        )
        return [mail.locale for mail in db.session.scalars(of_editor)]

    for number in range(3):
        phone.post("/partner", data={**FILLED, "description": f"Words {number}"})
    assert told() == ["ja"]
    with time_machine.travel(clock.now() + timedelta(minutes=61), tick=False):
        phone.post("/partner", data={**FILLED, "description": "Later words"})
    assert told() == ["ja", "ja"]


def test_sending_the_same_twice_writes_once(phone: Client, plan: Application) -> None:
    shown = version(partner_of(plan))
    for _click in range(2):
        assert phone.post("/partner", data={**FILLED, "version": shown}).status_code == 302
    assert len(db.session.scalars(select(AuditEvent).where(AuditEvent.verb == "partner:fill-in")).all()) == 1


def test_two_partners_who_saw_the_same_plan_both_keep_their_words(app: Flask, phone: Client, plan: Application) -> None:
    other = open_browser(app, invite_partner(partner_of(plan, 1)))
    seen = [version(partner_of(plan, place)) for place in (0, 1)]
    second = {**FILLED, "description": "Up in the hills", "rows-0-number": "2", "version": seen[1]}
    assert other.post("/partner", data=second).status_code == 302
    assert phone.post("/partner", data={**FILLED, "version": seen[0]}).status_code == 302
    first, last = plan.partners
    assert (first.description, last.description) == (FILLED["description"], "Up in the hills")
    assert (kinds(first), kinds(last)) == ([("master", 5)], [("master", 2)])


def test_host_who_edited_meanwhile_stops_the_partner_with_the_differences(phone: Client, plan: Application) -> None:
    seen = version(partner_of(plan))
    host = make_actor(Role.HOST_EDITOR, plan.host_institution)
    plan_service.save_people(
        host, plan, [{"partner": str(plan.partners[0].id), "category": None, "role": "invitee", "number": 3}]
    )
    answer = phone.post("/partner", data={**FILLED, "version": seen})
    assert answer.status_code == 409
    assert "Somebody else changed this meanwhile" in text(answer) and "Dr. Maya Rai" in text(answer)
    assert partner_of(plan).description == ""
    assert f'value="{version(partner_of(plan))}"' in text(answer)


def test_partner_who_saved_meanwhile_stops_the_host(phone: Client, client: Client, plan: Application) -> None:
    sign_in(client, make_user(Role.HOST_EDITOR, plan.host_institution))
    form = {"version": str(plan.version)}
    for number, partner in enumerate(plan.partners):
        form |= {
            f"rows-{number}-id": str(partner.id),
            f"rows-{number}-organization": partner.name,
            f"rows-{number}-contact_name": "Typed by the host",
        }
    phone.post("/partner", data=FILLED)
    answer = client.post(f"/applications/{plan.public_id}/edit/partners", data=form)
    assert answer.status_code == 409 and "Dr. Maya Rai" in text(answer)
    assert partner_of(plan).contact_name == "Dr. Maya Rai"


def test_plan_that_is_handed_in_is_read_only(app: Flask, phone: Client, plan: Application) -> None:
    phone.post("/partner", data=FILLED)
    plan.reference, plan.submitted_at, plan.state = "2025-7777", clock.now(), "submitted"  # type: ignore[assignment]
    page = phone.get("/partner")
    assert page.status_code == 200 and "no longer changed here" in text(page)
    assert "Prof. Hari Thapa" in text(page) and "<textarea" not in text(page)
    assert phone.post("/partner", data={**FILLED, "description": "Too late"}).status_code == 409
    assert partner_of(plan).description == FILLED["description"]


def test_part_belongs_to_the_frozen_plan_and_its_page(phone: Client, plan: Application) -> None:
    phone.post("/partner", data=FILLED)
    frozen = snapshot.content(plan)["partners"][0]
    assert (frozen["description"], frozen["pledge_name"]) == (FILLED["description"], "Prof. Hari Thapa")
    shown, masked = (contents.of(plan, with_contacts=told).partners[0] for told in (True, False))
    assert FILLED["contact_phone"] in shown["contact"] and FILLED["contact_phone"] not in masked["contact"]
    assert "Prof. Hari Thapa" in shown["pledge"]


def test_another_organization_in_its_place_inherits_neither_link_nor_pledge(phone: Client, plan: Application) -> None:
    phone.post("/partner", data=FILLED)
    other = make_sending(name_en="Coast Campus")
    row = {
        "id": str(plan.partners[0].id),
        "organization": "Coast Campus",
        "choice": other.public_id,
        "country": "",
        "contact_name": "",
        "contact_email": "",
        "prior_notification": "",
    }
    plan_service.save_partners(make_actor(Role.HOST_EDITOR, plan.host_institution), plan, [row])
    assert (plan.partners[0].name, plan.partners[0].pledged_at, plan.partners[0].description) == (other.name, None, "")
    assert phone.get("/partner").status_code == 410


def test_partner_taken_out_of_the_plan_has_no_link_any_more(phone: Client, plan: Application) -> None:
    plan_service.save_partners(make_actor(Role.HOST_EDITOR, plan.host_institution), plan, [])
    assert phone.get("/partner").status_code == 410
    assert partner_links.newest_of(plan) == {}


def test_browser_of_two_plans_reaches_both(app: Flask, phone: Client, plan: Application) -> None:
    other = make_application(theme_en="A second theme", call=plan.call)
    second = invite_partner(partner_of(other))
    phone.get(second.address)
    phone.post("/partner/begin", data={"code": second.code})
    assert "Measuring a river basin" in text(phone.get("/partner"))
    first = partner_links.newest_of(plan)[partner_of(plan).id]
    assert "Valley Campus" in text(phone.get(f"/partner?plan={first.public_id}"))
    assert phone.post(f"/partner?plan={first.public_id}", data=FILLED).status_code == 302
    assert partner_of(plan).description and not partner_of(other).description


def test_paper_of_the_plan_has_the_part_and_without_contacts_no_telephone(phone: Client, plan: Application) -> None:
    phone.post("/partner", data=FILLED)
    open_words, masked = (
        text_of(document.plan_pdf(plan, language="en", with_contacts=told, at=clock.now())) for told in (True, False)
    )
    assert "Acampusinthevalley" in open_words and "Prof.HariThapa" in open_words
    assert "+97714000000" in open_words and "+977" not in masked
