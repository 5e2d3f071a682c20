"""What a board comes to: which plans stand above the budget line, and what they add up to. Pure.

`assets/js/board-sums.js` says the same in the browser; a test holds the two equal.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

#: How a plan stands: its mark, or what the line makes of it.
ADOPTED, RESERVE, DECLINED, BELOW = "adopted", "reserve", "declined", "below"
EVERY = "*"  # a measure that ends in this counts how many different things there are

Counts = Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Entry:
    """A plan as the sums see it. `mark`: what the panel said, "" if the line is to say; `counts`: what it brings."""

    mark: str
    counts: Counts

    @property
    def money(self) -> int:
        return self.counts.get("money", 0)


def standing(entries: Sequence[Entry], line: int) -> list[str]:
    """How each plan stands under a budget line in whole yen; entries are in the order of the board.

    Plans marked as adopted are paid first, wherever they stand. With what is left, unmarked plans are adopted from the
    top to the last that fits before one does not: it is a line, nobody further down is taken because it is cheap.
    """
    room = line - sum(entry.money for entry in entries if entry.mark == ADOPTED)
    found, is_open = [], True
    for entry in entries:
        if entry.mark:
            found.append(entry.mark)
            continue
        is_open = is_open and entry.money <= room
        if is_open:
            room -= entry.money
        found.append(ADOPTED if is_open else BELOW)
    return found


def totals(entries: Iterable[Entry], stands: Iterable[str], before: Counts | None = None) -> Counter[str]:
    """The sums of the adopted plans, on top of what the year has already (`before`)."""
    found: Counter[str] = Counter(before or {})
    for entry, stand in zip(entries, stands, strict=True):
        if stand == ADOPTED:
            found.update(entry.counts)
    return found


def amount(found: Counts, measure: str) -> int:
    """What sums say of a measure: a number, or for `new_country:*` how many new countries there are."""
    if not measure.endswith(EVERY):
        return found.get(measure, 0)
    prefix = measure.removesuffix(EVERY)
    return sum(1 for key, value in found.items() if value > 0 and key.startswith(prefix))


def spent(entries: Sequence[Entry], stands: Sequence[str]) -> list[int]:
    """Down the board, the money adopted up to and with each plan."""
    found, so_far = [], 0
    for entry, stand in zip(entries, stands, strict=True):
        so_far += entry.money if stand == ADOPTED else 0
        found.append(so_far)
    return found


def shares(parts: Mapping[str, int], total: int) -> dict[str, int]:
    """Numbers cut down to a total in proportion, by largest remainders; those that fit already stay as they are."""
    whole = sum(parts.values())
    if whole <= total:
        return dict(parts)
    cut = {key: number * total // whole for key, number in parts.items()}
    rest = sorted(parts, key=lambda key: (-(parts[key] * total % whole), key))
    for key in rest[: total - sum(cut.values())]:
        cut[key] += 1
    return cut
