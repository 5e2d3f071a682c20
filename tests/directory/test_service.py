"""An institution asks to take part; a coordinator decides; data is corrected."""

import pytest
from flask import Flask
from sqlalchemy import select

from app.accounts.models import LinkPurpose, MailLink
from app.core import audit
from app.core.authz import SYSTEM, Actor, Role
from app.core.db import db
from app.core.errors import Forbidden, GuardsFailed, Refused, Stale, TooMany, TransitionNotAllowed
from app.core.outbox import OutboxMessage
from app.directory import agenda, queries, service
from app.directory.models import InstitutionKind, Organization, OrganizationState
from app.directory.workflow import ORGANIZATION
from tests.factories.accounts import make_actor
from tests.factories.directory import make_host, make_sending

S = OrganizationState
HANAKO = service.Request("Hanako Sakura", "Hanako@Example.ac.jp", "en", "Faculty of Science")


def ask(organization: Organization | None = None, client: str = "192.0.2.1", **fields: object) -> Organization:
    chosen = {"institution": organization.public_id} if organization is not None else {}
    return service.request_registration(HANAKO, client=client, **chosen, **fields)  # type: ignore[arg-type]


def ask_new(name_ja: str = "新設大学", name_en: str = "Newly Founded University", **fields: object) -> Organization:
    return ask(name_ja=name_ja, name_en=name_en, kind=InstitutionKind.UNIVERSITY, prefecture="13", **fields)


def mails(template: str) -> list[OutboxMessage]:
    return list(db.session.scalars(select(OutboxMessage).where(OutboxMessage.template == template)))


@pytest.fixture
def coordinator(app: Flask) -> Actor:
    return make_actor(Role.COORDINATOR)


def test_listed_institution_is_requested_and_the_asker_told(app: Flask) -> None:
    host = make_host(state=S.LISTED)
    ask(host)
    assert (host.state, host.requested_by_email) == (S.REQUESTED, "hanako@example.ac.jp")
    (mail,) = mails("institution_requested")
    assert (mail.recipient_address, mail.locale) == ("hanako@example.ac.jp", "en")
    assert host.name_en in mail.body


def test_unknown_institution_is_entered_as_requested(app: Flask) -> None:
    made = ask_new()
    assert (made.state, made.country, made.prefecture) == (S.REQUESTED, "JP", "13")
    assert queries.suggest_hosts("新設")[0].public_id == made.public_id


def test_typed_name_that_is_known_leads_to_the_known_entry(app: Flask) -> None:
    host = make_host(state=S.LISTED, name_ja="既知大学", name_en="Known University")
    assert ask_new("既知大学", "Known Univ.").id == host.id


@pytest.mark.parametrize("state", [S.ACTIVE, S.REQUESTED])
def test_institution_that_takes_part_or_waits_is_not_requested_again(app: Flask, state: OrganizationState) -> None:
    with pytest.raises(Refused):
        ask(make_host(state=state))


@pytest.mark.parametrize("side", ["withdrawn", "sending", "unknown"])
def test_only_hosts_that_exist_can_be_requested(app: Flask, side: str) -> None:
    public_id = {
        "withdrawn": lambda: make_host(state=S.WITHDRAWN).public_id,
        "sending": lambda: make_sending().public_id,
        "unknown": lambda: "2222222222222222",
    }[side]()
    with pytest.raises(Refused):
        service.request_registration(HANAKO, client="192.0.2.1", institution=public_id)


def test_five_requests_a_day_are_taken_from_one_address(app: Flask) -> None:
    for _ in range(5):
        ask(make_host(state=S.LISTED))
    with pytest.raises(TooMany):
        ask(make_host(state=S.LISTED))
    ask(make_host(state=S.LISTED), client="192.0.2.2")


def test_approval_invites_the_asker_as_first_approver(coordinator: Actor) -> None:
    host = ask_new()
    service.transition(coordinator, host, "approve")
    link = db.session.scalars(select(MailLink).where(MailLink.purpose == LinkPurpose.INVITATION)).one()
    assert (link.email, link.role, link.institution_id) == ("hanako@example.ac.jp", Role.HOST_APPROVER, host.id)
    assert link.invited_by_id == coordinator.id
    assert len(mails("invitation")) == 1
    assert host.state is S.ACTIVE


def test_approval_needs_both_names(coordinator: Actor) -> None:
    host = make_host(state=S.LISTED, name_ja="")
    ask(host)
    with pytest.raises(GuardsFailed):
        service.transition(coordinator, host, "approve")
    assert [bool(offer.problems) for offer in ORGANIZATION.offers(host, coordinator)] == [True, False]


