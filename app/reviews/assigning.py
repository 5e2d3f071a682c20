"""Who reads which plan: the best assignment under conflicts, capacities and an even load, by a linear program.

The constraints are those of a flow, so that the optimum of the program is whole; the solver's bound proves it (`gap`).
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

#: What a pairing costs: the lower the better. The field weighs more than anything else can add up to.
OTHER_FIELD = 100.0
LANGUAGE = 40.0  # the plan has no text in a language the expert reads
SAME_AGAIN = 5.0  # the expert read this host's plan in the round before
SHORT_OF_READERS = 100_000.0  # a place that stays empty, only where nobody else may read the plan


@dataclass(frozen=True, slots=True)
class Expert:
    """An expert as the assignment sees one. `capacity`: plans of this round at most, those already held included."""

    id: int
    fields: frozenset[str] = frozenset()
    languages: frozenset[str] = frozenset({"ja", "en"})
    capacity: int = 15
    held: int = 0


@dataclass(frozen=True, slots=True)
class Plan:
    """A plan as the assignment sees one. `wanted`: readers it still needs; `readers`: those it has already."""

    id: int
    field: str = ""
    languages: frozenset[str] = frozenset({"ja"})
    host: int = 0
    wanted: int = 3
    readers: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Assignment:
    """What was found. `missing`: places that stay empty, by plan; `gap`: how far the optimum can be, 0.0 if proved."""

    pairs: tuple[tuple[int, int], ...]  # (plan, expert)
    missing: Mapping[int, int]
    cost: float
    gap: float
    spread: int  # greatest load minus least, among experts with room left


def cost_of(plan: Plan, expert: Expert, read_before: Collection[tuple[int, int]] = ()) -> float:
    """How ill a pairing fits; 0.0 is perfect."""
    cost = 0.0 if plan.field in expert.fields else OTHER_FIELD
    if not plan.languages & expert.languages:
        cost += LANGUAGE
    return cost + (SAME_AGAIN if (plan.host, expert.id) in read_before else 0.0)


def assign(
    plans: Sequence[Plan],
    experts: Sequence[Expert],
    conflicts: Collection[tuple[int, int]],
    read_before: Collection[tuple[int, int]] = (),
) -> Assignment:
    """Give each plan the readers it wants. `conflicts`: (plan, expert) pairs that must never be; `read_before`:
    (host, expert) pairs of the round before.

    First as many places as possible are filled; then loads are as even as that allows (they differ by one at most among
    experts with room left, unless conflicts forbid it); then fields and languages fit as well as that allows. Places
    nobody may fill stay empty and are named in `missing`.
    """
    if not plans:
        return _Solved((), {}, 0.0, 0.0).assignment(experts)
    pairing = _pairing(plans, experts, frozenset(conflicts), read_before)
    free = {expert.id: (0, max(expert.capacity - expert.held, 0)) for expert in experts}
    fullest = _solve(pairing, plans, free)
    assert fullest is not None  # nothing is asked of anybody: leaving all places empty is a solution
    filled = sum(plan.wanted for plan in plans) - sum(fullest.missing.values())
    level = _level(experts, filled)
    for slack in range(max((expert.capacity for expert in experts), default=0) + 1):
        found = _solve(pairing, plans, _loads(experts, level - slack, level + 1 + slack))
        if found is not None and found.filled == filled:
            return found.assignment(experts)
    return fullest.assignment(experts)


def _level(experts: Sequence[Expert], filled: int) -> int:
    """The load up to which everybody is filled like water in vessels of different height, rounded down."""
    level, most = 0, max((expert.capacity for expert in experts), default=0)
    while level < most and sum(max(min(level + 1, e.capacity) - e.held, 0) for e in experts) <= filled:
        level += 1
    return level


def _loads(experts: Sequence[Expert], floor: int, roof: int) -> dict[int, tuple[int, int]]:
    """How many more plans each expert is given, at least and at most, for loads between `floor` and `roof`."""
    bounds = {}
    for expert in experts:
        room = max(expert.capacity - expert.held, 0)
        least = min(max(floor - expert.held, 0), room)
        bounds[expert.id] = least, max(min(roof - expert.held, room), least)
    return bounds


@dataclass(frozen=True, slots=True)
class _Pairing:
    """The columns of the program: the pairings that may be, then for each plan the places that stay empty."""

    pairs: tuple[tuple[int, int], ...]
    costs: tuple[float, ...]
    of_plan: Mapping[int, list[int]]
    of_expert: Mapping[int, list[int]]


def _pairing(
    plans: Sequence[Plan],
    experts: Sequence[Expert],
    forbidden: frozenset[tuple[int, int]],
    read_before: Collection[tuple[int, int]],
) -> _Pairing:
    pairs: list[tuple[int, int]] = []
    costs: list[float] = []
    of_plan: dict[int, list[int]] = {plan.id: [] for plan in plans}
    of_expert: dict[int, list[int]] = {expert.id: [] for expert in experts}
    for plan in plans:
        for expert in experts:
            if (plan.id, expert.id) in forbidden or expert.id in plan.readers:
                continue
            of_plan[plan.id].append(len(pairs))
            of_expert[expert.id].append(len(pairs))
            pairs.append((plan.id, expert.id))
            costs.append(cost_of(plan, expert, read_before))
    return _Pairing(tuple(pairs), tuple(costs), of_plan, of_expert)


@dataclass(frozen=True, slots=True)
class _Solved:
    pairs: tuple[tuple[int, int], ...]
    missing: Mapping[int, int]
    cost: float
    gap: float

    @property
    def filled(self) -> int:
        return len(self.pairs)

    def assignment(self, experts: Sequence[Expert]) -> Assignment:
        loads = {expert.id: expert.held for expert in experts}
        for _plan, expert in self.pairs:
            loads[expert] += 1
        with_room = [loads[expert.id] for expert in experts if loads[expert.id] < expert.capacity]
        spread = max(max(loads.values()) - min(with_room), 0) if with_room else 0
        return Assignment(self.pairs, self.missing, self.cost, self.gap, spread)


def _solve(pairing: _Pairing, plans: Sequence[Plan], loads: Mapping[int, tuple[int, int]]) -> _Solved | None:
    """The cheapest assignment under these loads; None if there is none."""
    import highspy  # noqa: PLC0415 -- slow import
    import numpy  # noqa: PLC0415 -- slow import

    paired, size = len(pairing.pairs), len(pairing.pairs) + len(plans)
    solver = highspy.Highs()
    solver.silent()
    solver.setOptionValue("threads", 1)
    upper = numpy.array([1.0] * paired + [float(plan.wanted) for plan in plans])
    solver.addVars(size, numpy.zeros(size), upper)
    costs = numpy.array([*pairing.costs, *([SHORT_OF_READERS] * len(plans))])
    solver.changeColsCost(size, numpy.arange(size, dtype=numpy.int32), costs)
    for number, plan in enumerate(plans):
        _row(solver, plan.wanted, plan.wanted, [*pairing.of_plan[plan.id], paired + number])
    for expert, (least, most) in loads.items():
        _row(solver, least, most, pairing.of_expert[expert])
    solver.run()
    if solver.getModelStatus() != highspy.HighsModelStatus.kOptimal:
        return None
    values, info = solver.getSolution().col_value, solver.getInfo()
    cost = info.objective_function_value
    whole = [round(value) for value in values]
    found = float(numpy.dot(costs, whole))
    chosen = tuple(pair for pair, value in zip(pairing.pairs, whole[:paired], strict=True) if value)
    missing = {plan.id: value for plan, value in zip(plans, whole[paired:], strict=True) if value}
    return _Solved(chosen, missing, found, max(found - cost, 0.0) / max(abs(found), 1.0))


def _row(solver: Any, low: float, high: float, columns: Sequence[int]) -> None:
    """Hold the sum of some columns between two bounds."""
    solver.addRow(low, high, len(columns), columns, [1.0] * len(columns))
