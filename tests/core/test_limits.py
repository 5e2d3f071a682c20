"""A limit counts every try, also of requests that were rolled back, also from several workers at once."""

import threading
from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select, text

from app.core import limits, transaction
from app.core.db import db, reading
from app.core.errors import TooMany

QUARTER = timedelta(minutes=15)


def _tries() -> list[int]:
    with db.new_session() as session:
        return list(session.scalars(select(limits.LimitCounter.tries)))


def test_limit_lets_its_number_of_tries_pass_and_then_says_how_long_to_wait(kernel: Flask) -> None:
    with time_machine.travel("2026-07-01T00:00:00Z", tick=False):
        assert [limits.hit("sign-in", "a@example.jp", 5, QUARTER) for _ in range(5)] == [4, 3, 2, 1, 0]
        with pytest.raises(TooMany) as refusal:
            limits.hit("sign-in", "a@example.jp", 5, QUARTER)
    assert refusal.value.retry_after == 15 * 60


def test_limit_starts_anew_when_its_period_is_over(kernel: Flask) -> None:
    with time_machine.travel("2026-07-01T00:00:00Z", tick=False) as clock:
        for _ in range(6):
            try:
                limits.hit("sign-in", "a@example.jp", 5, QUARTER)
            except TooMany:
                continue
        clock.shift(QUARTER - timedelta(seconds=1))
        with pytest.raises(TooMany) as refusal:
            limits.hit("sign-in", "a@example.jp", 5, QUARTER)
        assert refusal.value.retry_after == 1
        clock.shift(timedelta(seconds=1))
        assert limits.hit("sign-in", "a@example.jp", 5, QUARTER) == 4


def test_limit_keeps_people_and_actions_apart(kernel: Flask) -> None:
    limits.hit("sign-in", "a@example.jp", 1, QUARTER)
    limits.hit("sign-in", "b@example.jp", 1, QUARTER)
    limits.hit("reset", "a@example.jp", 1, QUARTER)
    with pytest.raises(TooMany):
        limits.hit("sign-in", "a@example.jp", 1, QUARTER)


def test_limit_counts_a_request_that_is_rolled_back_after_its_transaction_began(kernel: Flask) -> None:
    for expected in (1, 2, 3):
        db.session.execute(text("SELECT 1"))  # as every request does: it loads its session first
        limits.hit("sign-in", "a@example.jp", 5, QUARTER)
        transaction.rollback()
        assert _tries() == [expected]


def test_limit_counts_a_committed_request_once(kernel: Flask) -> None:
    db.session.execute(text("SELECT 1"))
    limits.hit("sign-in", "a@example.jp", 5, QUARTER)
    transaction.commit()
    db.session.execute(text("SELECT 1"))
    transaction.rollback()
    assert _tries() == [1]


def test_limit_counts_a_reading_request_that_never_commits(kernel: Flask) -> None:
    with reading():
        db.session.execute(text("SELECT 1"))
        limits.hit("search", "1", 60, timedelta(minutes=1))
        db.session.close()
    assert _tries() == [1]


def test_limit_lets_exactly_its_number_pass_among_parallel_tries(kernel: Flask) -> None:
    passed, refused = [], []

    def attempt() -> None:
        with kernel.app_context():
            try:
                passed.append(limits.hit("sign-in", "a@example.jp", 10, QUARTER))
            except TooMany:
                refused.append(1)

    threads = [threading.Thread(target=attempt) for _ in range(40)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(passed) == list(range(10))
    assert len(refused) == 30


def test_check_refuses_only_when_the_counted_failures_reach_the_limit(kernel: Flask) -> None:
    for _ in range(3):
        limits.check("sign-in", "a@example.jp", 3, QUARTER)
        limits.hit("sign-in", "a@example.jp", 1000, QUARTER)
    with pytest.raises(TooMany):
        limits.check("sign-in", "a@example.jp", 3, QUARTER)
    limits.forget("sign-in", "a@example.jp")
    limits.check("sign-in", "a@example.jp", 3, QUARTER)


def test_counter_keeps_no_address(kernel: Flask) -> None:
    limits.hit("sign-in", "a@example.jp", 5, QUARTER)
    with db.new_session() as session:
        row = session.scalars(select(limits.LimitCounter)).one()
        assert "example" not in row.key_hash
        assert len(row.key_hash) == 32


def test_purge_removes_counters_whose_period_is_over(kernel: Flask) -> None:
    with time_machine.travel("2026-07-01T00:00:00Z", tick=False) as clock:
        limits.hit("sign-in", "old@example.jp", 5, QUARTER)
        clock.shift(timedelta(minutes=10))
        limits.hit("sign-in", "new@example.jp", 5, QUARTER)
        clock.shift(timedelta(minutes=6))
        with transaction.unit_of_work():
            assert limits.purge() == 1
    assert _tries() == [1]
