"""The people of a visit: nobody twice, names as in the passport, numbers only for those who must have them."""

from datetime import date
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from app.core import audit, authz
from app.core.audit import AuditEvent
from app.core.authz import Actor, Role
from app.core.db import db
from app.core.errors import Forbidden, Refused, Stale, TransitionNotAllowed
from app.invitees.models import Category, Invitee, Passport
from app.visits import people_service, queries
from app.visits.models import Visit, VisitState
from app.visits.people_service import Newcomer
from tests.factories.accounts import make_actor
from tests.factories.invitees import make_invitee
from tests.factories.visits import make_participation, make_visit

PERSON = {
    "surname": "Sharma",
    "given_names": "Aakash",
    "date_of_birth": date(2004, 5, 6),
    "nationality": "NP",
}
PART = {"category": Category.UNDERGRADUATE, "affiliation": "Sample Campus, 3rd year"}


def newcomer(number: str = "", part: dict[str, Any] | None = None, **person: Any) -> Newcomer:
    return Newcomer({**PERSON, **person}, {**PART, **(part or {})}, passport_number=number)


@pytest.fixture
def visit(app: Flask) -> Visit:
    return make_visit()


@pytest.fixture
def editor(visit: Visit) -> Actor:
    return make_actor(Role.HOST_EDITOR, visit.host_institution)


def people() -> int:
    return db.session.scalar(select(func.count()).select_from(Invitee)) or 0


def test_person_is_put_on_the_roster_and_known_to_the_host(visit: Visit, editor: Actor) -> None:
    part = people_service.add(editor, visit, newcomer("ab 123-4567"))
    assert part.invitee.passport_name == "SHARMA, AAKASH"
    assert part.invitee.passport is not None and part.invitee.passport.last_signs == "567"
    assert (part.invitee.affiliation, part.invitee.fiscal_year) == ("Sample Campus, 3rd year", visit.fiscal_year)
    assert authz.can(editor, "invitee:view", part.invitee)
    assert not authz.can(make_actor(Role.HOST_EDITOR), "invitee:view", part.invitee)


def test_audit_says_that_a_passport_came_never_its_number(visit: Visit, editor: Actor) -> None:
    people_service.add(editor, visit, newcomer("AB1234567"))
    assert all("1234567" not in str(entry.changes) for entry in db.session.scalars(select(AuditEvent)))


def guest_of(visit: Visit) -> Invitee:
    """Somebody who was a guest of the visit's host before."""
    earlier = make_invitee(surname="SHARMA", given_names="AAKASH", passport="AB1234567", email="old@example.np")
    make_participation(make_visit(host=visit.host_institution), earlier)
    return earlier


@pytest.mark.parametrize("number", ["AB1234567", ""])
def test_person_known_from_an_earlier_visit_is_not_made_twice(visit: Visit, editor: Actor, number: str) -> None:
    earlier = guest_of(visit)
    part = people_service.add(editor, visit, newcomer(number))
    assert part.invitee is earlier and people() == 1
    assert earlier.email == "old@example.np"  # what was not said is kept


def test_renewed_passport_still_finds_the_person_by_name_and_birth(visit: Visit, editor: Actor) -> None:
    earlier = guest_of(visit)
    people_service.add(editor, visit, newcomer("ZZ7654321"))
    assert earlier.passport is not None and earlier.passport.last_signs == "321"


def test_guest_of_another_host_is_linked_when_passport_name_and_birth_all_agree(visit: Visit, editor: Actor) -> None:
    elsewhere = make_participation(
        make_visit(), make_invitee(surname="SHARMA", given_names="AAKASH", passport="AB1234567")
    )
    part = people_service.add(editor, visit, newcomer("AB1234567"))
    assert part.invitee is elsewhere.invitee and people() == 1


@pytest.mark.parametrize(
    "entered",
    [
        newcomer(),
        newcomer("ZZ7654321"),
        newcomer("AB1234567", surname="Rai"),
        newcomer("AB1234567", date_of_birth=None),
    ],
)
def test_guest_of_another_host_who_only_partly_agrees_is_neither_linked_nor_shown(
    visit: Visit, editor: Actor, entered: Newcomer
) -> None:
    elsewhere = make_participation(
        make_visit(), make_invitee(surname="SHARMA", given_names="AAKASH", passport="AB1234567")
    )
    part = people_service.add(editor, visit, entered)
    assert part.invitee is not elsewhere.invitee and people() == 2
    assert not authz.can(editor, "invitee:view", elsewhere.invitee)


def test_same_person_is_not_put_on_a_roster_twice(visit: Visit, editor: Actor) -> None:
    people_service.add(editor, visit, newcomer("AB1234567"))
    with pytest.raises(Refused):
        people_service.add(editor, visit, newcomer("AB1234567"))


def test_person_with_one_name_has_no_surname(visit: Visit, editor: Actor) -> None:
    part = people_service.add(editor, visit, newcomer(surname="", given_names="Suharto"))
    assert part.invitee.passport_name == "SUHARTO"