def test_decline_tells_the_reason(coordinator: Actor) -> None:
    host = ask_new()
    with pytest.raises(GuardsFailed):
        service.transition(coordinator, host, "decline", " ")
    service.transition(coordinator, host, "decline", "No legal personality in Japan.")
    assert "No legal personality in Japan." in mails("institution_declined")[0].body
    assert host.state is S.DECLINED


def test_declined_institution_can_be_asked_for_again_by_name(coordinator: Actor) -> None:
    host = ask_new()
    service.transition(coordinator, host, "decline", "No.")
    assert ask_new().id == host.id
    assert host.state is S.REQUESTED


EXPECTED = {
    S.LISTED: ["admit", "close"],
    S.REQUESTED: ["approve", "decline"],
    S.ACTIVE: ["close"],
    S.DECLINED: ["admit"],
    S.WITHDRAWN: ["admit"],
}


@pytest.mark.parametrize("state", list(S))
def test_coordinators_and_nobody_else_move_organizations(coordinator: Actor, state: OrganizationState) -> None:
    host = make_host(state=state, requested_by_email="a@example.ac.jp", requested_by_name="A")
    assert [offer.verb for offer in ORGANIZATION.offers(host, coordinator)] == EXPECTED[state]
    assert ORGANIZATION.offers(host, make_actor(Role.HOST_APPROVER, host)) == []
    for transition in ORGANIZATION.transitions:
        if transition.verb not in EXPECTED[state] and not transition.hidden:
            with pytest.raises(TransitionNotAllowed):
                service.transition(coordinator, host, transition.verb, "why")
    with pytest.raises(Forbidden):
        ORGANIZATION.fire(host, "request", coordinator)


def test_waiting_registration_is_a_task_of_coordinators(coordinator: Actor) -> None:
    host = ask_new()
    (task,) = agenda.tasks(coordinator)
    assert task.values == {"organization_id": host.public_id} and task.due is not None
    assert agenda.tasks(make_actor(Role.HOST_APPROVER)) == []


FIELDS = {"name_ja": "新しい名前", "name_en": "New Name University", "kind": InstitutionKind.UNIVERSITY, "city": "Nara"}


def test_approver_corrects_the_own_institution_only(app: Flask) -> None:
    own, other = make_host(), make_host()
    approver = make_actor(Role.HOST_APPROVER, own)
    service.update(approver, own, version=own.version, other_names="Namae\n\nNamae\nOld Name", **FIELDS)
    assert [alias.name for alias in own.aliases] == ["Namae", "Old Name"]
    assert queries.suggest("old name")[0].public_id == own.public_id
    assert audit.timeline(own)[0].changes["other_names"] == ["", "Namae, Old Name"]
    with pytest.raises(Forbidden):
        service.update(approver, other, version=other.version, **FIELDS)


def test_editor_corrects_nothing(app: Flask) -> None:
    own = make_host()
    with pytest.raises(Forbidden):
        service.update(make_actor(Role.HOST_EDITOR, own), own, version=own.version, **FIELDS)


def test_other_names_of_a_register_stay(coordinator: Actor) -> None:
    host = make_host()
    service.update(coordinator, host, version=host.version, other_names="Mine", **FIELDS)
    host.aliases[0].kind = "label"
    service.update(coordinator, host, version=host.version, other_names="", **FIELDS)
    assert [alias.name for alias in host.aliases] == ["Mine"]


def test_outdated_copy_and_nameless_organization_are_refused(coordinator: Actor) -> None:
    host = make_host()
    with pytest.raises(Stale):
        service.update(coordinator, host, version=host.version + 1, **FIELDS)
    with pytest.raises(Refused):
        service.update(coordinator, host, version=host.version, **{**FIELDS, "name_ja": "", "name_en": ""})


def test_sending_organization_is_entered_once(coordinator: Actor) -> None:
    fields = {"name_en": "Everest Polytechnic", "country": "NP", "kind": InstitutionKind.UNIVERSITY}
    made = service.create_sending(coordinator, **fields)
    assert made.state is S.ACTIVE
    with pytest.raises(Refused):
        service.create_sending(coordinator, **{**fields, "name_en": "everest  POLYTECHNIC"})
    with pytest.raises(Refused):
        service.create_sending(coordinator, **{**fields, "name_en": "Elsewhere", "country": "XX"})
    with pytest.raises(Forbidden):
        service.create_sending(make_actor(Role.HOST_APPROVER), **fields)


def test_system_may_request_but_not_approve(app: Flask) -> None:
    host = ask_new()
    with pytest.raises(Forbidden):
        ORGANIZATION.fire(host, "approve", SYSTEM)
