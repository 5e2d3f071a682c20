"""Every rule known of a year: the last value it allows and the first it refuses, made from the rule's own limit."""

from typing import Any

import pytest
from flask import Flask
from flask_babel import force_locale

from app.calls import seed_data
from app.calls.checks import CHECKS
from app.calls.models import Rule
from app.calls.rules import judge_rule
from tests.calls.boundaries import BOUNDARIES

YEARS = (2016, 2019, 2023, 2024, 2025, 2026)
RULES = [
    pytest.param(rule, id=f"{year}-{code.value}-{rule.check_name}")
    for year in YEARS
    for code in seed_data.codes(year)
    for rule in seed_data.course(year, code).rules
]


@pytest.fixture(autouse=True)
def english(app: Flask) -> Any:
    with force_locale("en"):
        yield


@pytest.mark.parametrize("rule", RULES)
def test_rule_allows_the_last_value_and_refuses_the_next(rule: Rule) -> None:
    assert rule.check_name in BOUNDARIES, f"no boundary is known for {rule.check_name}: add it to boundaries.py"
    pairs = BOUNDARIES[rule.check_name](rule.limit)
    assert pairs
    for allowed, refused in pairs:
        assert (judge_rule(rule, allowed).holds, judge_rule(rule, refused).holds) == (True, False)


def test_every_check_of_the_catalogue_has_a_boundary() -> None:
    assert set(BOUNDARIES) == set(CHECKS)


def test_every_known_year_is_tested() -> None:
    assert list(YEARS) == seed_data.fiscal_years()


# What public pages say, as literal numbers: a slip in a data file would otherwise move rule and test alike.
FIGURES = {
    (2019, "A"): (7, 10, 10),
    (2019, "B"): (21, 10, 10),
    (2019, "C"): (10, 10, 15),
    (2023, "A"): (7, 10, 10),
    (2023, "B"): (21, 10, 10),
    (2023, "C"): (10, 10, 15),
    (2024, "A"): (7, 8, 8),
    (2024, "B"): (21, 8, 8),
    (2024, "C"): (10, 8, 12),
    (2025, "A"): (7, 8, 8),
    (2025, "B"): (21, 8, 8),
    (2025, "C"): (10, 8, 12),
}


@pytest.mark.parametrize(("year", "code"), FIGURES)
def test_days_and_people_of_a_year_are_those_published(year: int, code: str) -> None:
    limits = {rule.check_name: rule.limit for rule in seed_data.course(year, seed_data.CourseCode(code)).rules}
    days, one, several = FIGURES[year, code]
    assert limits["stay_length"]["max_days"] == days
    assert limits["head_count"]["max_people"] == one
    assert limits["head_count"].get("max_people_several", one) == several


def test_everything_of_2019_waits_for_jst() -> None:
    assert all(rule.to_confirm for code in seed_data.codes(2019) for rule in seed_data.course(2019, code).rules)
