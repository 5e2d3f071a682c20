"""What coordinators do with rounds and rules."""

from datetime import date, datetime, time, timedelta

import pytest
from flask import Flask

from app.calls import queries, rule_service, seed_data, service, timing
from app.calls.models import Call, CourseCode, Rule
from app.core import audit, clock
from app.core.authz import Actor, Role
from app.core.db import db
from app.core.errors import Forbidden, Refused, Stale
from app.core.i18n import exact_moment
from tests.factories.accounts import make_actor
from tests.factories.calls import make_call, make_course


@pytest.fixture
def coordinator(app: Flask) -> Actor:
    return make_actor(Role.COORDINATOR)


def rule_of(code: str, check_name: str, year: int = 2025) -> Rule:
    return next(rule for rule in make_course(code, year).rules if rule.check_name == check_name)


def change(actor: Actor, rule: Rule, **changes: object) -> None:
    fields = {
        "version": rule.version,
        "limit": rule.limit,
        "severity": rule.severity.value,
        "clause_ja": rule.clause_ja,
        "clause_en": rule.clause_en,
        "text_ja": rule.text_ja,
        "text_en": rule.text_en,
        "to_confirm": rule.to_confirm,
        "reason": "New guidelines",
    }
    rule_service.update_rule(actor, rule, **{**fields, **changes})  # type: ignore[arg-type]


def change_call(actor: Actor, call: Call, **changes: object) -> None:
    fields = {
        "version": call.version,
        "course_codes": [link.course.code for link in call.courses],
        **{name: getattr(call, name) for name in (*service.DATES, "note_ja", "note_en")},
    }
    service.update_call(actor, call, **{**fields, **changes})  # type: ignore[arg-type]


def test_seeding_enters_everything_once(app: Flask) -> None:
    first, second = service.seed_rules(), service.seed_rules()
    assert (first.courses, first.calls) == (3 + 4 + 5 + 6 + 6 + 6, 12)
    assert (second.courses, second.calls) == (0, 0)


def test_seeding_keeps_what_a_coordinator_changed(coordinator: Actor) -> None:
    service.seed_rules()
    rule = rule_of("A", "head_count")
    change(coordinator, rule, limit={"max_people": 9})
    service.seed_rules()
    db.session.expire_all()
    assert rule.limit == {"max_people": 9}


@pytest.mark.parametrize(
    ("year", "label", "opens", "closes", "last_visit"),
    [
        (2024, "1", date(2024, 1, 25), date(2024, 2, 22), date(2025, 3, 14)),
        (2024, "2", date(2024, 2, 23), date(2024, 5, 16), date(2025, 3, 14)),
        (2024, "3", date(2024, 5, 17), date(2024, 9, 9), date(2025, 3, 14)),
        (2024, "D", date(2024, 6, 17), date(2024, 9, 9), date(2025, 3, 14)),
        (2025, "1", date(2025, 3, 18), date(2025, 4, 21), date(2026, 3, 13)),
        (2025, "2", date(2025, 4, 22), date(2025, 7, 4), date(2026, 3, 13)),
        (2025, "3", date(2025, 7, 5), date(2025, 10, 6), date(2026, 3, 13)),
    ],
)
def test_rounds_of_2024_and_2025_are_those_published(
    year: int, label: str, opens: date, closes: date, last_visit: date
) -> None:
    call, codes = seed_data.call(year, label)
    assert call.opens_at == clock.tokyo(opens)
    assert call.closes_at == clock.tokyo(closes, time(17))
    assert call.visits_until == last_visit
    assert codes == ([CourseCode.D] if label == "D" else [CourseCode.A, CourseCode.B, CourseCode.C])


def test_round_is_open_to_the_second(app: Flask) -> None:
    closes = clock.tokyo(date(2025, 4, 21), time(17))
    call = make_call(opens_at=clock.tokyo(date(2025, 3, 18)), closes_at=closes)
    second = timedelta(seconds=1)
    assert [call.is_open(at) for at in (call.opens_at - second, call.opens_at, closes - second, closes)] == [
        False,
        True,
        True,
        False,
    ]
    assert queries.open_calls(closes - second) == [call]
    assert queries.open_calls(closes) == []


def test_countdown_counts_days_then_hours_then_minutes(app: Flask) -> None:
    call = make_call()
    with app.test_request_context(headers={"Accept-Language": "en"}):
        for left, words in (
            (timedelta(days=12, hours=3), "Closes in 12 days"),
            (timedelta(hours=47), "Closes in 47 hours"),
            (timedelta(hours=1), "Closes in 1 hour"),
            (timedelta(seconds=30), "Closes in 1 minute"),
        ):
            assert timing.countdown(call, call.closes_at - left) == words
        assert timing.countdown(call, call.closes_at) == ""
        assert timing.countdown(call, call.opens_at - timedelta(days=3)) == "Opens in 3 days"
        assert exact_moment(clock.tokyo(date(2025, 4, 21), time(17))) == "21 April 2025, 17:00:00 JST"


