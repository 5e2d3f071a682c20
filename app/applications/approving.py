"""Approving many proposals of a round: what would happen first, then in one go, or by a job for more than fifty.

Each plan takes its own turn; what somebody else answered meanwhile, or what is in the way of one, stops no other.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _

from app.accounts.acting_for import in_the_name_of
from app.applications import proposal_queries, proposing, round_queries
from app.applications.decision_model import DecisionProposal, ProposalKind
from app.applications.release import AT_ONCE, BATCH
from app.calls.models import Call
from app.core import audit, authz, jobs
from app.core.authz import Actor
from app.core.background_job import BackgroundJob
from app.core.db import db
from app.core.errors import DomainError, Forbidden

JOB = "applications.approve"
PERMISSION = "decision:approve"


@dataclass(frozen=True, slots=True)
class Line:
    """A proposal that was chosen, and why it would not be approved ("" if it would)."""

    proposal: DecisionProposal
    why_not: str = ""


@dataclass(frozen=True, slots=True)
class Done:
    """What was done: how many approved, what was not and why; or the job that does it."""

    approved: int
    left: Sequence[Line] = ()
    job: BackgroundJob | None = None


def preview(actor: Actor, call: Call, names: Sequence[str]) -> list[Line]:
    """What approving the proposals of those public ids would do. Raises: Forbidden."""
    authz.require_role(actor, PERMISSION)
    return [Line(proposal, _why_not(actor, proposal)) for proposal in proposal_queries.chosen(call, names)]


def choosable(actor: Actor, call: Call) -> list[str]:
    """The public ids of all proposals of a round that the actor could approve together."""
    found = proposal_queries.of_round(call).values()
    return [proposal.public_id for proposal in found if may_be_approved(actor, proposal)]


def _why_not(actor: Actor, proposal: DecisionProposal) -> str:
    if not proposal.is_open:
        return proposing.told(proposal)
    if proposal.is_change:
        return _("A change of a released result is approved on its own page.")
    if proposal.proposed_by_id == actor.id:
        return _("You proposed it yourself: somebody else approves it.")
    return ""


def approve(actor: Actor, call: Call, names: Sequence[str], *, key: str) -> Done:
    """Approve the proposals of those public ids, as far as that is possible. `key` makes a second click harmless.

    Raises: Forbidden.
    """
    lines = preview(actor, call, names)
    wanted = [line.proposal for line in lines if not line.why_not]
    audit.record(actor, "call:approve-proposals", call, changes={"plans": [0, len(wanted)]})
    if len(wanted) > AT_ONCE:
        numbers = [f"{proposal.id}.{proposal.version}" for proposal in wanted]
        job = jobs.enqueue(JOB, key=f"{_prefix(call)}{key}"[:80], owner=actor, call=call.id, proposals=numbers)
        return Done(len(wanted), [line for line in lines if line.why_not], job)
    left = [line for line in lines if line.why_not]
    left += [line for line in (_approve_one(actor, proposal) for proposal in wanted) if line.why_not]
    return Done(len(lines) - len(left), left)


def _approve_one(actor: Actor, proposal: DecisionProposal, seen: int | None = None) -> Line:
    """Approve one in a savepoint of its own: what goes wrong is undone, and said."""
    try:
        with db.session.begin_nested():
            proposing.approve(actor, proposal, seen=seen)
    except Forbidden:
        raise
    except DomainError as refusal:
        words = " ".join(str(problem) for problem in refusal.problems)
        return Line(proposal, words or _("It cannot be decided so any more."))
    return Line(proposal)


@jobs.handler(JOB)
def approve_by_job(job: BackgroundJob, context: jobs.Context) -> dict[str, Any]:
    """Approve batch by batch, in the name and with the hats of who asked. A second try finds the rest still open."""
    if job.owner_id is None:
        return {}
    actor = in_the_name_of(job.owner_id)
    authz.require_role(actor, PERMISSION)
    seen = {int(number): int(version) for number, version in (text.split(".") for text in job.params["proposals"])}
    left, done = 0, 0
    numbers = list(seen)
    for start in range(0, len(numbers), BATCH):
        for proposal in proposal_queries.by_number(numbers[start : start + BATCH]):
            was_open = proposal.is_open or proposal.answered_by_id != actor.id
            left += bool(_approve_one(actor, proposal, seen[proposal.id]).why_not) if was_open else 0
            done += 1
        context.progress(done, len(numbers))
    return {"approved": done - left, "left": left}


def job_of(call: Call) -> BackgroundJob | None:
    """The newest job that approves proposals of the round."""
    return round_queries.newest_job(_prefix(call))


def _prefix(call: Call) -> str:
    return f"approve:{call.public_id}:"


def may_be_approved(actor: Actor, proposal: DecisionProposal) -> bool:
    """Whether a proposal can be chosen for approval with others."""
    return proposal.kind is not ProposalKind.CHANGE and not _why_not(actor, proposal)
