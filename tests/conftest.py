"""A real database for every test, nothing left behind; a client that watches what requests do.

Each test runs in one transaction that is never committed; what the application commits becomes a savepoint of it.
The client fails a GET that writes, a write that leaves no audit entry, and counts queries.
"""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from alembic import command
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import create_engine, event, func, select
from sqlalchemy.pool import StaticPool

from app import create_app
from app.cli import alembic_config
from app.core import db as db_module
from app.core.audit import AuditEvent
from app.core.db import db
from config import Testing

LONG = ("journeys", "faults")
NOTES = ("limit_counter", "submission_key", "section_presence", "check_claim")  # tables whose writes change nothing


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The long ones first, so that no worker begins one when the others have finished."""
    items.sort(key=lambda item: item.path.parent.name not in LONG)


def database_url() -> str:
    """SQLite in memory, or TEST_DATABASE_URL (each parallel worker then makes a database of its own)."""
    return os.environ.get("TEST_DATABASE_URL", "sqlite://")


class Watch:
    """The statements that went through the connection while it was on."""

    def __init__(self) -> None:
        self.statements: list[str] = []

    @property
    def writes(self) -> list[str]:
        """Changes of data. Counting tries is none (`core.limits` does so on safe requests too), nor is a form's key,
        nor a sign of life (`applications.presence`, `checking.claims`).
        """
        return [
            text
            for text in self.statements
            if text.lstrip()[:6].upper() in ("INSERT", "UPDATE", "DELETE") and not any(table in text for table in NOTES)
        ]

    @property
    def changes(self) -> list[str]:
        """Writes that must leave an audit entry: all but what people have typed and not saved, theirs alone."""
        return [text for text in self.writes if not any(table in text for table in ("parked_text", "carried_form"))]

    @property
    def queries(self) -> int:
        """SELECTs sent: savepoints and writes not counted."""
        return sum(1 for text in self.statements if text.lstrip()[:6].upper() in ("SELECT", "WITH"))


class Client(FlaskClient):
    """A browser that notices misbehaviour of the application."""

    audit_exempt: frozenset[str] = frozenset({"/language", "/csp-report"})
    last: Watch

    def open(self, *args: Any, **kwargs: Any) -> Any:
        db.session.commit()  # what the test has made stands, as if stored; the test's own transaction is undone later
        before = db.session.scalar(select(func.max(AuditEvent.id))) or 0
        with (
            self.application.app_context(),
            watching() as watch,
        ):  # a context of its own: nothing leaks into the request
            response = super().open(*args, **kwargs)
            response.get_data()
        self.last = watch
        db.session.expire_all()
        method = response.request.method if response.request else "GET"
        if method in ("GET", "HEAD"):
            assert not watch.writes, f"a safe request wrote: {watch.writes[:3]}"
        elif response.status_code < 400 and watch.changes and not self._is_exempt(response.request.path):
            after = db.session.scalar(select(func.max(AuditEvent.id))) or 0
            assert after > before, f"{method} {response.request.path} changed data without an audit entry"
        return response

    def _is_exempt(self, path: str) -> bool:
        """What is kept while one types is logged when it is begun and when it is saved, not every few seconds."""
        return path in self.audit_exempt or (path.startswith("/reviews/mine/") and path.endswith("/keep"))


@contextmanager
def watching() -> Iterator[Watch]:
    """Record the statements sent inside the block."""
    watch = Watch()

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        watch.statements.append(statement)

    engine = db.engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        yield watch
    finally:
        event.remove(engine, "before_cursor_execute", note)


def _worker_database(worker: str) -> str:
    """The address of a fresh database for this process; on PostgreSQL one is created for each parallel worker."""
    url = database_url()
    if url.startswith("sqlite"):
        return url
    name = f"{url.rsplit('/', 1)[1]}_{worker}"
    admin = create_engine(url, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.exec_driver_sql(f'DROP DATABASE IF EXISTS "{name}"')
        connection.exec_driver_sql(f'CREATE DATABASE "{name}"')
    admin.dispose()
    return f"{url.rsplit('/', 1)[0]}/{name}"


@pytest.fixture(scope="session")
def app(worker_id: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """The application on an empty, migrated database."""
    settings = Testing()
    settings.DATABASE_URL = _worker_database(worker_id)
    settings.STORAGE_DIR = str(tmp_path_factory.mktemp("files"))
    made = _with_one_memory_database if settings.DATABASE_URL == "sqlite://" else None
    if made is not None:
        original = db_module.create_engine
        db_module.create_engine = made(original)  # one connection holds the database in memory
        application = create_app(settings)
        db_module.create_engine = original
    else:
        application = create_app(settings)
    application.test_client_class = Client
    with application.app_context():
        with db.engine.connect() as connection:
            config = alembic_config(settings.DATABASE_URL)
            config.attributes["connection"] = connection
            command.upgrade(config, "head")
            connection.commit()
        yield application
        db.engine.dispose()


def _with_one_memory_database(original: Callable[..., Any]) -> Callable[..., Any]:
    return lambda url, **options: original(
        url, poolclass=StaticPool, connect_args={"check_same_thread": False}, **options
    )


@pytest.fixture(autouse=True)
def isolation(request: pytest.FixtureRequest) -> Iterator[None]:
    """Everything a test writes is gone afterwards."""
    if "app" not in request.fixturenames and "client" not in request.fixturenames:
        yield
        return
    application: Flask = request.getfixturevalue("app")
    with application.app_context():
        connection = db.engine.connect()
        outer = connection.begin()
        application.extensions["database_session_options"] = {
            "bind": connection,
            "join_transaction_mode": "create_savepoint",
        }
        yield
        db.session.close()
        if outer.is_active:
            outer.rollback()
        connection.close()
        del application.extensions["database_session_options"]


@pytest.fixture
def client(app: Flask) -> Client:
    """A browser in which nobody is signed in."""
    return app.test_client()  # type: ignore[return-value]
