"""The API of the rules: the published rules, a plan judged, refusals that name their place, nothing stored."""

import json
from datetime import date
from typing import Any

import pytest
from flask import Flask

from app.applications import plan_json
from app.applications.models import Application
from app.applications.views import api
from app.calls import seed_data
from app.core.authz import Role
from app.core.db import db
from tests.applications.workbook_plans import Maker
from tests.conftest import Client
from tests.factories.accounts import make_user, sign_in
from tests.factories.applications import make_application
from tests.factories.calls import make_call, make_course
from tests.factories.directory import make_host, make_sending


@pytest.fixture
def plan(client: Client) -> Application:
    """A complete draft with two partners, one of the directory; its editor is signed in."""
    application = make_application(partners=[make_sending(country="NP"), make_sending(country="CN")])
    sign_in(client, make_user("host_editor", application.host_institution))
    return application


def question(client: Client, application: Application) -> dict[str, Any]:
    answer = client.get(f"/api/plans/{application.public_id}")
    assert answer.status_code == 200
    return dict(answer.get_json())


def ask(client: Client, **changes: Any) -> Any:
    return client.post("/api/judge", json={"fiscal_year": 2025, "course": "A", "plan": {}, **changes})


def fields(answer: Any) -> dict[str, list[str]]:
    assert answer.status_code == 422 and answer.mimetype == "application/json"
    return dict(answer.get_json()["fields"])


def verdict(answer: Any, check: str) -> dict[str, Any]:
    assert answer.status_code == 200, answer.get_data(as_text=True)
    return next(found for found in answer.get_json()["verdicts"] if found["check"] == check)


def test_rules_of_a_year_are_open_to_everybody(client: Client) -> None:
    call = make_call(courses=[make_course("A"), make_course("B")])
    make_course("D")
    make_course("A", 2024)
    answer = client.get("/api/rules")
    told = answer.get_json()
    assert (told["fiscal_year"], told["fiscal_years"]) == (2025, [2025, 2024])
    assert [course["course"] for course in told["courses"]] == ["A", "B", "D"]
    [held] = told["rounds"]
    assert (held["round"], held["courses"]) == ("1", ["A", "B"]) and held["closes_at"].endswith("+09:00")
    stay = next(rule for rule in told["courses"][0]["rules"] if rule["check"] == "stay_length")
    assert stay["limit"]["max_days"] == 7 and (stay["section"], stay["field"]) == ("itinerary", "ends_on")
    assert stay["severity"] == "blocks" and stay["version"] == 1
    assert "at most 7 days" in stay["text"]["en"] and "7日" in stay["text"]["ja"]
    assert stay["clause"]["ja"].startswith("公募要領") and stay["clause"]["en"].startswith("Guidelines")
    assert stay["label"]["en"] == "Length of stay" and stay["label"]["ja"] != stay["label"]["en"]
    narrowed = client.get(f"/api/rules?year=2025&course=B&round={call.label}").get_json()
    assert [course["course"] for course in narrowed["courses"]] == ["B"]
    assert client.last.queries <= 8


def test_every_known_rule_is_told(client: Client) -> None:
    for code in seed_data.codes(2025):
        make_course(code.value)
    told = {course["course"]: len(course["rules"]) for course in client.get("/api/rules").get_json()["courses"]}
    assert told == {code.value: len(seed_data.course(2025, code).rules) for code in seed_data.codes(2025)}


def test_unpublished_rules_are_nobodys(client: Client) -> None:
    make_course("A")
    make_course("A", 2026, is_draft=True)
    sign_in(client, make_user(Role.COORDINATOR))
    assert client.get("/api/rules").get_json()["fiscal_years"] == [2025]
    assert client.get("/api/rules?year=2026").status_code == 404
    assert fields(ask(client, fiscal_year=2026)) == {"course": ["There is no such course in that fiscal year."]}


