"""The panel that answers while one writes: what it says of typed words, it says of the same words once saved."""

import random
import re
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from app.applications import panel
from app.applications.models import Application, ApplicationPartner
from app.core.audit import AuditEvent
from app.core.db import db
from tests.conftest import Client
from tests.factories.accounts import make_user, sign_in
from tests.factories.applications import make_application
from tests.factories.directory import make_sending

NOTE = "This speaks of what is typed here, which is not saved yet."
KINDS = ["arrival", "departure", "special_lecture", "special_program", "visit", "peer_exchange", "culture", "other"]
COSTS = ["international_travel", "domestic_travel", "program", "fees", "general_administration"]
CATEGORIES = ["", "high_school", "undergraduate", "master", "faculty", "public_official"]
Fields = dict[str, str]


@pytest.fixture
def plan(client: Client) -> Application:
    """A complete draft with two partners; its editor is signed in."""
    application = make_application(partners=[make_sending(country="NP"), make_sending(country="CN")])
    sign_in(client, make_user("host_editor", application.host_institution))
    return application


def typed(client: Client, application: Application, section: str, fields: Fields) -> str:
    answer = client.post(f"/applications/{application.public_id}/edit/{section}/panel", data={"version": "1", **fields})
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


def save(client: Client, application: Application, section: str, fields: Fields) -> int:
    db.session.refresh(application)
    sent = {**fields, "version": str(application.version)}
    return client.post(f"/applications/{application.public_id}/edit/{section}", data=sent).status_code


def panel_of(page: str) -> str:
    """The panel in a page or alone, without what says that nothing is saved yet."""
    found = re.search(r'<section class="app-panel".*?</section>', page, re.DOTALL)
    assert found is not None
    told = re.sub(r'<p class="app-panel__typed">.*?</p>', "", found[0])
    return re.sub(r"\s+", " ", told)


def rows(lines: list[Fields]) -> Fields:
    return {f"rows-{number}-{name}": text for number, line in enumerate(lines) for name, text in line.items()}


def some_overview(chance: random.Random, _plan: Application) -> Fields:
    names = ("theme_ja", "theme_en", "purpose", "expected_results", "principal_name", "administrative_name")
    emails = ("principal_email", "administrative_email")
    return {
        **{name: chance.choice(["", "Rivers", "  "]) for name in names},
        **{name: chance.choice(["", "a@example.org"]) for name in emails},
        "field_of_science": chance.choice(["", "environment"]),
        "administrative_phone": chance.choice(["", "075-000-0000"]),
    }


def some_itinerary(chance: random.Random, _plan: Application) -> Fields:
    entry = date(2025, 7, 20) + timedelta(days=chance.randrange(20))
    days = chance.randrange(1, 10)
    lines = [
        {"day": chance.choice(["", str(chance.randrange(1, days + 3))]), "kind": chance.choice(KINDS), "title": "x"}
        for _number in range(chance.randrange(14))
    ]
    return {
        "starts_on": chance.choice(["", f"{entry:%Y/%m/%d}", str(entry)]),
        "ends_on": chance.choice(["", *[str(entry + timedelta(days=days - 1))] * 3]),
        "airport_distance_km": chance.choice(["", "79", "80"]),
        **rows(lines),
    }


def some_people(chance: random.Random, plan: Application) -> Fields:
    partners = ["", *(str(partner.id) for partner in plan.partners)]
    return rows(
        [
            {
                "partner": chance.choice(partners),
                "category": chance.choice(CATEGORIES),
                "role": chance.choice(["invitee", "supervisor"]),
                "number": chance.choice(["", "1", "３", "9"]),
                "first_visit": chance.choice(["yes", "no"]),
            }
            for _number in range(chance.randrange(5))
        ]
    )


def some_budget(chance: random.Random, _plan: Application) -> Fields:
    return rows(
        [
            {
                "kind": chance.choice(COSTS),
                "description": chance.choice(["", "x"]),
                "quantity": chance.choice(["", "0", "8"]),
                "unit_price": chance.choice(["", "9,000", "120000"]),
            }
            for _number in range(chance.randrange(6))
        ]
    )


