"""A plan as plain data by section: what is written into a workbook, and what a workbook's contents are held against.

`{section: {"fields": {name: value}, "rows": [{name: value}]}}`: texts, whole numbers, days, hours; choices by their
code; people name their partner by its place in the list, counted from 1 (0: not said).
"""

from collections.abc import Mapping, Sequence
from datetime import date, time
from typing import Any

from app.applications import facts
from app.applications.models import Application, ApplicationPartner
from app.applications.workbook.layout import BUDGET, ITINERARY, OVERVIEW, SAFETY, Field
from app.core.fields import parse_date

Values = dict[str, Any]
Plain = dict[str, dict[str, Any]]


def of(application: Application) -> Plain:
    """What the plan says now."""
    index = {id(partner): number for number, partner in enumerate(application.partners, 1)}
    return {
        "overview": _section({field.name: getattr(application, field.name) for field in OVERVIEW.fields}),
        "partners": _section({}, [_partner(number, partner) for number, partner in enumerate(application.partners, 1)]),
        "itinerary": _section(
            {field.name: getattr(application, field.name) for field in ITINERARY.fields},
            in_order([_row(item, ITINERARY.columns) for item in application.itinerary]),
        ),
        "people": _section(
            {},
            [
                {
                    "partner": index.get(id(group.partner), 0),
                    "category": code(group.category),
                    "role": code(group.role),
                    "number": group.number,
                    "first_visit": "yes" if group.first_visit else "no",
                }
                for group in application.people
            ],
        ),
        "budget": _section({}, [_row(line, BUDGET.columns) for line in application.budget]),
        "safety": _section(_safety(application)),
    }


def _section(fields: Values, rows: Sequence[Values] = ()) -> dict[str, Any]:
    return {"fields": fields, "rows": list(rows)}


def code(value: Any) -> str:
    """The code of a choice, "" for none."""
    return "" if value is None else str(getattr(value, "value", value))


def _row(row: Any, columns: Sequence[Field]) -> Values:
    return {
        column.name: code(getattr(row, column.name)) if column.kind == "choice" else getattr(row, column.name)
        for column in columns
    }


def _partner(number: int, partner: ApplicationPartner) -> Values:
    return {
        "id": str(partner.id),
        "number": number,
        "organization": organization_name(partner),
        "country": facts.country_of(partner) or "",
        "contact_name": partner.contact_name,
        "contact_email": partner.contact_email,
        "prior_notification": partner.prior_notification,
    }


def organization_name(partner: ApplicationPartner) -> str:
    """A partner's name, the same in whichever language is read."""
    organization = partner.organization
    return organization.name_en or organization.name_ja if organization is not None else partner.typed_name


def _safety(application: Application) -> Values:
    given = application.safety or {}
    values: Values = {}
    for field in SAFETY.fields:
        value = given.get(field.name, "")
        if field.name == "online_if_impossible":
            value = application.online_if_impossible
        if field.kind == "day":
            value = parse_date(str(value or ""))
        elif field.kind == "yes":
            value = bool(value)
        values[field.name] = value
    return values


def in_order(rows: Sequence[Mapping[str, Any]]) -> list[Any]:
    """Rows of the itinerary in the order of their days and hours, as the plan keeps them."""
    return sorted(rows, key=lambda row: (row["day"], row["starts_at"] is None, row["starts_at"] or time()))


def as_text(value: Any) -> str:
    """A value as a form would be sent it."""
    if value is None or value is False:
        return ""
    if value is True:
        return "yes"
    if isinstance(value, time):
        return f"{value:%H:%M}"
    return value.isoformat() if isinstance(value, date) else str(value)
