"""Verbs on the figures: make them anew, note that their sources changed, look after mails and jobs."""

import logging
from datetime import datetime, timedelta
from itertools import combinations
from typing import Any

from sqlalchemy import delete, insert, update
from sqlalchemy.exc import IntegrityError

from app.core import audit, authz, clock, job_queue, jobs, outbox, transaction
from app.core.authz import Actor
from app.core.background_job import BackgroundJob, JobState
from app.core.db import db, take_time
from app.core.errors import TransitionNotAllowed
from app.core.outbox import MailState, OutboxMessage
from app.core.workflow import Moved
from app.insight import sources
from app.insight.models import (
    CumulativeFigure,
    FigureStamp,
    RevisitDay,
    RevisitFigure,
    VisitorDay,
    VisitorFigure,
)

logger = logging.getLogger(__name__)

REFRESH = "figures.refresh"
DIMENSIONS = ("fiscal_year", "country", "host_institution_id", "course")
#: Sums are kept over none, one and two dimensions; narrower questions are answered from the days.
SUMS = [by for size in range(3) for by in combinations(DIMENSIONS, size)]
# Changes within one minute share a refresh. It waits until transactions begun in that minute are over (they last 15 s
# at most), so that none of them is missed.
SETTLING = timedelta(seconds=20)
MOVES_THAT_COUNT = frozenset({"visit", "revisit"})


def refresh(at: datetime) -> FigureStamp:
    """Make the whole summary anew as of an instant (its day in Tokyo counts); part of the caller's transaction.

    Set by set inside the database: the same sources always give the same rows.
    """
    take_time()
    until = clock.in_tokyo(at).date()
    for table in (VisitorDay, VisitorFigure, RevisitDay, RevisitFigure, CumulativeFigure):
        db.session.execute(delete(table))
    _fill(VisitorDay, sources.visitor_days(until))
    for by in SUMS:
        _fill(VisitorFigure, sources.visitor_sums(by))
    _fill(RevisitDay, sources.revisit_days(until))
    _fill(RevisitFigure, sources.revisit_sums())
    _fill(CumulativeFigure, sources.cumulative())
    stamp = _stamp(at)
    stamp.made_at = at
    db.session.flush()
    return stamp


def _fill(table: Any, rows: Any) -> None:
    columns = [column.key for column in table.__table__.columns if column.key != "id"]
    db.session.execute(insert(table.__table__).from_select(columns, rows))


def _stamp(at: datetime) -> FigureStamp:
    """The single row, made where there is none yet, even if another worker makes it at the same moment."""
    found = db.session.get(FigureStamp, 1, populate_existing=True)
    if found is not None:
        return found
    made = FigureStamp(id=1, changed_at=at)
    try:
        with db.session.begin_nested():
            db.session.add(made)
    except IntegrityError:
        return db.session.get_one(FigureStamp, 1)
    return made


@jobs.handler(REFRESH)
def refresh_job(_job: BackgroundJob, _context: jobs.Context) -> dict[str, Any]:
    """The background job: the figures of this moment."""
    stamp = refresh(clock.now())
    return {"made_at": stamp.made_at.isoformat() if stamp.made_at else ""}


@job_queue.bell("figures", minute="5", hour="19")  # 04:05 in Tokyo
def refresh_nightly() -> None:
    """Every night, whatever was announced: visits begin and days pass by themselves."""
    with transaction.unit_of_work():
        jobs.enqueue(REFRESH, key=f"{REFRESH}:night:{clock.today().isoformat()}")


def sources_changed(_fact: Any = None) -> None:
    """Hear that something counted may have changed: the figures are made anew within about a minute."""
    if not transaction.first_time(REFRESH):
        return
    now = clock.now()
    changed: Any = db.session.execute(update(FigureStamp).where(FigureStamp.id == 1).values(changed_at=now))
    if not changed.rowcount:
        _stamp(now)
    minute = now.replace(second=0, microsecond=0) + timedelta(minutes=1)
    job = jobs.enqueue(REFRESH, key=f"{REFRESH}:{minute:%Y%m%dT%H%M}")
    if job.state is JobState.QUEUED:
        job.run_after = minute + SETTLING
        db.session.flush()


def moved(fact: Moved) -> None:
    """Hear that a row moved in its workflow; only visits and returns count."""
    if fact.workflow in MOVES_THAT_COUNT:
        sources_changed(fact)


def ask_refresh(actor: Actor) -> BackgroundJob:
    """Have the figures made anew now; several who ask within a minute wait for one job. Raises: Forbidden."""
    authz.require_role(actor, "figures:refresh")
    job = jobs.enqueue(REFRESH, key=f"{REFRESH}:asked:{actor.id}:{clock.now():%Y%m%dT%H%M}", owner=actor)
    audit.record(actor, "figures:refresh", job)
    return job


def retry_job(actor: Actor, job: BackgroundJob) -> None:
    """Start a failed job again. Raises: Forbidden; TransitionNotAllowed for one that has not failed."""
    authz.require_role(actor, "job:retry")
    if job.state is not JobState.FAILED:
        raise TransitionNotAllowed()
    jobs.retry(job)
    audit.record(actor, "job:retry", job)


def retry_mail(actor: Actor, message: OutboxMessage) -> None:
    """Send a failed or held mail after all. Raises: Forbidden; TransitionNotAllowed for any other mail."""
    authz.require_role(actor, "mail:retry")
    if message.state not in (MailState.FAILED, MailState.HELD):
        raise TransitionNotAllowed()
    outbox.release(message)
    audit.record(actor, "mail:retry", message)
