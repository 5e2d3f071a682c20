"""The budget section: lines proposed from people and days, totals and ceilings beside the form and on the plan."""

from datetime import time
from typing import Any

import pytest

from app.applications import budget_facts
from app.applications.models import Application, ApplicationPartner, BudgetKind, BudgetLine
from app.core import clock
from app.core.authz import Role
from app.core.db import db
from app.directory.models import InstitutionKind
from tests.conftest import Client
from tests.factories.accounts import make_user, sign_in
from tests.factories.applications import make_application
from tests.factories.calls import make_rates
from tests.factories.directory import make_host, make_sending

K = BudgetKind


@pytest.fixture
def plan(client: Client) -> Application:
    """A draft with eight people from Nepal for seven days, without costs; its editor is signed in."""
    make_rates(2025)
    application = make_application(partners=[make_sending(country="NP")], budget=[])
    sign_in(client, make_user(Role.HOST_EDITOR, application.host_institution))
    return application


def address(application: Application, more: str = "") -> str:
    return f"/applications/{application.public_id}/edit/budget{more}"


def send(client: Client, application: Application, more: str = "", **fields: Any) -> Any:
    db.session.refresh(application)
    data = {name.replace("__", "-"): value for name, value in fields.items()}
    return client.post(address(application, more), data={"version": str(application.version), **data})


def body(response: Any) -> str:
    return str(response.get_data(as_text=True))


def stored(application: Application) -> dict[str, tuple[str, int, int]]:
    db.session.expire_all()
    return {line.rate_key: (line.description, line.quantity, line.unit_price) for line in application.budget}


def test_facts_are_people_by_country_days_and_hours_of_lectures(plan: Application) -> None:
    plan.itinerary[1].starts_at, plan.itinerary[1].ends_at = time(9), time(10, 30)
    plan.itinerary[3].starts_at = time(9)  # its end is not known: it does not count
    plan.itinerary[4].starts_at, plan.itinerary[4].ends_at = time(9), time(12)  # no lecture
    plan.people[1].partner = None  # the plan names a single country
    basis = budget_facts.basis_of(plan)
    assert (basis.people, basis.days, basis.nights, basis.lecture_minutes) == ({"NP": 8}, 7, 6, 90)
    plan.partners.append(ApplicationPartner(typed_name="Elsewhere", country="IN", position=1))
    assert budget_facts.basis_of(plan).people == {"NP": 7, "": 1}


def test_terms_are_those_of_the_rules_of_the_course(plan: Application) -> None:
    assert budget_facts.terms_of(plan).payable == frozenset(BudgetKind)
    assert budget_facts.terms_of(plan).percent == 10
    plan.host_institution = make_host(kind=InstitutionKind.COMPANY)
    terms = budget_facts.terms_of(plan)
    assert terms.payable == {K.INTERNATIONAL_TRAVEL, K.TAX_EQUIVALENT} and terms.payable_clause


def test_proposed_lines_are_shown_and_saved_at_a_button(client: Client, plan: Application) -> None:
    page = body(client.get(address(plan)))
    assert "8 people × 6 nights × ¥11,000" in page and "Air fare (return): Nepal" in page
    answer = send(client, plan, do="propose")
    assert answer.location.endswith("#rows")
    assert "Lines proposed: 7." in body(client.get(address(plan)))
    found = stored(plan)
    assert found["air_fare.south_asia:NP"] == ("Air fare (return): Nepal", 8, 120_000)
    assert found["stay"] == ("Stay (lodging and meals)", 48, 11_000)
    assert {line.kind for line in plan.budget} == set(BudgetKind) - {K.FEES}  # no hours of lectures are entered
    page = body(client.get(address(plan)))
    assert "Nothing is over a known ceiling." in page and "There is nothing to propose" in page
    assert 'value="120,000"' in page
    assert '<option value="administration" selected>General administration</option>' in page


