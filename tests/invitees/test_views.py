"""Pages on persons: who sees whom, and how much of them."""

import pytest
from bs4 import BeautifulSoup
from flask import Flask
from sqlalchemy import select

from app.accounts.models import UserSession
from app.core import clock
from app.core.audit import AuditEvent
from app.core.authz import Role
from app.core.db import db
from tests.conftest import Client
from tests.factories.accounts import make_user, sign_in
from tests.factories.directory import make_host
from tests.factories.invitees import make_invitee


def enter(client: Client, role: Role, host: object = None, *, confirmed: bool = True, locale: str = "en") -> None:
    sign_in(client, make_user(role, host, locale=locale))  # type: ignore[arg-type]
    for session in db.session.query(UserSession):
        session.confirmed_at = clock.now() if confirmed else None


@pytest.mark.parametrize("number", [1, 3])
@pytest.mark.parametrize("path", ["/invitees", "/invitees?q=sharma", "/invitees?country=NP"])
def test_lists_take_the_same_queries_for_one_and_for_three(client: Client, path: str, number: int) -> None:
    for _number in range(number):
        make_invitee(passport="AB1234567")
    enter(client, Role.COORDINATOR)
    assert client.get(path).status_code == 200
    assert client.last.queries == 3  # who asks, own views, and the page


@pytest.mark.parametrize("number", [1, 3])
def test_export_takes_the_same_queries_for_one_and_for_three(client: Client, number: int) -> None:
    for _number in range(number):
        make_invitee(passport="AB1234567")
    enter(client, Role.COORDINATOR)
    assert client.post("/invitees/export", data={"reason": "For the yearbook"}).status_code == 200
    assert client.last.queries == 3  # who asks, who is written down in the audit, and the rows


def test_page_of_a_person_takes_the_same_queries_whatever_is_known(client: Client) -> None:
    bare, full = make_invitee(), make_invitee(passport="AB1234567")
    enter(client, Role.COORDINATOR)
    counts = []
    for person_id in (bare.public_id, full.public_id):
        assert client.get(f"/invitees/{person_id}").status_code == 200
        counts.append(client.last.queries)
    assert counts[0] == counts[1]


def test_hosts_find_only_whom_they_received(client: Client) -> None:
    host = make_host()
    own, other = make_invitee(known_to=host, given_names="OWN"), make_invitee(given_names="OTHER")
    enter(client, Role.HOST_EDITOR, host)
    for path in ("/invitees", "/invitees?q=sharma"):
        page = client.get(path).get_data(as_text=True)
        assert own.public_id in page and other.public_id not in page
    assert client.get(f"/invitees/{other.public_id}").status_code == 404
    assert client.get(f"/invitees/{'x' * 16}").status_code == 404


@pytest.mark.parametrize("words", ["शर्मा", "sharma", "aakash", "シャルマ"])
def test_person_is_found_by_a_name_in_any_script(client: Client, words: str) -> None:
    person = make_invitee()
    enter(client, Role.COORDINATOR)
    assert person.public_id in client.get("/invitees", query_string={"q": words}).get_data(as_text=True)


def test_auditor_neither_sees_nationalities_nor_sifts_by_them(client: Client) -> None:
    nepal, thailand = make_invitee(), make_invitee(nationality="TH")
    enter(client, Role.AUDITOR)
    page = client.get("/invitees?country=TH").get_data(as_text=True)
    assert nepal.public_id in page and thailand.public_id in page
    assert "Nepal" not in page and "Thailand" not in page
    assert not BeautifulSoup(page, "html.parser").select("[name=country]")
    one = client.get(f"/invitees/{nepal.public_id}").get_data(as_text=True)
    assert "2004-05-06" not in one and "Nepal" not in one


def test_coordinator_sifts_by_nationality(client: Client) -> None:
    nepal, thailand = make_invitee(), make_invitee(nationality="TH")
    enter(client, Role.COORDINATOR)
    page = client.get("/invitees?country=TH").get_data(as_text=True)
    assert thailand.public_id in page and nepal.public_id not in page


