"""The programme's rules, year by year: for each the last value that is allowed and the first that is refused."""

from dataclasses import replace
from datetime import date, time, timedelta
from typing import Any

import pytest
from flask import Flask
from flask_babel import force_locale

from app.calls import seed_data
from app.calls.facts import ActivityFacts, CostFacts, PartnerFacts, PeopleFacts, PlanFacts
from app.calls.models import CourseCode, Severity
from app.calls.rules import Verdict, blocking, judge
from app.core import clock
from tests.calls.plans import PARTNER, itinerary, people, plan, stay

ABCD = ("A", "B", "C", "D")


def verdicts(facts: PlanFacts, code: str = "A", year: int = 2025) -> dict[str, Verdict]:
    return {verdict.check_name: verdict for verdict in judge(seed_data.course(year, CourseCode(code)), facts)}


def holds(name: str, facts: PlanFacts, code: str = "A", year: int = 2025) -> bool | None:
    return verdicts(facts, code, year)[name].holds


@pytest.fixture(autouse=True)
def english(app: Flask) -> Any:
    with force_locale("en"):
        yield


def test_plan_that_keeps_all_rules_can_be_submitted() -> None:
    found = judge(seed_data.course(2025, CourseCode.A), plan())
    assert [v.check_name for v in found if v.holds is not True] == ["age_limit"]  # awaits the names
    assert blocking(found) == []


def test_empty_plan_says_what_to_enter_and_refuses_nothing_but_what_is_missing() -> None:
    found = judge(seed_data.course(2025, CourseCode.A), PlanFacts())
    refused = [v.check_name for v in found if v.holds is False]
    assert refused == ["contact_persons", "online_promise"]
    assert all(v.message for v in found)
    assert "stay_length" in [v.check_name for v in blocking(found)]


@pytest.mark.parametrize(
    ("year", "code", "days"),
    [
        *[(year, "A", 7) for year in (2016, 2023, 2024)],
        *[(year, "B", 21) for year in (2016, 2023, 2024, 2025)],
        *[(year, "C", 10) for year in (2016, 2023, 2024, 2025)],
        *[(year, "direct", 7) for year in (2023, 2024, 2025)],
    ],
)
def test_stay_ends_on_the_last_allowed_day(year: int, code: str, days: int) -> None:
    assert holds("stay_length", stay(days), code, year) is True
    assert holds("stay_length", stay(days + 1), code, year) is False


@pytest.mark.parametrize(
    ("days", "kilometres", "expected"),
    [(7, None, True), (7, 0, True), (8, 79, False), (8, 80, True), (8, None, None), (9, 80, False), (9, None, False)],
)
def test_stay_in_course_a_of_2025_may_have_an_eighth_day_from_80_km_on(
    days: int, kilometres: int | None, expected: bool | None
) -> None:
    assert holds("stay_length", stay(days, airport_distance_km=kilometres)) is expected


def test_stay_counts_the_days_of_entry_and_exit() -> None:
    assert verdicts(plan())["stay_length"].measured == 7


@pytest.mark.parametrize(
    ("year", "code", "most"),
    [(2016, "A", 10), (2016, "B", 10), (2023, "A", 10), (2023, "B", 10), (2023, "C", 10)]
    + [(year, code, 8) for year in (2024, 2025) for code in ABCD],
)
def test_head_count_includes_supervisors(year: int, code: str, most: int) -> None:
    assert holds("head_count", people(most - 1, supervisors=1), code, year) is True
    assert holds("head_count", people(most, supervisors=1), code, year) is False


@pytest.mark.parametrize(("year", "most"), [(2016, 15), (2023, 15), (2024, 12), (2025, 12)])
def test_head_count_of_course_c_is_higher_from_several_organizations(year: int, most: int) -> None:
    assert holds("head_count", people(most - 1, partners=2), "C", year) is True
    assert holds("head_count", people(most, partners=2), "C", year) is False
    assert holds("head_count", people(most), "C", year) is False


def test_head_count_of_course_a_is_the_same_from_several_organizations() -> None:
    assert holds("head_count", people(8, partners=2), "A", 2025) is False


@pytest.mark.parametrize(
    ("supervisors", "partners", "expected"), [(0, 1, True), (1, 1, True), (2, 1, False), (2, 2, True), (3, 2, False)]
)
def test_supervisors_are_one_per_organization(supervisors: int, partners: int, expected: bool) -> None:
    assert holds("supervisors_per_organization", people(2, supervisors, partners), "A", 2023) is expected


def test_supervisors_nobody_assigned_are_as_many_as_there_are_partners() -> None:
    groups = (PeopleFacts("undergraduate"), PeopleFacts("faculty", is_supervisor=True, number=2))
    assert holds("supervisors_per_organization", plan(people=groups, partners=(PARTNER,) * 2), "A", 2023) is True
    assert holds("supervisors_per_organization", plan(people=groups), "A", 2023) is False


def born(day: date, category: str = "doctor", *, is_supervisor: bool = False) -> PlanFacts:
    return plan(people=(PeopleFacts(category, is_supervisor, born=day, name="Somebody"),))


