"""How the giving of a round's plans stands, as JST's pages show it."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _

from app.applications.models import Application, ApplicationState
from app.applications.vocabulary import FieldOfScience
from app.calls.models import Call
from app.checking import queries as checks
from app.core.background_job import BackgroundJob
from app.core.i18n import localized
from app.reviews import assigning_queries, assigning_service, proposing, register_queries
from app.reviews.models import ReviewAssignment, Reviewer
from app.reviews.proposing import Candidate, Shortage
from app.reviews.vocabulary import OPEN_ASSIGNMENTS, AssignmentState, ConflictReason


@dataclass(frozen=True, slots=True)
class PlanLine:
    """A plan of the round with its readers. `empty`: places without a reader."""

    public_id: str
    reference: str
    theme: str
    host: str
    field: Any
    readers: tuple[ReviewAssignment, ...]
    empty: int


@dataclass(frozen=True, slots=True)
class ExpertLoad:
    """How many plans of the round an expert has, proposals included."""

    reviewer: Reviewer
    held: int


@dataclass(frozen=True, slots=True)
class RoundStanding:
    """What the page of a round shows. `busy`: the job that proposes or sends just now; `job`: the newest proposal."""

    lines: tuple[PlanLine, ...]
    loads: tuple[ExpertLoad, ...]
    per_plan: int
    room: int
    states: Mapping[AssignmentState, int]
    job: BackgroundJob | None
    busy: BackgroundJob | None
    shortages: tuple[tuple[PlanLine, Shortage], ...]

    @property
    def places(self) -> int:
        return len(self.lines) * self.per_plan

    @property
    def empty(self) -> int:
        return sum(line.empty for line in self.lines)

    @property
    def spread(self) -> int:
        """Greatest load minus least among experts with room left, as the assignment counts it."""
        with_room = [load.held for load in self.loads if load.held < load.reviewer.capacity]
        return max(max(load.held for load in self.loads) - min(with_room), 0) if with_room else 0

    @property
    def most(self) -> int:
        return max((load.held for load in self.loads), default=0)

    @property
    def proposed(self) -> int:
        return self.states.get(AssignmentState.PROPOSED, 0)


def of_round(call: Call) -> RoundStanding:
    """Everything the page of a round shows; a bounded number of queries."""
    problem, given = proposing.problem(call), assigning_queries.assignments(call)
    wanted = {plan.id: plan.wanted for plan in problem.plans}
    lines = {row.id: _line(row, given.get(row.id, []), wanted[row.id]) for row in assigning_queries.plans(call)}
    loads = [ExpertLoad(one, each.held) for one, each in zip(problem.reviewers, problem.experts, strict=True)]
    job = assigning_queries.newest_job(assigning_service.PROPOSE, call)
    sending = assigning_queries.newest_job(assigning_service.SEND, call)
    busy = next((one for one in (job, sending) if one is not None and one.state in assigning_service.RUNNING), None)
    missing = [number for number, _places in job.result.get("missing", [])] if job is not None else []
    shortages = problem.shortages([number for number in missing if number in lines and lines[number].empty])
    return RoundStanding(
        lines=tuple(lines.values()),
        loads=tuple(sorted(loads, key=lambda load: (-load.held, load.reviewer.sort_name))),
        per_plan=assigning_queries.per_plan(call),
        room=sum(max(load.reviewer.capacity - load.held, 0) for load in loads),
        states=Counter(row.state for number in lines for row in given.get(number, [])),
        job=job,
        busy=busy,
        shortages=tuple((lines[number], shortage) for number, shortage in shortages.items()),
    )


def _line(row: Any, given: list[ReviewAssignment], empty: int) -> PlanLine:
    return PlanLine(
        row.public_id,
        row.reference,
        localized(row.theme_ja, row.theme_en),
        localized(row.host_ja, row.host_en),
        FieldOfScience(row.field_of_science).label if row.field_of_science else "–",
        tuple(assignment for assignment in given if assignment.state in OPEN_ASSIGNMENTS),
        empty,
    )


def to_be_asked(call: Call) -> list[tuple[Reviewer, int]]:
    """The experts a sending would write to, with the number of plans for each, by name."""
    waiting = assigning_queries.proposed(call)
    counted = Counter(assignment.reviewer_id for assignment in waiting)
    experts = {assignment.reviewer_id: assignment.reviewer for assignment in waiting}
    return sorted(((experts[number], count) for number, count in counted.items()), key=lambda row: row[0].sort_name)


def candidates(application: Application) -> list[Candidate]:
    """Who could read a plan, the best first; nobody once it is no longer under review, or formally inadmissible."""
    if application.state is not ApplicationState.UNDER_REVIEW or checks.mark_of(application) is not None:
        return []
    return proposing.problem(application.call).candidates(application.id)


def undeclared(application: Application) -> list[Reviewer]:
    """The experts for whom no conflict with the plan is declared yet, by name."""
    declared = {
        row.reviewer_id for row in assigning_queries.conflicts_of(application) if row.reason is ConflictReason.DECLARED
    }
    return [row for row in register_queries.everybody() if row.id not in declared]


def reason_of(assignment: ReviewAssignment) -> Any:
    """Why a reading ended: words of a person, the kind of conflict that was detected, or the host's withdrawal."""
    if assignment.reason == assigning_service.WITHDRAWN:
        return _("The host withdrew the plan")
    return ConflictReason(assignment.reason).label if assignment.reason in set(ConflictReason) else assignment.reason
