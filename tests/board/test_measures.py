"""What one plan brings: from the plan as it was submitted, and on the conditions it would be adopted on."""

from app.board.measures import Facts, Known, counts_of, facts_of

FROZEN = {
    "field_of_science": "environment",
    "partners": [{"country": "NP"}, {"country": "KE"}],
    "people": [
        {"partner": 1, "number": 5},
        {"partner": 2, "number": 3},
    ],
    "budget": [{"quantity": 8, "unit_price": 90_000}, {"quantity": 1, "unit_price": 100_000}],
}


def facts(**frozen: object) -> Facts:
    return facts_of({**FROZEN, **frozen}, course="A", host=7, kind="company", named={"F": 2, "": 1})


def test_a_plan_brings_money_people_and_one_of_each_kind() -> None:
    assert counts_of(facts(), Known(frozenset({7}), frozenset({"NP", "KE"}), frozenset({"company"}))) == {
        "money": 820_000,
        "people": 8,
        "plans": 1,
        "course:A": 1,
        "kind:company": 1,
        "field:environment": 1,
        "country:NP": 5,
        "region:south_asia": 5,
        "country:KE": 3,
        "region:africa": 3,
        "sex:F": 2,
        "sex:": 1,
    }


def test_hosts_countries_and_kinds_not_seen_in_earlier_years_are_new() -> None:
    found = counts_of(facts(), Known(countries=frozenset({"NP"})))
    new = {key for key in found if key.startswith(("new_", "first_"))}
    assert new == {"new_country:KE", "new_kind:company", "first_host:7"}


def test_fewer_people_as_a_condition_are_shared_out_over_the_countries() -> None:
    found = counts_of(facts(), Known(), people_cap=4, money_cap=500_000)
    assert (found["people"], found["money"]) == (4, 500_000)
    assert found["country:NP"] + found["country:KE"] == 4
    assert found["region:africa"] == found["country:KE"]


def test_conditions_never_raise_what_was_asked_for() -> None:
    found = counts_of(facts(), Known(), people_cap=20, money_cap=9_000_000)
    assert (found["people"], found["money"]) == (8, 820_000)


def test_people_of_no_named_partner_belong_to_the_only_country_or_to_none() -> None:
    group = [{"partner": None, "number": 6}]
    assert facts(people=group).people == {}
    assert facts(people=group).heads == 6
    assert facts(people=group, partners=[{"country": "IN"}]).people == {"IN": 6}


def test_a_plan_of_which_nothing_is_known_brings_nothing() -> None:
    assert counts_of(facts_of({}, course="C", host=1, kind="other", named={}), Known()) == {
        "plans": 1,
        "course:C": 1,
        "kind:other": 1,
        "new_kind:other": 1,
        "first_host:1": 1,
    }
