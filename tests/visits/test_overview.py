"""What the board, the tasks and other pages say of visits."""

from datetime import date, timedelta

import pytest
from flask import Flask

from app.core import clock
from app.core.authz import Role
from app.visits import agenda, board, dossier, year_queries
from app.visits.models import VisitState
from tests.conftest import watching
from tests.factories.accounts import make_actor
from tests.factories.directory import make_host
from tests.factories.invitees import make_invitee
from tests.factories.visits import make_participation, make_visit

S = VisitState


def test_in_japan_are_the_confirmed_groups_whose_stay_holds_the_day(app: Flask) -> None:
    today = clock.today()
    kyoto, tokyo = make_host(prefecture="26"), make_host(prefecture="13")
    make_visit(S.IN_PROGRESS, host=kyoto, people=3, starts_on=today - timedelta(days=6))  # last day
    make_visit(S.CONFIRMED, host=tokyo, people=4, starts_on=today)  # first day
    make_visit(S.CONFIRMED, host=tokyo, people=5, starts_on=today + timedelta(days=1))
    make_visit(S.PLANNED, host=tokyo, people=6, starts_on=today)  # never confirmed
    make_visit(S.IN_PROGRESS, host=tokyo, people=7, starts_on=today - timedelta(days=7))  # left yesterday
    presence = board.presence(make_actor(Role.COORDINATOR, locale="en"), today)
    assert (len(presence.visits), presence.people) == (2, 7)
    assert [(groups, people) for _name, groups, people in presence.places] == [(1, 4), (1, 3)]


def test_next_arrivals_begin_tomorrow(app: Flask) -> None:
    today = clock.today()
    soon = make_visit(S.PLANNED, starts_on=today + timedelta(days=1))
    make_visit(S.CONFIRMED, starts_on=today)
    make_visit(S.CANCELLED, starts_on=today + timedelta(days=2))
    rows = year_queries.arriving(make_actor(Role.COORDINATOR), today)
    assert [row.reference for row in rows] == [soon.reference]


def test_board_has_every_visit_of_the_year_by_month_and_those_without_dates(app: Flask) -> None:
    host = make_host(prefecture="01")
    actor = make_actor(Role.COORDINATOR)
    for starts_on in (date(2026, 10, 5), date(2026, 10, 20), date(2027, 2, 1), None):
        make_visit(host=host, starts_on=starts_on, fiscal_year=2026)
    make_visit(starts_on=date(2026, 10, 5), fiscal_year=2026)
    make_visit(S.CANCELLED, host=host, starts_on=date(2026, 11, 5), fiscal_year=2026)
    drawn = board.of_year(actor, 2026, by_host=True, prefecture="01")
    assert [len(rows) for _month, rows in drawn.months] == [2, 1] and len(drawn.undated) == 1
    assert drawn.strip is not None and len(drawn.strip.rows) == 3
    assert len(board.of_year(actor, 2026, by_host=True).months[0][1]) == 3
    assert board.of_year(actor, 2020, by_host=True).strip is None


def labels(actor: object) -> list[str]:
    return [str(task.label) for task in agenda.tasks(actor)]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("role", "expected"),
    [
        (Role.HOST_EDITOR, {"Set the dates of the visit": 1, "Enter the roster": 1, "Get the guardians' consent": 1}),
        (
            Role.HOST_APPROVER,
            {
                "Set the dates of the visit": 1,
                "Enter the roster": 1,
                "Get the guardians' consent": 1,
                "Confirm the visit": 1,
            },
        ),
        (Role.COORDINATOR, {"Groups arriving within a week": 1}),
        (Role.AUDITOR, {}),
    ],
)
def test_everybody_is_told_what_waits_for_them(app: Flask, role: Role, expected: dict[str, int]) -> None:
    with app.test_request_context(headers={"Accept-Language": "en"}):
        host = make_host()
        make_visit(host=host, starts_on=None)
        make_visit(host=host)
        full = make_visit(host=host, starts_on=clock.today() + timedelta(days=5))
        make_participation(full, make_invitee(date_of_birth=clock.today() - timedelta(days=365 * 16)))
        make_visit(starts_on=None)  # of somebody else
        found = labels(make_actor(role, host))
        assert {label: found.count(label) for label in found} == expected


def test_roster_is_due_before_the_group_comes(app: Flask) -> None:
    visit = make_visit(starts_on=clock.today() + timedelta(days=60))
    (task,) = agenda.tasks(make_actor(Role.HOST_EDITOR, visit.host_institution))
    assert task.due == visit.starts_on - timedelta(days=45)


@pytest.mark.parametrize("number", [1, 3])
def test_tasks_take_the_same_queries_whatever_waits(app: Flask, number: int) -> None:
    host = make_host()
    for _number in range(number):
        make_visit(host=host, people=1)
    actor = make_actor(Role.HOST_APPROVER, host)
    with watching() as watch:
        agenda.tasks(actor)
    assert watch.queries == 2


def test_page_of_a_person_lists_the_visits_the_reader_may_see(app: Flask) -> None:
    invitee = make_invitee()
    own, other = make_visit(S.COMPLETED), make_visit(S.CONFIRMED)
    make_participation(own, invitee)
    make_participation(other, invitee)
    host = dossier.of_invitee(make_actor(Role.HOST_EDITOR, own.host_institution), invitee)
    assert host is not None and [row[0].text for row in host.rows] == [own.reference]
    jst = dossier.of_invitee(make_actor(Role.COORDINATOR), invitee)
    assert jst is not None and [row[0].text for row in jst.rows] == [other.reference, own.reference]
    assert dossier.of_invitee(make_actor(Role.ALUMNUS), invitee) is None


def test_page_of_an_organization_lists_its_visits(app: Flask) -> None:
    visit = make_visit(S.CONFIRMED)
    section = dossier.of_organization(make_actor(Role.COORDINATOR), visit.host_institution)
    assert section is not None and [row[0].text for row in section.rows] == [visit.reference]
    stranger = dossier.of_organization(make_actor(Role.HOST_EDITOR), visit.host_institution)
    assert stranger is not None and section.rows and not stranger.rows
