"""Returns to Japan: reported by the person, confirmed by the institution concerned or by JST."""

from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from app.alumni import queries, revisits
from app.alumni.models import Alumnus, AlumnusState, Evidence, Revisit, RevisitKind, RevisitState
from app.alumni.revisits import AS_TYPED, Place, place
from app.alumni.workflow import REVISIT
from app.core import clock
from app.core.authz import Actor, Role
from app.core.db import db
from app.core.errors import Forbidden, GuardsFailed, Refused, Stale, TransitionNotAllowed
from app.core.outbox import OutboxMessage
from app.visits.models import VisitState
from tests.factories.accounts import actor_of, make_actor, make_user
from tests.factories.alumni import make_alumnus, make_alumnus_user, make_revisit
from tests.factories.closing import make_ended_visit
from tests.factories.directory import make_host

TYPED = Place(None, "Sample Institute")


@pytest.fixture
def alumnus(app: Flask) -> Alumnus:
    return make_alumnus()


@pytest.fixture
def me(alumnus: Alumnus) -> Actor:
    return actor_of(make_alumnus_user(alumnus))


def tell(me: Actor, alumnus: Alumnus, where: Place = TYPED, **fields: object) -> Revisit:
    values = {"kind": RevisitKind.STUDY, "starts_on": date(2026, 4, 1), "ends_on": None, **fields}
    return revisits.report(me, alumnus, where=where, **values)  # type: ignore[arg-type]


def test_table_of_a_return_is_the_agreed_one() -> None:
    table = {(t.verb, str(t.target), t.permission) for t in REVISIT.transitions for _ in t.sources}
    assert table == {("verify", "verified", "revisit:confirm"), ("reject", "rejected", "revisit:confirm")}


def test_reported_return_waits_with_the_evidence_of_the_person(alumnus: Alumnus, me: Actor) -> None:
    revisit = tell(me, alumnus)
    assert (revisit.state, revisit.evidence) == (RevisitState.REPORTED, Evidence.SELF)
    assert (revisit.institution_id, revisit.institution_name) == (None, "Sample Institute")


def test_return_to_a_known_institution_asks_its_staff(alumnus: Alumnus, me: Actor) -> None:
    host = make_host()
    staff, _elsewhere = make_user(Role.HOST_EDITOR, host), make_user(Role.HOST_EDITOR)
    make_user(Role.COORDINATOR)
    tell(me, alumnus, Place(host, host.name_en))
    mail = db.session.scalars(select(OutboxMessage)).one()
    assert (mail.template, mail.recipient_id) == ("revisit_reported", staff.id)


def test_return_to_an_institution_without_staff_here_asks_jst(alumnus: Alumnus, me: Actor) -> None:
    coordinator = make_user(Role.COORDINATOR)
    tell(me, alumnus)
    assert db.session.scalars(select(OutboxMessage.recipient_id)).one() == coordinator.id


def test_return_cannot_lie_in_the_future_or_end_before_it_begins(alumnus: Alumnus, me: Actor) -> None:
    with pytest.raises(Refused) as refusal:
        tell(me, alumnus, starts_on=clock.today() + timedelta(days=2), ends_on=clock.today())
    assert set(refusal.value.fields) == {"starts_on", "ends_on"}


def test_return_begins_after_the_first_visit(alumnus: Alumnus, me: Actor) -> None:
    visit = make_ended_visit(persons=[alumnus.invitee], took_part=True, state=VisitState.COMPLETED)
    assert visit.ends_on is not None
    with pytest.raises(Refused):
        tell(me, alumnus, starts_on=visit.ends_on)
    tell(me, alumnus, starts_on=visit.ends_on + timedelta(days=1))


def test_same_return_is_told_once_unless_it_was_rejected(alumnus: Alumnus, me: Actor) -> None:
    first = tell(me, alumnus)
    with pytest.raises(Refused):
        tell(me, alumnus)
    revisits.transition(make_actor(Role.COORDINATOR), first, "reject", "Wrong year?")
    tell(me, alumnus)


def test_nobody_reports_for_somebody_else(alumnus: Alumnus) -> None:
    for other in (actor_of(make_alumnus_user()), make_actor(Role.COORDINATOR)):
        with pytest.raises(Forbidden):
            tell(other, alumnus)


def test_who_left_reports_nothing(app: Flask) -> None:
    gone = make_alumnus(state=AlumnusState.LEFT)
    with pytest.raises(TransitionNotAllowed):
        tell(actor_of(make_alumnus_user(gone)), gone)


def test_report_can_be_corrected_until_somebody_has_decided(alumnus: Alumnus, me: Actor) -> None:
    revisit = tell(me, alumnus)
    fields = {"kind": RevisitKind.EMPLOYMENT, "where": TYPED, "starts_on": date(2026, 5, 1), "ends_on": None}
    read = revisit.version
    revisits.change(me, revisit, version=read, **fields)  # type: ignore[arg-type]
    with pytest.raises(Stale):
        revisits.change(me, revisit, version=read, **{**fields, "kind": RevisitKind.TRAINING})  # type: ignore[arg-type]
    revisits.transition(make_actor(Role.COORDINATOR), revisit, "verify")
    with pytest.raises(TransitionNotAllowed):
        revisits.change(me, revisit, **fields)  # type: ignore[arg-type]
    assert revisit.kind is RevisitKind.EMPLOYMENT


