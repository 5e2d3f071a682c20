"""One mail out of the door: an `EmailMessage` over SMTP, or nowhere (the demonstration's mailbox reads the outbox).

Only the outbox sends. A mail keeps its Message-ID and date over every try, so that a second delivery is recognised.
"""

import re
import smtplib
import ssl
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP, SMTPUTF8
from email.utils import format_datetime, parseaddr
from typing import Any

TIMEOUT_SECONDS = 20
# Unassigned and private signs, line ends and direction marks have no place in a header.
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]+")
_ADDRESS = re.compile(r"[^\s@<>,;:\"()\[\]\\]{1,64}@[^\s@<>,;:\"()\[\]\\]{1,255}")

Send = Callable[[EmailMessage], None]


class MailRefused(Exception):
    """The server will never take this mail (unknown recipient, refused content): no further try."""


@dataclass(frozen=True, slots=True)
class Part:
    """A file that goes with a mail."""

    name: str
    media_type: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Envelope:
    """What a mail says, before it is a message."""

    message_id: str
    address: str
    name: str
    subject: str
    body: str
    language: str
    written_at: datetime
    parts: tuple[Part, ...] = ()


def one_line(text: str) -> str:
    """Text that is safe in a header: line ends and control signs become spaces, spaces are single."""
    return " ".join(_CONTROL.sub(" ", text).split())


def checked_address(address: str) -> str:
    """An e-mail address that can stand in a header. Raises: ValueError; the text does not repeat the address."""
    address = address.strip()
    if not _ADDRESS.fullmatch(address) or _CONTROL.search(address):
        raise ValueError("A mail needs a valid recipient address.")
    return address


def domain_of(sender: str) -> str:
    """The domain of `Name <address>`: the right side of our Message-IDs."""
    return parseaddr(sender)[1].rpartition("@")[2] or "localhost"


def compose(envelope: Envelope, sender: str) -> EmailMessage:
    """The message as it goes out: plain text in UTF-8, marked as automatic so that no robot answers it."""
    local, _, domain = checked_address(envelope.address).rpartition("@")
    ascii_local = local.isascii()
    message = EmailMessage(policy=SMTP if ascii_local else SMTPUTF8)
    sender_name, sender_address = parseaddr(one_line(sender))
    message["Message-ID"] = envelope.message_id
    message["Date"] = format_datetime(envelope.written_at)
    message["From"] = Address(sender_name, addr_spec=sender_address)
    message["To"] = Address(one_line(envelope.name), username=local, domain=domain.encode("idna").decode("ascii"))
    message["Subject"] = one_line(envelope.subject)
    message["Content-Language"] = envelope.language
    message["Auto-Submitted"] = "auto-generated"
    message["X-Auto-Response-Suppress"] = "All"
    message.set_content(envelope.body, charset="utf-8")
    for part in envelope.parts:
        kind, _, subtype = part.media_type.partition("/")
        message.add_attachment(part.content, maintype=kind, subtype=subtype, filename=one_line(part.name))
    return message


@contextmanager
def transport(settings: Mapping[str, Any]) -> Iterator[Send]:
    """A way to send as MAIL_TRANSPORT says, one connection for all mails sent within.

    'smtp': SMTP_HOST, SMTP_PORT, SMTP_USER, SMTP_PASSWORD, SMTP_STARTTLS. 'mailbox': the outbox row is the mail.
    """
    if settings["MAIL_TRANSPORT"] == "mailbox":
        yield lambda message: None
        return
    if settings["MAIL_TRANSPORT"] != "smtp":
        raise ValueError("MAIL_TRANSPORT is 'smtp' or 'mailbox'.")
    line = _Line(settings)
    try:
        yield line.send
    finally:
        line.hang_up()


class _Line:
    """An SMTP connection made when first needed and made anew when the server dropped it."""

    def __init__(self, settings: Mapping[str, Any]) -> None:
        self._settings = settings
        self._server: smtplib.SMTP | None = None

    def send(self, message: EmailMessage) -> None:
        server = self._server or self._connect()
        try:
            server.send_message(message)
        except smtplib.SMTPRecipientsRefused as error:
            codes = [code for code, _text in error.recipients.values()]
            if codes and all(code >= 500 for code in codes):
                raise MailRefused(f"The server refused the recipient ({codes[0]}).") from error
            raise
        except smtplib.SMTPDataError as error:
            if error.smtp_code >= 500:
                raise MailRefused(f"The server refused the mail ({error.smtp_code}).") from error
            raise
        except (smtplib.SMTPServerDisconnected, OSError):
            self._server = None
            raise

    def _connect(self) -> smtplib.SMTP:
        settings = self._settings
        server = smtplib.SMTP(settings["SMTP_HOST"], settings["SMTP_PORT"], timeout=TIMEOUT_SECONDS)
        try:
            if settings.get("SMTP_STARTTLS"):
                server.starttls(context=ssl.create_default_context())
            if settings.get("SMTP_USER"):
                server.login(settings["SMTP_USER"], settings["SMTP_PASSWORD"] or "")
        except BaseException:
            server.close()
            raise
        self._server = server
        return server

    def hang_up(self) -> None:
        if self._server is None:
            return
        try:
            self._server.quit()
        except (smtplib.SMTPException, OSError):
            self._server.close()
        self._server = None
