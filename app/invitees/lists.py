"""The list of persons. Who may not read nationalities may not sift by them either."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.core.authz import Actor
from app.core.i18n import language
from app.core.listing import COUNT_FOUND_UP_TO, COUNT_UP_TO
from app.core.lists import Column, Export, Filter, ListOf, year
from app.directory import countries
from app.invitees import queries, service
from app.invitees.models import CATEGORY_LABELS, Invitee


def knows_persons(actor: Actor) -> bool:
    """Whether the reader may know personal data of somebody."""
    return actor.may("invitee:view-personal")


def categories() -> dict[str, str]:
    """Categories in the reader's language. Plain texts: a lazy one would be looked up again in every row."""
    return {category.value: str(label) for category, label in CATEGORY_LABELS.items()}


def _order(filters: Mapping[str, Any]) -> tuple[Mapping[str, Any], Any, int]:
    sorts, key = queries.order(filters["text"])
    return sorts, key, COUNT_FOUND_UP_TO if filters["text"] else COUNT_UP_TO


def _columns(_actor: Actor) -> Sequence[Column]:
    names, labels = dict(countries.choices(language())), categories()
    return [
        Column(_("Id"), lambda row: row[0]),
        Column(_("Surname"), lambda row: row[1]),
        Column(_("Given names"), lambda row: row[2]),
        Column(_("Name in the person's own script"), lambda row: row[3]),
        Column(_("Katakana"), lambda row: row[4]),
        Column(_("Sex"), lambda row: row[5]),
        Column(_("Date of birth"), lambda row: row[6]),
        Column(_("Country or region"), lambda row: names.get(row[7], row[7])),
        Column(_("Category"), lambda row: labels.get(row[8] or "", "")),
        Column(_("Affiliation"), lambda row: row[9]),
        Column(_("Fiscal year"), lambda row: row[10]),
        Column(_("E-mail"), lambda row: row[11]),
    ]


INVITEES = ListOf(
    name="invitees",
    title=_l("Invitees"),
    permission="invitee:view",
    endpoint="invitees.index",
    query=queries.listed,
    key=Invitee.id,
    row_id=Invitee.public_id,
    name_of=lambda row: ", ".join(filter(None, (row.surname, row.given_names))),
    sorts=queries.SORTS,
    default="newest",
    searching=_order,
    filters=(
        Filter("q", _l("Name in any script"), "text"),
        Filter(
            "country",
            _l("Nationality (country or region)"),
            parse=lambda value: value[:2],
            choices=lambda _actor: countries.choices(language()),
            offered=knows_persons,
        ),
        Filter("category", _l("Category"), choices=lambda _actor: categories().items()),
        Filter("year", _l("Fiscal year"), parse=year),
    ),
    no_acts="A person is entered, corrected and forgotten one at a time.",
    export=Export(
        permission="invitee:export",
        endpoint="invitees.export",
        filename="invitees",
        columns=_columns,
        rows=service.export,
        title=_l("Take the list of invitees away"),
        content=_l("The file holds the people of the list with the filters you chose, without passport numbers."),
        asks_reason=True,
        leaves_entry=True,
        steps_up=lambda _actor: True,
    ),
)
