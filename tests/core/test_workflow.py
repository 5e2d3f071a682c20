"""The engine that moves state, tried on a small workflow made for the test."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from app.calls.models import Call
from app.core import audit, authz, clock
from app.core.audit import AuditEvent
from app.core.authz import Actor, Grant, Role
from app.core.db import db
from app.core.errors import Forbidden, GuardsFailed, TransitionNotAllowed
from app.core.workflow import Firing, State, Transition, Workflow
from app.directory.models import HostInstitution, OrganizationState

S = OrganizationState
BOSS = Actor(1, "Boss", "boss@example.org", "en", (Grant(Role.COORDINATOR),))
GUEST = Actor(2, "Guest", "guest@example.org", "en", (Grant(Role.REVIEWER),))


def needs_website(subject: HostInstitution) -> str | None:
    return None if subject.website else "Enter the website."


def needs_city(subject: HostInstitution) -> list[str]:
    return [] if subject.city else ["Enter the city."]


def note(firing: Firing) -> None:
    firing.subject.request_note = f"{firing.actor.name}: {firing.comment}"


def table(**changes: object) -> Workflow:
    settings: dict[str, object] = {
        "name": "test",
        "initial": S.LISTED,
        "states": {
            S.LISTED: State("Listed", editable=True),
            S.ACTIVE: State("Active"),
            S.DECLINED: State("No", final=True),
        },
        "transitions": (
            Transition(
                "open", "Open", (S.LISTED,), S.ACTIVE, "organization:edit", (needs_website, needs_city), (note,)
            ),
            Transition("close", "Close", (S.ACTIVE,), S.DECLINED, "organization:edit", comment_required=True),
        ),
    }
    return Workflow(**{**settings, **changes})  # type: ignore[arg-type]


@pytest.fixture
def host(app: Flask) -> HostInstitution:
    made = HostInstitution(name_en="Host", country="JP", website="https://example.org", city="Kyoto")
    db.session.add(made)
    db.session.flush()
    return made


def test_fire_moves_state_runs_effects_and_leaves_an_entry(host: HostInstitution) -> None:
    table().fire(host, "open", BOSS, " welcome ")
    assert host.state is S.ACTIVE
    assert host.request_note == "Boss: welcome"
    entry = db.session.scalars(select(AuditEvent).order_by(AuditEvent.id.desc())).first()
    assert entry is not None
    assert (entry.verb, entry.from_state, entry.to_state, entry.comment) == ("test:open", "listed", "active", "welcome")
    assert entry.changes == {"request_note": ["", "Boss: welcome"]}


def test_fire_tells_all_problems_at_once(host: HostInstitution) -> None:
    host.website = host.city = ""
    with pytest.raises(GuardsFailed) as refused:
        table().fire(host, "open", BOSS)
    assert list(refused.value.problems) == ["Enter the website.", "Enter the city."]
    assert host.state is S.LISTED


def test_fire_refuses_without_permission(host: HostInstitution) -> None:
    with pytest.raises(Forbidden):
        table().fire(host, "open", GUEST)


@pytest.mark.parametrize("verb", ["close", "unknown"])
def test_fire_refuses_from_the_wrong_state(host: HostInstitution, verb: str) -> None:
    with pytest.raises(TransitionNotAllowed):
        table().fire(host, verb, BOSS, "because")


def test_fire_wants_the_reason_where_one_is_required(host: HostInstitution) -> None:
    table().fire(host, "open", BOSS)
    with pytest.raises(GuardsFailed):
        table().fire(host, "close", BOSS, "  ")


def test_offers_name_what_is_in_the_way(host: HostInstitution) -> None:
    host.website = ""
    assert [(offer.verb, offer.problems) for offer in table().offers(host, BOSS)] == [("open", ("Enter the website.",))]
    assert table().offers(host, GUEST) == []


@pytest.mark.parametrize(
    "changes",
    [
        {
            "transitions": (
                Transition("a", "A", (S.LISTED,), S.ACTIVE, "x"),
                Transition("a", "A", (S.LISTED,), S.DECLINED, "x"),
            )
        },
        {"states": {S.LISTED: State("Listed"), S.ACTIVE: State("Active")}},
        {
            "states": {
                S.LISTED: State(""),
                S.ACTIVE: State(""),
                S.DECLINED: State("", final=True),
                S.REQUESTED: State(""),
            }
        },
        {"states": {S.LISTED: State(""), S.ACTIVE: State("", final=True), S.DECLINED: State("", final=True)}},
        {"states": {S.LISTED: State(""), S.ACTIVE: State(""), S.DECLINED: State("")}},
    ],
    ids=["verb twice", "undescribed state", "unreachable state", "final state one can leave", "dead end not final"],
)
def test_table_that_cannot_be_right_is_refused(changes: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="test"):
        table(**changes)


def test_mermaid_draws_every_transition() -> None:
    drawn = table().mermaid()
    assert "listed --> active: open" in drawn
    assert "declined --> [*]" in drawn


def test_scope_filters_lists_and_checks_rows_alike(app: Flask) -> None:
    mine = HostInstitution(name_en="Mine", country="JP")
    theirs = HostInstitution(name_en="Theirs", country="JP")
    db.session.add_all([mine, theirs])
    db.session.flush()
    approver = Actor(3, "A", "a@example.org", "en", (Grant(Role.HOST_APPROVER, mine.id),))
    listed = db.session.scalars(authz.visible(approver, "organization:edit", HostInstitution)).all()
    assert listed == [mine]
    assert [authz.can(approver, "organization:edit", row) for row in (mine, theirs)] == [True, False]


def test_permission_nobody_gave_is_refused(app: Flask) -> None:
    assert not BOSS.may("no:such")
    assert db.session.scalars(authz.visible(BOSS, "no:such", HostInstitution)).all() == []


def test_changes_show_old_and_new_but_never_secrets(app: Flask) -> None:
    call = Call(
        fiscal_year=2026,
        label="9",
        opens_at=clock.now(),
        closes_at=clock.now() + timedelta(days=1),
        notice_on=clock.today(),
        visits_from=clock.today(),
        visits_until=clock.today(),
    )
    db.session.add(call)
    db.session.flush()
    call.note_en, call.label = "new", "8"
    assert audit.changes_of(call, secret=("label",)) == {"note_en": ["", "new"], "label": None}
