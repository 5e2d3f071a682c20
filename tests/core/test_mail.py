"""A mail reads in every language, carries nothing a stranger put into it, and says what became of it."""

import socket
from datetime import UTC, datetime
from typing import Any

import pytest

from app.core import mail

SENDER = "さくらサイエンス事務局 <noreply@exchange.example.jp>"


def envelope(**changes: Any) -> mail.Envelope:
    values: dict[str, Any] = {
        "message_id": "<1@exchange.example.jp>",
        "address": "somchai@example.ac.th",
        "name": "สมชาย ใจดี",
        "subject": "採択のお知らせ（2026年度）",
        "body": "佐藤 様\n\n採択されました。\n",
        "language": "ja",
        "written_at": datetime(2026, 7, 1, 8, 0, tzinfo=UTC),
    }
    return mail.Envelope(**{**values, **changes})


def test_mail_arrives_with_subject_names_and_text_in_their_scripts(sink: Any) -> None:
    handler, settings = sink
    with mail.transport(settings) as send:
        send(mail.compose(envelope(), SENDER))
    (message,) = handler.received
    assert message["Subject"] == "採択のお知らせ（2026年度）"
    assert message["To"].addresses[0].display_name == "สมชาย ใจดี"
    assert message["From"].addresses[0].display_name == "さくらサイエンス事務局"
    assert message["Message-ID"] == "<1@exchange.example.jp>"
    assert message["Date"].datetime == datetime(2026, 7, 1, 8, 0, tzinfo=UTC)
    assert message["Auto-Submitted"] == "auto-generated"
    assert message.get_content().replace("\r\n", "\n") == "佐藤 様\n\n採択されました。\n"


def test_line_ends_in_names_and_subjects_add_no_header(sink: Any) -> None:
    handler, settings = sink
    with mail.transport(settings) as send:
        send(
            mail.compose(envelope(name="A\r\nBcc: x@evil.example", subject="Hi\r\nBcc: y@evil.example\u2028z"), SENDER)
        )
    (message,) = handler.received
    assert message["Bcc"] is None
    assert message["Subject"] == "Hi Bcc: y@evil.example z"
    assert len(message["To"].addresses) == 1


@pytest.mark.parametrize(
    "address", ["", "nobody", "a@b\r\nBcc: x@evil.example", "a@b, c@d", "<a@b>", "a b@c.jp", "a@b\u2028c", '"a"@b.jp']
)
def test_address_that_is_not_one_address_is_refused(address: str) -> None:
    with pytest.raises(ValueError, match="valid recipient"):
        mail.compose(envelope(address=address), SENDER)


def test_japanese_domain_is_sent_in_its_ascii_form() -> None:
    assert mail.compose(envelope(address="info@日本語.jp"), SENDER)["To"].addresses[0].domain == "xn--wgv71a119e.jp"


def test_recipient_refused_for_good_is_told_apart_from_a_busy_server(sink: Any) -> None:
    handler, settings = sink
    handler.refuse_with = {"gone@example.jp": "550 no such user", "later@example.jp": "451 try later"}
    with mail.transport(settings) as send:
        with pytest.raises(mail.MailRefused, match="550"):
            send(mail.compose(envelope(address="gone@example.jp"), SENDER))
        with pytest.raises(Exception, match="451") as busy:
            send(mail.compose(envelope(address="later@example.jp"), SENDER))
        assert not isinstance(busy.value, mail.MailRefused)
        send(mail.compose(envelope(), SENDER))
    assert len(handler.received) == 1


def test_server_that_does_not_answer_is_an_error_and_no_refusal(sink: Any) -> None:
    _, settings = sink
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        closed = free.getsockname()[1]
    with mail.transport({**settings, "SMTP_PORT": closed}) as send, pytest.raises(OSError, match="refused"):
        send(mail.compose(envelope(), SENDER))


def test_unknown_transport_is_refused() -> None:
    with pytest.raises(ValueError, match="MAIL_TRANSPORT"), mail.transport({"MAIL_TRANSPORT": "pigeon"}):
        pass
