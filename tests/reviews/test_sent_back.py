"""A plan sent back goes on being read as it was submitted: no page, file or mail outside its host has its draft."""

import io
import zipfile

import pytest
from sqlalchemy import select

from app.accounts.models import User
from app.applications import service
from app.core.authz import Role
from app.core.db import db
from app.core.outbox import OutboxMessage
from app.reviews import score_export
from app.reviews.models import ReviewAssignment
from tests.conftest import Client
from tests.factories.accounts import make_actor, make_user, sign_in
from tests.factories.applications import make_application
from tests.factories.reviews import make_assignment, make_review_plan

DRAFT, SUBMITTED = "A theme nobody submitted", "Measuring a river basin"


@pytest.fixture
def given(client: Client) -> ReviewAssignment:
    """A plan that was sent back while an expert reads it; its host has begun to change it."""
    plan = make_application("returned", theme_en=SUBMITTED)
    plan.theme_en = DRAFT
    make_review_plan(plan.call, "scoring")
    return make_assignment(plan)


def pages(client: Client, *paths: str) -> str:
    return " ".join(client.get(path).get_data(as_text=True) for path in paths)


def test_experts_go_on_with_what_was_submitted(client: Client, given: ReviewAssignment) -> None:
    sign_in(client, db.session.get_one(User, given.reviewer.user_id))
    at = f"/reviews/mine/{given.public_id}"
    said = pages(client, "/reviews/mine", at, f"/reviews/assignments/{given.public_id}/conflict")
    assert SUBMITTED in said and DRAFT not in said
    with client.post("/reviews/mine/packet") as packet:
        stored = packet.get_data()
    with zipfile.ZipFile(io.BytesIO(stored)) as archive:
        sheets = zipfile.ZipFile(io.BytesIO(archive.read("score-sheets.xlsx")))
        assert not any(DRAFT in sheets.read(name).decode("utf-8", "replace") for name in sheets.namelist())


def test_so_does_jst(client: Client, given: ReviewAssignment) -> None:
    plan, actor = given.application, make_actor(Role.COORDINATOR)
    sign_in(client, make_user(Role.COORDINATOR))
    rounds = f"/reviews/rounds/{plan.call.public_id}"
    said = pages(client, rounds, f"{rounds}/plans/{plan.public_id}/readers", f"/reviews/plans/{plan.public_id}")
    assert SUBMITTED in said and DRAFT not in said
    table = score_export.export(actor, plan.call, reason="For the meeting.")
    assert [row[2] for row in score_export.rows(table)] == [SUBMITTED]


def test_a_withdrawal_is_told_with_the_theme_that_was_submitted(client: Client, given: ReviewAssignment) -> None:
    plan = given.application
    make_user(Role.COORDINATOR)
    service.transition(
        make_actor(Role.HOST_APPROVER, plan.host_institution), plan, "withdraw", comment="We cannot come."
    )
    mails = db.session.scalars(select(OutboxMessage).where(OutboxMessage.template == "application_withdrawn")).all()
    assert mails and all(SUBMITTED in mail.body and DRAFT not in mail.body for mail in mails)
