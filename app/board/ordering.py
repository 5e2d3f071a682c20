"""The order of a board: plans put into other places, and numbers that keep the order with few rows changed. Pure."""

from collections.abc import Mapping, Sequence

GAP = 1 << 14  # between the positions of neighbours


def arrange(order: Sequence[int], to: Mapping[int, int]) -> list[int]:
    """The order after plans were put into places counted from 1; all others keep their order among themselves.

    A place beyond the end is the end.
    """
    left = [plan for plan in order if plan not in to]
    place_in = {plan: number for number, plan in enumerate(order)}
    for plan in sorted(to, key=lambda plan: (to[plan], place_in[plan])):
        left.insert(max(to[plan] - 1, 0), plan)
    return left


def positions(order: Sequence[int], held: Mapping[int, int], moved: frozenset[int]) -> dict[int, int]:
    """A position for every plan, rising along the order. Plans that were not moved keep theirs where there is room."""
    found: dict[int, int] = {}
    last = 0
    for place, plan in enumerate(order):
        if plan in held and plan not in moved:
            last = held[plan]
        else:
            after = next((held[other] for other in order[place:] if other in held and other not in moved), None)
            last = last + GAP if after is None else (last + after) // 2
        found[plan] = last
    rising = [found[plan] for plan in order]
    if all(low < high for low, high in zip([0, *rising], rising, strict=False)):
        return found
    return {plan: number * GAP for number, plan in enumerate(order, 1)}
