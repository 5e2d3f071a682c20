"""A mail that came back is known as such, whoever's server sent it back; what is no notification changes nothing."""

import io
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from app.core import bounce_commands, bounces, outbox, transaction
from app.core.bounces import NotANotification
from app.core.db import db
from app.core.outbox import MailState, OutboxMessage
from tests.core.test_outbox import Reader

SAMPLES = Path(__file__).parents[1] / "data" / "bounces"
OURS = "<" + "0123456789abcdef" * 2 + "@program.example>"


def sample(name: str, message_id: str = OURS) -> bytes:
    return (SAMPLES / f"{name}.eml").read_bytes().replace(b"MESSAGE_ID", message_id.encode())


@pytest.fixture(autouse=True)
def templates(tmp_path: Path) -> None:
    folder = tmp_path / "templates" / "email"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "plain.txt").write_text("Result\n\nThe letter.\n", encoding="utf-8")


@pytest.fixture
def mail(kernel: Flask) -> OutboxMessage:
    with transaction.unit_of_work():
        message = outbox.enqueue("plain", Reader())
    return message


def stored() -> OutboxMessage:
    db.session.expire_all()
    return db.session.scalars(select(OutboxMessage)).one()


@pytest.mark.parametrize(
    ("name", "status", "words"),
    [
        ("postfix", "5.1.1", "550 5.1.1 <…>: Recipient address rejected: User unknown in local recipient table"),
        ("exchange", "5.2.2", "554 5.2.2 mailbox full"),
        ("gmail", "5.1.1", "The email account that you tried to reach does not exist."),
    ],
)
def test_notification_of_each_kind_of_server_is_understood(name: str, status: str, words: str) -> None:
    found = bounces.parse(sample(name))
    assert (found.message_ids, found.failed, found.status) == ((OURS,), True, status)
    assert words in found.text and "\n" not in found.text and "@" not in found.text
    assert len(found.text) <= bounces.LONGEST_TEXT


@pytest.mark.parametrize("name", ["postfix", "exchange", "gmail"])
def test_mail_that_came_back_is_marked_once(kernel: Flask, mail: OutboxMessage, name: str) -> None:
    with transaction.unit_of_work():
        assert bounces.record(bounces.parse(sample(name, mail.message_id))) is not None
    first = stored()
    assert first.bounced_at is not None and first.state is MailState.SENT and first.did_not_arrive
    at, text = first.bounced_at, first.bounce_text
    with transaction.unit_of_work():
        bounces.record(bounces.parse(sample("exchange", mail.message_id)))
    assert (stored().bounced_at, stored().bounce_text) == (at, text)


def test_mail_that_is_only_late_is_not_marked(kernel: Flask, mail: OutboxMessage) -> None:
    found = bounces.parse(sample("delayed", mail.message_id))
    assert not found.failed
    with transaction.unit_of_work():
        assert bounces.record(found) is None
    assert stored().bounced_at is None


def test_notification_of_somebody_elses_mail_changes_nothing(kernel: Flask, mail: OutboxMessage) -> None:
    with transaction.unit_of_work():
        assert bounces.record(bounces.parse(sample("postfix"))) is None
    assert stored().bounced_at is None


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"\x00\xff\xfe" * 200,
        b"Subject: Out of office\n\nI am away until Monday.\n",
        b"Content-Type: multipart/report; boundary=x\n\n--x\nContent-Type: message/delivery-status\n\n\n--x--\n",
        b"Content-Type: multipart/mixed; boundary=a\n\n" + b"--a\nContent-Type: multipart/mixed; boundary=a\n\n" * 5000,
        sample("postfix") + b"x" * bounces.MOST_BYTES,
    ],
    ids=["nothing", "noise", "absence", "no recipient", "nested without end", "too large"],
)
def test_what_is_no_notification_is_refused(raw: bytes) -> None:
    with pytest.raises(NotANotification):
        bounces.parse(raw)


def test_header_that_hides_line_ends_stays_one_line() -> None:
    raw = sample("gmail").replace(b"smtp; 550-5.1.1 The", b"smtp; =?utf-8?q?a=0AX-Evil=3A_1?= \x85 The")
    assert "\n" not in bounces.parse(raw).text


def run(app: Flask, raw: bytes, *arguments: str) -> tuple[int, str]:
    result = app.test_cli_runner().invoke(bounce_commands.bounces_command, ["read", *arguments], input=io.BytesIO(raw))
    return result.exit_code, result.output


def test_command_reads_one_from_a_pipe(kernel: Flask, mail: OutboxMessage) -> None:
    code, said = run(kernel, sample("postfix", mail.message_id))
    assert code == 0 and mail.public_id in said
    assert stored().bounce_status == "5.1.1"


def test_command_says_by_its_exit_code_what_it_could_not_read(kernel: Flask) -> None:
    assert run(kernel, b"no notification")[0] == bounce_commands.DATA_ERROR
    assert run(kernel, sample("postfix"))[0] == 0  # of no mail of ours: the server need not keep it


def test_command_reads_what_is_new_in_a_maildir(kernel: Flask, mail: OutboxMessage, tmp_path: Path) -> None:
    for name in ("new", "cur", "tmp"):
        (tmp_path / "box" / name).mkdir(parents=True)
    (tmp_path / "box" / "new" / "1.host").write_bytes(sample("gmail", mail.message_id))
    (tmp_path / "box" / "new" / "2.host").write_bytes(b"noise")
    (tmp_path / "box" / "new" / "3.host").symlink_to("/etc/passwd")
    assert run(kernel, b"", "--maildir", str(tmp_path / "box"))[0] == bounce_commands.DATA_ERROR
    assert stored().bounced_at is not None
    kept = sorted(path.name for path in (tmp_path / "box" / "cur").iterdir())
    assert kept == ["1.host:2,S", "2.host:2,FS"]
    assert [path.name for path in (tmp_path / "box" / "new").iterdir()] == ["3.host"]
