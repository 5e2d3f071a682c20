"""Proposing what a board says: adopted above the line, waiting in the board's order, declined; with its conditions.

What is decided already, proposed alike, or proposed by somebody else is left out and named. Plans merely below the
line say nothing: they are proposed to be declined only when that is wished.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _

from app.accounts.acting_for import in_the_name_of
from app.applications import proposal_queries, proposing, round_queries
from app.applications.decision_model import DecisionProposal
from app.applications.models import ApplicationState
from app.applications.proposing import Source
from app.applications.release import AT_ONCE, BATCH
from app.applications.vocabulary import Outcome
from app.board import queries, summing
from app.board.models import BoardVersion
from app.board.panel import Line, build
from app.core import audit, authz, jobs
from app.core.authz import Actor
from app.core.background_job import BackgroundJob
from app.core.db import db
from app.core.errors import DomainError, Forbidden, GuardsFailed, Stale

JOB = "board.propose"
PERMISSION = "decision:propose"
NO_CONDITIONS = {"people_cap": None, "money_cap": None, "condition_ja": "", "condition_en": ""}
S = ApplicationState


@dataclass(frozen=True, slots=True)
class Item:
    """A plan of the board: what is proposed for it, or why nothing is."""

    line: Line
    outcome: Outcome | None
    why_not: str = ""

    @property
    def position(self) -> int | None:
        return self.line.waiting if self.outcome is Outcome.RESERVE else None

    @property
    def conditions(self) -> dict[str, Any]:
        place = None if self.outcome is Outcome.DECLINED else self.line.place
        return {name: getattr(place, name, none) for name, none in NO_CONDITIONS.items()}

    @property
    def has_conditions(self) -> bool:
        return self.conditions != NO_CONDITIONS

    def says(self, proposal: DecisionProposal) -> bool:
        """Whether a proposal says the same already."""
        held = [getattr(proposal, name) for name in NO_CONDITIONS]
        wanted = list(self.conditions.values())
        return (proposal.outcome, proposal.position, held) == (self.outcome, self.position, wanted)


@dataclass(frozen=True, slots=True)
class Done:
    """How many were proposed, what was left out; or the job that does it."""

    proposed: int
    left: Sequence[Item] = ()
    job: BackgroundJob | None = None


def preview(actor: Actor, version: BoardVersion, *, below: bool = False) -> list[Item]:
    """What would be proposed, down the board; `below`: decline what is below the line. Raises: Forbidden."""
    authz.require_role(actor, PERMISSION)
    rows = {row.id: row for row in round_queries.of_round(version.call)}
    held = proposal_queries.of_round(version.call)
    return [_item(actor, line, rows.get(line.id), held.get(line.id), below=below) for line in build(version).lines]


def _item(actor: Actor, line: Line, row: Any, held: DecisionProposal | None, *, below: bool) -> Item:
    is_below = line.stand == summing.BELOW
    outcome = Outcome.DECLINED if is_below else Outcome(line.stand)
    item = Item(line, outcome)
    if row is None or row.state in (S.SUBMITTED, S.RETURNED):
        why_not = _("Not passed on to review yet.")
    elif row.state is S.DECIDED:
        why_not = _("Decided already: %(outcome)s.", outcome=row.outcome.label)
    elif row.state is not S.UNDER_REVIEW:
        why_not = _("Its result is released.")
    elif is_below and not below:
        why_not = _("Below the line, without an outcome of its own.")
    elif held is not None and item.says(held):
        why_not = _("Proposed already.")
    elif held is not None and held.proposed_by_id != actor.id:
        why_not = proposing.told(held)
    else:
        return item
    return Item(line, None, why_not)


def propose(actor: Actor, version: BoardVersion, *, seen: int | None, below: bool, key: str) -> Done:
    """Propose what the board says, as `preview` shows it. `key` makes a second click harmless.

    Raises: Forbidden; Stale if the board is no longer the one that was seen.
    """
    if seen != version.version:
        raise Stale()
    items = preview(actor, version, below=below)
    wanted = [item for item in items if item.outcome is not None]
    audit.record(actor, "board:propose", version, changes={"plans": [0, len(wanted)]})
    if len(wanted) > AT_ONCE:
        name = f"{_prefix(version)}{key}"[:120]
        words = {"board": version.id, "seen": version.version, "below": int(below)}
        return Done(len(wanted), job=jobs.enqueue(JOB, key=name, owner=actor, **words))
    left = [item for item in items if item.outcome is None] + _propose_some(actor, version, wanted)
    return Done(len(items) - len(left), left)


def _propose_some(actor: Actor, version: BoardVersion, items: Sequence[Item]) -> list[Item]:
    """Propose for some plans, each in a savepoint of its own; returns those for which somebody else was faster."""
    by_id = {item.line.id: (item, item.outcome) for item in items if item.outcome is not None}
    left = []
    for application in proposal_queries.plans(list(by_id)):
        item, outcome = by_id[application.id]
        try:
            with db.session.begin_nested():
                proposing.propose(
                    actor,
                    application,
                    outcome=outcome,
                    position=item.position,
                    conditions=item.conditions,
                    source=Source(version.public_id, version.name, version.version),
                )
        except Forbidden:
            raise
        except DomainError as refusal:
            why_not = " ".join(str(problem) for problem in refusal.problems)
            left.append(Item(item.line, None, why_not or _("It cannot be decided so any more.")))
    return left


@jobs.handler(JOB)
def propose_by_job(job: BackgroundJob, context: jobs.Context) -> dict[str, Any]:
    """Propose batch by batch. A second try leaves out what the first one proposed. Stops if the board was moved on."""
    version = queries.version_by_number(job.params["board"])
    if version is None or job.owner_id is None:
        return {}
    actor = in_the_name_of(job.owner_id)
    if version.version != job.params["seen"]:
        raise GuardsFailed(_("The board was moved on meanwhile: look at it, then propose again."))
    items = preview(actor, version, below=bool(job.params["below"]))
    wanted = [item for item in items if item.outcome is not None]
    left = 0
    for start in range(0, len(wanted), BATCH):
        left += len(_propose_some(actor, version, wanted[start : start + BATCH]))
        context.progress(min(start + BATCH, len(wanted)), len(wanted))
    return {"proposed": len(wanted) - left, "left": left}


def job_of(version: BoardVersion) -> BackgroundJob | None:
    """The newest job that proposes what this board says."""
    return round_queries.newest_job(_prefix(version))


def _prefix(version: BoardVersion) -> str:
    return f"board-propose:{version.public_id}:"
