"""Colleagues: invited by mail, given and losing roles, shut out; nobody beyond the own institution, nobody oneself."""

import re
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from flask import Flask
from flask_babel import force_locale
from sqlalchemy import func, select

from app.accounts import passwords, people, sessions
from app.accounts.models import MailLink, RoleGrant, User, UserState
from app.accounts.queries import people_with, staff_of
from app.accounts.roles import HOST_ROLES, PROGRAMME_ROLES
from app.core.audit import AuditEvent
from app.core.authz import Role
from app.core.db import db
from app.core.errors import DomainError, Forbidden, Refused
from app.core.outbox import OutboxMessage
from app.core.transaction import unit_of_work
from tests.conftest import Client
from tests.factories.accounts import actor_of, grant_role, make_actor, make_user, sign_in
from tests.factories.directory import make_host

PASSWORD = "brass otter climbs a ladder"


def invite(client: Client, **data: str) -> object:
    return client.post("/people/invite", data={"locale": "en", "key": "", **data})


def path_in_last_mail() -> str:
    body = db.session.scalars(select(OutboxMessage.body).order_by(OutboxMessage.id.desc())).first()
    found = re.search(r"https?://[^/]+(/link/\S+)", str(body))
    assert found is not None
    return found[1]


def test_approver_invites_a_new_colleague_who_sets_a_password_and_is_in(client: Client) -> None:
    host = make_host(name_en="Kyoto University", name_ja="")
    sign_in(client, make_user(Role.HOST_APPROVER, host, name="Aoi"))
    answer = invite(client, email="New.Colleague@Example.jp", role="host_editor", institution=host.public_id)
    assert answer.location == "/people"
    mail = db.session.scalars(select(OutboxMessage)).one()
    assert mail.recipient_address == "new.colleague@example.jp"
    assert "Aoi" in mail.body and "Host editor" in mail.body and "Kyoto University" in mail.body
    browser = client.application.test_client()
    browser.post("/language", data={"language": "en"})
    assert browser.get(path_in_last_mail()).location == "/invitation"
    page = browser.get("/invitation").text
    assert "Aoi" in page and "Host editor" in page and "Kyoto University" in page
    assert browser.post("/invitation", data={"name": "Ren", "password": "short"}).status_code == 422
    assert browser.post("/invitation", data={"name": "Ren", "password": PASSWORD}).location == "/"
    assert browser.get("/account").status_code == 200
    user = db.session.scalars(select(User).where(User.email == "new.colleague@example.jp")).one()
    assert [(grant.role, grant.institution_id) for grant in user.grants] == [(Role.HOST_EDITOR, host.id)]


def test_invitation_is_mailed_in_the_language_chosen(client: Client) -> None:
    host = make_host()
    sign_in(client, make_user(Role.HOST_APPROVER, host))
    invite(client, email="new@example.jp", role="host_editor", institution=host.public_id, locale="ja")
    assert db.session.scalars(select(OutboxMessage.locale)).one() == "ja"


def test_known_person_gets_the_role_added_and_keeps_the_password(client: Client) -> None:
    first, second = make_host(), make_host()
    user = make_user(Role.HOST_EDITOR, first, password_hash=passwords.hash_password(PASSWORD))
    people.invite(
        make_actor(Role.HOST_APPROVER, second), email=user.email, role=Role.HOST_EDITOR, institution=second, locale="en"
    )
    client.get(path_in_last_mail())
    assert client.post("/invitation").location == "/sign-in"
    assert client.get("/account").status_code == 302, "an invitation signs nobody in who has a password"
    assert {grant.institution_id for grant in user.grants} == {first.id, second.id}
    assert passwords.verify(user.password_hash, PASSWORD)


def test_alumnus_who_becomes_a_colleague_sets_a_password(client: Client) -> None:
    user = make_user(Role.ALUMNUS)
    people.invite(
        make_actor(Role.ADMINISTRATOR), email=user.email, role=Role.COORDINATOR, institution=None, locale="en"
    )
    client.get(path_in_last_mail())
    assert client.post("/invitation").status_code == 422
    assert client.post("/invitation", data={"password": PASSWORD}).location == "/"
    assert {grant.role for grant in user.grants} == {Role.ALUMNUS, Role.COORDINATOR}


