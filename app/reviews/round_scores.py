"""What a round's reviews come to: by plan, ranked; by expert, how far, how strict. Drafts never enter.

Plans whose scores are closed to the reader (`blindness`) are listed without them, and enter no mean.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from app.applications.models import Application
from app.calls.models import Call
from app.core import clock
from app.core.authz import Actor
from app.reviews import blindness, criteria_queries, desk_progress, marks, round_queries, scoring_queries, scoring_sheet
from app.reviews.blindness import Closed
from app.reviews.marks import Score, Summary
from app.reviews.models import ReviewAssignment, Reviewer
from app.reviews.scoring_models import Criterion, Review, ReviewPlan
from app.reviews.scoring_sheet import Sheet
from app.reviews.vocabulary import OPEN_ASSIGNMENTS, AssignmentState, ReviewState

WORKING = (AssignmentState.SENT, AssignmentState.ACCEPTED, AssignmentState.COMPLETED)


@dataclass(frozen=True, slots=True)
class Entry:
    """What one expert handed in on one plan. `counts`: false for what was set aside."""

    assignment: ReviewAssignment
    review: Review
    sheet: Sheet
    value: float | None
    counts: bool

    @property
    def abstained(self) -> bool:
        return self.review.state is ReviewState.ABSTAINED


@dataclass(frozen=True, slots=True)
class PlanRow:
    """A plan with its scores. `wanted`: open assignments; `closed`: why its scores are not shown."""

    application: Application
    wanted: int
    entries: Sequence[Entry]
    summary: Summary | None
    closed: Closed | None = None
    rank: int | None = None

    @property
    def counted(self) -> list[Entry]:
        return [entry for entry in self.entries if entry.counts and not entry.abstained]

    @property
    def pairs(self) -> list[tuple[int, float]]:
        """The scores that count, each with its expert."""
        return [(entry.assignment.reviewer_id, entry.value) for entry in self.counted if entry.value is not None]

    @property
    def abstained(self) -> int:
        return sum(entry.counts and entry.abstained for entry in self.entries)

    @property
    def aside(self) -> list[Entry]:
        return [entry for entry in self.entries if not entry.counts]


@dataclass(frozen=True, slots=True)
class ExpertRow:
    """How far an expert is, and by how much the own scores lie above what the plans are worth."""

    reviewer: Reviewer
    given: int
    asked: int  # assignments not answered yet
    done: int
    due: date | None
    late: int
    leniency: float | None

    @property
    def waiting(self) -> int:
        return self.given - self.done


@dataclass(frozen=True, slots=True)
class Overview:
    """The review of a round."""

    call: Call
    plan: ReviewPlan | None
    plans: Sequence[PlanRow]
    experts: Sequence[ExpertRow]
    criteria: Mapping[int, list[Criterion]] = field(default_factory=dict)

    @property
    def given(self) -> int:
        return sum(row.given for row in self.experts)

    @property
    def done(self) -> int:
        return sum(row.done for row in self.experts)

    @property
    def aside(self) -> list[tuple[Application, Entry]]:
        return [(row.application, entry) for row in self.plans for entry in row.aside]


def of(actor: Actor, call: Call) -> Overview:
    """The review of a round as the actor may see it; a fixed number of queries."""
    applications = round_queries.reviewed_plans(actor, call.id)
    assignments = round_queries.assignments_of_round(call.id)
    closed = blindness.closed_to(actor)
    criteria = criteria_queries.of_courses({application.course_id for application in applications})
    entries = _entries(applications, assignments, criteria, closed)
    scores = [
        Score(entry.assignment.application_id, entry.assignment.reviewer_id, entry.value)
        for held in entries.values()
        for entry in held
        if entry.counts and entry.value is not None and not entry.abstained
    ]
    summaries = marks.summaries(scores)
    plan = round_queries.plan_of(call.id)
    return Overview(
        call=call,
        plan=plan,
        plans=_plan_rows(applications, assignments, entries, summaries, closed),
        experts=_expert_rows(assignments, plan, marks.leniency(scores)),
        criteria=criteria,
    )


def _entries(
    applications: Sequence[Application],
    assignments: Sequence[ReviewAssignment],
    criteria: Mapping[int, list[Criterion]],
    closed: Collection[int],
) -> dict[int, list[Entry]]:
    """What was handed in, by plan."""
    courses = {application.id: application.course_id for application in applications}
    open_ones = [a for a in assignments if a.application_id in courses and a.application_id not in closed]
    reviews = scoring_queries.reviews_of(open_ones)
    conflicts = round_queries.conflicting({assignment.id for assignment in open_ones})
    found: dict[int, list[Entry]] = defaultdict(list)
    for assignment in open_ones:
        review = reviews.get(assignment.id)
        if review is None or review.state is ReviewState.DRAFT:
            continue
        held = criteria.get(courses[assignment.application_id], [])
        sheet = scoring_sheet.of(review, held)
        counts = assignment.state is AssignmentState.COMPLETED and assignment.id not in conflicts
        value = sheet.value(held) if review.state is ReviewState.SUBMITTED else None
        found[assignment.application_id].append(Entry(assignment, review, sheet, value, counts))
    return found


def _plan_rows(
    applications: Sequence[Application],
    assignments: Sequence[ReviewAssignment],
    entries: Mapping[int, list[Entry]],
    summaries: Mapping[int, Summary],
    closed: Mapping[int, Closed],
) -> list[PlanRow]:
    """Ranked plans in front, then those without a score in the order of their numbers."""
    wanted: dict[int, int] = defaultdict(int)
    for assignment in assignments:
        wanted[assignment.application_id] += assignment.state in OPEN_ASSIGNMENTS
    ranks = {summary.plan: rank for rank, summary in enumerate(marks.ranked(summaries.values()), start=1)}
    rows = [
        PlanRow(
            application,
            wanted[application.id],
            entries.get(application.id, []),
            summaries.get(application.id),
            closed.get(application.id),
            ranks.get(application.id),
        )
        for application in applications
    ]
    return sorted(rows, key=lambda row: (row.rank is None, row.rank or 0, row.application.reference or ""))


def _expert_rows(
    assignments: Sequence[ReviewAssignment], plan: ReviewPlan | None, lenient: Mapping[int, float]
) -> list[ExpertRow]:
    by_expert: dict[int, list[ReviewAssignment]] = defaultdict(list)
    for assignment in assignments:
        if assignment.state in WORKING:
            by_expert[assignment.reviewer_id].append(assignment)
    today, last = clock.today(), desk_progress.last_day(plan)
    found = []
    for held in by_expert.values():
        waiting = [assignment for assignment in held if assignment.state is not AssignmentState.COMPLETED]
        due = [day for assignment in waiting if (day := assignment.due_on or last) is not None]
        reviewer = held[0].reviewer
        found.append(
            ExpertRow(
                reviewer=reviewer,
                given=len(held),
                asked=sum(assignment.state is AssignmentState.SENT for assignment in held),
                done=len(held) - len(waiting),
                due=min(due, default=None),
                late=sum(day < today for day in due),
                leniency=lenient.get(reviewer.id),
            )
        )
    return sorted(found, key=lambda row: (-row.late, -row.waiting, row.reviewer.sort_name, row.reviewer.id))
