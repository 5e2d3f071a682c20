"""Signed receipts: one per submission, never changed, checked by anybody, telling nothing of the plan."""

import json
from datetime import datetime
from typing import Any

import pytest
import time_machine
from flask import Flask
from sqlalchemy import delete, select, update
from sqlalchemy.exc import DBAPIError

from app.applications import receipts, submission
from app.applications.models import Application, ApplicationState
from app.applications.receipt_models import Receipt
from app.core import clock, signing
from app.core.authz import Role
from app.core.crypto import new_key
from app.core.db import db
from app.core.outbox import OutboxMessage
from tests.conftest import Client
from tests.factories.accounts import actor_of, make_user, sign_in
from tests.factories.applications import make_application
from tests.factories.calls import make_call

S = ApplicationState
ENGLISH = {"Accept-Language": "en"}
NOW = datetime(2025, 4, 21, 16, 59, 58, 400_000, tzinfo=clock.TOKYO)


def received(application: Application | None = None) -> Receipt:
    """A plan submitted now; returns its receipt."""
    application = application or make_application()
    approver = make_user(Role.HOST_APPROVER, application.host_institution)
    submission.submit(actor_of(approver), application)
    return receipts.of(application)[0]


def check(client: Client, code: str) -> Any:
    return client.get("/receipts/verify", query_string={"code": code}, headers=ENGLISH)


def test_submission_is_signed_with_number_second_and_digest(app: Flask) -> None:
    call = make_call(opens_at=NOW.replace(day=1), closes_at=NOW.replace(day=22))
    with time_machine.travel(NOW, tick=False):
        receipt = received(make_application(call=call))
    application = db.session.get_one(Application, receipt.application_id)
    assert signing.signer().verify(receipt.code) == {
        "kind": "application-receipt",
        "reference": application.reference,
        "sequence": 1,
        "received_at": "2025-04-21T07:59:58Z",
        "sha256": application.snapshot_sha256,
        "files": [],
        "key": "demo",
    }
    assert receipt.submitted_by_id == application.submitted_by_id


def test_each_submission_of_a_plan_has_a_receipt_of_its_own(app: Flask) -> None:
    first = received()
    application = db.session.get_one(Application, first.application_id)
    application.state, application.theme_en = S.RETURNED, "Corrected"
    second = received(application)
    assert (first.sequence, second.sequence) == (1, 2)
    assert first.reference == second.reference
    assert first.snapshot_sha256 != second.snapshot_sha256
    assert receipts.read(first.code) is not None


@pytest.mark.parametrize("statement", [update(Receipt).values(reference="2025-9999"), delete(Receipt)])
def test_receipt_cannot_be_changed(app: Flask, statement: Any) -> None:
    received()
    with pytest.raises(DBAPIError, match="never changed"):
        db.session.execute(statement)
    db.session.rollback()


def test_stranger_reads_that_a_receipt_is_genuine_and_nothing_of_the_plan(client: Client) -> None:
    receipt = received()
    application = db.session.get_one(Application, receipt.application_id)
    host, submitter = application.host_institution, actor_of(make_user())
    answer = check(client, receipt.code)
    page = answer.get_data(as_text=True)
    assert answer.status_code == 200
    assert "This receipt is genuine" in page
    assert receipt.reference in page and receipt.snapshot_sha256 in page
    for secret in (application.theme_en, host.name_en, host.name_ja, "Taro Sato", submitter.name, "Course A"):
        assert secret not in page


def test_code_is_taken_as_it_comes_out_of_a_mail(client: Client) -> None:
    code = received().code
    for text in (f"  {code[:70]}\r\n {code[70:]} \n", f"https://exchange.example/receipts/verify?code={code}"):
        assert check(client, text).status_code == 200


@pytest.mark.parametrize("change", ["reference", "signature", "unknown"])
def test_anything_else_is_answered_alike(client: Client, change: str) -> None:
    payload, _dot, signature = received().code.partition(".")
    forged = signing.encode(signing.decode(payload).replace(b'"2025-', b'"2024-'))
    turned = signature[::-1]  # as long, and of the same signs
    code = {"reference": f"{forged}.{signature}", "signature": f"{payload}.{turned}", "unknown": "x.y"}[change]
    answer = check(client, code)
    assert answer.status_code == 404
    assert "This is not a genuine receipt" in answer.get_data(as_text=True)
    assert "2025-0001" not in answer.get_data(as_text=True)


def test_other_signed_facts_are_no_receipt(client: Client) -> None:
    assert check(client, signing.signer().sign({"kind": "something else"})).status_code == 404


def test_page_publishes_the_keys_and_asks_for_a_code(client: Client) -> None:
    page = client.get("/receipts/verify", headers=ENGLISH).get_data(as_text=True)
    assert "BEGIN PUBLIC KEY" in page and "PRIVATE" not in page
    assert 'name="code"' in page


def test_checking_is_limited(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    code = received().code
    monkeypatch.setattr("app.applications.views.receipts.VERIFICATIONS_PER_HOUR", 0)
    assert check(client, code).status_code == 429
    assert client.get("/receipts/verify").status_code == 200  # only trying a code counts


def test_receipt_signed_with_an_older_key_stays_genuine(app: Flask, client: Client) -> None:
    code, before = received().code, app.extensions[signing.EXTENSION]
    old = str(app.config["RECEIPT_KEYS"]).partition(":")[2]
    try:
        app.extensions[signing.EXTENSION] = signing.Signer({"new": new_key(), "demo": old})
        assert check(client, code).status_code == 200
        app.extensions[signing.EXTENSION] = signing.Signer({"new": new_key()})
        assert check(client, code).status_code == 404
    finally:
        app.extensions[signing.EXTENSION] = before


def test_host_reads_downloads_and_is_mailed_the_signed_receipt(client: Client) -> None:
    application = make_application()
    receipt = received(application)
    sign_in(client, make_user(Role.HOST_EDITOR, application.host_institution, locale="en"))
    page = client.get(f"/applications/{application.public_id}/receipt").get_data(as_text=True)
    assert receipt.signature in page and receipt.code in page
    answer = client.get(f"/applications/{application.public_id}/receipt.json")
    kept = json.loads(answer.data)
    assert kept["code"] == receipt.code and kept["receipt"]["reference"] == receipt.reference
    assert kept["public_key"].startswith("-----BEGIN PUBLIC KEY-----")
    assert "attachment" in answer.headers["Content-Disposition"]
    bodies = db.session.scalars(select(OutboxMessage.body).where(OutboxMessage.template == "application_received"))
    assert all(f"/receipts/verify?code={receipt.code}" in body for body in bodies.all())


def test_receipt_file_of_another_institution_or_a_draft_does_not_exist(client: Client) -> None:
    application = make_application()
    sign_in(client, make_user(Role.HOST_EDITOR, application.host_institution))
    assert client.get(f"/applications/{application.public_id}/receipt.json").status_code == 404
    received(application)
    sign_in(client, make_user(Role.HOST_EDITOR))
    assert client.get(f"/applications/{application.public_id}/receipt.json").status_code == 404


def test_plan_received_before_receipts_were_signed_keeps_its_page(client: Client) -> None:
    application = make_application(S.SUBMITTED)
    sign_in(client, make_user(Role.HOST_EDITOR, application.host_institution))
    assert client.get(f"/applications/{application.public_id}/receipt").status_code == 200
