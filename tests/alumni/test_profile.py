"""One's own profile: who may see which field, the yearly question, leaving."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from app.accounts.models import User
from app.alumni import queries, service
from app.alumni.models import Alumnus, AlumnusState, Audience
from app.alumni.profile import FIELDS, audience_of, audiences, values
from app.alumni.sections import profile_of_person
from app.alumni.workflow import ALUMNUS
from app.core import clock
from app.core.audit import AuditEvent
from app.core.authz import Actor, Role
from app.core.db import db
from app.core.errors import Forbidden, Stale, TransitionNotAllowed
from app.core.outbox import OutboxMessage
from tests.factories.accounts import actor_of, make_actor, make_user
from tests.factories.alumni import make_alumnus, make_alumnus_user, make_revisit
from tests.factories.closing import make_person
from tests.factories.directory import make_host

EVERYTHING = dict.fromkeys(FIELDS, "alumni")


@pytest.fixture
def alumnus(app: Flask) -> Alumnus:
    return make_alumnus()


@pytest.fixture
def user(alumnus: Alumnus) -> User:
    return make_alumnus_user(alumnus)


@pytest.fixture
def me(user: User) -> Actor:
    return actor_of(user)


def test_table_of_the_profile_is_the_agreed_one() -> None:
    table = {(t.verb, str(source), str(t.target)) for t in ALUMNUS.transitions for source in t.sources}
    assert table == {
        ("join", "invited", "active"),
        ("rest", "active", "dormant"),
        ("return", "dormant", "active"),
        ("leave", "invited", "left"),
        ("leave", "active", "left"),
        ("leave", "dormant", "left"),
    }


@pytest.mark.parametrize(
    ("chosen", "seen_by"),
    [
        (None, {Audience.ONLY_ME}),
        ("only_me", {Audience.ONLY_ME}),
        ("my_host", {Audience.ONLY_ME, Audience.MY_HOST}),
        ("alumni", {Audience.ONLY_ME, Audience.MY_HOST, Audience.ALUMNI}),
        ("everybody", {Audience.ONLY_ME}),
    ],
)
def test_field_is_seen_by_the_circle_chosen_and_those_inside(
    app: Flask, chosen: str | None, seen_by: set[Audience]
) -> None:
    alumnus = make_alumnus(visibility={} if chosen is None else {"city": chosen})
    assert {viewer for viewer in Audience if "city" in values(alumnus, viewer)} == seen_by


def test_address_is_never_shown_to_other_alumni(alumnus: Alumnus, me: Actor) -> None:
    assert audiences("email") == [Audience.ONLY_ME, Audience.MY_HOST]
    service.choose_visibility(me, alumnus, listed=True, visibility=EVERYTHING)
    assert audience_of(alumnus, "email") is Audience.ONLY_ME
    assert set(values(alumnus, Audience.ALUMNI)) == set(FIELDS) - {"email"}


def test_host_sees_on_the_page_of_a_person_what_is_shown_to_hosts_and_no_more(app: Flask) -> None:
    host = make_host()
    alumnus = make_alumnus(
        make_person(host), visibility={"city": "my_host", "affiliation": "alumni", "position": "only_me"}
    )
    section = profile_of_person(make_actor(Role.HOST_EDITOR, host), alumnus.invitee)
    assert section is not None
    assert [row[1] for row in section.rows] == ["Tribhuvan University", "Kathmandu"]


def test_host_that_never_received_the_person_gets_no_profile(app: Flask) -> None:
    alumnus = make_alumnus(make_person(make_host()), visibility=EVERYTHING)
    assert profile_of_person(make_actor(Role.HOST_EDITOR), alumnus.invitee) is None


@pytest.mark.parametrize("role", [Role.SCREENING_OFFICER, Role.AUDITOR, Role.DECISION_MAKER, Role.ADMINISTRATOR])
def test_other_roles_of_jst_get_no_profile(alumnus: Alumnus, role: Role) -> None:
    assert profile_of_person(make_actor(role), alumnus.invitee) is None


def test_coordinator_sees_the_whole_profile(alumnus: Alumnus) -> None:
    section = profile_of_person(make_actor(Role.COORDINATOR), alumnus.invitee)
    assert section is not None
    assert "private@example.org" in [row[1] for row in section.rows]


def test_first_touch_of_an_invited_person_is_joining(app: Flask) -> None:
    alumnus = make_alumnus(state=AlumnusState.INVITED, confirmed_on=None, activated_at=None)
    service.confirm(actor_of(make_alumnus_user(alumnus)), alumnus)
    assert (alumnus.state, alumnus.confirmed_on) == (AlumnusState.ACTIVE, clock.today())
    assert alumnus.activated_at is not None


def test_nobody_else_changes_a_profile(alumnus: Alumnus) -> None:
    for other in (actor_of(make_alumnus_user()), make_actor(Role.COORDINATOR), make_actor(Role.HOST_APPROVER)):
        with pytest.raises(Forbidden):
            service.edit(other, alumnus, city="Elsewhere")


def test_profile_changed_from_two_phones_is_not_merged(alumnus: Alumnus, me: Actor) -> None:
    read = alumnus.version
    service.edit(me, alumnus, version=read, city="Pokhara")
    with pytest.raises(Stale):
        service.edit(me, alumnus, version=read, city="Lalitpur")


def test_audit_says_which_fields_changed_and_never_what_they_say(alumnus: Alumnus, me: Actor) -> None:
    service.edit(me, alumnus, email="new.private@example.org", city="Pokhara")
    service.leave(me, alumnus)
    log = " ".join(str(changes) for changes in db.session.scalars(select(AuditEvent.changes)))
    assert "'email': None" in log
    for secret in ("private@example.org", "Pokhara", "Glad to hear from you"):
        assert secret not in log


@pytest.mark.parametrize(
    ("confirmed", "asks"), [(None, True), (timedelta(days=364), False), (timedelta(days=365), True)]
)
def test_question_whether_all_is_right_comes_once_a_year(app: Flask, confirmed: timedelta | None, asks: bool) -> None:
    alumnus = make_alumnus(confirmed_on=clock.today() - confirmed if confirmed is not None else None)
    assert service.asks_to_confirm(alumnus) is asks


def test_profile_nobody_confirms_for_two_years_rests_until_its_owner_returns(app: Flask) -> None:
    silent = make_alumnus(confirmed_on=clock.today() - timedelta(days=731))
    fresh = make_alumnus(confirmed_on=clock.today() - timedelta(days=729))
    assert service.let_rest() == 1
    assert (silent.state, fresh.state) == (AlumnusState.DORMANT, AlumnusState.ACTIVE)
    service.confirm(actor_of(make_alumnus_user(silent)), silent)
    assert silent.state is AlumnusState.ACTIVE


def test_leaving_empties_the_profile_and_the_directory(alumnus: Alumnus, me: Actor) -> None:
    service.choose_visibility(me, alumnus, listed=True, visibility=EVERYTHING)
    revisit = make_revisit(alumnus, note="My laboratory is in room 12")
    db.session.refresh(alumnus)
    service.leave(me, alumnus)
    assert alumnus.state is AlumnusState.LEFT
    assert not any(getattr(alumnus, field) for field in FIELDS)
    assert (alumnus.visibility, alumnus.listed, alumnus.search_text, alumnus.sort_name) == ({}, False, "", "")
    assert revisit.note == ""
    assert db.session.execute(queries.directory(actor_of(make_alumnus_user()))).all() == []


def test_who_left_cannot_change_or_leave_again(alumnus: Alumnus, me: Actor) -> None:
    service.leave(me, alumnus)
    for verb in (lambda: service.edit(me, alumnus, city="Back"), lambda: service.leave(me, alumnus)):
        with pytest.raises(TransitionNotAllowed):
            verb()


def test_wish_for_another_name_goes_to_the_coordinators(alumnus: Alumnus, me: Actor) -> None:
    coordinator = make_user(Role.COORDINATOR)
    service.ask_for_name_correction(me, alumnus, wanted="My surname is SHRESTHA")
    mail = db.session.scalars(select(OutboxMessage)).one()
    assert mail.recipient_id == coordinator.id
    assert "My surname is SHRESTHA" in mail.body
    assert "SHRESTHA" not in mail.subject
