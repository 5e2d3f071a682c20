"""What reports and alumni put on people's desks, and what they add to the page of a person."""

from datetime import timedelta

from flask import Flask

from app.alumni import agenda as alumni
from app.alumni.models import AlumnusState, RevisitState
from app.alumni.sections import returns_of_person
from app.closing import agenda as closing
from app.closing.models import ReportState
from app.closing.sections import certificates_of_person, report_of_visit
from app.core import clock
from app.core.authz import Role
from app.visits.models import VisitState
from tests.conftest import watching
from tests.factories.accounts import actor_of, make_actor
from tests.factories.alumni import make_alumnus, make_alumnus_user, make_revisit
from tests.factories.closing import make_certificate, make_ended_visit, make_person, make_report
from tests.factories.directory import make_host


def test_host_is_asked_for_its_report_with_the_day_it_is_due(app: Flask) -> None:
    host = make_host()
    visit = make_ended_visit(host)
    make_ended_visit(host, ends_on=clock.today() + timedelta(days=1))
    make_ended_visit()
    assert visit.ends_on is not None
    tasks = closing.tasks(make_actor(Role.HOST_EDITOR, host))
    assert [(task.values, task.due) for task in tasks] == [
        ({"visit_id": visit.public_id}, visit.ends_on + timedelta(days=30))
    ]


def test_coordinator_is_asked_to_check_reports_handed_in(app: Flask) -> None:
    visit = make_ended_visit(took_part=True, state=VisitState.REPORTED)
    make_report(visit, ReportState.SUBMITTED)
    make_report(make_ended_visit())
    assert [task.values for task in closing.tasks(make_actor(Role.COORDINATOR))] == [{"visit_id": visit.public_id}]


def test_desk_of_a_coordinator_takes_as_many_queries_whatever_waits(app: Flask) -> None:
    actor = make_actor(Role.COORDINATOR)
    counts = []
    for _ in range(2):
        for _ in range(2):
            make_report(make_ended_visit(took_part=True, state=VisitState.REPORTED), ReportState.SUBMITTED)
            make_revisit()
        with watching() as watch:
            closing.tasks(actor)
            alumni.tasks(actor)
        counts.append(watch.queries)
    assert counts[0] == counts[1]


def test_alumna_is_asked_once_a_year_and_may_always_tell_of_a_return(app: Flask) -> None:
    fresh = make_alumnus()
    old = make_alumnus(confirmed_on=clock.today() - timedelta(days=400))
    gone = make_alumnus(state=AlumnusState.LEFT)
    endpoints = [
        [task.endpoint for task in alumni.tasks(actor_of(make_alumnus_user(alumnus)))] for alumnus in (fresh, old, gone)
    ]
    assert endpoints == [["alumni.report"], ["alumni.me", "alumni.report"], []]


def test_those_who_may_confirm_see_how_many_returns_wait(app: Flask) -> None:
    host = make_host()
    make_revisit(institution=host)
    make_revisit()
    make_revisit(institution=host, state=RevisitState.VERIFIED)
    roles = (make_actor(Role.HOST_EDITOR, host), make_actor(Role.COORDINATOR), make_actor(Role.HOST_EDITOR))
    assert [[task.count for task in alumni.tasks(actor)] for actor in roles] == [[1], [2], []]


def test_page_of_a_person_shows_a_host_only_its_own_certificates_and_returns(app: Flask) -> None:
    here, elsewhere = make_host(), make_host()
    person = make_person(here)
    for host in (here, elsewhere):
        visit = make_ended_visit(host, persons=[person], took_part=True, state=VisitState.COMPLETED)
        make_certificate(visit.participations[0])
    alumnus = make_alumnus(person)
    make_revisit(alumnus, here)
    make_revisit(alumnus, elsewhere)
    for actor, expected in ((make_actor(Role.HOST_EDITOR, here), 1), (make_actor(Role.COORDINATOR), 2)):
        for section in (certificates_of_person(actor, person), returns_of_person(actor, person)):
            assert section is not None
            assert len(section.rows) == expected


def test_roles_without_the_permission_get_no_section(app: Flask) -> None:
    person, visit = make_person(), make_ended_visit()
    for role in (Role.SCREENING_OFFICER, Role.AUDITOR):
        actor = make_actor(role)
        assert certificates_of_person(actor, person) is None
        assert returns_of_person(actor, person) is None
        assert report_of_visit(actor, visit) is None
