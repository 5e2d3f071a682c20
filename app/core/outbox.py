"""Mail is a row: written in the transaction of the verb it tells of, sent after that is stored.

Delivery is at least once: a claim has a lease, a worker that dies is made up for, and the fixed Message-ID lets the
recipient's server recognise a second copy. Exactly once does not exist over SMTP.
"""

import enum
import logging
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import parseaddr
from typing import Any

from flask import Flask, current_app
from sqlalchemy import CheckConstraint, Index, String, Text, and_, or_, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped, mapped_column

from app.core import clock, job_queue, mail, mail_attachments, mail_text, transaction
from app.core.db import Base, Public, db
from app.core.storage import StoredFile

logger = logging.getLogger(__name__)

MAX_TRIES = 5
LEASE = timedelta(minutes=2)  # several times the SMTP time-out: a slow server is not a dead worker
FIRST_RETRY = timedelta(minutes=1)  # then five times as long each time: 1 min, 5 min, 25 min, 2 h
BATCH = 100
BELL = "mail"


class MailState(enum.StrEnum):
    QUEUED = "queued"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"  # refused for good, or tried too often: a person has to look
    HELD = "held"  # a person decides whether it still goes out (after a restore)


class OutboxMessage(Public, Base):
    """One mail to one person. With `subject_*` it shows among the mails of that row."""

    __tablename__ = "outbox_message"
    __table_args__ = (
        Index("ix_outbox_message_due", "state", "send_after"),
        Index("ix_outbox_message_subject", "subject_type", "subject_id"),
        Index("ix_outbox_message_recipient_id", "recipient_id"),
        Index("ix_outbox_message_bounced_at", "bounced_at"),
        CheckConstraint("(state = 'sent') = (sent_at IS NOT NULL)", name="sent_is_dated"),
        CheckConstraint("(state = 'sending') = (lease_until IS NOT NULL)", name="lease_while_sending"),
        CheckConstraint("(subject_type IS NULL) = (subject_id IS NULL)", name="subject_whole"),
    )

    dedupe: Mapped[str | None] = mapped_column(String(160), unique=True)
    message_id: Mapped[str] = mapped_column(String(200), unique=True)
    template: Mapped[str] = mapped_column(String(80))
    recipient_id: Mapped[int | None]  # the user, where the recipient has an account
    recipient_address: Mapped[str] = mapped_column(String(320))
    recipient_name: Mapped[str] = mapped_column(String(200), default="")
    locale: Mapped[str] = mapped_column(String(10))
    subject: Mapped[str] = mapped_column(String(250))
    body: Mapped[str] = mapped_column(Text)
    confidential: Mapped[bool] = mapped_column(default=False)  # holds a secret link: the text goes once it is sent
    subject_type: Mapped[str | None] = mapped_column(String(60))
    subject_id: Mapped[int | None]
    state: Mapped[MailState] = mapped_column(default=MailState.QUEUED)
    attempts: Mapped[int] = mapped_column(default=0)
    send_after: Mapped[datetime] = mapped_column(default=clock.now)
    lease_until: Mapped[datetime | None]
    last_error: Mapped[str] = mapped_column(String(300), default="")
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
    sent_at: Mapped[datetime | None]
    bounced_at: Mapped[datetime | None]  # the recipient's server sent it back, as `core.bounces` read
    bounce_status: Mapped[str] = mapped_column(String(20), default="", server_default="")
    bounce_text: Mapped[str] = mapped_column(String(300), default="", server_default="")
    resent_at: Mapped[datetime | None]  # written anew by a person since it did not arrive

    @property
    def did_not_arrive(self) -> bool:
        """Whether it was refused or came back, and nobody has seen to it since."""
        return self.resent_at is None and (self.bounced_at is not None or self.state is MailState.FAILED)


@dataclass(frozen=True, slots=True)
class Delivered:
    """What one round of delivery did."""

    sent: int = 0
    failed: int = 0


