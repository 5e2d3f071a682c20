"""Background jobs: a row is the truth, huey is the bell.

A job runs at least once. It is claimed under a lease that a heartbeat renews; when its worker dies, the lease runs out
and another worker takes the job again. What the handler has written but not committed is committed together with
"done", and only while the lease is still this worker's: so a handler that does not commit takes effect exactly once.
Parameters hold ids, never personal data.
"""

import logging
import threading
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from flask import Flask, current_app
from flask_babel import force_locale
from sqlalchemy import and_, or_, select
from sqlalchemy.exc import DBAPIError, IntegrityError

from app.core import clock, job_queue, transaction
from app.core.authz import Actor
from app.core.background_job import BackgroundJob, JobState, LeaseLost, change
from app.core.db import db
from app.core.errors import DomainError
from app.core.job_queue import run_consumer, run_consumer_in_thread

logger = logging.getLogger(__name__)

MAX_TRIES = 5
LEASE_SECONDS = 60.0  # JOB_LEASE_SECONDS overrides it
FIRST_RETRY = timedelta(seconds=30)  # then four times as long each time: 30 s, 2 min, 8 min, 32 min
MAX_PARAM_LENGTH = 100
BELL = "jobs"


@dataclass(frozen=True, slots=True)
class Context:
    """What a handler may say about its work."""

    job_id: int
    attempt: int

    def progress(self, done: int, total: int | None = None, message: str = "") -> None:
        """Show how far the work is. Commits what the handler has written so far and frees the database meanwhile.

        Call it before slow work too: SQLite's only writer should not wait for a PDF. Raises: LeaseLost.
        """
        values: dict[str, Any] = {"progress_done": done, "message": message[:500]}
        if total is not None:
            values["progress_total"] = total
        with transaction.unit_of_work():
            change(self.job_id, self.attempt, lease_until=_lease(), **values)


Handler = Callable[[BackgroundJob, Context], dict[str, Any] | None]
_handlers: dict[str, Handler] = {}


def handler(kind: str) -> Callable[[Handler], Handler]:
    """Register the function that does jobs of a kind: function(job, context) → result (JSON with ids) or None.

    It runs in the owner's language and must bear being run again after it was killed half way.
    A DomainError it raises is final, and its sentences are shown to the owner; any other error is tried again.
    """

    def register(function: Handler) -> Handler:
        if _handlers.get(kind, function) is not function:
            raise ValueError(f"Two handlers for jobs of kind {kind}.")
        _handlers[kind] = function
        return function

    return register


def enqueue(kind: str, *, key: str | None = None, owner: Actor | None = None, **params: Any) -> BackgroundJob:
    """Write down a job in the caller's transaction; a worker starts it once that is stored.

    With a `key` that a job already has, that job is returned and nothing is added.
    """
    if kind not in _handlers:
        raise ValueError(f"Nobody does jobs of kind {kind}.")
    _check_params(params)
    if key is not None and (found := by_key(key)) is not None:
        return found
    job = BackgroundJob(
        kind=kind,
        key=key,
        params=params,
        owner_id=owner.id if owner else None,
        locale=owner.locale if owner else "ja",
    )
    try:
        with db.session.begin_nested():
            db.session.add(job)
    except IntegrityError:
        found = by_key(key) if key is not None else None
        if found is None:
            raise
        return found
    job_queue.ring_after_commit(BELL)
    return job


def by_key(key: str) -> BackgroundJob | None:
    """The job with that key, whatever its state."""
    return db.session.scalar(select(BackgroundJob).where(BackgroundJob.key == key))


def retry(job: BackgroundJob) -> None:
    """Let a failed job start anew with all its tries; part of the caller's transaction."""
    if job.state is JobState.FAILED:
        job.state, job.tries, job.finished_at, job.run_after = JobState.QUEUED, 0, None, clock.now()
        job.message = ""
        db.session.flush()
        job_queue.ring_after_commit(BELL)


def _check_params(params: dict[str, Any]) -> None:
    for name, value in params.items():
        items = value if isinstance(value, list | tuple) else [value]
        for item in items:
            if not isinstance(item, int | str | None) or (isinstance(item, str) and len(item) > MAX_PARAM_LENGTH):
                raise TypeError(f"Job parameter {name}: ids and short codes only, not data.")


def _lease() -> datetime:
    return clock.now() + timedelta(seconds=current_app.config.get("JOB_LEASE_SECONDS", LEASE_SECONDS))