@pytest.mark.parametrize(("query", "place"), [("year=soon", "year"), ("course=Z", "course")])
def test_question_for_rules_that_cannot_be_read_names_its_place(client: Client, query: str, place: str) -> None:
    make_course("A")
    assert list(fields(client.get(f"/api/rules?{query}"))) == [place]
    assert client.get("/api/rules?round=9").status_code == 404


def test_stored_plan_is_judged_as_the_question_made_of_it(client: Client, plan: Application) -> None:
    plan.ends_on = date(2025, 8, 1)
    asked = question(client, plan)
    answer = client.post("/api/judge", json=asked)
    stored = client.get(f"/api/plans/{plan.public_id}/verdicts")
    assert answer.get_json()["verdicts"] == stored.get_json()["verdicts"]
    assert answer.get_json()["rules_version"] == stored.get_json()["rules_version"]
    found = verdict(answer, "stay_length")
    assert (found["outcome"], found["stops"], found["measured"], found["limit"]) == ("fails", True, 8, 7)
    assert (found["section"], found["field"], found["severity"], found["version"]) == (
        "itinerary",
        "ends_on",
        "blocks",
        1,
    )
    assert found["message"]["en"] == "The stay is 8 days; at most 7 are allowed."
    assert "8日" in found["message"]["ja"] and found["clause"]["ja"] and found["clause"]["en"]
    assert answer.get_json()["can_be_submitted"] is False


def test_complete_plan_can_be_submitted(client: Client, plan: Application) -> None:
    told = client.post("/api/judge", json=question(client, plan)).get_json()
    assert (told["can_be_submitted"], told["missing"]) == (True, [])
    assert told["holding"] == told["total"] - 1  # ages are known once names are


def test_nothing_said_is_open_and_named_as_missing(client: Client, plan: Application) -> None:
    told = ask(client).get_json()
    outcomes = {found["check"]: found["outcome"] for found in told["verdicts"]}
    assert outcomes["stay_length"] == outcomes["round_is_open"] == outcomes["eligible_host"] == "open"
    missing = {(item["section"], item["field"]) for item in told["missing"]}
    assert {("overview", "purpose"), ("people", "rows"), ("safety", "insurance")} <= missing
    assert all(item["text"]["ja"] != item["text"]["en"] for item in told["missing"])


def test_judging_stores_nothing(client: Client, plan: Application) -> None:
    asked = question(client, plan)
    before = (plan.version, plan.theme_en)
    asked["plan"]["overview"]["fields"]["theme_en"] = "Another theme"
    assert client.post("/api/judge", json=asked).status_code == 200
    assert client.last.writes == []
    db.session.refresh(plan)
    assert (plan.version, plan.theme_en) == before


def test_many_rows_need_no_more_queries(client: Client, plan: Application) -> None:
    def asked(count: int) -> int:
        row = {"organization": "Nobody knows", "country": "NP", "contact_name": "x"}
        assert ask(client, plan={"partners": {"rows": [row] * count}}).status_code == 200
        return client.last.queries

    assert asked(1) == asked(100) <= 9


