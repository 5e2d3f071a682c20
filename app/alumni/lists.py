"""Two lists: returns to Japan, for JST and hosts; the directory alumni keep for one another."""

from collections.abc import Sequence
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from app.alumni import queries, revisits
from app.alumni.models import REVISIT_LABELS, Alumnus, Revisit
from app.alumni.workflow import REVISIT
from app.core import clock
from app.core.authz import Actor
from app.core.i18n import fiscal_year_label, language, localized
from app.core.lists import Act, Column, Export, Filter, ListOf, year
from app.directory import countries

FIRST_YEAR = 2014  # of the programme


def _person(row: Any) -> str:
    return ", ".join(filter(None, (row.surname, row.given_names)))


def _columns(_actor: Actor) -> Sequence[Column]:
    named = countries.names(language())
    return [
        Column(_("Surname"), lambda row: row.surname),
        Column(_("Given names"), lambda row: row.given_names),
        Column(_("Country or region"), lambda row: named.get(row.nationality, row.nationality)),
        Column(_("Kind"), lambda row: str(row.kind.label)),
        Column(_("Institution"), lambda row: localized(row.name_ja, row.name_en) or row.institution_name),
        Column(_("First day in Japan"), lambda row: row.starts_on),
        Column(_("Last day in Japan"), lambda row: row.ends_on),
        Column(_("State"), lambda row: str(REVISIT.state_label(row.state))),
        Column(_("Evidence"), lambda row: str(row.evidence.label)),
    ]


VERIFY = Act(
    name="verify",
    label=_l("Confirm the returns"),
    permission="revisit:confirm",
    model=Revisit,
    do=lambda actor, revisit: revisits.transition(actor, revisit, "verify"),
    obstacle=lambda _actor, revisit: REVISIT.in_the_way(revisit, "verify"),
    sentence=lambda number: ngettext(
        "%(num)s return is confirmed and counts in the figures; the person is told.",
        "%(num)s returns are confirmed and count in the figures; the people are told.",
        number,
    ),
    missing=_l("This return is not for you to confirm."),
    options=queries.FOR_PAGE,
)


def _years(_actor: Actor) -> list[tuple[Any, Any]]:
    this_year = clock.fiscal_year(clock.today())
    return [(number, fiscal_year_label(number)) for number in range(this_year, FIRST_YEAR - 1, -1)]


def _states(_actor: Actor) -> list[tuple[Any, Any]]:
    return [(str(state), described.label) for state, described in REVISIT.states.items()]


RETURNS = ListOf(
    name="returns",
    title=_l("Returns to Japan"),
    permission="revisit:view",
    endpoint="alumni.revisits",
    query=queries.revisits,
    key=Revisit.id,
    row_id=Revisit.public_id,
    name_of=lambda row: f"{_person(row)} {row.starts_on}",
    sorts=queries.REVISIT_SORTS,
    default="newest",
    filters=(
        Filter("institution", _l("Institution"), "institution_text"),
        Filter("state", _l("State"), choices=_states),
        Filter("kind", _l("Kind"), choices=lambda _actor: REVISIT_LABELS.items()),
        Filter("year", _l("Fiscal year of the return"), parse=year, choices=_years),
    ),
    acts=(VERIFY,),
    export=Export(
        permission="revisit:export",
        endpoint="alumni.export_revisits",
        filename="revisits",
        columns=_columns,
        rows=lambda actor, **filters: queries.exported(queries.revisits(actor, **filters)),
        steps_up=lambda _actor: True,
    ),
)

DIRECTORY = ListOf(
    name="alumni",
    title=_l("Directory of alumni"),
    permission="alumnus:directory",
    endpoint="alumni.directory",
    query=queries.directory,
    key=Alumnus.id,
    row_id=Alumnus.public_id,
    name_of=_person,
    sorts=queries.DIRECTORY_SORTS,
    default="name",
    filters=(
        Filter("q", _l("Name, affiliation or field"), "text"),
        Filter(
            "country",
            _l("Country or region"),
            parse=lambda value: value[:2],
            choices=lambda _actor: countries.choices(language()),
        ),
    ),
    no_acts="Alumni find one another; nobody does anything to others here.",
    no_export="The directory is not to be harvested (security contract, story U19).",
)
