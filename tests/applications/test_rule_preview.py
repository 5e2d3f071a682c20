"""What a change of a rule would do to plans being written: counts for coordinators, nothing about any plan."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask_babel import force_locale

from app.applications import draft_facts, panel
from app.applications.facts import facts_of
from app.applications.models import Application, ApplicationState
from app.calls import rule_service
from app.calls.models import Call, Course, Rule, Severity
from app.calls.preview import Change, Terms, tally
from app.core.authz import Actor, Role
from app.core.db import db
from tests.calls.plans import people
from tests.conftest import Client, watching
from tests.factories.accounts import make_actor, make_user, sign_in
from tests.factories.applications import make_application
from tests.factories.calls import make_call, make_course

S = ApplicationState
SIX_DAYS = Change("stay_length", Terms({"max_days": 7}, Severity.BLOCKS), Terms({"max_days": 6}, Severity.BLOCKS))


@pytest.fixture
def call(app: Flask) -> Call:
    return make_call()


@pytest.fixture
def course(call: Call) -> Course:
    return call.courses[0].course


@pytest.fixture
def coordinator(app: Flask) -> Actor:
    return make_actor(Role.COORDINATOR)


def draft(call: Call, days: int = 7, **fields: Any) -> Application:
    application = make_application(call=call, **fields)
    assert application.starts_on is not None
    application.ends_on = application.starts_on + timedelta(days=days - 1)
    db.session.flush()
    return application


def rule_of(course: Course, check_name: str) -> Rule:
    return next(rule for rule in course.rules if rule.check_name == check_name)


def body(response: Any) -> str:
    return str(response.get_data(as_text=True))


def test_tally_counts_before_and_after() -> None:
    change = Change("head_count", Terms({"max_people": 8}, Severity.WARNS), Terms({"max_people": 6}, Severity.BLOCKS))
    found = tally(change, (people(number) for number in (5, 6, 7, 8, 9)))
    assert found.plans == 5
    assert (found.before.holds, found.before.fails, found.before.stopped) == (4, 1, 0)
    assert (found.after.holds, found.after.fails, found.after.stopped) == (2, 3, 3)
    assert (found.newly_failing, found.newly_holding) == (2, 0)


def test_drafts_and_returned_plans_of_the_course_are_weighed_and_no_others(course: Course, call: Call) -> None:
    draft(call, 6), draft(call, 7), make_application(S.RETURNED, call=call)
    make_application(complete=False, call=call)
    make_application(S.SUBMITTED, call=call), make_application(S.WITHDRAWN, call=call)
    make_application(call=make_call("2", courses=[make_course("B")]))
    found = draft_facts.weigh(course, SIX_DAYS)
    assert found.plans == 4
    assert (found.before.holds, found.before.fails, found.before.unknown) == (3, 0, 1)
    assert (found.after.holds, found.after.fails, found.after.unknown) == (1, 2, 1)
    assert found.after.stopped == 3  # a rule that must hold also stops plans that cannot answer it yet


def test_streamed_plan_has_the_facts_of_its_page(course: Course, call: Call) -> None:
    written = [draft(call, 6), make_application(complete=False, call=call), draft(call, 7)]
    db.session.flush()
    expected = [facts_of(application, at=call.opens_at) for application in written]
    db.session.expunge_all()
    streamed = [replace(facts, at=call.opens_at) for facts in draft_facts._plans(course)]
    assert streamed == expected


def test_number_of_queries_does_not_grow_with_the_drafts(
    course: Course, call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(draft_facts, "AT_A_TIME", 2)  # many batches
    host, counted = draft(call).host_institution, []
    for more in (2, 9):
        for _number in range(more):
            draft(call, host=host)
        db.session.commit()
        db.session.expunge_all()
        with watching() as watch:
            draft_facts.weigh(course, SIX_DAYS)
        counted.append(watch.queries)
    assert counted == [6, 6]


def fields_of(rule: Rule, **changes: str) -> dict[str, str]:
    texts = {name: getattr(rule, name) for name in ("clause_ja", "clause_en", "text_ja", "text_en")}
    limits = {f"limit_{name}": str(value) for name, value in rule.limit.items()}
    return {"version": str(rule.version), "severity": "blocks", "preview": "1", **limits, **texts, **changes}


@pytest.fixture
def browser(client: Client) -> Client:
    sign_in(client, make_user(Role.COORDINATOR))
    return client


def test_preview_shows_counts_and_neither_hosts_nor_contents(browser: Client, course: Course, call: Call) -> None:
    plans = [draft(call, days, theme_en="A secret theme") for days in (5, 6, 7)]
    rule = rule_of(course, "stay_length")
    page = body(
        browser.post(
            f"/calls/rules/{rule.public_id}/edit", data=fields_of(rule, limit_max_days="5", limit_extra_days="0")
        )
    )
    assert "Plans now in draft or returned in this course: 3." in page
    assert "Plans that would newly fail: 2." in page
    assert "secret theme" not in page
    for plan in plans:
        assert plan.host_institution.name_en not in page and plan.public_id not in page
    assert not browser.last.writes and rule.limit["max_days"] == 7


def test_preview_of_one_or_two_plans_shows_no_counts(browser: Client, course: Course, call: Call) -> None:
    draft(call), draft(call)
    rule = rule_of(course, "stay_length")
    page = body(browser.post(f"/calls/rules/{rule.public_id}/edit", data=fields_of(rule, limit_max_days="6")))
    assert "Fewer than 3 plans" in page and "newly fail" not in page


def test_preview_asks_for_no_reason_but_for_numbers_that_fit(browser: Client, course: Course) -> None:
    rule = rule_of(course, "stay_length")
    address = f"/calls/rules/{rule.public_id}/edit"
    assert "No plan is in draft" in body(browser.post(address, data=fields_of(rule)))
    refused = browser.post(address, data=fields_of(rule, limit_max_days="0"))
    assert refused.status_code == 422 and "Enter a whole number from 1 to 366." in body(refused)


def test_preview_of_a_removal_and_of_an_addition_store_nothing(browser: Client, course: Course, call: Call) -> None:
    for _number in range(3):
        draft(call)
    rule = rule_of(course, "first_visit")
    page = body(browser.post(f"/calls/rules/{rule.public_id}/remove", data={"version": "1", "preview": "1"}))
    assert "no plan is asked for this any more" in page and not browser.last.writes
    given = {"key": "k", "limit_countries": "India", "preview": "1", "severity": "blocks"}
    texts = {"clause_ja": "x", "clause_en": "x", "text_ja": "x", "text_en": "x"}
    address = f"/calls/courses/{course.public_id}/rules/new?check=partner_countries"
    page = body(browser.post(address, data={**given, **texts}))
    assert "Plans that would newly fail: 3." in page and not browser.last.writes
    assert len(course.rules) == len(make_course("A").rules) and rule.removed_at is None


def test_verdicts_of_submitted_plans_stay_when_rules_are_added_changed_and_removed(
    course: Course, call: Call, coordinator: Actor
) -> None:
    plan = make_application(S.SUBMITTED, call=call)
    frozen, digest = [dict(verdict) for verdict in plan.verdicts], plan.snapshot_sha256
    texts = {"clause_ja": "x", "clause_en": "x", "text_ja": "x", "text_en": "x", "to_confirm": False}
    terms = {"severity": "blocks", "reason": "r", **texts}
    rule_service.add_rule(coordinator, course, "partner_countries", limit={"countries": ["IN"]}, **terms)
    stay = rule_of(course, "stay_length")
    rule_service.update_rule(coordinator, stay, version=stay.version, limit={"max_days": 1}, **terms)
    heads = rule_of(course, "head_count")
    rule_service.remove_rule(coordinator, heads, version=heads.version, reason="r")
    db.session.commit()
    db.session.expire_all()
    assert plan.verdicts == frozen and plan.snapshot_sha256 == digest
    with force_locale("en"):
        shown = {line.label: line.tone for line in panel.frozen(plan).lines}
    assert (shown["Length of stay"], shown["Number of people"]) == ("holds", "holds")
    assert "Countries and regions" not in shown
