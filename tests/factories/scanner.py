"""A scanner on this machine that speaks the daemon's protocol and knows one piece of malware: EICAR's test file."""

import socket
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager

EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"


class Scanner:
    """What it heard, and what it answers instead of a verdict, if anything."""

    def __init__(self) -> None:
        self.heard: list[bytes] = []
        self.answer: bytes | None = None

    def serve(self, door: socket.socket) -> None:
        while True:
            try:
                connection, _address = door.accept()
            except OSError:
                return
            with connection:
                self._talk(connection)

    def _talk(self, connection: socket.socket) -> None:
        assert _exactly(connection, 10) == b"zINSTREAM\0"
        content = b""
        while length := struct.unpack("!L", _exactly(connection, 4))[0]:
            content += _exactly(connection, length)
        self.heard.append(content)
        verdict = b"stream: Eicar-Signature FOUND" if EICAR in content else b"stream: OK"
        connection.sendall((self.answer if self.answer is not None else verdict) + b"\0")


def _exactly(connection: socket.socket, number: int) -> bytes:
    found = b""
    while len(found) < number:
        part = connection.recv(number - len(found))
        if not part:
            raise ConnectionError("the client hung up")
        found += part
    return found


@contextmanager
def scanner(path: str | None = None) -> Iterator[tuple[str, Scanner]]:
    """A scanner and the setting that names it: on a free port, or on a socket of that path."""
    door = socket.socket(socket.AF_UNIX if path else socket.AF_INET, socket.SOCK_STREAM)
    door.bind(path or ("127.0.0.1", 0))
    door.listen()
    made = Scanner()
    thread = threading.Thread(target=made.serve, args=(door,), daemon=True)
    thread.start()
    try:
        yield (f"clamd://{path}" if path else f"clamd://127.0.0.1:{door.getsockname()[1]}"), made
    finally:
        door.shutdown(socket.SHUT_RDWR)
        door.close()
        thread.join(5)
