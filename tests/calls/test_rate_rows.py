"""Guide rates are added, taken away and taken over in the browser; plans and the history keep what they had."""

from typing import Any

import pytest
from flask import Flask

from app.applications import budget_facts, row_usage
from app.applications.models import BudgetKind, BudgetLine
from app.calls import rate_queries, rate_service, service, usage
from app.calls.rate_models import Unit, UnitRate
from app.core import audit
from app.core.authz import Actor, Role
from app.core.db import db
from app.core.errors import Forbidden, Refused, Stale
from tests.conftest import Client
from tests.factories.accounts import make_actor, make_user, sign_in
from tests.factories.applications import make_application
from tests.factories.calls import make_call, make_course, make_rates
from tests.factories.directory import make_sending


@pytest.fixture
def coordinator(app: Flask) -> Actor:
    make_course("A", 2025)
    make_rates(2025)
    return make_actor(Role.COORDINATOR)


def rate_of(code: str = "stay", year: int = 2025) -> UnitRate:
    return next(rate for rate in rate_queries.everything(year) if rate.code == code)


FIELDS: dict[str, Any] = {
    "kind": "fees",
    "unit": Unit.HOUR,
    "family": "",
    "amount": 3_000,
    "ceiling": 4_000,
    "label_ja": "学生補助者の謝金",
    "label_en": "Student assistants",
    "origins": [],
    "courses": [],
    "is_untaxed": True,
    "clause_ja": "経費の章：Ⅳ 謝金",
    "clause_en": "Chapter on expenses: IV Fees",
    "to_confirm": False,
    "reason": "New guidelines",
}
AIR = {"kind": "international_travel", "unit": Unit.PERSON, "family": "air_fare", "label_en": "Air fare: India"}


def add(actor: Actor, year: int = 2025, **changes: Any) -> UnitRate:
    return rate_service.add_rate(actor, year, **{**FIELDS, **changes})


def problems(actor: Actor, **changes: Any) -> set[str]:
    with pytest.raises(Refused) as refusal:
        add(actor, **changes)
    return set(refusal.value.fields)


def test_added_rate_comes_last_with_a_code_of_its_own_and_an_entry(coordinator: Actor) -> None:
    rate = add(coordinator)
    assert rate_queries.rates(2025)[-1] is rate and rate.code.startswith("own-") and len(rate.code) < 40
    entry = audit.timeline(rate)[0]
    assert (entry.verb, entry.comment) == ("unit_rate:add", "New guidelines")
    assert entry.changes["amount"] == [None, 3_000] and entry.changes["unit"] == [None, "hour"]


def test_rate_for_a_country_stands_in_for_that_of_its_region(coordinator: Actor) -> None:
    rate = add(coordinator, **AIR, amount=100_000, ceiling=110_000, origins=["IN"])
    assert rate.code.startswith("air_fare.own-")
    plan = make_application(partners=[make_sending(country="IN")], call=make_call())
    assert f"{rate.code}:IN" in dict(budget_facts.of(plan).choices())


def test_every_refusal_names_its_field(coordinator: Actor) -> None:
    assert problems(coordinator, ceiling=2_999) == {"ceiling"}
    assert problems(coordinator, origins=["Atlantis"]) == {"origins"}
    assert problems(coordinator, kind="general_administration") == {"kind"}
    assert problems(coordinator, unit=Unit.PERCENT, ceiling=None, amount=10) == {"unit"}
    assert problems(coordinator, kind="tax_equivalent", unit=Unit.PERCENT, amount=101) == {"amount", "ceiling"}
    assert problems(coordinator, family="gone") == {"family"}
    assert problems(coordinator, **AIR | {"unit": Unit.HOUR, "kind": "fees"}, origins=["IN"]) == {"kind", "unit"}
    assert problems(coordinator, **AIR, origins=["south_asia"]) == {"origins"}
    assert problems(coordinator, reason=" ") == {"reason"}


def test_one_place_has_one_rate_of_a_family_in_a_course(coordinator: Actor) -> None:
    stay = {"kind": "domestic_travel", "unit": Unit.PERSON_NIGHT, "family": "stay"}
    assert problems(coordinator, **stay) == {"origins"}  # the known one holds for everybody
    add(coordinator, **stay, courses=["online"])  # where the known one does not hold
    rate_service.withdraw_rate(coordinator, rate_of(), version=rate_of().version, reason="r")
    add(coordinator, **stay, courses=["A"])
    with pytest.raises(Refused) as refusal:
        rate_service.offer_rate(coordinator, rate_of(), version=rate_of().version, reason="r")
    assert list(refusal.value.fields) == [""]


def test_only_coordinators_add_and_take_away(coordinator: Actor) -> None:
    other = make_actor(Role.DECISION_MAKER)
    rate = rate_of()
    for attempt in (
        lambda: add(other),
        lambda: rate_service.withdraw_rate(other, rate, version=rate.version, reason="r"),
        lambda: rate_service.offer_rate(other, rate, version=rate.version, reason="r"),
        lambda: rate_service.take_over(other, 2025, 2026, reason="r"),
    ):
        with pytest.raises(Forbidden):
            attempt()


def test_rate_no_longer_offered_keeps_the_lines_counted_by_it(coordinator: Actor) -> None:
    hotel = BudgetLine(kind=BudgetKind.DOMESTIC_TRAVEL, rate_key="stay", quantity=48, unit_price=13_001, position=0)
    plan = make_application(call=make_call(), partners=[make_sending(country="NP")], budget=[hotel])
    rate = rate_of()
    rate_service.withdraw_rate(coordinator, rate, version=rate.version, reason="Included elsewhere")
    db.session.flush()
    money = budget_facts.of(plan)
    box = money.box(budget_facts.lines_of(plan))
    assert [item.excess for item in box.totals.over] == [48]
    assert "stay" in dict(money.choices(["stay"])) and "stay" not in dict(money.choices())
    plan.budget = []
    assert "stay" not in {made.line.rate_key for made in money.propose([])}
    assert audit.timeline(rate)[0].verb == "unit_rate:withdraw"
    rate_service.offer_rate(coordinator, rate, version=rate.version, reason="After all")
    db.session.flush()
    assert "stay" in {made.line.rate_key for made in budget_facts.of(plan).propose([])}


