"""What closing adds to the pages of earlier stations."""

from flask_babel import lazy_gettext as _l

from app.closing import queries
from app.closing.models import VisitReport
from app.closing.workflow import REPORT
from app.core import i18n
from app.core.authz import Actor
from app.core.dossier import Link, Section
from app.core.i18n import localized
from app.invitees.models import Invitee
from app.visits.models import Visit, VisitState


def certificates_of_person(actor: Actor, invitee: Invitee) -> Section | None:
    """The certificates on the page of a person; nothing for those who may see none."""
    if not actor.may("certificate:view"):
        return None
    rows = [
        (
            Link(row.number, "closing.certificate", {"certificate_id": row.public_id}),
            localized(row.theme_ja, row.theme_en),
            localized(row.name_ja, row.name_en),
            i18n.short_day(row.ends_on),
        )
        for row in queries.certificates_of_person(actor, invitee.id)
    ]
    columns = (_l("Certificate number"), _l("Theme"), _l("Host institution"), _l("Day of exit"))
    return Section(_l("Certificates"), columns, rows, _l("No certificate has been issued yet."))


def report_of_visit(actor: Actor, visit: Visit) -> Section | None:
    """The report on the page of a visit, once it has begun; nothing for those who may not read it."""
    begun = visit.state in (VisitState.IN_PROGRESS, VisitState.REPORTED, VisitState.COMPLETED)
    if not begun or not actor.may("report:view"):
        return None
    report: VisitReport | None = queries.report_of(visit)
    state = REPORT.state_label(report.state) if report is not None else _l("Not begun")
    row = (
        Link(str(state), "closing.show", {"visit_id": visit.public_id}),
        i18n.short_day(report.due_on) if report is not None else "",
        i18n.moment(report.submitted_at) if report is not None else "",
    )
    return Section(_l("Implementation report"), (_l("State"), _l("Due on"), _l("Handed in at")), [row], "")
