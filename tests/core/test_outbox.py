"""A mail exists exactly when its transaction does, reads in its reader's language, and goes out at least once."""

import threading
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import jinja2
import pytest
import time_machine
from flask import Flask
from sqlalchemy import func, select

from app.core import clock, outbox, transaction
from app.core.authz import SYSTEM
from app.core.db import db
from app.core.outbox import MailState, OutboxMessage
from app.core.storage import FileKind, StoredFile


@dataclass
class Reader:
    email: str = "reader@example.jp"
    name: str = "佐藤 花子"
    locale: str = "ja"
    id: int | None = 7


@pytest.fixture(autouse=True)
def templates(tmp_path: Path) -> None:
    folder = tmp_path / "templates" / "email"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "adopted.txt").write_text(
        "{% if language() == 'ja' %}採択：{{ title }}{% else %}Adopted: {{ title }}{% endif %}\n"
        "\n"
        "{{ recipient.name }}\n"
        "{% if note is defined and note %}\n{{ note }}\n{% endif %}\n\n\n{{ link_to('show', number='abc') }}\n",
        encoding="utf-8",
    )


@pytest.fixture
def app_with_page(kernel: Flask) -> Flask:
    kernel.add_url_rule("/applications/<number>", "show", lambda number: number)
    return kernel


def mails() -> list[OutboxMessage]:
    db.session.expire_all()
    return list(db.session.scalars(select(OutboxMessage).order_by(OutboxMessage.id)))


def enqueue(reader: Reader | None = None, **context: Any) -> OutboxMessage:
    return outbox.enqueue("adopted", reader or Reader(), **{"title": "Plan", **context})


def by_hand(app: Flask) -> None:
    """Let only the test deliver, with the settings of a real mail server."""
    app.config.update(JOBS_URL="sqlite:///" + str(Path(app.config["STORAGE_DIR"]).parent / "bell.sqlite3"))


def test_mail_is_written_in_the_readers_language_with_the_first_line_as_subject(app_with_page: Flask) -> None:
    japanese, english = enqueue(), enqueue(Reader(locale="en", name="Mary"))
    assert (japanese.subject, english.subject) == ("採択：Plan", "Adopted: Plan")
    assert english.body == "Mary\n\nhttps://exchange.example.jp/applications/abc\n"
    assert (english.locale, english.recipient_id, english.template) == ("en", 7, "adopted")


def test_mail_is_the_same_from_a_request_whose_page_is_in_another_language(app_with_page: Flask) -> None:
    with app_with_page.test_request_context("/", headers={"Accept-Language": "en", "Host": "evil.example"}):
        message = enqueue()
        assert message.subject == "採択：Plan"
        assert "https://exchange.example.jp/applications/abc" in message.body


def test_mail_of_a_rolled_back_verb_does_not_exist(app_with_page: Flask) -> None:
    enqueue()
    transaction.rollback()
    assert mails() == []


def test_mail_is_sent_after_the_commit_and_not_before(app_with_page: Flask) -> None:
    with transaction.unit_of_work():
        message = enqueue()
        assert message.state is MailState.QUEUED
    (kept,) = mails()
    assert kept.state is MailState.SENT
    assert kept.sent_at is not None


def test_mail_with_a_word_missing_is_an_error_and_no_half_mail(app_with_page: Flask) -> None:
    with pytest.raises(jinja2.UndefinedError, match="title"):
        outbox.enqueue("adopted", Reader())
    assert mails() == []


def test_line_ends_in_what_people_typed_stay_out_of_the_headers(app_with_page: Flask) -> None:
    message = enqueue(Reader(name="A\r\nBcc: x@evil.example"), title="Plan\u2028Bcc: y@evil.example")
    assert message.subject == "採択：Plan Bcc: y@evil.example"
    assert "\n" not in message.recipient_name
    with pytest.raises(ValueError, match="valid recipient"):
        enqueue(Reader(email="a@b.jp\nBcc: c@d.jp"))


def test_same_dedupe_is_one_mail(app_with_page: Flask) -> None:
    with transaction.unit_of_work():
        first = enqueue(dedupe="decision:1:v1")
    with transaction.unit_of_work():
        assert enqueue(dedupe="decision:1:v1").id == first.id
    with transaction.unit_of_work():
        assert enqueue(dedupe="decision:1:v2").id != first.id
    assert len(mails()) == 2


def test_same_dedupe_from_parallel_workers_is_one_mail_and_no_error(app_with_page: Flask) -> None:
    by_hand(app_with_page)
    errors: list[BaseException] = []
    start = threading.Barrier(8)

    def work() -> None:
        with app_with_page.app_context():
            start.wait()
            try:
                with transaction.unit_of_work():
                    enqueue(dedupe="decision:1:v1")
            except BaseException as error:
                errors.append(error)

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    assert len(mails()) == 1


def test_mails_of_a_row_are_listed_newest_first(app_with_page: Flask) -> None:
    row = StoredFile(
        storage_key="0" * 32, kind=FileKind.DOCUMENT, name="a", media_type="text/plain", size=1, sha256="0" * 64
    )
    db.session.add(row)
    with transaction.unit_of_work():
        first, second = enqueue(subject_of=row), enqueue(subject_of=row)
        enqueue()
    assert [message.id for message in outbox.mails_of(row)] == [second.id, first.id]


def test_actor_of_the_system_can_be_told_from_a_user(app_with_page: Flask) -> None:
    assert SYSTEM.id is None
    assert enqueue(Reader(id=None)).recipient_id is None


