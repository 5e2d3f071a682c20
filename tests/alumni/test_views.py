"""Pages of alumni: on the phone, in both languages, for the right people."""

from datetime import date

import pytest
from flask import Flask
from sqlalchemy import func, select

from app.accounts import sessions
from app.alumni.models import Alumnus, AlumnusState, Revisit, RevisitState
from app.alumni.profile import FIELDS
from app.core.authz import Role
from app.core.db import db
from app.core.outbox import OutboxMessage
from app.visits.models import VisitState
from tests.conftest import Client
from tests.factories.accounts import make_user, sign_in
from tests.factories.alumni import make_alumnus, make_alumnus_user, make_revisit
from tests.factories.closing import make_certificate, make_ended_visit
from tests.factories.directory import make_host

REPORT = {"kind": "study", "institution": "Sample Institute", "starts_on": "2026-04-01", "ends_on": "", "note": ""}


@pytest.fixture
def alumnus(app: Flask) -> Alumnus:
    return make_alumnus()


@pytest.fixture
def me(client: Client, alumnus: Alumnus) -> Client:
    sign_in(client, make_alumnus_user(alumnus, locale="en"))
    return client


def text(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return str(answer.get_data(as_text=True))


def test_profile_shows_visits_certificates_and_returns(me: Client, alumnus: Alumnus) -> None:
    visit = make_ended_visit(persons=[alumnus.invitee], took_part=True, state=VisitState.COMPLETED)
    certificate = make_certificate(visit.participations[0])
    make_revisit(alumnus, make_host(name_en="Sapporo Sample University"))
    page = text(me, "/alumni/me")
    for known in (
        alumnus.invitee.passport_name,
        visit.host_institution.name_en,
        certificate.number,
        "Sapporo Sample University",
        "Nepal",
    ):
        assert known in page


@pytest.mark.parametrize("locale", ["ja", "en"])
@pytest.mark.parametrize("path", ["", "/edit", "/visibility", "/name", "/leave", "/returns/new"])
def test_own_pages_open_in_both_languages(client: Client, alumnus: Alumnus, locale: str, path: str) -> None:
    sign_in(client, make_alumnus_user(alumnus, locale=locale))
    assert f'lang="{locale}"' in text(client, f"/alumni/me{path}")


def test_one_tap_says_that_everything_is_right(client: Client) -> None:
    invited = make_alumnus(state=AlumnusState.INVITED, confirmed_on=None, activated_at=None)
    sign_in(client, make_alumnus_user(invited))
    assert client.post("/alumni/me/confirm").status_code == 302
    assert db.session.get_one(Alumnus, invited.id).state is AlumnusState.ACTIVE


def test_edited_profile_is_saved(me: Client, alumnus: Alumnus) -> None:
    answer = me.post(
        "/alumni/me/edit", data={"version": alumnus.version, "city": "Pokhara", "country": "JP", "affiliation": ""}
    )
    assert answer.status_code == 302
    saved = db.session.get_one(Alumnus, alumnus.id)
    assert (saved.city, saved.country, saved.affiliation) == ("Pokhara", "JP", "")


def test_wrong_address_is_said_beside_the_field_and_nothing_is_lost(me: Client, alumnus: Alumnus) -> None:
    answer = me.post("/alumni/me/edit", data={"version": alumnus.version, "city": "Pokhara", "email": "not an address"})
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert 'value="not an address"' in page
    assert 'value="Pokhara"' in page
    assert db.session.get_one(Alumnus, alumnus.id).city == "Kathmandu"


def test_outdated_page_shows_what_is_stored_beside_what_was_typed(me: Client, alumnus: Alumnus) -> None:
    read = alumnus.version
    me.post("/alumni/me/edit", data={"version": read, "city": "Pokhara"})
    answer = me.post("/alumni/me/edit", data={"version": read, "city": "Lalitpur"})
    page = answer.get_data(as_text=True)
    assert answer.status_code == 409
    assert "Pokhara" in page
    assert 'value="Lalitpur"' in page


def test_visibility_page_shows_what_others_see(me: Client, alumnus: Alumnus) -> None:
    assert "Nothing: you are not in the directory." in text(me, "/alumni/me/visibility")
    choice = {f"see_{field}": "only_me" for field in FIELDS} | {"see_city": "alumni", "listed": "y"}
    assert me.post("/alumni/me/visibility", data={**choice, "version": alumnus.version}).status_code == 302
    page = text(me, "/alumni/me/visibility")
    preview = page[page.index('id="preview"') : page.index("<form", page.index('id="preview"'))]
    assert "Kathmandu" in preview
    assert "Hydrology" not in preview


def test_circle_that_a_field_does_not_offer_is_refused(me: Client, alumnus: Alumnus) -> None:
    choice = {f"see_{field}": "only_me" for field in FIELDS} | {"see_email": "alumni"}
    assert me.post("/alumni/me/visibility", data={**choice, "version": alumnus.version}).status_code == 422


def test_leaving_takes_two_steps(me: Client, alumnus: Alumnus) -> None:
    assert me.post("/alumni/me/leave", data={}).status_code == 422
    assert db.session.get_one(Alumnus, alumnus.id).state is AlumnusState.ACTIVE
    assert me.post("/alumni/me/leave", data={"sure": "y"}).status_code == 302
    page = text(me, "/alumni/me")
    assert "You have left the alumni." in page
    assert "private@example.org" not in page
    assert me.get("/alumni/me/edit").status_code == 404
    assert me.get("/alumni/me/returns/new").status_code == 404


def test_request_for_another_name_sent_twice_mails_once(me: Client) -> None:
    make_user(Role.COORDINATOR)
    for _ in range(2):
        assert me.post("/alumni/me/name", data={"wanted": "SHRESTHA", "key": "one-key"}).status_code == 302
    assert db.session.scalar(select(func.count(OutboxMessage.id))) == 1


def test_return_sent_twice_is_there_once(me: Client) -> None:
    for _ in range(2):
        answer = me.post("/alumni/me/returns/new", data={**REPORT, "key": "one-key"})
        assert (answer.status_code, answer.headers["Location"]) == (302, "/alumni/me#returns")
    assert db.session.scalar(select(func.count(Revisit.id))) == 1


def test_institution_in_question_is_asked_back_and_then_taken(me: Client) -> None:
    picked = make_host(name_en="Nagoya Sample College", name_ja="")
    make_host(name_en="Nagoya Sample Institute", name_ja="")
    asked = {**REPORT, "institution": "Nagoya Sample"}
    answer = me.post("/alumni/me/returns/new", data=asked)
    assert answer.status_code == 422
    assert "Nagoya Sample Institute" in answer.get_data(as_text=True)
    assert me.post("/alumni/me/returns/new", data={**asked, "chosen": picked.public_id}).status_code == 302
    assert db.session.scalars(select(Revisit.institution_id)).one() == picked.id


def test_days_that_cannot_be_are_said_beside_the_field(me: Client) -> None:
    answer = me.post("/alumni/me/returns/new", data={**REPORT, "ends_on": "2026-03-01"})
    assert answer.status_code == 422
    assert "The last day is before the first." in answer.get_data(as_text=True)
    assert db.session.scalar(select(func.count(Revisit.id))) == 0


def test_own_return_can_be_changed_and_another_person_s_is_not_there(me: Client, alumnus: Alumnus) -> None:
    mine, other = make_revisit(alumnus), make_revisit()
    assert me.get(f"/alumni/me/returns/{other.public_id}").status_code == 404
    assert me.post(f"/alumni/me/returns/{other.public_id}", data=REPORT).status_code == 404
    assert 'value="Sample Institute"' in text(me, f"/alumni/me/returns/{mine.public_id}")
    changed = {**REPORT, "kind": "training", "chosen": "typed", "version": mine.version}
    assert me.post(f"/alumni/me/returns/{mine.public_id}", data=changed).status_code == 302
    assert db.session.get_one(Revisit, mine.id).kind == "training"


def test_suggestions_name_institutions_in_japan(me: Client) -> None:
    make_host(name_en="Nagoya Sample College", city="Nagoya")
    found = me.get("/alumni/institutions?q=nagoya").get_json()["results"]
    assert found == [{"name": "Nagoya Sample College", "detail": "Nagoya"}]


@pytest.mark.parametrize("path", ["/alumni/me", "/alumni/me/edit", "/alumni/me/returns/new", "/alumni/institutions"])
@pytest.mark.parametrize("role", [Role.COORDINATOR, Role.HOST_APPROVER, Role.AUDITOR])
def test_own_pages_are_for_alumni(client: Client, path: str, role: Role) -> None:
    sign_in(client, make_user(role))
    assert client.get(path).status_code == 403


def test_alumna_without_a_profile_finds_no_page(client: Client) -> None:
    sign_in(client, make_user(Role.ALUMNUS))
    assert client.get("/alumni/me").status_code == 404


def test_host_confirms_a_return_to_itself_by_hand(client: Client) -> None:
    host = make_host()
    revisit = make_revisit(institution=host)
    sign_in(client, make_user(Role.HOST_EDITOR, host, locale="en"))
    assert "Confirm the return" in text(client, f"/alumni/revisits/{revisit.public_id}")
    assert client.get(f"/alumni/revisits/{revisit.public_id}/verify").status_code == 200
    assert client.post(f"/alumni/revisits/{revisit.public_id}/verify", data={}).status_code == 302
    assert db.session.get_one(Revisit, revisit.id).state is RevisitState.VERIFIED


def test_rejection_without_a_reason_is_asked_back(client: Client) -> None:
    revisit = make_revisit()
    sign_in(client, make_user(Role.COORDINATOR))
    assert client.post(f"/alumni/revisits/{revisit.public_id}/reject", data={"comment": " "}).status_code == 422
    assert client.post(f"/alumni/revisits/{revisit.public_id}/nonsense", data={}).status_code == 404


def test_another_host_does_not_find_a_return(client: Client) -> None:
    revisit = make_revisit(institution=make_host())
    sign_in(client, make_user(Role.HOST_APPROVER))
    for path in ("", "/verify"):
        assert client.get(f"/alumni/revisits/{revisit.public_id}{path}").status_code == 404
    assert client.post(f"/alumni/revisits/{revisit.public_id}/verify", data={}).status_code == 404


def test_host_reads_neither_the_profile_page_nor_the_export(client: Client, alumnus: Alumnus) -> None:
    sign_in(client, make_user(Role.HOST_APPROVER))
    assert client.get(f"/alumni/profiles/{alumnus.public_id}").status_code == 403
    assert client.get("/alumni/revisits/export").status_code == 403


def test_coordinator_reads_the_whole_profile(client: Client, alumnus: Alumnus) -> None:
    sign_in(client, make_user(Role.COORDINATOR, locale="en"))
    page = text(client, f"/alumni/profiles/{alumnus.public_id}")
    assert "private@example.org" in page
    assert "Only me and JST" in page


def test_export_asks_for_the_password_again_and_holds_no_formula(client: Client) -> None:
    make_revisit(institution_name="=HYPERLINK(1)")
    user = make_user(Role.COORDINATOR, locale="en")
    sign_in(client, user)
    assert client.get("/alumni/revisits/export").status_code == 302
    token = sessions.open_session(user, "test browser", confirmed=True)
    with client.session_transaction() as cookie:
        cookie["token"] = token
    lines = text(client, "/alumni/revisits/export").splitlines()
    assert len(lines) == 2
    assert "'=HYPERLINK(1)" in lines[1]


@pytest.mark.parametrize("locale", ["ja", "en"])
def test_list_of_returns_needs_as_many_queries_for_three_as_for_one(client: Client, locale: str) -> None:
    sign_in(client, make_user(Role.COORDINATOR, locale=locale))
    make_revisit(institution=make_host())
    client.get("/alumni/revisits")
    one = client.last.queries
    for _ in range(2):
        make_revisit(institution=make_host(), starts_on=date(2026, 5, 1))
    client.get("/alumni/revisits?sort=-starts")
    assert client.last.queries == one


def test_page_of_an_alumna_needs_as_many_queries_for_three_returns_as_for_one(me: Client, alumnus: Alumnus) -> None:
    make_revisit(alumnus, make_host())
    me.get("/alumni/me")
    one = me.last.queries
    for _ in range(2):
        make_revisit(alumnus, make_host())
    me.get("/alumni/me")
    assert me.last.queries == one
