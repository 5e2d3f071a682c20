"""What stands above the budget line, and what it adds up to."""

import pytest

from app.board.summing import Entry, amount, shares, spent, standing, totals


def plan(money: int, mark: str = "", **counts: int) -> Entry:
    return Entry(mark, {"money": money, **counts})


def test_plans_are_adopted_from_the_top_as_long_as_the_money_lasts() -> None:
    assert standing([plan(3), plan(3), plan(3)], 6) == ["adopted", "adopted", "below"]
    assert standing([plan(3), plan(3), plan(3)], 5) == ["adopted", "below", "below"]
    assert standing([plan(3)], 0) == ["below"]


def test_a_cheap_plan_below_the_line_does_not_overtake_a_dear_one() -> None:
    assert standing([plan(3), plan(9), plan(1)], 5) == ["adopted", "below", "below"]


def test_plans_the_panel_adopts_are_paid_first_wherever_they_stand() -> None:
    assert standing([plan(3), plan(3), plan(3, "adopted")], 6) == ["adopted", "below", "adopted"]


def test_plans_the_panel_adopts_stay_adopted_beyond_the_line() -> None:
    assert standing([plan(5, "adopted"), plan(1)], 2) == ["adopted", "below"]


def test_declined_and_reserve_plans_take_no_money() -> None:
    assert standing([plan(5, "declined"), plan(5, "reserve"), plan(5)], 5) == ["declined", "reserve", "adopted"]


def test_totals_count_adopted_plans_on_top_of_what_the_year_has() -> None:
    entries = [plan(3, people=8), plan(4, people=6), plan(5, people=7)]
    found = totals(entries, ["adopted", "declined", "adopted"], {"people": 100})
    assert found == {"money": 8, "people": 115}


def test_different_things_are_counted_once_each() -> None:
    found = {"new_country:NP": 2, "new_country:KE": 1, "new_country:IN": 0, "country:NP": 9}
    assert amount(found, "new_country:*") == 2
    assert amount(found, "country:NP") == 9
    assert amount(found, "country:KE") == 0


def test_money_is_summed_down_the_board() -> None:
    assert spent([plan(3), plan(4), plan(5)], ["adopted", "below", "adopted"]) == [3, 3, 8]


@pytest.mark.parametrize(
    ("parts", "total", "cut"),
    [
        ({"NP": 4, "IN": 4}, 6, {"NP": 3, "IN": 3}),
        ({"NP": 5, "IN": 3}, 6, {"NP": 4, "IN": 2}),
        ({"NP": 5, "IN": 3}, 9, {"NP": 5, "IN": 3}),
        ({"NP": 1, "IN": 1, "KE": 1}, 2, {"NP": 0, "IN": 1, "KE": 1}),
        ({}, 3, {}),
    ],
)
def test_fewer_people_are_shared_out_in_proportion(parts: dict[str, int], total: int, cut: dict[str, int]) -> None:
    assert shares(parts, total) == cut
