"""What is to be said about the days of a stay: the rules of the course, other visits of the host, holidays."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import holidays
from flask_babel import gettext as _

from app.calls import rules
from app.calls.facts import PlanFacts
from app.calls.models import Severity
from app.calls.rules import Verdict
from app.core import clock
from app.core.i18n import day, language
from app.visits import year_queries
from app.visits.models import Visit

#: The checks of a course that look at nothing but the days.
CHECKS = ("visit_window", "stay_length")


@dataclass(frozen=True, slots=True)
class Reading:
    """What is known about a period: `refusals` by field forbid it, `hints` are to be read before deciding."""

    verdicts: tuple[Verdict, ...]
    refusals: dict[str, list[str]]
    hints: tuple[str, ...]


def read(visit: Visit, starts_on: date | None, ends_on: date | None) -> Reading:
    """Judge the days proposed for a visit by the rules of its course and round (guidelines, chapter on courses)."""
    verdicts = _verdicts(visit, starts_on, ends_on)
    refusals = _shape(starts_on, ends_on)
    hints: list[str] = []
    for verdict in verdicts:
        if verdict.holds is False and verdict.severity is Severity.BLOCKS and not refusals.get(verdict.field):
            refusals.setdefault(verdict.field, []).append(_with_clause(verdict))
        elif verdict.holds is False or (verdict.holds is None and starts_on and ends_on):
            hints.append(_with_clause(verdict))
    if starts_on and ends_on and not refusals:
        hints += [*_overlaps(visit, starts_on, ends_on), *_holidays(starts_on, ends_on)]
    return Reading(tuple(verdicts), refusals, tuple(hints))


def _verdicts(visit: Visit, starts_on: date | None, ends_on: date | None) -> list[Verdict]:
    call = visit.application.call
    facts = PlanFacts(
        visits_from=call.visits_from,
        visits_until=call.visits_until,
        starts_on=starts_on,
        ends_on=ends_on,
        airport_distance_km=visit.application.airport_distance_km,
    )
    by_name = {rule.check_name: rule for rule in visit.course.rules if rule.check_name in CHECKS}
    return [rules.judge_rule(by_name[name], facts) for name in CHECKS if name in by_name]


def _shape(starts_on: date | None, ends_on: date | None) -> dict[str, list[str]]:
    """Both days or neither, in order."""
    if starts_on and not ends_on:
        return {"ends_on": [_("Enter the day of exit too, or leave both days empty.")]}
    if ends_on and not starts_on:
        return {"starts_on": [_("Enter the day of entry too, or leave both days empty.")]}
    if starts_on and ends_on and ends_on < starts_on:
        return {"ends_on": [_("The day of exit lies before the day of entry.")]}
    return {}


def _with_clause(verdict: Verdict) -> str:
    return f"{verdict.message} ({verdict.clause})" if verdict.clause else verdict.message


def _overlaps(visit: Visit, starts_on: date, ends_on: date) -> list[str]:
    return [
        _(
            "Another visit of this host is there at the same time: %(reference)s, %(first)s – %(last)s.",
            reference=other.reference,
            first=day(other.starts_on),
            last=day(other.ends_on),
        )
        for other in others(visit)
        if other.starts_on <= ends_on and starts_on <= other.ends_on
    ]


def others(visit: Visit) -> Sequence[Any]:
    """Other visits of the same host in the year, by day of entry."""
    return year_queries.others_of_host(visit)


def _holidays(starts_on: date, ends_on: date) -> list[str]:
    found = holidays_between(starts_on, ends_on)
    if not found:
        return []
    listed = ", ".join(f"{day(on)} ({name})" for on, name in found)
    return [_("Public holidays during the stay: %(days)s.", days=listed)]


def holidays_between(first: date, last: date) -> list[tuple[date, str]]:
    """Japan's public holidays (国民の祝日に関する法律) from one day to another, both included, with their names."""
    known: Any = holidays.country_holidays(
        "JP", years=range(first.year, last.year + 1), language="en_US" if language() == "en" else "ja"
    )
    return sorted((on, name) for on, name in known.items() if first <= on <= last)


def days_between(first: date, last: date) -> Sequence[date]:
    """Every day from one to another, both included."""
    return [first + timedelta(days=number) for number in range(clock.stay_days(first, last))]