def test_invitation_is_good_for_48_hours_and_once(client: Client) -> None:
    host = make_host()
    with time_machine.travel(datetime(2026, 5, 11, 1, 0, tzinfo=UTC), tick=False) as clocks:
        actor = make_actor(Role.HOST_APPROVER, host)
        people.invite(actor, email="a@example.jp", role=Role.HOST_EDITOR, institution=host, locale="en")
        client.get(path_in_last_mail())
        clocks.shift(timedelta(hours=48, seconds=-1))
        assert client.get("/invitation").status_code == 200
        clocks.shift(timedelta(seconds=1))
        assert client.get("/invitation").status_code == 410
        assert client.post("/invitation", data={"name": "A", "password": PASSWORD}).status_code == 410


def test_second_invitation_to_the_same_role_replaces_the_first(client: Client) -> None:
    host = make_host()
    actor = make_actor(Role.HOST_APPROVER, host)
    people.invite(actor, email="a@example.jp", role=Role.HOST_EDITOR, institution=host, locale="en")
    first = path_in_last_mail()
    people.invite(actor, email="a@example.jp", role=Role.HOST_EDITOR, institution=host, locale="en")
    assert client.get(first).status_code == 410
    assert client.get(path_in_last_mail()).status_code == 302


def test_withdrawn_invitation_opens_nothing(client: Client) -> None:
    host = make_host()
    sign_in(client, make_user(Role.HOST_APPROVER, host))
    invite(client, email="a@example.jp", role="host_editor", institution=host.public_id)
    link = db.session.scalars(select(MailLink)).one()
    assert "a@example.jp" in client.get("/people").text
    assert client.post(f"/people/invitations/{link.public_id}/withdraw").status_code == 302
    assert "a@example.jp" not in client.get("/people").text
    assert client.get(path_in_last_mail()).status_code == 410


def test_invitation_of_another_institution_does_not_exist(client: Client) -> None:
    link = people.invite(
        make_actor(Role.HOST_APPROVER, host := make_host()),
        email="a@example.jp",
        role=Role.HOST_EDITOR,
        institution=host,
        locale="en",
    )
    sign_in(client, make_user(Role.HOST_APPROVER))
    assert client.post(f"/people/invitations/{link.public_id}/withdraw").status_code == 404
    assert "a@example.jp" not in client.get("/people").text


def test_second_click_sends_one_invitation(client: Client) -> None:
    host = make_host()
    sign_in(client, make_user(Role.HOST_APPROVER, host))
    for _ in range(2):
        invite(client, email="a@example.jp", role="host_editor", institution=host.public_id, key="the-same-key")
    assert db.session.scalar(select(func.count(OutboxMessage.id))) == 1


@pytest.mark.parametrize("role", [*Role])
def test_approver_gives_host_roles_of_the_own_institution_only(app: Flask, role: Role) -> None:
    own, other = make_host(), make_host()
    actor = make_actor(Role.HOST_APPROVER, own)
    for institution in (own, other):
        if role in HOST_ROLES and institution is own:
            people.invite(actor, email="a@example.jp", role=role, institution=institution, locale="en")
        else:
            with pytest.raises(Forbidden):
                people.invite(actor, email="a@example.jp", role=role, institution=institution, locale="en")


@pytest.mark.parametrize("role", [*Role])
def test_administrator_gives_roles_everywhere_but_none_that_come_by_themselves(app: Flask, role: Role) -> None:
    actor = make_actor(Role.ADMINISTRATOR)
    institution = make_host() if role in HOST_ROLES else None
    if role in (*HOST_ROLES, *PROGRAMME_ROLES):
        people.invite(actor, email="a@example.jp", role=role, institution=institution, locale="en")
    else:
        with pytest.raises(Forbidden):
            people.invite(actor, email="a@example.jp", role=role, institution=institution, locale="en")


@pytest.mark.parametrize(
    "role", [role for role in Role if role not in (Role.HOST_APPROVER, Role.ADMINISTRATOR, Role.SYSTEM)]
)
def test_nobody_else_invites_or_manages(app: Flask, role: Role) -> None:
    host = make_host()
    user = make_user(Role.HOST_EDITOR, host)
    actor = make_actor(role, host)
    attempts = (
        lambda: people.invite(actor, email="a@example.jp", role=Role.HOST_EDITOR, institution=host, locale="en"),
        lambda: people.give_role(actor, user, role=Role.HOST_APPROVER, institution=host),
        lambda: people.take_role(actor, user, role=Role.HOST_EDITOR, institution=host),
        lambda: people.disable(actor, user),
        lambda: people.enable(actor, user),
        lambda: sessions.end_all(actor, user),
    )
    for attempt in attempts:
        with pytest.raises(Forbidden):
            attempt()


