"""The panel beside a plan: which rules hold, fail, or cannot be told yet; each with its clause and its place."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app.applications import facts, meter, snapshot
from app.applications.budgeting import Rate
from app.applications.meter import Meter
from app.applications.models import Application, ApplicationState
from app.applications.typed import Plan
from app.calls import rules
from app.calls.facts import PlanFacts
from app.calls.models import Severity

# Where on a section's page the matter of a check is put right, where that is not the field of the same name.
PLACES = {
    ("itinerary", "items"): "rows",
    ("people", "number"): "rows",
    ("people", "role"): "rows",
    ("people", "category"): "rows",
    ("people", "first_visit"): "rows",
    ("people", "date_of_birth"): "rows",
    ("partners", ""): "rows",
    ("partners", "country"): "rows",
    ("partners", "prior_notification"): "rows",
    ("budget", "kind"): "rows",
    ("budget", "general_administration"): "rows",
    ("budget", "unit_price"): "rows",
    ("overview", "host_institution"): "main",
    ("overview", ""): "main",
    ("safety", "export_control"): "has_system",
    ("partners", "own_parts"): "own-parts",
}
ORDER = ("fails", "open", "warns", "later", "holds")


@dataclass(frozen=True, slots=True)
class Line:
    """A rule as the panel shows it.

    `tone`: holds, fails (it must hold), warns (it should), open (the plan does not say yet), later (the roster will).
    """

    tone: str
    label: str
    text: str
    message: str
    clause: str
    section: str
    place: str


@dataclass(frozen=True, slots=True)
class Panel:
    """All rules of a plan, the failing ones in front, and what the plan does not say yet."""

    lines: list[Line]
    missing: list[facts.Obstacle]
    known: PlanFacts | None = None  # what was judged; None for a panel that was frozen

    @property
    def total(self) -> int:
        return len(self.lines)

    @property
    def holding(self) -> int:
        return sum(line.tone == "holds" for line in self.lines)

    def open_in(self, section: str) -> int:
        """How many things of a section still have to be put right."""
        failing = sum(line.section == section and line.tone in ("fails", "open") for line in self.lines)
        return failing + sum(missing.section == section for missing in self.missing)


def tone_of(holds: bool | None, severity: Severity, *, awaits_people: bool = False) -> str:
    """How a verdict looks."""
    if holds is None:
        return "later" if awaits_people else "open"
    if holds:
        return "holds"
    return "fails" if severity is Severity.BLOCKS else "warns"


def place_of(section: str, field: str) -> str:
    """Where on a section's page the matter of a check is put right."""
    return PLACES.get((section, field), field)


def _line(verdict: Mapping[str, Any]) -> Line:
    section, field = verdict["section"], verdict["field"]
    return Line(
        tone_of(verdict["holds"], Severity(verdict["severity"]), awaits_people=bool(verdict.get("awaits_people"))),
        verdict["label"],
        verdict["text"],
        verdict["message"],
        verdict["clause"],
        section,
        place_of(section, field),
    )


def _ordered(lines: list[Line]) -> list[Line]:
    return sorted(lines, key=lambda line: ORDER.index(line.tone))


NAMES = ("holds", "severity", "label", "text", "message", "clause", "section", "field", "awaits_people")


def of(application: Plan, rates: Sequence[Rate] | None = None) -> Panel:
    """The panel of a plan as it is stored now, or as it is being typed, judged now. `rates`: those read before."""
    known = facts.all_facts_of(application, rates=rates)
    lines = [
        _line({name: getattr(verdict, name) for name in NAMES}) for verdict in rules.judge(application.course, known)
    ]
    return Panel(_ordered(lines), facts.missing_essentials(application), known)


def is_frozen(application: Application) -> bool:
    """Whether the plan stands as it was submitted: not while it is a draft or returned for correction."""
    return application.submitted_at is not None and application.state is not ApplicationState.RETURNED


def frozen(application: Application) -> Panel:
    """The panel as it stood at the submission, by the rules of then."""
    return Panel(_ordered([_line(verdict) for verdict in snapshot.frozen_verdicts(application)]), [])


def meter_of(application: Plan, known: PlanFacts | None = None) -> Meter | None:
    """How the days of the stay stand to what the course asks of them; None until the days are known.

    `known`: the facts of the plan, where they are told already.
    """
    limits = {rule.check_name: rule.limit for rule in application.course.rules}
    return meter.of(known or facts.facts_of(application), limits)


def frozen_meter(application: Application) -> Meter | None:
    """The same of a submitted plan, with the limits it was judged by at the submission."""
    found = meter_of(application)
    limits = {verdict["check_name"]: verdict["limit"] for verdict in snapshot.frozen_verdicts(application)}
    return found.judged_by(limits) if found is not None else None
