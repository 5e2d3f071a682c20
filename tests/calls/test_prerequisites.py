"""Latest dates counted backwards from plain facts, without a database; and the rows in the browser."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask
from flask_babel import force_locale

from app.calls import prerequisite_queries, prerequisite_service, prerequisites
from app.calls.facts import PeopleFacts, PlanFacts
from app.calls.prerequisite_model import Anchor, DayKind, Direction, Doer, Prerequisite
from app.calls.prerequisites import Step, StepState
from app.closing.models import REPORT_DUE
from app.core import clock
from app.core.authz import Role
from app.core.db import db
from app.core.errors import Forbidden
from app.visits.agenda import ROSTER_DAYS_BEFORE
from tests.calls.plans import PARTNER, plan
from tests.conftest import Client
from tests.factories.accounts import make_actor, make_user, sign_in
from tests.factories.calls import make_prerequisite, make_prerequisites

TODAY = date(2025, 4, 1)
VISA = {"visa_support_request", "visa_support", "invitation_papers", "visa_application"}
ENGLISH = {"Accept-Language": "en"}


def row(anchor: Anchor, days: int, **fields: Any) -> Prerequisite:
    values = {"code": "x", "direction": Direction.BEFORE, "day_kind": DayKind.CALENDAR, "doer": Doer.HOST}
    values |= {"countries": [], "except_countries": [], "courses": [], "proof": "", "is_active": True, "position": 0}
    return Prerequisite(anchor=anchor, days=days, **{**values, **fields})


def asked(facts: PlanFacts, *, course: str = "A", done: tuple[str, ...] = (), today: date = TODAY) -> dict[str, Step]:
    """The steps of a plan by code, by the rows known from public pages."""
    rows = prerequisites.in_force(prerequisite_service.seed_data(), 2025)
    return {step.code: step for step in prerequisites.steps(facts, rows, course=course, done=done, today=today)}


def partner(country: str, number: str = "") -> Any:
    return replace(PARTNER, country=country, prior_notification=number)


@pytest.mark.parametrize(
    ("step", "expected"),
    [
        (row(Anchor.ENTRY, 45), date(2025, 7, 18)),
        (row(Anchor.EXIT, 30, direction=Direction.AFTER), date(2025, 10, 7)),
        (row(Anchor.NOTICE, 0), date(2025, 6, 15)),
        (row(Anchor.CLOSING, 5, day_kind=DayKind.WORKING), date(2025, 4, 14)),
    ],
)
def test_latest_date_is_counted_from_its_anchor(step: Prerequisite, expected: date) -> None:
    facts = plan(closes_at=clock.tokyo(date(2025, 4, 22)), notice_on=date(2025, 6, 15))
    assert prerequisites.latest_day(step, prerequisites.anchor_day(facts, step.anchor)) == expected


def test_round_that_closes_at_midnight_ends_with_the_day_before() -> None:
    facts = plan(closes_at=clock.tokyo(date(2025, 4, 22)))
    assert prerequisites.anchor_day(facts, Anchor.CLOSING) == date(2025, 4, 21)


def test_step_has_no_date_until_its_anchor_is_known(app: Flask) -> None:
    found = asked(plan(starts_on=None, ends_on=None))
    assert found["insurance"].latest is None and found["insurance"].state is StepState.UNKNOWN
    assert list(found)[-1] in {"report", "unspent_money"}  # what has no date stands last


@pytest.mark.parametrize(
    ("today", "expected"),
    [
        (date(2025, 8, 3), StepState.OPEN),
        (date(2025, 8, 4), StepState.SOON),
        (date(2025, 8, 18), StepState.SOON),
        (date(2025, 8, 19), StepState.OVERDUE),
    ],
)
def test_step_is_open_then_soon_then_overdue(app: Flask, today: date, expected: StepState) -> None:
    assert asked(plan(), today=today)["insurance"].state is expected  # due on 18 August


def test_registration_number_is_asked_of_china_only_and_proved_by_the_plan(app: Flask) -> None:
    assert "registration_numbers" not in asked(plan())
    without = asked(plan(partners=(partner("CN"), partner("NP"))))["registration_numbers"]
    assert not without.is_done and without.countries == ("CN",)
    assert without.latest == date(2025, 4, 14)  # five working days before 20 April, a Sunday
    some = asked(plan(partners=(partner("CN", "2025-1"), partner("CN"))))
    assert not some["registration_numbers"].is_done
    numbered = asked(plan(partners=(partner("CN", "2025-1"), partner("NP"))))
    assert numbered["registration_numbers"].is_proved and numbered["prior_notification"].is_done


def test_consent_of_guardians_is_asked_where_minors_come(app: Flask) -> None:
    assert "guardian_consent" not in asked(plan())
    assert "guardian_consent" in asked(plan(people=(PeopleFacts("high_school", number=5),)))
    teacher = PeopleFacts("high_school", is_supervisor=True)
    assert "guardian_consent" not in asked(plan(people=(teacher,)))


@pytest.mark.parametrize(("born", "expected"), [(date(2007, 9, 2), True), (date(2007, 9, 1), False)])
def test_known_day_of_birth_decides_who_is_a_minor_on_the_day_of_entry(app: Flask, born: date, expected: bool) -> None:
    found = asked(plan(people=(PeopleFacts("undergraduate", born=born),)))
    assert ("guardian_consent" in found) is expected


def test_visa_steps_are_not_asked_where_no_visa_is_needed(app: Flask) -> None:
    assert asked(plan()).keys() >= VISA
    assert not asked(plan(partners=(partner("TH"),))).keys() & VISA
    mixed = asked(plan(partners=(partner("TH"), partner("NP"))))
    assert mixed["visa_application"].countries == ("NP",)


def test_country_changes_nothing_but_visa_steps_and_the_programmes_list(app: Flask) -> None:
    nepal, thailand = asked(plan()), asked(plan(partners=(partner("TH"),)))
    assert nepal.keys() - thailand.keys() == VISA and not thailand.keys() - nepal.keys()
    assert all(nepal[code].latest == thailand[code].latest for code in thailand)


def test_form_2_is_asked_only_where_no_system_exists(app: Flask) -> None:
    assert "export_form_2" not in asked(plan())
    assert not asked(plan(export_control_system=False))["export_form_2"].is_done
    assert asked(plan(export_control_system=False, export_control_pledge=True))["export_form_2"].is_done


def test_online_exchange_asks_for_nothing_around_a_journey(app: Flask) -> None:
    assert {step.row.anchor for step in asked(plan(), course="online").values()} == {Anchor.CLOSING, Anchor.NOTICE}


def test_tick_counts_only_for_what_the_plan_cannot_show(app: Flask) -> None:
    found = asked(plan(), done=("insurance", "submission"))
    assert found["insurance"].is_done and not found["submission"].is_done
    submitted = asked(plan(is_submitted=True))
    assert submitted["submission"].is_done and not submitted["insurance"].is_done
    assert submitted["partner_forms"].is_proved and not submitted["partner_forms"].is_ticked_by_hand


def test_report_is_due_when_the_closing_says_so(app: Flask) -> None:
    assert asked(plan())["report"].latest == date(2025, 9, 7) + REPORT_DUE


def test_roster_is_due_when_the_agenda_of_visits_says_so(app: Flask) -> None:
    assert asked(plan())["roster_names"].latest == date(2025, 9, 1) - timedelta(days=ROSTER_DAYS_BEFORE)


def test_steps_for_a_visa_fit_between_notice_and_the_first_visits(app: Flask) -> None:
    """FY2025, first round: notice in mid June, visits from late July on."""
    first = asked(plan(notice_on=date(2025, 6, 10), starts_on=date(2025, 7, 25), ends_on=date(2025, 7, 31)))
    assert all(first[code].latest >= date(2025, 6, 10) for code in VISA)  # type: ignore[operator]


def test_row_of_a_year_replaces_that_of_every_year() -> None:
    every, own, off = row(Anchor.ENTRY, 10), row(Anchor.ENTRY, 20, fiscal_year=2026), row(Anchor.ENTRY, 1, code="y")
    off.is_active = False
    assert prerequisites.in_force([own, every, off], 2026) == [own]
    assert prerequisites.in_force([every, own, off], 2026) == [own]
    assert prerequisites.in_force([own, every, off], 2025) == [every]


def test_rule_reads_in_words(app: Flask) -> None:
    with force_locale("en"):
        working = row(Anchor.CLOSING, 5, day_kind=DayKind.WORKING)
        assert prerequisites.rule_in_words(working) == "5 working days before the closing of the round"
    with force_locale("ja"):
        assert prerequisites.rule_in_words(row(Anchor.ENTRY, 45)) == "入国日の45日前"


def test_seeding_twice_keeps_what_a_coordinator_changed(app: Flask) -> None:
    changed = make_prerequisite("insurance", days=21)
    assert prerequisite_service.seed() == 0
    assert len(make_prerequisites()) == len(prerequisite_service.seed_data()) and changed.days == 21


def test_every_proof_named_by_a_row_is_known() -> None:
    named = {made.proof for made in prerequisite_service.seed_data()} - {""}
    assert named <= prerequisites.PROOF_LABELS.keys()
    assert prerequisites.PROOFS.keys() | {prerequisites.REGISTRATION_NUMBER} == prerequisites.PROOF_LABELS.keys()


def fields_of(held: Prerequisite, **changes: Any) -> dict[str, Any]:
    kept = ("title_ja", "title_en", "explanation_ja", "explanation_en", "clause_ja", "clause_en", "days")
    chosen = {name: getattr(held, name).value for name in ("anchor", "direction", "day_kind", "doer")}
    sent = {name: str(getattr(held, name)) for name in kept} | chosen | {"courses": held.courses, "is_active": "y"}
    return {**sent, "version": str(held.version), "reason": "New notes of the ministry", **changes}


def test_coordinator_changes_a_step(client: Client) -> None:
    held = make_prerequisite("visa_application")
    sign_in(client, make_user(Role.COORDINATOR))
    address = f"/calls/steps/{held.public_id}/edit"
    assert client.get(address).status_code == 200
    sent = fields_of(held, days="50", except_countries="タイ、Korea\nMY", countries="Africa\nNepal")
    assert client.post(address, data=sent).status_code == 302
    assert (held.days, held.except_countries, held.countries) == (50, ["TH", "KR", "MY"], ["africa", "NP"])
    assert "New notes of the ministry" in client.get(address).get_data(as_text=True)


@pytest.mark.parametrize(
    ("name", "value"), [("days", "401"), ("days", ""), ("reason", ""), ("countries", "Atlantis"), ("anchor", "sunday")]
)
def test_step_that_does_not_fit_is_not_saved(client: Client, name: str, value: str) -> None:
    held = make_prerequisite("visa_application")
    sign_in(client, make_user(Role.COORDINATOR))
    sent = fields_of(held, **{name: value})
    assert client.post(f"/calls/steps/{held.public_id}/edit", data=sent).status_code == 422
    assert held.days == 30


def test_second_editor_of_a_step_sees_both_versions(client: Client) -> None:
    held = make_prerequisite("insurance")
    sign_in(client, make_user(Role.COORDINATOR))
    answer = client.post(f"/calls/steps/{held.public_id}/edit", data=fields_of(held, days="30", version="99"))
    assert answer.status_code == 409 and held.days == 14


def test_hosts_read_the_steps_and_do_not_change_them(client: Client) -> None:
    held = make_prerequisite("insurance")
    host = make_user(Role.HOST_APPROVER)
    sign_in(client, host)
    page = client.get("/calls/steps", headers=ENGLISH).get_data(as_text=True)
    assert held.title_en in page and "14 days before the day of entry" in page
    assert client.get(f"/calls/steps/{held.public_id}/edit").status_code == 403
    with pytest.raises(Forbidden):
        prerequisite_service.update(make_actor(Role.HOST_APPROVER), held, version=held.version)


def test_unknown_step_answers_404(client: Client) -> None:
    sign_in(client, make_user(Role.COORDINATOR))
    assert client.get("/calls/steps/2222222222222222/edit").status_code == 404


def test_switched_off_step_is_asked_of_nobody(app: Flask) -> None:
    make_prerequisite("insurance", is_active=False)
    db.session.flush()
    assert "insurance" not in {held.code for held in prerequisite_queries.in_force(2025)}
