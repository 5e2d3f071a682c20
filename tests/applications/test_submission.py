"""Submitting: two steps, one receipt, a number that stays, everything to the second."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
import time_machine
from sqlalchemy import select, update

from app.applications import snapshot, submission
from app.applications.models import Application, ApplicationState
from app.core import clock
from app.core.authz import Role
from app.core.db import db
from app.core.errors import Stale
from app.core.outbox import OutboxMessage
from tests.conftest import Client
from tests.factories.accounts import actor_of, make_user, sign_in
from tests.factories.applications import make_application
from tests.factories.calls import make_call

S = ApplicationState
NOW = datetime(2025, 4, 21, 16, 59, 58, 400_000, tzinfo=clock.TOKYO)


@pytest.fixture
def plan(client: Client) -> Application:
    """A complete draft; its institution's approver is signed in."""
    application = make_application()
    sign_in(client, make_user(Role.HOST_APPROVER, application.host_institution, locale="en"))
    return application


def submit(client: Client, application: Application, key: str = "once") -> Any:
    return client.post(f"/applications/{application.public_id}/submit", data={"key": key})


def test_check_page_shows_every_answer_before_anything_is_sent(client: Client, plan: Application) -> None:
    page = client.get(f"/applications/{plan.public_id}/submit").get_data(as_text=True)
    for text in ("Measuring a river basin", "Rivers of Japan", "Undergraduate", "Flights", "Submit the plan"):
        assert text in page
    db.session.refresh(plan)
    assert plan.state is S.DRAFT


def test_check_page_leads_to_the_field_and_names_rule_and_clause(client: Client, plan: Application) -> None:
    plan.ends_on, plan.purpose = date(2025, 8, 1), ""
    page = client.get(f"/applications/{plan.public_id}/submit").get_data(as_text=True)
    summary = page.partition("govuk-error-summary__list")[2].partition("</ul>")[0]
    edit = f"/applications/{plan.public_id}/edit"
    assert (
        f'<a href="{edit}/itinerary#ends_on">Length of stay: The stay is 8 days; at most 7 are allowed.</a>' in summary
    )
    assert "Guidelines, “Length of stay” (course A)" in summary
    assert f'<a href="{edit}/overview#purpose">Enter the purpose of the exchange.</a>' in summary


def test_submission_gives_number_receipt_and_frozen_copy(client: Client, plan: Application) -> None:
    answer = submit(client, plan)
    assert answer.status_code == 302
    assert answer.location == f"/applications/{plan.public_id}/receipt"
    db.session.refresh(plan)
    assert plan.state is S.SUBMITTED
    assert plan.reference == "2025-0001"
    assert plan.snapshot is not None and plan.snapshot_sha256 == snapshot.digest(plan.snapshot)
    assert plan.snapshot["people"][0]["number"] == 7
    assert {verdict["check_name"] for verdict in plan.verdicts} >= {"stay_length", "head_count"}
    page = client.get(answer.location).get_data(as_text=True)
    assert "2025-0001" in page and str(plan.snapshot_sha256) in page


def test_receipt_names_the_second_in_japan_time(client: Client) -> None:
    call = make_call(opens_at=NOW - timedelta(days=9), closes_at=NOW + timedelta(seconds=2))
    application = make_application(call=call)
    approver = make_user(Role.HOST_APPROVER, application.host_institution, locale="en")
    with time_machine.travel(NOW, tick=False):
        sign_in(client, approver)
        answer = submit(client, application)
        assert "21 April 2025, 16:59:58 JST" in client.get(answer.location).get_data(as_text=True)


def test_second_click_gets_the_same_receipt(client: Client, plan: Application) -> None:
    first, second, another_tab = submit(client, plan), submit(client, plan), submit(client, plan, key="other")
    assert {answer.status_code for answer in (first, second, another_tab)} == {302}
    assert first.location == second.location == another_tab.location
    assert len(db.session.scalars(select(OutboxMessage)).all()) == 3  # the approver and two contacts, once each


