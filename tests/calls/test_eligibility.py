"""«Can we apply?»: six answers, the existing rules, the rounds; open to everybody, stored nowhere."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest
import time_machine

from app.calls import eligibility, queries
from app.calls.eligibility import Answers, Fit, Result
from app.calls.eligibility_views import months
from app.core import clock
from tests.conftest import Client
from tests.factories.calls import make_call, make_course

NOW = datetime(2025, 4, 1, 9, 0, tzinfo=clock.TOKYO)
GOOD = Answers("university", ("NP",), ("undergraduate",), 8, 1, 7, False, date(2025, 9, 1))
ASKED = {
    "host_kind": "university",
    "country": "NP",
    "categories": "undergraduate",
    "people": "8",
    "organizations": "1",
    "days": "7",
    "far": "no",
    "month": "2025-09",
}


@pytest.fixture
def offered(app: Any) -> None:
    """Courses A, C and D in a round that is open, with days for visits from 25 July 2025 to 13 March 2026."""
    make_call(
        courses=[make_course(code) for code in "ACD"],
        opens_at=NOW - timedelta(days=9),
        closes_at=NOW + timedelta(days=20),
        visits_from=date(2025, 7, 25),
        visits_until=date(2026, 3, 13),
    )


@pytest.fixture
def english(client: Client) -> Client:
    """A stranger who reads English."""
    client.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
    return client


def judge(at: datetime = NOW, **changes: Any) -> dict[str, Result]:
    courses = queries.courses_with_rules(2025)
    calls = queries.rounds(2025)
    found = eligibility.judge(replace(GOOD, **changes), courses, calls, at)
    return {result.course.code.value: result for result in found}


def failing(result: Result) -> list[str]:
    return [verdict.check_name for verdict in result.reasons if verdict.holds is False]


def test_good_answers_fit_and_the_round_is_open(offered: None) -> None:
    found = judge()
    assert (found["A"].fit, found["C"].fit) == (Fit.YES, Fit.YES)
    assert found["A"].is_applied_for_now
    assert found["A"].reasons == []


def test_country_outside_of_the_course_is_named_with_its_rule(offered: None) -> None:
    course_d = judge()["D"]
    assert (course_d.fit, failing(course_d)) == (Fit.NO, ["partner_countries"])
    assert course_d.reasons[0].clause and course_d.reasons[0].text
    assert judge(countries=("IN", "KE"), organizations=2)["D"].fit is Fit.YES
    assert judge(countries=("IN", "NP"), organizations=2)["D"].fit is Fit.NO


def test_people_from_several_organizations_may_be_more_in_course_c(offered: None) -> None:
    assert failing(judge(people=12)["C"]) == ["head_count"]
    assert judge(people=12, organizations=2)["C"].fit is Fit.YES
    assert failing(judge(people=12, organizations=2)["A"]) == ["head_count"]


@pytest.mark.parametrize(
    ("days", "is_far", "fit"),
    [(7, None, Fit.YES), (8, True, Fit.YES), (8, False, Fit.NO), (8, None, Fit.OPEN), (9, True, Fit.NO)],
)
def test_eighth_day_depends_on_the_way_from_the_airport(
    offered: None, days: int, is_far: bool | None, fit: Fit
) -> None:
    assert judge(days=days, is_far=is_far)["A"].fit is fit


def test_categories_not_in_the_course_do_not_fit(offered: None) -> None:
    assert failing(judge(categories=("undergraduate", "teacher"))["A"]) == ["allowed_categories"]
    assert failing(judge(categories=("high_school",), countries=("IN",))["D"]) == ["allowed_categories"]


def test_rule_that_should_hold_is_said_without_ruling_the_course_out(offered: None) -> None:
    course_a = judge(host_kind="other")["A"]
    assert (course_a.fit, failing(course_a)) == (Fit.YES, ["eligible_host"])


@pytest.mark.parametrize(
    ("month", "days", "fits"),
    [
        (date(2025, 6, 1), 7, False),
        (date(2025, 7, 1), 7, True),  # from 25 July on
        (date(2026, 3, 1), 7, True),
        (date(2026, 3, 1), 21, False),  # cannot end by 13 March
        (date(2026, 4, 1), 7, False),
    ],
)
def test_month_fits_when_some_stay_of_that_length_in_it_does(offered: None, month: date, days: int, fits: bool) -> None:
    course_a = judge(month=month, days=days)["A"]
    assert course_a.chances[0].fits is fits
    assert ("visit_window" in failing(course_a)) is not fits


def test_later_round_saves_a_month_the_open_one_does_not_have(offered: None) -> None:
    make_call(
        "2",
        courses=[make_course("A")],
        opens_at=NOW + timedelta(days=30),
        closes_at=NOW + timedelta(days=60),
        visits_from=date(2026, 3, 20),
        visits_until=date(2026, 5, 30),
    )
    course_a = judge(month=date(2026, 4, 1))["A"]
    assert (course_a.fit, [chance.fits for chance in course_a.chances]) == (Fit.YES, [False, True])
    assert not course_a.is_applied_for_now  # the round whose days fit opens later


def test_closed_round_is_no_chance(offered: None) -> None:
    course_a = judge(at=NOW + timedelta(days=20))["A"]
    assert course_a.chances == [] and not course_a.is_applied_for_now
    assert "visit_window" not in failing(course_a)


def test_rules_the_answers_cannot_decide_are_not_shown(offered: None) -> None:
    course_a = judge()["A"]
    shown = {verdict.check_name for verdict in (*course_a.reasons, *course_a.holding, *course_a.notes)}
    assert shown == eligibility.DECIDED - {"partner_countries"}  # course A has no rule on countries


def test_rules_brought_into_play_are_noted(offered: None) -> None:
    assert [verdict.check_name for verdict in judge(countries=("CN",))["A"].notes] == ["prior_notification"]
    assert [verdict.check_name for verdict in judge(host_kind="company")["A"].notes] == ["payable_costs"]


def test_length_of_a_long_way_is_the_rules_own(offered: None) -> None:
    assert eligibility.far_km(queries.courses_with_rules(2025)) == 80
    course = make_course("A")
    rule = next(rule for rule in course.rules if rule.check_name == "stay_length")
    rule.limit = {**rule.limit, "far_km": 120}
    assert eligibility.far_km([course]) == 120
    assert eligibility.far_km([make_course("B")]) is None


def test_months_reach_a_year_or_to_the_end_of_the_days_for_visits(app: Any) -> None:
    assert months(date(2025, 12, 31), [])[0::11] == [date(2025, 12, 1), date(2026, 11, 1)]
    call = make_call(visits_until=date(2027, 3, 13), visits_from=date(2026, 7, 1))
    assert months(date(2025, 12, 31), [call])[-1] == date(2027, 3, 1)


@time_machine.travel(NOW, tick=False)
def test_stranger_asks_and_gets_an_answer_without_anything_being_stored(english: Client, offered: None) -> None:
    page = english.get("/calls/can-we-apply").get_data(as_text=True)
    assert "80 km or longer" in page and "There is a problem" not in page and "Choose the kind" not in page
    answer = english.get("/calls/can-we-apply", query_string=ASKED)
    assert answer.status_code == 200 and english.last.writes == []
    text = answer.get_data(as_text=True)
    course = make_course("A")
    assert f"/applications/new?course={course.public_id}" in text
    assert "Does not fit" in text and "Not in this course: Nepal" in text
    sent_on = english.get(f"/applications/new?course={course.public_id}")
    assert sent_on.location == f"/sign-in?next=/applications/new?course%3D{course.public_id}"


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"host_kind": ""}, "Choose the kind of your institution."),
        ({"country": ""}, "Choose the country or region of your partner."),
        ({"categories": []}, "Choose who is to come."),
        ({"people": ""}, "Enter how many people are to come."),
        ({"organizations": ""}, "Enter from how many organizations they come."),
        ({"days": ""}, "Enter how many days they stay."),
        ({"month": ""}, "Choose the month in which they come."),
        ({"days": "0"}, "Enter a whole number from 1 to 366."),
        ({"people": "many"}, "Enter a whole number in digits."),
        ({"organizations": "9"}, "More organizations than people were entered."),
        ({"country_2": "IN"}, "Fewer organizations than countries and regions"),
        ({"people": "1", "categories": ["master", "doctor"]}, "Fewer people than kinds of people"),
    ],
)
@time_machine.travel(NOW, tick=False)
def test_empty_or_impossible_answer_is_asked_again(
    english: Client, offered: None, changes: dict[str, Any], sentence: str
) -> None:
    page = english.get("/calls/can-we-apply", query_string={**ASKED, **changes}).get_data(as_text=True)
    assert sentence in page
    assert 'id="answer"' not in page


def test_page_without_courses_says_so(english: Client) -> None:
    assert "No courses are published yet." in english.get("/calls/can-we-apply").get_data(as_text=True)


def test_landing_page_and_calls_page_lead_there(client: Client) -> None:
    for address in ("/", "/calls/public"):
        assert "/calls/can-we-apply" in client.get(address).get_data(as_text=True)