@pytest.mark.parametrize(
    ("sent", "place", "sentence"),
    [
        ({"course": "Z"}, "course", "Send one of these: A, B"),
        ({"course": ["A"]}, "course", "Send one of these: A, B"),
        ({"fiscal_year": "2025"}, "fiscal_year", "Send a fiscal year"),
        ({"fiscal_year": 10**30}, "course", "no such course"),
        ({"round": "9"}, "round", "not offered in such a round"),
        ({"round": 1}, "round", "not offered in such a round"),
        ({"host_kind": "castle"}, "host_kind", "university"),
        ({"people": []}, "people", "Not known here. Known: fiscal_year"),
        ({"plan": []}, "plan", "Send an object"),
        ({"plan": {"weather": {}}}, "plan.weather", "Not known here. Known: overview"),
        ({"plan": {"people": {"fields": {}}}}, "plan.people.fields", "Not known here. Known: rows"),
        ({"plan": {"people": {"rows": {}}}}, "plan.people.rows", None),
        ({"plan": {"people": {"rows": [{"number": 1}] * 201}}}, "plan.people.rows", "At most 200 rows"),
        ({"plan": {"people": {"rows": [{}]}}}, "plan.people.rows[0]", "says nothing"),
        ({"plan": {"people": {"rows": [{"number": "many"}]}}}, "plan.people.rows[0].number", "whole number"),
        ({"plan": {"people": {"rows": [{"number": 1.5}]}}}, "plan.people.rows[0].number", "whole number"),
        ({"plan": {"people": {"rows": [{"number": 0}]}}}, "plan.people.rows[0].number", "from 1 to 999"),
        ({"plan": {"people": {"rows": [{"number": 1, "partner": 2}]}}}, "plan.people.rows[0].partner", "Partners: 0"),
        ({"plan": {"people": {"rows": [{"number": 1, "category": "wizard"}]}}}, "plan.people.rows[0].category", ""),
        ({"plan": {"people": {"rows": [{"number": 1, "role": "king"}]}}}, "plan.people.rows[0].role", ""),
        ({"plan": {"people": {"rows": [{"number": 1, "first_visit": 3}]}}}, "plan.people.rows[0].first_visit", "true"),
        ({"plan": {"itinerary": {"rows": [{"kind": "visit"}]}}}, "plan.itinerary.rows[0].kind", "Fill in the rest"),
        (
            {"plan": {"itinerary": {"rows": [{"day": 1, "starts_at": "25:00"}]}}},
            "plan.itinerary.rows[0].starts_at",
            "Enter a time",
        ),
        (
            {"plan": {"itinerary": {"fields": {"starts_on": "tomorrow"}}}},
            "plan.itinerary.fields.starts_on",
            "Enter a real date",
        ),
        (
            {"plan": {"itinerary": {"fields": {"starts_on": "2025-09-02", "ends_on": "2025-09-01"}}}},
            "plan.itinerary.fields.ends_on",
            "before the day of entry",
        ),
        ({"plan": {"overview": {"fields": {"theme_en": "x" * 301}}}}, "plan.overview.fields.theme_en", "300"),
        ({"plan": {"overview": {"fields": {"purpose": "\ud800"}}}}, "plan.overview.fields.purpose", "Send a text"),
        ({"plan": {"overview": {"fields": {"purpose": "a\0b"}}}}, "plan.overview.fields.purpose", "Send a text"),
        ({"plan": {"safety": {"fields": {"pledge": "perhaps"}}}}, "plan.safety.fields.pledge", "true, false"),
        (
            {"plan": {"partners": {"rows": [{"organization": "X", "country": "Nepal"}]}}},
            "plan.partners.rows[0].country",
            "",
        ),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_named_by_its_place(
    client: Client, plan: Application, sent: dict[str, Any], place: str, sentence: str | None
) -> None:
    if sentence is None:
        assert ask(client, **sent).status_code == 200  # an empty object says nothing, as an empty list does
        return
    found = fields(ask(client, **sent))
    assert list(found) == [place]
    assert sentence in found[place][0]


def test_all_problems_come_at_once_and_in_the_language_asked_for(client: Client, plan: Application) -> None:
    japanese = make_user(Role.COORDINATOR, locale="ja")
    sign_in(client, japanese)
    found = fields(ask(client, course="Z", host_kind="castle", plan={"people": {"rows": [{"number": "x"}]}}))
    assert set(found) == {"course", "host_kind", "plan.people.rows[0].number"}
    assert "整数" in found["plan.people.rows[0].number"][0]


@pytest.mark.parametrize(
    ("body", "kind", "status"),
    [
        (b"{", "application/json", 422),
        (b"[" * 100_000, "application/json", 422),
        (b"[]", "application/json", 422),
        (b"\xff", "application/json", 422),
        (b"{}", "text/plain", 415),
        (b"course=A", "application/x-www-form-urlencoded", 415),
        (b" " * (api.MOST_BYTES + 1), "application/json", 413),
    ],
)
def test_body_that_is_no_question_is_refused_in_json(
    client: Client, plan: Application, body: bytes, kind: str, status: int
) -> None:
    answer = client.post("/api/judge", data=body, content_type=kind)
    assert (answer.status_code, answer.mimetype) == (status, "application/json")
    assert answer.get_json()["status"] == status


def test_who_asks_too_often_waits(client: Client, plan: Application, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(api, "JUDGED_PER_HOUR", 2)
    assert [ask(client).status_code for _time in range(3)] == [200, 200, 429]


@pytest.mark.parametrize(
    ("role", "status"), [(Role.HOST_EDITOR, 200), (Role.COORDINATOR, 200), (Role.REVIEWER, 200), (Role.ALUMNUS, 403)]
)
def test_who_may_see_the_rules_may_have_a_plan_judged(client: Client, role: Role, status: int) -> None:
    make_course("A")
    sign_in(client, make_user(role))
    assert ask(client).status_code == status


def test_strangers_are_told_to_sign_in(client: Client) -> None:
    answer = ask(client)
    assert (answer.status_code, answer.mimetype) == (401, "application/json")


def test_judging_needs_no_token_but_json_from_our_own_pages(
    app: Flask, client: Client, plan: Application, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", True)
    assert ask(client).status_code == 200
    foreign = client.post("/api/judge", json={}, headers={"Origin": "https://elsewhere.example"})
    assert foreign.status_code == 400


def test_plan_of_another_institution_is_not_there(client: Client, plan: Application) -> None:
    other = make_application(call=plan.call, host=make_host())
    for address in (f"/api/plans/{other.public_id}", f"/api/plans/{other.public_id}/verdicts"):
        answer = client.get(address)
        assert (answer.status_code, answer.mimetype) == (404, "application/json")


def test_draft_is_not_there_for_jst_and_auditors_see_no_contacts(client: Client, plan: Application) -> None:
    submitted = make_application("submitted", call=plan.call, host=plan.host_institution)
    sign_in(client, make_user(Role.COORDINATOR))
    assert client.get(f"/api/plans/{plan.public_id}/verdicts").status_code == 404
    assert "principal_email" in question(client, submitted)["plan"]["overview"]["fields"]
    sign_in(client, make_user(Role.AUDITOR))
    told = json.dumps(question(client, submitted))
    assert "@example" not in told and "principal_email" not in told


def test_submitted_plan_keeps_its_verdicts(client: Client, plan: Application) -> None:
    submitted = make_application("submitted", call=plan.call, host=plan.host_institution)
    rule = next(rule for rule in submitted.course.rules if rule.check_name == "stay_length")
    rule.limit = {"max_days": 3}
    frozen = verdict(client.get(f"/api/plans/{submitted.public_id}/verdicts"), "stay_length")
    assert (frozen["outcome"], frozen["limit"], frozen["version"]) == ("holds", 7, 1)
    now = verdict(client.post("/api/judge", json=question(client, submitted)), "stay_length")
    assert (now["outcome"], now["limit"], now["version"]) == ("fails", 3, 2)


def test_generated_plan_comes_out_as_it_went_in(app: Flask) -> None:
    maker = Maker(11)
    with app.test_request_context():
        for _number in range(15):
            once = plan_json.write(plan_json.read(json.loads(json.dumps(plan_json.write(maker.plan(3))))))
            assert plan_json.write(plan_json.read(once)) == once


@pytest.mark.parametrize(("locale", "words"), [("en", "The rules for programs"), ("ja", "プログラム")])
def test_page_says_how_to_ask_and_its_example_is_answered(client: Client, locale: str, words: str) -> None:
    page = client.get("/api", headers={"Accept-Language": locale})
    assert page.status_code == 200 and words in page.get_data(as_text=True)
    make_call(fiscal_year=2026, courses=[make_course("A", 2026)])
    sign_in(client, make_user(Role.COORDINATOR))
    assert client.post("/api/judge", json=api.EXAMPLE).status_code == 200
    assert 'href="/api"' in client.get(f"/calls/courses/{make_course('A', 2026).public_id}").get_data(as_text=True)