@pytest.mark.parametrize("role", [Role.DECISION_MAKER, Role.REVIEWER, Role.ADMINISTRATOR, Role.ALUMNUS])
def test_persons_are_not_for_everybody_at_jst(client: Client, role: Role) -> None:
    person = make_invitee()
    enter(client, role)
    assert client.get("/invitees").status_code == client.get(f"/invitees/{person.public_id}").status_code == 403


def test_export_has_no_passports_and_asks_for_the_password(client: Client) -> None:
    person = make_invitee(passport="AB1234567")
    enter(client, Role.COORDINATOR, confirmed=False)
    assert client.get("/invitees/export").status_code == 302
    enter(client, Role.COORDINATOR)
    assert person.given_names not in client.get("/invitees/export").get_data(as_text=True)
    assert client.post("/invitees/export").status_code == 422
    text = client.post("/invitees/export?country=NP", data={"reason": "For the yearbook"}).get_data(as_text=True)
    entry = db.session.scalars(select(AuditEvent).where(AuditEvent.verb == "invitee:export")).one()
    assert entry.comment == "For the yearbook" and "NP" in str(entry.changes)
    assert person.given_names in text and "1234567" not in text and "567" not in text.replace(person.public_id, "")


def test_number_is_shown_after_password_and_reason_and_only_then(client: Client) -> None:
    person = make_invitee(passport="AB1234567")
    path = f"/invitees/{person.public_id}/passport"
    enter(client, Role.COORDINATOR, confirmed=False)
    assert client.get(path).status_code == 302
    enter(client, Role.COORDINATOR)
    assert b"AB1234567" not in client.get(path).data
    assert client.post(path).status_code == 422
    assert b"AB1234567" in client.post(path, data={"reason": "visa papers"}).data
    assert b"AB1234567" not in client.get(f"/invitees/{person.public_id}").data


FIELDS = {
    "surname": "SHARMA",
    "given_names": "AAKASH",
    "sex": "M",
    "date_of_birth": "2004-05-06",
    "nationality": "NP",
}


def test_host_corrects_a_name_and_who_was_overtaken_sees_both(client: Client) -> None:
    host = make_host()
    person = make_invitee(known_to=host)
    enter(client, Role.HOST_EDITOR, host)
    path = f"/invitees/{person.public_id}/edit"
    wrong = client.post(path, data={**FIELDS, "surname": "Šharma", "version": str(person.version)})
    assert wrong.status_code == 422 and "Šharma" in wrong.get_data(as_text=True)
    data = {**FIELDS, "version": str(person.version)}
    assert client.post(path, data=data).status_code == 302
    assert person.passport_name == "SHARMA, AAKASH"
    late = client.post(path, data={**data, "surname": "SARMA"})
    assert late.status_code == 409 and "SARMA" in late.get_data(as_text=True)
    assert person.surname == "SHARMA"


def test_host_enters_a_renewed_passport(client: Client) -> None:
    host = make_host()
    person = make_invitee(known_to=host)
    enter(client, Role.HOST_EDITOR, host)
    path = f"/invitees/{person.public_id}/passport/new"
    assert client.get(path).status_code == 200
    assert client.post(path, data={"number": "!"}).status_code == 422
    assert client.post(path, data={"number": "ZZ7654321", "expires_on": "2036-01-01"}).status_code == 302
    assert person.passport is not None and person.passport.last_signs == "321"


@pytest.mark.parametrize("locale", ["ja", "en"])
def test_pages_are_made_in_both_languages(client: Client, app: Flask, locale: str) -> None:
    host = make_host()
    person = make_invitee(known_to=host, passport="AB1234567")
    enter(client, Role.HOST_EDITOR, host, locale=locale)
    for page in ("", f"/{person.public_id}", f"/{person.public_id}/edit", f"/{person.public_id}/passport"):
        answer = client.get(f"/invitees{page}")
        assert answer.status_code == 200 and f'lang="{locale}"' in answer.get_data(as_text=True)