def enqueue(
    template: str,
    recipient: Any,
    *,
    subject_of: Any | None = None,
    dedupe: str | None = None,
    confidential: bool = False,
    files: Sequence[StoredFile] = (),
    **context: Any,
) -> OutboxMessage:
    """Write a mail in the recipient's language into the caller's transaction; it is sent once that is stored.

    `recipient` has .email, .locale, .name (and .id, if it is a user). `subject_of` is the row whose history shows the
    mail. A second mail with the same `dedupe` (e.g. 'decision:123:v2') is not written: the first is returned.
    `confidential` mails (sign-in links) lose their text once sent; `files` go with the mail. The template
    `email/<template>.txt` has the subject on its first line; it knows `recipient`, `link_to(endpoint, **values)`,
    `base_url` and `context`.
    Raises: ValueError for an unusable address; jinja2.UndefinedError for a word the template was not given.
    """
    if dedupe is not None and (found := _by_dedupe(dedupe)) is not None:
        return found
    if subject_of is not None and subject_of.id is None:
        db.session.flush()
    subject, body = mail_text.render(template, recipient, **context)
    message = OutboxMessage(
        dedupe=dedupe,
        message_id=f"<{secrets.token_hex(16)}@{mail.domain_of(current_app.config['MAIL_FROM'])}>",
        template=template,
        recipient_id=recipient.id if _is_user(recipient) else None,
        recipient_address=mail.checked_address(recipient.email),
        recipient_name=mail.one_line(recipient.name or "")[:200],
        locale=recipient.locale,
        subject=subject,
        body=body,
        confidential=confidential,
        subject_type=subject_of.__tablename__ if subject_of is not None else None,
        subject_id=subject_of.id if subject_of is not None else None,
    )
    try:
        with db.session.begin_nested():
            db.session.add(message)
            db.session.flush()
            mail_attachments.add(message.id, files)
    except IntegrityError:
        found = _by_dedupe(dedupe) if dedupe is not None else None
        if found is None:
            raise
        return found
    job_queue.ring_after_commit(BELL)
    return message


def _is_user(recipient: Any) -> bool:
    return (
        getattr(recipient, "id", None) is not None
        and getattr(recipient, "__tablename__", "user_account") == "user_account"
    )


def _by_dedupe(dedupe: str) -> OutboxMessage | None:
    return db.session.scalar(select(OutboxMessage).where(OutboxMessage.dedupe == dedupe))


@job_queue.bell(BELL)
def deliver() -> None:
    """Send what is due; ring again where a full batch was sent, so that jobs get their turn in between."""
    delivered = deliver_pending(BATCH)
    if delivered.sent + delivered.failed == BATCH:
        job_queue.ring(BELL)


def deliver_pending(limit: int = BATCH) -> Delivered:
    """Send up to `limit` due mails, each claimed and settled in a transaction of its own. Not inside another one."""
    sent = failed = 0
    with mail.transport(current_app.config) as send:
        while sent + failed < limit:
            message = _claim()
            if message is None:
                break
            if _send(message, send):
                sent += 1
            else:
                failed += 1
    return Delivered(sent, failed)


def _claim() -> OutboxMessage | None:
    """Take the mail that has been due longest. No two workers get the same one while its lease runs."""
    now = clock.now()
    is_due = or_(
        and_(OutboxMessage.state == MailState.QUEUED, OutboxMessage.send_after <= now),
        and_(OutboxMessage.state == MailState.SENDING, OutboxMessage.lease_until < now),
    )
    query = select(OutboxMessage).where(is_due).order_by(OutboxMessage.send_after, OutboxMessage.id).limit(1)
    with transaction.unit_of_work():
        message = db.session.scalar(query.with_for_update(skip_locked=True).execution_options(populate_existing=True))
        if message is not None:
            message.state, message.lease_until = MailState.SENDING, now + LEASE
            message.attempts += 1
    return message


