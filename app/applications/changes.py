"""What changed between two frozen plans, in the reader's words: field by field, row by row, by section."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from difflib import SequenceMatcher
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.applications import file_changes, snapshot
from app.applications.models import Application, ApplicationState
from app.applications.vocabulary import (
    ACTIVITY_LABELS,
    AFFILIATION_LABELS,
    BUDGET_LABELS,
    FIELD_LABELS,
    RESIDENCY_LABELS,
    ROLE_LABELS,
    SECTION_LABELS,
)
from app.core.i18n import day, language, number
from app.directory import countries
from app.invitees.models import CATEGORY_LABELS

Frozen = Mapping[str, Any]
Words = Callable[[Any], str]
MASK = "••••"


@dataclass(frozen=True, slots=True)
class Change:
    """Something that was changed, as people read it; "" where there was nothing."""

    label: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class SectionChanges:
    """A section of the plan: its name, what JST asked to have corrected, and what changed."""

    section: str
    label: Any
    remark: str | None
    changes: list[Change] = field(default_factory=list)


def _text(value: Any) -> str:
    return "" if value is None else str(value)


def _yes_no(value: Any) -> str:
    return {"yes": _("Yes"), "no": _("No")}.get(str(value), "") if isinstance(value, str) else _flag(value)


def _flag(value: Any) -> str:
    return _("Yes") if value else _("No")


def _day(value: Any) -> str:
    try:
        return day(date.fromisoformat(str(value))) if value else ""
    except ValueError:
        return str(value)


def _number(value: Any) -> str:
    return "" if value is None else number(value)


def _forms(value: Any) -> str:
    """The days of a partner's forms, as one line."""
    kept = value if isinstance(value, Mapping) else {}
    named = ((_("Form 1"), kept.get("form1_on")), (_("Form 2"), kept.get("form2_on")))
    return ", ".join(f"{form}: {_day(on)}" for form, on in named if on)


def _label(labels: Mapping[Any, Any]) -> Words:
    return lambda value: str(labels.get(value, value)) if value else ""


def _country(value: Any) -> str:
    return countries.name(value, language()) if value in countries.CODES else _text(value)


# Fields by section: label as on the section's page, and how a value reads.
FIELDS: Mapping[str, Mapping[str, tuple[Any, Words]]] = {
    "overview": {
        "theme_ja": (_l("Theme in Japanese"), _text),
        "theme_en": (_l("Theme in English"), _text),
        "field_of_science": (_l("Field of science"), _label(FIELD_LABELS)),
        "purpose": (_l("Purpose and content"), _text),
        "expected_results": (_l("Expected results and how it goes on"), _text),
        "principal_name": (_l("Person in charge of the exchange: name"), _text),
        "principal_department": (_l("Department and position"), _text),
        "principal_email": (_l("Person in charge of the exchange: e-mail"), _text),
        "administrative_name": (_l("Administrative contact: name"), _text),
        "administrative_email": (_l("Administrative contact: e-mail"), _text),
        "administrative_phone": (_l("Administrative contact: telephone"), _text),
    },
    "itinerary": {
        "starts_on": (_l("Day of entry"), _day),
        "ends_on": (_l("Day of exit"), _day),
        "airport_distance_km": (_l("Way from the airport (km)"), _number),
    },
    "safety": {
        "crisis_name": (_l("Contact for emergencies: name"), _text),
        "crisis_phone": (_l("Contact for emergencies: telephone, day and night"), _text),
        "crisis_plan": (_l("What is done in an emergency"), _text),
        "insurance": (_l("Insurance of the group"), _text),
        "online_if_impossible": (_l("Online exchange if the visit becomes impossible"), _flag),
        "residency": (_l("Who takes part?"), _label(RESIDENCY_LABELS)),
        "specific_1": (_l("Self-declaration: specific type 1"), _yes_no),
        "specific_2": (_l("Self-declaration: specific type 2"), _yes_no),
        "specific_3": (_l("Self-declaration: specific type 3"), _yes_no),
        "affiliation": (_l("To whom do the people who come belong?"), _label(AFFILIATION_LABELS)),
        "other_affiliations": (_l("Other bodies they belong, or belonged, to"), _text),
        "has_system": (_l("Form 1: system of its own for security export control"), _yes_no),
        "is_classified": (_l("Form 1: technology to be provided examined"), _yes_no),
        "partners_are_checked": (_l("Form 1: partners compared with the Foreign User List"), _yes_no),
        "export_responsible": (_l("Person responsible for export control"), _text),
        "form1_on": (_l("Date of form 1"), _day),
        "pledge": (_l("Form 2: pledge"), _flag),
        "form2_on": (_l("Date of form 2"), _day),
    },
}
# Tables by section: what a row is called, and its fields.
ROWS: Mapping[str, tuple[Any, Mapping[str, tuple[Any, Words]]]] = {
    "partners": (
        _l("Partner %(number)s"),
        {
            "name": (_l("Sending organization"), _text),
            "country": (_l("Country or region"), _country),
            "contact_name": (_l("Contact person"), _text),
            "contact_email": (_l("E-mail of the contact person"), _text),
            "prior_notification": (_l("Number of the prior notification"), _text),
            "description": (_l("The organization, in its own words"), _text),
            "contact_phone": (_l("Telephone of the contact person"), _text),
            "pledge_name": (_l("Pledge given by"), _text),
            "pledge_source": (_l("How the pledge reached the host"), _text),
            "export_control": (_l("Export-control forms"), _forms),
        },
    ),
    "itinerary": (
        _l("Entry %(number)s"),
        {
            "day": (_l("Day"), _number),
            "starts_at": (_l("Begins at"), _text),
            "ends_at": (_l("Ends at"), _text),
            "kind": (_l("Kind"), _label(ACTIVITY_LABELS)),
            "title": (_l("What is done"), _text),
            "venue": (_l("Where"), _text),
            "leader": (_l("Led by"), _text),
        },
    ),
    "people": (
        _l("Group %(number)s"),
        {
            "partner": (_l("Sending organization"), _text),
            "category": (_l("Category"), _label(CATEGORY_LABELS)),
            "role": (_l("Role"), _label(ROLE_LABELS)),
            "number": (_l("Number of people"), _number),
            "first_visit": (_l("First visit to Japan"), _flag),
        },
    ),
    "budget": (
        _l("Cost %(number)s"),
        {
            "kind": (_l("Kind"), _label(BUDGET_LABELS)),
            "description": (_l("What it pays for"), _text),
            "quantity": (_l("Quantity"), _number),
            "unit_price": (_l("Unit price in yen"), _number),
        },
    ),
}
CONTACTS = frozenset(
    {
        "principal_email",
        "administrative_email",
        "administrative_phone",
        "contact_email",
        "contact_phone",
        "crisis_phone",
    }
)