def test_mail_goes_out_over_smtp_with_its_fixed_message_id(app_with_page: Flask, sink: Any) -> None:
    server, settings = sink
    app_with_page.config.update(settings)
    with transaction.unit_of_work():
        message = enqueue()
    assert [received["Message-ID"] for received in server.received] == [message.message_id]
    assert message.message_id.endswith("@example.jp>")


def test_secret_link_does_not_stay_in_the_table_once_sent(app_with_page: Flask, sink: Any) -> None:
    with transaction.unit_of_work():
        enqueue(confidential=True)
    assert "https://" in mails()[0].body  # the demonstration's reader has no other mailbox
    app_with_page.config.update(sink[1])
    with transaction.unit_of_work():
        enqueue(confidential=True)
    assert [message.body == "" for message in mails()] == [False, True]
    assert len(sink[0].received) == 1


def test_server_out_of_order_is_tried_again_later_and_parked_after_five_tries(app_with_page: Flask, sink: Any) -> None:
    server, settings = sink
    app_with_page.config.update(settings)
    server.refuse_with = {"reader@example.jp": "451 try later"}
    with time_machine.travel("2026-07-01T00:00:00Z", tick=False) as now:
        with transaction.unit_of_work():
            enqueue()
        waits = []
        for _ in range(4):
            (message,) = mails()
            assert message.state is MailState.QUEUED
            waits.append(message.send_after - clock.now())
            assert outbox.deliver_pending() == outbox.Delivered(0, 0)
            now.shift(waits[-1])
            assert outbox.deliver_pending() == outbox.Delivered(0, 1)
    assert waits == [timedelta(minutes=minutes) for minutes in (1, 5, 25, 125)]
    (message,) = mails()
    assert (message.state, message.attempts) == (MailState.FAILED, 5)
    assert message.last_error == "SMTPRecipientsRefused"
    server.refuse_with = {}
    with transaction.unit_of_work():
        outbox.release(message)
    assert mails()[0].state is MailState.SENT


def test_unknown_recipient_is_not_tried_again_and_stops_nobody_elses_mail(app_with_page: Flask, sink: Any) -> None:
    server, settings = sink
    app_with_page.config.update(settings)
    server.refuse_with = {"gone@example.jp": "550 no such user"}
    with transaction.unit_of_work():
        enqueue(Reader(email="gone@example.jp"))
        enqueue()
    gone, sent = mails()
    assert (gone.state, gone.attempts) == (MailState.FAILED, 1)
    assert "550" in gone.last_error
    assert sent.state is MailState.SENT


def test_mail_of_a_worker_that_died_while_sending_goes_out_when_its_lease_is_over(
    app_with_page: Flask, sink: Any
) -> None:
    server, settings = sink
    app_with_page.config.update(settings)
    by_hand(app_with_page)
    with time_machine.travel("2026-07-01T00:00:00Z", tick=False) as now:
        with transaction.unit_of_work():
            message = enqueue()
        claimed = outbox._claim()  # and the worker is gone
        assert claimed is not None
        assert outbox.deliver_pending().sent == 0
        now.shift(outbox.LEASE + timedelta(seconds=1))
        assert outbox.deliver_pending().sent == 1
    assert [received["Message-ID"] for received in server.received] == [message.message_id]
    outbox._settle(claimed, state=MailState.FAILED)  # the dead worker comes back: too late
    assert mails()[0].state is MailState.SENT


def test_parallel_workers_send_each_mail_once(app_with_page: Flask, sink: Any) -> None:
    server, settings = sink
    app_with_page.config.update(settings)
    by_hand(app_with_page)
    with transaction.unit_of_work():
        for _ in range(60):
            enqueue()

    def work() -> None:
        with app_with_page.app_context():
            outbox.deliver_pending()

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    while outbox.deliver_pending().sent:  # a worker may have skipped a row another one was looking at
        pass
    assert len(server.received) == 60
    assert len({received["Message-ID"] for received in server.received}) == 60
    assert db.session.scalar(select(func.count()).where(OutboxMessage.state == MailState.SENT)) == 60


def test_unsent_mail_is_held_after_a_restore_until_a_person_releases_it(app_with_page: Flask) -> None:
    by_hand(app_with_page)
    with transaction.unit_of_work():
        enqueue()
    with transaction.unit_of_work():
        assert outbox.hold_unsent(clock.now() + timedelta(seconds=1)) == 1
    assert outbox.deliver_pending().sent == 0
    (message,) = mails()
    with transaction.unit_of_work():
        outbox.release(message)
    assert outbox.deliver_pending().sent == 1


def test_text_of_old_mail_is_forgotten_after_its_time(app_with_page: Flask) -> None:
    with time_machine.travel("2026-07-01T00:00:00Z", tick=False) as now:
        with transaction.unit_of_work():
            enqueue()
        now.shift(timedelta(days=91))
        with transaction.unit_of_work():
            enqueue()
            assert outbox.forget_texts(clock.now() - timedelta(days=90)) == 1
    old, new = mails()
    assert old.body == ""
    assert new.body != ""


def test_setting_that_cannot_send_stops_the_start(kernel: Flask) -> None:
    for setting in ({"MAIL_TRANSPORT": "pigeon"}, {"MAIL_FROM": "nobody"}):
        broken = Flask("broken")
        broken.config.update({"MAIL_TRANSPORT": "smtp", "MAIL_FROM": "A <a@example.jp>", **setting})
        with pytest.raises(ValueError, match="MAIL_TRANSPORT|valid recipient"):
            outbox.init_app(broken)
