"""The pages of rounds, courses and rules."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask

from app.calls import queries, service
from app.calls.models import Call, Rule
from app.core import clock
from app.core.authz import Role
from app.core.db import db
from tests.conftest import Client, watching
from tests.factories.accounts import make_actor, make_user, sign_in
from tests.factories.calls import make_call, make_course

ENGLISH = {"Accept-Language": "en"}


@pytest.fixture
def signed_in(client: Client) -> Callable[[Role], Client]:
    def enter(role: Role) -> Client:
        sign_in(client, make_user(role))
        return client

    return enter


def body(response: object) -> str:
    return response.get_data(as_text=True)  # type: ignore[attr-defined, no-any-return]


def stay_rule() -> Rule:
    return next(rule for rule in make_course("A").rules if rule.check_name == "stay_length")


def rule_fields(rule: Rule, **changes: str) -> dict[str, object]:
    return {
        "version": str(rule.version),
        "limit_max_days": "6",
        "limit_extra_days": "1",
        "limit_far_km": "80",
        "severity": "blocks",
        "clause_ja": rule.clause_ja,
        "clause_en": rule.clause_en,
        "text_ja": rule.text_ja,
        "text_en": rule.text_en,
        "reason": "New guidelines",
        **changes,
    }


def call_fields(call: Call, **changes: str) -> dict[str, object]:
    opens, closes = clock.in_tokyo(call.opens_at), clock.in_tokyo(call.closes_at)
    return {
        "version": str(call.version),
        "opens_on": opens.date().isoformat(),
        "opens_time": f"{opens:%H:%M:%S}",
        "closes_on": closes.date().isoformat(),
        "closes_time": f"{closes:%H:%M:%S}",
        "notice_on": "2099-01-01",
        "visits_from": call.visits_from.isoformat(),
        "visits_until": call.visits_until.isoformat(),
        "courses": ["A"],
        "note_en": "",
        "note_ja": "",
        **changes,
    }


def coming_call() -> Call:
    opens = clock.now().replace(microsecond=0) + timedelta(days=10)
    return make_call(opens_at=opens, closes_at=opens + timedelta(days=30))


def test_strangers_read_open_coming_and_closed_rounds(client: Client) -> None:
    make_call("1")
    later = clock.now() + timedelta(days=40)
    make_call("2", opens_at=later, closes_at=later + timedelta(days=1))
    make_call("3", opens_at=clock.now() - timedelta(days=9), closes_at=clock.now() - timedelta(days=8))
    page = body(client.get("/calls/public", headers=ENGLISH))
    assert all(text in page for text in ("Round 1", "Round 2", "Round 3"))
    assert "Closes in 29 days" in page and "Opens in 39 days" in page and "JST" in page


def test_strangers_read_the_rules_of_a_course_with_clauses(client: Client) -> None:
    course = make_course("A")
    page = body(client.get(f"/calls/courses/{course.public_id}", headers=ENGLISH))
    assert "入国日及び出国日を含めて7日以内" in page
    assert "The stay is at most 7 days" in page
    assert "Guidelines, “Length of stay” (course A)" in page


def test_pages_of_members_are_closed_to_strangers_and_alumni(client: Client, app: Flask) -> None:
    call = make_call()
    for path in ("/calls", f"/calls/{call.public_id}", f"/calls/{call.public_id}/edit", "/calls/years/2025/copy"):
        assert client.get(path).status_code == 302
        alumnus = app.test_client()
        sign_in(alumnus, make_user(Role.ALUMNUS))
        assert alumnus.get(path).status_code == 403


def test_hosts_read_but_do_not_edit(signed_in: Callable[[Role], Client]) -> None:
    call, browser = make_call(), signed_in(Role.HOST_EDITOR)
    assert browser.get("/calls").status_code == browser.get(f"/calls/{call.public_id}").status_code == 200
    for path in (f"/calls/{call.public_id}/edit", f"/calls/rules/{stay_rule().public_id}/edit"):
        assert browser.get(path).status_code == 403


def test_list_takes_a_constant_number_of_queries(signed_in: Callable[[Role], Client]) -> None:
    browser = signed_in(Role.HOST_EDITOR)
    counted = []
    for label in ("1", "2", "3"):
        make_call(label)
        db.session.expire_all()
        with watching() as watch:
            assert browser.get("/calls?year=2025").status_code == 200
        counted.append(watch.queries)
    assert len(set(counted)) == 1


def test_draft_year_exists_only_for_coordinators(signed_in: Callable[[Role], Client], app: Flask) -> None:
    make_call()
    service.copy_year(make_actor(Role.COORDINATOR), 2025)
    (draft,) = queries.whole_year(2026)[1]
    course = queries.whole_year(2026)[0][0]
    browser = signed_in(Role.COORDINATOR)
    assert browser.get(f"/calls/{draft.public_id}").status_code == 200
    host = app.test_client()
    sign_in(host, make_user(Role.HOST_APPROVER))
    assert host.get(f"/calls/{draft.public_id}").status_code == 404
    assert host.get(f"/calls/courses/{course.public_id}").status_code == 404
    assert "FY2026" not in body(host.get("/calls", headers=ENGLISH))


def test_coordinator_copies_and_publishes_a_year(signed_in: Callable[[Role], Client]) -> None:
    make_call()
    browser = signed_in(Role.COORDINATOR)
    assert "FY2026" in body(browser.get("/calls/years/2025/copy"))
    copied = browser.post("/calls/years/2025/copy", data={"key": "k"})
    assert copied.location.endswith("/calls?year=2026")
    assert browser.post("/calls/years/2025/copy", data={"key": "k"}).location == copied.location
    assert browser.post("/calls/years/2025/copy", data={"key": "other"}).status_code == 422
    assert "only coordinators see it" in body(browser.get(copied.location))
    assert browser.get("/calls/years/2026/publish").status_code == 200
    assert browser.post("/calls/years/2026/publish", data={}).status_code == 302
    assert len(queries.rounds(2026)) == 1
    assert browser.post("/calls/years/2026/publish", data={}).status_code == 422


def test_preview_shows_the_sentence_and_saves_nothing(signed_in: Callable[[Role], Client]) -> None:
    rule, browser = stay_rule(), signed_in(Role.COORDINATOR)
    page = browser.post(f"/calls/rules/{rule.public_id}/edit", data=rule_fields(rule, preview="1"))
    assert page.status_code == 200
    assert "The stay is at most 6 days" in body(page) and "6日以内" in body(page)
    assert not browser.last.writes
    assert rule.limit["max_days"] == 7


def test_coordinator_changes_a_number(signed_in: Callable[[Role], Client]) -> None:
    rule, browser = stay_rule(), signed_in(Role.COORDINATOR)
    assert 'value="7"' in body(browser.get(f"/calls/rules/{rule.public_id}/edit"))
    saved = browser.post(f"/calls/rules/{rule.public_id}/edit", data=rule_fields(rule))
    assert saved.status_code == 302
    assert rule.limit == {"max_days": 6, "extra_days": 1, "far_km": 80}
    history = body(browser.get(f"/calls/rules/{rule.public_id}/edit"))
    assert "New guidelines" in history


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("limit_max_days", "0", "Enter a whole number from 1 to 366."),
        ("limit_max_days", "seven", "Enter a whole number in digits."),
        ("limit_max_days", "", "Enter a value."),
        ("reason", "", "give the reason for the change"),
        ("text_en", "At most {days}.", "Nothing is known to set in here: days"),
        ("clause_en", "", ""),
    ],
)
def test_rule_shows_what_is_wrong_beside_the_field(
    signed_in: Callable[[Role], Client], field: str, value: str, sentence: str
) -> None:
    rule, browser = stay_rule(), signed_in(Role.COORDINATOR)
    page = browser.post(f"/calls/rules/{rule.public_id}/edit", data=rule_fields(rule, **{field: value}))
    assert page.status_code == 422
    assert sentence in body(page)
    assert rule.limit["max_days"] == 7


def test_rule_on_countries_takes_names_of_countries_and_regions(signed_in: Callable[[Role], Client]) -> None:
    rule = next(rule for rule in make_course("D").rules if rule.check_name == "partner_countries")
    browser = signed_in(Role.COORDINATOR)
    address = f"/calls/rules/{rule.public_id}/edit"
    fields = {name: value for name, value in rule_fields(rule).items() if not name.startswith("limit_")}
    assert "India\nAfrica" in body(browser.get(address))
    refused = browser.post(address, data={**fields, "limit_countries": "India\nAtlantis"})
    assert refused.status_code == 422 and "Atlantis" in body(refused)
    assert browser.post(address, data={**fields, "limit_countries": "インド、Africa, Nepal"}).status_code == 302
    assert rule.limit == {"countries": ["IN", "africa", "NP"]}


def test_second_editor_of_a_rule_sees_both_versions(signed_in: Callable[[Role], Client]) -> None:
    rule, browser = stay_rule(), signed_in(Role.COORDINATOR)
    page = browser.post(f"/calls/rules/{rule.public_id}/edit", data=rule_fields(rule, version="99"))
    assert page.status_code == 409
    assert "Days at most" in body(page)


def test_coordinator_moves_a_round_to_the_second(signed_in: Callable[[Role], Client]) -> None:
    call, browser = coming_call(), signed_in(Role.COORDINATOR)
    address = f"/calls/{call.public_id}/edit"
    assert browser.get(address).status_code == 200
    assert browser.post(address, data=call_fields(call, closes_time="16:59:59")).status_code == 302
    assert f"{clock.in_tokyo(call.closes_at):%H:%M:%S}" == "16:59:59"


@pytest.mark.parametrize(("field", "value"), [("closes_time", "25:00"), ("opens_on", "2026-02-30"), ("courses", "Z")])
def test_round_keeps_typed_text_when_it_does_not_fit(
    signed_in: Callable[[Role], Client], field: str, value: str
) -> None:
    call, browser = coming_call(), signed_in(Role.COORDINATOR)
    page = browser.post(f"/calls/{call.public_id}/edit", data=call_fields(call, **{field: value}))
    assert page.status_code == 422
    assert field == "courses" or value in body(page)


def test_open_round_says_that_only_notes_change(signed_in: Callable[[Role], Client]) -> None:
    call, browser = make_call(), signed_in(Role.COORDINATOR)
    address = f"/calls/{call.public_id}/edit"
    page = browser.post(address, data=call_fields(call, closes_time="23:59"))
    assert page.status_code == 422 and "only its notes can be changed" in body(page)


def test_unknown_rounds_courses_and_rules_answer_404(signed_in: Callable[[Role], Client]) -> None:
    browser = signed_in(Role.COORDINATOR)
    unknown = "2222222222222222"
    for path in (f"/calls/{unknown}", f"/calls/courses/{unknown}", f"/calls/rules/{unknown}/edit"):
        assert browser.get(path).status_code == 404
