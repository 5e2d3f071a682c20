"""Adding and removing rules, and what the history of a year says of it."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import insert

from app.calls import queries, rule_service, rules, seed_data, service
from app.calls.checks import CHECKS
from app.calls.models import Course, Rule, Severity
from app.core import audit
from app.core.authz import Actor, Role
from app.core.db import db
from app.core.errors import Forbidden, NotFound, Refused, Stale
from tests.conftest import Client
from tests.factories.accounts import make_actor, make_user, sign_in
from tests.factories.calls import make_course


@pytest.fixture
def coordinator(app: Flask) -> Actor:
    return make_actor(Role.COORDINATOR)


@pytest.fixture
def signed_in(client: Client) -> Callable[[Role], Client]:
    def enter(role: Role) -> Client:
        sign_in(client, make_user(role))
        return client

    return enter


def body(response: Any) -> str:
    return str(response.get_data(as_text=True))


def rule_of(course: Course, check_name: str) -> Rule:
    return next(rule for rule in course.rules if rule.check_name == check_name)


def names(course: Course) -> list[str]:
    return [rule.check_name for rule in course.rules]


def add(actor: Actor, course: Course, check_name: str = "partner_countries", **changes: Any) -> Rule:
    fields = {"limit": {"countries": ["IN"]}, "severity": "blocks", "to_confirm": False, "reason": "New guidelines"}
    return rule_service.add_rule(
        actor, course, check_name, **{**fields, **seed_data.sentence_for(check_name), **changes}
    )


def remove(actor: Actor, rule: Rule, **changes: Any) -> None:
    rule_service.remove_rule(actor, rule, **{"version": rule.version, "reason": "No longer asked", **changes})


def draft_course(coordinator: Actor) -> Course:
    make_course("A", 2025)
    service.copy_year(coordinator, 2025)
    return make_course("A", 2026)


def test_added_rule_judges_and_stands_last(coordinator: Actor) -> None:
    course = make_course("A")
    rule = add(coordinator, course)
    assert names(course)[-1] == "partner_countries"
    assert (rule.limit, rule.severity) == ({"countries": ["IN"]}, Severity.BLOCKS)
    assert "open to: India" in rule.sentence("en")
    entry = audit.timeline(rule)[0]
    assert (entry.verb, entry.comment) == ("rule:add", "New guidelines")
    assert entry.changes["limit"] == [None, {"countries": ["IN"]}]


def test_rule_is_added_to_a_published_year_only_with_a_reason(coordinator: Actor) -> None:
    with pytest.raises(Refused) as refusal:
        add(coordinator, make_course("A"), reason="  ")
    assert list(refusal.value.fields) == ["reason"]


def test_rule_is_added_to_and_removed_from_a_draft_year_freely(coordinator: Actor) -> None:
    course = draft_course(coordinator)
    rule = add(coordinator, course, reason="")
    remove(coordinator, rule, reason="")
    assert "partner_countries" not in names(course)


def test_check_is_used_once_in_a_course(coordinator: Actor) -> None:
    with pytest.raises(Refused) as refusal:
        add(coordinator, make_course("A"), "head_count", limit={"max_people": 9})
    assert list(refusal.value.fields) == [""]


def test_check_somebody_else_has_just_added_is_noticed(coordinator: Actor) -> None:
    course = make_course("A")
    assert "partner_countries" not in names(course)
    values = {"course_id": course.id, "check_name": "partner_countries", "severity": Severity.WARNS, "limit": {}}
    db.session.execute(insert(Rule).values(**values))  # unknown to what the session has read
    with pytest.raises(Refused):
        add(coordinator, course)


def test_rule_with_a_senseless_number_or_place_is_not_added(coordinator: Actor) -> None:
    with pytest.raises(Refused) as refusal:
        add(coordinator, make_course("A"), limit={"countries": ["XX"]}, text_en="Open to {countrys}.")
    assert set(refusal.value.fields) == {"limit_countries", "text_en"}
    with pytest.raises(NotFound):
        add(coordinator, make_course("A"), "no_such_check")


def test_removed_rule_judges_no_more_and_is_not_copied(coordinator: Actor) -> None:
    course = make_course("A")
    rule = rule_of(course, "first_visit")
    remove(coordinator, rule)
    assert "first_visit" not in names(course)
    entry = audit.timeline(rule)[0]
    assert (entry.verb, entry.comment, entry.changes["severity"]) == ("rule:remove", "No longer asked", ["warns", None])
    service.copy_year(coordinator, 2025)
    assert "first_visit" not in names(make_course("A", 2026))


def test_rule_of_a_published_year_is_removed_only_with_a_reason(coordinator: Actor) -> None:
    course = make_course("A")
    with pytest.raises(Refused) as refusal:
        remove(coordinator, rule_of(course, "first_visit"), reason=" ")
    assert list(refusal.value.fields) == ["reason"] and "first_visit" in names(course)


def test_rule_somebody_changed_or_removed_meanwhile_is_not_removed(coordinator: Actor) -> None:
    rule = rule_of(make_course("A"), "first_visit")
    with pytest.raises(Stale):
        remove(coordinator, rule, version=rule.version - 1)
    remove(coordinator, rule)
    with pytest.raises(Stale):
        remove(coordinator, rule)


def test_rule_added_again_keeps_its_history(coordinator: Actor) -> None:
    course = make_course("A")
    rule = rule_of(course, "head_count")
    remove(coordinator, rule)
    again = add(coordinator, course, "head_count", limit={"max_people": 6})
    assert again.id == rule.id and names(course)[-1] == "head_count" and again.limit == {"max_people": 6}
    assert [entry.verb for entry in audit.timeline(again)] == ["rule:add", "rule:remove"]


@pytest.mark.parametrize("role", [Role.HOST_APPROVER, Role.DECISION_MAKER, Role.ADMINISTRATOR])
def test_only_those_who_edit_rules_add_and_remove_them(app: Flask, role: Role) -> None:
    course, stranger = make_course("A"), make_actor(role)
    with pytest.raises(Forbidden):
        add(stranger, course)
    with pytest.raises(Forbidden):
        remove(stranger, rule_of(course, "first_visit"))
    with pytest.raises(Forbidden):
        rule_service.preview_removal(stranger, rule_of(course, "first_visit"))


def new_fields(**changes: str) -> dict[str, str]:
    texts = seed_data.sentence_for("partner_countries")
    return {"key": "k", "limit_countries": "India\nAfrica", "severity": "warns", "reason": "Wanted", **texts, **changes}


def test_coordinator_adds_a_rule_in_the_browser(signed_in: Callable[[Role], Client]) -> None:
    course, browser = make_course("A"), signed_in(Role.COORDINATOR)
    address = f"/calls/courses/{course.public_id}/rules/new"
    choice = body(browser.get(address))
    assert "check=partner_countries" in choice and "check=head_count" not in choice
    assert "The course is open to: {countries}." in body(browser.get(f"{address}?check=partner_countries"))
    refused = browser.post(f"{address}?check=partner_countries", data=new_fields(reason=""))
    assert refused.status_code == 422 and "give the reason for the change" in body(refused)
    for _click in range(2):  # a second click adds nothing and breaks nothing
        added = browser.post(f"{address}?check=partner_countries", data=new_fields())
        assert added.location == f"/calls/courses/{course.public_id}"
    assert rule_of(course, "partner_countries").limit == {"countries": ["IN", "africa"]}
    assert "The course is open to: India, Africa" in body(browser.get(added.location))
    assert browser.post(f"{address}?check=partner_countries", data=new_fields(key="z")).status_code == 422


def test_course_that_checks_everything_says_so(signed_in: Callable[[Role], Client]) -> None:
    course = make_course("A")
    used = set(names(course))
    course.rules += [Rule(check_name=name, severity=Severity.WARNS) for name in CHECKS if name not in used]
    page = body(signed_in(Role.COORDINATOR).get(f"/calls/courses/{course.public_id}/rules/new"))
    assert "already checks everything" in page


def test_coordinator_removes_a_rule_in_the_browser(signed_in: Callable[[Role], Client]) -> None:
    course, browser = make_course("A"), signed_in(Role.COORDINATOR)
    rule = rule_of(course, "first_visit")
    address = f"/calls/rules/{rule.public_id}/remove"
    fields = {"version": str(rule.version), "reason": "No longer asked"}
    assert "come to Japan for the first time" in body(browser.get(address))
    assert browser.post(address, data={**fields, "reason": ""}).status_code == 422
    stale = browser.post(address, data={**fields, "version": "99"})
    assert stale.status_code == 409 and f'name="version" type="hidden" value="{rule.version}"' in body(stale)
    assert browser.post(address, data=fields).location == f"/calls/courses/{course.public_id}"
    assert "first_visit" not in names(course)
    assert browser.get(address).status_code == 404
    assert browser.get(f"/calls/rules/{rule.public_id}/edit").status_code == 404


def move(actor: Actor, rule: Rule, *, up: bool, **changes: Any) -> int:
    return rule_service.move_rule(actor, rule, up=up, **{"course_version": rule.course.version, **changes})


def test_rule_moves_one_place_and_the_log_says_so(coordinator: Actor) -> None:
    course = make_course("A")
    before, rule = names(course), course.rules[2]
    version = rule.version
    assert move(coordinator, rule, up=True) == 2
    assert names(course) == [before[0], before[2], before[1], *before[3:]]
    assert move(coordinator, rule, up=False) == 3
    assert names(course) == before
    entry = audit.timeline(rule)[0]
    assert (entry.verb, entry.changes) == ("rule:move", {"position": [2, 3]})
    db.session.refresh(rule)
    assert rule.version == version  # whoever edits the rule meanwhile is not turned away


def test_rule_at_an_end_stays_there(coordinator: Actor) -> None:
    course = make_course("A")
    before = names(course)
    assert move(coordinator, course.rules[0], up=True) == 1
    assert move(coordinator, course.rules[-1], up=False) == len(before)
    assert names(course) == before and not audit.timeline(course.rules[0])


def test_order_somebody_changed_meanwhile_is_not_changed_again(coordinator: Actor) -> None:
    course = make_course("A")
    seen, rule = course.version, course.rules[4]
    move(coordinator, course.rules[1], up=True)
    before = names(course)
    with pytest.raises(Stale):
        move(coordinator, rule, up=True, course_version=seen)
    remove(coordinator, rule)
    with pytest.raises(Stale):
        move(coordinator, rule, up=True)
    assert names(course) == [name for name in before if name != rule.check_name]


def test_order_is_copied_and_changes_no_judgement(coordinator: Actor) -> None:
    course = make_course("A")
    version = rules.version_of(course)
    move(coordinator, course.rules[3], up=True)
    assert rules.version_of(course) == version
    service.copy_year(coordinator, 2025)
    assert names(make_course("A", 2026)) == names(course)


def test_version_of_the_rules_moves_with_what_they_ask_and_say(coordinator: Actor) -> None:
    course = make_course("A")
    seen = {rules.version_of(course)}
    rule = rule_of(course, "head_count")
    rule.limit = {**rule.limit, "max_people": 9}
    seen.add(rules.version_of(course))
    rule.severity = Severity.WARNS
    seen.add(rules.version_of(course))
    rule.clause_en = "Guidelines, chapter 3"
    seen.add(rules.version_of(course))
    remove(coordinator, rule)
    seen.add(rules.version_of(course))
    assert len(seen) == 5


def test_coordinator_moves_a_rule_with_the_buttons_beside_it(signed_in: Callable[[Role], Client]) -> None:
    course, browser = make_course("A"), signed_in(Role.COORDINATOR)
    before, rule = names(course), course.rules[1]
    page, address = f"/calls/courses/{course.public_id}", f"/calls/rules/{rule.public_id}/move"
    assert f'action="{address}"' in body(browser.get(page))
    fields = {"version": str(course.version), "direction": "up"}
    moved = browser.post(address, data=fields)
    assert moved.location == f"{page}#rule-{rule.public_id}"
    assert names(make_course("A")) == [before[1], before[0], *before[2:]]
    assert f"number 1 of {len(before)} now" in body(browser.get(page))
    stale = browser.post(address, data=fields)
    assert stale.status_code == 409 and "Somebody else changed the order meanwhile" in body(stale)
    assert browser.post(address, data={**fields, "direction": "sideways"}).status_code == 422
    assert "Rule moved in the list" in body(browser.get("/calls/years/2025/history"))


def test_only_those_who_edit_rules_move_them(signed_in: Callable[[Role], Client]) -> None:
    course, browser = make_course("A"), signed_in(Role.DECISION_MAKER)
    assert "/move" not in body(browser.get(f"/calls/courses/{course.public_id}"))
    assert browser.post(f"/calls/rules/{course.rules[1].public_id}/move").status_code == 403
    with pytest.raises(Forbidden):
        move(make_actor(Role.DECISION_MAKER), course.rules[1], up=True)


def test_history_of_a_year_says_who_did_what_when_and_why(
    signed_in: Callable[[Role], Client], coordinator: Actor
) -> None:
    course = make_course("A")
    remove(coordinator, rule_of(course, "first_visit"), reason="Second visits are welcome")
    rule = rule_of(course, "head_count")
    kept = {name: getattr(rule, name) for name in ("clause_ja", "clause_en", "text_ja", "to_confirm", "version")}
    rule_service.update_rule(
        coordinator,
        rule,
        limit={"max_people": 9},
        severity="warns",
        text_en="Up to {max_people}.",
        reason="Letter of 3 June",
        **kept,
    )
    add(coordinator, make_course("A", 2024), reason="Of another year")
    browser = signed_in(Role.COORDINATOR)
    page = body(browser.get("/calls/years/2025/history"))
    for text in ("Rule changed", "Letter of 3 June", "Rule removed", "Second visits are welcome", coordinator.name):
        assert text in page
    assert "People at most, supervisors included</dt><dd><del>8</del> → <ins>9</ins>" in page
    assert "<del>Must hold</del> → <ins>Should hold</ins>" in page
    assert '<ins lang="en">Up to {max_people}.</ins>' in page
    assert "Of another year" not in page
    assert "/calls/years/2025/history" in body(browser.get("/calls?year=2025"))


def test_history_begins_with_the_setting_up_of_the_year(signed_in: Callable[[Role], Client]) -> None:
    service.seed_rules()
    page = body(signed_in(Role.COORDINATOR).get("/calls/years/2019/history"))
    assert page.count("Course set up") == 4 and "The system" in page


def test_history_takes_a_constant_number_of_queries(signed_in: Callable[[Role], Client], coordinator: Actor) -> None:
    course, browser, counted = make_course("A"), signed_in(Role.COORDINATOR), []
    for name in ("first_visit", "head_count", "age_limit"):
        remove(coordinator, rule_of(course, name))
        db.session.expire_all()
        assert browser.get("/calls/years/2025/history").status_code == 200
        counted.append(browser.last.queries)
    assert len(set(counted)) == 1


def test_history_is_for_those_who_edit_rules(signed_in: Callable[[Role], Client]) -> None:
    make_course("A")
    browser = signed_in(Role.HOST_APPROVER)
    assert browser.get("/calls/years/2025/history").status_code == 403
    page = browser.get("/calls?year=2025")
    assert "/history" not in body(page)


def test_year_without_courses_has_no_history(signed_in: Callable[[Role], Client]) -> None:
    assert signed_in(Role.COORDINATOR).get("/calls/years/1999/history").status_code == 404


def test_removed_rules_stay_out_of_the_course_for_every_reader(client: Client, coordinator: Actor) -> None:
    course = make_course("A")
    remove(coordinator, rule_of(course, "first_visit"))
    db.session.expire_all()
    found = queries.course(None, course.public_id)
    assert found is not None and "first_visit" not in names(found)
    assert "come to Japan for the first time" not in body(client.get(f"/calls/courses/{course.public_id}"))
