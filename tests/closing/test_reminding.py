"""JST reminds hosts of reports that are not in, many at once and with a message, at most once a day for a visit."""

from sqlalchemy import select

from app.closing.models import ReportState
from app.core.audit import AuditEvent
from app.core.authz import Role
from app.core.db import db
from app.core.outbox import OutboxMessage
from app.visits.models import VisitState
from tests.conftest import Client
from tests.factories.accounts import make_user, sign_in
from tests.factories.closing import make_ended_visit, make_report
from tests.factories.directory import make_host

ACT = "/lists/reports/acts/remind?which=found"


def mails() -> list[OutboxMessage]:
    query = select(OutboxMessage).where(OutboxMessage.template == "report_reminder").order_by(OutboxMessage.id)
    return list(db.session.scalars(query))


def test_hosts_of_all_visits_found_are_reminded_in_their_languages(client: Client) -> None:
    host, other = make_host(), make_host()
    editor = make_user(Role.HOST_EDITOR, host, locale="en")
    approver = make_user(Role.HOST_APPROVER, host, locale="ja")
    make_user(Role.HOST_APPROVER, other)
    late = make_ended_visit(host)
    handed_in = make_ended_visit(other, state=VisitState.REPORTED, took_part=True)
    make_report(handed_in, ReportState.SUBMITTED)
    lonely = make_ended_visit()
    sign_in(client, make_user(Role.COORDINATOR))
    page = client.get(ACT).get_data(as_text=True)
    assert "The report is in." in page and handed_in.reference in page
    answer = client.post(ACT, data={"key": "k", "comment": "By Friday, please."})
    assert [mail.recipient_id for mail in mails()] == [editor.id, approver.id]
    assert all(late.reference in mail.subject and "By Friday, please." in mail.body for mail in mails())
    page = client.get(answer.location).get_data(as_text=True)
    assert lonely.reference in page and "Nobody of the institution has an account." in page
    entry = db.session.scalars(select(AuditEvent).where(AuditEvent.verb == "report:remind")).one()
    assert (entry.comment, entry.changes) == ("By Friday, please.", {"mails": [0, 2]})


def test_host_is_reminded_once_a_day(client: Client) -> None:
    host = make_host()
    make_user(Role.HOST_EDITOR, host)
    make_ended_visit(host)
    sign_in(client, make_user(Role.COORDINATOR))
    client.post(ACT, data={"key": "a"})
    page = client.get(client.post(ACT, data={"key": "b"}).location).get_data(as_text=True)
    assert "The host has been reminded today already." in page and len(mails()) == 1


def test_message_that_is_too_long_stays_in_its_field(client: Client) -> None:
    host = make_host()
    make_user(Role.HOST_EDITOR, host)
    make_ended_visit(host)
    sign_in(client, make_user(Role.COORDINATOR))
    answer = client.post(ACT, data={"key": "a", "comment": "x" * 1001})
    assert answer.status_code == 422 and "x" * 1001 in answer.get_data(as_text=True) and mails() == []