def some_safety(chance: random.Random, _plan: Application) -> Fields:
    found = {name: chance.choice(["", "x"]) for name in ("crisis_name", "crisis_phone", "insurance")}
    found |= {name: chance.choice(["yes", "no"]) for name in ("has_system", "is_classified", "partners_are_checked")}
    found |= {name: chance.choice(["", "2025-04-01"]) for name in ("form1_on", "form2_on")}
    found |= {"export_responsible": chance.choice(["", "x"])}
    return found | {name: "y" for name in ("pledge", "online_if_impossible") if chance.random() < 0.5}


def some_partners(chance: random.Random, plan: Application) -> Fields:
    known = make_sending(name_en=f"Institute {chance.randrange(10**6)}", country=chance.choice(["NP", "CN"]))
    kept = [partner for partner in plan.partners if chance.random() < 0.7]
    lines = [
        {
            "id": str(partner.id),
            "organization": chance.choice([partner.name, partner.name.upper(), known.name_en, "Nobody knows"]),
            "country": chance.choice(["", "NP", "CN"]),
            "contact_name": chance.choice(["", "Dr. Rai"]),
            "contact_email": chance.choice(["", "rai@example.org"]),
            "prior_notification": chance.choice(["", "CN-1"]),
        }
        for partner in kept
    ]
    new = {"organization": "", "choice": known.public_id, "country": "", "contact_name": "Dr. Li"}
    return rows([*lines, *([new] if chance.random() < 0.5 else [])])


SOME = {
    "overview": some_overview,
    "partners": some_partners,
    "itinerary": some_itinerary,
    "people": some_people,
    "budget": some_budget,
    "safety": some_safety,
}


@pytest.mark.parametrize("section", SOME)
def test_panel_of_what_is_typed_is_the_panel_after_saving_it(client: Client, plan: Application, section: str) -> None:
    chance = random.Random(f"panel {section}")
    seen = set()
    for _round in range(6):
        db.session.refresh(plan)
        fields = SOME[section](chance, plan)
        before = panel_of(typed(client, plan, section, fields))
        assert save(client, plan, section, fields) == 302, fields
        page = client.get(f"/applications/{plan.public_id}/edit/{section}").get_data(as_text=True)
        assert before == panel_of(page), fields
        db.session.refresh(plan)
        told = panel.of(plan)
        check = client.get(f"/applications/{plan.public_id}/edit/{section}").get_data(as_text=True)
        assert f"{told.holding} of {told.total} hold" in check
        seen.add(before)
    assert len(seen) > 2  # the plans were not all alike


@pytest.mark.parametrize("section", SOME)
def test_typing_stores_nothing(client: Client, plan: Application, section: str) -> None:
    chance = random.Random(f"nothing {section}")
    fields = SOME[section](chance, plan)
    events = db.session.scalar(select(func.count(AuditEvent.id)))
    version, stored = plan.version, panel.snapshot.content(plan)
    assert NOTE in typed(client, plan, section, fields)
    assert client.last.writes == []
    assert not db.session.dirty and not db.session.new
    db.session.refresh(plan)
    assert (plan.version, panel.snapshot.content(plan)) == (version, stored)
    assert db.session.scalar(select(func.count(AuditEvent.id))) == events


def test_even_a_change_made_on_the_way_is_not_stored(
    client: Client, plan: Application, monkeypatch: pytest.MonkeyPatch
) -> None:
    judged = panel.of

    def careless(application: Any) -> Any:
        application._stored.theme_en = "Changed by judging"
        return judged(application)

    monkeypatch.setattr(panel, "of", careless)
    typed(client, plan, "overview", {"theme_en": "Typed"})
    assert client.last.writes == []
    assert db.session.scalar(select(Application.theme_en)) == "Measuring a river basin"


