"""People of a plan by name: what the host enters, who sees it, and what is asked about earlier invitations."""

import io
from datetime import date, timedelta
from typing import Any

import pytest
import time_machine
from sqlalchemy import select

from app.applications import (
    changes,
    copying,
    facts,
    named_keeping,
    named_roster,
    named_service,
    named_sweeping,
    plan_service,
    snapshot,
    thawing,
)
from app.applications import panel as panels
from app.applications.models import Application, ApplicationState, PlannedPerson
from app.calls.models import Call
from app.core import clock
from app.core.audit import AuditEvent
from app.core.authz import Actor, Role
from app.core.db import db
from app.core.errors import Refused, Stale, TransitionNotAllowed
from tests.conftest import Client
from tests.factories.accounts import make_actor, make_user, sign_in
from tests.factories.applications import make_application
from tests.factories.directory import make_host, make_sending
from tests.factories.invitees import make_invitee
from tests.factories.people import make_person, person_fields

S = ApplicationState
NUMBER = "PA7654321"
POSTED = {
    "surname": "Sherpa",
    "given_names": "Pema",
    "date_of_birth": "2004-03-02",
    "nationality": "NP",
    "sex": "F",
    "category": "undergraduate",
    "role": "invitee",
    "partner": "",
    "first_visit": "yes",
    "passport_number": NUMBER,
}
ROSTER = (
    "Surname,Given names,Sex,Date of birth,Nationality,E-mail,Category,Affiliation,Role,First visit,Passport number\n"
    "SHERPA,PEMA,F,2004-03-02,NP,pema@example.np,Undergraduate,Valley Campus,Invitee,Yes,\n"
    "GURUNG,ASHA,F,2003-07-09,NP,asha@example.np,Undergraduate,Hill Campus,Invitee,Yes,PB1234567\n"
)


@pytest.fixture
def plan(client: Client) -> Application:
    """A draft with two partners; its editor is signed in."""
    partners = [make_sending(name_en="Valley Campus"), make_sending(name_en="Hill Campus")]
    application = make_application(partners=partners)
    sign_in(client, make_user(Role.HOST_EDITOR, application.host_institution))
    return application


@pytest.fixture
def editor(plan: Application) -> Actor:
    return make_actor(Role.HOST_EDITOR, plan.host_institution)


def address(plan: Application, *parts: str) -> str:
    return "/".join(["/applications", plan.public_id, "people", *parts])


def text(answer: Any) -> str:
    return str(answer.get_data(as_text=True))


def test_host_names_a_person_whose_passport_is_sealed(client: Client, plan: Application) -> None:
    before = plan.version
    answer = client.post(address(plan, "new"), data={**POSTED, "partner": str(plan.partners[0].id), "do": "another"})
    assert answer.location.endswith("/people/new")
    (person,) = plan.named
    assert (person.passport_name, person.date_of_birth) == ("SHERPA, PEMA", date(2004, 3, 2))
    assert person.partner is plan.partners[0] and NUMBER not in person.sealed_number
    db.session.refresh(plan)
    assert plan.version == before  # colleagues at other sections are not disturbed
    page = text(client.get(address(plan)))
    assert "SHERPA, PEMA" in page and "••••321" in page and NUMBER not in page
    assert all(NUMBER not in str(event.changes) for event in db.session.scalars(select(AuditEvent)))


def test_stale_change_is_shown_beside_what_is_stored(client: Client, plan: Application, editor: Actor) -> None:
    person = make_person(plan, given_names="ASHA")
    seen = str(person.version)
    named_service.change(editor, person, affiliation="Hill Campus")
    answer = client.post(address(plan, person.public_id), data={**POSTED, "version": seen, "affiliation": "Mine"})
    assert answer.status_code == 409
    assert "Hill Campus" in text(answer) and "Mine" in text(answer)
    with pytest.raises(Stale):
        named_service.change(editor, person, version=int(seen), affiliation="Mine")


@pytest.mark.parametrize(
    ("field", "value"),
    [("given_names", "ペマ"), ("date_of_birth", date(2090, 1, 1)), ("passport_number", "12")],
)
def test_what_cannot_be_is_refused_beside_its_field(plan: Application, editor: Actor, field: str, value: Any) -> None:
    with pytest.raises(Refused) as refused:
        named_service.add(editor, plan, **person_fields(**{field: value}))
    assert field in refused.value.fields


