"""Doing one thing to many entries: looked at beforehand, done one by one, each with its own success or reason.

Few entries are done at once, many by a job. Each has a savepoint of its own, so one that cannot be done stops nobody
else; what is done and what became of the entry are stored together, so a task that was killed goes on with what is
left and does nothing twice. Who has lost a permission meanwhile does nothing any more.
"""

import logging
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import func, insert, select
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.orm.exc import StaleDataError

from app.core import audit, authz, clock, jobs, refusals, transaction
from app.core.authz import Actor
from app.core.background_job import BackgroundJob
from app.core.db import db
from app.core.errors import DomainError, GuardsFailed, NotFound
from app.core.lists.description import Act, ListOf, find
from app.core.lists.models import ListTask, ListTaskItem, Outcome
from app.core.lists.selecting import MOST, Candidate, Chosen, candidates, mark

logger = logging.getLogger(__name__)

AT_ONCE = 50  # more entries than this are done by a job
JOB = "lists.act"
DAY = "day"

_actor_of: list[Callable[[int], Actor]] = []


def act_for(loader: Callable[[int], Actor]) -> None:
    """Say how to find the person a job works for, with the hats worn now; `accounts` knows."""
    _actor_of[:] = [loader]


def in_the_name_of(user_id: int) -> Actor:
    """The person who asked for the work: who lost a role or the account may nothing any more."""
    return _actor_of[0](user_id)


def begin(
    actor: Actor,
    of: ListOf,
    act: Act,
    wanted: Chosen,
    inputs: Mapping[str, Any],
    *,
    comment: str = "",
    looked_at: str = "",
) -> ListTask:
    """Do an act to the entries meant: at once for few, by a job for many.

    `looked_at`: the `mark` of what the preview showed, where there was one.
    Raises: Forbidden; GuardsFailed when nothing can be done, too much is asked for at once, or the preview has aged.
    """
    authz.require_role(actor, act.permission)
    found = candidates(of, act, actor, wanted)
    doable = sum(1 for entry in found if not entry.obstacle)
    if len(found) > MOST:
        raise GuardsFailed(_("These are more than %(most)s entries. Narrow the filters.", most=MOST))
    if not doable:
        raise GuardsFailed(_("None of these entries can be done."))
    if looked_at and looked_at != mark(found):
        raise GuardsFailed(_("Meanwhile other entries are meant than you looked at. This is what would happen now."))
    task = ListTask(
        owner_id=actor.id,
        list_name=of.name,
        act_name=act.name,
        arguments=wanted.arguments,
        inputs={name: _kept(value) for name, value in inputs.items()},
        reason=comment,
        entries=len(found),
    )
    db.session.add(task)
    audit.record(
        actor,
        "list:act",
        task,
        comment=comment,
        changes={"list": [None, of.name], "act": [None, act.name], "entries": [None, doable]},
    )
    db.session.execute(insert(ListTaskItem), [_item(task, entry) for entry in found])
    if doable > AT_ONCE:
        task.job_id = jobs.enqueue(JOB, key=f"list:{task.public_id}", owner=actor, task=task.id).id
    else:
        _do_all(actor, of, act, task)
    return task


def _item(task: ListTask, entry: Candidate) -> dict[str, Any]:
    outcome = Outcome.SKIPPED if entry.obstacle else Outcome.WAITING
    return {
        "task_id": task.id,
        "row_id": entry.row_id,
        "name": entry.name,
        "outcome": outcome,
        "reason": entry.obstacle[:500],
    }


def _kept(value: Any) -> Any:
    return {DAY: value.isoformat()} if isinstance(value, date) else value


def _given(value: Any) -> Any:
    return date.fromisoformat(value[DAY]) if isinstance(value, dict) and DAY in value else value