def test_proposing_leaves_what_was_typed(client: Client, plan: Application) -> None:
    typed = {
        "rows__0__kind": "domestic_travel",
        "rows__0__description": "Guest house",
        "rows__0__quantity": "40",
        "rows__0__unit_price": "9,500",
        "rows__0__rate_key": "stay",
        "rows__1__kind": "fees",
        "rows__1__description": "Interpreter",
        "rows__1__unit_price": "",
    }
    send(client, plan, do="propose", **typed)
    found = stored(plan)
    assert found["stay"] == ("Guest house", 40, 9_500)
    assert found[""] == ("Interpreter", 1, 0)
    assert found["insurance"][1:] == (56, 500)
    count = len(plan.budget)
    send(client, plan, do="propose", **rows_of(plan))
    db.session.expire_all()
    assert len(plan.budget) == count


def rows_of(application: Application) -> dict[str, str]:
    """The stored rows as the form sends them."""
    names = ("kind", "description", "quantity", "unit_price", "rate_key")
    return {
        f"rows__{number}__{name}": str(getattr(line, name))
        for number, line in enumerate(application.budget)
        for name in names
    }


def test_costs_without_a_guide_rate_are_named_before_they_are_counted_twice(client: Client, plan: Application) -> None:
    plan.budget = [BudgetLine(kind=K.INTERNATIONAL_TRAVEL, description="Flights", quantity=8, unit_price=1, position=0)]
    warning = "Here costs are entered without a guide rate: I International travel."
    assert warning in body(client.get(address(plan)))
    plan.budget[0].rate_key = "air_fare.south_asia:NP"
    page = body(client.get(address(plan)))
    assert warning not in page and "Air fare (return): Nepal:" not in page


def test_proposing_without_people_says_so(client: Client, plan: Application) -> None:
    plan.people = []
    send(client, plan, do="propose")
    assert stored(plan) == {}
    assert "without people there is nothing to propose" in body(client.get(address(plan)))


def test_proposing_on_an_outdated_page_saves_nothing(client: Client, plan: Application) -> None:
    answer = client.post(address(plan), data={"version": "0", "do": "propose"})
    assert answer.status_code == 409 and "Lines proposed" not in body(answer)
    assert stored(plan) == {}


def test_proposing_beside_a_number_that_cannot_be_read_saves_nothing_and_keeps_it(
    client: Client, plan: Application
) -> None:
    answer = send(client, plan, do="propose", rows__0__description="Rooms", rows__0__unit_price="a lot")
    assert answer.status_code == 422 and 'value="a lot"' in body(answer)
    assert stored(plan) == {}


def test_line_beyond_what_the_form_takes_is_left_out(client: Client, plan: Application) -> None:
    typed = {"rows__0__kind": "international_travel", "rows__0__quantity": "99999", "rows__0__unit_price": "99999999"}
    assert send(client, plan, do="propose", **typed).status_code == 302
    assert {"tax_equivalent", "administration"}.isdisjoint(stored(plan))


def test_totals_as_typed_are_told_and_nothing_is_stored(client: Client, plan: Application) -> None:
    typed = {
        "rows__0__kind": "domestic_travel",
        "rows__0__description": "Hotel",
        "rows__0__quantity": "48",
        "rows__0__unit_price": "15,000",
        "rows__0__rate_key": "stay",
        "rows__1__kind": "general_administration",
        "rows__1__description": "x",
        "rows__1__unit_price": "72001",
    }
    answer = send(client, plan, "/totals", **typed)
    assert answer.status_code == 200 and client.last.writes == []
    box = body(answer)
    assert "<html" not in box and "¥720,000" in box and "¥792,001" in box and "¥99,000" in box
    assert "Hotel: ¥96,000 too much." in box  # (15,000 - 13,000) × 48
    assert "General administration: ¥1 too much." in box and "Up to 10 % of the direct costs" in box
    assert stored(plan) == {}


def test_totals_of_numbers_that_cannot_be_read_are_told(client: Client, plan: Application) -> None:
    typed = {"rows__0__kind": "nonsense", "rows__0__description": "x", "rows__0__quantity": "-3"}
    answer = send(client, plan, "/totals", **typed, rows__0__unit_price="a lot", rows__0__rate_key="gone:XX")
    assert answer.status_code == 200 and "¥0" in body(answer)


