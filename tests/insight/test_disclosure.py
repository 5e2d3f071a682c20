"""What people outside JST see tells about no single person (security contract, U21)."""

from fractions import Fraction

from hypothesis import example, given, settings
from hypothesis import strategies as st

from app.insight.disclosure import ALL, Cell, Protected, protect, protect_together, with_totals

TABLES = st.dictionaries(
    st.tuples(st.sampled_from([2022, 2023, 2024]), st.sampled_from(["BT", "IN", "NP", "VN"])),
    st.integers(0, 30),
    max_size=12,
)


def computable(found: Protected) -> set[Cell]:
    """Hidden cells that follow from the shown ones by adding and subtracting: by elimination, as an attacker would."""
    unknown = sorted(found.hidden, key=str)
    equations = []
    for axis in (0, 1):
        for key in {cell[axis] for cell in found.values}:
            line = [cell for cell in found.values if cell[axis] == key]
            signs = {cell: Fraction(-1 if cell[1 - axis] == ALL else 1) for cell in line}
            equations.append([signs.get(cell, Fraction(0)) for cell in unknown])
    solved: list[list[Fraction]] = []
    for column in range(len(unknown)):
        pivot = next((row for row in equations if row[column]), None)
        if pivot is None:
            continue
        equations.remove(pivot)
        pivot = [value / pivot[column] for value in pivot]
        equations = [_less(row, pivot, column) for row in equations]
        solved = [_less(row, pivot, column) for row in solved] + [pivot]
    return {unknown[next(i for i, value in enumerate(row) if value)] for row in solved if sum(map(bool, row)) == 1}


def _less(row: list[Fraction], pivot: list[Fraction], column: int) -> list[Fraction]:
    return [value - row[column] * other for value, other in zip(row, pivot, strict=True)]


@settings(max_examples=150, deadline=None)
@given(TABLES)
@example({(2022, "BT"): 4, (2022, "IN"): 4})
@example({(2022, "BT"): 1, (2022, "NP"): 1, (2023, "IN"): 1, (2024, "IN"): 4})
def test_no_small_cell_is_shown_and_no_hidden_one_can_be_computed(cells: dict[Cell, int]) -> None:
    found = protect(cells)
    for cell, value in with_totals(cells).items():
        if 0 < value < 5:
            assert found.get(*cell) is None
    assert computable(found) == set()


@settings(max_examples=150, deadline=None)
@given(TABLES, st.data())
def test_remainder_beside_ones_own_people_is_protected_too(cells: dict[Cell, int], data: st.DataObject) -> None:
    own = {cell: data.draw(st.integers(0, value)) for cell, value in cells.items()}
    found = protect(cells, own)
    known = with_totals(own)
    for cell, value in with_totals(cells).items():
        rest = value - known.get(cell, 0)
        if 0 < rest < 5:
            assert found.get(*cell) is None
    assert computable(found) == set()


def test_complement_of_a_small_cell_is_hidden() -> None:
    found = protect({(2024, "BT"): 1, (2024, "NP"): 12, (2024, "IN"): 40})
    assert found.get(2024, "BT") is None
    assert found.get(2024, "NP") is None, "or 53 - 40 - 12 would tell it"
    assert found.get(2024, "IN") == 40
    assert found.get(2024, ALL) == 53


def test_year_of_a_country_does_not_follow_from_its_total() -> None:
    found = protect({(2023, "BT"): 7, (2024, "BT"): 3, (2023, "NP"): 50, (2024, "NP"): 60})
    assert found.get(2024, "BT") is None
    shown = [found.get(2023, "BT"), found.get(ALL, "BT")]
    assert None in shown, "or 10 - 7 would tell it"


def test_nothing_is_hidden_where_all_numbers_are_large() -> None:
    cells = {(2024, "NP"): 12, (2025, "NP"): 8, (2024, "IN"): 5}
    assert protect(cells).hidden == frozenset()


def test_total_hidden_in_one_table_is_hidden_in_all() -> None:
    by_country = {(2024, "BT"): 3, (2025, "NP"): 50}
    by_course = {(2024, "A"): 3, (2025, "A"): 30, (2025, "B"): 20}
    found = protect_together({"country": (by_country, {}), "course": (by_course, {})})
    for year in (2024, 2025, ALL):
        assert ((year, ALL) in found["country"].hidden) == ((year, ALL) in found["course"].hidden)