def _do_all(
    actor: Actor, of: ListOf, act: Act, task: ListTask, after_each: Callable[[int], None] = lambda _done: None
) -> None:
    """Do what still waits, in the order of the list; `after_each` is told how many are settled."""
    settled = task.entries - tally(task).get(Outcome.WAITING, 0)
    waiting = (ListTaskItem.task_id == task.id, ListTaskItem.outcome == Outcome.WAITING)
    first = select(ListTaskItem).where(*waiting).order_by(ListTaskItem.id).limit(1)
    inputs = {name: _given(value) for name, value in task.inputs.items()}
    while (item := db.session.scalar(first)) is not None:
        outcome, reason = _do_one(actor, act, item.row_id, inputs)
        item.outcome, item.reason = outcome, reason[:500]
        db.session.flush()
        settled += 1
        after_each(settled)
    task.finished_at = clock.now()
    logger.info("Task %s (%s, %s) is done.", task.public_id, of.name, act.name)


def _do_one(actor: Actor, act: Act, row_id: str, inputs: Mapping[str, Any]) -> tuple[Outcome, str]:
    """One entry, as it stands now: what became of it, and why if nothing did."""
    try:
        with transaction.part():
            query = act.rows(actor, [row_id]).execution_options(populate_existing=True)
            found = db.session.execute(query).unique().first()
            if found is None:
                return Outcome.SKIPPED, str(act.missing or refusals.sentence(NotFound()))
            if obstacle := act.obstacle(actor, found[0]):
                return Outcome.SKIPPED, str(obstacle)
            act.do(actor, found[0], **inputs)
        return Outcome.DONE, ""
    except DomainError as refusal:
        return Outcome.SKIPPED, " ".join(map(str, refusal.problems)) or refusals.sentence(refusal)
    except StaleDataError as refusal:
        return Outcome.SKIPPED, refusals.sentence(refusal)
    except Exception as error:
        if isinstance(error, DBAPIError) and not isinstance(error, IntegrityError):
            raise  # the database itself is in trouble: the job is tried again, the request says so
        logger.exception("%s of %s failed.", act.name, row_id)
        return Outcome.FAILED, _("An error of the system. It is in the log; nothing was changed.")


@jobs.handler(JOB)
def do_by_job(job: BackgroundJob, context: jobs.Context) -> dict[str, Any]:
    """Entry by entry, each stored with its outcome. Killed half way, the next try goes on with what is left."""
    task = db.session.get(ListTask, job.params["task"])
    of = find(task.list_name) if task is not None else None
    act = of.act(task.act_name) if of is not None and task is not None else None
    if task is None or of is None or act is None:
        return {}
    actor = in_the_name_of(task.owner_id)
    authz.require_role(actor, act.permission)
    _do_all(actor, of, act, task, lambda settled: context.progress(settled, task.entries))
    return {"task": task.id}


def own_task(actor: Actor, public_id: str) -> ListTask:
    """A task of one's own. Raises: NotFound, for those of others too."""
    found = db.session.scalar(select(ListTask).where(ListTask.public_id == public_id, ListTask.owner_id == actor.id))
    if found is None:
        raise NotFound()
    return found


def tally(task: ListTask) -> dict[Outcome, int]:
    """How many entries came to what."""
    query = select(ListTaskItem.outcome, func.count()).where(ListTaskItem.task_id == task.id)
    return {row[0]: row[1] for row in db.session.execute(query.group_by(ListTaskItem.outcome))}


def items_of(task: ListTask, outcome: Outcome, limit: int = 200) -> list[ListTaskItem]:
    """The entries that came to this, in the order of the list."""
    query = select(ListTaskItem).where(ListTaskItem.task_id == task.id, ListTaskItem.outcome == outcome)
    return list(db.session.scalars(query.order_by(ListTaskItem.id).limit(limit)))


def job_of(task: ListTask) -> BackgroundJob | None:
    """The job that does the task, where one does."""
    return db.session.get(BackgroundJob, task.job_id) if task.job_id is not None else None
