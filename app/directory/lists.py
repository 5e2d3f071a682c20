"""The list of organizations on both sides of an exchange."""

from collections.abc import Sequence
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import Select

from app.core.authz import Actor
from app.core.i18n import language, localized
from app.core.lists import Column, Export, Filter, ListOf, word
from app.directory import countries, prefectures, queries
from app.directory.models import KIND_LABELS, InstitutionKind, Organization, OrganizationState, Side
from app.directory.workflow import ORGANIZATION

SIDES = {Side.HOST: _l("Host institutions"), Side.SENDING: _l("Sending organizations")}


def search(actor: Actor, *, place: str, **others: Any) -> Select[Any]:
    """The organizations that fit; `place` is a country or a region of several."""
    country = place if place in countries.CODES else None
    region = place if place in countries.REGIONS else None
    return queries.search(actor, country=country, region=region, **others)


def _columns(_actor: Actor) -> Sequence[Column]:
    names, prefecture_names = countries.names(language()), dict(prefectures.choices(language()))
    kinds = {kind: str(label) for kind, label in KIND_LABELS.items()}
    states = {state: str(described.label) for state, described in ORGANIZATION.states.items()}
    sides = {side: str(label) for side, label in SIDES.items()}
    return [
        Column(_("Id"), lambda row: row[0]),
        Column(_("Side"), lambda row: sides[row[1]]),
        Column(_("State"), lambda row: states[row[2]]),
        Column(_("Kind"), lambda row: kinds[row[3]]),
        Column(_("Name in Japanese"), lambda row: row[4]),
        Column(_("Name in English"), lambda row: row[5]),
        Column(_("Country or region"), lambda row: names.get(row[6], row[6])),
        Column(_("Prefecture"), lambda row: prefecture_names.get(row[7], "")),
        Column(_("City"), lambda row: row[8]),
        Column(_("Name in its own language"), lambda row: row[9]),
        Column(_("Website"), lambda row: row[10]),
    ]


def _places(_actor: Actor) -> list[tuple[Any, Any]]:
    regions = [(region, countries.region_name(region)) for region in countries.REGIONS]
    return [*regions, *countries.choices(language())]


ORGANIZATIONS = ListOf(
    name="organizations",
    title=_l("Organizations"),
    permission="organization:view",
    endpoint="directory.index",
    query=search,
    key=Organization.id,
    row_id=Organization.public_id,
    name_of=lambda row: localized(row.name_ja, row.name_en),
    sorts=queries.SORTS,
    default="name",
    filters=(
        Filter("q", _l("Name, in any script"), "text"),
        Filter("side", _l("Side"), parse=word(Side), choices=lambda _actor: SIDES.items()),
        Filter("country", _l("Country or region"), "place", choices=_places),
        Filter(
            "prefecture",
            _l("Prefecture"),
            parse=lambda value: value if value in prefectures.CODES else None,
            choices=lambda _actor: prefectures.choices(language()),
        ),
        Filter("kind", _l("Kind"), parse=word(InstitutionKind), choices=lambda _actor: KIND_LABELS.items()),
        Filter(
            "state",
            _l("State"),
            parse=word(OrganizationState),
            choices=lambda _actor: [(state, described.label) for state, described in ORGANIZATION.states.items()],
        ),
    ),
    no_acts="Each institution is checked by itself before it takes part, and is merged ended on its own.",
    export=Export(
        permission="organization:view",
        endpoint="directory.export",
        filename="organizations",
        columns=_columns,
        rows=lambda actor, **filters: queries.exported(search(actor, **filters)),
    ),
)
