"""How a mail stands, in words: for the pages that list mails."""

from typing import Any

from flask_babel import lazy_gettext as _l

from app.core.outbox import MailState, OutboxMessage

STATES: dict[MailState, tuple[Any, str]] = {
    MailState.QUEUED: (_l("Waiting"), "neutral"),
    MailState.SENDING: (_l("Being sent"), "info"),
    MailState.SENT: (_l("Sent"), "success"),
    MailState.FAILED: (_l("Failed"), "danger"),
    MailState.HELD: (_l("Held back"), "warning"),
}
CAME_BACK = (_l("Came back"), "danger")


def standing(message: OutboxMessage) -> tuple[Any, str]:
    """A mail's state in words, and their tone; one that came back says so."""
    return CAME_BACK if message.bounced_at is not None else STATES[message.state]


def trouble(message: OutboxMessage) -> str:
    """What the recipient's server said, as far as it is known; "" if there is nothing to tell."""
    if message.bounced_at is None:
        return message.last_error
    is_said = message.bounce_status in message.bounce_text
    return message.bounce_text if is_said else f"{message.bounce_status} {message.bounce_text}".strip()


def masked(address: str) -> str:
    """An address of which only the first sign and the domain are told: t•••@example.org."""
    name, _at, domain = address.partition("@")
    return f"{name[:1]}\u2022\u2022\u2022@{domain}"
