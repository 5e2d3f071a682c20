"""The production server on a database of its own: started, stopped, killed; and the browsers that speak to it."""

import contextlib
import html
import http.client
import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from sqlalchemy import Engine, create_engine

from app.core.db import make_engine

ROOT = Path(__file__).parents[2]
START_SECONDS = 90
INPUT = re.compile(r"<input\b[^>]*>")
ATTRIBUTE = re.compile(r'([a-z-]+)="([^"]*)"')


@dataclass(frozen=True)
class Site:
    """A database, and a folder for whatever else a server keeps."""

    name: str
    url: str
    folder: Path

    @property
    def environment(self) -> dict[str, str]:
        jobs = f"sqlite:///{self.folder / 'jobs.sqlite'}" if self.is_sqlite else self.url
        inherited = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
        if len(inherited) < len(os.environ):  # where sources stay clean; but fifty starts need not compile fifty times
            inherited["PYTHONPYCACHEPREFIX"] = str(ROOT / "instance" / "bytecode")
        return {
            **inherited,
            "APP_ENV": "demo",
            "DATABASE_URL": self.url,
            "JOBS_URL": jobs,
            "STORAGE_DIR": str(self.folder / "files"),
            "PYTHONPATH": str(ROOT),
        }

    @property
    def is_sqlite(self) -> bool:
        return self.url.startswith("sqlite")

    @contextmanager
    def engine(self) -> Iterator[Engine]:
        """The database looked at from outside."""
        engine = make_engine(self.url)
        try:
            yield engine
        finally:
            engine.dispose()

    def prepare(self, plans: int, people: int, *, partners: bool = False) -> dict[str, Any]:
        """A fresh program with complete drafts and signed-in people, `partners` with open links; see `stage`."""
        return self.build("tests.faults.stage", str(plans), str(people), more=["partners"] if partners else [])

    def build(self, module: str, *numbers: str, more: Sequence[str] = ()) -> dict[str, Any]:
        """What a module that builds a stage writes into the file it is given."""
        file = self.folder / "stage.json"
        command = [sys.executable, "-m", module, *numbers, str(file), *more]
        done = subprocess.run(command, cwd=ROOT, env=self.environment, capture_output=True, text=True, check=False)
        if done.returncode:
            raise SystemExit(f"{self.name}: the stage could not be built.\n{done.stderr[-3000:]}")
        stage: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
        return stage


def sqlite_site(folder: Path) -> Site:
    """A new SQLite file in a folder."""
    place = folder / "sqlite"
    place.mkdir()
    return Site("SQLite", f"sqlite:///{place / 'faults.sqlite'}", place)


def postgresql_site(folder: Path, server: str, name: str) -> Site:
    """A new database of that name on a PostgreSQL server, which one of the same name must give way to."""
    place = folder / "postgresql"
    place.mkdir()
    drop_database(server, name)
    _administer(server, f'CREATE DATABASE "{name}"')
    return Site("PostgreSQL", f"{server.rsplit('/', 1)[0]}/{name}", place)


def drop_database(server: str, name: str) -> None:
    """Take the database away again."""
    _administer(server, f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def _administer(server: str, statement: str) -> None:
    admin = create_engine(server, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.exec_driver_sql(statement)
    admin.dispose()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Server:
    """Gunicorn, two workers of eight threads each."""

    def __init__(self, site: Site) -> None:
        self.site = site
        self.port = free_port()
        self.processes: list[subprocess.Popen[bytes]] = []

    def start(self, *, jobs: bool = False) -> None:
        """Start, and wait until pages come; with `jobs` also the process beside it that works and sends mail."""
        gunicorn = ["gunicorn", "wsgi:app", "--workers", "2", "--worker-class", "gthread", "--threads", "8"]
        gunicorn += ["--bind", f"127.0.0.1:{self.port}", "--timeout", "60", "--log-level", "warning"]
        commands = [gunicorn]
        if jobs:
            commands.append(["flask", "--app", "wsgi", "work"])
        with (self.site.folder / "server.log").open("ab") as log:
            self.processes = [
                subprocess.Popen(
                    [sys.executable, "-m", *command],
                    cwd=ROOT,
                    env=self.site.environment,
                    stdout=log,
                    stderr=log,
                    start_new_session=True,
                )
                for command in commands
            ]
        self._wait()

    def _wait(self) -> None:
        until = time.monotonic() + START_SECONDS
        while time.monotonic() < until:
            try:
                if Browser(self.port).get("/").status < 500:
                    return
            except OSError:
                time.sleep(0.1)
        self.kill()
        raise SystemExit(f"{self.site.name}: the server did not start.\n{self.log()[-3000:]}")

    def kill(self) -> None:
        """kill -9 of every process of the server at once, as a power cut would; nobody gets to say goodbye."""
        self._end(signal.SIGKILL)

    def stop(self) -> None:
        """End the server as an operator does."""
        self._end(signal.SIGTERM)

    def _end(self, how: signal.Signals) -> None:
        for process in self.processes:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, how)
        for process in self.processes:
            try:
                process.wait(30)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()
        self.processes = []

    def log(self) -> str:
        """What the server has written."""
        return (self.site.folder / "server.log").read_text(encoding="utf-8", errors="replace")


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back."""

    status: int
    location: str
    body: str

    @property
    def hidden(self) -> dict[str, str]:
        """The hidden fields of the page's form: token, key, version."""
        return {field["name"]: field.get("value", "") for field in self.inputs if field.get("type") == "hidden"}

    @property
    def inputs(self) -> list[dict[str, str]]:
        """The attributes of all named inputs of the page."""
        found = [dict(ATTRIBUTE.findall(tag)) for tag in INPUT.findall(self.body)]
        return [{k: html.unescape(v) for k, v in tag.items()} for tag in found if "name" in tag]


class Browser:
    """One person's browser: its cookies, and a connection for each request, as when everybody comes at once."""

    def __init__(self, port: int, cookie: str = "") -> None:
        self.port = port
        self.cookies = dict([cookie.split("=", 1)]) if cookie else {}

    def get(self, path: str) -> Answer:
        return self._read(self._send("GET", path))

    def post(self, path: str, fields: dict[str, str]) -> Answer:
        return self._read(self._send("POST", path, fields))

    def post_and_hang_up(self, path: str, fields: dict[str, str]) -> None:
        """Send a form and cut the line before the answer comes."""
        self._send("POST", path, fields).close()

    def _send(self, method: str, path: str, fields: dict[str, str] | None = None) -> http.client.HTTPConnection:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=90)
        headers = {"Accept": "text/html", "Accept-Language": "en", "Connection": "close"}
        if self.cookies:
            headers["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        body = None
        if fields is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
            body = urlencode(fields)
        try:
            connection.request(method, path, body=body, headers=headers)
        except OSError:
            connection.close()
            raise
        return connection

    def _read(self, connection: http.client.HTTPConnection) -> Answer:
        with contextlib.closing(connection):
            answer = connection.getresponse()
            body = answer.read().decode("utf-8", errors="replace")
            if "Content-Length" in answer.headers and len(body.encode()) < int(answer.headers["Content-Length"]):
                raise ConnectionError("the answer was cut short")
            for given in answer.headers.get_all("Set-Cookie") or () if self.cookies else ():
                name, value = given.split(";", 1)[0].split("=", 1)
                self.cookies[name] = value
            return Answer(answer.status, answer.headers.get("Location", ""), body)
