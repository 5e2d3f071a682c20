"""A file is served once it is clean, and to nobody before (contract, row 22); a plan waits for its files."""

import pytest
from flask import Flask
from sqlalchemy import select

from app.applications import file_scanning, file_service, submission
from app.applications.file_model import PlanFile, ScanState
from app.applications.models import Application
from app.core import jobs
from app.core.authz import Role
from app.core.background_job import BackgroundJob
from app.core.db import db
from app.core.errors import GuardsFailed
from app.core.storage import FileState
from tests.conftest import Client
from tests.factories.accounts import make_actor, make_user, sign_in
from tests.factories.applications import make_application
from tests.factories.files import attach, pdf, upload
from tests.factories.partners import invite_partner, open_browser, partner_of
from tests.factories.reviews import make_assignment, make_reviewer
from tests.factories.scanner import EICAR, scanner


def attached(application: Application, data: bytes | None = None) -> PlanFile:
    """A file attached as a host does it; the job that looks at it is written down."""
    actor = make_actor(Role.HOST_EDITOR, application.host_institution)
    return file_service.add(actor, application, upload(data))


def look(file: PlanFile, *, attempt: int = 1) -> None:
    """Do the job, as a worker does."""
    job = db.session.scalars(select(BackgroundJob).where(BackgroundJob.kind == file_scanning.JOB)).one()
    job.state, job.tries = jobs.JobState.RUNNING, attempt
    job.lease_until = job.run_after
    db.session.commit()
    file_scanning.scan_by_job(job, jobs.Context(job.id, attempt))
    db.session.refresh(file)


@pytest.fixture
def application(app: Flask) -> Application:
    return make_application()


class TestVerdicts:
    def test_without_a_scanner_only_the_format_was_checked_and_that_is_said(self, application: Application) -> None:
        assert attached(application).scan is ScanState.FORMAT_ONLY

    def test_with_one_a_file_waits_and_is_then_clean(
        self, app: Flask, application: Application, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        with scanner() as (setting, daemon):
            monkeypatch.setitem(app.config, "SCANNER", setting)
            file = attached(application)
            assert file.scan is ScanState.PENDING
            look(file)
        assert file.scan is ScanState.CLEAN
        assert daemon.heard == [pdf("agreement.pdf")]

    def test_malware_is_named_and_its_bytes_go(
        self, app: Flask, application: Application, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        with scanner() as (setting, _daemon):
            monkeypatch.setitem(app.config, "SCANNER", setting)
            file = attached(application, pdf() + EICAR + b"%%EOF")
            look(file)
        assert (file.scan, file.scan_note) == (ScanState.INFECTED, "Eicar-Signature")
        assert file.stored.state is FileState.REMOVED
        assert "Eicar-Signature" in file_scanning.why_not_clean(file)

    def test_a_silent_scanner_is_asked_again_and_in_the_end_given_up(
        self, app: Flask, application: Application, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setitem(app.config, "SCANNER", "clamd://127.0.0.1:9")
        file = attached(application)
        with pytest.raises(file_scanning.ScannerSilent):
            look(file)
        assert file.scan is ScanState.PENDING
        look(file, attempt=jobs.MAX_TRIES)
        assert file.scan is ScanState.FAILED


UNCLEAN = [ScanState.PENDING, ScanState.INFECTED, ScanState.FAILED]
SAID = {
    ScanState.PENDING: "Is being checked",
    ScanState.INFECTED: "Malware found",
    ScanState.FAILED: "Could not be checked",
}


@pytest.mark.parametrize("scan", UNCLEAN)
class TestUnclean:
    def test_the_plan_waits_and_says_for_what(self, application: Application, scan: ScanState) -> None:
        file = attach(application, "letter.pdf", scan=scan)
        approver = make_actor(Role.HOST_APPROVER, application.host_institution)
        with pytest.raises(GuardsFailed) as refused:
            submission.submit(approver, application)
        assert file_scanning.why_not_clean(file) in [problem.text for problem in refused.value.problems]

    @pytest.mark.parametrize(
        "role", [Role.HOST_EDITOR, Role.HOST_APPROVER, Role.COORDINATOR, Role.DECISION_MAKER, Role.SCREENING_OFFICER]
    )
    def test_nobody_downloads_it(self, client: Client, application: Application, scan: ScanState, role: Role) -> None:
        plan = make_application("submitted", call=application.call)
        file = attach(plan, scan=scan)
        sign_in(client, make_user(role, plan.host_institution))
        assert client.get(f"/applications/{plan.public_id}/files/{file.public_id}").status_code == 404

    def test_the_reviewer_neither(self, client: Client, application: Application, scan: ScanState) -> None:
        plan = make_application("under_review", call=application.call)
        file, expert = attach(plan, scan=scan), make_user(Role.REVIEWER)
        assignment = make_assignment(plan, make_reviewer(user=expert))
        sign_in(client, expert)
        assert client.get(f"/reviews/mine/{assignment.public_id}/files/{file.public_id}").status_code == 404

    def test_the_partner_neither_and_it_is_told(self, app: Flask, application: Application, scan: ScanState) -> None:
        partner = partner_of(application)
        file = attach(application, "letter.pdf", partner=partner, scan=scan)
        phone = open_browser(app, invite_partner(partner))
        assert phone.get(f"/partner/files/{file.public_id}").status_code == 404
        page = phone.get("/partner/files").text
        assert SAID[scan] in page and "letter.pdf" in page

    def test_the_uploader_reads_what_is_the_matter(
        self, client: Client, application: Application, scan: ScanState
    ) -> None:
        attach(application, "letter.pdf", scan=scan)
        sign_in(client, make_user(Role.HOST_EDITOR, application.host_institution))
        page = client.get(f"/applications/{application.public_id}/files").text
        assert SAID[scan] in page and "download>letter.pdf" not in page

    @pytest.mark.parametrize("page", ["submit", "sign-off", "sign-off/request"])
    def test_the_pages_before_the_submission_lead_to_it(
        self, client: Client, application: Application, scan: ScanState, page: str
    ) -> None:
        attach(application, "letter.pdf", scan=scan)
        sign_in(client, make_user(Role.HOST_APPROVER, application.host_institution))
        text = client.get(f"/applications/{application.public_id}/{page}").text
        assert f'<a href="/applications/{application.public_id}/files">' in text
