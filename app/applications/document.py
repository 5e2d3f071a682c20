"""A plan and its receipt as the papers need them, in one language."""

from datetime import datetime
from itertools import groupby
from typing import Any, Literal

from flask_babel import force_locale
from flask_babel import gettext as _

from app.applications import export_document, facts, panel
from app.applications.models import Application, ApplicationPartner, ItineraryItem
from app.applications.vocabulary import ActivityKind, FieldOfScience
from app.core import clock
from app.core.i18n import day, label_of, language, number, yen
from app.directory import countries, prefectures
from app.documents import papers, shapes

Language = Literal["ja", "en"]
SPECIAL = (ActivityKind.SPECIAL_LECTURE, ActivityKind.SPECIAL_PROGRAM)


def plan_pdf(application: Application, *, language: Language, with_contacts: bool, at: datetime) -> bytes:
    """The exchange plan as PDF; without `with_contacts` no e-mail address and no telephone number stands in it."""
    with force_locale(language):
        document = plan(application, with_contacts=with_contacts)
    return papers.plan(document, language=language, at=at)


def receipt_pdf(
    application: Application,
    *,
    language: Language,
    submitted_by: str,
    signed_off_by: str = "",
    verification_url: str = "",
) -> bytes:
    """The receipt as PDF: the same bytes for the same receipt; a signed one shows where it can be checked."""
    assert application.submitted_at is not None
    with force_locale(language):
        document = receipt(application, submitted_by)
    if files := (application.snapshot or {}).get("files"):
        document["files"] = [{"name": file["name"], "sha256": file["sha256"]} for file in files]
    if signed_off_by:
        document["signed_off_by"] = signed_off_by
    if verification_url:
        document["verification_url"] = verification_url
    return papers.receipt(document, language=language, at=application.submitted_at)


def call_name(application: Application) -> str:
    """The round in the reader's language."""
    return application.call.title


def host(application: Application) -> shapes.Organization:
    """The host institution with its other name and its prefecture."""
    institution = application.host_institution
    other = institution.name_en if institution.name == institution.name_ja else institution.name_ja
    place = prefectures.name(institution.prefecture, language()) if institution.prefecture else ""
    return {"name": institution.name, "other": other, "place": place}


def plan(application: Application, *, with_contacts: bool = True) -> shapes.PlanDocument:
    """The whole plan in the language in force."""
    is_frozen = panel.is_frozen(application)
    judged = panel.frozen(application) if is_frozen else panel.of(application)
    return {
        "reference": "",
        "receipt_number": application.reference or "",
        "submitted_at": application.submitted_at if is_frozen else None,
        "call": call_name(application),
        "course": application.course.name,
        "theme": application.theme,
        "fields": [field_name(application)] if application.field_of_science else [],
        "host": host(application),
        "contacts": _contacts(application, with_contacts),
        "entry": application.starts_on,
        "exit": application.ends_on,
        "purpose": application.purpose,
        "partners": _partners(application, with_contacts),
        "days": days(application),
        "people": [
            {
                "partner": group.partner.name if group.partner else "",
                "category": str(label_of(group.category)),
                "role": str(group.role.label),
                "count": group.number,
            }
            for group in application.people
        ],
        "budget": [
            {
                "category": str(line.kind.label),
                "item": line.description,
                "basis": f"{number(line.quantity)} × {yen(line.unit_price)}",
                "amount": line.amount,
            }
            for line in application.budget
        ],
        "safety": answers(application, "safety", with_contacts=with_contacts),
        "export_control": answers(application, "export_control", with_contacts=with_contacts),
        "results": application.expected_results,
        "verdicts": [
            {
                "outcome": {"holds": "holds", "open": "open", "later": "open"}.get(line.tone, "fails"),  # type: ignore[typeddict-item]
                "sentence": line.message,
                "clause": line.clause,
            }
            for line in judged.lines
        ],
    }


def field_name(application: Application) -> str:
    """The field of science in words; "" if none was chosen."""
    known = application.field_of_science in list(FieldOfScience)
    return str(FieldOfScience(application.field_of_science).label) if known else application.field_of_science


