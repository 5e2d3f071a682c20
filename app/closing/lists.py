"""The list of visits that have ended, each with the state of its report."""

from collections.abc import Sequence
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from sqlalchemy import Select
from sqlalchemy.orm import joinedload

from app.closing import queries, reminding, service
from app.closing.models import REPORT_DUE, VisitReport
from app.closing.workflow import REPORT
from app.core import authz
from app.core.authz import Actor
from app.core.i18n import fiscal_year_label, localized
from app.core.lists import Act, Column, Export, Filter, ListOf, year
from app.core.lists.taking import in_order
from app.visits.models import Participation, Visit


def _state(row: Any) -> str:
    return str(REPORT.state_label(row.report_state)) if row.report_state else _("Not begun")


def _columns(_actor: Actor) -> Sequence[Column]:
    return [
        Column(_("Visit"), lambda row: row.reference),
        Column(_("Theme"), lambda row: localized(row.theme_ja, row.theme_en)),
        Column(_("Host institution"), lambda row: localized(row.host_ja, row.host_en)),
        Column(_("Day of entry"), lambda row: row.starts_on),
        Column(_("Day of exit"), lambda row: row.ends_on),
        Column(_("Due on"), lambda row: row.due_on or row.ends_on + REPORT_DUE),
        Column(_("State"), _state),
        Column(_("Received at"), lambda row: row.submitted_at, is_instant=True),
    ]


def _reports(actor: Actor) -> Select[Any]:
    return authz.visible(actor, "report:accept", VisitReport).join(Visit, Visit.id == VisitReport.visit_id)


ACCEPT = Act(
    name="accept",
    label=_l("Accept the reports"),
    permission="report:accept",
    model=VisitReport,
    do=lambda actor, report: service.transition(actor, report, "accept"),
    obstacle=lambda _actor, report: REPORT.in_the_way(report, "accept"),
    sentence=lambda number: ngettext(
        "%(num)s report is accepted: those who took part get their certificates and become alumni.",
        "%(num)s reports are accepted: those who took part get their certificates and become alumni.",
        number,
    ),
    missing=_l("No report was begun."),
    select=_reports,
    key=Visit.public_id,
    options=(joinedload(VisitReport.visit).selectinload(Visit.participations).joinedload(Participation.invitee),),
)


REMIND = Act(
    name="remind",
    label=_l("Remind the hosts"),
    permission="report:accept",
    model=Visit,
    do=reminding.remind,
    obstacle=lambda _actor, visit: reminding.in_the_way(visit),
    sentence=lambda number: ngettext(
        "The staff of the host of %(num)s visit get a mail that the report is not in.",
        "The staff of the hosts of %(num)s visits get a mail that the report is not in.",
        number,
    ),
    form=reminding.RemindForm,
)


def _states(_actor: Actor) -> list[tuple[Any, Any]]:
    known = [(str(state), described.label) for state, described in REPORT.states.items()]
    return [(queries.OPEN, _("Not handed in")), *known]


REPORTS = ListOf(
    name="reports",
    title=_l("Reports"),
    permission="report:view",
    endpoint="closing.index",
    query=queries.listed,
    key=Visit.id,
    row_id=Visit.public_id,
    name_of=lambda row: row.reference,
    sorts=queries.SORTS,
    default="-due",
    filters=(
        Filter("state", _l("State"), choices=_states),
        Filter(
            "year",
            _l("Fiscal year"),
            parse=year,
            choices=lambda actor: [(number, fiscal_year_label(number)) for number in queries.years(actor)],
        ),
    ),
    acts=(ACCEPT, REMIND),
    export=Export(
        permission="report:view",
        filename="reports",
        columns=_columns,
        rows=lambda actor, **filters: in_order(queries.listed(actor, **filters), Visit.ends_on.desc(), Visit.id),
    ),
)
