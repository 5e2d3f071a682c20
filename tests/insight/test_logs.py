"""The logs: who did what, mails without their text, jobs with their progress."""

import csv
import io
from datetime import timedelta
from typing import Any

import pytest
from bs4 import BeautifulSoup

from app.accounts.models import User
from app.core import audit, clock
from app.core.authz import Role
from app.core.background_job import BackgroundJob, JobState
from app.core.db import db
from app.core.outbox import MailState, OutboxMessage
from app.insight import wording
from tests.conftest import Client
from tests.factories.accounts import actor_of, make_user, sign_in
from tests.factories.directory import make_host


def table(response: Any) -> list[list[str]]:
    assert response.status_code == 200
    page = BeautifulSoup(response.data, "html.parser")
    return [[" ".join(cell.get_text(" ").split()) for cell in row.select("td")] for row in page.select("tbody tr")]


def do(user: User, verb: str = "organization:edit", **particulars: Any) -> audit.AuditEvent:
    return audit.record(actor_of(user), verb, make_host(), **particulars)


def make_mail(recipient: User | None = None, state: MailState = MailState.SENT, **fields: Any) -> OutboxMessage:
    recipient = recipient or make_user()
    values: dict[str, Any] = {
        "message_id": f"<{clock.now().timestamp()}-{recipient.id}@example.jp>",
        "template": "sample",
        "recipient_id": recipient.id,
        "recipient_address": recipient.email,
        "locale": "en",
        "subject": "Your visit is confirmed",
        "body": "The very text of the mail",
        "state": state,
        "sent_at": clock.now() if state is MailState.SENT else None,
    }
    message = OutboxMessage(**{**values, **fields})
    db.session.add(message)
    db.session.flush()
    return message


def make_job(state: JobState = JobState.QUEUED, **fields: Any) -> BackgroundJob:
    values: dict[str, Any] = {
        "kind": "figures.refresh",
        "state": state,
        "finished_at": clock.now() if state in (JobState.DONE, JobState.FAILED) else None,
        "lease_until": clock.now() if state is JobState.RUNNING else None,
        "run_after": clock.now() + timedelta(days=1),
    }
    job = BackgroundJob(**{**values, **fields})
    db.session.add(job)
    db.session.flush()
    return job


@pytest.fixture
def auditor(client: Client) -> Client:
    sign_in(client, make_user(Role.AUDITOR, name="Aya Auditor"))
    return client


def test_audit_log_says_who_did_what_in_words(auditor: Client) -> None:
    do(make_user(name="Haru Host"), comment="Typing slip", changes={"city": ["Kyto", "Kyoto"]})
    newest = table(auditor.get("/audit"))[0]
    assert newest[1:3] == ["Haru Host", "Organization changed"]
    assert newest[4] == "Typing slip city: Kyto \u2192 Kyoto"


def test_secret_field_shows_no_value(auditor: Client) -> None:
    do(make_user(), "passport:write", changes={"passport_number": None})
    assert table(auditor.get("/audit"))[0][4] == "passport_number"


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        ("who=haru", 1),
        ("who=haru@example.jp", 1),
        ("who=nobody at all", 0),
        ("verb=invitee:create", 1),
        ("subject_type=organization", 2),
        ("subject_type=visit", 0),
        ("since=2000-01-01&until=2000-12-31", 0),
        ("since=not-a-day&who=haru", 1),
    ],
)
def test_audit_log_is_filtered(auditor: Client, filters: str, expected: int) -> None:
    do(make_user(name="Haru Host", email="haru@example.jp"))
    do(make_user(), "invitee:create")
    assert len(table(auditor.get(f"/audit?{filters}"))) == expected


def test_audit_log_has_keyset_pages(auditor: Client) -> None:
    user = make_user()
    for _entry in range(60):
        do(user)
    first = auditor.get("/audit?verb=organization:edit")
    following = BeautifulSoup(first.data, "html.parser").select_one("a[rel=next]")["href"]
    assert (len(table(first)), len(table(auditor.get(following)))) == (50, 10)


@pytest.mark.parametrize("path", ["/audit", "/activity", "/mails", "/jobs"])
def test_number_of_queries_does_not_depend_on_the_number_of_rows(client: Client, path: str) -> None:
    user = make_user(Role.AUDITOR)
    for role in (Role.ADMINISTRATOR,):
        from_role = make_user(role)
    reader = user if path == "/audit" else from_role
    sign_in(client, reader)
    counts = []
    for wanted in (1, 3):
        for _row in range(wanted):
            do(reader)
            make_mail()
            make_job()
        client.get(path)
        counts.append(client.last.queries)
    assert counts[0] == counts[1] <= 4


def test_administrator_sees_no_values_and_no_comments(client: Client) -> None:
    do(make_user(), comment="Between us", changes={"city": ["Kyto", "Kyoto"]})
    sign_in(client, make_user(Role.ADMINISTRATOR))
    for page in (client.get("/audit").text, client.get("/audit.csv").text):
        assert "city" in page
        assert "Kyoto" not in page
        assert "Between us" not in page