def _contacts(application: Application, with_contacts: bool) -> list[shapes.Contact]:
    people: list[shapes.Contact] = [
        {
            "role": _("Person in charge of the exchange"),
            "name": application.principal_name,
            "department": application.principal_department,
            "email": application.principal_email if with_contacts else "",
        },
        {
            "role": _("Administrative contact"),
            "name": application.administrative_name,
            "email": application.administrative_email if with_contacts else "",
            "phone": application.administrative_phone if with_contacts else "",
        },
    ]
    return [person for person in people if person["name"]]


def pledge(partner: ApplicationPartner) -> str:
    """Who gave the sending side's pledge and when, in words; "" without one."""
    if partner.pledged_at is None:
        return ""
    given_on = day(clock.in_tokyo(partner.pledged_at).date())
    if partner.pledge_source:
        return _(
            "Pledge given by %(name)s, entered by the host on %(day)s; it reached the host: %(source)s",
            name=partner.pledge_name,
            day=given_on,
            source=partner.pledge_source,
        )
    return _("Pledge given by %(name)s on %(day)s", name=partner.pledge_name, day=given_on)


def _partners(application: Application, with_contacts: bool) -> list[shapes.Partner]:
    found: list[shapes.Partner] = []
    for partner in application.partners:
        country = facts.country_of(partner)
        organization = partner.organization
        found.append(
            {
                "organization": {
                    "name": partner.name,
                    "other": organization.name_native if organization else "",
                    "place": countries.name(country, language()) if country in countries.CODES else country,
                },
                "contact": partner.contact_name,
                "email": partner.contact_email if with_contacts else "",
                "phone": partner.contact_phone if with_contacts else "",
                "description": partner.description,
                "pledge": pledge(partner),
                "people": sum(group.number for group in application.people if group.partner is partner),
            }
        )
    return found


def days(application: Application) -> list[shapes.PlanDay]:
    ordered = sorted(application.itinerary, key=lambda item: (item.day, item.position))
    found: list[shapes.PlanDay] = []
    for number_of_day, group in groupby(ordered, key=lambda item: item.day):
        items = list(group)
        special = dict.fromkeys(str(item.kind.label) for item in items if item.kind in SPECIAL)
        found.append(
            {
                "number": number_of_day,
                "day": facts.visit_day(application, number_of_day),
                "contents": "\n".join(item_line(item) for item in items),
                "place": "\n".join(dict.fromkeys(item.venue for item in items if item.venue)),
                "special": ", ".join(special),
            }
        )
    return found


def item_line(item: ItineraryItem) -> str:
    """An item of a day in one line: hours, what, who leads it."""
    hours = f"{item.starts_at:%H:%M}" if item.starts_at else ""
    if item.starts_at and item.ends_at:
        hours += f"–{item.ends_at:%H:%M}"
    what = item.title or str(item.kind.label)
    led_by = f"({item.leader})" if item.leader else ""
    return " ".join(filter(None, (hours, what, led_by)))


def answers(application: Application, part: str, *, with_contacts: bool = True) -> list[shapes.Answer]:
    """Questions and answers of the section on safety ("safety") or on the export-control forms ("export_control")."""
    given = application.safety or {}
    rows = _safety(application, given, with_contacts) if part == "safety" else export_document.in_words(application)
    return [{"question": question, "answer": answer} for question, answer in rows]


def _safety(application: Application, given: dict[str, Any], with_contacts: bool) -> list[tuple[str, str]]:
    phone = given.get("crisis_phone", "") if with_contacts else ""
    return [
        (_("Contact for emergencies"), " ".join(filter(None, (given.get("crisis_name", ""), phone)))),
        (_("What is done in an emergency"), given.get("crisis_plan", "")),
        (_("Insurance of the group"), given.get("insurance", "")),
        (_("Online exchange if the visit becomes impossible"), _yes_no(application.online_if_impossible)),
    ]


def _yes_no(value: bool) -> str:
    return _("Yes") if value else _("No")


def receipt(application: Application, submitted_by: str) -> shapes.ReceiptDocument:
    """The receipt in the language in force."""
    assert application.submitted_at is not None
    return {
        "number": application.reference or "",
        "reference": application.reference or "",
        "host": host(application),
        "theme": application.theme,
        "course": application.course.name,
        "call": call_name(application),
        "submitted_by": submitted_by,
        "submitted_at": application.submitted_at,
        "deadline": application.call.closes_at,
        "sha256": application.snapshot_sha256 or "",
    }
