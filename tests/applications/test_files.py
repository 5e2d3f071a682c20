"""Files attached to a plan: taken in within limits, frozen and sealed by the receipt, kept when they were submitted."""

from collections.abc import Iterator
from io import BytesIO
from typing import Any

import pytest
from flask import Flask
from flask_babel import force_locale

from app.applications import (
    changes,
    copying,
    file_keeping,
    file_service,
    receipts,
    sign_off,
    sign_off_queries,
    snapshot,
    submission,
)
from app.applications.file_model import PlanFile, PlanFileKind
from app.applications.models import Application, ApplicationState
from app.core import authz, clock, storage
from app.core.authz import Actor, Role
from app.core.db import db
from app.core.errors import Forbidden, Refused, TransitionNotAllowed
from app.core.file_formats import MEBIBYTE
from app.core.storage import FileState
from tests.conftest import Client
from tests.factories.accounts import make_actor, make_user, sign_in
from tests.factories.applications import make_application
from tests.factories.files import attach, pdf, upload

S = ApplicationState


def editor(application: Application) -> Actor:
    return make_actor(Role.HOST_EDITOR, application.host_institution)


def submitted(application: Application) -> Application:
    submission.submit(make_actor(Role.HOST_APPROVER, application.host_institution), application)
    return application


def sent_back(application: Application) -> Application:
    application.state, application.return_due_on = S.RETURNED, clock.today()
    db.session.flush()
    return application


@pytest.fixture
def english(app: Flask, isolation: None) -> Iterator[None]:
    """Sentences made outside a request are English."""
    with force_locale("en"):
        yield


@pytest.mark.usefixtures("english")
class TestTakingIn:
    def test_the_name_is_cleaned_and_the_note_kept(self) -> None:
        application = make_application()
        file_service.add(editor(application), application, upload(name="../../Brief\u202efdp.pdf", note=" From Nepal "))
        (file,) = application.files
        assert (file.name, file.note, file.kind) == ("Brieffdp.pdf", "From Nepal", PlanFileKind.AGREEMENT)
        assert file.is_clean and file.scanned_at is not None

    def test_an_eleventh_file_is_refused_with_what_to_do(self) -> None:
        application = make_application()
        for number in range(file_keeping.MOST_FILES):
            attach(application, f"{number}.pdf")
        with pytest.raises(Refused, match="10 files. Take one out first"):
            file_service.add(editor(application), application, upload(name="one-more.pdf"))

    def test_together_they_may_not_be_larger_than_50_mb(self, monkeypatch: pytest.MonkeyPatch) -> None:
        application = make_application()
        first = attach(application, "1.pdf")
        first.stored.size = 50 * MEBIBYTE - 10
        db.session.flush()
        with pytest.raises(Refused, match="50 MB together"):
            file_service.add(editor(application), application, upload(name="2.pdf"))

    def test_the_same_content_is_not_attached_twice(self) -> None:
        application = make_application()
        attach(application, "first.pdf", data=pdf("same"))
        with pytest.raises(Refused, match="first.pdf"):
            file_service.add(editor(application), application, upload(pdf("same"), "second.pdf"))

    @pytest.mark.parametrize(("data", "name"), [(b"MZ\x00", "letter.pdf"), (b"<svg/>", "map.svg"), (b"", "empty.pdf")])
    def test_what_is_no_document_is_refused(self, data: bytes, name: str) -> None:
        application = make_application()
        with pytest.raises(Refused):
            file_service.add(editor(application), application, upload(data, name))
        assert application.files == []

    @pytest.mark.parametrize("state", [S.SUBMITTED, S.UNDER_REVIEW, S.DECIDED, S.ADOPTED, S.WITHDRAWN])
    def test_only_an_editable_plan_takes_files(self, state: ApplicationState) -> None:
        application = make_application(state)
        with pytest.raises(TransitionNotAllowed):
            file_service.add(editor(application), application, upload())

    def test_nobody_else_attaches_anything(self) -> None:
        application = make_application()
        for role in (Role.HOST_EDITOR, Role.COORDINATOR, Role.REVIEWER):
            with pytest.raises(Forbidden):
                file_service.add(make_actor(role), application, upload())


@pytest.mark.usefixtures("app")
class TestTakingOut:
    def test_the_bytes_of_a_draft_go_and_the_record_stays(self) -> None:
        application = make_application()
        file = attach(application)
        file_service.remove(editor(application), application, file.public_id)
        assert application.files == []
        assert file.removed_at is not None and file.removed_by_name
        assert file.stored.state is FileState.REMOVED

    def test_the_bytes_of_what_was_submitted_stay(self) -> None:
        application = make_application()
        file = attach(application)
        sent_back(submitted(application))
        file_service.remove(editor(application), application, file.public_id)
        assert file.stored.state is FileState.STORED
        with storage.open_file(file.stored) as content:
            assert content.read() == pdf("agreement.pdf")

    def test_replacing_takes_the_old_one_out_and_lets_the_name_be(self) -> None:
        application = make_application()
        old = attach(application)
        new = file_service.replace(
            editor(application), application, old.public_id, upload(pdf("better"), "agreement.pdf")
        )
        assert application.files == [new] and old.removed_at is not None


