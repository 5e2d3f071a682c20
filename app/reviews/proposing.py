"""From the tables to the question «who reads what» and back: the plans, places and experts of a round."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from app.calls.models import Call
from app.reviews import assigning, assigning_queries
from app.reviews.models import ReviewAssignment, Reviewer
from app.reviews.vocabulary import OPEN_ASSIGNMENTS

JAPANESE = re.compile(r"[\u3041-\u30ff]")


@dataclass(frozen=True, slots=True)
class Shortage:
    """Why places of a plan stay empty, in numbers of experts who have time for the round."""

    in_conflict: int
    asked_before: int
    full: int


@dataclass(frozen=True, slots=True)
class Candidate:
    """An expert who might read a plan. `fit` is 0 for a perfect match; the higher, the worse."""

    reviewer: Reviewer
    fit: float
    held: int

    @property
    def is_of_the_field(self) -> bool:
        return self.fit < assigning.OTHER_FIELD

    @property
    def is_full(self) -> bool:
        return self.held >= self.reviewer.capacity


@dataclass(frozen=True, slots=True)
class Problem:
    """A round as the assignment sees it. Conflicts are read when it is solved, so that they are those of then."""

    call: Call
    plans: tuple[assigning.Plan, ...]
    experts: tuple[assigning.Expert, ...]
    reviewers: tuple[Reviewer, ...]

    def solve(self) -> assigning.Assignment:
        """The best readers for the places that are empty; nobody who has a conflict."""
        open_plans = [plan for plan in self.plans if plan.wanted]
        return assigning.assign(open_plans, self.experts, self._conflicts(), assigning_queries.read_before(self.call))

    def _conflicts(self) -> set[tuple[int, int]]:
        return assigning_queries.conflict_pairs([plan.id for plan in self.plans])

    def shortages(self, numbers: Iterable[int]) -> dict[int, Shortage]:
        """For each of these plans, what becomes of the experts who could have read it."""
        shut, found = self._conflicts(), {}
        by_id = {plan.id: plan for plan in self.plans}
        for number in numbers:
            if (plan := by_id.get(number)) is None:
                continue
            free = [one for one in self.experts if (number, one.id) not in shut and one.id not in plan.readers]
            found[number] = Shortage(
                in_conflict=sum((number, one.id) in shut for one in self.experts),
                asked_before=sum(one.id in plan.readers for one in self.experts),
                full=sum(one.held >= one.capacity for one in free),
            )
        return found

    def candidates(self, number: int) -> list[Candidate]:
        """The experts who may read a plan, the best first: by what fits, then by how little they have already."""
        shut, before = self._conflicts(), assigning_queries.read_before(self.call)
        plan = next(plan for plan in self.plans if plan.id == number)
        found = [
            Candidate(reviewer, assigning.cost_of(plan, expert, before), expert.held)
            for expert, reviewer in zip(self.experts, self.reviewers, strict=True)
            if (number, expert.id) not in shut and expert.id not in plan.readers
        ]
        return sorted(found, key=lambda one: (one.is_full, one.fit, one.held / max(one.reviewer.capacity, 1)))


def problem(call: Call) -> Problem:
    """The plans of a round under review with their empty places, and the experts who have time. Eight queries."""
    wanted, given = assigning_queries.per_plan(call), assigning_queries.assignments(call)
    held, reviewers = assigning_queries.held(call), assigning_queries.available(call)
    return Problem(
        call,
        tuple(_plan(row, given.get(row.id, []), wanted) for row in assigning_queries.plans(call)),
        tuple(_expert(reviewer, held.get(reviewer.id, 0)) for reviewer in reviewers),
        tuple(reviewers),
    )


def _plan(row: Any, given: list[ReviewAssignment], wanted: int) -> assigning.Plan:
    """A plan as the solver sees it. Whoever was asked once is not asked again, whatever became of it."""
    reading = sum(assignment.state in OPEN_ASSIGNMENTS for assignment in given)
    return assigning.Plan(
        id=row.id,
        field=row.field_of_science,
        languages=languages_of(row.purpose),
        host=row.host_institution_id,
        wanted=max(wanted - reading, 0),
        readers=frozenset(assignment.reviewer_id for assignment in given),
    )


def languages_of(text: str) -> frozenset[str]:
    """The language a plan is written in; both where it says nothing."""
    if not text.strip():
        return frozenset({"ja", "en"})
    return frozenset({"ja"}) if JAPANESE.search(text) else frozenset({"en"})


def _expert(reviewer: Reviewer, held: int) -> assigning.Expert:
    reads = {"ja": reviewer.reads_japanese, "en": reviewer.reads_english}
    return assigning.Expert(
        id=reviewer.id,
        fields=frozenset(row.field_of_science for row in reviewer.fields),
        languages=frozenset(code for code, does in reads.items() if does),
        capacity=reviewer.capacity,
        held=held,
    )