def pair(application: Application, *, sees_draft: bool) -> tuple[Frozen, Frozen] | None:
    """The two plans to compare, older first; None where there is nothing to compare.

    While a plan is returned the host compares what it submitted with what stands there now. Otherwise, and always for
    those who may not see drafts, the last two submissions are compared.
    """
    if application.state is ApplicationState.RETURNED and sees_draft and application.snapshot:
        return application.snapshot, snapshot.content(application)
    if application.previous_snapshot and application.snapshot:
        return application.previous_snapshot, application.snapshot
    return None


def compare(
    before: Frozen, after: Frozen, *, remarks: Mapping[str, str] | None = None, with_contacts: bool = True
) -> list[SectionChanges]:
    """The sections that changed or were to be corrected. `remarks`: what JST asked for, by section.

    Without `with_contacts` e-mail addresses and telephone numbers are masked, and their changes stay unsaid.
    """
    asked = remarks or {}
    found = []
    for section, label in SECTION_LABELS.items():
        changes = _fields_of(section, before, after, with_contacts) + _rows_of(section, before, after, with_contacts)
        changes += _names_of(before, after) if section == "people" else []
        if changes or section in asked:
            found.append(SectionChanges(section, label, asked.get(section), changes))
    files = [Change(*said) for said in file_changes.between(before, after, with_names=with_contacts)]
    return [*found, SectionChanges("files", _("Attached files"), None, files)] if files else found


def _fields_of(section: str, before: Frozen, after: Frozen, with_contacts: bool) -> list[Change]:
    fields = FIELDS.get(section, {})
    old, new = (_in_words(_flat(plan), fields, with_contacts) for plan in (before, after))
    return [Change(label, old[label], new[label]) for label in old if old[label] != new[label]]


def _flat(plan: Frozen) -> Frozen:
    return {**plan, **(plan.get("safety") or {})}


def _in_words(row: Frozen, fields: Mapping[str, tuple[Any, Words]], with_contacts: bool) -> dict[str, str]:
    """A row as people read it, by label."""
    return {
        str(label): MASK if name in CONTACTS and not with_contacts else words(row.get(name))
        for name, (label, words) in fields.items()
    }


def _rows_of(section: str, before: Frozen, after: Frozen, with_contacts: bool) -> list[Change]:
    if section not in ROWS:
        return []
    title, fields = ROWS[section]
    old, new = (
        [_in_words(_named(row, plan), fields, with_contacts) for row in plan.get(section) or ()]
        for plan in (before, after)
    )
    keys = [[tuple(row.values()) for row in rows] for rows in (old, new)]
    found: list[Change] = []
    for kind, i1, i2, j1, j2 in SequenceMatcher(None, keys[0], keys[1], autojunk=False).get_opcodes():
        if kind == "equal":
            continue
        common = min(i2 - i1, j2 - j1)
        for step in range(common):
            name = str(title) % {"number": j1 + step + 1}
            found += _changed(name, old[i1 + step], new[j1 + step])
        for place in range(i1 + common, i2):
            found.append(
                Change(_("%(row)s, taken away", row=str(title) % {"number": place + 1}), _line(old[place]), "")
            )
        for place in range(j1 + common, j2):
            found.append(Change(_("%(row)s, new", row=str(title) % {"number": place + 1}), "", _line(new[place])))
    return found


def _names_of(before: Frozen, after: Frozen) -> list[Change]:
    """That other people are named, and how many; who they are is not for every reader of a plan."""
    old, new = before.get("named") or {}, after.get("named") or {}
    if old == new:
        return []
    counts = [_number(named.get("count", 0)) for named in (old, new)]
    if counts[0] == counts[1]:
        counts[1] = _("%(count)s, changed", count=counts[1])
    return [Change(_("People by name"), counts[0], counts[1])]


def _named(row: Frozen, plan: Frozen) -> Frozen:
    """A row of people with the name of its partner instead of its number."""
    place, partners = row.get("partner"), plan.get("partners") or ()
    if not isinstance(place, int) or not 1 <= place <= len(partners):
        return row
    return {**row, "partner": partners[place - 1].get("name", "")}


def _changed(name: str, old: dict[str, str], new: dict[str, str]) -> list[Change]:
    return [
        Change(_("%(row)s: %(field)s", row=name, field=label), old[label], new[label])
        for label in old
        if old[label] != new[label]
    ]


def _line(row: dict[str, str]) -> str:
    return " · ".join(value for value in row.values() if value)
