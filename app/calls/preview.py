"""What a change of a rule would do to the plans being written: counts, and nothing else.

Drafts belong to their hosts. Those who edit rules learn how many plans hold, never whose they are or what is in them;
and where there are so few that a count would speak of one of them, not even that. Plans stand later in the programme's
life than calls: `app.wiring` says who weighs them.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from app.calls import rules
from app.calls.check import Stage
from app.calls.checks import CHECKS
from app.calls.facts import PlanFacts
from app.calls.models import Course, Severity

FEWEST_SHOWN = 3  # with one or two plans, trying out limits would read a figure out of a known host's draft


@dataclass(frozen=True, slots=True)
class Terms:
    """What a rule asks, apart from its words."""

    limit: Mapping[str, Any]
    severity: Severity


@dataclass(frozen=True, slots=True)
class Change:
    """A rule before and after; None: the course has no rule with that check."""

    check_name: str
    before: Terms | None
    after: Terms | None


@dataclass(slots=True)
class Counts:
    """Plans by the answer of a rule."""

    holds: int = 0
    fails: int = 0
    unknown: int = 0  # cannot be told yet
    stopped: int = 0  # cannot be submitted because of this rule: it must hold and fails, or has no answer


@dataclass(slots=True)
class Tally:
    """What a change does to the plans being written."""

    plans: int = 0
    before: Counts = field(default_factory=Counts)
    after: Counts = field(default_factory=Counts)
    newly_failing: int = 0
    newly_holding: int = 0

    @property
    def is_shown(self) -> bool:
        """Whether there are enough plans for counts that speak of none of them."""
        return self.plans >= FEWEST_SHOWN


Weigher = Callable[[Course, Change], Tally]
_weighers: dict[str, Weigher] = {}


def register(weigher: Weigher) -> None:
    """Have `weigher` asked what a change does to the plans of a course. Only `app.wiring` calls this."""
    _weighers["plans"] = weigher


def weigh(course: Course, change: Change) -> Tally:
    """What a change does to the plans being written in a course; stores nothing."""
    weigher = _weighers.get("plans")
    return weigher(course, change) if weigher is not None else Tally()


def tally(change: Change, plans: Iterable[PlanFacts]) -> Tally:
    """Count plans before and after a change, each looked at once and forgotten. Pure."""
    found = Tally()
    for facts in plans:
        found.plans += 1
        was = _count(found.before, change.check_name, change.before, facts)
        becomes = _count(found.after, change.check_name, change.after, facts)
        found.newly_failing += becomes is False and was is not False
        found.newly_holding += becomes is True and was is False
    return found


def _count(counts: Counts, check_name: str, terms: Terms | None, facts: PlanFacts) -> bool | None:
    """Add a plan to the counts; the rule's answer."""
    if terms is None:
        return None
    check = CHECKS[check_name]
    holds = check.function(facts, terms.limit).holds
    counts.holds += holds is True
    counts.fails += holds is False
    counts.unknown += holds is None
    counts.stopped += rules.keeps_from_submitting(terms.severity, holds, check.stage is Stage.PEOPLE)
    return holds
