"""Promises of the kernel: numbers without gaps, forms that do a thing once, databases that keep their word."""

import threading
from datetime import datetime
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import text
from sqlalchemy.exc import StatementError

from app.core import counters, idempotency
from app.core.db import Base, db, make_engine, new_public_id
from app.core.forms import parse_date
from app.core.web import safe_path


def test_numbers_of_a_series_follow_one_another(app: Flask) -> None:
    assert [counters.next_number("2026") for _ in range(3)] == [1, 2, 3]
    assert counters.next_number("2027") == 1


def test_form_sent_twice_does_its_work_once(app: Flask) -> None:
    calls: list[str] = []

    def make() -> str:
        calls.append("made")
        return f"/things/{len(calls)}"

    assert idempotency.once("key-1", 7, make) == "/things/1"
    assert idempotency.once("key-1", 7, make) == "/things/1"
    assert len(calls) == 1


def test_key_of_somebody_else_opens_nothing(app: Flask) -> None:
    idempotency.once("key-2", 7, lambda: "/things/of-seven")
    assert idempotency.once("key-2", 8, lambda: "/things/of-eight") == "/things/of-eight"


def test_naive_datetime_is_refused(app: Flask) -> None:
    with pytest.raises(StatementError, match="naive"):
        db.session.execute(
            Base.metadata.tables["limit_counter"].insert(),
            {
                "action": "x",
                "key_hash": "y",
                "count": 1,
                "started_at": datetime(2026, 1, 1),
                "expires_at": datetime(2026, 1, 1),
            },
        )


def test_public_ids_are_unguessable() -> None:
    made = {new_public_id() for _ in range(5000)}
    assert len(made) == 5000
    assert all(len(name) == 16 and name.isalnum() for name in made)


def test_sqlite_keeps_its_promises(tmp_path: Path) -> None:
    engine = make_engine(f"sqlite:///{tmp_path / 'x.sqlite'}")
    with engine.connect() as connection:
        found = [
            connection.execute(text(f"PRAGMA {name}")).scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys")
        ]
    engine.dispose()
    assert found == ["wal", 2, 1]


def test_sqlite_writers_queue_instead_of_failing(tmp_path: Path) -> None:
    engine = make_engine(f"sqlite:///{tmp_path / 'x.sqlite'}")
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE n (value INTEGER)"))
        connection.execute(text("INSERT INTO n VALUES (0)"))

    def add() -> None:
        for _ in range(20):
            with engine.begin() as connection:
                seen = connection.execute(text("SELECT value FROM n")).scalar()
                connection.execute(text("UPDATE n SET value = :value"), {"value": (seen or 0) + 1})

    threads = [threading.Thread(target=add) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with engine.connect() as connection:
        assert connection.execute(text("SELECT value FROM n")).scalar() == 160
    engine.dispose()


def test_errors_never_quote_what_was_written(tmp_path: Path) -> None:
    engine = make_engine(f"sqlite:///{tmp_path / 'x.sqlite'}")
    with engine.connect() as connection, pytest.raises(Exception, match="no such table") as failed:
        connection.execute(text("INSERT INTO missing VALUES (:number)"), {"number": "PA1204587"})
    engine.dispose()
    assert "PA1204587" not in str(failed.value)


@pytest.mark.parametrize(
    "target",
    [
        "https://evil.example",
        "//evil.example",
        "/\\evil.example",
        "javascript:alert(1)",
        "evil",
        "",
        None,
        "\\\\evil",
        "/\\/x",
    ],
)
def test_only_paths_of_ours_are_led_to(target: str | None) -> None:
    assert safe_path(target) == "/"


@pytest.mark.parametrize("target", ["/", "/visits?year=2026", "/applications/abc"])
def test_paths_of_ours_are_kept(target: str) -> None:
    assert safe_path(target) == target


@pytest.mark.parametrize(
    "typed", ["2026-07-01", "2026/7/1", "2026.7.1", "2026年7月1日", "２０２６年７月１日", "20260701"]
)
def test_dates_are_understood_as_people_write_them(typed: str) -> None:
    found = parse_date(typed)
    assert found is not None
    assert found.isoformat() == "2026-07-01"


@pytest.mark.parametrize("typed", ["2026-13-01", "2026-02-29", "01/07/2026", "tomorrow", ""])
def test_what_is_no_date_is_none(typed: str) -> None:
    assert parse_date(typed) is None
