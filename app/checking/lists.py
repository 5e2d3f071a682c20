"""The queue of the formal check as a list; passing on many plans together, but none that is not looked at and clean."""

from collections.abc import Sequence
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from sqlalchemy import Select

from app.applications.models import Application
from app.calls.models import CourseCode, round_title
from app.checking import queue_queries, service
from app.checking.meeting import Seen
from app.checking.queue_queries import Filters
from app.checking.vocabulary import Found, Held
from app.core.authz import Actor
from app.core.db import db
from app.core.i18n import localized
from app.core.lists import Act, Column, Export, Filter, ListOf, word
from app.core.lists.taking import in_order


def search(actor: Actor, **filters: Any) -> Select[Any]:
    """The plans of the queue that exist for the reader."""
    return queue_queries.queue(actor, Filters(**{name: value or "" for name, value in filters.items()}))


def _why_not(actor: Actor, row: Any) -> str:
    """Why a plan is not for passing on unread; "" if it is."""
    if row.holder_id is not None and row.holder_id != actor.id:
        return _("%(who)s works on it", who=row.holder)
    if row.is_back:
        return _("back after a return")
    if row.compared_at is None:
        return _("not compared with other plans yet")
    return _("something was found") if is_anything(row) or row.is_repeated else ""


def is_anything(row: Any) -> bool:
    """Whether the rules or the comparison found something about a plan of the queue."""
    return bool(row.broken or row.unsure or row.similar)


def _pass_on(actor: Actor, row: Any) -> None:
    """What somebody handled or took over meanwhile is refused by the verb."""
    application = db.session.get_one(Application, row.id)
    service.pass_on(actor, application, Seen(None))


def _columns(_actor: Actor) -> Sequence[Column]:
    return [
        Column(_("Reference number"), lambda row: row.reference),
        Column(_("Theme"), lambda row: localized(row.theme_ja, row.theme_en)),
        Column(_("Host institution"), lambda row: localized(row.host_ja, row.host_en)),
        Column(_("Round"), lambda row: round_title(row.fiscal_year, row.call_label)),
        Column(_("Course"), lambda row: row.code.value),
        Column(_("Received at"), lambda row: row.submitted_at, is_instant=True),
        Column(_("Back after a return"), lambda row: _("Yes") if row.is_back else _("No")),
        Column(_("Rules not kept"), lambda row: row.broken),
        Column(_("Rules that cannot be told"), lambda row: row.unsure),
        Column(_("Similar plans"), lambda row: row.similar),
        Column(_("Who works on it"), lambda row: row.holder or ""),
    ]


def _rounds(actor: Actor) -> list[tuple[Any, Any]]:
    rows = queue_queries.rounds(actor)
    return [(row.public_id, round_title(row.fiscal_year, row.label)) for row in rows]


PASS_ON = Act(
    name="pass-on",
    label=_l("Pass on to review"),
    permission="application:check",
    model=Application,
    select=queue_queries.as_found,
    key=Application.public_id,
    do=_pass_on,
    obstacle=_why_not,
    sentence=lambda number: ngettext(
        "%(num)s plan about which nothing was found is passed on to review.",
        "%(num)s plans about which nothing was found are passed on to review.",
        number,
    ),
    missing=_l("This plan does not wait for its formal check any more."),
)

QUEUE = ListOf(
    name="checks",
    title=_l("Formal check"),
    permission="application:check",
    endpoint="checking.index",
    query=search,
    key=Application.id,
    row_id=Application.public_id,
    name_of=lambda row: row.reference or "",
    sorts=queue_queries.SORTS,
    default="received",
    filters=(
        Filter("q", _l("Number, theme or host"), "text"),
        Filter("call", _l("Round"), choices=_rounds),
        Filter("course", _l("Course"), choices=lambda _actor: [(code.value, code.value) for code in CourseCode]),
        Filter(
            "found",
            _l("What was found"),
            parse=word(Found),
            choices=lambda _actor: [(item.value, item.label) for item in Found],
        ),
        Filter(
            "held",
            _l("Who works on it"),
            parse=word(Held),
            choices=lambda _actor: [(item.value, item.label) for item in Held],
            every=_l("Whoever"),
        ),
    ),
    acts=(PASS_ON,),
    export=Export(
        permission="application:export",
        filename="formal-check",
        columns=_columns,
        rows=lambda actor, **filters: in_order(
            search(actor, **filters), queue_queries.SORTS["received"].column, Application.id
        ),
        title=_l("Take the queue of the formal check away"),
        content=_l("The file holds the plans of the queue with the filters you chose, and what the rules found."),
        asks_reason=True,
        steps_up=lambda _actor: True,
    ),
)
