"""The list of exchange plans: one for all audiences, each seeing its own."""

from collections.abc import Sequence
from typing import Any

from flask import g
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from app.applications import exporting, queries, service
from app.applications.models import Application
from app.applications.workflow import APPLICATION, shown_state
from app.calls.models import CourseCode, round_title
from app.core.authz import Actor
from app.core.i18n import fiscal_year_label, language, localized
from app.core.lists import Act, Column, Export, Filter, ListOf, year
from app.directory import countries


def sees_hosts(actor: Actor) -> bool:
    """Whether plans of more than one institution can be in the list."""
    return queries.is_inside(actor) or len(actor.institution_ids("application:view")) != 1


def _states(actor: Actor) -> list[tuple[Any, Any]]:
    inside = queries.is_inside(actor)
    return [(state.value, shown_state(state, inside=inside).label) for state in queries.states_known_to(actor)]


def _rounds_on_offer(actor: Actor) -> Any:
    """Two filters are drawn from one query."""
    if "rounds_on_offer" not in g:
        g.rounds_on_offer = queries.rounds(actor)
    return g.rounds_on_offer


def _years(actor: Actor) -> list[tuple[Any, Any]]:
    years = dict.fromkeys(row.fiscal_year for row in _rounds_on_offer(actor))
    return [(number, fiscal_year_label(number)) for number in years]


def _rounds(actor: Actor) -> list[tuple[Any, Any]]:
    return [(row.public_id, round_title(row.fiscal_year, row.label)) for row in _rounds_on_offer(actor)]


def _columns(actor: Actor) -> Sequence[Column]:
    names, inside = dict(countries.choices(language())), queries.is_inside(actor)
    states = {state: str(shown_state(state, inside=inside).label) for state in APPLICATION.states}
    return [
        Column(_("Reference number"), lambda found: found[0].reference),
        Column(_("State"), lambda found: states[found[0].state]),
        Column(_("Theme"), lambda found: localized(found[0].theme_ja, found[0].theme_en)),
        Column(_("Host institution"), lambda found: localized(found[0].host_ja, found[0].host_en)),
        Column(_("Round"), lambda found: round_title(found[0].fiscal_year, found[0].call_label)),
        Column(_("Course"), lambda found: found[0].code.value),
        Column(_("Received at"), lambda found: found[0].submitted_at, is_instant=True),
        Column(_("Day of entry"), lambda found: found[0].starts_on),
        Column(_("Day of exit"), lambda found: found[0].ends_on),
        Column(_("People"), lambda found: found[0].people),
        Column(
            _("Countries and regions"),
            lambda found: ", ".join(names.get(code, code) for code in sorted(found[1])),
        ),
    ]


def _pass_on(actor: Actor, application: Application) -> None:
    queries.take_turn(application)
    service.transition(actor, application, "start_review")


PASS_ON = Act(
    name="start-review",
    label=_l("Pass on to review"),
    permission="application:review",
    model=Application,
    do=_pass_on,
    obstacle=lambda _actor, application: APPLICATION.in_the_way(application, "start_review"),
    sentence=lambda number: ngettext(
        "%(num)s plan is passed on to review.", "%(num)s plans are passed on to review.", number
    ),
    missing=_l("This plan is not for you to pass on."),
)

APPLICATIONS = ListOf(
    name="applications",
    title=_l("Applications"),
    permission="application:view",
    endpoint="applications.index",
    query=queries.listed,
    key=Application.id,
    row_id=Application.public_id,
    name_of=lambda row: row.reference or localized(row.theme_ja, row.theme_en) or _("Plan without a theme yet"),
    sorts=queries.SORTS,
    default="newest",
    filters=(
        Filter("q", _l("Number, theme or partner"), "text"),
        Filter("host", _l("Host institution"), offered=sees_hosts),
        Filter("state", _l("State"), choices=_states),
        Filter("year", _l("Fiscal year"), parse=year, choices=_years),
        Filter("call", _l("Round"), choices=_rounds),
        Filter("course", _l("Course"), choices=lambda _actor: [(code.value, code.value) for code in CourseCode]),
        Filter(
            "country",
            _l("Country or region"),
            parse=lambda value: value[:2],
            choices=lambda _actor: countries.choices(language()),
        ),
    ),
    acts=(PASS_ON,),
    export=Export(
        permission="application:export",
        endpoint="applications.export",
        filename="applications",
        columns=_columns,
        rows=exporting.export,
        title=_l("Take the list of applications away"),
        content=_l("The file holds the plans of the list with the filters you chose."),
        asks_reason=True,
        leaves_entry=True,
        steps_up=lambda actor: queries.is_inside(actor),
    ),
)
