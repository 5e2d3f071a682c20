"""Persons: names as in the passport, the number sealed, everything found again."""

from datetime import date

import pytest
from flask import Flask
from sqlalchemy import select

from app.core import authz
from app.core.audit import AuditEvent
from app.core.authz import Role
from app.core.db import db
from app.core.errors import Forbidden, NotFound, Refused, Stale
from app.invitees import queries, service
from app.invitees.models import Category
from tests.factories.accounts import make_actor
from tests.factories.directory import make_host
from tests.factories.invitees import make_invitee


def test_names_are_kept_as_a_passport_prints_them(app: Flask) -> None:
    host = make_host()
    actor = make_actor(Role.HOST_EDITOR, host)
    person = service.create(
        actor,
        institution_id=host.id,
        surname="O’Neill-Smith ",
        given_names="  maría".replace("í", "i"),
        nationality="IE",
    )
    assert person.passport_name == "O'NEILL-SMITH, MARIA"


def test_person_is_made_only_for_ones_own_institution(app: Flask) -> None:
    with pytest.raises(Forbidden):
        service.create(make_actor(Role.HOST_EDITOR), institution_id=make_host().id, given_names="X", nationality="NP")


def test_change_from_an_outdated_page_is_refused(app: Flask) -> None:
    host = make_host()
    person = make_invitee(known_to=host)
    with pytest.raises(Stale):
        service.update(make_actor(Role.HOST_EDITOR, host), person, version=person.version - 1, email="a@example.np")


def test_number_is_stored_sealed_and_opened_only_with_a_reason_in_the_audit(app: Flask) -> None:
    host = make_host()
    person, actor = make_invitee(known_to=host), make_actor(Role.HOST_EDITOR, host)
    passport = service.write_passport(actor, person, number="ab 123-4567", expires_on=date(2034, 1, 1))
    assert "1234567" not in passport.sealed_number and passport.last_signs == "567"
    assert service.reveal_passport(actor, person, reason="visa papers") == "AB1234567"
    entry = db.session.scalars(select(AuditEvent).order_by(AuditEvent.id.desc())).first()
    assert entry is not None and (entry.verb, entry.comment) == ("passport:reveal", "visa papers")
    assert not any("1234567" in str(found.changes) for found in db.session.scalars(select(AuditEvent)))


def test_no_number_is_revealed_where_none_is_kept(app: Flask) -> None:
    with pytest.raises(NotFound):
        service.reveal_passport(make_actor(Role.COORDINATOR), make_invitee(), reason="visa papers")


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.DECISION_MAKER, Role.HOST_EDITOR])
def test_number_is_not_for_others(app: Flask, role: Role) -> None:
    with pytest.raises(Forbidden):
        service.reveal_passport(make_actor(role), make_invitee(passport="AB1234567"), reason="curious")


def test_what_cannot_be_a_number_is_refused(app: Flask) -> None:
    host = make_host()
    with pytest.raises(Refused):
        service.write_passport(
            make_actor(Role.HOST_EDITOR, host), make_invitee(known_to=host), number="?", expires_on=None
        )


def test_same_passport_is_found_again_without_opening_any(app: Flask) -> None:
    person = make_invitee(passport="AB1234567")
    index = service.passport_index("NP", "ab-1234567")
    assert queries.by_passport([index]) == {index: person}
    assert queries.by_passport([service.passport_index("TH", "AB1234567")]) == {}


def test_passport_is_found_under_a_corrected_nationality(app: Flask) -> None:
    host = make_host()
    person = make_invitee(known_to=host, passport="AB1234567")
    service.update(make_actor(Role.HOST_EDITOR, host), person, nationality="BT")
    assert service.passport_index("BT", "AB1234567") in queries.by_passport([service.passport_index("BT", "AB1234567")])


def test_older_part_does_not_hide_the_newest(app: Flask) -> None:
    person = make_invitee()
    service.remember_part(person, category=Category.DOCTOR, affiliation="New", fiscal_year=2026)
    service.remember_part(person, category=Category.MASTER, affiliation="Old", fiscal_year=2024)
    assert (person.category, person.affiliation, person.fiscal_year) == (Category.DOCTOR, "New", 2026)


def test_institution_sees_whom_it_receives_until_they_are_gone(app: Flask) -> None:
    host, person = make_host(), make_invitee()
    actor = make_actor(Role.HOST_EDITOR, host)
    assert not authz.can(actor, "invitee:view", person)
    service.known_to(person, host.id)
    service.known_to(person, host.id)
    assert authz.can(actor, "invitee:view", person) and len(person.hosts) == 1
    service.no_longer_known_to(person, host.id)
    assert not authz.can(actor, "invitee:view", person)
