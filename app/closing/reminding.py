"""Reminders to hosts whose report is not in: JST sends them, at most one a day for a visit."""

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms.validators import Length

from app.accounts import queries as accounts
from app.closing import queries
from app.closing.models import REPORT_DUE
from app.core import audit, authz, clock, outbox
from app.core.authz import Actor
from app.core.errors import GuardsFailed
from app.core.forms import CreatingForm, TextAreaField
from app.visits.models import Visit, VisitState

TEMPLATE = "report_reminder"
VERB = "report:remind"


class RemindForm(CreatingForm):
    """What JST wishes to add to the mails."""

    comment = TextAreaField(
        _l("Message to the hosts (optional)"),
        description=_l("It stands in every mail."),
        rows=3,
        validators=[Length(max=1000)],
    )


def in_the_way(visit: Visit) -> str:
    """Why nobody is to be reminded of the report of this visit; empty if somebody is. Asks no database."""
    if visit.state is not VisitState.IN_PROGRESS:
        return _("The report is in.")
    return "" if visit.ends_on is not None and visit.ends_on <= clock.today() else _("The visit is not over yet.")


def remind(actor: Actor, visit: Visit, comment: str = "") -> None:
    """Write to the staff of the host, each in their own language.

    Raises: Forbidden; GuardsFailed where no report is owed, nobody can be written to, or somebody has reminded today.
    """
    authz.require(actor, "report:accept", visit)
    if problem := in_the_way(visit):
        raise GuardsFailed(problem)
    if queries.was_reminded(visit, clock.tokyo(clock.today())):
        raise GuardsFailed(_("The host has been reminded today already."))
    staff = accounts.staff_of(visit.host_institution_id)
    if not staff:
        raise GuardsFailed(_("Nobody of the institution has an account."))
    report = queries.report_of(visit)
    assert visit.ends_on is not None
    due_on = report.due_on if report is not None and report.due_on else visit.ends_on + REPORT_DUE
    for user in staff:
        outbox.enqueue(TEMPLATE, user, subject_of=visit, visit=visit, due_on=due_on, comment=comment.strip())
    audit.record(actor, VERB, visit, comment=comment.strip(), changes={"mails": [0, len(staff)]})
