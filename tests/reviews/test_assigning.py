"""Who reads which plan: never in conflict, never too much, evenly, and as well as can be."""

import random
from itertools import combinations

from hypothesis import given, settings
from hypothesis import strategies as st

from app.reviews.assigning import Assignment, Expert, Plan, assign, cost_of

FIELDS = ("biology", "chemistry", "environment")


@st.composite
def rounds(draw: st.DrawFn) -> tuple[list[Plan], list[Expert], set[tuple[int, int]]]:
    """A small round: up to five plans of up to two readers, up to four experts, any conflicts."""
    plans = [
        Plan(number, draw(st.sampled_from(FIELDS)), host=number % 2, wanted=draw(st.integers(0, 2)))
        for number in range(draw(st.integers(1, 5)))
    ]
    experts = [
        Expert(
            number,
            frozenset(draw(st.sets(st.sampled_from(FIELDS), max_size=2))),
            capacity=draw(st.integers(0, 4)),
            held=draw(st.integers(0, 1)),
        )
        for number in range(draw(st.integers(1, 4)))
    ]
    pairs = [(plan.id, expert.id) for plan in plans for expert in experts]
    return plans, experts, draw(st.sets(st.sampled_from(pairs)))


def loads_of(found: Assignment, experts: list[Expert]) -> dict[int, int]:
    return {e.id: e.held + sum(expert == e.id for _plan, expert in found.pairs) for e in experts}


def every_assignment(plans: list[Plan], experts: list[Expert], conflicts: set[tuple[int, int]]) -> list[set]:
    """All assignments there are, places left empty included: the slow way, by hand."""
    found: list[set[tuple[int, int]]] = [set()]
    for plan in plans:
        may = [expert.id for expert in experts if (plan.id, expert.id) not in conflicts]
        choices = [set(c) for size in range(plan.wanted + 1) for c in combinations(may, size)]
        found = [{*held, *((plan.id, expert) for expert in chosen)} for held in found for chosen in choices]
    room = {expert.id: max(expert.capacity - expert.held, 0) for expert in experts}
    return [pairs for pairs in found if all(sum(e == who for _p, e in pairs) <= n for who, n in room.items())]


@given(rounds())
@settings(max_examples=60, deadline=None)
def test_nobody_reads_in_conflict_or_beyond_capacity(made: tuple) -> None:
    plans, experts, conflicts = made
    found = assign(plans, experts, conflicts)
    assert not set(found.pairs) & conflicts
    assert all(
        load <= max(expert.capacity, expert.held)
        for expert, load in zip(experts, loads_of(found, experts).values(), strict=True)
    )
    for plan in plans:
        readers = sum(of == plan.id for of, _expert in found.pairs)
        assert readers + found.missing.get(plan.id, 0) == plan.wanted


@given(rounds())
@settings(max_examples=60, deadline=None)
def test_as_many_places_are_filled_as_can_be(made: tuple) -> None:
    plans, experts, conflicts = made
    found = assign(plans, experts, conflicts)
    assert len(found.pairs) == max(len(pairs) for pairs in every_assignment(plans, experts, conflicts))


@given(rounds())
@settings(max_examples=60, deadline=None)
def test_among_assignments_as_even_none_is_cheaper(made: tuple) -> None:
    plans, experts, conflicts = made
    found = assign(plans, experts, conflicts)
    assert found.gap == 0.0
    held, cost = loads_of(found, experts), _cost(plans, experts, set(found.pairs))
    low, high = min(held.values()), max(held.values())
    for pairs in every_assignment(plans, experts, conflicts):
        loads = loads_of(Assignment(tuple(pairs), {}, 0, 0, 0), experts)
        within = all(low <= loads[e.id] <= high for e in experts)
        if len(pairs) == len(found.pairs) and within:
            assert cost <= _cost(plans, experts, pairs) + 1e-6


def _cost(plans: list[Plan], experts: list[Expert], pairs: set[tuple[int, int]]) -> float:
    by_plan, by_expert = {plan.id: plan for plan in plans}, {expert.id: expert for expert in experts}
    return sum(cost_of(by_plan[plan], by_expert[expert]) for plan, expert in pairs)


def test_a_round_of_three_hundred_plans_is_even_and_proved_best() -> None:
    chance = random.Random(7)
    fields = [f"field {number}" for number in range(12)]
    experts = [Expert(n, frozenset(chance.sample(fields, 3)), capacity=20) for n in range(60)]
    plans = [Plan(n, chance.choice(fields), host=n % 100) for n in range(300)]
    conflicts = {(plan.id, expert.id) for plan in plans for expert in experts if chance.random() < 0.08}
    found = assign(plans, experts, conflicts)
    assert len(found.pairs) == 900 and not found.missing
    assert found.spread <= 1 and found.gap == 0.0


def test_a_plan_nobody_may_read_stays_without_readers_and_is_named() -> None:
    experts = [Expert(1), Expert(2)]
    found = assign([Plan(1, wanted=2), Plan(2, wanted=1)], experts, {(1, 1), (1, 2)})
    assert found.missing == {1: 2}
    assert len(found.pairs) == 1


def test_readers_that_are_there_already_are_kept_and_counted() -> None:
    experts = [Expert(1, held=1), Expert(2)]
    found = assign([Plan(1, wanted=1, readers=frozenset({1}))], experts, set())
    assert found.pairs == ((1, 2),)


def test_an_expert_of_the_field_is_preferred_and_then_one_who_reads_the_language() -> None:
    plan = Plan(1, "biology", frozenset({"ja"}), wanted=1)
    english, other = Expert(1, frozenset({"biology"}), frozenset({"en"})), Expert(2, frozenset({"chemistry"}))
    fitting = Expert(3, frozenset({"biology"}))
    assert assign([plan], [english, other, fitting], set()).pairs == ((1, 3),)
    assert assign([plan], [english, other], set()).pairs == ((1, 1),)


def test_the_same_host_is_given_to_somebody_else_the_next_time() -> None:
    plan = Plan(1, "biology", host=9, wanted=1)
    experts = [Expert(1, frozenset({"biology"})), Expert(2, frozenset({"biology"}))]
    assert assign([plan], experts, set(), read_before={(9, 1)}).pairs == ((1, 2),)
