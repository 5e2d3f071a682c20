"""How each section of a plan is edited: its form, what it shows at first, what it says, the verb that saves it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import request

from app.applications import loading, plan_service, row_forms, typed_forms
from app.applications import section_forms as forms
from app.applications.models import Application
from app.core.forms import VersionedForm


@dataclass(frozen=True)
class Section:
    """A section: its form, what is stored now, what the form says in the words of the verb, and the verb."""

    form: type[VersionedForm]
    stored: Callable[[Application], dict[str, Any]]
    values: Callable[[Any], dict[str, Any]]
    save: Callable[..., None]


def _fields(*names: str) -> Callable[[Application], dict[str, Any]]:
    return lambda application: {name: getattr(application, name) for name in names}


def _rows(attribute: str, *names: str) -> Callable[[Application], dict[str, Any]]:
    def stored(application: Application) -> dict[str, Any]:
        return {"rows": [{name: getattr(row, name) for name in names} for row in getattr(application, attribute)]}

    return stored


def _stored_partners(application: Application) -> dict[str, Any]:
    return {
        "rows": [
            {
                "id": str(partner.id),
                "organization": partner.name,
                "country": partner.organization.country if partner.organization else partner.country,
                "contact_name": partner.contact_name,
                "contact_email": partner.contact_email,
                "prior_notification": partner.prior_notification,
            }
            for partner in application.partners
        ]
    }


def _stored_people(application: Application) -> dict[str, Any]:
    return {
        "rows": [
            {
                "partner": str(group.partner_id) if group.partner_id else "",
                "category": group.category,
                "role": group.role,
                "number": group.number,
                "first_visit": group.first_visit,
            }
            for group in application.people
        ]
    }


def _stored_itinerary(application: Application) -> dict[str, Any]:
    days = _fields("starts_on", "ends_on", "airport_distance_km")(application)
    return days | _rows("itinerary", "day", "starts_at", "ends_at", "kind", "title", "venue", "leader")(application)


def _stored_safety(application: Application) -> dict[str, Any]:
    kept = {name: forms.dated(name, value) for name, value in (application.safety or {}).items()}
    return kept | {"online_if_impossible": application.online_if_impossible}


def _answers(form: Any) -> dict[str, Any]:
    answers: dict[str, Any] = form.payload()
    return answers


def _rows_of(form: Any) -> dict[str, Any]:
    return {"rows": form.rows_payload()}


def _itinerary_of(form: Any) -> dict[str, Any]:
    days = {name: form[name].data for name in ("starts_on", "ends_on", "airport_distance_km")}
    return days | _rows_of(form)


EDITED: dict[str, Section] = {
    "overview": Section(
        forms.OverviewForm,
        _fields(
            "theme_ja",
            "theme_en",
            "field_of_science",
            "purpose",
            "expected_results",
            "principal_name",
            "principal_department",
            "principal_email",
            "administrative_name",
            "administrative_email",
            "administrative_phone",
        ),
        _answers,
        plan_service.save_overview,
    ),
    "partners": Section(row_forms.PartnersForm, _stored_partners, _rows_of, plan_service.save_partners),
    "itinerary": Section(row_forms.ItineraryForm, _stored_itinerary, _itinerary_of, plan_service.save_itinerary),
    "people": Section(row_forms.PeopleForm, _stored_people, _rows_of, plan_service.save_people),
    "budget": Section(
        row_forms.BudgetForm,
        _rows("budget", "kind", "description", "quantity", "unit_price", "rate_key"),
        _rows_of,
        plan_service.save_budget,
    ),
    "safety": Section(forms.SafetyForm, _stored_safety, _answers, plan_service.save_safety),
}


def _offered(form: Any) -> dict[str, Any] | None:
    """What stands in an empty row: in one of the itinerary the day it was asked for."""
    day = request.args.get("day", "")
    is_known = isinstance(form, row_forms.ItineraryForm) and day.isdecimal() and len(day) < 4
    return {"day": int(day), "offered": str(int(day))} if is_known else None


def form_of(section: str, application: Application, *, submitted: bool = True) -> Any:
    """The form of a section: as sent in a POST, otherwise as stored, with empty rows where they were asked for."""
    edited = EDITED[section]
    data = edited.stored(application) | {"version": str(application.version)}
    form: Any = edited.form(data=data) if submitted else edited.form(formdata=None, data=data)
    if "rows" in form._fields and request.method == "GET":
        asked = request.args.get("blank", "0")
        wanted = min(int(asked), 10) if asked.isdecimal() else 0
        wanted = max(wanted, 0 if form.rows.entries else 1)
        for _number in range(min(wanted, row_forms.MOST_ROWS - len(form.rows.entries))):
            form.rows.append_entry(_offered(form))
    if section == "people":
        form.offer(application.partners)
    return form


def beside(section: str) -> list[str]:
    """The parts of a plan that are read while a section of it is typed: all but the rows of that section.

    Partners are read all the same: people come from them, and the names typed are compared with theirs.
    """
    return [part for part in loading.PARTS if part != section or part == "partners"]


def typed(section: str, application: Application) -> dict[str, Any]:
    """What the form of a section says as it is being typed, in the words of its verb.

    What cannot be read yet, such as half a date, is not known yet.
    """
    edited = EDITED[section]
    form = typed_forms.read(edited.form, request.form, lambda: edited.stored(application))
    if section == "people":
        form.offer(application.partners)
    return edited.values(form)