def test_receipt_is_mailed_to_staff_and_contacts_in_their_language(client: Client, plan: Application) -> None:
    make_user(Role.HOST_EDITOR, plan.host_institution, locale="ja", email="editor@example.jp")
    make_user(Role.HOST_EDITOR, email="stranger@example.jp")
    submit(client, plan)
    mails = {mail.recipient_address: mail for mail in db.session.scalars(select(OutboxMessage))}
    assert set(mails) == {
        plan.principal_email,
        plan.administrative_email,
        "editor@example.jp",
        *(address for address in mails if address.startswith("person")),
    }
    assert mails["editor@example.jp"].locale == "ja"
    assert mails[plan.principal_email].locale == "ja"
    english = next(mail for mail in mails.values() if mail.locale == "en")
    assert english.subject == "Received: exchange plan 2025-0001"
    assert "JST" in english.body and str(db.session.get(Application, plan.id).snapshot_sha256) in english.body  # type: ignore[union-attr]


def test_incomplete_plan_is_refused_with_everything_that_is_missing(client: Client) -> None:
    application = make_application(complete=False)
    sign_in(client, make_user(Role.HOST_APPROVER, application.host_institution))
    answer = submit(client, application)
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    for text in ("Enter the purpose of the exchange.", "Length of stay", "Contact persons", "Export-control forms"):
        assert text in page
    db.session.refresh(application)
    assert (application.state, application.reference) == (S.DRAFT, None)


def test_plan_after_the_deadline_is_refused_with_the_servers_time(client: Client) -> None:
    application = make_application(call=make_call(opens_at=NOW - timedelta(days=9), closes_at=NOW))
    approver = make_user(Role.HOST_APPROVER, application.host_institution)
    with time_machine.travel(NOW, tick=False):
        sign_in(client, approver)
        answer = submit(client, application)
    assert answer.status_code == 422
    assert "21 April 2025, 16:59:58 JST" in answer.get_data(as_text=True)
    assert db.session.scalar(select(OutboxMessage)) is None


def test_editor_cannot_submit(client: Client) -> None:
    application = make_application()
    sign_in(client, make_user(Role.HOST_EDITOR, application.host_institution))
    assert submit(client, application).status_code == 403


def test_plan_submitted_again_keeps_its_number_and_gets_a_new_copy(client: Client) -> None:
    application = make_application(S.RETURNED)
    number, first = application.reference, application.snapshot_sha256
    application.theme_en = "Corrected"
    approver = make_user(Role.HOST_APPROVER, application.host_institution)
    submission.submit(actor_of(approver), application)
    assert (application.reference, application.state) == (number, S.SUBMITTED)
    assert application.snapshot_sha256 != first
    assert application.return_reason == ""


def test_numbers_of_a_year_follow_one_another(client: Client, plan: Application) -> None:
    other = make_application(call=plan.call, host=plan.host_institution)
    submit(client, plan, key="first")
    submit(client, other, key="second")
    db.session.expire_all()
    assert (plan.reference, other.reference) == ("2025-0001", "2025-0002")


def test_same_plan_gives_the_same_digest_in_either_language(client: Client, plan: Application, app: Any) -> None:
    digests = set()
    for tongue in ("ja", "en"):
        with app.test_request_context(headers={"Accept-Language": tongue}):
            digests.add(snapshot.digest(snapshot.content(plan)))
    assert len(digests) == 1


@pytest.mark.parametrize("tongue", ["ja", "en"])
def test_plan_and_receipt_print_in_both_languages(client: Client, plan: Application, tongue: str) -> None:
    submit(client, plan)
    for paper in ("plan.pdf", "receipt.pdf"):
        answer = client.get(f"/applications/{plan.public_id}/{paper}?language={tongue}")
        assert answer.status_code == 200
        assert answer.content_type == "application/pdf"
        assert answer.data.startswith(b"%PDF-")


def test_draft_has_no_receipt(client: Client, plan: Application) -> None:
    assert client.get(f"/applications/{plan.public_id}/receipt").status_code == 404
    assert client.get(f"/applications/{plan.public_id}/receipt.pdf").status_code == 404
    assert client.get(f"/applications/{plan.public_id}/plan.pdf").status_code == 200


