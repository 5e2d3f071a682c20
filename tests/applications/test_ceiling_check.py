"""What lies over a ceiling is a rule of the course: named to the yen, on the panel, frozen, and told once."""

from dataclasses import replace
from typing import Any

import pytest
from flask import Flask
from flask_babel import force_locale
from sqlalchemy import select

from app.applications import draft_facts, facts, panel, snapshot
from app.applications.models import Application, BudgetKind, BudgetLine
from app.calls import checks_money
from app.calls.facts import CeilingFacts
from app.calls.models import Call, Severity
from app.calls.preview import Change, Terms
from app.core.db import db
from app.directory.models import InstitutionKind
from tests.calls.plans import plan as plan_facts
from tests.conftest import Client
from tests.factories.accounts import make_user, sign_in
from tests.factories.applications import make_application
from tests.factories.calls import make_call, make_rates
from tests.factories.directory import make_host, make_sending

K = BudgetKind


def cost(kind: BudgetKind, quantity: int, price: int, key: str = "", text: str = "") -> BudgetLine:
    return BudgetLine(kind=kind, quantity=quantity, unit_price=price, rate_key=key, description=text)


def planned(*lines: BudgetLine, **fields: Any) -> Application:
    """Eight people from Nepal for seven days, with these costs."""
    make_rates(2025)
    for position, line in enumerate(lines):
        line.position = position
    call = fields.pop("call", None) or db.session.scalar(select(Call)) or make_call()
    return make_application(call=call, partners=[make_sending(country="NP")], budget=list(lines), **fields)


def line_of(application: Application) -> panel.Line:
    with force_locale("en"):
        return next(line for line in panel.of(application).lines if line.label == "Ceilings of the guide rates")


@pytest.mark.parametrize(
    ("last", "first", "told"),
    [
        (
            (K.DOMESTIC_TRAVEL, 48, 13_000, "stay", "Guest house"),
            (K.DOMESTIC_TRAVEL, 48, 13_001, "stay", "Guest house"),
            "Guest house: ¥48 too much. The unit price is ¥13,001; up to ¥13,000 is allowed "
            "(Stay (lodging and meals), per person and night).",
        ),
        (
            (K.INTERNATIONAL_TRAVEL, 1, 8 * 180_000),
            (K.INTERNATIONAL_TRAVEL, 1, 8 * 180_000 + 1),
            "I International travel: ¥1 too much. For these people and days the ceilings of the guide rates come to "
            "¥1,440,000.",
        ),
        (
            (K.TAX_EQUIVALENT, 1, 0),
            (K.TAX_EQUIVALENT, 1, 1),
            "V Consumption-tax equivalent: ¥1 too much. 10 % of the untaxed costs is ¥0.",
        ),
    ],
)
def test_first_yen_over_a_ceiling_is_told_with_its_reason(app: Flask, last: Any, first: Any, told: str) -> None:
    assert line_of(planned(cost(*last))).tone == "holds"
    line = line_of(planned(cost(*first)))
    assert (line.tone, line.message, line.place) == ("warns", told, "rows")


def test_kind_that_is_over_by_its_lines_alone_is_not_told_twice(app: Flask) -> None:
    dear = planned(cost(K.INTERNATIONAL_TRAVEL, 8, 190_000, "air_fare.south_asia:NP", "Flights"))
    assert line_of(dear).message.count("too much") == 1
    dear.budget.append(cost(K.INTERNATIONAL_TRAVEL, 1, 1))
    assert line_of(dear).message.count("too much") == 2


def test_what_other_rules_say_is_left_to_them(app: Flask) -> None:
    company = make_host(kind=InstitutionKind.COMPANY)
    plan = planned(cost(K.PROGRAM, 1, 5), cost(K.GENERAL_ADMINISTRATION, 1, 99), host=company)
    assert line_of(plan).tone == "holds"
    with force_locale("en"):
        failing = {line.label for line in panel.of(plan).lines if line.tone == "fails"}
    assert {"Costs JST pays", "General administration"} <= failing


def test_many_ceilings_are_told_in_a_sentence_that_can_be_read(app: Flask) -> None:
    many = tuple(CeilingFacts("fees", 2, 1, what=f"Fee {number}", unit="hour") for number in range(9))
    with force_locale("en"):
        found = checks_money.costs_under_ceilings(plan_facts(ceilings=many), {})
        other = checks_money.costs_under_ceilings(plan_facts(ceilings=many), {"kinds": ["program"]})
    assert found.message.count("too much") == 4 and found.message.endswith("5 more are over.")
    assert (found.measured, other.holds) == (9, True)


def test_without_costs_nothing_can_be_told_and_without_rates_nothing_is_over(app: Flask) -> None:
    plan = make_application()
    assert line_of(plan).tone == "holds"
    assert line_of(planned()).tone == "open"


def test_verdict_is_frozen_in_both_languages(app: Flask) -> None:
    make_rates(2025)
    plan = planned(cost(K.DOMESTIC_TRAVEL, 48, 13_001, "stay"))
    snapshot.freeze(plan)
    kept = next(verdict for verdict in plan.verdicts if verdict["check_name"] == "costs_under_ceilings")
    assert kept["holds"] is False and "Stay (lodging and meals)" in kept["message_en"]
    assert "滞在費（宿泊・食事）" in kept["message_ja"]


def test_plan_submitted_before_the_rule_is_drawn_by_the_rules_of_then(client: Client) -> None:
    plan = planned(cost(K.DOMESTIC_TRAVEL, 48, 13_001, "stay"), state="submitted")
    plan.verdicts = [verdict for verdict in plan.verdicts if verdict["check_name"] != "costs_under_ceilings"]
    sign_in(client, make_user("host_editor", plan.host_institution))
    page = client.get(f"/applications/{plan.public_id}").get_data(as_text=True)
    assert "Ceilings of the guide rates" not in page and "Over a ceiling" in page


def test_preview_of_the_rule_weighs_drafts_by_the_rates(app: Flask) -> None:
    plan = planned(cost(K.DOMESTIC_TRAVEL, 48, 13_001, "stay"))
    make_application(call=plan.call)
    db.session.flush()
    found = draft_facts.weigh(plan.course, Change(facts.CEILING_CHECK, None, Terms({}, Severity.BLOCKS)))
    assert (found.plans, found.after.fails, found.after.holds) == (2, 1, 1)
    alone = replace(facts.all_facts_of(plan), at=None)
    assert [item.excess for item in alone.ceilings if item.excess] == [48]
