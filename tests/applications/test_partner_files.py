"""A partner's own files behind its link: added, replaced, taken out; nothing of anybody else."""

from io import BytesIO
from typing import Any

import pytest
from flask import Flask

from app.applications import file_keeping, file_service, partner_links
from app.applications.models import Application, ApplicationState
from app.core import clock
from app.core.authz import Role
from app.core.db import db
from tests.conftest import Client
from tests.factories.accounts import make_actor
from tests.factories.applications import make_application
from tests.factories.directory import make_sending
from tests.factories.files import attach, pdf
from tests.factories.partners import Invited, invite_partner, open_browser, partner_of


def form(mark: str = "", **fields: Any) -> dict[str, Any]:
    return {"kind": "agreement", "note": "", "file": (BytesIO(pdf(mark)), "letter.pdf"), **fields}


@pytest.fixture
def application(app: Flask) -> Application:
    return make_application(partners=[make_sending(), make_sending()])


@pytest.fixture
def invited(application: Application) -> Invited:
    return invite_partner(partner_of(application))


@pytest.fixture
def phone(app: Flask, invited: Invited) -> Client:
    return open_browser(app, invited)


def test_the_partner_attaches_reads_replaces_and_takes_out(application: Application, phone: Client) -> None:
    assert phone.post("/partner/files", data=form()).status_code == 302
    (file,) = application.files
    assert file.partner_id == partner_of(application).id and file.added_by_id is None
    answer = phone.get(f"/partner/files/{file.public_id}")
    assert answer.data == pdf() and answer.headers["Content-Disposition"].startswith("attachment")
    assert phone.post(f"/partner/files/{file.public_id}/replace", data=form("better")).status_code == 302
    (now,) = application.files
    assert now.public_id != file.public_id and now.partner_id == file.partner_id
    assert phone.post(f"/partner/files/{now.public_id}/remove").status_code == 302
    assert application.files == []


def test_what_others_attached_does_not_exist_for_it(application: Application, phone: Client) -> None:
    of_host = attach(application, "of-host.pdf")
    of_other = attach(application, "of-other.pdf", partner=partner_of(application, 1))
    page = phone.get("/partner/files").text
    for file in (of_host, of_other):
        assert file.name not in page
        for verb in ("", "/replace", "/remove"):
            assert phone.get(f"/partner/files/{file.public_id}{verb}").status_code == 404
        assert phone.post(f"/partner/files/{file.public_id}/remove").status_code == 404


def test_a_part_holds_three(application: Application, phone: Client) -> None:
    for number in range(file_keeping.MOST_OF_PARTNER):
        attach(application, f"{number}.pdf", partner=partner_of(application))
    answer = phone.post("/partner/files", data=form("one more"))
    assert answer.status_code == 422 and len(application.files) == file_keeping.MOST_OF_PARTNER


def test_once_the_plan_is_handed_in_the_files_are_read_and_no_longer_changed(
    application: Application, phone: Client
) -> None:
    file = attach(application, partner=partner_of(application))
    application.reference, application.submitted_at = "2025-9999", clock.now()
    application.state = ApplicationState.SUBMITTED
    db.session.flush()
    assert phone.get(f"/partner/files/{file.public_id}").status_code == 200
    assert phone.post("/partner/files", data=form("late")).status_code == 409
    assert phone.post(f"/partner/files/{file.public_id}/remove").status_code == 409


def test_a_link_taken_back_opens_no_file(application: Application, phone: Client) -> None:
    file = attach(application, partner=partner_of(application))
    partner_links.revoke(partner_of(application))
    for address in ("/partner/files", f"/partner/files/{file.public_id}"):
        assert phone.get(address).status_code == 410


def test_another_organization_in_its_place_does_not_inherit_its_files(application: Application) -> None:
    partner = partner_of(application)
    file = attach(application, partner=partner)
    partner_links.start_anew(partner)
    assert application.files == [] and file.removed_by_name == "SYSTEM"


def test_the_host_may_take_out_what_a_partner_attached(application: Application) -> None:
    file = attach(application, partner=partner_of(application))
    editor = make_actor(Role.HOST_EDITOR, application.host_institution)
    file_service.remove(editor, application, file.public_id)
    assert application.files == [] and file.removed_by_name == editor.name
