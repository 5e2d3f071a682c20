"""Looking for malware in a file: a small client of ClamAV's daemon, or the honest word that nobody looked.

`SCANNER` in the settings names it: `clamd://host:port`, `clamd:///path/of/the/socket`, or nothing. The content goes
over the wire (command INSTREAM), so the daemon needs no right to our folder. Without a scanner what counts is the check
of the format at upload, and that is what is said.
"""

import enum
import socket
import struct
from dataclasses import dataclass
from typing import BinaryIO
from urllib.parse import urlsplit

from flask import current_app

SETTING = "SCANNER"
SCHEME = "clamd"
DEFAULT_PORT = 3310
TIMEOUT_SECONDS = 60.0
CHUNK_BYTES = 64 * 1024
LONGEST_ANSWER = 4096


class Found(enum.StrEnum):
    """What a scanner says of a file."""

    NOTHING = "nothing"
    MALWARE = "malware"


@dataclass(frozen=True, slots=True)
class Verdict:
    """The answer, and by which name the scanner knows what it found."""

    found: Found
    name: str = ""


class ScannerSilent(Exception):
    """The scanner cannot be reached, or answers with an error: worth another try."""


class Clamd:
    """ClamAV's daemon at an address: (host, port), or the path of a socket."""

    def __init__(self, address: tuple[str, int] | str, timeout: float = TIMEOUT_SECONDS) -> None:
        self._address, self._timeout = address, timeout

    def scan(self, content: BinaryIO) -> Verdict:
        """Send a file's content and hear the verdict. Raises: ScannerSilent."""
        try:
            with self._connect() as connection:
                _send(connection, content)
                answer = _hear(connection)
        except OSError as error:
            raise ScannerSilent(type(error).__name__) from error
        return _read(answer)

    def _connect(self) -> socket.socket:
        if not isinstance(self._address, str):
            return socket.create_connection(self._address, timeout=self._timeout)
        connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        connection.settimeout(self._timeout)
        try:
            connection.connect(self._address)
        except OSError:
            connection.close()
            raise
        return connection


def _send(connection: socket.socket, content: BinaryIO) -> None:
    """The file in chunks, each behind its length (four bytes, big end first); a length of nought ends it."""
    connection.sendall(b"zINSTREAM\0")
    try:
        while chunk := content.read(CHUNK_BYTES):
            connection.sendall(struct.pack("!L", len(chunk)) + chunk)
        connection.sendall(struct.pack("!L", 0))
    except (BrokenPipeError, ConnectionResetError):
        return  # a daemon that has heard enough says why before it hangs up


def _hear(connection: socket.socket) -> str:
    answer = b""
    while b"\0" not in answer and len(answer) < LONGEST_ANSWER:
        part = connection.recv(LONGEST_ANSWER)
        if not part:
            break
        answer += part
    return answer.partition(b"\0")[0].decode("utf-8", "replace").strip()


def _read(answer: str) -> Verdict:
    """`stream: OK`, `stream: Eicar-Signature FOUND`, or an error."""
    said = answer.removeprefix("stream:").strip()
    if said == "OK":
        return Verdict(Found.NOTHING)
    if said.endswith(" FOUND"):
        return Verdict(Found.MALWARE, said.removesuffix(" FOUND"))
    raise ScannerSilent(said[:200] or "no answer")


def address_of(setting: str) -> tuple[str, int] | str:
    """The address a setting names. Raises: ValueError for anything that is none."""
    parts = urlsplit(setting)
    if parts.scheme != SCHEME or not (parts.hostname or parts.path.strip("/")):
        raise ValueError(f"{SETTING}: clamd://host:port or clamd:///path/of/the/socket, not {setting!r}.")
    return (parts.hostname, parts.port or DEFAULT_PORT) if parts.hostname else parts.path


def scanner() -> Clamd | None:
    """The scanner of the settings; None where there is none."""
    setting = current_app.config.get(SETTING)
    return Clamd(address_of(setting)) if setting else None
