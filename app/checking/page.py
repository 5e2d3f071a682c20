"""Everything the page of one plan under its formal check shows beside the plan. A fixed number of queries."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row

from app.applications import panel
from app.applications.models import Application, ApplicationState
from app.applications.panel import Panel
from app.checking import claims, meeting, past, queries, queue_queries, reasons, repeats, since
from app.checking.claims import Holder
from app.checking.models import CheckReason, CheckSheet, FormalCheck
from app.checking.past import Past
from app.checking.queue_queries import Filters, Neighbours, Progress
from app.checking.repeats import Repeat
from app.checking.since import Difference
from app.core.authz import Actor

AGAIN = 90  # per cent alike, same host, other round of the year: possibly entered twice


@dataclass(frozen=True, slots=True)
class Page:
    """What was found about a plan, who works on it, where it stands in the queue."""

    rules: Panel
    differences: list[Difference]
    sheet: CheckSheet | None
    similar: list[Row[Any]]
    repeats: list[Repeat]
    past: Past
    exceptions: int
    holder: Holder | None
    progress: Progress
    neighbours: Neighbours
    checks: list[FormalCheck]
    handled: str
    reasons: list[CheckReason]

    def is_entered_twice(self, row: Any, application: Application) -> bool:
        """Whether a plan alike may be this one, entered in another round of the year."""
        same_year = row.fiscal_year == application.call.fiscal_year and row.call_id != application.call_id
        same_host = row.host_institution_id == application.host_institution_id
        return bool(same_year and same_host and row.likeness >= AGAIN)

    def reasons_for(self, section: str) -> list[CheckReason]:
        """The kept reasons for a section, or all of them."""
        return [reason for reason in self.reasons if not section or reason.section in ("", section)]


def of(actor: Actor, application: Application, filters: Filters, known: Application) -> Page:
    """The page of a plan, whether it still waits for its check or not; `known`: what of it was submitted."""
    waits = application.state is ApplicationState.SUBMITTED
    return Page(
        rules=panel.frozen(application),
        differences=since.submission(application) if waits else [],
        sheet=queries.sheet_of(application),
        similar=queries.similar(actor, application),
        repeats=repeats.of(actor, known),
        past=past.of(actor, application.host_institution, application.call.fiscal_year),
        exceptions=sum(bool(person.previous_visit_reason) for person in known.named),
        holder=claims.others(actor, application) if waits else None,
        progress=queue_queries.progress(application.call_id),
        neighbours=queue_queries.neighbours(actor, application, filters),
        checks=queries.checks_of(application),
        handled="" if waits else meeting.handled(application),
        reasons=reasons.listed(application.course.code) if waits else [],
    )


def clause_choices(
    application: Application, clauses: Sequence[Mapping[str, str]], locale: str
) -> list[tuple[str, str]]:
    """The clauses of a plan as choices: those that do not hold in front."""
    broken = {str(verdict["rule"]) for verdict in application.verdicts or [] if verdict.get("holds") is False}
    ordered = sorted(clauses, key=lambda clause: clause["rule"] not in broken)
    words = "{0}（{1}）" if locale == "ja" else "{0} ({1})"
    return [(clause["rule"], words.format(clause[f"label_{locale}"], clause[f"clause_{locale}"])) for clause in ordered]