def test_age_is_that_of_the_day_of_entry() -> None:
    assert holds("age_limit", born(date(1984, 9, 2))) is True  # turns 41 on the day after entry
    assert holds("age_limit", born(date(1984, 9, 1))) is False  # turns 41 on the day of entry


def test_age_limit_can_exclude_the_age_itself() -> None:
    course = seed_data.course(2025, CourseCode.A)
    rule = next(rule for rule in course.rules if rule.check_name == "age_limit")
    rule.limit = {**rule.limit, "inclusive": False}
    found = {v.check_name: v for v in judge(course, born(date(1985, 9, 1)))}["age_limit"]  # 40 on the day of entry
    assert (found.holds, found.message) == (False, "Not below 40 on the day of entry: Somebody (40)")
    assert rule.sentence("en").startswith("Aged below 40")


def test_age_of_supervisors_and_pupils_has_no_limit() -> None:
    assert holds("age_limit", born(date(1950, 1, 1), "high_school")) is True
    assert holds("age_limit", born(date(1950, 1, 1), is_supervisor=True)) is None


def test_age_awaits_names_and_does_not_stop_the_plan() -> None:
    found = verdicts(plan())["age_limit"]
    assert (found.holds, found.awaits_people, found.blocks_submission) == (None, True, False)
    assert verdicts(born(date(1950, 1, 1)))["age_limit"].blocks_submission


@pytest.mark.parametrize(("code", "expected"), [("A", True), ("B", True), ("C", True), ("D", False)])
def test_pupils_may_come_in_every_course_but_d(code: str, expected: bool) -> None:
    assert holds("allowed_categories", plan(people=(PeopleFacts("high_school"),)), code) is expected


def test_categories_outside_the_guidelines_are_named() -> None:
    found = verdicts(plan(people=(PeopleFacts("other"), PeopleFacts("teacher", is_supervisor=True))))
    assert found["allowed_categories"].message == "Not for this course: Other"


def test_first_visit_is_a_warning_and_does_not_bind_supervisors() -> None:
    groups = (PeopleFacts("master", number=2, first_visit=False), PeopleFacts("faculty", True, first_visit=False))
    found = verdicts(plan(people=groups))["first_visit"]
    assert (found.holds, found.measured, found.severity, found.blocks_submission) == (False, 2, Severity.WARNS, False)
    assert verdicts(plan())["first_visit"].holds is True


def test_course_d_knows_no_first_visit() -> None:
    assert "first_visit" not in verdicts(plan(), "D")


@pytest.mark.parametrize(
    ("days", "special", "expected"),
    [(7, 3, True), (7, 2, False), (6, 2, True), (6, 1, False), (3, 1, True), (2, 0, True)],
)
def test_half_of_the_effective_days_of_course_a_are_special(days: int, special: int, expected: bool) -> None:
    assert holds("special_days", stay(days, itinerary=itinerary(days, special))) is expected


def test_special_items_on_the_days_of_arrival_and_departure_do_not_count() -> None:
    items = (
        ActivityFacts(1, "special_lecture"),
        ActivityFacts(7, "special_program"),
        ActivityFacts(2, "special_program"),
    )
    assert verdicts(plan(itinerary=items))["special_days"].measured == 1


def test_special_items_of_one_day_count_once() -> None:
    items = (ActivityFacts(2, "special_lecture"), ActivityFacts(2, "special_program"))
    assert verdicts(plan(itinerary=items))["special_days"].measured == 1


def test_peer_exchange_is_expected_not_demanded() -> None:
    found = verdicts(plan(itinerary=(ActivityFacts(2, "special_lecture"),)))["peer_exchange"]
    assert (found.holds, found.severity) == (False, Severity.WARNS)


def test_round_is_open_from_its_first_second_until_the_one_before_closing() -> None:
    opens, closes = clock.tokyo(date(2025, 3, 18)), clock.tokyo(date(2025, 4, 21), time(17))
    second = timedelta(seconds=1)
    facts = plan(opens_at=opens, closes_at=closes)
    answers = [holds("round_is_open", replace(facts, at=at)) for at in (opens - second, opens, closes - second, closes)]
    assert answers == [False, True, True, False]


@pytest.mark.parametrize(
    ("first", "last", "expected"),
    [
        (date(2025, 7, 25), date(2025, 7, 31), True),
        (date(2025, 7, 24), date(2025, 7, 30), False),
        (date(2026, 3, 7), date(2026, 3, 13), True),
        (date(2026, 3, 8), date(2026, 3, 14), False),
    ],
)
def test_visit_lies_in_the_window_of_its_round(first: date, last: date, expected: bool) -> None:
    assert holds("visit_window", plan(starts_on=first, ends_on=last)) is expected


@pytest.mark.parametrize(
    ("country", "expected"), [("IN", True), ("KE", True), ("EG", True), ("NP", False), ("CN", False), ("", None)]
)
def test_course_d_is_for_india_and_african_countries(country: str, expected: bool | None) -> None:
    assert holds("partner_countries", plan(partners=(replace(PARTNER, country=country),)), "D") is expected