@job_queue.bell(BELL)
def work() -> None:
    """Do one due job, then ring for the next, so that mails and other workers get their turn in between."""
    queue = job_queue.queue_of(current_app._get_current_object())  # type: ignore[attr-defined]
    while run_next():
        if not queue.is_immediate:
            job_queue.ring(BELL)
            return


def run_next() -> bool:
    """Claim and do the job that has been due longest. Returns whether there was one."""
    job = _claim()
    if job is None:
        return False
    if job.state is JobState.RUNNING:
        _run(job, Context(job.id, job.tries))
    return True


def _claim() -> BackgroundJob | None:
    """Take a job under a lease, in a transaction of its own; one that killed its worker too often is parked instead."""
    now = clock.now()
    is_due = or_(
        and_(BackgroundJob.state == JobState.QUEUED, BackgroundJob.run_after <= now),
        and_(BackgroundJob.state == JobState.RUNNING, BackgroundJob.lease_until < now),
    )
    query = select(BackgroundJob).where(is_due).order_by(BackgroundJob.run_after, BackgroundJob.id).limit(1)
    with transaction.unit_of_work():
        job = db.session.scalar(query.with_for_update(skip_locked=True).execution_options(populate_existing=True))
        if job is None:
            return None
        if job.tries >= MAX_TRIES:
            job.state, job.finished_at, job.lease_until = JobState.FAILED, now, None
            job.last_error = job.last_error or "The worker died each time."
            logger.error("Job %s (%s) is parked after %s tries.", job.public_id, job.kind, job.tries)
        else:
            job.state, job.lease_until, job.tries = JobState.RUNNING, _lease(), job.tries + 1
            job.started_at = job.started_at or now
    return job


def _run(job: BackgroundJob, context: Context) -> None:
    try:
        with _heartbeat(context), force_locale(job.locale):
            result = _handlers[job.kind](job, context)
            with transaction.unit_of_work():
                change(context.job_id, context.attempt, **_finished(JobState.DONE), result=result or {}, last_error="")
    except LeaseLost:
        transaction.rollback()
        logger.warning("Job %s was taken over by another worker.", job.public_id)
    except Exception as error:
        transaction.rollback()
        logger.exception("Job %s (%s), try %s, failed.", job.public_id, job.kind, context.attempt)
        _note_failure(job, context, error)


def _note_failure(job: BackgroundJob, context: Context, error: Exception) -> None:
    is_final = isinstance(error, DomainError) or context.attempt >= MAX_TRIES
    values: dict[str, Any] = {"last_error": _where(error)}
    if isinstance(error, DomainError):
        with force_locale(job.locale):
            values["message"] = " ".join(str(problem) for problem in error.problems)[:500]
    if is_final:
        values |= _finished(JobState.FAILED)
    else:
        run_after = clock.now() + FIRST_RETRY * 4 ** (context.attempt - 1)
        values |= {"state": JobState.QUEUED, "lease_until": None, "run_after": run_after}
    try:
        with transaction.unit_of_work():
            change(context.job_id, context.attempt, **values)
    except LeaseLost:
        logger.warning("Job %s was taken over by another worker.", job.public_id)


def _finished(state: JobState) -> dict[str, Any]:
    return {"state": state, "lease_until": None, "finished_at": clock.now()}


def _where(error: Exception) -> str:
    """Kind and place of an error. Not its text: that may quote what a person typed."""
    frames = traceback.extract_tb(error.__traceback__)
    place = f" at {Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else ""
    return f"{type(error).__name__}{place}"[:500]


@contextmanager
def _heartbeat(context: Context) -> Iterator[None]:
    """Renew the lease while the handler works, from a thread with a connection of its own."""
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]
    if job_queue.queue_of(app).is_immediate:
        yield
        return
    stop = threading.Event()
    thread = threading.Thread(target=_beat, args=(app, context, stop), name="job-heartbeat", daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()


def _beat(app: Flask, context: Context, stop: threading.Event) -> None:
    interval = app.config.get("JOB_LEASE_SECONDS", LEASE_SECONDS) / 4
    with app.app_context():
        while not stop.wait(interval):
            try:
                with transaction.unit_of_work():
                    change(context.job_id, context.attempt, lease_until=_lease())
            except LeaseLost:
                return
            except DBAPIError:  # the handler itself holds SQLite's write lock: the next beat will do
                transaction.rollback()


def init_app(app: Flask) -> None:
    job_queue.init_app(app)


__all__ = [
    "BackgroundJob",
    "Context",
    "JobState",
    "LeaseLost",
    "by_key",
    "enqueue",
    "handler",
    "init_app",
    "retry",
    "run_consumer",
    "run_consumer_in_thread",
    "run_next",
    "work",
]
