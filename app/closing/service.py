"""Verbs on reports, and what the acceptance of one brings about."""

from collections.abc import Collection
from typing import Any

from app.closing import queries
from app.closing.models import REPORT_DUE, Certificate, VisitReport
from app.closing.workflow import REPORT
from app.core import audit, authz, counters
from app.core.authz import SYSTEM, Actor
from app.core.db import db, new_public_id
from app.core.errors import Stale, TransitionNotAllowed
from app.visits import people_service as people
from app.visits import service as visits
from app.visits.events import VisitCompleted
from app.visits.models import Visit, VisitState


def save(
    actor: Actor,
    visit: Visit,
    *,
    version: int | None,
    present: Collection[str],
    **fields: Any,
) -> VisitReport:
    """Write the report of a visit, as far as it is written; the first saving makes it.

    `version` is the one the writer read (None where there was no report), `present` holds the public ids of the
    participations of those who came, `fields` are `summary`, `results`, `continuation`.
    Raises: Forbidden; Stale; TransitionNotAllowed before the visit has begun and once the report is handed in.
    """
    authz.require(actor, "report:edit", visit)
    report = queries.report_of(visit)
    if (report.version if report is not None else None) != version:
        raise Stale()
    if visit.state is not VisitState.IN_PROGRESS or (report is not None and not REPORT.is_editable(report)):
        raise TransitionNotAllowed()
    if report is None:
        report = VisitReport(visit=visit, due_on=visit.ends_on + REPORT_DUE if visit.ends_on else None)
        db.session.add(report)
        verb = "report:create"
    else:
        verb = "report:update"
    for name in ("summary", "results", "continuation"):
        setattr(report, name, fields[name])
    changes = {name: None for name in audit.changes_of(report)}  # long texts: the entry says which, not what
    people.record_attendance(actor, visit, present=present)
    if changes or verb == "report:create":
        audit.record(actor, verb, report, changes=changes)
    return report


def transition(actor: Actor, report: VisitReport, verb: str, comment: str = "") -> None:
    """Do a verb of the report; the visit moves with it.

    Raises: TransitionNotAllowed, Forbidden, GuardsFailed (with every problem).
    """
    REPORT.fire(report, verb, actor, comment)
    if verb == "submit":
        visits.hand_in_report(actor, report.visit)
    elif verb == "return":
        visits.return_report(actor, report.visit, comment=comment)
    elif verb == "accept":
        visits.complete(actor, report.visit)


def issue_certificates(fact: VisitCompleted) -> list[Certificate]:
    """One certificate for everybody who took part in the completed visit; those who have theirs keep it."""
    return issue(SYSTEM, fact.visit)


def issue(actor: Actor, visit: Visit) -> list[Certificate]:
    """Make the certificates that are still missing. Returns the new ones. Raises: Forbidden; TransitionNotAllowed
    before the visit is completed."""
    authz.require(actor, "certificate:issue", visit)
    if visit.state is not VisitState.COMPLETED:
        raise TransitionNotAllowed()
    made = []
    for part in queries.without_certificate(visit.id):
        number = counters.next_number(f"certificate:{visit.fiscal_year}")
        certificate = Certificate(
            participation=part,
            invitee_id=part.invitee_id,
            host_institution_id=visit.host_institution_id,
            number=f"SSP-{visit.fiscal_year}-{number:05d}",
            code=new_public_id(),
        )
        db.session.add(certificate)
        audit.record(actor, "certificate:issue", certificate)
        made.append(certificate)
    return made
