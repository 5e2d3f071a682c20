"""Kernel services on real engines: each test gets an application with real commits, on SQLite and on PostgreSQL."""

import email
import os
import socket
import uuid
from collections.abc import Iterator
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import Any

import psycopg
import pytest
from aiosmtpd.controller import Controller
from flask import Flask

from app.core import audit, crypto, i18n, jobs, limits, mail_attachments, outbox, storage
from app.core.db import Base, db

POSTGRESQL = os.environ.get("TEST_POSTGRES_URL", "postgresql://postgres@127.0.0.1:5432/postgres").replace(
    "+psycopg", ""
)
REDIS = os.environ.get("TEST_REDIS_URL", "redis://127.0.0.1:6379/9")
TABLES = [
    model.__table__
    for model in (
        audit.AuditEvent,
        storage.StoredFile,
        outbox.OutboxMessage,
        mail_attachments.MailAttachment,
        jobs.BackgroundJob,
        limits.LimitCounter,
    )
]


def _needs(service: str, host: str, port: int) -> None:
    """Skip with a clear notice where a service is absent; fail where the run promises it (REQUIRE_SERVICES=1)."""
    try:
        socket.create_connection((host, port), timeout=1).close()
    except OSError:
        notice = f"{service} does not answer at {host}:{port}: its tests did not run."
        if os.environ.get("REQUIRE_SERVICES") == "1":
            pytest.fail(notice)
        pytest.skip(notice)


@pytest.fixture(scope="session")
def postgresql_url() -> Iterator[str]:
    """An empty PostgreSQL database, dropped afterwards; as SQLAlchemy writes its address."""
    server = psycopg.conninfo.conninfo_to_dict(POSTGRESQL)
    _needs("PostgreSQL", str(server.get("host", "127.0.0.1")), int(server.get("port", 5432)))
    name = f"kernel_{uuid.uuid4().hex[:12]}"
    with psycopg.connect(POSTGRESQL, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')
    yield POSTGRESQL.replace("postgresql://", "postgresql+psycopg://").rpartition("/")[0] + f"/{name}"
    with psycopg.connect(POSTGRESQL, autocommit=True) as connection:
        connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


@pytest.fixture
def redis_url() -> str:
    """A Redis to queue in."""
    host, _, port = REDIS.removeprefix("redis://").partition("/")[0].partition(":")
    _needs("Redis", host, int(port or 6379))
    return REDIS


def kernel_app(database_url: str, folder: Path, **settings: object) -> Flask:
    """An application of nothing but the kernel, with the tables of its services."""
    app = Flask("kernel", root_path=str(folder), template_folder=str(folder / "templates"))
    app.config.update(
        SECRET_KEY="kernel-tests-" + uuid.uuid4().hex,
        DATABASE_URL=database_url,
        STORAGE_DIR=str(folder / "files"),
        FIELD_KEYS={"k1": crypto.new_key()},
        BLIND_INDEX_KEY=crypto.new_key(),
        MAIL_TRANSPORT="mailbox",
        MAIL_FROM="Sakura Science <noreply@example.jp>",
        BASE_URL="https://exchange.example.jp",
        JOBS_URL="immediate:",
        JOBS_NAME="kernel-" + uuid.uuid4().hex[:12],
    )
    app.config.update(settings)
    db.init_app(app)
    crypto.init_app(app)
    i18n.init_app(app)
    jobs.init_app(app)
    (folder / "templates" / "email").mkdir(parents=True, exist_ok=True)
    return app


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The same test on both engines."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'kernel.sqlite3'}"
    url: str = request.getfixturevalue("postgresql_url")
    return url


@pytest.fixture
def kernel(database_url: str, tmp_path: Path) -> Iterator[Flask]:
    """The kernel application with empty tables, its context pushed, commits real."""
    app = kernel_app(database_url, tmp_path)
    with app.app_context():
        Base.metadata.drop_all(db.engine, tables=TABLES)
        Base.metadata.create_all(db.engine, tables=TABLES)
        yield app
        db.session.rollback()
    app.extensions["database_engine"].dispose()


class Sink:
    """An SMTP server that keeps what it gets and refuses whom it is told to."""

    def __init__(self) -> None:
        self.received: list[EmailMessage] = []
        self.refuse_with: dict[str, str] = {}

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:
        if address in self.refuse_with:
            return self.refuse_with[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        self.received.append(email.message_from_bytes(envelope.content, policy=default))  # type: ignore[arg-type]
        return "250 kept"


@pytest.fixture
def sink() -> Iterator[tuple[Sink, dict[str, Any]]]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    handler = Sink()
    controller = Controller(handler, hostname="127.0.0.1", port=port)
    controller.start()
    yield handler, {"MAIL_TRANSPORT": "smtp", "SMTP_HOST": "127.0.0.1", "SMTP_PORT": port, "SMTP_STARTTLS": False}
    controller.stop()