def test_host_role_needs_an_institution(client: Client) -> None:
    sign_in(client, make_user(Role.ADMINISTRATOR))
    answer = invite(client, email="a@example.jp", role="host_editor", institution="")
    assert answer.status_code == 422
    assert "Choose the institution this role is for." in answer.text
    assert 'value="a@example.jp"' in answer.text


def test_institution_chosen_must_be_ones_own(client: Client) -> None:
    sign_in(client, make_user(Role.HOST_APPROVER))
    answer = invite(client, email="a@example.jp", role="host_editor", institution=make_host().public_id)
    assert answer.status_code == 422
    assert db.session.scalar(select(func.count(MailLink.id))) == 0


def test_nobody_changes_the_own_roles_or_account(app: Flask) -> None:
    user = make_user(Role.ADMINISTRATOR)
    actor = actor_of(user)
    with pytest.raises(Refused):
        people.give_role(actor, user, role=Role.DECISION_MAKER, institution=None)
    with pytest.raises(Refused):
        people.invite(actor, email=user.email, role=Role.DECISION_MAKER, institution=None, locale="en")
    with pytest.raises(Refused):
        people.disable(actor, user)


@pytest.fixture
def english(app: Flask) -> Iterator[None]:
    with force_locale("en"):
        yield


@pytest.mark.usefixtures("english")
def test_last_approver_and_last_administrator_stay(app: Flask) -> None:
    host = make_host()
    approver = make_user(Role.HOST_APPROVER, host)
    only = make_user(Role.ADMINISTRATOR)
    admin = actor_of(make_user(Role.ADMINISTRATOR))
    with pytest.raises(Refused, match="last approver"):
        people.take_role(admin, approver, role=Role.HOST_APPROVER, institution=host)
    with pytest.raises(Refused, match="last approver"):
        people.disable(admin, approver)
    second = make_user(Role.HOST_APPROVER, host)
    people.take_role(admin, approver, role=Role.HOST_APPROVER, institution=host)
    with pytest.raises(Refused, match="last approver"):
        people.disable(admin, second)
    people.take_role(admin, only, role=Role.ADMINISTRATOR, institution=None)
    remaining = db.session.get(User, admin.id)
    assert remaining is not None
    with pytest.raises(Refused, match="last administrator"):
        people.take_role(make_actor_without_row(admin), remaining, role=Role.ADMINISTRATOR, institution=None)


def make_actor_without_row(admin: object) -> object:
    """An administrator whose own hat was taken away within the same instant."""
    return type(admin)(id=0, name="", email="", locale="en", grants=admin.grants)  # type: ignore[attr-defined]


@pytest.mark.usefixtures("english")
def test_disabled_approver_does_not_count_as_one(app: Flask) -> None:
    host = make_host()
    approver = make_user(Role.HOST_APPROVER, host)
    make_user(Role.HOST_APPROVER, host, state=UserState.DISABLED)
    with pytest.raises(Refused, match="last approver"):
        people.disable(make_actor(Role.ADMINISTRATOR), approver)


