"""Mails that come back: reading a delivery status notification (RFC 3464) and marking the mail it is about.

Everything in such a message is written by strangers. A notification counts only if it names the Message-ID of a mail of
ours, which holds 128 random bits that nobody but its recipients and their servers ever saw.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_bytes
from email.message import Message
from email.policy import compat32

from sqlalchemy import select

from app.core import audit, clock
from app.core.authz import SYSTEM
from app.core.db import db
from app.core.file_formats import MEBIBYTE
from app.core.mail import one_line
from app.core.outbox import OutboxMessage

MOST_BYTES = 2 * MEBIBYTE  # a notification with the whole mail in it, our files too
MOST_PARTS = 50
MOST_RECIPIENTS = 20
LONGEST_TEXT = 300
_MESSAGE_ID = re.compile(r"<[0-9a-f]{32}@[^<>\s]{1,160}>")  # as `outbox.enqueue` makes them
_STATUS = re.compile(r"\b([245]\.\d{1,3}\.\d{1,3})\b")
_ADDRESS = re.compile(r"[^\s<>()\[\],;:\"'=]{1,64}@[^\s<>()\[\],;:\"']{1,255}")
#: Fields in which servers repeat the Message-ID of the mail they send back.
_ID_FIELDS = ("Message-ID", "X-Original-Message-ID", "In-Reply-To", "References", "Original-Envelope-Id")


class NotANotification(ValueError):
    """The message is too large or malformed, or says nothing of a delivery."""


@dataclass(frozen=True, slots=True)
class Bounce:
    """What a server says of one mail: `failed` for good, or not (it is late, or it arrived)."""

    message_ids: tuple[str, ...]
    failed: bool
    status: str
    text: str


def parse(raw: bytes) -> Bounce:
    """What a notification says. Raises: NotANotification."""
    if len(raw) > MOST_BYTES:
        raise NotANotification("The message is larger than a notification may be.")
    try:
        message = message_from_bytes(raw, policy=compat32)
        parts = list(_parts(message))
        groups = list(_recipients(parts))
        found = _bounce(message, parts, groups)
    except NotANotification:
        raise
    except Exception as error:  # the parser meets text of strangers: whatever it stumbles over is no notification
        raise NotANotification("The message cannot be read.") from error
    return found


def _parts(message: Message) -> Iterator[Message]:
    """The parts of a message, outside first, at most so many: it may be nested without end."""
    waiting, seen = [message], 0
    while waiting and seen < MOST_PARTS:
        part = waiting.pop(0)
        seen += 1
        yield part
        inner = part.get_payload()
        if isinstance(inner, list):
            waiting.extend(item for item in inner if isinstance(item, Message))


def _recipients(parts: list[Message]) -> Iterator[Message]:
    """The groups of fields about one recipient each (RFC 3464, 2.3)."""
    for part in parts:
        if part.get_content_type() == "message/delivery-status":
            groups = part.get_payload()
            found = [group for group in groups if isinstance(group, Message)] if isinstance(groups, list) else []
            yield from [group for group in found if group.get("Action")][:MOST_RECIPIENTS]


def _bounce(message: Message, parts: list[Message], groups: list[Message]) -> Bounce:
    if not groups:
        raise NotANotification("The message says nothing of a delivery.")
    failed = [group for group in groups if _word(group, "Action").casefold() == "failed"]
    told = (failed or groups)[0]
    diagnostic = _word(told, "Diagnostic-Code")
    status = _STATUS.search(_word(told, "Status")) or _STATUS.search(diagnostic)
    return Bounce(
        message_ids=_message_ids(message, parts),
        failed=bool(failed),
        status=status[1] if status else "",
        text=_without_addresses(diagnostic)[:LONGEST_TEXT],
    )


def _word(part: Message, name: str) -> str:
    return one_line(str(part.get(name, "")))


def _message_ids(message: Message, parts: list[Message]) -> tuple[str, ...]:
    """Message-IDs of ours that the notification names: in the returned mail or its head, or in its own fields."""
    texts = [str(value) for part in parts for name in _ID_FIELDS for value in part.get_all(name, [])]
    for part in parts:
        if part.get_content_type() in ("text/rfc822-headers", "message/rfc822-headers"):
            content = part.get_payload(decode=True)
            texts.append(content.decode("ascii", "replace") if isinstance(content, bytes) else "")
    return tuple(dict.fromkeys(found for text in texts for found in _MESSAGE_ID.findall(text)))


def _without_addresses(text: str) -> str:
    """What a server said, without the kind of code in front and without anybody's address."""
    return _ADDRESS.sub("…", re.sub(r"^(smtp|x-[\w-]+)\s*;\s*", "", text, flags=re.IGNORECASE))


def record(bounce: Bounce) -> OutboxMessage | None:
    """Mark the mail a notification is about, part of the caller's transaction. Returns it.

    None if it is none of ours, or if the notification says no more than that it is late. A second notification of the
    same mail changes nothing.
    """
    if not bounce.failed or not bounce.message_ids:
        return None
    query = select(OutboxMessage).where(OutboxMessage.message_id.in_(bounce.message_ids[:MOST_PARTS]))
    message = db.session.scalars(query.order_by(OutboxMessage.id).limit(1).with_for_update()).one_or_none()
    if message is not None and message.bounced_at is None:
        message.bounced_at, message.bounce_status, message.bounce_text = clock.now(), bounce.status, bounce.text
        audit.record(SYSTEM, "mail:bounce", message, changes={"bounce_status": ["", bounce.status]})
    return message
