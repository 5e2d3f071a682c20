"""Pages of visits as each reader meets them."""

import io
from datetime import date, timedelta
from typing import Any

import pytest
from bs4 import BeautifulSoup
from flask import Flask
from pypdf import PdfReader

from app.accounts.models import User, UserSession
from app.applications.models import ActivityKind
from app.core import clock
from app.core.authz import Role
from app.core.db import db
from app.visits.models import ScheduleItem, Visit, VisitState
from tests.conftest import Client
from tests.factories.accounts import make_user, sign_in
from tests.factories.visits import make_participation, make_visit

S = VisitState


def enter(client: Client, role: Role, visit: Visit | None = None, **fields: Any) -> User:
    user = make_user(role, visit.host_institution if visit is not None else None, **fields)
    sign_in(client, user)
    return user


def confirm_password() -> None:
    for session in db.session.query(UserSession):
        session.confirmed_at = clock.now()
    db.session.flush()


def text_of(pdf: bytes) -> str:
    return "".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages)


@pytest.mark.parametrize("path", ["/visits", "/visits/board", "/visits/export"])
@pytest.mark.parametrize("number", [1, 3])
def test_lists_take_as_many_queries_for_three_visits_as_for_one(client: Client, path: str, number: int) -> None:
    enter(client, Role.COORDINATOR)
    for _number in range(number):
        make_visit(S.CONFIRMED)
    assert client.get(path).status_code == 200
    assert client.last.queries == {"/visits": 5, "/visits/board": 6, "/visits/export": 2}[path]


@pytest.mark.parametrize("people", [1, 3])
def test_page_of_a_visit_takes_the_same_queries_whatever_its_size(client: Client, people: int) -> None:
    visit = make_visit(S.CONFIRMED, people=people)
    enter(client, Role.HOST_APPROVER, visit)
    visit_id = visit.public_id
    db.session.expunge_all()
    assert client.get(f"/visits/{visit_id}").status_code == 200
    assert client.last.queries == QUERIES_OF_A_VISIT


QUERIES_OF_A_VISIT = 10


def test_hosts_find_only_their_own_visits(client: Client) -> None:
    own, other = make_visit(), make_visit()
    enter(client, Role.HOST_EDITOR, own)
    for path in ("/visits", "/visits/board", "/visits/export"):
        page = client.get(path).get_data(as_text=True)
        assert own.reference in page and other.reference not in page
    assert client.get(f"/visits/{other.public_id}").status_code == 404


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("q=V2025-9", True),
        ("state=planned", True),
        ("state=completed", False),
        ("year=1999", False),
        ("country=TH", False),
    ],
)
def test_list_is_narrowed_by_its_filters(client: Client, query: str, found: bool) -> None:
    visit = make_visit(reference="V2025-9777")
    enter(client, Role.COORDINATOR)
    assert (visit.reference in client.get(f"/visits?{query}").get_data(as_text=True)) is found


def test_pages_of_the_list_lead_on_also_past_visits_without_dates(client: Client, app: Flask) -> None:
    enter(client, Role.COORDINATOR)
    references = {make_visit(starts_on=None if number % 2 else clock.today()).reference for number in range(52)}
    first = BeautifulSoup(client.get("/visits?sort=entry").data, "html.parser")
    second = BeautifulSoup(client.get(first.find("a", rel="next")["href"]).data, "html.parser")
    shown = [row.td.get_text(strip=True) for page in (first, second) for row in page.select("tbody tr")]
    assert len(shown) == 52 and set(shown) == references


@pytest.mark.parametrize("state", list(S))
@pytest.mark.parametrize("role", [Role.HOST_EDITOR, Role.COORDINATOR, Role.DECISION_MAKER, Role.AUDITOR])
def test_visit_can_be_read_in_every_state(client: Client, state: VisitState, role: Role) -> None:
    visit = make_visit(state)
    enter(client, role, visit)
    assert client.get(f"/visits/{visit.public_id}").status_code == 200


def test_people_are_named_only_to_those_who_may_know_them(client: Client) -> None:
    visit = make_visit(S.CONFIRMED)
    person = visit.participations[0].invitee
    seen = {}
    for role in (Role.HOST_EDITOR, Role.COORDINATOR, Role.AUDITOR, Role.DECISION_MAKER):
        enter(client, role, visit)
        page = client.get(f"/visits/{visit.public_id}").get_data(as_text=True)
        seen[role] = (person.given_names in page, "2004-05-06" in page, f"••••{person.passport.last_signs}" in page)
    assert seen == {
        Role.HOST_EDITOR: (True, True, True),
        Role.COORDINATOR: (True, True, True),
        Role.AUDITOR: (True, False, False),
        Role.DECISION_MAKER: (False, False, False),
    }


