"""The list of visits."""

from collections.abc import Sequence
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.core.authz import Actor
from app.core.i18n import fiscal_year_label, language, localized
from app.core.lists import Column, Export, Filter, ListOf, year
from app.directory import countries
from app.visits import queries
from app.visits.models import Visit
from app.visits.workflow import VISIT


def host_choices(actor: Actor) -> list[tuple[str, str]]:
    """Host institutions whose visits the reader sees; nothing to choose where there is only one."""
    found = [(row.public_id, localized(row.name_ja, row.name_en)) for row in queries.hosts(actor)]
    return found if len(found) > 1 else []


def _columns(_actor: Actor) -> Sequence[Column]:
    labels = {state: str(described.label) for state, described in VISIT.states.items()}
    return [
        Column(_("Reference number"), lambda row: row.reference),
        Column(_("State"), lambda row: labels[row.state]),
        Column(_("Theme"), lambda row: localized(row.theme_ja, row.theme_en)),
        Column(_("Day of entry"), lambda row: row.starts_on),
        Column(_("Day of exit"), lambda row: row.ends_on),
        Column(_("Fiscal year"), lambda row: row.fiscal_year),
        Column(_("Host institution"), lambda row: localized(row.host_ja, row.host_en)),
        Column(_("Course"), lambda row: row.code.value),
        Column(_("People"), lambda row: row.people),
    ]


def _states(_actor: Actor) -> list[tuple[Any, Any]]:
    return [(state.value, described.label) for state, described in VISIT.states.items()]


VISITS = ListOf(
    name="visits",
    title=_l("Visits"),
    permission="visit:view",
    endpoint="visits.index",
    query=queries.listed,
    key=Visit.id,
    row_id=Visit.public_id,
    name_of=lambda row: row.reference,
    sorts=queries.SORTS,
    default="newest",
    filters=(
        Filter("q", _l("Number or words of the plan"), "text"),
        Filter(
            "year",
            _l("Fiscal year"),
            parse=year,
            choices=lambda actor: [(number, fiscal_year_label(number)) for number in queries.years(actor)],
        ),
        Filter("state", _l("State"), choices=_states),
        Filter("host", _l("Host institution"), choices=host_choices),
        Filter(
            "country",
            _l("Sending country or region"),
            parse=lambda value: value[:2],
            choices=lambda _actor: countries.choices(language()),
        ),
    ),
    no_acts="A visit has days, a roster and a schedule of its own: it is confirmed and moved on one at a time.",
    export=Export(
        permission="visit:view",
        endpoint="visits.export",
        filename="visits",
        columns=_columns,
        rows=lambda actor, **filters: queries.exported(queries.listed(actor, **filters)),
    ),
)
