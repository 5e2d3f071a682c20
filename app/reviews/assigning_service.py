"""Verbs on who reads what: have it proposed, change it by hand, send it, take plans back."""

import time
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask_babel import gettext as _

from app.accounts.acting_for import in_the_name_of
from app.applications.models import Application, ApplicationState
from app.calls.models import Call
from app.checking import queries as checks
from app.core import audit, authz, clock, jobs, outbox
from app.core.authz import SYSTEM, Actor
from app.core.background_job import BackgroundJob, JobState
from app.core.db import db
from app.core.errors import GuardsFailed, Refused, TransitionNotAllowed
from app.core.workflow import Moved
from app.reviews import assigning_queries, conflicts, proposing
from app.reviews.assignment_workflow import REVIEW_ASSIGNMENT
from app.reviews.models import ReviewAssignment, Reviewer
from app.reviews.vocabulary import OPEN_ASSIGNMENTS, AssignmentState

PROPOSE = "reviews.propose"
SEND = "reviews.send"
WITHDRAWN = "withdrawn"  # why a plan was taken back, where no person says it
AT_ONCE = 50  # more proposals than this are sent by a job
RUNNING = (JobState.QUEUED, JobState.RUNNING)


@dataclass(frozen=True, slots=True)
class Sent:
    """What a sending did: readings experts were asked for, or the job that asks."""

    readings: int
    job: BackgroundJob | None = None


def propose(actor: Actor, call: Call, *, afresh: bool, key: str) -> BackgroundJob:
    """Have a job propose readers for the places of a round that are empty; `afresh` drops unsent proposals first.

    `key` tells one asking from another. Raises: Forbidden; GuardsFailed while another proposal is being made.
    """
    authz.require_role(actor, "review:assign")
    running = assigning_queries.newest_job(PROPOSE, call)
    if running is not None and running.state in RUNNING:
        raise GuardsFailed(_("A proposal is being made just now. Wait until it is there."))
    audit.record(actor, "review_assignment:ask-proposal", call)
    return jobs.enqueue(
        PROPOSE, key=f"{PROPOSE}:{call.public_id}:{key}", owner=actor, call=call.id, afresh=1 if afresh else 0
    )


@jobs.handler(PROPOSE)
def propose_by_job(job: BackgroundJob, context: jobs.Context) -> dict[str, Any]:
    """Look for conflicts, find the best assignment, store it as proposals; nobody is told."""
    call = assigning_queries.call_of(job.params["call"])
    if call is None or job.owner_id is None:
        return {}
    actor = in_the_name_of(job.owner_id)
    authz.require_role(actor, "review:assign")
    return make_proposal(actor, call, afresh=bool(job.params["afresh"]))


def make_proposal(actor: Actor, call: Call, *, afresh: bool = False) -> dict[str, Any]:
    """Propose readers for the empty places of a round, at once.

    Returns what to say of it: number of proposals, gap to the optimum (0.0: proved), spread of loads, empty places by
    plan, seconds taken.
    """
    began = time.perf_counter()
    if afresh:
        for assignment in assigning_queries.proposed(call):
            db.session.delete(assignment)
        db.session.flush()
    conflicts.recheck([plan.id for plan in assigning_queries.plans(call)])
    found = proposing.problem(call).solve()
    db.session.add_all(
        ReviewAssignment(call_id=call.id, application_id=plan, reviewer_id=expert, assigned_by_id=actor.id)
        for plan, expert in found.pairs
    )
    result = {
        "proposed": len(found.pairs),
        "gap": round(found.gap, 6),
        "spread": found.spread,
        "missing": [[plan, places] for plan, places in sorted(found.missing.items())],
        "seconds": round(time.perf_counter() - began, 2),
    }
    audit.record(actor, "review_assignment:propose", call, changes={"proposed": [0, len(found.pairs)]})
    return result


def add(actor: Actor, application: Application, reviewer: Reviewer) -> ReviewAssignment:
    """Give a plan to an expert by hand, as a proposal to be sent.

    Raises: Forbidden; Refused for one in conflict (nobody overrides that), without time or room, or asked before.
    """
    authz.require_role(actor, "review:assign")
    if application.state is not ApplicationState.UNDER_REVIEW or checks.mark_of(application) is not None:
        raise TransitionNotAllowed()
    conflicts.recheck([application.id], [reviewer.id])
    problem = _obstacle(application, reviewer)
    if problem:
        raise Refused({"reviewer": [problem]})
    assignment = ReviewAssignment(
        call_id=application.call_id, application=application, reviewer=reviewer, assigned_by_id=actor.id
    )
    db.session.add(assignment)
    audit.record(actor, "review_assignment:add", assignment)
    return assignment


def _obstacle(application: Application, reviewer: Reviewer) -> str | None:
    """Why an expert cannot be given a plan, with what mends it."""
    name = reviewer.name
    if assigning_queries.is_in_conflict(reviewer.id, application.id):
        return _("%(name)s is in conflict with this plan and cannot read it. Choose somebody else.", name=name)
    if any(row.reviewer_id == reviewer.id for row in assigning_queries.of_plan(application)):
        return _("%(name)s was asked to read this plan before. Choose somebody else.", name=name)
    if reviewer.id not in {expert.id for expert in assigning_queries.available(application.call)}:
        return _("%(name)s has no time for this round or is not active. Choose somebody else.", name=name)
    if assigning_queries.held(application.call).get(reviewer.id, 0) >= reviewer.capacity:
        return _(
            "%(name)s has %(capacity)s plans of this round, as many as agreed. Choose somebody else, or agree on more.",
            name=name,
            capacity=reviewer.capacity,
        )
    return None


