"""The implementation report: who writes, who hands in, who accepts, and what the visit does meanwhile."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from app.alumni.models import Alumnus
from app.closing import queries, service
from app.closing.models import REPORT_DUE, Certificate, ReportState
from app.closing.workflow import REPORT
from app.core import clock
from app.core.authz import Actor, Role
from app.core.db import db
from app.core.errors import Forbidden, GuardsFailed, Stale, TransitionNotAllowed
from app.core.outbox import OutboxMessage
from app.directory.models import HostInstitution
from app.visits.models import Visit, VisitState
from tests.factories.accounts import make_actor, make_user
from tests.factories.closing import make_ended_visit, make_report
from tests.factories.directory import make_host

TEXTS = {"summary": "What was done", "results": "What came of it", "continuation": "How it goes on"}


@pytest.fixture
def host(app: Flask) -> HostInstitution:
    return make_host()


@pytest.fixture
def visit(host: HostInstitution) -> Visit:
    return make_ended_visit(host)


@pytest.fixture
def editor(host: HostInstitution) -> Actor:
    return make_actor(Role.HOST_EDITOR, host)


@pytest.fixture
def approver(host: HostInstitution) -> Actor:
    return make_actor(Role.HOST_APPROVER, host)


@pytest.fixture
def coordinator(app: Flask) -> Actor:
    return make_actor(Role.COORDINATOR)


def everybody(visit: Visit) -> list[str]:
    return [part.public_id for part in visit.participations]


def test_table_of_the_report_is_the_agreed_one() -> None:
    table = {(t.verb, source, t.target, t.permission) for t in REPORT.transitions for source in t.sources}
    assert table == {
        ("submit", "draft", "submitted", "report:submit"),
        ("submit", "returned", "submitted", "report:submit"),
        ("return", "submitted", "returned", "report:accept"),
        ("accept", "submitted", "accepted", "report:accept"),
    }


def test_report_is_due_thirty_days_after_the_day_of_exit(visit: Visit, editor: Actor) -> None:
    report = service.save(editor, visit, version=None, present=everybody(visit), **TEXTS)
    assert timedelta(days=30) == REPORT_DUE
    assert report.due_on == visit.ends_on + timedelta(days=30)


def test_report_may_be_saved_while_it_is_incomplete(visit: Visit, editor: Actor) -> None:
    report = service.save(editor, visit, version=None, present=[], summary="Begun", results="", continuation="")
    assert report.state is ReportState.DRAFT


def test_attendance_is_noted_with_the_report(visit: Visit, editor: Actor) -> None:
    came, stayed_away = visit.participations
    service.save(editor, visit, version=None, present=[came.public_id], **TEXTS)
    assert (came.took_part, stayed_away.took_part) == (True, False)


def test_second_writer_with_an_old_copy_is_refused(visit: Visit, editor: Actor, approver: Actor) -> None:
    report = service.save(editor, visit, version=None, present=everybody(visit), **TEXTS)
    read = report.version
    service.save(approver, visit, version=read, present=everybody(visit), **{**TEXTS, "summary": "Theirs"})
    with pytest.raises(Stale):
        service.save(editor, visit, version=read, present=everybody(visit), **{**TEXTS, "summary": "Mine"})
    assert report.summary == "Theirs"


def test_two_who_begin_a_report_at_once_do_not_overwrite_each_other(visit: Visit, editor: Actor) -> None:
    service.save(editor, visit, version=None, present=[], **TEXTS)
    with pytest.raises(Stale):
        service.save(editor, visit, version=None, present=[], **TEXTS)


def test_stranger_from_another_host_cannot_write(visit: Visit) -> None:
    with pytest.raises(Forbidden):
        service.save(make_actor(Role.HOST_EDITOR), visit, version=None, present=[], **TEXTS)


def test_editor_writes_but_only_the_approver_hands_in(visit: Visit, editor: Actor, approver: Actor) -> None:
    report = service.save(editor, visit, version=None, present=everybody(visit), **TEXTS)
    with pytest.raises(Forbidden):
        service.transition(editor, report, "submit")
    service.transition(approver, report, "submit")
    assert (report.state, visit.state) == (ReportState.SUBMITTED, VisitState.REPORTED)
    assert report.submitted_at is not None


def test_everything_missing_is_said_at_once(visit: Visit, approver: Actor) -> None:
    report = make_report(visit, summary="", results="", continuation="")
    with pytest.raises(GuardsFailed) as refusal:
        service.transition(approver, report, "submit")
    assert len(refusal.value.problems) == 3 + len(visit.participations)


def test_report_cannot_be_handed_in_before_the_day_of_exit(host: HostInstitution, approver: Actor) -> None:
    visit = make_ended_visit(host, ends_on=clock.today() + timedelta(days=1), took_part=True)
    with pytest.raises(GuardsFailed):
        service.transition(approver, make_report(visit), "submit")


def test_report_on_a_visit_nobody_came_to_is_refused(host: HostInstitution, approver: Actor) -> None:
    visit = make_ended_visit(host, took_part=False)
    with pytest.raises(GuardsFailed):
        service.transition(approver, make_report(visit), "submit")


def test_coordinators_hear_of_a_report_handed_in(visit: Visit, editor: Actor, approver: Actor) -> None:
    user = make_user(Role.COORDINATOR, locale="ja")
    report = service.save(editor, visit, version=None, present=everybody(visit), **TEXTS)
    service.transition(approver, report, "submit")
    mail = db.session.scalars(select(OutboxMessage).where(OutboxMessage.recipient_id == user.id)).one()
    assert (mail.template, mail.locale) == ("report_submitted", "ja")
    assert visit.public_id in mail.body


def test_returned_report_can_be_corrected_and_handed_in_again(
    visit: Visit, editor: Actor, approver: Actor, coordinator: Actor
) -> None:
    report = service.save(editor, visit, version=None, present=everybody(visit), **TEXTS)
    service.transition(approver, report, "submit")
    with pytest.raises(GuardsFailed):
        service.transition(coordinator, report, "return")
    service.transition(coordinator, report, "return", "Say more about the laboratory.")
    assert (report.state, visit.state) == (ReportState.RETURNED, VisitState.IN_PROGRESS)
    assert report.return_reason == "Say more about the laboratory."
    service.save(editor, visit, version=report.version, present=everybody(visit), **{**TEXTS, "summary": "More"})
    service.transition(approver, report, "submit")
    assert report.return_reason == ""


def test_report_handed_in_is_closed_to_the_host(visit: Visit, editor: Actor, approver: Actor) -> None:
    report = service.save(editor, visit, version=None, present=everybody(visit), **TEXTS)
    service.transition(approver, report, "submit")
    with pytest.raises(TransitionNotAllowed):
        service.save(editor, visit, version=report.version, present=everybody(visit), **TEXTS)


def test_host_cannot_accept_its_own_report(visit: Visit, approver: Actor) -> None:
    visit = make_ended_visit(visit.host_institution, took_part=True, state=VisitState.REPORTED)
    with pytest.raises(Forbidden):
        service.transition(approver, make_report(visit, ReportState.SUBMITTED), "accept")


def test_accepted_report_completes_the_visit_and_makes_certificates_and_alumni(
    visit: Visit, editor: Actor, approver: Actor, coordinator: Actor
) -> None:
    came, stayed_away = visit.participations
    report = service.save(editor, visit, version=None, present=[came.public_id], **TEXTS)
    service.transition(approver, report, "submit")
    service.transition(coordinator, report, "accept")
    assert visit.state is VisitState.COMPLETED
    assert db.session.scalars(select(Certificate.participation_id)).all() == [came.id]
    assert db.session.scalars(select(Alumnus.invitee_id)).all() == [came.invitee_id]
    assert stayed_away.invitee_id != came.invitee_id


def test_list_of_reports_shows_a_host_its_own_only(visit: Visit, editor: Actor, coordinator: Actor) -> None:
    make_ended_visit()
    assert len(db.session.execute(queries.listed(editor)).all()) == 1
    assert len(db.session.execute(queries.listed(coordinator)).all()) == 2


@pytest.mark.parametrize(("state", "expected"), [("", 3), ("open", 2), ("submitted", 1), ("nonsense", 3)])
def test_list_of_reports_filters_by_state(coordinator: Actor, state: str, expected: int) -> None:
    make_ended_visit()
    make_report(make_ended_visit(took_part=True))
    make_report(make_ended_visit(took_part=True, state=VisitState.REPORTED), ReportState.SUBMITTED)
    assert len(db.session.execute(queries.listed(coordinator, state=state)).all()) == expected
