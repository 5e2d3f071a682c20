"""The link of a sending side: opened once, with a code, in one browser; who may ask whom when it no longer opens."""

import re
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from app.applications import partner_links
from app.applications.models import Application
from app.applications.partner_models import MOST_WRONG_CODES, LinkState, PartnerLink
from app.core import clock
from app.core.audit import AuditEvent
from app.core.authz import Role
from app.core.db import db
from app.core.outbox import OutboxMessage
from tests.conftest import Client
from tests.factories.accounts import make_user, sign_in
from tests.factories.applications import make_application
from tests.factories.partners import Invited, invite_partner, open_browser, partner_of


@pytest.fixture
def plan(app: Flask) -> Application:
    return make_application(purpose="A purpose nobody abroad reads")


@pytest.fixture
def invited(plan: Application) -> Invited:
    return invite_partner(partner_of(plan))


def text(answer: Any) -> str:
    return str(answer.get_data(as_text=True))


def another(app: Flask) -> Client:
    return app.test_client()  # type: ignore[return-value]


def test_secrets_are_kept_hashed_and_have_their_lengths(invited: Invited) -> None:
    assert len(invited.token) >= 43 and len(invited.code) == 6
    columns = {str(value) for value in vars(invited.link).values()}
    assert not columns & {invited.token, invited.code}


def test_link_ends_with_the_round_or_after_21_days(plan: Application) -> None:
    partner = partner_of(plan)
    first, *_rest = partner_links.issue(partner, make_user("host_editor", plan.host_institution).id)
    assert first.expires_at - first.created_at == timedelta(days=21)
    plan.call.closes_at = clock.now() + timedelta(days=3)
    second, *_rest = partner_links.issue(partner, first.created_by_id)
    assert second.expires_at == plan.call.closes_at


def test_looking_uses_nothing_up_and_tells_nothing_of_the_plan(client: Client, invited: Invited) -> None:
    for _scan in range(3):
        assert client.get(invited.address).status_code == 302
    page = client.get("/partner/begin")
    assert "Continue" in text(page) and "Measuring a river basin" not in text(page)
    assert page.headers["Referrer-Policy"] == "no-referrer" and "no-store" in page.headers["Cache-Control"]
    assert partner_links.find(invited.token).state is LinkState.INVITED  # type: ignore[union-attr]
    assert client.get("/partner").status_code == 410


def test_right_code_opens_in_this_browser_only(app: Flask, invited: Invited) -> None:
    phone = open_browser(app, invited)
    cookie = phone.get_cookie("partner")
    assert cookie is not None and cookie.http_only
    page = phone.get("/partner")
    assert page.status_code == 200 and "Measuring a river basin" in text(page)
    assert phone.get(invited.address).location.startswith("/partner?plan=")
    stranger = another(app)
    assert stranger.get(invited.address).status_code == 410
    assert stranger.get("/partner").status_code == 410
    assert stranger.get(f"/partner?plan={invited.link.public_id}").status_code == 410


def test_code_is_read_as_people_type_it(app: Flask, invited: Invited) -> None:
    invited.code = f" {invited.code[:3]}-{invited.code[3:]} ".upper()
    open_browser(app, invited)


def test_fifth_wrong_code_closes_the_link_for_good(client: Client, invited: Invited) -> None:
    client.get(invited.address)
    for _number in range(MOST_WRONG_CODES):
        assert client.post("/partner/begin", data={"code": "oooooo"}).location == "/partner/begin"
    assert client.post("/partner/begin", data={"code": invited.code}).status_code == 410
    link = db.session.scalars(select(PartnerLink)).one()
    assert (link.wrong_tries, link.state) == (MOST_WRONG_CODES, LinkState.LOCKED)
    wrong = select(AuditEvent).where(AuditEvent.verb == "partner:wrong-code")
    assert len(db.session.scalars(wrong).all()) == MOST_WRONG_CODES


def test_place_that_tries_too_often_waits(client: Client, plan: Application) -> None:
    for _link in range(4):
        invited = invite_partner(partner_of(plan))
        client.get(invited.address)
        for _number in range(MOST_WRONG_CODES):
            client.post("/partner/begin", data={"code": "oooooo"})
    invited = invite_partner(partner_of(plan))
    client.get(invited.address)
    assert client.post("/partner/begin", data={"code": invited.code}).status_code == 429