def test_full_passport_number_is_on_no_page(client: Client) -> None:
    visit = make_visit(S.CONFIRMED, people=0)
    make_participation(visit)
    enter(client, Role.HOST_APPROVER, visit)
    page = client.get(f"/visits/{visit.public_id}").get_data(as_text=True)
    assert "NP1" not in page


def test_host_sets_dates_from_the_board(client: Client) -> None:
    visit = make_visit(starts_on=None, fiscal_year=2026)
    enter(client, Role.HOST_EDITOR, visit)
    board = BeautifulSoup(client.get("/visits/board?year=2026").data, "html.parser")
    form = board.find("form", action=f"/visits/{visit.public_id}/dates")
    version = form.find("input", {"name": "version"})["value"]
    data = {"starts_on": "2026-12-07", "ends_on": "2026-12-13", "version": version}
    assert client.post(form["action"], data=data).status_code == 302
    assert (visit.starts_on, visit.ends_on) == (date(2026, 12, 7), date(2026, 12, 13))


def test_dates_against_the_rules_come_back_with_a_sentence_and_as_typed(client: Client) -> None:
    visit = make_visit(starts_on=date(2026, 12, 7), fiscal_year=2026)
    enter(client, Role.HOST_EDITOR, visit)
    data = {"starts_on": "2026/12/10", "ends_on": "2026/12/09", "version": str(visit.version)}
    answer = client.post(f"/visits/{visit.public_id}/dates", data=data)
    assert answer.status_code == 422
    page = BeautifulSoup(answer.data, "html.parser")
    assert page.find("input", {"name": "ends_on"})["value"] == "2026-12-09"
    assert "before the day of entry" in page.select_one("#ends_on-error").get_text()


def test_who_was_overtaken_sees_both_versions(client: Client) -> None:
    visit = make_visit(lodging="Inn of the other")
    enter(client, Role.HOST_EDITOR, visit)
    data = {"lodging": "Inn of mine", "version": str(visit.version - 1)}
    answer = client.post(f"/visits/{visit.public_id}/details", data=data)
    page = answer.get_data(as_text=True)
    assert answer.status_code == 409 and visit.lodging == "Inn of the other"
    assert "Inn of the other" in page and 'value="Inn of mine"' in page
    again = BeautifulSoup(page, "html.parser").find("input", {"name": "version"})["value"]
    assert client.post(f"/visits/{visit.public_id}/details", data={**data, "version": again}).status_code == 302
    assert visit.lodging == "Inn of mine"


def test_verb_is_asked_about_and_then_done_once(client: Client) -> None:
    visit = make_visit(S.CONFIRMED)
    enter(client, Role.HOST_APPROVER, visit)
    path = f"/visits/{visit.public_id}/cancel"
    page = BeautifulSoup(client.get(path).data, "html.parser")
    key = page.find("input", {"name": "key"})["value"]
    assert client.post(path, data={"key": key}).status_code == 422  # no reason given
    data = {"key": key, "comment": "the group cannot come"}
    assert client.post(path, data=data).status_code == 302
    assert client.post(path, data=data).status_code == 302
    assert visit.state is S.CANCELLED
    assert client.post(path, data={"comment": "again"}).status_code == 409


def test_unknown_verb_is_no_page(client: Client) -> None:
    visit = make_visit()
    enter(client, Role.HOST_APPROVER, visit)
    assert client.get(f"/visits/{visit.public_id}/explode").status_code == 404
    assert client.post(f"/visits/{visit.public_id}/explode").status_code == 409