@pytest.mark.parametrize(("number", "expected"), [("", False), ("  ", False), ("2025-0123", True)])
def test_partners_in_china_carry_the_number_of_their_notification(number: str, expected: bool) -> None:
    partner = replace(PARTNER, country="CN", prior_notification=number)
    assert holds("prior_notification", plan(partners=(PARTNER, partner))) is expected


def test_partners_elsewhere_need_no_notification() -> None:
    assert holds("prior_notification", plan()) is True


@pytest.mark.parametrize("missing", ["name", "country", "contact_name", "contact_email"])
def test_partner_filled_in_by_half_is_refused(missing: str) -> None:
    partners = (PARTNER, replace(PARTNER, **{missing: " "}))
    found = verdicts(plan(partners=partners))["partners_complete"]
    assert found.holds is False
    assert found.message.startswith("Partner 2 is not complete. Missing: ")


@pytest.mark.parametrize(
    ("kind", "cost", "expected"),
    [
        ("company", "international_travel", True),
        ("company", "tax_equivalent", True),
        ("company", "domestic_travel", False),
        ("company", "general_administration", False),
        ("university", "domestic_travel", True),
    ],
)
def test_companies_are_paid_only_international_travel_and_its_tax(kind: str, cost: str, expected: bool) -> None:
    assert holds("payable_costs", plan(host_kind=kind, costs=(CostFacts(cost, 1000),))) is expected


def test_company_rule_binds_only_courses_a_to_c() -> None:
    assert "payable_costs" not in verdicts(plan(), "D")


@pytest.mark.parametrize(("amount", "expected"), [(90_000, True), (90_001, False)])
def test_general_administration_is_a_tenth_of_the_direct_costs(amount: int, expected: bool) -> None:
    costs = (CostFacts("program", 900_000), CostFacts("general_administration", amount))
    assert holds("administration_share", plan(costs=costs)) is expected


@pytest.mark.parametrize(
    "missing",
    ["principal_name", "principal_email", "administrative_name", "administrative_email", "administrative_phone"],
)
def test_contacts_are_complete(missing: str) -> None:
    assert holds("contact_persons", plan(**{missing: ""})) is False


@pytest.mark.parametrize(
    ("system", "report", "pledge", "expected"),
    [(None, False, False, None), (True, False, False, False), (True, True, False, True)]
    + [(False, True, False, False), (False, True, True, True), (False, False, True, False)],
)
def test_export_control_needs_form_1_and_without_a_system_form_2(
    system: bool | None, report: bool, pledge: bool, expected: bool | None
) -> None:
    facts = plan(export_control_system=system, export_control_report=report, export_control_pledge=pledge)
    assert holds("export_control_forms", facts) is expected


def test_online_replacement_is_promised() -> None:
    assert holds("online_promise", plan(online_if_impossible=False)) is False


@pytest.mark.parametrize(("kind", "expected"), [("university", True), ("other", False), ("", None)])
def test_host_is_of_a_kind_that_may_apply(kind: str, expected: bool | None) -> None:
    assert holds("eligible_host", plan(host_kind=kind)) is expected


def test_online_exchange_has_no_stay_and_no_travel() -> None:
    found = verdicts(plan(costs=(CostFacts("international_travel", 1),)), "online")
    assert "stay_length" not in found
    assert found["payable_costs"].message == "JST does not pay: I International travel"


def test_days_without_an_item_are_named() -> None:
    items = tuple(ActivityFacts(day, "laboratory") for day in (1, 2, 3, 4, 6, 7))
    found = verdicts(plan(itinerary=items))["days_are_planned"]
    assert (found.holds, found.message) == (False, "Nothing is planned yet on: 5 September 2025")


def test_verdict_cites_clause_sentence_and_figures() -> None:
    found = verdicts(stay(9, airport_distance_km=100))["stay_length"]
    assert (found.section, found.field, found.measured, found.limit) == ("itinerary", "ends_on", 9, 8)
    assert found.message == "The stay is 9 days; at most 8 are allowed."
    assert found.clause == "Guidelines, “Length of stay” (course A)"
    assert "at most 7 days" in found.text
    with force_locale("ja"):
        assert "公募要領" in verdicts(stay(9))["stay_length"].clause


@pytest.mark.parametrize("year", seed_data.fiscal_years())
def test_every_rule_of_every_year_is_checked_and_reads_in_both_languages(year: int) -> None:
    for code in seed_data.codes(year):
        for rule in seed_data.course(year, code).rules:
            assert rule.check is not None
            for locale in ("ja", "en"):
                assert rule.sentence(locale)
                assert "{" not in rule.sentence(locale) and "–" not in rule.sentence(locale)
            assert rule.clause_ja and rule.clause_en


def test_partner_facts_default_to_nothing_known() -> None:
    assert PartnerFacts() == PartnerFacts("", "", "", "", "")
