"""The row of a background job: what, for whom, how far, and under whose lease. `app.core.jobs` does the work."""

import enum
from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, Index, String, update
from sqlalchemy.orm import Mapped, mapped_column

from app.core import clock
from app.core.db import Base, Public, db


class JobState(enum.StrEnum):
    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


class BackgroundJob(Public, Base):
    """One piece of work: what, for whom, how far."""

    __tablename__ = "background_job"
    __table_args__ = (
        Index("ix_background_job_due", "state", "run_after"),
        Index("ix_background_job_owner_id", "owner_id"),
        CheckConstraint("(state = 'running') = (lease_until IS NOT NULL)", name="lease_while_running"),
        CheckConstraint("(state IN ('done', 'failed')) = (finished_at IS NOT NULL)", name="finished_is_dated"),
    )

    kind: Mapped[str] = mapped_column(String(60))
    key: Mapped[str | None] = mapped_column(String(120), unique=True)
    params: Mapped[dict[str, Any]] = mapped_column(default=dict)
    state: Mapped[JobState] = mapped_column(default=JobState.QUEUED)
    progress_done: Mapped[int] = mapped_column(default=0)
    progress_total: Mapped[int | None]
    message: Mapped[str] = mapped_column(String(500), default="")  # for the owner, in the owner's language
    result: Mapped[dict[str, Any]] = mapped_column(default=dict)
    owner_id: Mapped[int | None]
    locale: Mapped[str] = mapped_column(String(10), default="ja")
    tries: Mapped[int] = mapped_column(default=0)
    run_after: Mapped[datetime] = mapped_column(default=clock.now)
    lease_until: Mapped[datetime | None]
    last_error: Mapped[str] = mapped_column(String(500), default="")  # for operators; never a value
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
    started_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]

    @property
    def is_under_way(self) -> bool:
        return self.state in (JobState.QUEUED, JobState.RUNNING)


class LeaseLost(Exception):
    """Another worker has taken the job over: whatever this one still does is rolled back."""


def change(job_id: int, attempt: int, **values: Any) -> None:
    """Write to the row while this attempt still holds it. Raises: LeaseLost."""
    db.session.flush()
    changed: Any = db.session.execute(
        update(BackgroundJob)
        .where(
            BackgroundJob.id == job_id,
            BackgroundJob.tries == attempt,
            BackgroundJob.state == JobState.RUNNING,
        )
        .values(**values)
        .execution_options(synchronize_session="evaluate")
    )
    if changed.rowcount != 1:
        raise LeaseLost
