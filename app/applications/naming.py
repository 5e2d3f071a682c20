"""Which organizations of the directory the partners of a plan mean, and where they are; saved or being typed."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from app.applications.models import ApplicationPartner
from app.core import search
from app.directory import queries as directory
from app.directory.models import SendingOrganization

Row = Mapping[str, Any]


def organizations(rows: Sequence[Row], partners: Sequence[ApplicationPartner]) -> list[SendingOrganization | None]:
    """For each row the organization it means: the one chosen, the one it had, or the only one of that name.

    None where there is no such one. `partners` are those the plan has. One query at most, however many the rows.
    """
    held = {str(partner.id): partner for partner in partners}
    had = [_had(row, held.pop(str(row.get("id") or ""), None)) for row in rows]
    asked = [row for row, organization in zip(rows, had, strict=True) if organization is None]
    chosen = [row["choice"] for row in asked if row.get("choice")]
    names = [row["organization"] for row in asked if not row.get("choice") and search.fold(row["organization"])]
    found = directory.sending_named(names, chosen) if names or chosen else []
    return [organization or _found(row, found) for row, organization in zip(rows, had, strict=True)]


def _had(row: Row, partner: ApplicationPartner | None) -> SendingOrganization | None:
    """The organization a partner had, if it is still the one that is named."""
    held = partner.organization if partner is not None and not row.get("choice") else None
    return held if held is not None and _is_named(held, search.fold(row["organization"])) else None


def _found(row: Row, found: Sequence[SendingOrganization]) -> SendingOrganization | None:
    if row.get("choice"):
        return next((one for one in found if one.public_id == row["choice"]), None)
    text, country = search.fold(row["organization"]), row["country"]
    same = [
        one
        for one in found
        if directory.is_offered(one) and _is_named(one, text) and (not country or one.country == country)
    ]
    return same[0] if len(same) == 1 else None


def _is_named(organization: SendingOrganization, text: str) -> bool:
    return bool(text) and text in {search.fold(organization.name_ja or ""), search.fold(organization.name_en or "")}


def country_of(partner: ApplicationPartner) -> str:
    """The country or region of a partner: the directory's, or the one typed. ISO 3166-1 alpha-2, "" if unknown."""
    return partner.organization.country if partner.organization is not None else partner.country


def partner_in(affiliation: str, partners: Iterable[ApplicationPartner]) -> ApplicationPartner | None:
    """The partner of a plan that an affiliation names: by one of its names, alone or inside the text."""
    text = f" {search.fold(affiliation)} "
    for partner in partners:
        organization = partner.organization
        known = (organization.name_en, organization.name_ja, organization.name_native) if organization else ()
        if any(name and f" {search.fold(name)} " in text for name in (*known, partner.typed_name)):
            return partner
    return None
