"""Planned backwards: what a plan needs, by whom and by when, from its facts and the rows of prerequisites.

Pure: no database, no request. Steps follow the country of the sending organization only where the programme or a visa
asks for it; no decision on a plan reads them.
"""

import enum
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from app.calls.facts import PeopleFacts, PlanFacts
from app.calls.prerequisite_model import Anchor, DayKind, Direction, Doer, Prerequisite
from app.core import clock, working_days
from app.core.i18n import day as day_in_words
from app.directory import countries

SOON = 14  # days
ADULT = 18  # Civil Code, article 4 (since April 2022)
MINORS = frozenset({"high_school"})

Proof = Callable[[PlanFacts], bool | None]


class StepState(enum.StrEnum):
    """How a step stands on a day."""

    OVERDUE = "overdue"
    SOON = "soon"
    OPEN = "open"
    UNKNOWN = "unknown"
    DONE = "done"

    @property
    def label(self) -> Any:
        return STATE_LABELS[self]

    @property
    def tone(self) -> str:
        return STATE_TONES[self]


STATE_LABELS = {
    StepState.OVERDUE: _l("Overdue"),
    StepState.SOON: _l("Soon due"),
    StepState.OPEN: _l("To do"),
    StepState.UNKNOWN: _l("Date not known yet"),
    StepState.DONE: _l("Done"),
}
STATE_TONES = {
    StepState.OVERDUE: "danger",
    StepState.SOON: "warning",
    StepState.OPEN: "info",
    StepState.UNKNOWN: "neutral",
    StepState.DONE: "success",
}


@dataclass(frozen=True, slots=True)
class Step:
    """One thing to do for one plan."""

    row: Prerequisite
    latest: date | None  # None while its anchor is not known
    anchor_day: date | None
    state: StepState
    is_proved: bool  # the plan itself shows that it is done
    countries: tuple[str, ...] = ()  # of the partners it is asked of, where it is not asked of all

    @property
    def code(self) -> str:
        return self.row.code

    @property
    def title(self) -> str:
        return self.row.title

    @property
    def is_done(self) -> bool:
        return self.state is StepState.DONE

    @property
    def is_ticked_by_hand(self) -> bool:
        """Whether people say that it is done, because nothing in the plan shows it."""
        return not self.row.proof and not self.is_proved

    @property
    def reason(self) -> str:
        """How the latest date was found, in words."""
        text = rule_in_words(self.row)
        if self.anchor_day is None:
            return text
        return _("%(rule)s (%(day)s)", rule=text, day=day_in_words(self.anchor_day))


def _numbers_present(facts: PlanFacts, row_countries: Collection[str]) -> bool:
    asked = [partner for partner in facts.partners if lies_in(partner.country, row_countries)]
    return bool(asked) and all(partner.prior_notification.strip() for partner in asked)


def _form_2(facts: PlanFacts) -> bool | None:
    return None if facts.export_control_system else facts.export_control_pledge


#: What a plan can show by itself. None: the step is not asked of this plan.
PROOFS: Mapping[str, Proof] = {
    "form_1": lambda facts: facts.export_control_report,
    "form_2": _form_2,
    "submitted": lambda facts: facts.is_submitted,
    "results_released": lambda facts: facts.results_released,
    "names": lambda facts: facts.names_known,
}
REGISTRATION_NUMBER = "registration_number"  # looks at the partners the row is asked of
PROOF_LABELS: Mapping[str, Any] = {
    REGISTRATION_NUMBER: _l("The plan holds the registration numbers"),
    "form_1": _l("Form 1 is filled in"),
    "form_2": _l("Form 2 is filled in; not asked where the host has a system"),
    "submitted": _l("The plan is submitted"),
    "results_released": _l("The results are released"),
    "names": _l("The names are known"),
}


def lies_in(country: str, wanted: Collection[str]) -> bool:
    """Whether a country or region is among codes and programme regions."""
    return country in wanted or (country in countries.CODES and countries.region(country) in wanted)


def in_force(rows: Iterable[Prerequisite], fiscal_year: int) -> list[Prerequisite]:
    """The rows of a fiscal year: its own, and those of every year it has none of its own for. Switched-off ones not."""
    found: dict[str, Prerequisite] = {}
    for row in rows:
        if row.fiscal_year == fiscal_year or (row.fiscal_year is None and row.code not in found):
            found[row.code] = row
    return sorted((row for row in found.values() if row.is_active), key=lambda row: (row.position, row.code))


def steps(
    facts: PlanFacts,
    rows: Iterable[Prerequisite],
    *,
    course: str,
    done: Collection[str] = (),
    today: date,
) -> list[Step]:
    """What is asked of a plan, by latest date, those without one last.

    `rows`: those in force; `done`: codes ticked by hand; `today`: the day to judge.
    """
    found = [_step(facts, row, done, today) for row in rows if _is_asked(facts, row, course)]
    made = [step for step in found if step is not None]
    return sorted(made, key=lambda step: (step.latest or date.max, step.row.position, step.code))


