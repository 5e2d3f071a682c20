"""Releasing the results of a round: all of its decided plans, each host told once, however often it is tried."""

from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _

from app.accounts import queries as accounts
from app.applications import obstacles as later
from app.applications import round_queries
from app.applications.events import ApplicationAdopted
from app.applications.models import Application, Decision, Outcome
from app.applications.workflow import APPLICATION
from app.calls.models import Call
from app.core import audit, authz, clock, events, jobs
from app.core.authz import Actor, Grant
from app.core.background_job import BackgroundJob
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
    if not round_queries.count_decided(call.id):
        found.append(_("There is no decided plan whose result waits for release."))
    return [*found, *later.of_round(call)]


def release(actor: Actor, call: Call) -> Released:
    """Release the results of a round: at once for few plans, by a job for many.

    Raises: Forbidden; GuardsFailed while the round is open, a plan is undecided, or nothing waits.
    """
    authz.require_role(actor, "round:release")
    problems = obstacles(call)
    if problems:
        raise GuardsFailed(*problems)
    waiting = round_queries.count_decided(call.id)
    audit.record(actor, "call:release", call, changes={"plans": [0, waiting]})
    if waiting > AT_ONCE:
        number = f"{call.public_id}:{call.version}"  # a later release of stragglers is another job
        return Released(waiting, jobs.enqueue(JOB, key=f"release:{number}", owner=actor, call=call.id, asked=waiting))
    _release_some(actor, call, limit=AT_ONCE)
    call.released_at = clock.now()
    return Released(waiting)


def _release_some(actor: Actor, call: Call, *, limit: int) -> int:
    """Release up to `limit` plans; returns how many."""
    found = round_queries.decided(call.id, limit)
    for application, decision in found:
        _release_one(actor, application, decision)
    return len(found)


def _release_one(actor: Actor, application: Application, decision: Decision) -> None:
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
    call.released_at = clock.now()
    return {"plans": total}


def in_the_name_of(user_id: int) -> Actor:
    """The person who asked for the work, with the hats worn now: whoever lost the role meanwhile releases nothing."""
    user = accounts.person(user_id)
    grants = tuple(Grant(grant.role, grant.institution_id) for grant in round_queries.roles_of(user_id))
    return Actor(
        id=user.id, name=user.name, email=user.email, locale=user.locale, grants=grants, public_id=user.public_id
    )


def job_of(call: Call) -> BackgroundJob | None:
    """The job that releases the round just now, if there is one."""
    return jobs.by_key(f"release:{call.public_id}:{call.version}")
