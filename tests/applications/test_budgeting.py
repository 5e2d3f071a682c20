"""A budget from people and days: what is proposed, what it adds up to, what is over a ceiling. All of it pure."""

from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from app.applications import budgeting, ceilings
from app.applications.budgeting import Basis, Line, Rate, Terms
from app.applications.ceilings import Reason
from app.applications.vocabulary import BudgetKind as K
from app.calls.money import share
from app.calls.rate_models import Unit

AIR = Rate("air.south_asia", K.INTERNATIONAL_TRAVEL, Unit.PERSON, 120_000, 180_000, True, frozenset({"south_asia"}))
AIR_IN = Rate("air.IN", K.INTERNATIONAL_TRAVEL, Unit.PERSON, 100_000, 150_000, True, frozenset({"IN"}))
AIR_ALL = Rate("air.other", K.INTERNATIONAL_TRAVEL, Unit.PERSON, 200_000, 300_000, True)
STAY = Rate("stay", K.DOMESTIC_TRAVEL, Unit.PERSON_NIGHT, 11_000, 13_000, clause="Chapter on expenses: II")
INSURANCE = Rate("insurance", K.DOMESTIC_TRAVEL, Unit.PERSON_DAY, 500, 1_000, True)
LECTURE = Rate("lecture", K.FEES, Unit.HOUR, 8_000, 12_000, True)
INTERPRETER = Rate("interpreter", K.FEES, Unit.HOUR, 0, 10_000, True)
BUS = Rate("bus", K.PROGRAM, Unit.VISIT, 33_333)
HALL = Rate("hall", K.PROGRAM, Unit.NIGHT, 7_001, 7_001)
TAX = Rate("tax", K.TAX_EQUIVALENT, Unit.PERCENT, 10)
RATES = [AIR, AIR_IN, AIR_ALL, STAY, INSURANCE, LECTURE, INTERPRETER, BUS, HALL, TAX]
TERMS = Terms(percent=10, percent_clause="Chapter on expenses: administration")
COMPANY = Terms(frozenset({K.INTERNATIONAL_TRAVEL, K.TAX_EQUIVALENT}), "Chapter on expenses: companies", 10)
WEEK = Basis({"NP": 7, "IN": 1}, days=7, lecture_minutes=150)

amounts = st.integers(0, 10_000_000)
lines = st.lists(
    st.builds(
        Line,
        st.sampled_from(K),
        st.integers(0, 500),
        amounts,
        st.sampled_from(["", "stay", "air.south_asia:NP", "tax", "lecture", "gone"]),
        st.text(max_size=4),
    ),
    max_size=8,
)
bases = st.builds(
    Basis,
    st.dictionaries(st.sampled_from(["NP", "IN", "KE", "XX", ""]), st.integers(0, 30), max_size=5),
    st.integers(0, 40),
    st.integers(0, 3_000),
)


@st.composite
def rate_lists(draw: st.DrawFn) -> list[Rate]:
    """The rates above with other amounts, in any order, some of them missing."""
    chosen = draw(st.lists(st.sampled_from(RATES), unique_by=lambda rate: rate.code))
    made = []
    for rate in chosen:
        amount = draw(st.integers(0, 100)) if rate.unit is Unit.PERCENT else draw(st.integers(0, 400_000))
        room = draw(st.none() | st.integers(0, 50_000))
        made.append(
            Rate(
                rate.code,
                rate.kind,
                rate.unit,
                amount,
                None if room is None else amount + room,
                rate.is_untaxed,
                rate.origins,
            )
        )
    return made


term_sets = st.builds(Terms, st.sampled_from([frozenset(K), COMPANY.payable]), percent=st.none() | st.integers(0, 10))


def proposed(basis: Basis, rates: list[Rate] = RATES, terms: Terms = TERMS, held: tuple[Line, ...] = ()) -> list[Line]:
    return [made.line for made in budgeting.propose(basis, rates, terms, held)]


def by_key(found: list[Line]) -> dict[str, tuple[int, int]]:
    return {line.rate_key: (line.quantity, line.unit_price) for line in found}


def test_share_drops_what_is_less_than_a_yen() -> None:
    assert [share(amount, 10) for amount in (0, 9, 10, 19, 1_234_567)] == [0, 0, 1, 1, 123_456]