def _send(message: OutboxMessage, send: mail.Send) -> bool:
    try:
        send(mail.compose(_envelope(message), current_app.config["MAIL_FROM"]))
    except Exception as error:
        is_final = isinstance(error, mail.MailRefused | ValueError) or message.attempts >= MAX_TRIES
        logger.warning("Mail %s, try %s: %s", message.public_id, message.attempts, type(error).__name__)
        _settle(
            message,
            state=MailState.FAILED if is_final else MailState.QUEUED,
            send_after=clock.now() + FIRST_RETRY * 5 ** (message.attempts - 1),
            last_error=(str(error) if isinstance(error, mail.MailRefused) else type(error).__name__)[:300],
        )
        return False
    forget: dict[str, Any] = {"body": ""} if _loses_its_text(message) else {}
    _settle(message, state=MailState.SENT, sent_at=clock.now(), last_error="", **forget)
    return True


def _loses_its_text(message: OutboxMessage) -> bool:
    # The demonstration's mailbox is the only place where its reader can find the link.
    return message.confidential and current_app.config["MAIL_TRANSPORT"] != "mailbox"


def _envelope(message: OutboxMessage) -> mail.Envelope:
    with transaction.unit_of_work():  # over before the server is spoken to
        files = mail_attachments.of(message.id)
    return mail.Envelope(
        message_id=message.message_id,
        address=message.recipient_address,
        name=message.recipient_name,
        subject=message.subject,
        body=message.body,
        language=message.locale,
        written_at=message.created_at,
        parts=mail_attachments.parts(files),
    )


def _settle(message: OutboxMessage, **values: Any) -> None:
    """Write what became of an attempt, unless another worker has taken the mail over since."""
    with transaction.unit_of_work():
        db.session.execute(
            update(OutboxMessage)
            .where(
                OutboxMessage.id == message.id,
                OutboxMessage.attempts == message.attempts,
                OutboxMessage.state == MailState.SENDING,
            )
            .values(lease_until=None, **values)
        )


def mails_of(subject: Any) -> list[OutboxMessage]:
    """The mails written about a row, newest first: the 'mails sent' tab."""
    return list(
        db.session.scalars(
            select(OutboxMessage)
            .where(OutboxMessage.subject_type == subject.__tablename__, OutboxMessage.subject_id == subject.id)
            .order_by(OutboxMessage.id.desc())
        )
    )


def hold_unsent(before: datetime) -> int:
    """Hold every unsent mail written before an instant: after a restore it may have gone out already.

    Part of the caller's transaction. Returns how many.
    """
    held: Any = db.session.execute(
        update(OutboxMessage)
        .where(OutboxMessage.state.in_([MailState.QUEUED, MailState.SENDING]), OutboxMessage.created_at < before)
        .values(state=MailState.HELD, lease_until=None)
    )
    return int(held.rowcount)


def release(message: OutboxMessage) -> None:
    """Let a held or failed mail go out after all, with all its tries; part of the caller's transaction."""
    if message.state in (MailState.HELD, MailState.FAILED):
        message.state, message.attempts, message.send_after = MailState.QUEUED, 0, clock.now()
        db.session.flush()
        job_queue.ring_after_commit(BELL)


def forget_texts(before: datetime) -> int:
    """Empty the text of mails sent before an instant (retention 5.9: 90 days). Returns how many."""
    emptied: Any = db.session.execute(
        update(OutboxMessage)
        .where(OutboxMessage.state == MailState.SENT, OutboxMessage.sent_at < before, OutboxMessage.body != "")
        .values(body="")
    )
    return int(emptied.rowcount)


def init_app(app: Flask) -> None:
    """Refuse a setting that could not send."""
    if app.config["MAIL_TRANSPORT"] not in ("smtp", "mailbox"):
        raise ValueError("MAIL_TRANSPORT is 'smtp' or 'mailbox'.")
    mail.checked_address(parseaddr(app.config["MAIL_FROM"])[1])
