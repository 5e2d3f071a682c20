"""The list of export-control forms; those in use unless others are asked for."""

from collections.abc import Iterator, Sequence
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.core.authz import Actor
from app.core.lists import Column, Export, Filter, ListOf, word
from app.core.lists.taking import in_order
from app.export_control import queries
from app.export_control.models import FORM_LABELS, STANDING_LABELS, Declaration, FormKind, Standing


def sees_hosts(actor: Actor) -> bool:
    """Whether forms of more than one institution can be in the list."""
    return len(actor.institution_ids("declaration:view")) != 1


def _rows(actor: Actor, **filters: Any) -> Iterator[Declaration]:
    found = in_order(queries.search(actor, **filters), Declaration.valid_until, Declaration.id)
    return (row.Declaration for row in found)


def _columns(_actor: Actor) -> Sequence[Column]:
    return [
        Column(_("Given for"), lambda row: row.given_for),
        Column(_("Host institution"), lambda row: row.institution.name),
        Column(_("Form"), lambda row: str(row.kind.label)),
        Column(_("Person responsible"), lambda row: row.responsible),
        Column(_("Date"), lambda row: row.dated_on),
        Column(_("Valid until"), lambda row: row.valid_until),
        Column(_("State"), lambda row: str(row.standing.label)),
    ]


DECLARATIONS = ListOf(
    name="declarations",
    title=_l("Export-control forms"),
    permission="declaration:view",
    endpoint="export_control.index",
    query=queries.search,
    key=Declaration.id,
    row_id=Declaration.public_id,
    name_of=lambda row: row.Declaration.given_for,
    sorts=queries.SORTS,
    default="ending",
    filters=(
        Filter("q", _l("Name"), "text"),
        Filter("kind", _l("Form"), parse=word(FormKind), choices=lambda _actor: FORM_LABELS.items()),
        Filter(
            "standing",
            _l("State"),
            parse=word(Standing),
            choices=lambda _actor: STANDING_LABELS.items(),
            every=_l("In use"),
        ),
    ),
    no_acts="A form is a statement: whoever is responsible gives each by itself.",
    export=Export(
        permission="declaration:view",
        filename="export-control-forms",
        columns=_columns,
        rows=_rows,
    ),
)
