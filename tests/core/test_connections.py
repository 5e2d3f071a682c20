"""A connection that was cut while it rested is replaced unnoticed; one used a moment ago is not asked twice."""

import pytest
from flask import Flask
from sqlalchemy import Engine, text

from app.core import db as database
from app.core.db import db, is_sqlite, make_engine, take_time


def backend_of(engine: Engine) -> int:
    with engine.connect() as connection:
        return int(connection.execute(text("SELECT pg_backend_pid()")).scalar_one())


def test_connection_cut_while_it_rested_is_replaced(postgresql_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    engine, other = make_engine(postgresql_url), make_engine(postgresql_url)
    cut = backend_of(engine)
    with other.begin() as connection:
        connection.execute(text("SELECT pg_terminate_backend(:backend)"), {"backend": cut})
    monkeypatch.setattr(database, "REST_SECONDS", 0)
    assert backend_of(engine) not in (0, cut)
    engine.dispose()
    other.dispose()


def test_connection_used_a_moment_ago_is_used_again_without_a_question(
    postgresql_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = make_engine(postgresql_url)
    pings: list[object] = []
    monkeypatch.setattr(engine.dialect, "do_ping", pings.append)
    first = backend_of(engine)
    assert backend_of(engine) == first
    assert not pings
    monkeypatch.setattr(database, "REST_SECONDS", 0)
    assert backend_of(engine) == first
    assert len(pings) == 1
    engine.dispose()


def test_work_in_the_background_is_not_ended_after_a_pages_time(kernel: Flask) -> None:
    if is_sqlite():
        take_time()  # there is nothing to lift
        return
    usual = db.session.scalar(text("SHOW statement_timeout"))
    take_time()
    assert (usual, db.session.scalar(text("SHOW statement_timeout"))) == ("15s", "0")
    db.session.rollback()
    assert db.session.scalar(text("SHOW statement_timeout")) == usual