def test_new_link_ends_the_one_before(app: Flask, client: Client, plan: Application, invited: Invited) -> None:
    phone = open_browser(app, invited)
    invite_partner(partner_of(plan))
    assert phone.get("/partner").status_code == 410
    assert client.get(invited.address).status_code == 410


@pytest.mark.parametrize("ended", ["used", "revoked", "expired", "locked"])
def test_link_that_no_longer_opens_says_whom_to_ask_and_nothing_else(
    app: Flask, client: Client, plan: Application, invited: Invited, ended: str
) -> None:
    if ended == "used":
        open_browser(app, invited)
    elif ended == "revoked":
        partner_links.revoke(invited.link.partner)
    elif ended == "expired":
        invited.link.expires_at = clock.now()
    else:
        invited.link.wrong_tries = MOST_WRONG_CODES
    page = client.get(invited.address)
    assert page.status_code == 410
    assert "Jun Ito" in text(page) and plan.host_institution.name_en in text(page)
    for secret in ("Measuring a river basin", "jun.ito@example.ac.jp", "Sita", "A purpose"):
        assert secret not in text(page)


def test_unknown_link_names_nobody(client: Client) -> None:
    page = client.get("/partner/link/nobody-has-this")
    assert page.status_code == 410 and "your partner institution in Japan" in text(page)


def test_opened_link_ends_with_its_time(app: Flask, invited: Invited) -> None:
    phone = open_browser(app, invited)
    with time_machine.travel(clock.now() + timedelta(days=22), tick=False):
        page = phone.get("/partner")
    assert page.status_code == 410 and "Jun Ito" in text(page)


def press(client: Client, plan: Application, verb: str, **fields: Any) -> Any:
    data = {"partner": str(partner_of(plan).id), **fields}
    return client.post(f"/applications/{plan.public_id}/partner-link/{verb}", data=data)


def mails(template: str) -> list[OutboxMessage]:
    return list(db.session.scalars(select(OutboxMessage).where(OutboxMessage.template == template)))


def test_host_invites_by_mail_once_and_is_shown_the_code_once(app: Flask, client: Client, plan: Application) -> None:
    sign_in(client, make_user(Role.HOST_EDITOR, plan.host_institution))
    first, second = press(client, plan, "invite", key="k1"), press(client, plan, "invite", key="k1")
    assert first.location == second.location
    (mail,) = mails("partner_invitation")
    assert (mail.recipient_address, mail.locale, mail.confidential) == ("sita@example.org", "en", True)
    token = re.search(r"/partner/link/(\S+)", mail.body)
    page = text(client.get(first.location))
    code = re.search(r"only now: (\w{3} \w{3})", page)
    assert token and code and code[1].replace(" ", "").lower() not in mail.body
    assert code[1] not in text(client.get(first.location))
    link = db.session.scalars(select(PartnerLink)).one()
    open_browser(app, Invited(link, token[1], code[1]))
    assert "Opened by the partner" in text(client.get(first.location))
    trail = " ".join(str(vars(entry)) for entry in db.session.scalars(select(AuditEvent)))
    assert token[1] not in trail and code[1] not in trail


def test_host_reminds_once_a_day_and_takes_back(app: Flask, client: Client, plan: Application) -> None:
    sign_in(client, make_user(Role.HOST_EDITOR, plan.host_institution))
    assert press(client, plan, "remind").status_code == 422
    phone = open_browser(app, invite_partner(partner_of(plan)))
    assert press(client, plan, "remind").status_code == 302
    assert press(client, plan, "remind").status_code == 422
    (mail,) = mails("partner_reminder")
    assert mail.body.count("/partner\n") == 1 and "/partner/link" not in mail.body
    assert press(client, plan, "revoke").status_code == 302
    assert phone.get("/partner").status_code == 410


def test_partner_without_an_address_cannot_be_invited(client: Client, plan: Application) -> None:
    sign_in(client, make_user(Role.HOST_EDITOR, plan.host_institution))
    partner_of(plan).contact_email = ""
    assert press(client, plan, "invite").status_code == 422
    assert press(client, plan, "invite", partner="0").status_code == 404
    assert db.session.scalars(select(PartnerLink)).all() == []


def test_plan_of_another_institution_and_plan_under_way_invite_nobody(client: Client, plan: Application) -> None:
    sign_in(client, make_user(Role.HOST_EDITOR))
    assert press(client, plan, "invite").status_code == 404
    sent = make_application("submitted", call=plan.call)
    sign_in(client, make_user(Role.HOST_EDITOR, sent.host_institution))
    assert press(client, sent, "invite").status_code == 409
