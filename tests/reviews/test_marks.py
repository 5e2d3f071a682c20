"""What marks add up to, and that a strict expert does not sink the plans that fell to him."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.reviews.marks import Score, leniency, ranked, summaries, value_of

WEIGHTS = {"purpose": 3, "quality": 2, "cost": 1, "note": 0}


def test_the_best_marks_are_100_the_worst_0_and_weights_count() -> None:
    assert value_of({"purpose": 5, "quality": 5, "cost": 5}, WEIGHTS) == 100
    assert value_of({"purpose": 1, "quality": 1, "cost": 1}, WEIGHTS) == 0
    assert value_of({"purpose": 5, "quality": 1, "cost": 1}, WEIGHTS) == pytest.approx(50)
    assert value_of({"purpose": 1, "quality": 1, "cost": 5}, WEIGHTS) == pytest.approx(100 / 6)


def test_a_sheet_with_a_mark_missing_has_no_score_unless_the_criterion_weighs_nothing() -> None:
    assert value_of({"purpose": 5, "quality": 5}, WEIGHTS) is None
    assert value_of({}, {}) is None


@given(st.dictionaries(st.sampled_from(sorted(WEIGHTS)), st.integers(1, 5)))
def test_a_score_lies_between_0_and_100(marks: dict[str, int]) -> None:
    value = value_of(marks, WEIGHTS)
    assert value is None or 0 <= value <= 100


def test_a_strict_expert_is_known_by_the_others_and_the_plans_are_set_right() -> None:
    chance = random.Random(5)
    worth = {plan: chance.uniform(30, 80) for plan in range(60)}
    bias = {expert: chance.uniform(-15, 15) for expert in range(12)}
    scores = [
        Score(plan, expert, worth[plan] + bias[expert]) for plan in worth for expert in chance.sample(sorted(bias), 3)
    ]
    found, plain = summaries(scores), {s.plan: s.value for s in scores}
    assert len(plain) == len(found) == 60
    off = [abs(found[plan].normalised - worth[plan]) for plan in worth]
    raw = [abs(found[plan].mean - worth[plan]) for plan in worth]
    assert sum(off) < sum(raw) * 0.6
    strict, mild = min(bias, key=bias.__getitem__), max(bias, key=bias.__getitem__)
    lenient = leniency(scores)
    assert lenient[strict] < 0 < lenient[mild]


def test_an_expert_who_has_read_one_plan_hardly_counts_as_strict() -> None:
    scores = [Score(1, 1, 80), Score(1, 2, 40), Score(1, 3, 78)]
    assert abs(leniency(scores)[2]) < 10


def test_one_who_stands_apart_is_named_and_small_differences_are_none() -> None:
    agreed = [Score(plan, expert, 60 + plan % 3) for plan in range(20) for expert in (1, 2, 3)]
    assert not any(summary.outliers for summary in summaries(agreed).values())
    apart = [Score(s.plan, s.expert, 5.0) if (s.plan, s.expert) == (4, 2) else s for s in agreed]
    found = summaries(apart)
    assert found[4].outliers == (2,)
    assert found[4].spread == pytest.approx(56)


def test_equal_plans_are_ranked_in_the_order_in_which_they_came() -> None:
    scores = [Score(plan, expert, 50) for plan in (3, 1, 2) for expert in (1, 2)] + [Score(9, 1, 90)]
    assert [summary.plan for summary in ranked(summaries(scores).values())] == [9, 1, 2, 3]


def test_nothing_comes_of_nothing() -> None:
    assert summaries([]) == {} and leniency([]) == {}
