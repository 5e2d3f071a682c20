"""Can we apply? What the rules of the courses say on six answers, before there is a plan or an account.

Only the rules judge; what the six answers do not say stays unknown, and rules they cannot decide are left out.
"""

import enum
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from app.calls import rules, timing
from app.calls.facts import PartnerFacts, PeopleFacts, PlanFacts
from app.calls.models import Call, Course, Severity
from app.calls.rules import Verdict

WINDOW = "visit_window"  # decided by the month together with a round
# Rules that the six answers decide.
DECIDED = frozenset(
    {"stay_length", "head_count", "allowed_categories", "eligible_host", "partner_countries", WINDOW},
)
# Rules the answers bring into play without deciding them: their sentence is shown, no judgement.
NOTED = frozenset({"prior_notification", "payable_costs"})


class Fit(enum.StrEnum):
    """Whether a course fits the answers."""

    YES = "yes"
    OPEN = "open"  # a rule that must hold cannot be told yet
    NO = "no"


@dataclass(frozen=True, slots=True)
class Answers:
    """The six answers. `month`: its first day. `is_far`: None where it was not said."""

    host_kind: str
    countries: tuple[str, ...]
    categories: tuple[str, ...]
    people: int
    organizations: int
    days: int
    is_far: bool | None
    month: date


@dataclass(frozen=True, slots=True)
class Chance:
    """A round that is open or opens later, and whether a stay in the month asked for can lie in its days."""

    call: Call
    phase: timing.Phase
    fits: bool


@dataclass(frozen=True, slots=True)
class Result:
    """What the rules of one course say."""

    course: Course
    fit: Fit
    reasons: list[Verdict]  # rules that do not hold or cannot be told yet, those that must hold in front
    holding: list[Verdict]
    notes: list[Verdict]
    chances: list[Chance]

    @property
    def is_applied_for_now(self) -> bool:
        """Whether a plan could be begun today: a round is open whose days fit."""
        return any(chance.phase is timing.Phase.OPEN and chance.fits for chance in self.chances)


def far_km(courses: Sequence[Course]) -> int | None:
    """From how many kilometres on a way from the airport gives more days in some course; None where it never does."""
    found = [
        int(rule.limit["far_km"])
        for course in courses
        for rule in course.rules
        if rule.check_name == "stay_length" and rule.limit.get("far_km")
    ]
    return min(found, default=None)


def plan_of(answers: Answers, courses: Sequence[Course], call: Call | None = None) -> PlanFacts:
    """The answers as a plan. In a round the stay begins on the first day of the month that it has for visits.

    Every partner is in one of the countries given; there are as many partners as organizations.
    """
    starts_on = entry(answers.month, call)
    distance, far = None, far_km(courses)
    if answers.is_far is not None and far is not None:
        distance = far if answers.is_far else far - 1
    first, *others = answers.categories
    groups = [PeopleFacts(first, number=answers.people - len(others)), *map(PeopleFacts, others)]
    return PlanFacts(
        visits_from=call.visits_from if call else None,
        visits_until=call.visits_until if call else None,
        host_kind=answers.host_kind,
        starts_on=starts_on,
        ends_on=starts_on + timedelta(days=answers.days - 1),
        airport_distance_km=distance,
        partners=tuple(
            PartnerFacts(country=answers.countries[number % len(answers.countries)])
            for number in range(answers.organizations)
        ),
        people=tuple(groups),
    )


def entry(month: date, call: Call | None) -> date:
    """The day of entry that gives a stay in that month the best chance in a round."""
    if call is None or (call.visits_from.year, call.visits_from.month) != (month.year, month.month):
        return month
    return call.visits_from


def judge(answers: Answers, courses: Sequence[Course], calls: Sequence[Call], at: datetime) -> list[Result]:
    """What every course says on the answers. `calls`: the published rounds; those closed at that instant do not count.

    Pure: the same answers, rules and rounds give the same result.
    """
    coming = [call for call in calls if timing.phase(call, at) in (timing.Phase.OPEN, timing.Phase.UPCOMING)]
    return [_judge(answers, course, courses, coming, at) for course in courses]


def _judge(answers: Answers, course: Course, courses: Sequence[Course], calls: Sequence[Call], at: datetime) -> Result:
    found = rules.judge(course, plan_of(answers, courses))
    decided = [verdict for verdict in found if verdict.check_name in DECIDED - {WINDOW}]
    chances, window = _chances(answers, course, courses, calls, at)
    decided += window
    reasons = [verdict for verdict in decided if verdict.holds is not True]
    reasons.sort(key=lambda verdict: (verdict.severity is not Severity.BLOCKS, verdict.holds is None))
    blocking = [verdict.holds for verdict in reasons if verdict.severity is Severity.BLOCKS]
    return Result(
        course=course,
        fit=Fit.NO if False in blocking else Fit.OPEN if blocking else Fit.YES,
        reasons=reasons,
        holding=[verdict for verdict in decided if verdict.holds],
        notes=[verdict for verdict in found if verdict.check_name in NOTED and verdict.holds is not True],
        chances=chances,
    )


def _chances(
    answers: Answers, course: Course, courses: Sequence[Course], calls: Sequence[Call], at: datetime
) -> tuple[list[Chance], list[Verdict]]:
    """The rounds to come of a course, and the verdict on the days: of the first round that fits, else of the first."""
    chances, verdicts = [], []
    for call in calls:
        if course.id not in {link.course_id for link in call.courses}:
            continue
        judged = [
            verdict for verdict in rules.judge(course, plan_of(answers, courses, call)) if verdict.check_name == WINDOW
        ]
        chances.append(Chance(call, timing.phase(call, at), all(verdict.holds for verdict in judged)))
        verdicts += judged
    best = sorted(verdicts, key=lambda verdict: verdict.holds is not True)[:1]
    return chances, best