def test_outdated_copy_takes_nothing_away(coordinator: Actor) -> None:
    rate = rate_of()
    with pytest.raises(Stale):
        rate_service.withdraw_rate(coordinator, rate, version=rate.version + 1, reason="r")
    rate_service.withdraw_rate(coordinator, rate, version=rate.version, reason="r")
    with pytest.raises(Stale):
        rate_service.withdraw_rate(coordinator, rate, version=rate.version, reason="r")


def test_year_is_begun_from_an_earlier_one_without_what_is_no_longer_offered(coordinator: Actor) -> None:
    make_course("A", 2026)
    own = add(coordinator)
    rate_service.withdraw_rate(coordinator, rate_of(), version=rate_of().version, reason="r")
    number = rate_service.take_over(coordinator, 2025, 2026, reason="As before")
    codes = [rate.code for rate in rate_queries.rates(2026)]
    assert len(codes) == number and own.code in codes and "stay" not in codes
    assert audit.timeline(rate_of(own.code, 2026))[0].comment == "As before"
    with pytest.raises(Refused) as refusal:
        rate_service.take_over(coordinator, 2025, 2026, reason="Again")
    assert list(refusal.value.fields) == ["from_year"]


def test_seeding_and_copying_do_not_bring_a_rate_back(coordinator: Actor) -> None:
    rate_service.withdraw_rate(coordinator, rate_of(), version=rate_of().version, reason="r")
    rate_service.seed_rates()
    assert "stay" not in {rate.code for rate in rate_queries.rates(2025)}
    service.copy_year(coordinator, 2025)
    assert rate_of("stay", 2026).is_offered  # it was seeded for that year; taking over leaves it


def test_use_counts_plans_of_the_year_and_hides_one_or_two_drafts(coordinator: Actor) -> None:
    call, other = make_call(), make_call("9", fiscal_year=2024)
    air = rate_of("air_fare.south_asia")

    def with_line(key: str, state: str = "draft", into: Any = call) -> None:
        line = BudgetLine(kind=BudgetKind.PROGRAM, rate_key=key, quantity=1, unit_price=1, position=0)
        make_application(state, call=into, budget=[line])

    assert not usage.of(air).is_used
    for key, state in (("air_fare.south_asia:NP", "draft"), ("air_fare.south_asia:IN", "returned")):
        with_line(key, state)
    with_line("air_fare.south_asia:NP", "submitted"), with_line("air_fare.south_asia:NP", "withdrawn")
    with_line("air_fare.south_asiatic:NP"), with_line("air_fare.south_asia:NP", into=other)
    found = usage.of(air)
    assert (found.being_written, found.received, found.is_shown) == (2, 1, False)
    with_line("air_fare.south_asia:NP")
    assert row_usage.of_rate(air).is_shown


def test_coordinator_adds_and_takes_away_in_the_browser(client: Client, coordinator: Actor) -> None:
    sign_in(client, make_user(Role.COORDINATOR))
    address = "/calls/years/2025/rates"
    like = rate_of("air_fare.south_asia")
    assert 'value="180,000"' in client.get(f"{address}/new?like={like.public_id}").get_data(as_text=True)
    sent = {name: value for name, value in FIELDS.items() if name not in ("to_confirm", "is_untaxed")}
    sent |= {"unit": "hour", "key": "once", "origins": "Atlantis"}
    refused = client.post(f"{address}/new", data=sent)
    page = refused.get_data(as_text=True)
    assert refused.status_code == 422 and "Not known: Atlantis" in page and "Student assistants" in page
    for _click in range(2):
        assert client.post(f"{address}/new", data=sent | {"origins": ""}).location.endswith(address)
    assert sum(rate.label_en == "Student assistants" for rate in rate_queries.rates(2025)) == 1
    rate = rate_of()
    leave = f"/calls/rates/{rate.public_id}/withdraw"
    assert "No plan of this fiscal year has such costs." in client.get(leave).get_data(as_text=True)
    assert client.post(leave, data={"version": str(rate.version)}).status_code == 422
    assert client.post(leave, data={"version": "77", "reason": "r"}).status_code == 409
    assert client.post(leave, data={"version": str(rate.version), "reason": "Old"}).location.endswith(address)
    assert "No longer offered" in client.get(address).get_data(as_text=True)
    history = client.get(f"{address}/history").get_data(as_text=True)
    assert "Guide rate no longer offered" in history and "Student assistants" in history and "Old" in history
    back = f"/calls/rates/{rate.public_id}/offer"
    db.session.refresh(rate)
    assert client.post(back, data={"version": str(rate.version), "reason": "r"}).status_code == 302


def test_coordinator_begins_a_year_in_the_browser(client: Client, coordinator: Actor) -> None:
    make_course("A", 2026, is_draft=True)
    sign_in(client, make_user(Role.COORDINATOR))
    address = "/calls/years/2026/rates/take-over"
    assert "FY2025" in client.get(address).get_data(as_text=True)
    assert client.post(address, data={"key": "k", "from_year": "2025"}).status_code == 302
    assert len(rate_queries.rates(2026)) == len(rate_queries.rates(2025))
    assert "No earlier fiscal year" in client.get("/calls/years/2025/rates/take-over").get_data(as_text=True)