@pytest.mark.parametrize(
    ("section", "unreadable", "empty"),
    [
        ("itinerary", {"starts_on": "2025-02-30", "ends_on": "2025-08-07"}, {"ends_on": "2025-08-07"}),
        ("itinerary", {"starts_on": "2025-08-07", "ends_on": "2025-08-01"}, {"starts_on": "2025-08-07"}),
        ("itinerary", {"airport_distance_km": "far"}, {}),
        ("itinerary", {"rows-0-day": "first", "rows-0-kind": "special_lecture", "rows-0-title": "x"}, {}),
        ("itinerary", {"rows-0-day": "2", "rows-0-kind": "no such kind"}, {}),
        ("people", {"rows-0-number": "seven", "rows-0-category": "master", "rows-0-role": "invitee"}, {}),
        ("budget", {"rows-0-unit_price": "-5", "rows-0-kind": "fees"}, {}),
        ("overview", {"principal_email": "nobody"}, {"principal_email": ""}),
        ("safety", {"form1_on": "soon"}, {}),
    ],
)
def test_what_cannot_be_read_is_not_known_yet(
    client: Client, plan: Application, section: str, unreadable: Fields, empty: Fields
) -> None:
    told = panel_of(typed(client, plan, section, unreadable))
    assert told == panel_of(typed(client, plan, section, empty))


def test_row_with_an_unreadable_hour_counts_all_the_same(client: Client, plan: Application) -> None:
    days = {"starts_on": "2025-08-01", "ends_on": "2025-08-03"}
    row = {"rows-0-day": "2", "rows-0-kind": "special_lecture", "rows-0-starts_at": "9:"}
    assert "1 of 1 needed" in typed(client, plan, "itinerary", days | row)


def test_links_lead_to_the_field_on_this_page_or_to_the_other_section(client: Client, plan: Application) -> None:
    told = typed(client, plan, "itinerary", {"starts_on": "2025-08-01"})
    assert 'href="#ends_on"' in told
    told = typed(client, plan, "overview", {"principal_name": ""})
    assert 'href="#principal_name"' in told
    save(client, plan, "itinerary", {"starts_on": "2025-08-01"})
    assert f'href="/applications/{plan.public_id}/edit/itinerary#ends_on"' in typed(client, plan, "overview", {})


def test_many_rows_need_no_more_queries(client: Client, plan: Application) -> None:
    def asked(section: str, line: Fields, count: int) -> int:
        typed(client, plan, section, rows([line] * count))
        return client.last.queries

    for section, line in (
        ("itinerary", {"day": "2", "kind": "special_lecture", "title": "x"}),
        ("people", {"category": "master", "role": "invitee", "number": "1", "first_visit": "yes"}),
        ("budget", {"kind": "fees", "unit_price": "5"}),
        ("partners", {"organization": "Nobody knows", "country": "NP"}),
    ):
        assert asked(section, line, 1) == asked(section, line, 40), section
    typed(client, plan, "itinerary", {})
    few = client.last.queries
    db.session.add_all(
        ApplicationPartner(application_id=plan.id, typed_name=f"Partner {number}", position=number + 2)
        for number in range(20)
    )
    typed(client, plan, "itinerary", {})
    assert client.last.queries == few <= 13


def test_panel_of_a_plan_that_cannot_be_edited_is_refused(client: Client) -> None:
    submitted = make_application("submitted")
    sign_in(client, make_user("host_editor", submitted.host_institution))
    address = f"/applications/{submitted.public_id}/edit"
    assert client.post(f"{address}/overview/panel").status_code == 409
    assert client.post(f"{address}/nothing/panel").status_code == 404
    assert client.get(f"{address}/overview/panel").status_code == 405


def test_page_of_a_section_says_where_to_ask(client: Client, plan: Application) -> None:
    page = client.get(f"/applications/{plan.public_id}/edit/people").get_data(as_text=True)
    assert f'data-panel="/applications/{plan.public_id}/edit/people/panel"' in page
    assert 'role="status" id="panel-news"' in page
    assert NOTE not in page
