"""How a reader asks: every request is taken back afterwards, with all it changed and the mails it wrote."""

import logging
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.core.db import db
from app.core.outbox import OutboxMessage
from tests.canary.birds import Reader
from tests.canary.people import Somebody, World
from tests.canary.unpacking import canaries, words_in

REDIRECTS = (301, 302, 303, 307, 308)


@dataclass
class Answer:
    """What came back, with the canaries in it; the mails it wrote are held against their own recipients."""

    status: int
    endpoint: str
    response: Any
    words: set[str]
    mails: list[tuple[Reader, set[str]]] = field(default_factory=list)
    logged: set[str] = field(default_factory=set)
    then: "Answer | None" = None  # the page it leads to


class Lines(logging.Handler):
    """The application's log lines of one request."""

    def __init__(self) -> None:
        super().__init__(logging.INFO)
        self.text: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.text.append(self.format(record))


class Files:
    """What was stored, so that what a request removes is there again for the next one."""

    def __init__(self, folder: Path) -> None:
        self.held = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}

    def restore(self) -> None:
        for path, data in self.held.items():
            if not path.exists():
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(data)


class Asker:
    """Sends requests as somebody, in a language."""

    def __init__(self, app: Flask, world: World, language: str = "en") -> None:
        self.app, self.world, self.language = app, world, language
        self.client = FlaskClient(app, app.response_class, use_cookies=False)
        self.lines = Lines()
        self.files = Files(Path(app.config["STORAGE_DIR"]))
        self.connection = app.extensions["database_session_options"]["bind"]
        with Session(self.connection, join_transaction_mode="create_savepoint") as session:
            self.newest_mail = session.scalar(select(func.max(OutboxMessage.id))) or 0

    def ask(
        self, person: Somebody, path: str, method: str = "GET", data: Any = None, *, follow: bool = False
    ) -> Answer:
        """One request, and (`follow`) the page it leads to; nothing of either stays."""
        before = self.connection.begin_nested()
        logging.getLogger().addHandler(self.lines)
        self.lines.text.clear()
        try:
            answer = self._one(person.cookies, path, method, data)
            if method == "POST":
                answer.mails = self._mails()
                if follow and answer.status in REDIRECTS:
                    answer.then = self._one(_kept(person.cookies, answer.response), answer.response.location, "GET")
            answer.logged = canaries(" ".join(self.lines.text))
        finally:
            logging.getLogger().removeHandler(self.lines)
            db.session.rollback()
            db.session.close()
            before.rollback()
            if method == "POST":
                self.files.restore()
        return answer

    def _one(self, cookies: dict[str, str], path: str, method: str, data: Any = None) -> Answer:
        headers = {"Accept-Language": self.language, "Cookie": "; ".join(f"{k}={v}" for k, v in cookies.items())}
        with self.app.app_context():
            response = self.client.open(path, method=method, data=data, headers=headers)
            endpoint = self._endpoint(path, method)
            return Answer(response.status_code, endpoint, response, words_in(response))

    def _endpoint(self, path: str, method: str) -> str:
        adapter = self.app.url_map.bind("localhost")
        try:
            return str(adapter.match(path.split("?")[0], method=method)[0])
        except Exception:
            return "nowhere"

    def _mails(self) -> list[tuple[Reader, set[str]]]:
        """The mails a request wrote, each with its reader."""
        with self.app.app_context():
            query = select(OutboxMessage).where(OutboxMessage.id > self.newest_mail)
            found = db.session.scalars(query).all()
            return [
                (
                    self.world.reader_of(mail.recipient_id, mail.recipient_address),
                    canaries(f"{mail.subject}\n{mail.body}"),
                )
                for mail in found
            ]


def _kept(cookies: dict[str, str], response: Any) -> dict[str, str]:
    """A browser's cookies after an answer."""
    fresh = (line.split(";")[0].split("=", 1) for line in response.headers.getlist("Set-Cookie"))
    return {**cookies, **{name: value for name, value in fresh}}


def speak(world: World, language: str) -> None:
    """Everybody with an account prefers that language from now on."""
    for person in world.people.values():
        if person.user is not None:
            person.user.locale = language
            db.session.add(person.user)
    db.session.commit()