def is_asked(facts: PlanFacts, row: Prerequisite, course: str) -> bool:
    """Whether a row puts a step on the checklist of a plan."""
    return row.is_active and _is_asked(facts, row, course) and _proved(facts, row) is not None


def _is_asked(facts: PlanFacts, row: Prerequisite, course: str) -> bool:
    if row.courses and course not in row.courses:
        return False
    if row.minors_only and not any(_is_minor(group, facts.starts_on) for group in facts.people):
        return False
    return not (row.countries or row.except_countries) or bool(_countries_asked(facts, row))


def _is_minor(group: PeopleFacts, entry: date | None) -> bool:
    if group.born is not None and entry is not None:
        return clock.age_on(group.born, entry) < ADULT
    return group.category in MINORS and not group.is_supervisor


def _countries_asked(facts: PlanFacts, row: Prerequisite) -> tuple[str, ...]:
    """The partners' countries a row is about; a partner whose country is not said yet is asked for nothing."""
    named = dict.fromkeys(partner.country for partner in facts.partners if partner.country)
    return tuple(
        code
        for code in named
        if (not row.countries or lies_in(code, row.countries)) and not lies_in(code, row.except_countries)
    )


def _proved(facts: PlanFacts, row: Prerequisite) -> bool | None:
    """Whether the plan itself shows that a step is done; None: the step is not asked of it."""
    if row.proof == REGISTRATION_NUMBER:
        return _numbers_present(facts, row.countries)
    if row.proof in PROOFS:
        return PROOFS[row.proof](facts)
    # what belongs to the submission went in with it
    return facts.is_submitted and row.anchor is Anchor.CLOSING and row.direction is Direction.BEFORE


def _step(facts: PlanFacts, row: Prerequisite, done: Collection[str], today: date) -> Step | None:
    proved = _proved(facts, row)
    if proved is None:
        return None
    anchor = anchor_day(facts, row.anchor)
    latest = latest_day(row, anchor)
    is_done = proved or (not row.proof and row.code in done)
    asked = _countries_asked(facts, row) if row.countries or row.except_countries else ()
    return Step(row, latest, anchor, _state(latest, is_done, today), proved, asked)


def _state(latest: date | None, is_done: bool, today: date) -> StepState:
    if is_done:
        return StepState.DONE
    if latest is None:
        return StepState.UNKNOWN
    if latest < today:
        return StepState.OVERDUE
    return StepState.SOON if (latest - today).days <= SOON else StepState.OPEN


def anchor_day(facts: PlanFacts, anchor: Anchor) -> date | None:
    """The day an anchor means for a plan. A round that closes at midnight has the day before as its last day."""
    if anchor is Anchor.CLOSING:
        return clock.in_tokyo(facts.closes_at - timedelta(seconds=1)).date() if facts.closes_at else None
    return {Anchor.NOTICE: facts.notice_on, Anchor.ENTRY: facts.starts_on, Anchor.EXIT: facts.ends_on}[anchor]


def latest_day(row: Prerequisite, anchor: date | None) -> date | None:
    """The last day on which a step is in time."""
    if anchor is None:
        return None
    number = row.days if row.direction is Direction.AFTER else -row.days
    if row.day_kind is DayKind.WORKING:
        return working_days.shift(anchor, number)
    return anchor + timedelta(days=number)


def rule_in_words(row: Prerequisite) -> str:
    """How the latest date is counted: "30 days after the day of exit"."""
    if not row.days:
        return str(row.anchor.label)
    days = (
        ngettext("%(num)s working day", "%(num)s working days", row.days)
        if row.day_kind is DayKind.WORKING
        else ngettext("%(num)s day", "%(num)s days", row.days)
    )
    words = {
        (Anchor.CLOSING, Direction.BEFORE): _l("%(days)s before the closing of the round"),
        (Anchor.CLOSING, Direction.AFTER): _l("%(days)s after the closing of the round"),
        (Anchor.NOTICE, Direction.BEFORE): _l("%(days)s before the notice of results"),
        (Anchor.NOTICE, Direction.AFTER): _l("%(days)s after the notice of results"),
        (Anchor.ENTRY, Direction.BEFORE): _l("%(days)s before the day of entry"),
        (Anchor.ENTRY, Direction.AFTER): _l("%(days)s after the day of entry"),
        (Anchor.EXIT, Direction.BEFORE): _l("%(days)s before the day of exit"),
        (Anchor.EXIT, Direction.AFTER): _l("%(days)s after the day of exit"),
    }
    return str(words[row.anchor, row.direction]) % {"days": days}


def following(found: Iterable[Step]) -> Step | None:
    """What comes next: the undone step with the earliest latest date, whether over or not."""
    return next((step for step in found if not step.is_done and step.latest is not None), None)


def is_near(step: Step, today: date, days: int = SOON) -> bool:
    """Whether the host, or the sending side through it, still has to do a step within so many days from today on."""
    if step.is_done or step.latest is None or step.row.doer is Doer.JST:
        return False
    return 0 <= (step.latest - today).days <= days