@pytest.mark.parametrize("role", [Role.COORDINATOR, Role.HOST_APPROVER, Role.DECISION_MAKER, Role.ALUMNUS])
def test_audit_log_is_closed_to_others(client: Client, role: Role) -> None:
    sign_in(client, make_user(role))
    assert client.get("/audit").status_code == 403
    assert client.get("/audit.csv").status_code == 403


def test_audit_log_as_csv_holds_no_formula(auditor: Client) -> None:
    do(make_user(name="=HYPERLINK(1)"))
    text = auditor.get("/audit.csv?verb=organization:edit").data.decode("utf-8-sig")
    found = list(csv.reader(io.StringIO(text)))
    assert found[1][1] == "'=HYPERLINK(1)"


def test_everybody_sees_their_own_activity_only(client: Client) -> None:
    me = make_user(Role.ALUMNUS)
    do(make_user(), "invitee:create")
    do(me, "alumnus:edit")
    sign_in(client, me)
    found = table(client.get("/activity"))
    assert [row[1] for row in found] == ["Signed in", "Profile changed"]


def test_address_is_masked() -> None:
    assert wording.masked("tanaka@example.org") == "t\u2022\u2022\u2022@example.org"


def test_mail_log_shows_neither_address_nor_text(client: Client) -> None:
    make_mail(make_user(email="tanaka@example.org"))
    sign_in(client, make_user(Role.COORDINATOR))
    page = client.get("/mails")
    assert table(page)[0][1:3] == ["Your visit is confirmed", "t\u2022\u2022\u2022@example.org"]
    assert "tanaka@" not in page.text
    assert "The very text" not in page.text


def test_mail_log_of_a_host_holds_mails_to_its_own_staff(client: Client) -> None:
    own = make_host()
    me = make_user(Role.HOST_EDITOR, own)
    make_mail(make_user(Role.HOST_APPROVER, own), subject="For our house")
    make_mail(make_user(Role.HOST_APPROVER), subject="For another house")
    sign_in(client, me)
    assert [row[1] for row in table(client.get("/mails"))] == ["For our house"]


def test_mail_log_is_filtered_by_state(client: Client) -> None:
    make_mail(state=MailState.FAILED, subject="Lost")
    make_mail()
    sign_in(client, make_user(Role.COORDINATOR))
    assert [row[1] for row in table(client.get("/mails?state=failed"))] == ["Lost"]


def test_administrator_sends_a_failed_mail_again(client: Client) -> None:
    message = make_mail(state=MailState.FAILED)
    sign_in(client, make_user(Role.ADMINISTRATOR))
    assert client.post(f"/mails/{message.public_id}/retry").status_code == 302
    db.session.refresh(message)
    assert message.state is not MailState.FAILED


def test_sent_mail_cannot_be_sent_again(client: Client) -> None:
    message = make_mail()
    sign_in(client, make_user(Role.ADMINISTRATOR))
    assert client.post(f"/mails/{message.public_id}/retry").status_code == 409


def test_coordinator_cannot_send_again(client: Client) -> None:
    message = make_mail(state=MailState.FAILED)
    sign_in(client, make_user(Role.COORDINATOR))
    assert client.post(f"/mails/{message.public_id}/retry").status_code == 403


def test_unknown_mail_and_job_answer_404(client: Client) -> None:
    sign_in(client, make_user(Role.ADMINISTRATOR))
    assert client.post("/mails/aaaabbbbccccdddd/retry").status_code == 404
    assert client.get("/jobs/aaaabbbbccccdddd").status_code == 404


def test_administrator_sees_jobs_and_starts_a_failed_one_again(client: Client) -> None:
    job = make_job(JobState.FAILED, last_error="ValueError at worker.py:12")
    sign_in(client, make_user(Role.ADMINISTRATOR))
    row = table(client.get("/jobs?state=failed"))[0]
    assert "Make the figures anew" in row[1]
    assert row[6] == "ValueError at worker.py:12"
    assert client.post(f"/jobs/{job.public_id}/retry").status_code == 302
    db.session.refresh(job)
    assert job.state is not JobState.FAILED


def test_jobs_are_closed_to_others(client: Client) -> None:
    sign_in(client, make_user(Role.COORDINATOR))
    assert client.get("/jobs").status_code == 403
    assert client.post(f"/jobs/{make_job(JobState.FAILED).public_id}/retry").status_code == 403


def test_owner_follows_a_job_without_scripts(client: Client) -> None:
    me = make_user(Role.COORDINATOR)
    job = make_job(JobState.RUNNING, owner_id=me.id, progress_done=3, progress_total=10)
    sign_in(client, me)
    page = client.get(f"/jobs/{job.public_id}")
    assert page.headers["Refresh"].startswith("3; url=")
    assert "3 of 10" in page.text
    job.state, job.lease_until, job.finished_at = JobState.DONE, None, clock.now()
    db.session.flush()
    assert "Refresh" not in client.get(f"/jobs/{job.public_id}").headers


def test_job_of_somebody_else_does_not_exist_for_me(client: Client) -> None:
    job = make_job(owner_id=make_user(Role.COORDINATOR).id)
    sign_in(client, make_user(Role.COORDINATOR))
    assert client.get(f"/jobs/{job.public_id}").status_code == 404
