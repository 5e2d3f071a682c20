"""Plans put into other places; positions that change for as few plans as can be."""

from app.board.ordering import GAP, arrange, positions


def test_a_plan_is_put_into_a_place_and_the_others_keep_their_order() -> None:
    assert arrange([1, 2, 3, 4], {4: 1}) == [4, 1, 2, 3]
    assert arrange([1, 2, 3, 4], {1: 3}) == [2, 3, 1, 4]


def test_several_plans_are_put_into_places_at_once() -> None:
    assert arrange([1, 2, 3, 4, 5], {5: 1, 1: 5}) == [5, 2, 3, 4, 1]


def test_a_place_beyond_the_end_is_the_end_and_before_the_first_the_first() -> None:
    assert arrange([1, 2, 3], {1: 99}) == [2, 3, 1]
    assert arrange([1, 2, 3], {3: 0}) == [3, 1, 2]


def test_only_the_plan_that_moved_gets_another_position() -> None:
    held = {1: 100, 2: 200, 3: 300}
    assert positions([3, 1, 2], held, frozenset({3})) == {3: 50, 1: 100, 2: 200}
    assert positions([1, 3, 2], held, frozenset({3})) == {1: 100, 3: 150, 2: 200}
    assert positions([2, 3, 1], held, frozenset({1})) == {2: 200, 3: 300, 1: 300 + GAP}


def test_without_room_all_get_new_positions() -> None:
    assert positions([3, 1, 2], {1: 1, 2: 2, 3: 3}, frozenset({3})) == {3: GAP, 1: 2 * GAP, 2: 3 * GAP}


def test_several_moved_plans_beside_each_other_keep_their_order() -> None:
    found = positions([3, 4, 1, 2], {1: 1000, 2: 2000, 3: 3000, 4: 4000}, frozenset({3, 4}))
    assert sorted(found, key=found.__getitem__) == [3, 4, 1, 2]