def test_lines_follow_from_people_and_days() -> None:
    untaxed = 7 * 120_000 + 100_000 + 56 * 500 + 3 * 8_000
    direct = untaxed + 48 * 11_000 + 33_333 + 6 * 7_001 + share(untaxed, 10)
    assert by_key(proposed(WEEK)) == {
        "air.south_asia:NP": (7, 120_000),
        "air.IN:IN": (1, 100_000),
        "stay": (48, 11_000),
        "insurance": (56, 500),
        "lecture": (3, 8_000),  # two hours and a half: begun hours count
        "bus": (1, 33_333),
        "hall": (6, 7_001),
        "tax": (1, share(untaxed, 10)),
        "administration": (1, share(direct, 10)),
    }


def test_closest_rate_of_a_family_counts_once() -> None:
    found = by_key(proposed(Basis({"IN": 2, "NP": 3, "KE": 4, "": 1}, 7)))
    assert found["air.IN:IN"] == (2, 100_000)
    assert found["air.south_asia:NP"] == (3, 120_000)
    assert found["air.other"] == (5, 200_000)  # everybody no other rate of the family names


def test_what_the_plan_does_not_say_is_not_proposed() -> None:
    assert set(by_key(proposed(Basis({"NP": 2})))) == {"air.south_asia:NP", "bus", "tax", "administration"}


def test_company_is_proposed_only_what_is_paid() -> None:
    assert {line.kind for line in proposed(WEEK, terms=COMPANY)} == COMPANY.payable


def test_what_is_there_is_not_proposed_again() -> None:
    typed = Line(K.DOMESTIC_TRAVEL, 1, 1, "stay", "Guest house")
    administration = Line(K.GENERAL_ADMINISTRATION, 1, 5)
    keys = set(by_key(proposed(WEEK, held=(typed, administration))))
    assert "stay" not in keys and "administration" not in keys and "insurance" in keys
    assert proposed(WEEK, held=tuple(proposed(WEEK))) == []


def test_free_lines_of_international_travel_count_for_the_tax() -> None:
    flights = Line(K.INTERNATIONAL_TRAVEL, 2, 50_000)
    assert budgeting.untaxed([flights, Line(K.PROGRAM, 1, 9), Line(K.TAX_EQUIVALENT, 1, 9)], RATES) == 100_000


def test_unit_price_over_its_ceiling_is_named_with_its_clause() -> None:
    dear = Line(K.DOMESTIC_TRAVEL, 10, 13_001, "stay", "Hotel")
    found = ceilings.totals([dear, Line(K.DOMESTIC_TRAVEL, 10, 13_000, "stay")], WEEK, RATES, TERMS).over
    assert [(over.reason, over.amount, over.ceiling, over.excess, over.clause, over.line) for over in found] == [
        (Reason.UNIT, 13_001, 13_000, 10, "Chapter on expenses: II", dear)
    ]


def test_kind_over_what_people_and_days_allow_is_named() -> None:
    allowed = 7 * 180_000 + 150_000
    held = [Line(K.INTERNATIONAL_TRAVEL, 1, allowed, text="Flights")]
    assert ceilings.totals(held, WEEK, RATES, TERMS).over == []
    over = ceilings.totals([*held, Line(K.INTERNATIONAL_TRAVEL, 1, 1)], WEEK, RATES, TERMS).over
    assert [(item.reason, item.kind, item.excess) for item in over] == [(Reason.PEOPLE, K.INTERNATIONAL_TRAVEL, 1)]


def test_kind_with_an_open_rate_or_unknown_people_has_no_ceiling() -> None:
    held = [Line(kind, 1, 90_000_000) for kind in (K.FEES, K.PROGRAM)]
    assert ceilings.totals(held, WEEK, RATES, TERMS).over == []
    flights = [Line(K.INTERNATIONAL_TRAVEL, 1, 90_000_000)]
    assert ceilings.totals(flights, Basis({"NP": 1, "": 1}, 7), [AIR], TERMS).over == []
    assert ceilings.totals(flights, Basis(), RATES, TERMS).over == []
    assert len(ceilings.totals(flights, Basis({"NP": 1}, 7), [AIR], TERMS).over) == 1