def test_entry_of_the_schedule_is_written_changed_and_taken_off(client: Client) -> None:
    visit = make_visit()
    enter(client, Role.HOST_EDITOR, visit)
    base, on = f"/visits/{visit.public_id}/schedule", visit.starts_on.isoformat()
    form = BeautifulSoup(client.get(f"{base}/new?on={on}").data, "html.parser")
    assert form.select_one("#on option[selected]")["value"] == on
    data = {
        "key": form.find("input", {"name": "key"})["value"],
        "on": on,
        "kind": "culture",
        "title": "Tea",
        "starts_at": "1400",
        "ends_at": "１５：３０",
    }
    assert client.post(f"{base}/new", data=data).status_code == 302
    assert client.post(f"{base}/new", data=data).status_code == 302  # the second click
    (item,) = visit.schedule
    assert (item.kind, f"{item.starts_at:%H:%M}", f"{item.ends_at:%H:%M}") == (ActivityKind.CULTURE, "14:00", "15:30")
    changed = {**data, "title": "Tea and sweets", "version": str(item.version)}
    assert client.post(f"{base}/{item.public_id}", data=changed).status_code == 302
    assert item.title == "Tea and sweets"
    assert client.post(f"{base}/{item.public_id}", data=changed).status_code == 409
    assert client.post(f"{base}/{item.public_id}/shift", data={"direction": "up"}).status_code == 302
    assert client.get(base).status_code == 200
    target = (visit.starts_on + timedelta(days=1)).isoformat()
    assert client.post(f"{base}/day", data={"source": on, "target": target, "how": "copy"}).status_code == 302
    assert client.post(f"{base}/day", data={"source": on, "target": on, "how": "copy"}).status_code == 422
    assert client.post(f"{base}/{item.public_id}/remove").status_code == 302
    assert [left.on.isoformat() for left in visit.schedule] == [target]


def test_entry_of_another_visit_is_not_reached_through_this_one(client: Client) -> None:
    visit = make_visit()
    sister = make_visit(S.CONFIRMED, host=visit.host_institution)
    item: ScheduleItem = sister.schedule[0]
    enter(client, Role.HOST_EDITOR, visit)
    assert client.get(f"/visits/{visit.public_id}/schedule/{item.public_id}").status_code == 404
    part = sister.participations[0]
    assert client.get(f"/visits/{visit.public_id}/people/{part.public_id}").status_code == 404


PERSON = {
    "surname": "Sharma",
    "given_names": "Aakash",
    "sex": "M",
    "date_of_birth": "2004-05-06",
    "nationality": "NP",
    "passport_number": "AB1234567",
    "passport_expires_on": "2034-05-06",
    "role": "invitee",
    "category": "undergraduate",
    "affiliation": "Sample Campus",
    "first_visit": "yes",
}


def test_person_is_entered_changed_and_taken_off_by_hand(client: Client) -> None:
    visit = make_visit()
    enter(client, Role.HOST_EDITOR, visit)
    base = f"/visits/{visit.public_id}/people"
    assert client.get(f"{base}/new").status_code == 200
    wrong = client.post(f"{base}/new", data={**PERSON, "surname": "シャルマ"})
    assert wrong.status_code == 422 and "シャルマ" in wrong.get_data(as_text=True)
    assert client.post(f"{base}/new", data=PERSON).status_code == 302
    db.session.refresh(visit)
    (part,) = visit.participations
    page = client.get(f"{base}/{part.public_id}")
    assert page.status_code == 200 and b"AB1234567" not in page.data
    changed = {**PERSON, "category": "master", "diet": "halal", "version": str(part.version)}
    assert client.post(f"{base}/{part.public_id}", data=changed).status_code == 302
    assert (part.category.value, part.diet) == ("master", "halal")
    assert client.post(f"{base}/{part.public_id}", data=changed).status_code == 409
    assert client.get(f"{base}/{part.public_id}/remove").status_code == 200
    assert client.post(f"{base}/{part.public_id}/remove").status_code == 302
    db.session.refresh(visit)
    assert visit.participations == []


def test_attendance_is_ticked_on_a_page(client: Client) -> None:
    visit = make_visit(S.IN_PROGRESS)
    enter(client, Role.HOST_EDITOR, visit)
    path = f"/visits/{visit.public_id}/attendance"
    page = BeautifulSoup(client.get(path).data, "html.parser")
    assert len(page.select("input[name=present][checked]")) == 2
    assert client.post(path, data={"present": [visit.participations[0].public_id]}).status_code == 302
    assert [part.took_part for part in visit.participations] == [True, False]


@pytest.mark.parametrize("language", ["ja", "en"])
def test_papers_come_in_both_languages_and_are_kept_by_no_cache(client: Client, language: str) -> None:
    visit = make_visit(S.CONFIRMED)
    person = visit.participations[0].invitee
    enter(client, Role.HOST_EDITOR, visit)
    for name in ("schedule", "participants"):
        answer = client.get(f"/visits/{visit.public_id}/{name}.pdf?lang={language}")
        assert answer.mimetype == "application/pdf" and answer.headers["Cache-Control"] == "no-store, private"
        assert answer.headers["Content-Disposition"].endswith(f'{visit.reference}-{name}-{language}.pdf"')
        text = text_of(answer.data)
        assert visit.reference in text and person.given_names.split()[0] in text
        assert ("水と暮らし" if language == "ja" else "Water and life") in text.replace("\n", "")
        assert "NP1" not in text