def test_copied_year_has_the_rules_and_rounds_one_year_later_as_a_draft(coordinator: Actor) -> None:
    service.seed_rules()
    assert service.copy_year(coordinator, 2026) == 2027
    courses, calls = queries.whole_year(2027)
    assert len(courses) == 6 and len(calls) == 4
    assert {len(course.rules) for course in courses} == {len(course.rules) for course in queries.whole_year(2026)[0]}
    first = next(call for call in calls if call.label == "1")
    assert clock.in_tokyo(first.closes_at).replace(tzinfo=None) == datetime(2027, 4, 21, 17)
    assert first.visits_until == date(2028, 3, 13)
    assert [link.course.fiscal_year for link in first.courses] == [2027, 2027, 2027]
    assert queries.rounds(2027) == [] and len(queries.rounds(2027, coordinator)) == 4
    assert 2027 not in queries.fiscal_years()


def test_leap_day_moves_to_the_28th() -> None:
    assert service.next_year(date(2024, 2, 29)) == date(2025, 2, 28)


def test_year_is_copied_once(coordinator: Actor) -> None:
    make_course("A", 2025)
    service.copy_year(coordinator, 2025)
    with pytest.raises(Refused):
        service.copy_year(coordinator, 2025)
    with pytest.raises(Refused):
        service.copy_year(coordinator, 1999)


def test_published_year_is_seen_by_everybody(coordinator: Actor) -> None:
    make_call()
    service.copy_year(coordinator, 2025)
    service.publish_year(coordinator, 2026)
    assert len(queries.rounds(2026)) == 1 and len(queries.courses(2026)) == 1
    with pytest.raises(Refused):
        service.publish_year(coordinator, 2026)


def test_number_changes_without_touching_code(coordinator: Actor) -> None:
    rule = rule_of("A", "stay_length")
    change(coordinator, rule, limit={"max_days": 6, "extra_days": 2, "far_km": 100})
    assert "at most 6 days" in rule.sentence("en") and "100 km" in rule.sentence("en")
    assert "6日以内" in rule.sentence("ja")
    entry = audit.timeline(rule)[0]
    assert (entry.verb, entry.comment) == ("rule:edit", "New guidelines")
    assert entry.changes["limit"] == [
        {"max_days": 7, "extra_days": 1, "far_km": 80},
        {"max_days": 6, "extra_days": 2, "far_km": 100},
    ]


def test_rule_of_a_published_year_changes_only_with_a_reason(coordinator: Actor) -> None:
    with pytest.raises(Refused) as refusal:
        change(coordinator, rule_of("A", "head_count"), reason=" ")
    assert list(refusal.value.fields) == ["reason"]


def test_rule_of_a_draft_year_needs_no_reason(coordinator: Actor) -> None:
    make_course("A", 2025)
    service.copy_year(coordinator, 2025)
    change(coordinator, rule_of("A", "head_count", 2026), reason="", limit={"max_people": 7})
    assert rule_of("A", "head_count", 2025).limit == {"max_people": 8}


def test_rule_refuses_numbers_and_places_that_make_no_sense(coordinator: Actor) -> None:
    rule = rule_of("A", "head_count")
    with pytest.raises(Refused) as refusal:
        change(coordinator, rule, limit={"max_people": 0}, text_en="At most {max_peple}.")
    assert set(refusal.value.fields) == {"limit_max_people", "text_en"}


def test_rule_refuses_an_outdated_copy_and_strangers(coordinator: Actor) -> None:
    rule = rule_of("A", "head_count")
    with pytest.raises(Stale):
        change(coordinator, rule, version=rule.version + 1)
    with pytest.raises(Forbidden):
        change(make_actor(Role.HOST_APPROVER), rule)


def test_round_that_has_not_opened_can_be_moved(coordinator: Actor) -> None:
    opens = clock.now() + timedelta(days=10)
    call = make_call(opens_at=opens, closes_at=opens + timedelta(days=30), notice_on=date(2030, 1, 1))
    make_course("B"), make_course("C")
    change_call(coordinator, call, closes_at=opens + timedelta(days=40), course_codes=[CourseCode.A, CourseCode.C])
    assert call.closes_at == opens + timedelta(days=40)
    assert sorted(link.course.code for link in call.courses) == ["A", "C"]
    assert audit.timeline(call)[0].changes["courses"] == ["A", "A, C"]


def test_round_that_has_opened_keeps_its_days_but_not_its_note(coordinator: Actor) -> None:
    call = make_call(notice_on=date(2099, 1, 1))
    with pytest.raises(Refused):
        change_call(coordinator, call, closes_at=call.closes_at + timedelta(days=1))
    change_call(coordinator, call, note_en="Forms were corrected on 1 May.")
    assert call.note_en == "Forms were corrected on 1 May."


def test_round_refuses_days_out_of_order(coordinator: Actor) -> None:
    opens = clock.now() + timedelta(days=10)
    call = make_call(opens_at=opens, closes_at=opens + timedelta(days=30))
    with pytest.raises(Refused) as refusal:
        change_call(
            coordinator,
            call,
            closes_at=opens,
            visits_from=date(2026, 3, 1),
            visits_until=date(2026, 2, 1),
            notice_on=date(2020, 1, 1),
        )
    assert set(refusal.value.fields) == {"closes_on", "visits_until", "notice_on"}


def test_round_refuses_an_outdated_copy(coordinator: Actor) -> None:
    call = make_call()
    with pytest.raises(Stale):
        change_call(coordinator, call, version=call.version + 1)