@pytest.mark.parametrize(
    ("entered", "field"),
    [
        (newcomer(surname="シャルマ"), "surname"),
        (newcomer(surname="", given_names=""), "given_names"),
        (newcomer(date_of_birth=date(2999, 1, 1)), "date_of_birth"),
        (newcomer("12"), "passport_number"),
        (newcomer(part={"category": None}), "category"),
        (newcomer(part={"first_visit": False}), "previous_visit_reason"),
        (newcomer(part={"guardian_consent_on": date(2999, 1, 1)}), "guardian_consent_on"),
    ],
)
def test_person_that_cannot_be_is_refused_beside_the_field(
    visit: Visit, editor: Actor, entered: Newcomer, field: str
) -> None:
    with pytest.raises(Refused) as refused:
        people_service.add(editor, visit, entered)
    assert list(refused.value.fields) == [field]
    assert people() == 0


def test_person_of_one_visit_alone_leaves_no_trace_when_taken_off(visit: Visit, editor: Actor) -> None:
    part = people_service.add(editor, visit, newcomer("AB1234567"))
    people_service.remove(editor, part)
    assert people() == 0 and db.session.scalar(select(func.count()).select_from(Passport)) == 0
    assert visit.participations == []


def test_person_of_another_host_leaves_only_the_sight_of_this_one(visit: Visit, editor: Actor) -> None:
    elsewhere = make_visit()
    invitee = make_participation(elsewhere).invitee
    people_service.remove(editor, make_participation(visit, invitee))
    assert not authz.can(editor, "invitee:view", invitee)
    assert authz.can(make_actor(Role.HOST_EDITOR, elsewhere.host_institution), "invitee:view", invitee)


def test_what_somebody_eats_is_not_in_the_history(visit: Visit, editor: Actor) -> None:
    part = make_participation(visit)
    people_service.change(editor, part, diet="halal", category=Category.MASTER)
    assert audit.timeline(part)[0].changes == {"diet": None, "category": ["undergraduate", "master"]}


def test_part_changed_from_an_outdated_page_is_refused(visit: Visit, editor: Actor) -> None:
    part = make_participation(visit)
    with pytest.raises(Stale):
        people_service.change(editor, part, version=part.version - 1, affiliation="Elsewhere")


def test_attendance_is_recorded_while_the_group_is_there(app: Flask) -> None:
    visit = make_visit(VisitState.IN_PROGRESS, people=3)
    actor = make_actor(Role.HOST_EDITOR, visit.host_institution)
    present = [part.public_id for part in visit.participations[:2]]
    assert people_service.record_attendance(actor, visit, present=present) == 2
    assert [part.took_part for part in visit.participations] == [True, True, False]


def test_attendance_is_not_recorded_before_anybody_came(visit: Visit, editor: Actor) -> None:
    with pytest.raises(TransitionNotAllowed):
        people_service.record_attendance(editor, visit, present=[])


def test_passport_numbers_are_given_to_an_approver_with_a_reason(app: Flask) -> None:
    visit = make_visit(VisitState.CONFIRMED)
    approver = make_actor(Role.HOST_APPROVER, visit.host_institution)
    numbers = people_service.passport_numbers(approver, visit, reason="visa papers")
    assert all(number.startswith("NP1") for number in numbers.values()) and len(numbers) == 2
    verbs = [entry.verb for entry in db.session.scalars(select(AuditEvent)) if entry.comment == "visa papers"]
    assert sorted(verbs) == ["passport:reveal", "passport:reveal", "roster:export-passports"]


@pytest.mark.parametrize("role", [Role.HOST_EDITOR, Role.SCREENING_OFFICER, Role.AUDITOR, Role.DECISION_MAKER])
def test_passport_numbers_of_a_group_are_not_for_others(app: Flask, role: Role) -> None:
    visit = make_visit(VisitState.CONFIRMED)
    with pytest.raises(Forbidden):
        people_service.passport_numbers(make_actor(role, visit.host_institution), visit, reason="curious")


def test_coordinator_alone_takes_out_no_more_than_fifty_numbers(app: Flask) -> None:
    visit = make_visit(VisitState.CONFIRMED, people=51)
    with pytest.raises(Refused):
        people_service.passport_numbers(make_actor(Role.COORDINATOR), visit, reason="visa papers")


def test_roster_shows_the_auditor_names_and_nothing_personal(app: Flask) -> None:
    visit = make_visit(VisitState.CONFIRMED)
    assert [bool(row.personal) for row in queries.roster(make_actor(Role.AUDITOR), visit)] == [False, False]
    assert [bool(row.personal) for row in queries.roster(make_actor(Role.COORDINATOR), visit)] == [True, True]
    assert queries.roster(make_actor(Role.DECISION_MAKER), visit) == []
    assert queries.roster(make_actor(Role.HOST_EDITOR), visit) == []
