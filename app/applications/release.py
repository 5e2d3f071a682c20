"""Releasing the results of a round: all of its decided plans, each host told once, however often it is tried."""

from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _

from app.accounts.acting_for import in_the_name_of
from app.applications import obstacles as later
from app.applications import proposal_workflow, queries, round_queries
from app.applications.events import ApplicationAdopted
from app.applications.models import Application, ApplicationState, Decision, Outcome
from app.applications.workflow import APPLICATION
from app.calls.models import Call
from app.core import audit, authz, clock, events, jobs
from app.core.authz import Actor
from app.core.background_job import BackgroundJob
from app.core.db import db
from app.core.errors import GuardsFailed
from app.core.i18n import exact_moment

AT_ONCE = 50  # more plans than this are released by a job
BATCH = 20  # plans the job releases in one transaction: SQLite's only writer must not be kept waiting
JOB = "applications.release"


@dataclass(frozen=True, slots=True)
class Released:
    """What a release did: plans told, or the job that does it."""

    plans: int
    job: BackgroundJob | None = None


def obstacles(call: Call) -> list[str]:
    """Why the results of a round cannot be released yet, in sentences; empty if they can."""
    found: list[str] = []
    if clock.now() < call.closes_at:
        found.append(_("The round is open until %(closing)s.", closing=exact_moment(call.closes_at)))
    undecided = round_queries.of_round(call, *round_queries.UNDECIDED)
    if undecided:
        numbers = ", ".join(row.reference for row in undecided[:10]) + (" …" if len(undecided) > 10 else "")
        found.append(
            _("Plans that are not decided yet: %(count)s (%(numbers)s).", count=len(undecided), numbers=numbers)
        )
    otherwise = round_queries.with_open_proposals(call)
    if otherwise:
        found.append(
            _("Decided, but another decision is proposed and waits: %(numbers)s.", numbers=", ".join(otherwise))
        )
    if not round_queries.count_decided(call.id):
        found.append(_("There is no decided plan whose result waits for release."))
    return [*found, *later.of_round(call)]


def release(actor: Actor, call: Call) -> Released:
    """Release the results of a round: at once for few plans, by a job for many.

    Raises: Forbidden; GuardsFailed while the round is open, a plan is undecided, or nothing waits.
    """
    waiting = _begin(actor, call)
    if waiting > AT_ONCE:
        return Released(waiting, _enqueue(actor, call, waiting))
    _release_some(actor, call, limit=AT_ONCE)
    _note_released(call)
    return Released(waiting)


def by_job(actor: Actor, call: Call) -> BackgroundJob:
    """Release the results of a round by a job, however few: for the minute set. Raises what `release` raises."""
    return _enqueue(actor, call, _begin(actor, call))


def _begin(actor: Actor, call: Call) -> int:
    """The door of a release; returns how many plans wait for it."""
    authz.require_role(actor, "round:release")
    problems = obstacles(call)
    if problems:
        raise GuardsFailed(*problems)
    waiting = round_queries.count_decided(call.id)
    call.release_at = None  # it is being done
    audit.record(actor, "call:release", call, changes={"plans": [0, waiting]})
    db.session.flush()
    return waiting


def _enqueue(actor: Actor, call: Call, waiting: int) -> BackgroundJob:
    number = f"{call.public_id}:{call.version}"  # a later release of stragglers is another job
    return jobs.enqueue(JOB, key=f"release:{number}", owner=actor, call=call.id, asked=waiting)


def _note_released(call: Call) -> None:
    call.released_at = clock.now()
    call.release_missed_at = None


def _release_some(actor: Actor, call: Call, *, limit: int) -> int:
    """Release up to `limit` plans; returns how many."""
    found = round_queries.decided(call.id, limit)
    for application, decision in found:
        _release_one(actor, application, decision)
    return len(found)


def _release_one(actor: Actor, application: Application, decision: Decision) -> None:
    queries.take_turn(application)
    if application.state is not ApplicationState.DECIDED:
        return  # withdrawn, or released by another worker, a moment ago
    proposal_workflow.let_lapse(application)
    APPLICATION.fire(application, f"release_{decision.outcome.value}", actor, decision.message)
    if decision.outcome is Outcome.ADOPTED:
        events.publish(ApplicationAdopted(application, actor))


@jobs.handler(JOB)
def release_by_job(job: BackgroundJob, context: jobs.Context) -> dict[str, Any]:
    """Release batch by batch. Killed half way, the next try goes on with what is left; nobody is told twice."""
    call = round_queries.call_of(job.params["call"])
    if call is None or job.owner_id is None:
        return {}
    actor = in_the_name_of(job.owner_id)
    authz.require_role(actor, "round:release")
    total = job.params["asked"]
    done = total - round_queries.count_decided(call.id)
    while count := _release_some(actor, call, limit=BATCH):
        done += count
        context.progress(done, total)
    _note_released(call)
    return {"plans": total}


def job_of(call: Call) -> BackgroundJob | None:
    """The job that releases the round just now, if there is one."""
    return jobs.by_key(f"release:{call.public_id}:{call.version}")