def test_totals_are_told_to_editors_of_an_open_plan_only(client: Client, plan: Application) -> None:
    assert client.post(address(make_application(call=plan.call), "/totals")).status_code == 404
    plan.call.closes_at = clock.now()
    assert send(client, plan, "/totals").status_code == 409


def test_rate_of_a_country_nobody_comes_from_any_more_keeps_its_name(client: Client, plan: Application) -> None:
    plan.budget = [BudgetLine(kind=K.INTERNATIONAL_TRAVEL, rate_key="air_fare.africa:KE", unit_price=1, position=0)]
    page = body(client.get(address(plan)))
    assert '<option value="air_fare.africa:KE" selected>Air fare (return): Kenya</option>' in page
    send(client, plan, **rows_of(plan))
    assert list(stored(plan)) == ["air_fare.africa:KE"]


def test_company_is_told_what_is_not_paid(client: Client, plan: Application) -> None:
    plan.host_institution.kind = InstitutionKind.COMPANY
    plan.budget = [BudgetLine(kind=K.PROGRAM, description="Rooms", quantity=1, unit_price=5_000, position=0)]
    page = body(client.get(address(plan)))
    assert "III Programme costs: ¥5,000 too much." in page and "JST does not pay this host such costs." in page
    send(client, plan, do="propose", **rows_of(plan))
    assert {line.kind for line in plan.budget} == {K.PROGRAM, K.INTERNATIONAL_TRAVEL, K.TAX_EQUIVALENT}


def test_plan_page_shows_the_same_totals(client: Client, plan: Application) -> None:
    plan.budget = [BudgetLine(kind=K.INTERNATIONAL_TRAVEL, quantity=8, unit_price=200_000, position=0)]
    sign_in(client, make_user(Role.HOST_APPROVER, plan.host_institution))
    for path in (address(plan), f"/applications/{plan.public_id}", f"/applications/{plan.public_id}/submit"):
        page = body(client.get(path))
        assert "I International travel: ¥160,000 too much." in page, path
        assert "¥200,000</dd>" in page, path  # per person


def test_amounts_have_separators_in_both_languages(client: Client, plan: Application) -> None:
    plan.budget = [BudgetLine(kind=K.PROGRAM, description="x", quantity=1, unit_price=1_234_567, position=0)]
    assert "¥1,234,567</dd>" in body(client.get(address(plan)))
    client.post("/language", data={"language": "ja"})
    page = body(client.get(address(plan)))
    assert "1,234,567円</dd>" in page and 'value="1,234,567"' in page


def test_page_takes_the_same_queries_however_many_lines_there_are(client: Client, plan: Application) -> None:
    counted = []
    for lines in (1, 40):
        plan.budget.extend(
            BudgetLine(kind=K.PROGRAM, rate_key="consumables", quantity=1, unit_price=1, position=number)
            for number in range(len(plan.budget), lines)
        )
        counted.append([])
        for path in (address(plan), f"/applications/{plan.public_id}"):
            assert client.get(path).status_code == 200
            counted[-1].append(client.last.queries)
            assert sum("FROM unit_rate" in text for text in client.last.statements) == 1, path
    assert counted[0] == counted[1]


def test_row_that_names_a_rate_and_no_amount_gets_it(client: Client, plan: Application) -> None:
    rows = {"rows__0__kind": "domestic_travel", "rows__0__description": "Guest house", "rows__0__rate_key": "stay"}
    rows |= {"rows__0__quantity": "1", "rows__0__unit_price": ""}
    rows |= {"rows__1__kind": "general_administration", "rows__1__description": "Office", "rows__1__quantity": "1"}
    rows |= {"rows__1__unit_price": "", "rows__1__rate_key": "administration"}
    assert send(client, plan, do="propose", **rows).status_code == 302
    found = stored(plan)
    assert found["stay"] == ("Guest house", 48, 11_000)
    assert found["administration"][0] == "Office" and found["administration"][2] > 0
    assert len(plan.budget) == 7 and "Nothing is over a known ceiling." in body(client.get(address(plan)))
