"""Pages of reports: for the host that received and for JST, to nobody else."""

import pytest
from flask import Flask
from sqlalchemy import func, select

from app.closing.models import ReportState, VisitReport
from app.core.authz import Role
from app.core.db import db
from app.visits.models import Visit, VisitState
from tests.conftest import Client
from tests.factories.accounts import make_user, sign_in
from tests.factories.closing import make_ended_visit, make_report

TEXTS = {"summary": "What was done", "results": "What came of it", "continuation": "How it goes on"}


@pytest.fixture
def visit(app: Flask) -> Visit:
    return make_ended_visit()


@pytest.fixture
def approver(client: Client, visit: Visit) -> Client:
    sign_in(client, make_user(Role.HOST_APPROVER, visit.host_institution, locale="en"))
    return client


def text(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return str(answer.get_data(as_text=True))


def test_report_is_written_handed_in_and_shown(approver: Client, visit: Visit) -> None:
    address = f"/reports/{visit.public_id}"
    everybody = [part.public_id for part in visit.participations]
    assert "Write the report" in text(approver, address)
    assert text(approver, f"{address}/edit").count("checked") == len(everybody)
    assert approver.post(f"{address}/edit", data={**TEXTS, "present": everybody}).status_code == 302
    assert approver.get(f"{address}/submit").status_code == 200
    assert approver.post(f"{address}/submit", data={}).status_code == 302
    assert db.session.scalars(select(VisitReport.state)).one() is ReportState.SUBMITTED
    assert "What came of it" in text(approver, address)
    assert approver.post(f"{address}/edit", data=TEXTS).status_code == 409


def test_first_saving_sent_twice_makes_one_report(approver: Client, visit: Visit) -> None:
    for _ in range(2):
        answer = approver.post(f"/reports/{visit.public_id}/edit", data={**TEXTS, "key": "one-key"})
        assert answer.status_code == 302
    assert db.session.scalar(select(func.count(VisitReport.id))) == 1


def test_outdated_page_keeps_what_was_typed_and_shows_theirs(approver: Client, visit: Visit) -> None:
    report = make_report(visit, summary="Theirs")
    answer = approver.post(
        f"/reports/{visit.public_id}/edit", data={**TEXTS, "summary": "Mine", "version": report.version + 1}
    )
    page = answer.get_data(as_text=True)
    assert answer.status_code == 409
    assert "Theirs" in page
    assert "Mine" in page


def test_everything_missing_is_shown_when_handing_in(approver: Client, visit: Visit) -> None:
    make_report(visit, summary="")
    answer = approver.post(f"/reports/{visit.public_id}/submit", data={})
    assert answer.status_code == 422
    assert "Write what was done." in answer.get_data(as_text=True)


def test_too_long_a_text_is_refused_and_kept(approver: Client, visit: Visit) -> None:
    answer = approver.post(f"/reports/{visit.public_id}/edit", data={**TEXTS, "summary": "x" * 4001})
    assert answer.status_code == 422
    assert "x" * 4001 in answer.get_data(as_text=True)
    assert db.session.scalar(select(func.count(VisitReport.id))) == 0


@pytest.mark.parametrize("path", ["", "/edit", "/submit"])
def test_another_host_finds_no_report(client: Client, visit: Visit, path: str) -> None:
    make_report(visit)
    sign_in(client, make_user(Role.HOST_APPROVER))
    assert client.get(f"/reports/{visit.public_id}{path}").status_code == 404


@pytest.mark.parametrize("role", [Role.ALUMNUS, Role.AUDITOR, Role.DECISION_MAKER, Role.SCREENING_OFFICER])
def test_other_roles_are_refused(client: Client, visit: Visit, role: Role) -> None:
    sign_in(client, make_user(role))
    assert client.get("/reports").status_code == 403
    assert client.get(f"/reports/{visit.public_id}").status_code == 403


def test_coordinator_returns_with_a_reason_only(client: Client) -> None:
    visit = make_ended_visit(took_part=True, state=VisitState.REPORTED)
    make_report(visit, ReportState.SUBMITTED)
    sign_in(client, make_user(Role.COORDINATOR, locale="ja"))
    address = f"/reports/{visit.public_id}/return"
    assert client.post(address, data={"comment": ""}).status_code == 422
    assert client.post(address, data={"comment": "Please say more."}).status_code == 302
    assert db.session.get_one(Visit, visit.id).state is VisitState.IN_PROGRESS


def test_list_and_page_need_as_many_queries_for_three_as_for_one(client: Client) -> None:
    sign_in(client, make_user(Role.COORDINATOR))
    small = make_ended_visit(people=1, took_part=True)
    counts = []
    for _ in range(2):
        found = []
        for address in ("/reports", f"/reports/{small.public_id}"):
            client.get(address)
            found.append(client.last.queries)
        counts.append(found)
        small = make_ended_visit(people=3, took_part=True)
        make_ended_visit()
    assert counts[0] == counts[1]
