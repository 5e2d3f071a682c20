"""Everybody who took part is invited to join the alumni, once, with an account that opens by link."""

import pytest
from flask import Flask
from sqlalchemy import func, select

from app.accounts.models import RoleGrant, User, UserState
from app.alumni.enrolment import enrol_participants, open_account
from app.alumni.models import Alumnus, AlumnusState, Audience
from app.alumni.profile import FIELDS, audience_of
from app.core.authz import SYSTEM, Role
from app.core.db import db
from app.core.outbox import OutboxMessage
from app.visits.events import VisitCompleted
from app.visits.models import Visit, VisitState
from tests.factories.accounts import make_user
from tests.factories.alumni import make_alumnus
from tests.factories.closing import make_ended_visit, make_person
from tests.factories.directory import make_sending


@pytest.fixture
def visit(app: Flask) -> Visit:
    sender = make_sending(name_en="Tribhuvan University", country="NP", city="Kirtipur")
    return make_ended_visit(took_part=True, state=VisitState.COMPLETED, sender=sender)


def alumni() -> list[Alumnus]:
    return list(db.session.scalars(select(Alumnus).order_by(Alumnus.id)))


def test_profile_begins_with_what_the_visit_knows_and_shows_it_to_nobody(visit: Visit) -> None:
    enrol_participants(VisitCompleted(visit, SYSTEM))
    first = alumni()[0]
    assert first.state is AlumnusState.INVITED
    assert (first.affiliation, first.country, first.city) == ("Tribhuvan University", "NP", "Kirtipur")
    assert first.email == first.invitee.email
    assert {audience_of(first, field) for field in FIELDS} == {Audience.ONLY_ME}
    assert first.listed is False


def test_who_did_not_come_is_not_invited(visit: Visit) -> None:
    visit.participations[0].took_part = False
    enrol_participants(VisitCompleted(visit, SYSTEM))
    assert [item.invitee_id for item in alumni()] == [visit.participations[1].invitee_id]


def test_enrolling_again_changes_nothing_and_writes_no_second_mail(visit: Visit) -> None:
    for _ in range(2):
        enrol_participants(VisitCompleted(visit, SYSTEM))
    assert len(alumni()) == 2
    assert db.session.scalar(select(func.count(OutboxMessage.id))) == 2
    assert db.session.scalar(select(func.count(RoleGrant.id)).where(RoleGrant.role == Role.ALUMNUS)) == 2


def test_second_visit_of_a_person_overwrites_nothing_in_the_profile(app: Flask) -> None:
    alumnus = make_alumnus(affiliation="Where I am now")
    again = make_ended_visit(persons=[alumnus.invitee], took_part=True, state=VisitState.COMPLETED)
    assert enrol_participants(VisitCompleted(again, SYSTEM)) == [alumnus]
    assert alumnus.affiliation == "Where I am now"


def test_who_left_stays_away_after_another_visit(app: Flask) -> None:
    gone = make_alumnus(state=AlumnusState.LEFT, email="", affiliation="")
    again = make_ended_visit(persons=[gone.invitee], took_part=True, state=VisitState.COMPLETED)
    enrol_participants(VisitCompleted(again, SYSTEM))
    assert gone.state is AlumnusState.LEFT
    assert db.session.scalar(select(func.count(OutboxMessage.id))) == 0


def test_welcome_is_in_english_and_tells_how_to_sign_in(visit: Visit) -> None:
    enrol_participants(VisitCompleted(visit, SYSTEM))
    mail = db.session.scalars(select(OutboxMessage).order_by(OutboxMessage.id)).first()
    assert mail is not None
    assert (mail.template, mail.locale) == ("alumni_welcome", "en")
    assert mail.recipient_address == visit.participations[0].invitee.email
    assert "/sign-in" in mail.body


def test_person_without_an_address_gets_a_profile_and_no_account(app: Flask) -> None:
    person = make_person(email="")
    visit = make_ended_visit(persons=[person], took_part=True, state=VisitState.COMPLETED)
    enrol_participants(VisitCompleted(visit, SYSTEM))
    assert len(alumni()) == 1
    assert db.session.scalar(select(User).where(User.invitee_id == person.id)) is None


def test_address_shared_by_two_people_opens_the_account_of_the_first_only(app: Flask) -> None:
    one, two = make_person(email="office@example.org"), make_person(email="Office@example.org")
    first = open_account(one)
    assert first is not None
    assert first.invitee_id == one.id
    assert open_account(two) is None
    assert first.invitee_id == one.id


def test_staff_who_once_came_as_an_invitee_wear_one_hat_more(app: Flask) -> None:
    staff = make_user(Role.HOST_EDITOR, email="now.staff@example.jp")
    person = make_person(email="Now.Staff@example.jp")
    assert open_account(person) is staff
    assert {grant.role for grant in staff.grants} == {Role.HOST_EDITOR, Role.ALUMNUS}


def test_closed_account_is_not_opened_by_another_visit(app: Flask) -> None:
    person = make_person(email="closed@example.org")
    make_user(email="closed@example.org", state=UserState.DISABLED)
    assert open_account(person) is None