def test_tax_and_administration_are_held_at_their_percentage() -> None:
    held = [Line(K.INTERNATIONAL_TRAVEL, 1, 1_009), Line(K.TAX_EQUIVALENT, 1, 100)]
    exact = [*held, Line(K.GENERAL_ADMINISTRATION, 1, 110)]
    assert ceilings.totals(exact, Basis(), RATES, TERMS).over == []
    more = [*held, Line(K.TAX_EQUIVALENT, 1, 1), Line(K.GENERAL_ADMINISTRATION, 1, 112)]
    over = ceilings.totals(more, Basis(), RATES, TERMS).over
    assert [(item.reason, item.excess, item.percent) for item in over] == [
        (Reason.TAX, 1, 10),
        (Reason.ADMINISTRATION, 1, 10),
    ]


def test_costs_a_company_is_not_paid_are_over_in_full() -> None:
    over = ceilings.totals([Line(K.PROGRAM, 2, 500)], WEEK, RATES, COMPANY).over
    assert [(item.reason, item.excess, item.clause) for item in over] == [
        (Reason.NOT_PAID, 1_000, "Chapter on expenses: companies")
    ]


@settings(max_examples=60, deadline=None)
@given(lines, bases, rate_lists(), term_sets)
def test_parts_add_up_to_the_totals(held: list[Line], basis: Basis, rates: list[Rate], terms: Terms) -> None:
    found = ceilings.totals(held, basis, rates, terms)
    assert found.total == sum(line.quantity * line.unit_price for line in held)
    assert found.total == sum(item.amount for item in found.kinds) == found.direct + found.administration
    if basis.head_count:
        assert found.per_person is not None
        assert 0 <= found.total - found.per_person * basis.head_count < basis.head_count
    else:
        assert found.per_person is None
    assert all(over.excess > 0 for over in found.over)


@settings(max_examples=60, deadline=None)
@given(bases, rate_lists(), term_sets)
def test_proposed_lines_keep_every_ceiling_in_whole_yen(basis: Basis, rates: list[Rate], terms: Terms) -> None:
    made = proposed(basis, rates, terms)
    found = ceilings.totals(made, basis, rates, terms)
    assert found.over == []
    assert found.administration * 100 <= found.direct * (terms.percent or 0)
    assert all(type(line.amount) is int and line.amount > 0 for line in made)
    assert len({line.rate_key for line in made}) == len(made)
    assert {line.kind for line in made} <= terms.payable


@settings(max_examples=60, deadline=None)
@given(lines, bases, rate_lists(), term_sets)
def test_proposed_administration_never_exceeds_its_percentage(
    held: list[Line], basis: Basis, rates: list[Rate], terms: Terms
) -> None:
    held = [line for line in held if line.kind is not K.GENERAL_ADMINISTRATION]
    everything = [*held, *proposed(basis, rates, terms, tuple(held))]
    found = ceilings.totals(everything, basis, rates, terms)
    assert found.administration * 100 <= found.direct * (terms.percent or 0)


@settings(max_examples=60, deadline=None)
@given(lines, bases, rate_lists(), term_sets, st.randoms(use_true_random=False))
def test_order_makes_no_difference(
    held: list[Line], basis: Basis, rates: list[Rate], terms: Terms, random: Random
) -> None:
    def shuffled(values: list) -> list:  # type: ignore[type-arg]
        return random.sample(values, len(values))

    other = Basis(dict(shuffled(list(basis.people.items()))), basis.days, basis.lecture_minutes)
    mixed = shuffled(held)
    assert ceilings.totals(mixed, other, rates, terms) == ceilings.totals(held, basis, rates, terms)
    assert proposed(other, rates, terms, tuple(mixed)) == proposed(basis, rates, terms, tuple(held))
    assert sorted(map(repr, proposed(basis, shuffled(rates), terms))) == sorted(
        map(repr, proposed(basis, rates, terms))
    )


@settings(max_examples=40, deadline=None)
@given(rate_lists(), term_sets, st.integers(0, 30), st.integers(0, 600), lines)
def test_without_people_nothing_is_proposed(
    rates: list[Rate], terms: Terms, days: int, minutes: int, held: list[Line]
) -> None:
    for people in ({}, {"NP": 0}):
        basis = Basis(people, days, minutes)
        assert proposed(basis, rates, terms) == proposed(basis, rates, terms, tuple(held)) == []
        assert ceilings.totals([], basis, rates, terms).total == 0
