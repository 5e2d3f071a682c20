"""Passing on many plans about which nothing was found: looked over first, then done, by a job where they are many."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import Row

from app.accounts.acting_for import in_the_name_of
from app.applications.models import Application
from app.checking import queries, queue_queries, service
from app.checking.meeting import Met, Seen
from app.core import authz, jobs
from app.core.authz import Actor
from app.core.background_job import BackgroundJob
from app.core.db import db
from app.core.errors import Refused

AT_ONCE = 50  # more plans than this are passed on by a job
BATCH = 10  # plans the job passes on in one transaction
JOB = "checking.pass"
MOST = 800  # plans of one order


@dataclass(frozen=True, slots=True)
class Preview:
    """What an order would do: plans to be passed on, and those left in the queue with the reason."""

    ready: list[Row[Any]]
    left: list[tuple[Row[Any], str]]


@dataclass(frozen=True, slots=True)
class Passed:
    """What an order did: plans passed on, plans left, or the job that does it."""

    plans: int
    left: int = 0
    job: BackgroundJob | None = None


def preview(actor: Actor, public_ids: Sequence[str]) -> Preview:
    """Look an order over. Plans that do not wait any more are not among its rows. A fixed number of queries."""
    rows = queue_queries.waiting(actor, list(dict.fromkeys(public_ids))[:MOST])
    repeated = queue_queries.repeated(rows)
    judged = [(row, _why_not(actor, row, repeated)) for row in rows]
    return Preview([row for row, why in judged if not why], [(row, why) for row, why in judged if why])


def _why_not(actor: Actor, row: Row[Any], repeated: dict[int, int]) -> str:
    """Why a plan is not for passing on unread; "" if it is."""
    if row.holder_id is not None and row.holder_id != actor.id:
        return _("%(who)s works on it", who=row.holder)
    if row.is_back:
        return _("back after a return")
    if row.compared_at is None:
        return _("not compared with other plans yet")
    if row.broken or row.unsure or row.similar or repeated.get(row.id):
        return _("something was found")
    return ""


def pass_many(actor: Actor, public_ids: Sequence[str], *, key: str) -> Passed:
    """Pass on the plans of an order as it is looked over now: at once for few, by a job for many.

    `key` names the order: sent twice, it is one. Raises: Forbidden; Refused when no plan of it can be passed on.
    """
    authz.require_role(actor, "application:check")
    looked = preview(actor, public_ids)
    if not looked.ready:
        raise Refused({"": [_("No plan of these can be passed on without being read.")]})
    numbers = [row.id for row in looked.ready]
    if len(numbers) > AT_ONCE:
        return Passed(len(numbers), job=jobs.enqueue(JOB, key=f"{JOB}:{key}", owner=actor, plans=numbers))
    done = _pass(actor, numbers)
    return Passed(done, len(looked.left) + len(numbers) - done)


def _pass(actor: Actor, numbers: Sequence[int]) -> int:
    """Pass on those that still wait; returns how many. What somebody handled or took over meanwhile is left alone."""
    done = 0
    for number in numbers:
        application = db.session.get(Application, number)
        if application is None:
            continue
        try:
            service.pass_on(actor, application, Seen(None))
        except Met:
            continue
        done += 1
    return done


@jobs.handler(JOB)
def pass_by_job(job: BackgroundJob, context: jobs.Context) -> dict[str, Any]:
    """Pass on batch by batch. Killed half way, the next try goes on with what still waits."""
    if job.owner_id is None:
        return {}
    actor = in_the_name_of(job.owner_id)
    authz.require_role(actor, "application:check")
    numbers: list[int] = job.params["plans"]
    done = 0
    for start in range(0, len(numbers), BATCH):
        done += _pass(actor, numbers[start : start + BATCH])
        context.progress(min(start + BATCH, len(numbers)), len(numbers))
    return {"plans": done}


def job_of(actor: Actor) -> BackgroundJob | None:
    """The order of this person that is under way, or the last one."""
    return queries.newest_job(JOB, actor)
