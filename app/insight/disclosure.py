"""Which cells of a table may be shown to people outside JST, so that none tells about one person (contract U21).

A cell of one to four people is hidden. So is a cell whose remainder after taking off one's own people is that small.
Then, because rows and columns add up to shown totals, more cells are hidden until none of the hidden ones can be
computed: every hidden cell lies on a closed path of hidden cells, and hidden cells that add up to a known sum are
together five people or more.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

SMALLEST_SHOWN = 5
ALL = "*"  # the total of a row or column; no key is written so

Cell = tuple[Any, Any]


@dataclass(frozen=True)
class Protected:
    """A table with its totals, some cells of which are not told."""

    values: Mapping[Cell, int]
    hidden: frozenset[Cell]

    def get(self, row: Any, column: Any) -> int | None:
        """The number of a cell, 0 where there is none, None where it is hidden."""
        return None if (row, column) in self.hidden else self.values.get((row, column), 0)

    def rows(self) -> list[Any]:
        return sorted({row for row, _column in self.values if row != ALL})

    def columns(self) -> list[Any]:
        return sorted({column for _row, column in self.values if column != ALL})


def protect(
    cells: Mapping[Cell, int], own: Mapping[Cell, int] | None = None, also: frozenset[Cell] = frozenset()
) -> Protected:
    """The table {(row, column): people} with totals, small cells and what would give them away hidden.

    `own` are the reader's own people, whom the reader knows already; `also` are cells hidden elsewhere. The grand total
    is hidden only if it is small itself, or alone would give the rest away.
    """
    values = with_totals(cells)
    known = with_totals(own or {})
    hidden = {cell for cell, value in values.items() if cell in also or _is_small(value, known.get(cell, 0))}
    lines = _lines(values)
    while True:
        wanted = _next_to_hide(values, hidden, lines)
        if not wanted:
            return Protected(values, frozenset(hidden))
        hidden |= wanted


def protect_together(tables: Mapping[str, tuple[Mapping[Cell, int], Mapping[Cell, int]]]) -> dict[str, Protected]:
    """Tables of the same people, (cells, own) each, by the same rows: what one hides of a row's total, all do."""
    also: frozenset[Cell] = frozenset()
    while True:
        found = {name: protect(cells, own, also) for name, (cells, own) in tables.items()}
        shared = frozenset(cell for table in found.values() for cell in table.hidden if cell[1] == ALL)
        if shared == also:
            return found
        also = shared


def with_totals(cells: Mapping[Cell, int]) -> dict[Cell, int]:
    """The cells above zero, with the totals of rows and columns and of the whole."""
    values: dict[Cell, int] = defaultdict(int)
    for (row, column), value in cells.items():
        if value:
            for cell in ((row, column), (row, ALL), (ALL, column), (ALL, ALL)):
                values[cell] += value
    return dict(values)


def _is_small(value: int, own: int) -> bool:
    return 0 < value < SMALLEST_SHOWN or (own > 0 and 0 < value - own < SMALLEST_SHOWN)


def _lines(values: Mapping[Cell, int]) -> dict[tuple[str, Any], list[Cell]]:
    """Rows and columns, their totals among them: in each, the cells add up to the total."""
    lines: dict[tuple[str, Any], list[Cell]] = defaultdict(list)
    for row, column in values:
        lines[("row", row)].append((row, column))
        lines[("column", column)].append((row, column))
    return lines


def _next_to_hide(values: Mapping[Cell, int], hidden: set[Cell], lines: Mapping[Any, list[Cell]]) -> set[Cell]:
    """Cells to hide besides: in lines with too little hidden, and beside hidden cells that could be computed."""
    wanted: set[Cell] = set()
    for line in lines.values():
        if _tells_too_much(values, hidden, line):
            wanted |= _companion(values, hidden, line)
    if wanted:
        return wanted
    for row, column in _bridges(hidden):
        # Where its own lines have nothing left to hide, the rest of the table gives it away.
        for line in (lines[("row", row)], lines[("column", column)], list(values)):
            found = _companion(values, hidden, line)
            if found:
                return found
    return set()


def _tells_too_much(values: Mapping[Cell, int], hidden: set[Cell], line: list[Cell]) -> bool:
    """Whether the hidden cells of a line can be told from their sum, which the shown ones give away."""
    inside = [values[cell] for cell in line if cell in hidden and ALL not in cell]
    concealed = [cell for cell in line if cell in hidden]
    if not concealed:
        return False
    if len(concealed) == 1:
        return True
    if len(inside) < len(concealed):
        return False  # the total is hidden too: no sum is known
    total = sum(inside)
    alike = max(inside) < SMALLEST_SHOWN and total in (len(inside), (SMALLEST_SHOWN - 1) * len(inside))
    return total < SMALLEST_SHOWN or alike


def _companion(values: Mapping[Cell, int], hidden: set[Cell], line: list[Cell]) -> set[Cell]:
    """The cell of a line to hide next: the smallest that is shown, a total only if nothing else is left, and the grand
    total last of all."""
    shown = [cell for cell in line if cell not in hidden]
    return {min(shown, key=lambda cell: (cell.count(ALL), values[cell], str(cell)))} if shown else set()


def _bridges(hidden: set[Cell]) -> Iterator[Cell]:
    """Hidden cells that lie on no closed path of hidden cells: rows and columns being places, cells the ways between.

    Such a cell follows from the shown ones by adding and subtracting. Depth-first search with low links (Tarjan).
    """
    ways: dict[Any, list[tuple[Any, Cell]]] = defaultdict(list)
    for cell in hidden:
        here, there = ("row", cell[0]), ("column", cell[1])
        ways[here].append((there, cell))
        ways[there].append((here, cell))
    seen: dict[Any, int] = {}
    low: dict[Any, int] = {}
    for start in ways:
        if start in seen:
            continue
        seen[start] = low[start] = len(seen)
        path: list[tuple[Any, Cell | None, Iterator[tuple[Any, Cell]]]] = [(start, None, iter(ways[start]))]
        while path:
            place, came_by, onward = path[-1]
            step = next(((there, cell) for there, cell in onward if cell != came_by), None)
            if step is None:
                path.pop()
                if path:
                    parent = path[-1][0]
                    low[parent] = min(low[parent], low[place])
                    if low[place] > seen[parent] and came_by is not None:
                        yield came_by
            elif step[0] in seen:
                low[place] = min(low[place], seen[step[0]])
            else:
                seen[step[0]] = low[step[0]] = len(seen)
                path.append((step[0], step[1], iter(ways[step[0]])))
