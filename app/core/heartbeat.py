"""Whether the service was alive: a beat each minute, and a ledger of the gaps between beats.

The background worker beats. When a beat comes more than two minutes after the one before, nobody was there to beat:
the gap goes into the ledger as an outage. The ledger is what an extension of a round can be measured by.
"""

import math
from datetime import datetime, timedelta

from sqlalchemy import CheckConstraint, Index, select
from sqlalchemy.orm import Mapped

from app.core import audit, clock, job_queue, transaction
from app.core.authz import SYSTEM
from app.core.db import Base, db

LONGEST_PAUSE = timedelta(minutes=2)  # a beat that comes later than this after the last one finds an outage
ONLY_ROW = 1


class Heartbeat(Base):
    """When the service was last known to be alive: one row."""

    __tablename__ = "heartbeat"

    beat_at: Mapped[datetime]


class Outage(Base):
    """A time in which nothing beat: from the last beat before it to the first one after it."""

    __tablename__ = "outage"
    __table_args__ = (
        CheckConstraint("until_at > from_at", name="in_order"),
        Index("ix_outage_from_at", "from_at"),
    )

    from_at: Mapped[datetime]
    until_at: Mapped[datetime]
    minutes: Mapped[int]  # rounded up: in favour of those who wanted to work


@job_queue.bell("heartbeat")
def beat() -> None:
    """Note that the service is alive now, in a transaction of its own; write an outage where the last beat is old."""
    with transaction.unit_of_work():
        note(clock.now())


def note(now: datetime) -> Outage | None:
    """Move the beat on to `now`, in the caller's transaction. Returns the outage that this found, if any."""
    last = db.session.scalar(select(Heartbeat).where(Heartbeat.id == ONLY_ROW).with_for_update())
    if last is None:
        db.session.add(Heartbeat(id=ONLY_ROW, beat_at=now))
        db.session.flush()
        return None
    before, last.beat_at = last.beat_at, max(now, last.beat_at)
    if now - before <= LONGEST_PAUSE:
        return None
    outage = Outage(from_at=before, until_at=now, minutes=minutes_of(now - before))
    db.session.add(outage)
    audit.record(SYSTEM, "outage:record", outage)
    return outage


def minutes_of(span: timedelta) -> int:
    """A span in whole minutes, rounded up."""
    return math.ceil(span.total_seconds() / 60)


def outages(limit: int = 100) -> list[Outage]:
    """The ledger, the newest outage first."""
    return list(db.session.scalars(select(Outage).order_by(Outage.from_at.desc(), Outage.id.desc()).limit(limit)))


def minutes_down(start: datetime, end: datetime) -> int:
    """How many minutes between two instants lie in outages, rounded up in total."""
    found = db.session.scalars(select(Outage).where(Outage.until_at > start, Outage.from_at < end))
    spans = [min(outage.until_at, end) - max(outage.from_at, start) for outage in found]
    return minutes_of(sum(spans, timedelta()))


def last_beat() -> datetime | None:
    """When the service was last known to be alive; None before the first beat."""
    return db.session.scalar(select(Heartbeat.beat_at).where(Heartbeat.id == ONLY_ROW))