def test_institution_confirms_returns_to_itself_only(alumnus: Alumnus) -> None:
    host = make_host()
    revisit = make_revisit(alumnus, host)
    with pytest.raises(Forbidden):
        revisits.transition(make_actor(Role.HOST_APPROVER), revisit, "verify")
    confirming = make_actor(Role.HOST_EDITOR, host)
    revisits.transition(confirming, revisit, "verify")
    assert (revisit.state, revisit.evidence) == (RevisitState.VERIFIED, Evidence.HOST)
    assert (revisit.decided_by_id, revisit.decided_at is not None) == (confirming.id, True)


def test_alumna_cannot_confirm_her_own_return(alumnus: Alumnus, me: Actor) -> None:
    with pytest.raises(Forbidden):
        revisits.transition(me, make_revisit(alumnus), "verify")


def test_coordinator_confirms_any_return_and_the_person_hears_of_it(alumnus: Alumnus) -> None:
    user = make_alumnus_user(alumnus)
    revisit = make_revisit(alumnus, make_host())
    revisits.transition(make_actor(Role.COORDINATOR), revisit, "verify")
    assert revisit.evidence is Evidence.COORDINATOR
    mail = db.session.scalars(select(OutboxMessage)).one()
    assert (mail.template, mail.recipient_id) == ("revisit_verified", user.id)


def test_rejection_needs_a_reason_which_the_person_reads(alumnus: Alumnus) -> None:
    make_alumnus_user(alumnus)
    revisit, coordinator = make_revisit(alumnus), make_actor(Role.COORDINATOR)
    with pytest.raises(GuardsFailed):
        revisits.transition(coordinator, revisit, "reject")
    revisits.transition(coordinator, revisit, "reject", "The university does not know this student.")
    assert revisit.evidence is Evidence.SELF
    assert "The university does not know this student." in db.session.scalars(select(OutboxMessage.body)).one()


def test_decision_is_final(alumnus: Alumnus) -> None:
    revisit, coordinator = make_revisit(alumnus), make_actor(Role.COORDINATOR)
    revisits.transition(coordinator, revisit, "verify")
    with pytest.raises(TransitionNotAllowed):
        revisits.transition(coordinator, revisit, "reject", "Too late")


@pytest.mark.parametrize("typed", ["Kyoto Prefectural College", "kyōto prefectural  COLLEGE", "京都府立試験大学"])
def test_exact_name_of_an_institution_is_taken_at_once(app: Flask, typed: str) -> None:
    host = make_host(name_en="Kyoto Prefectural College", name_ja="京都府立試験大学")
    make_host(name_en="Kyoto Prefectural College of Art", name_ja="京都府立試験大学院大学")
    found = place(typed)
    assert (found.institution, found.offers) == (host, ())


def test_part_of_a_name_is_asked_back(app: Flask) -> None:
    hosts = {make_host(name_en=f"Kyoto Prefectural {kind}", name_ja="") for kind in ("College", "Institute")}
    found = place("Kyoto Prefectural")
    assert found.institution is None
    assert set(found.offers) == hosts
    picked = next(iter(hosts))
    assert place("Kyoto Prefectural", picked.public_id).institution is picked
    assert place("Kyoto Prefectural", AS_TYPED) == Place(None, "Kyoto Prefectural")


def test_unknown_name_is_kept_as_typed(app: Flask) -> None:
    assert place("A small company nobody knows") == Place(None, "A small company nobody knows")


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        ({}, 3),
        ({"state": "verified"}, 1),
        ({"kind": "employment"}, 1),
        ({"year": 2025}, 1),
        ({"institution_text": "Osaka"}, 2),
        ({"state": "nonsense", "kind": "nonsense"}, 3),
    ],
)
def test_list_of_returns_is_filtered(app: Flask, filters: dict[str, object], expected: int) -> None:
    make_revisit(institution=make_host(name_en="Osaka Sample University"), state=RevisitState.VERIFIED)
    make_revisit(institution_name="Osaka Trading Company", kind=RevisitKind.EMPLOYMENT)
    make_revisit(starts_on=date(2026, 3, 31))
    actor = make_actor(Role.COORDINATOR)
    assert len(db.session.execute(queries.revisits(actor, **filters)).all()) == expected  # type: ignore[arg-type]


def test_host_lists_returns_to_itself_only(app: Flask) -> None:
    host = make_host()
    make_revisit(institution=host)
    make_revisit(institution=make_host())
    make_revisit()
    assert len(db.session.execute(queries.revisits(make_actor(Role.HOST_EDITOR, host))).all()) == 1
    assert queries.to_confirm(make_actor(Role.HOST_EDITOR, host)) == 1
    assert queries.to_confirm(make_actor(Role.COORDINATOR)) == 3