PAGES = ("", "/submit", "/receipt", "/receipt.pdf", "/plan.pdf", "/mails", "/edit/overview", "/withdraw")


@pytest.mark.parametrize("path", PAGES)
def test_plan_of_another_institution_does_not_exist(client: Client, path: str) -> None:
    application = make_application(S.SUBMITTED)
    sign_in(client, make_user(Role.HOST_APPROVER))
    assert client.get(f"/applications/{application.public_id}{path}").status_code == 404
    if path in ("/submit", "/edit/overview", "/withdraw"):
        assert client.post(f"/applications/{application.public_id}{path}", data={"key": "k"}).status_code == 404


def test_return_asks_for_reason_and_a_day_to_come(client: Client) -> None:
    application = make_application(S.SUBMITTED)
    sign_in(client, make_user(Role.COORDINATOR))
    path = f"/applications/{application.public_id}/return"
    assert client.get(path).status_code == 200
    assert client.post(path, data={"key": "a", "comment": "", "due_on": ""}).status_code == 422
    yesterday = (clock.today() - timedelta(days=1)).isoformat()
    assert client.post(path, data={"key": "b", "comment": "Budget", "due_on": yesterday}).status_code == 422
    due = clock.today() + timedelta(days=14)
    assert client.post(path, data={"key": "c", "comment": "Budget", "due_on": due.isoformat()}).status_code == 302
    db.session.refresh(application)
    assert (application.state, application.return_due_on, application.return_reason) == (S.RETURNED, due, "Budget")
    mail = db.session.scalar(select(OutboxMessage).where(OutboxMessage.template == "application_returned"))
    assert mail is not None and "Budget" in mail.body


def test_approver_withdraws_and_coordinators_hear_of_it(client: Client) -> None:
    application = make_application(S.SUBMITTED)
    coordinator = make_user(Role.COORDINATOR)
    sign_in(client, make_user(Role.HOST_APPROVER, application.host_institution))
    answer = client.post(f"/applications/{application.public_id}/withdraw", data={"key": "w", "comment": "No staff"})
    assert answer.status_code == 302
    db.session.refresh(application)
    assert application.state is S.WITHDRAWN
    mail = db.session.scalar(select(OutboxMessage))
    assert mail is not None and (mail.recipient_id, mail.template) == (coordinator.id, "application_withdrawn")


def test_frozen_verdicts_stay_when_a_rule_changes(client: Client, plan: Application) -> None:
    submit(client, plan)
    rule = next(rule for rule in plan.course.rules if rule.check_name == "stay_length")
    rule.limit = {**rule.limit, "max_days": 3}
    page = client.get(f"/applications/{plan.public_id}").get_data(as_text=True)
    assert "as judged at the submission" in page and "The stay is 7 days; 7 are allowed." in page


def test_due_day_of_a_returned_plan_is_said_on_its_page(client: Client) -> None:
    application = make_application(S.RETURNED, return_due_on=date(2027, 5, 7))
    application.return_due_on = date(2027, 5, 7)
    sign_in(client, make_user(Role.HOST_EDITOR, application.host_institution))
    assert "7 May 2027" in client.get(f"/applications/{application.public_id}").get_data(as_text=True)


def test_plan_changed_since_it_was_read_is_not_frozen_unread(plan: Application) -> None:
    assert submission.is_received(plan) is False
    newer = update(Application).where(Application.id == plan.id).values(version=plan.version + 1)
    db.session.execute(newer, execution_options={"synchronize_session": False})
    with pytest.raises(Stale):
        submission.is_received(plan)


def test_second_tab_sees_what_the_first_one_did(plan: Application) -> None:
    submitted = {"state": S.SUBMITTED, "reference": "2025-0001", "submitted_at": clock.now(), "version": 2}
    received = update(Application).where(Application.id == plan.id).values(submitted)
    db.session.execute(received, execution_options={"synchronize_session": False})
    assert plan.state is S.DRAFT
    assert submission.is_received(plan) is True
