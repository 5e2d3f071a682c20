"""What other stations' pages say of the formal check: to those inside JST, nobody else."""

from collections.abc import Mapping

from flask_babel import gettext as _

from app.applications import queries as plans
from app.applications.models import Application, ApplicationState
from app.calls.models import Call
from app.checking import queries
from app.checking.models import FormalCheck
from app.checking.vocabulary import Outcome
from app.core import i18n
from app.core.authz import Actor
from app.core.dossier import Cell, Link, Section


def of_application(actor: Actor, application: Application) -> Section | None:
    """The section of a plan's page. One query."""
    if application.submitted_at is None or not plans.is_inside(actor):
        return None
    rows = [_row(check) for check in queries.checks_of(application)]
    if application.state is ApplicationState.SUBMITTED and actor.may("application:check"):
        link = Link(_("To the formal check"), "checking.show", {"application_id": application.public_id})
        rows.insert(0, (link, "", "", ""))
    elif not rows:
        return None
    return Section(_("Formal check"), (_("Outcome"), _("By"), _("At"), _("Clause and reason")), rows, "")


def _row(check: FormalCheck) -> tuple[Cell, ...]:
    outcome = str(check.outcome.label)
    if check.lifted_at is not None and check.lifted_by is not None:
        taken = _("mark taken back by %(who)s: %(reason)s", who=check.lifted_by.name, reason=check.lift_reason)
        outcome = f"{outcome} – {taken}"
    words = "; ".join(filter(None, (clauses_of(check), check.reason)))
    return outcome, check.made_by.name, i18n.moment(check.made_at), words or "–"


def clauses_of(check: FormalCheck) -> str:
    """The clauses of a mark as they read when it was set."""
    locale = i18n.language()
    return _(", ").join(str(clause.get(f"clause_{locale}", "")) for clause in check.clauses)


def marks_of_round(call: Call) -> Mapping[int, str]:
    """Which plans of a round are marked, by plan: for the lists of those inside JST. One query."""
    return {plan: str(Outcome.INADMISSIBLE.label) for plan in queries.marks_of_round(call.id)}


def keeps_round(call: Call) -> list[str]:
    """Why the results of a round cannot be released: plans decided to be adopted although they are marked."""
    numbers = queries.adopted_and_marked(call.id)
    if not numbers:
        return []
    return [_("Decided to be adopted, but formally inadmissible: %(numbers)s.", numbers=", ".join(numbers))]


def keeps_plan(application: Application) -> list[str]:
    """Why a plan cannot be adopted now."""
    if queries.mark_of(application) is None:
        return []
    return [_("%(number)s is formally inadmissible and cannot be adopted.", number=application.reference)]
