"""The life of a report: draft → submitted → accepted, or back to the host with a reason."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.accounts import queries as accounts
from app.closing.models import ReportState, VisitReport
from app.core import clock, outbox
from app.core.authz import Role
from app.core.workflow import Effect, Firing, State, Transition, Workflow, stamp
from app.visits.models import VisitState

S = ReportState


def visit_is_over(report: VisitReport) -> Any:
    """The day of exit has come (Tokyo), and the visit took place."""
    visit = report.visit
    if visit.state is not VisitState.IN_PROGRESS:
        return _("The visit has not begun yet.")
    if visit.ends_on is None or clock.today() < visit.ends_on:
        return _("The visit has not ended yet.")
    return None


def tells_what_happened(report: VisitReport) -> Any:
    """All three parts of the report are written (implementation report, form of the guidelines)."""
    missing = []
    if not report.summary.strip():
        missing.append(_("Write what was done."))
    if not report.results.strip():
        missing.append(_("Write what came of it."))
    if not report.continuation.strip():
        missing.append(_("Write how the exchange goes on."))
    return missing


def attendance_is_complete(report: VisitReport) -> Any:
    """It is said of everybody on the roster whether they came: certificates and alumni follow from it."""
    open_ = [part.invitee.passport_name for part in report.visit.participations if part.took_part is None]
    return [_("Say whether %(name)s took part.", name=name) for name in open_]


def somebody_took_part(report: VisitReport) -> Any:
    """At least one person came."""
    parts = report.visit.participations
    return None if any(part.took_part is not False for part in parts) else _("Nobody took part in this visit.")


def keep_reason(firing: Firing) -> None:
    """Show the host beside the report why it came back."""
    firing.subject.return_reason = firing.comment


def forget_reason(firing: Firing) -> None:
    """The host has answered."""
    firing.subject.return_reason = ""


def mail_host(template: str) -> Effect:
    """Tell the host's staff, each in their own language."""

    def effect(firing: Firing) -> None:
        visit = firing.subject.visit
        for user in accounts.staff_of(visit.host_institution_id):
            outbox.enqueue(template, user, subject_of=firing.subject, visit=visit, comment=firing.comment)

    effect.__qualname__ = f"mail_host({template})"
    return effect


def mail_coordinators(template: str) -> Effect:
    """Tell JST's coordinators, each in their own language."""

    def effect(firing: Firing) -> None:
        for user in accounts.people_with(Role.COORDINATOR):
            outbox.enqueue(template, user, subject_of=firing.subject, visit=firing.subject.visit)

    effect.__qualname__ = f"mail_coordinators({template})"
    return effect


REPORT = Workflow(
    name="report",
    initial=S.DRAFT,
    states={
        S.DRAFT: State(_l("Being written"), editable=True),
        S.SUBMITTED: State(_l("Submitted"), tone="info"),
        S.RETURNED: State(_l("Returned for correction"), tone="warning", editable=True),
        S.ACCEPTED: State(_l("Accepted"), tone="success", final=True),
    },
    transitions=(
        Transition(
            "submit",
            _l("Submit the report"),
            (S.DRAFT, S.RETURNED),
            S.SUBMITTED,
            "report:submit",
            guards=(visit_is_over, tells_what_happened, attendance_is_complete, somebody_took_part),
            effects=(stamp("submitted_at"), forget_reason, mail_coordinators("report_submitted")),
            done=_l("The report is submitted. JST will check it."),
        ),
        Transition(
            "return",
            _l("Return the report"),
            (S.SUBMITTED,),
            S.RETURNED,
            "report:accept",
            comment_required=True,
            tone="secondary",
            effects=(keep_reason, mail_host("report_returned")),
            done=_l("The report is returned to the host institution."),
        ),
        Transition(
            "accept",
            _l("Accept the report"),
            (S.SUBMITTED,),
            S.ACCEPTED,
            "report:accept",
            guards=(attendance_is_complete,),
            effects=(stamp("accepted_at"), mail_host("report_accepted")),
            done=_l("The report is accepted. Those who took part have their certificates and are alumni now."),
        ),
    ),
)