def test_nobody_is_named_twice(plan: Application, editor: Actor) -> None:
    said = person_fields(given_names="ASHA")
    named_service.add(editor, plan, **said)
    with pytest.raises(Refused):
        named_service.add(editor, plan, **said)
    named_service.add(editor, plan, **{**said, "date_of_birth": date(2003, 1, 1)})


def test_plan_handed_in_names_nobody_more(plan: Application, editor: Actor) -> None:
    person = make_person(plan)
    plan.state, plan.reference, plan.submitted_at = S.SUBMITTED, "2026-0001", clock.now()
    for verb in (
        lambda: named_service.add(editor, plan, **person_fields()),
        lambda: named_service.remove(editor, person),
    ):
        with pytest.raises(TransitionNotAllowed):
            verb()


def test_numbers_are_taken_from_the_names(client: Client, plan: Application) -> None:
    make_person(plan, partner=plan.partners[1])
    make_person(plan, partner=plan.partners[1])
    assert "differs" in text(client.get(address(plan)))
    assert client.post(address(plan, "numbers"), data={"key": "n1"}).status_code == 302
    assert [(group.partner, group.number) for group in plan.people] == [(plan.partners[1], 2)]
    assert "differs" not in text(client.get(address(plan)))


def test_other_institutions_and_reviewers_find_nothing(client: Client, plan: Application) -> None:
    person = make_person(plan, passport_number=NUMBER)
    paths = [address(plan), address(plan, "new"), address(plan, person.public_id), address(plan, "roster")]
    sign_in(client, make_user(Role.HOST_EDITOR, make_host()))
    assert {client.get(path).status_code for path in paths} == {404}
    sign_in(client, make_user(Role.REVIEWER))
    assert {client.get(path).status_code for path in paths} == {403}


def test_person_of_another_plan_is_not_found(client: Client, plan: Application) -> None:
    other = make_person(make_application(host=plan.host_institution, call=plan.call))
    assert client.get(address(plan, other.public_id)).status_code == 404


def test_jst_reads_names_of_what_was_submitted_only(client: Client, plan: Application) -> None:
    make_person(plan, given_names="SUBMITTED", date_of_birth=date(1975, 1, 1), passport_number=NUMBER)
    plan.state, plan.reference, plan.submitted_at = S.SUBMITTED, "2026-0001", clock.now()
    snapshot.freeze(plan)
    db.session.flush()
    sign_in(client, make_user(Role.COORDINATOR))
    assert "SUBMITTED" in text(client.get(address(plan)))
    plan.state = S.RETURNED
    plan.named[0].given_names = "CORRECTED"
    db.session.flush()
    page = text(client.get(address(plan)))
    assert "SUBMITTED" in page and "CORRECTED" not in page and "••••" not in page
    assert client.get(address(plan, plan.named[0].public_id, "passport")).status_code in (302, 404)
    for role in (Role.DECISION_MAKER, Role.AUDITOR):
        sign_in(client, make_user(role))
        assert client.get(address(plan)).status_code in (403, 404)
        assert "SUBMITTED" not in text(client.get(f"/applications/{plan.public_id}"))  # nor in the frozen verdicts


def test_reading_a_number_leaves_its_reason(plan: Application, editor: Actor) -> None:
    person = make_person(plan, passport_number=NUMBER)
    assert named_service.reveal_number(editor, person, reason="visa") == NUMBER
    event = db.session.scalars(select(AuditEvent).where(AuditEvent.verb == "passport:reveal")).one()
    assert (event.comment, event.subject_id) == ("visa", person.id)


# --- earlier invitations


@pytest.fixture
def known(plan: Application) -> Any:
    """Somebody another institution invited."""
    return make_invitee(
        known_to=make_host(), surname="SHERPA", given_names="PEMA", date_of_birth=date(2004, 3, 2), passport=NUMBER
    )


