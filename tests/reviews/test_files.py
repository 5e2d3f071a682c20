"""A reviewer downloads the files of a plan taken on, through the assignment alone."""

import pytest
from flask import Flask

from app.core.authz import Role
from app.core.db import db
from tests.conftest import Client
from tests.factories.accounts import make_user, sign_in
from tests.factories.applications import make_application
from tests.factories.files import attach
from tests.factories.reviews import make_assignment, make_conflict, make_review_plan, make_reviewer


def given(client: Client, state: str = "accepted") -> tuple[str, str, object]:
    """An expert at the desk, a plan with a file: the addresses of the sheet and the file."""
    application = make_application("under_review")
    make_review_plan(application.call)
    file, expert = attach(application, "letter.pdf"), make_user(Role.REVIEWER)
    assignment = make_assignment(application, make_reviewer(user=expert), state=state)
    sign_in(client, expert)
    sheet = f"/reviews/mine/{assignment.public_id}"
    return sheet, f"{sheet}/files/{file.public_id}", assignment


def test_the_file_stands_beside_the_sheet_and_comes_as_an_attachment(app: Flask, client: Client) -> None:
    sheet, file, _assignment = given(client)
    assert "letter.pdf" in client.get(sheet).text
    answer = client.get(file)
    assert answer.status_code == 200 and answer.headers["Content-Disposition"].startswith("attachment")
    assert "no-store" in answer.headers["Cache-Control"]


def test_not_before_the_plan_is_taken_on(app: Flask, client: Client) -> None:
    sheet, file, _assignment = given(client, "sent")
    assert "letter.pdf" not in client.get(sheet).text
    assert client.get(file).status_code == 409


def test_not_beside_a_conflict(app: Flask, client: Client) -> None:
    _sheet, file, assignment = given(client)
    make_conflict(assignment.application, assignment.reviewer)  # type: ignore[attr-defined]
    assert client.get(file).status_code == 404


def test_no_file_of_another_plan_nor_of_a_draft(app: Flask, client: Client) -> None:
    sheet, _file, assignment = given(client)
    application = assignment.application  # type: ignore[attr-defined]
    other = attach(make_application("under_review", call=application.call))
    draft = attach(application, "draft.pdf", submitted_at=None)
    db.session.flush()
    for file in (other, draft):
        assert client.get(f"{sheet}/files/{file.public_id}").status_code == 404


@pytest.mark.parametrize("role", [Role.COORDINATOR, Role.HOST_EDITOR, Role.AUDITOR])
def test_the_desk_is_the_reviewers(app: Flask, client: Client, role: Role) -> None:
    _sheet, file, _assignment = given(client)
    sign_in(client, make_user(role))
    assert client.get(file).status_code == 403