def drop(actor: Actor, assignment: ReviewAssignment) -> None:
    """Take a proposal off again; nobody was told of it. Raises: Forbidden; TransitionNotAllowed once it is sent."""
    authz.require(actor, "review:assign", assignment)
    if assignment.state is not AssignmentState.PROPOSED:
        raise TransitionNotAllowed()
    audit.record(actor, "review_assignment:drop", assignment)
    db.session.delete(assignment)
    db.session.flush()


def take_back(actor: Actor, assignment: ReviewAssignment, reason: str) -> None:
    """Take a plan back from an expert who has not handed in the review; the expert is told. Raises as the workflow."""
    REVIEW_ASSIGNMENT.fire(assignment, "set_aside", actor, reason)
    tell_expert("review_taken_back", assignment.reviewer, assignment, dedupe=f"taken-back:{assignment.public_id}")


def take_back_all(actor: Actor, reviewer: Reviewer, reason: str) -> None:
    """What an expert has not handed in is taken back when the term ends; the places are empty then."""
    authz.require(actor, "reviewer:edit", reviewer)
    for assignment in assigning_queries.of_expert(reviewer, OPEN_ASSIGNMENTS):
        if assignment.state is AssignmentState.PROPOSED:
            drop(actor, assignment)
        elif assignment.state is not AssignmentState.COMPLETED:
            REVIEW_ASSIGNMENT.fire(assignment, "set_aside", actor, reason)


def let_go_of_withdrawn(fact: Moved) -> None:
    """A host withdrew its plan: nobody is to read it any more. Reviews that were handed in stay for the record."""
    if fact.workflow != "application" or fact.verb != "withdraw":
        return
    for assignment in assigning_queries.of_plan(fact.subject):
        if assignment.state is AssignmentState.PROPOSED:
            drop(SYSTEM, assignment)
        elif assignment.state in (AssignmentState.SENT, AssignmentState.ACCEPTED):
            take_back(SYSTEM, assignment, WITHDRAWN)


def send(actor: Actor, call: Call, *, due_on: date, key: str) -> Sent:
    """Ask the experts for the readings proposed in a round: at once for few, by a job for many.

    Raises: Forbidden; Refused for a day that is over; GuardsFailed where nothing is proposed.
    """
    authz.require_role(actor, "review:assign")
    if due_on <= clock.today():
        raise Refused({"due_on": [_("Choose a day after today.")]})
    waiting = assigning_queries.proposed(call)
    if not waiting:
        raise GuardsFailed(_("Nothing is proposed that could be sent."))
    audit.record(actor, "review_assignment:ask-sending", call, changes={"readings": [0, len(waiting)]})
    if len(waiting) > AT_ONCE:
        job_key = f"{SEND}:{call.public_id}:{key}"
        return Sent(len(waiting), jobs.enqueue(SEND, key=job_key, owner=actor, call=call.id, due=due_on.isoformat()))
    return Sent(send_now(actor, call, due_on))


@jobs.handler(SEND)
def send_by_job(job: BackgroundJob, context: jobs.Context) -> dict[str, Any]:
    """Ask expert by expert. Killed half way, the next try goes on with what is left; nobody is asked twice."""
    call = assigning_queries.call_of(job.params["call"])
    if call is None or job.owner_id is None:
        return {}
    actor = in_the_name_of(job.owner_id)
    authz.require_role(actor, "review:assign")
    return {"readings": send_now(actor, call, date.fromisoformat(job.params["due"]), context)}


def send_now(actor: Actor, call: Call, due_on: date, context: jobs.Context | None = None) -> int:
    """Look for conflicts once more, then ask each expert in one mail. Returns how many readings were asked for."""
    conflicts.recheck([row.application_id for row in assigning_queries.proposed(call)])
    waiting = assigning_queries.proposed(call)
    by_expert: dict[int, list[ReviewAssignment]] = {}
    for assignment in waiting:
        by_expert.setdefault(assignment.reviewer_id, []).append(assignment)
    done = 0
    for own in by_expert.values():
        _ask(actor, call, own, due_on)
        done += len(own)
        if context is not None:
            context.progress(done, len(waiting))
    return done


def _ask(actor: Actor, call: Call, own: list[ReviewAssignment], due_on: date) -> None:
    """One expert is asked to read some plans. The mail holds their number and a link, nothing of the plans."""
    for assignment in own:
        assignment.due_on = due_on
        REVIEW_ASSIGNMENT.fire(assignment, "send", actor)
    tell_expert(
        "review_request",
        own[0].reviewer,
        own[0].reviewer,
        dedupe=f"review-request:{own[0].public_id}",
        number=len(own),
        title=call.title,
        due_on=due_on,
    )


def tell_expert(template: str, reviewer: Reviewer, subject: Any, *, dedupe: str, **context: Any) -> None:
    """Write to an expert in the language of the account."""
    recipient = assigning_queries.account_of(reviewer) or reviewer
    outbox.enqueue(template, recipient, subject_of=subject, dedupe=dedupe[:160], **context)


def accept(actor: Actor, assignment: ReviewAssignment) -> None:
    """An expert says that no conflict stands in the way and reads the plan. Raises what the workflow raises."""
    REVIEW_ASSIGNMENT.fire(assignment, "accept", actor)


def decline(actor: Actor, assignment: ReviewAssignment, reason: str) -> None:
    """An expert does not read a plan, or not after all, for want of time or another reason; JST is told."""
    REVIEW_ASSIGNMENT.fire(assignment, "decline", actor, reason)
    conflicts.tell_coordinators(assignment)


def shortage(call: Call, missing: Iterable[int]) -> dict[int, proposing.Shortage]:
    """For each plan with an empty place, why nobody fills it."""
    return proposing.problem(call).shortages(missing)
