"""The database: typed models, one session per unit of work, the promises each engine must keep.

SQLite runs in WAL with `synchronous=FULL` (an acknowledged write survives a power cut) and takes its write lock with
`BEGIN IMMEDIATE` when the work intends to write, so that no writer fails half way. PostgreSQL keeps its own promises;
`doctor` checks that nobody switched them off.
"""

import enum
import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Any

from flask import Flask, current_app, g
from sqlalchemy import JSON, DateTime, Dialect, Engine, Enum, MetaData, String, create_engine, event, text
from sqlalchemy.exc import DisconnectionError
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, declared_attr, mapped_column
from sqlalchemy.types import TypeDecorator

from app.core import clock

PUBLIC_ID_ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz"  # no 0/o, 1/i/l: it is read out on the phone
SQLITE_BUSY_TIMEOUT_MS = 15_000
REST_SECONDS = 5  # after so long without use a connection to PostgreSQL may have been cut
POSTGRESQL_OPTIONS = "-c statement_timeout=15000 -c idle_in_transaction_session_timeout=30000 -c timezone=UTC"

_intends_to_write: ContextVar[bool] = ContextVar("intends_to_write", default=True)


def new_public_id() -> str:
    """An unguessable name for a row in URLs: 16 signs, about 79 bits."""
    return "".join(secrets.choice(PUBLIC_ID_ALPHABET) for _ in range(16))


class UtcDateTime(TypeDecorator[datetime]):
    """An instant: aware in Python, UTC in the database, the same on both engines. A naive value is refused."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("A naive datetime cannot be stored: say which time zone it is in.")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Base(DeclarativeBase):
    """Parent of every model: naming convention for constraints and the map from Python types to columns."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {
        datetime: UtcDateTime(),
        dict[str, Any]: JSON(),
        list[Any]: JSON(),
        list[str]: JSON(),
        enum.StrEnum: Enum(
            enum.StrEnum,
            native_enum=False,
            length=40,
            create_constraint=False,
            values_callable=lambda members: [member.value for member in members],
        ),
    }

    id: Mapped[int] = mapped_column(primary_key=True, sort_order=-10)


class Public:
    """A row people meet by URL: it is addressed by an opaque name, never by its number."""

    public_id: Mapped[str] = mapped_column(String(16), unique=True, default=new_public_id, sort_order=-9)


class Timestamped:
    """When a row was made and last changed."""

    created_at: Mapped[datetime] = mapped_column(default=clock.now, sort_order=90)
    updated_at: Mapped[datetime] = mapped_column(default=clock.now, onupdate=clock.now, sort_order=91)


class Versioned:
    """Optimistic lock: every change raises `version`; a change of an outdated copy is refused, never merged."""

    version: Mapped[int] = mapped_column(default=1, sort_order=92)

    @declared_attr.directive
    def __mapper_args__(cls) -> dict[str, Any]:
        return {"version_id_col": cls.version}


def _configure_sqlite(engine: Engine) -> None:
    @event.listens_for(engine, "connect")
    def set_promises(connection: Any, _record: Any) -> None:
        connection.isolation_level = None  # we say BEGIN ourselves
        cursor = connection.cursor()
        cursor.execute(f"PRAGMA busy_timeout = {SQLITE_BUSY_TIMEOUT_MS}")
        cursor.execute("PRAGMA journal_mode = WAL")
        cursor.execute("PRAGMA synchronous = FULL")
        cursor.execute("PRAGMA foreign_keys = ON")
        cursor.execute("PRAGMA temp_store = MEMORY")
        cursor.execute("PRAGMA cache_size = -16384")
        cursor.close()

    @event.listens_for(engine, "begin")
    def begin(connection: Any) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE" if _intends_to_write.get() else "BEGIN")


def make_engine(url: str) -> Engine:
    """An engine that keeps our promises; bound values never appear in error texts (`hide_parameters`)."""
    if url.startswith("sqlite"):
        engine = create_engine(url, hide_parameters=True)
        _configure_sqlite(engine)
        return engine
    engine = create_engine(
        url,
        hide_parameters=True,
        pool_use_lifo=True,  # the connection used last knows the statements best
        pool_size=10,
        max_overflow=20,
        connect_args={"options": POSTGRESQL_OPTIONS},
    )
    _ping_after_rest(engine)
    return engine


def _ping_after_rest(engine: Engine) -> None:
    """A connection that rested is tried before it is used; one used a moment ago is not: that would double the way."""

    @event.listens_for(engine, "checkin")
    def rests(_connection: Any, record: Any) -> None:
        record.info["resting_since"] = time.monotonic()

    @event.listens_for(engine, "checkout")
    def wakes(connection: Any, record: Any, _proxy: Any) -> None:
        since = record.info.pop("resting_since", None)
        if since is None or time.monotonic() - since < REST_SECONDS:
            return
        try:
            engine.dialect.do_ping(connection)
        except engine.dialect.loaded_dbapi.Error as error:
            raise DisconnectionError from error  # the pool drops it and makes another


@contextmanager
def reading() -> Iterator[None]:
    """Inside, transactions take no write lock on SQLite: for safe requests and pure reports."""
    token = _intends_to_write.set(False)
    try:
        yield
    finally:
        _intends_to_write.reset(token)


def declare_intent(writing: bool) -> None:
    """Say for the current request whether its transaction will write."""
    _intends_to_write.set(writing)


def intends_to_write() -> bool:
    """Whether a transaction begun now would take SQLite's write lock."""
    return _intends_to_write.get()


class Database:
    """The engine of an application and the session of the current application context."""

    def init_app(self, app: Flask) -> None:
        app.extensions["database_engine"] = make_engine(app.config["DATABASE_URL"])
        app.teardown_appcontext(self._close)

    @property
    def engine(self) -> Engine:
        engine: Engine = current_app.extensions["database_engine"]
        return engine

    @property
    def session(self) -> Session:
        session: Session | None = g.get("database_session")
        if session is None:
            session = g.database_session = self.new_session()
        return session

    def new_session(self) -> Session:
        """A session of its own, outside the current unit of work: for counters that must survive a rollback."""
        options = current_app.extensions.get("database_session_options", {"bind": self.engine})
        return Session(expire_on_commit=False, **options)

    def hand_over(self) -> Session:
        """Give the session of this context to somebody who outlives it and closes it, such as a download under way."""
        session = self.session
        g.pop("database_session", None)
        return session

    def _close(self, _error: BaseException | None) -> None:
        session: Session | None = g.pop("database_session", None)
        if session is not None:
            session.close()


db = Database()


def take_time() -> None:
    """Let the statements of the present transaction run as long as they need: for work in the background.

    PostgreSQL otherwise ends a statement after 15 seconds, so that no page holds anybody up for longer.
    """
    if not is_sqlite():
        db.session.execute(text("SET LOCAL statement_timeout = 0"))


def is_sqlite() -> bool:
    return db.engine.dialect.name == "sqlite"