@pytest.mark.parametrize(
    ("said", "found"),
    [
        ({}, True),
        ({"surname": "PEMA", "given_names": "SHERPA"}, True),  # rosters mix up surname and given names
        ({"given_names": "PEMBA"}, False),
        ({"nationality": "IN"}, False),
        ({"date_of_birth": None}, False),
        ({"given_names": "PEMBA", "passport_number": "pa 765-4321"}, True),
        ({"given_names": "PEMBA", "nationality": "IN", "passport_number": NUMBER}, False),
    ],
)
def test_possible_match_is_by_name_birth_and_nationality_or_by_passport(
    plan: Application, editor: Actor, known: Any, said: dict[str, Any], found: bool
) -> None:
    fields = {"surname": "SHERPA", "given_names": "PEMA", "date_of_birth": date(2004, 3, 2)}
    assert named_service.add(editor, plan, **person_fields(**{**fields, **said})).possible_match is found


def test_answer_says_nothing_of_the_other_record(client: Client, plan: Application, known: Any) -> None:
    assert client.post(address(plan, "new"), data={**POSTED, "passport_number": ""}).status_code == 302
    matched = client.last.queries
    other = {**POSTED, "given_names": "Nobody", "passport_number": ""}
    client.post(address(plan, "new"), data=other)
    assert client.last.queries == matched
    page = text(client.get(address(plan)))
    assert page.count("Possible match: please confirm") == 1
    assert not [secret for secret in (known.native_name, known.affiliation, known.public_id) if secret in page]


def test_host_answers_with_a_reason_and_a_change_asks_anew(
    client: Client, plan: Application, editor: Actor, known: Any
) -> None:
    person = named_service.add(
        editor, plan, **person_fields(surname="SHERPA", given_names="PEMA", date_of_birth=date(2004, 3, 2))
    )
    assert [missing.field for missing in panels.of(plan).missing] == ["names"]
    path = address(plan, person.public_id, "match")
    assert client.post(path, data={"is_same": "yes", "reason": "", "version": str(person.version)}).status_code == 422
    said = {"is_same": "yes", "reason": "Comes for joint research", "version": str(person.version)}
    assert client.post(path, data=said).status_code == 302
    assert (person.invited_before, person.first_visit) == (True, False)
    assert person.previous_visit_reason == "Comes for joint research"
    assert panels.of(plan).missing == []
    event = db.session.scalars(select(AuditEvent).where(AuditEvent.verb == "people:confirm")).one()
    assert event.comment == "Comes for joint research"
    named_service.change(editor, person, surname="SHERPA", given_names="PEMA D")
    assert (person.possible_match, person.invited_before) == (False, None)


