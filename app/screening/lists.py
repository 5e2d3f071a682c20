"""The queue of the screening desk, the oldest case first."""

from collections.abc import Sequence
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import Select

from app.core import authz
from app.core.authz import Actor
from app.core.i18n import localized
from app.core.lists import Column, Export, Filter, ListOf
from app.core.lists.taking import in_order
from app.screening import queries
from app.screening.models import ScreeningCase
from app.screening.vocabulary import CaseState
from app.screening.workflow import CASE

ALL = "all"


def state_of(word: str) -> CaseState | None:
    """The state asked for; without one, what waits for a person; None for every state."""
    return next((state for state in CaseState if state.value == (word or CaseState.EXAMINE.value)), None)


def search(actor: Actor, *, state: CaseState | None, text: str) -> Select[Any]:
    """The cases that exist for the reader."""
    return queries.queue(state, text=text).where(authz.condition(actor, "screening:examine", ScreeningCase))


def _columns(_actor: Actor) -> Sequence[Column]:
    return [
        Column(_("Reference number"), lambda row: row.reference),
        Column(_("Theme"), lambda row: localized(row.theme_ja, row.theme_en)),
        Column(_("Host institution"), lambda row: localized(row.host_ja, row.host_en)),
        Column(_("Names found"), lambda row: row.found),
        Column(_("Likeness in percent"), lambda row: row.likest),
        Column(_("Waiting since"), lambda row: row.waiting_since, is_instant=True),
        Column(_("State"), lambda row: str(CASE.state_label(row.state))),
    ]


def _states(_actor: Actor) -> list[tuple[Any, Any]]:
    return [*((state.value, CASE.states[state].label) for state in CaseState), (ALL, _("All"))]


CASES = ListOf(
    name="screening",
    title=_l("Cases"),
    permission="screening:examine",
    endpoint="screening.index",
    query=search,
    key=ScreeningCase.id,
    row_id=ScreeningCase.public_id,
    name_of=lambda row: row.reference,
    sorts=queries.SORTS,
    default="waiting",
    filters=(
        Filter("q", _l("Reference number or theme"), "text"),
        Filter("state", _l("State"), parse=state_of, choices=_states, every=None),
    ),
    everything={"state": ALL},
    no_acts="Each case is judged by a person who has looked at its names, with a reason of its own.",
    export=Export(
        permission="screening:examine",
        filename="screening",
        columns=_columns,
        rows=lambda actor, **filters: in_order(search(actor, **filters), ScreeningCase.waiting_since, ScreeningCase.id),
        title=_l("Take the list of screening cases away"),
        content=_l("The file holds the cases of the list with the filters you chose, without the names found."),
        asks_reason=True,
        steps_up=lambda _actor: True,
    ),
)
