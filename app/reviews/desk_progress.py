"""How far an expert is: the own assignments by round, each with its sheet and what is due when."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby

from app.calls.models import Call
from app.core import clock
from app.core.authz import Actor
from app.reviews import criteria_queries, phases, reading, round_queries, scoring_queries, scoring_sheet
from app.reviews.models import ReviewAssignment
from app.reviews.phases import Act, Phase
from app.reviews.scoring_models import Criterion, Review, ReviewPlan
from app.reviews.vocabulary import READING, AssignmentState, ReviewState


@dataclass(frozen=True, slots=True)
class Item:
    """A plan on the desk. `marked` of `of` criteria have a mark; `value`: what a sheet handed in comes to."""

    assignment: ReviewAssignment
    review: Review | None
    acts: frozenset[Act]
    due: date | None
    marked: int
    of: int
    value: float | None

    @property
    def is_asked(self) -> bool:
        """Whether the expert has yet to say if there is a conflict."""
        return self.assignment.state is AssignmentState.SENT

    @property
    def is_done(self) -> bool:
        return self.review is not None and self.review.state is not ReviewState.DRAFT

    @property
    def is_late(self) -> bool:
        return not self.is_done and self.due is not None and self.due < clock.today()


@dataclass(frozen=True, slots=True)
class Desk:
    """The assignments of a round."""

    call: Call
    plan: ReviewPlan | None
    phase: Phase
    items: Sequence[Item]

    @property
    def done(self) -> int:
        return sum(item.is_done for item in self.items)

    @property
    def until(self) -> datetime | None:
        """Until when the phase that runs, or comes, lasts."""
        if self.plan is None:
            return None
        return self.plan.discussion_until if self.phase is Phase.DISCUSSION else self.plan.scoring_until


def of(actor: Actor) -> list[Desk]:
    """The desk of the expert who acts, round by round, the newest first; a fixed number of queries."""
    held = [found for found in scoring_queries.mine(actor) if reading.is_readable(found.application)]
    reviews = scoring_queries.reviews_of(held)
    plans = round_queries.plans_of({assignment.call_id for assignment in held})
    criteria = criteria_queries.of_courses({assignment.application.course_id for assignment in held})
    found = []
    for call_id, group in groupby(held, key=lambda assignment: assignment.call_id):
        plan, assignments = plans.get(call_id), list(group)
        items = [
            _item(assignment, reviews.get(assignment.id), criteria.get(assignment.application.course_id, []), plan)
            for assignment in assignments
        ]
        found.append(Desk(assignments[0].call, plan, phases.phase_of(plan, clock.now()), items))
    return found


def _item(
    assignment: ReviewAssignment, review: Review | None, criteria: list[Criterion], plan: ReviewPlan | None
) -> Item:
    sheet = scoring_sheet.of(review, criteria)
    marked, total = scoring_sheet.done_of(sheet, criteria)
    is_read = assignment.state in READING
    state = review.state if review else None
    return Item(
        assignment=assignment,
        review=review,
        acts=phases.may(plan, state, clock.now()) if is_read else phases.NOTHING,
        due=assignment.due_on or last_day(plan),
        marked=marked,
        of=total,
        value=sheet.value(criteria) if state is ReviewState.SUBMITTED else None,
    )


def last_day(plan: ReviewPlan | None) -> date | None:
    """The last day on which a score is still in time."""
    return clock.in_tokyo(plan.scoring_until - timedelta(seconds=1)).date() if plan else None
