"""A plan as it is being typed: a section's form laid over what is stored, for the rules to judge.

Nothing here is a row of the database: neither the plan that is stored nor its rows are changed, and what is typed
cannot be stored by accident. What a form becomes here is what the verbs of `plan_service` make of the same values.
"""

from collections.abc import Callable, Mapping, Sequence
from types import SimpleNamespace
from typing import Any

from app.applications import export_forms, naming
from app.applications.models import Application
from app.core import audit
from app.export_control import answers

Values = Mapping[str, Any]


class TypedPlan:
    """Reads like the stored plan, but for the answers that are being typed."""

    def __init__(self, stored: "Plan", typed: Values) -> None:
        self._stored, self._typed = stored, typed

    def __getattr__(self, name: str) -> Any:
        return self._typed[name] if name in self._typed else getattr(self._stored, name)


#: A plan the rules can judge.
Plan = Application | TypedPlan


def over(application: Plan, section: str, values: Values) -> TypedPlan:
    """The plan with a section as typed. `values` are those its verb in `plan_service` would be given.

    One query at most, however many partners are typed that the directory may know.
    """
    return TypedPlan(application, _LAID[section](application, values))


def kept_answers(application: Plan, given: Values) -> dict[str, Any]:
    """Answers of the safety section as a plan keeps them: days as text, nothing as empty text, and of the
    export-control forms where they come from as long as they are those that were declared.
    """
    plain = {name: audit.plain(value) if value is not None else "" for name, value in given.items()}
    return answers.settled(application.safety or {}, plain)


def _safety(application: Plan, values: Values) -> Values:
    given = {name: value for name, value in values.items() if name != "online_if_impossible"}
    return {"safety": kept_answers(application, given), "online_if_impossible": values["online_if_impossible"]}


def _itinerary(_application: Plan, values: Values) -> Values:
    return {**values, "itinerary": _rows(values["rows"])}


def _budget(application: Plan, values: Values) -> Values:
    """Costs; a source that names no guide rate (a workbook) keeps the one the same cost is counted by."""
    held = {(line.kind, line.description): line.rate_key for line in application.budget}
    rows = [{"rate_key": held.get((row["kind"], row["description"]), ""), **row} for row in values["rows"]]
    return {"budget": [SimpleNamespace(**row, amount=row["quantity"] * row["unit_price"]) for row in rows]}


def _people(application: Plan, values: Values) -> Values:
    partners = {str(partner.id): partner for partner in application.partners}
    rows = [{**row, "partner": partners.get(str(row.get("partner") or ""))} for row in values["rows"]]
    return {"people": _rows(rows)}


def _partners(application: Plan, values: Values) -> Values:
    """Partners with the organizations their names mean, and the people who come from those that are still there."""
    meant = naming.organizations(values["rows"], application.partners)
    partners: list[SimpleNamespace] = []
    kept: dict[str, SimpleNamespace] = {}
    for row, organization in zip(values["rows"], meant, strict=True):
        partner = SimpleNamespace(
            organization=organization,
            name=organization.name if organization else row["organization"],
            country="" if organization else row["country"],
            contact_name=row["contact_name"],
            contact_email=row["contact_email"],
            prior_notification=row["prior_notification"],
            export_control={},
        )
        partners.append(partner)
        kept.setdefault(str(row.get("id") or ""), partner)
    _lay_forms(application, partners, values["rows"])
    people = [
        {
            "category": group.category,
            "role": group.role,
            "number": group.number,
            "first_visit": group.first_visit,
            "partner": kept.get(str(group.partner_id)) if group.partner_id else None,
        }
        for group in application.people
    ]
    return {"partners": partners, "people": _rows(people)}


def _lay_forms(application: Plan, partners: Sequence[SimpleNamespace], rows: Sequence[Values]) -> None:
    """The export-control forms of partners: those they have, or, of new ones, those the host holds of them."""
    held = {str(partner.id): partner for partner in application.partners}
    new = []
    for partner, row in zip(partners, rows, strict=True):
        before = held.pop(str(row.get("id") or ""), None)
        if before is not None and export_forms.party_of(before) == export_forms.party_of(partner):
            partner.export_control = before.export_control
        else:
            new.append(partner)
    for partner, forms in zip(new, export_forms.of_partners(application.host_institution_id, new), strict=True):
        partner.export_control = forms


def _rows(rows: Sequence[Values]) -> list[SimpleNamespace]:
    return [SimpleNamespace(**row) for row in rows]


_LAID: dict[str, Callable[[Plan, Values], Values]] = {
    "overview": lambda _application, values: values,
    "partners": _partners,
    "itinerary": _itinerary,
    "people": _people,
    "budget": _budget,
    "safety": _safety,
}
