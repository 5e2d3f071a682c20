"""What other stations' pages say of screening: the result for JST, what to do for a host, nothing for anybody else."""

from flask_babel import gettext as _

from app.applications.models import Application
from app.calls.models import Call
from app.core import i18n
from app.core.authz import Actor
from app.core.dossier import Link, Section
from app.screening import plan_queries, queries
from app.screening.models import ScreeningCase
from app.screening.vocabulary import CaseState, Result


def of_application(actor: Actor, application: Application) -> Section | None:
    """The section of a plan's page. One query."""
    if application.submitted_at is None:
        return None
    if actor.may("screening:view"):
        return _for_jst(actor, queries.case_of(application.id))
    if application.host_institution_id in actor.institution_ids("application:edit"):
        return _for_host(application)
    return None


def _for_jst(actor: Actor, case: ScreeningCase | None) -> Section:
    rows = [] if case is None else [_row(actor, case)]
    return Section(
        _("Screening with the foreign user list"),
        (_("Result"), _("Dated"), _("What the host is asked to do")),
        rows,
        _("The plan has not been screened yet."),
    )


def _row(actor: Actor, case: ScreeningCase) -> tuple[str | Link, ...]:
    result = str(case.result.label)
    since = case.decided_at if case.result in (Result.CONDITIONS, Result.HOLD) else case.waiting_since
    first: str | Link = result
    if actor.may("screening:examine"):
        first = Link(result, "screening.show", {"case_id": case.public_id})
    elif case.state is CaseState.HOLD and actor.may("screening:lift"):
        words = f"{result} – {_('Lifting proposed')}" if case.lift_to else result
        first = Link(words, "screening.lift", {"case_id": case.public_id})
    asked = case.host_action if case.state is CaseState.CONDITIONS else ""
    return first, i18n.day(since) if since else "", asked or "–"


def _for_host(application: Application) -> Section | None:
    case = queries.case_of(application.id) if application.state in plan_queries.OPEN else None
    if case is None or case.state is not CaseState.CONDITIONS or case.decided_at is None:
        return None
    return Section(
        _("Action needed: security export control"),
        (_("What to do"), _("Asked on")),
        [(case.host_action, i18n.day(case.decided_at))],
        "",
    )


def keeps_round(call: Call) -> list[str]:
    """Why the results of a round cannot be released: plans to be adopted that are on hold or still to be examined."""
    found: dict[CaseState, list[str]] = {}
    for row in queries.adopted_and_not_clear(call):
        found.setdefault(row.state, []).append(row.reference)
    sentences = []
    if held := found.get(CaseState.HOLD):
        sentences.append(_("Decided to be adopted, but on hold by screening: %(numbers)s.", numbers=", ".join(held)))
    if waiting := found.get(CaseState.EXAMINE):
        sentences.append(
            _("Decided to be adopted, but still to be examined by screening: %(numbers)s.", numbers=", ".join(waiting))
        )
    return sentences


def keeps_plan(application: Application) -> list[str]:
    """Why a plan cannot be adopted now."""
    case = queries.case_of(application.id)
    if case is None:
        return []
    if case.state is CaseState.HOLD:
        return [_("%(number)s is on hold by screening and cannot be adopted.", number=application.reference)]
    if case.state is CaseState.EXAMINE:
        return [_("%(number)s is still to be examined by screening.", number=application.reference)]
    return []