@pytest.mark.usefixtures("english")
class TestFreezing:
    def test_the_receipt_seals_names_and_bytes(self) -> None:
        application = make_application()
        first, second = attach(application, "a.pdf"), attach(application, "b.pdf")
        submitted(application)
        receipt = receipts.of(application)[0]
        digests = (first.stored.sha256, second.stored.sha256)
        confirmed = receipts.read(receipt.code)
        assert confirmed is not None and confirmed.files == digests and tuple(receipt.files) == digests
        assert application.snapshot is not None
        assert [(row["name"], row["sha256"]) for row in application.snapshot["files"]] == [
            ("a.pdf", digests[0]),
            ("b.pdf", digests[1]),
        ]
        assert snapshot.digest(application.snapshot) == confirmed.digest

    def test_a_plan_without_files_has_the_shape_it_always_had(self) -> None:
        assert "files" not in snapshot.content(make_application())

    def test_a_file_makes_a_sign_off_void(self) -> None:
        application = make_application()
        approver = make_actor(Role.HOST_APPROVER, application.host_institution)
        sign_off.sign(approver, application)
        assert sign_off_queries.standing(application).is_valid
        file_service.add(approver, application, upload())
        assert not sign_off_queries.standing(application).is_valid

    def test_what_came_and_went_is_said(self) -> None:
        application = make_application()
        gone = attach(application, "old.pdf")
        sent_back(submitted(application))
        someone = editor(application)
        file_service.remove(someone, application, gone.public_id)
        file_service.add(someone, application, upload(name="new.pdf"))
        pair = changes.pair(application, sees_draft=True)
        assert pair is not None
        said = {part.section: part.changes for part in changes.compare(*pair)}["files"]
        assert [(change.label, bool(change.before), bool(change.after)) for change in said] == [
            ("File, taken out", True, False),
            ("File, new", False, True),
        ]
        masked = {part.section: part.changes for part in changes.compare(*pair, with_contacts=False)}["files"]
        assert "old.pdf" in said[0].before and "old.pdf" not in masked[0].before

    def test_a_copy_begins_without_files(self) -> None:
        application = make_application()
        attach(application)
        made = copying.copy(editor(application), application, call=application.call, course=application.course)
        assert made.files == []


def form(**fields: Any) -> dict[str, Any]:
    return {"kind": "agreement", "note": "Signed in May", "file": (BytesIO(pdf()), "letter.pdf"), **fields}


class TestPages:
    def test_the_host_attaches_replaces_and_takes_out(self, app: Flask, client: Client) -> None:
        application = make_application()
        sign_in(client, make_user(Role.HOST_EDITOR, application.host_institution))
        here = f"/applications/{application.public_id}/files"
        assert client.post(here, data=form()).location.endswith("/files")
        (file,) = application.files
        page = client.get(here).text
        assert "letter.pdf" in page and "Signed in May" in page and "Clean (format check only)" in page
        answer = client.get(f"{here}/{file.public_id}")
        assert answer.data == pdf()
        assert answer.headers["Content-Disposition"].startswith("attachment")
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert "no-store" in answer.headers["Cache-Control"]
        better = form(file=(BytesIO(pdf("better")), "better.pdf"))
        assert client.post(f"{here}/{file.public_id}/replace", data=better).status_code == 302
        (now,) = application.files
        assert client.post(f"{here}/{now.public_id}/remove").status_code == 302
        page = client.get(here).text
        assert "better.pdf" in page and "letter.pdf" in page and "Taken out" in page

    def test_a_file_that_does_not_fit_leaves_what_was_typed(self, app: Flask, client: Client) -> None:
        application = make_application()
        sign_in(client, make_user(Role.HOST_EDITOR, application.host_institution))
        answer = client.post(
            f"/applications/{application.public_id}/files", data=form(file=(BytesIO(b"MZ"), "letter.pdf"))
        )
        assert answer.status_code == 422
        assert "Signed in May" in answer.text and "not PDF, although its name says so" in answer.text

    def test_jst_reads_the_submission_and_nothing_of_the_draft(self, app: Flask, client: Client) -> None:
        application = make_application()
        sealed = attach(application, "sealed.pdf")
        sent_back(submitted(application))
        fresh = attach(application, "fresh.pdf", submitted_at=None)
        sign_in(client, make_user(Role.COORDINATOR))
        here = f"/applications/{application.public_id}"
        page = client.get(here).text
        assert "sealed.pdf" in page and "fresh.pdf" not in page
        assert client.get(f"{here}/files/{sealed.public_id}").status_code == 200
        assert client.get(f"{here}/files/{fresh.public_id}").status_code == 404

    def test_a_file_is_found_under_its_own_plan_only(self, app: Flask, client: Client) -> None:
        file = attach(make_application("submitted"))
        other = make_application("submitted", call=file.application.call)
        sign_in(client, make_user(Role.COORDINATOR))
        assert client.get(f"/applications/{other.public_id}/files/{file.public_id}").status_code == 404

    def test_files_of_other_institutions_do_not_exist(self, app: Flask) -> None:
        file = attach(make_application("submitted"))
        for actor, held in ((editor(file.application), [file]), (make_actor(Role.HOST_EDITOR), [])):
            assert db.session.scalars(authz.visible(actor, "attachment:view", PlanFile)).all() == held

    @pytest.mark.parametrize("role", [Role.AUDITOR, Role.ADMINISTRATOR])
    def test_neither_auditors_nor_administrators_read_files(self, app: Flask, client: Client, role: Role) -> None:
        application = make_application("submitted")
        file = attach(application, "secret-name.pdf")
        sign_in(client, make_user(role))
        here = f"/applications/{application.public_id}"
        assert client.get(f"{here}/files/{file.public_id}").status_code == 403
        assert "secret-name" not in client.get(here).text

    def test_the_page_of_a_plan_reads_its_files_in_one_query(self, app: Flask, client: Client) -> None:
        application = make_application("submitted")
        sign_in(client, make_user(Role.COORDINATOR))
        client.get(f"/applications/{application.public_id}")
        before = client.last.queries
        for number in range(5):
            attach(application, f"{number}.pdf")
        client.get(f"/applications/{application.public_id}")
        assert client.last.queries == before