def test_two_approvers_removing_each_other_at_once_leave_one(house: Flask) -> None:
    with unit_of_work():
        host = make_host()
        pair = [make_user(Role.HOST_APPROVER, host) for _ in range(2)]
        host_id, ids, actors = host.id, [user.id for user in pair], [actor_of(user) for user in pair]
    gate = threading.Barrier(2)

    def remove(actor: object, user_id: int) -> None:
        with house.app_context():
            gate.wait()
            try:
                with unit_of_work():
                    user = db.session.get(User, user_id)
                    grant = user.grants[0]
                    people.take_role(actor, user, role=grant.role, institution=grant.institution)
            except DomainError:
                return

    threads = [
        threading.Thread(target=remove, args=(actors[0], ids[1])),
        threading.Thread(target=remove, args=(actors[1], ids[0])),
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with db.new_session() as fresh:
        left = fresh.scalars(select(RoleGrant).where(RoleGrant.institution_id == host_id)).all()
        assert len(left) == 1


def test_approver_cannot_shut_somebody_who_works_elsewhere_too(client: Client) -> None:
    host = make_host()
    user = make_user(Role.HOST_EDITOR, host)
    grant_role(user, Role.COORDINATOR)
    sign_in(client, make_user(Role.HOST_APPROVER, host))
    page = client.get(f"/people/{user.public_id}").text
    assert "Coordinator" not in page, "hats worn elsewhere are not this approver's business"
    assert client.post(f"/people/{user.public_id}/disable").status_code == 403
    data = {"role": "host_editor", "institution": host.public_id}
    assert client.post(f"/people/{user.public_id}/take-role", data=data).status_code == 302
    assert [grant.role for grant in user.grants] == [Role.COORDINATOR]


def test_people_of_another_institution_do_not_exist(client: Client) -> None:
    stranger = make_user(Role.HOST_EDITOR, name="Stranger Elsewhere")
    sign_in(client, make_user(Role.HOST_APPROVER))
    assert "Stranger Elsewhere" not in client.get("/people").text
    assert client.get(f"/people/{stranger.public_id}").status_code == 404
    for verb in ("give-role", "take-role", "disable", "enable", "end-sessions"):
        assert client.post(f"/people/{stranger.public_id}/{verb}").status_code == 404, verb
    assert client.get("/people/no-such-person").status_code == 404


def test_disabling_ends_sessions_and_enabling_lets_in_again(client: Client) -> None:
    host = make_host()
    user = make_user(Role.HOST_EDITOR, host)
    token = sessions.open_session(user, "")
    sign_in(client, make_user(Role.HOST_APPROVER, host))
    assert client.post(f"/people/{user.public_id}/disable").status_code == 302
    assert sessions.identify(token) is None
    assert user.state is UserState.DISABLED
    client.post(f"/people/{user.public_id}/enable")
    assert sessions.identify(token) is None, "old sessions stay over"
    assert user.state is UserState.ACTIVE


def test_sessions_of_a_colleague_are_ended(client: Client) -> None:
    host = make_host()
    user = make_user(Role.HOST_EDITOR, host)
    token = sessions.open_session(user, "")
    sign_in(client, make_user(Role.HOST_APPROVER, host))
    assert client.post(f"/people/{user.public_id}/end-sessions").status_code == 302
    assert sessions.identify(token) is None


@pytest.mark.parametrize("count", [1, 3])
def test_list_of_people_takes_the_same_queries_however_many(client: Client, count: int) -> None:
    sign_in(client, make_user(Role.ADMINISTRATOR))
    for _ in range(count):
        make_user(Role.HOST_EDITOR)
    client.get("/people")
    assert client.last.queries == 5  # who acts, own views, the page, the hats, the invitations


def test_list_finds_by_name_address_and_role(client: Client) -> None:
    sign_in(client, make_user(Role.ADMINISTRATOR))
    make_user(Role.AUDITOR, name="Findable Person", email="findable@example.jp")
    make_user(Role.REVIEWER, name="Somebody 100%_else")
    assert "Findable Person" in client.get("/people?q=findable").text
    assert "Findable Person" in client.get("/people?q=FINDABLE@EX").text
    assert "Findable Person" not in client.get("/people?q=%25_e").text
    assert "Somebody 100%_else" in client.get("/people?q=%25_e").text
    assert "Findable Person" not in client.get("/people?role=reviewer").text
    assert client.get("/people?role=nonsense").status_code == 200


def test_staff_and_programme_people_are_found_for_mails(app: Flask) -> None:
    host = make_host()
    editor, approver = make_user(Role.HOST_EDITOR, host), make_user(Role.HOST_APPROVER, host)
    make_user(Role.HOST_EDITOR, host, state=UserState.DISABLED)
    make_user(Role.HOST_EDITOR)
    coordinator = make_user(Role.COORDINATOR)
    assert staff_of(host.id) == [editor, approver]
    assert staff_of(host.id, Role.HOST_APPROVER) == [approver]
    assert people_with(Role.COORDINATOR, Role.DECISION_MAKER) == [coordinator]


def test_every_step_is_on_record(client: Client) -> None:
    host = make_host()
    user = make_user(Role.HOST_EDITOR, host)
    approver = make_user(Role.HOST_APPROVER, host)
    sign_in(client, approver)
    data = {"role": "host_approver", "institution": host.public_id}
    client.post(f"/people/{user.public_id}/give-role", data=data)
    client.post(f"/people/{user.public_id}/take-role", data=data)
    client.post(f"/people/{user.public_id}/disable")
    events = db.session.scalars(
        select(AuditEvent).where(AuditEvent.subject_type == "user_account", AuditEvent.subject_id == user.id)
    ).all()
    assert [(event.verb, event.actor_id) for event in events] == [
        ("role:grant", approver.id),
        ("role:end", approver.id),
        ("user:disable", approver.id),
    ]