def test_schedule_of_stay_names_nobody_to_the_decision_maker(client: Client) -> None:
    visit = make_visit(S.CONFIRMED)
    enter(client, Role.DECISION_MAKER)
    text = text_of(client.get(f"/visits/{visit.public_id}/schedule.pdf?lang=en").data)
    assert "SHARMA" not in text and "Lecture 1" in text
    assert client.get(f"/visits/{visit.public_id}/participants.pdf").status_code == 403


def test_auditors_read_a_visit_without_addresses_and_telephone_numbers(client: Client) -> None:
    visit = make_visit("confirmed", contact_phone="075-123-4567")
    visit.application.principal_email = "taro.sato@example.ac.jp"
    for role, sees in ((Role.COORDINATOR, True), (Role.AUDITOR, False)):
        sign_in(client, make_user(role))
        said = client.get(f"/visits/{visit.public_id}").get_data(as_text=True)
        said += text_of(client.get(f"/visits/{visit.public_id}/schedule.pdf").data)
        assert visit.contact_name in said
        plain = "".join(sign for sign in said if "!" <= sign <= "~")  # a PDF breaks addresses anywhere
        assert ("075-123-4567" in plain, "taro.sato@example.ac.jp" in plain) == (sees, sees)


def test_list_with_passport_numbers_asks_for_the_password_and_a_reason(client: Client) -> None:
    visit = make_visit(S.CONFIRMED)
    enter(client, Role.HOST_APPROVER, visit)
    path = f"/visits/{visit.public_id}/participants-with-passports"
    for session in db.session.query(UserSession):
        session.confirmed_at = None
    db.session.flush()
    assert "/confirm" in client.get(path).headers["Location"]
    confirm_password()
    assert client.get(path).status_code == 200
    assert client.post(path, data={"lang": "en"}).status_code == 422
    answer = client.post(path, data={"lang": "en", "reason": "visa papers"})
    assert answer.mimetype == "application/pdf" and "NP1" in text_of(answer.data)


def test_calendar_address_is_shown_once(client: Client) -> None:
    visit = make_visit()
    enter(client, Role.HOST_EDITOR, visit)
    path = f"/visits/{visit.public_id}/calendar"
    page = BeautifulSoup(client.post(path).data, "html.parser")
    address = page.select_one("#address")["value"]
    assert address.endswith(".ics")
    assert address not in client.get(path).get_data(as_text=True)
    assert client.get("/calendar/" + address.rsplit("/", 1)[1]).status_code == 200
    assert client.post(f"{path}/close").status_code == 302


@pytest.mark.parametrize("page", ["dates", "details", "schedule", "schedule/new", "people/new", "calendar"])
def test_pages_that_change_something_are_not_for_jst(client: Client, page: str) -> None:
    visit = make_visit()
    enter(client, Role.COORDINATOR)
    assert client.get(f"/visits/{visit.public_id}/{page}").status_code == 403


@pytest.mark.parametrize("page", ["", "/dates", "/details", "/schedule", "/people/new", "/schedule.pdf", "/cancel"])
def test_visit_of_another_host_and_one_that_never_was_answer_alike(client: Client, page: str) -> None:
    visit = make_visit()
    enter(client, Role.HOST_APPROVER)
    foreign = client.get(f"/visits/{visit.public_id}{page}")
    unknown = client.get(f"/visits/{'x' * 16}{page}")
    assert foreign.status_code == unknown.status_code == 404
    assert len(foreign.data) == len(unknown.data)


@pytest.mark.parametrize("locale", ["ja", "en"])
@pytest.mark.parametrize("page", ["/dates", "/details", "/schedule", "/people/new", "/calendar", ""])
def test_pages_are_made_in_both_languages(client: Client, locale: str, page: str) -> None:
    visit = make_visit()
    enter(client, Role.HOST_APPROVER, visit, locale=locale)
    answer = client.get(f"/visits/{visit.public_id}{page}")
    assert answer.status_code == 200 and f'lang="{locale}"' in answer.get_data(as_text=True)
