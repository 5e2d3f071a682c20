"""Limits on how often something may be tried (security contract 5.5), counted in the database.

Counters are shared by all workers and survive restarts. A count stays although the request it belongs to is rolled
back: a wrong password answers 422 and must still be counted. Keys (addresses, IPs) are kept only as a keyed hash.
"""

import hashlib
import hmac
import math
from datetime import datetime, timedelta
from typing import Any

from flask import current_app
from sqlalchemy import Connection, Index, Insert, String, UniqueConstraint, case, delete, event, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.core import clock
from app.core.db import Base, db, intends_to_write, is_sqlite
from app.core.errors import TooMany

_REPEAT = "limit_counts_to_repeat"


class LimitCounter(Base):
    """How often one key did one thing since `started_at`."""

    __tablename__ = "limit_counter"
    __table_args__ = (UniqueConstraint("action", "key_hash"), Index("ix_limit_counter_expires_at", "expires_at"))

    action: Mapped[str] = mapped_column(String(60))
    key_hash: Mapped[str] = mapped_column(String(32))
    tries: Mapped[int]
    started_at: Mapped[datetime]
    expires_at: Mapped[datetime]


def _key_hash(action: str, key: str) -> str:
    secret = str(current_app.config["SECRET_KEY"]).encode("utf-8")
    return hmac.new(secret, f"{action}\x1f{key}".encode(), hashlib.sha256).hexdigest()[:32]


def hit(action: str, key: str, limit: int, per: timedelta) -> int:
    """Count one try of `action` by `key`; returns how many are left in this period.

    The period starts with the first try and lasts `per`. Raises: TooMany (with seconds to wait) beyond `limit` tries.
    """
    count, started_at = _count(_one_more(action, _key_hash(action, key), per))
    if count > limit:
        raise TooMany(_seconds_left(started_at, per))
    return limit - count


def check(action: str, key: str, limit: int, per: timedelta) -> None:
    """Refuse when `limit` tries were already counted, without counting: for 'only failures count' limits.

    Raises: TooMany.
    """
    row = db.session.execute(
        select(LimitCounter.tries, LimitCounter.started_at).where(
            LimitCounter.action == action,
            LimitCounter.key_hash == _key_hash(action, key),
            LimitCounter.started_at > clock.now() - per,
        )
    ).one_or_none()
    if row is not None and row.tries >= limit:
        raise TooMany(_seconds_left(row.started_at, per))


def forget(action: str, key: str) -> None:
    """Start anew, e.g. after a right password; part of the caller's transaction."""
    db.session.execute(
        delete(LimitCounter).where(LimitCounter.action == action, LimitCounter.key_hash == _key_hash(action, key))
    )


def purge() -> int:
    """Remove counters whose period is over; part of the caller's transaction. Returns how many."""
    removed: Any = db.session.execute(delete(LimitCounter).where(LimitCounter.expires_at < clock.now()))
    return int(removed.rowcount)


def _seconds_left(started_at: datetime, per: timedelta) -> int:
    return max(1, math.ceil((started_at + per - clock.now()).total_seconds()))


def _one_more(action: str, key_hash: str, per: timedelta) -> Insert:
    """One statement that starts, raises or restarts the counter: no two tries can read the same count."""
    now = clock.now()
    insert: Any = sqlite.insert(LimitCounter) if is_sqlite() else postgresql.insert(LimitCounter)
    is_over = LimitCounter.started_at <= now - per
    statement: Insert = (
        insert.values(action=action, key_hash=key_hash, tries=1, started_at=now, expires_at=now + per)
        .on_conflict_do_update(
            index_elements=["action", "key_hash"],
            set_={
                "tries": case((is_over, 1), else_=LimitCounter.tries + 1),
                "started_at": case((is_over, now), else_=LimitCounter.started_at),
                "expires_at": case((is_over, now + per), else_=LimitCounter.expires_at),
            },
        )
        .returning(LimitCounter.tries, LimitCounter.started_at)
    )
    return statement


def _count(statement: Insert) -> tuple[int, datetime]:
    session = db.session
    if _holds_the_only_writer(session):
        row = session.execute(statement).one()
        _repeat_after_rollback(session, statement)
    else:
        with db.new_session() as own, own.begin():
            row = own.execute(statement).one()
    return row.tries, row.started_at


def _holds_the_only_writer(session: Session) -> bool:
    """Whether a second transaction would wait for this one: SQLite has one writer, a bound connection one transaction.

    Then the count goes into the current transaction and is made again should that be rolled back.
    """
    if isinstance(session.get_bind(), Connection):
        return True
    return is_sqlite() and session.in_transaction() and intends_to_write()


def _repeat_after_rollback(session: Session, statement: Insert) -> None:
    if _REPEAT not in session.info:
        session.info[_REPEAT] = []
        event.listen(session, "after_rollback", _repeat)
        event.listen(session, "after_commit", lambda ended: ended.info[_REPEAT].clear())
    session.info[_REPEAT].append(statement)


def _repeat(session: Session) -> None:
    statements = list(session.info[_REPEAT])
    session.info[_REPEAT].clear()
    if statements:
        with db.new_session() as own, own.begin():
            for statement in statements:
                own.execute(statement)