def test_trying_out_births_comes_to_an_end_but_keeps_what_was_typed(
    plan: Application, editor: Actor, known: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(named_keeping, "MOST_COMPARED", 1)
    named_service.add(editor, plan, **person_fields())
    person = named_service.add(
        editor, plan, **person_fields(surname="SHERPA", given_names="PEMA", date_of_birth=date(2004, 3, 2))
    )
    assert person.possible_match is None


# --- from a file


def upload(client: Client, plan: Application, content: str = ROSTER) -> str:
    data = {"file": (io.BytesIO(content.encode()), "people.csv"), "key": f"up-{len(content)}"}
    answer = client.post(address(plan, "roster"), data=data, content_type="multipart/form-data")
    assert answer.status_code == 302, text(answer)
    return str(answer.location)


def test_file_names_people_with_and_without_passport(client: Client, plan: Application) -> None:
    make_person(plan, surname="SHERPA", given_names="PEMA", date_of_birth=date(2004, 3, 2), affiliation="Valley Campus")
    page = upload(client, plan)
    shown = text(client.get(page))
    assert "1 added, 1 updated" in shown
    assert len(plan.named) == 1  # a dry run: nothing is saved yet
    assert client.post(f"{page}/save", data={"key": "save-1"}).location.endswith("/people")
    first, second = plan.named
    assert (first.email, first.partner, first.masked_number) == ("pema@example.np", plan.partners[0], "")
    assert (second.passport_name, second.partner, second.masked_number) == ("GURUNG, ASHA", plan.partners[1], "••••567")
    assert "This roster is saved" in text(client.get(page))


def test_file_nobody_touches_is_given_up(plan: Application, editor: Actor) -> None:
    held = named_roster.start(editor, plan, data=ROSTER.encode(), filename="people.csv")
    db.session.flush()
    with time_machine.travel(clock.now() + timedelta(days=31)):
        assert named_roster.abandon_old() == 1
    assert held.sealed_workbook == ""


# --- rules, submission, copy, end


def test_names_are_known_once_everybody_is_named_and_ages_are_judged_then(plan: Application) -> None:
    number = facts.facts_of(plan).head_count
    for _place in range(number):
        assert facts.facts_of(plan).names_known is False
        make_person(plan, partner=plan.partners[0])
    seen = facts.facts_of(plan)
    assert (seen.names_known, seen.head_count) == (True, number)
    assert {verdict.check_name: verdict.holds for verdict in facts.judge(plan)}["age_limit"] is True
    plan.named[0].date_of_birth = date(1950, 1, 1)
    (age,) = [verdict for verdict in facts.judge(plan) if verdict.check_name == "age_limit"]
    assert age.blocks_submission and "1" in age.message and plan.named[0].surname not in age.message


def test_frozen_plan_seals_the_names_and_never_a_passport(plan: Application, editor: Actor) -> None:
    empty = snapshot.content(plan)
    assert "named" not in empty  # as plans were frozen before people could be named
    make_person(plan, given_names="PEMA", passport_number=NUMBER)
    snapshot.freeze(plan)
    frozen, kept = plan.snapshot or {}, plan.frozen_people or []
    assert frozen["named"]["count"] == 1 and "PEMA" not in str(frozen)
    assert kept[0]["given_names"] == "PEMA" and "passport" not in str(kept)
    thawed = thawing.as_submitted(plan)
    assert [person.given_names for person in thawed.named] == ["PEMA"]
    digest = snapshot.digest(frozen)
    plan.frozen_people = None
    assert snapshot.digest(plan.snapshot or {}) == digest  # names can be forgotten, the receipt still holds
    plan.named[0].given_names = "PEMBA"
    (said,) = changes.compare(frozen, snapshot.content(plan))
    (change,) = said.changes
    assert change.before == "1" != change.after  # that others are named, not who
    assert changes.compare(empty, frozen)[0].changes[0].after == "1"


def test_thawed_plan_from_before_names_has_none(plan: Application) -> None:
    plan.snapshot, plan.frozen_people = snapshot.content(plan), None
    assert thawing.as_submitted(plan).named == []


def test_copy_takes_nobody_along(plan: Application, editor: Actor) -> None:
    make_person(plan)
    made = copying.copy(editor, plan, call=plan.call, course=plan.course)
    assert made.named == [] and len(made.people) == len(plan.people)


def test_partner_replaced_takes_its_own_people_along(plan: Application, editor: Actor) -> None:
    from_host = make_person(plan, partner=plan.partners[0])
    make_person(plan, partner=plan.partners[0], by=named_keeping.EnteredBy.PARTNER)
    rows = [
        {"id": str(partner.id), "organization": "", "choice": "", "country": "NP"}
        | dict.fromkeys(("contact_name", "contact_email", "prior_notification"), "")
        for partner in plan.partners
    ]
    rows[0]["organization"], rows[1]["organization"] = "Another Campus", "Hill Campus"
    plan_service.save_partners(editor, plan, rows)
    assert plan.named == [from_host] and from_host.partner is None


@pytest.mark.parametrize(("state", "left"), [(S.DECLINED, 0), (S.WITHDRAWN, 0), (S.SUBMITTED, 1)])
def test_people_of_plans_that_came_to_nothing_are_forgotten(
    plan: Application, state: ApplicationState, left: int
) -> None:
    ended = make_application(state, call=plan.call)
    make_person(ended, passport_number=NUMBER)
    ended.frozen_people = [{"surname": "RAI"}]
    db.session.flush()
    with time_machine.travel(clock.now() + timedelta(days=89)):
        assert named_sweeping.forget_old() == 0
    with time_machine.travel(clock.now() + timedelta(days=91)):
        named_sweeping.forget_old()
    db.session.refresh(ended)
    assert len(ended.named) == left and (ended.frozen_people is None) is (left == 0)


def test_drafts_of_rounds_long_closed_forget_their_people(plan: Application) -> None:
    make_person(plan)
    call = db.session.get_one(Call, plan.call_id)
    with time_machine.travel(call.closes_at + timedelta(days=91)):
        assert named_sweeping.forget_old() == 1
    assert db.session.scalars(select(PlannedPerson)).all() == []
