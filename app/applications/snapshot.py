"""The plan as it was received, frozen: what was submitted, its digest, and what the rules said about it then."""

import hashlib
import json
from typing import Any

from flask_babel import force_locale

from app.applications import facts
from app.applications.models import Application, ApplicationPartner
from app.applications.typed import Plan
from app.calls import rules
from app.core import crypto
from app.core.audit import plain
from app.core.i18n import LANGUAGES, language

OVERVIEW = (
    "theme_ja",
    "theme_en",
    "field_of_science",
    "purpose",
    "expected_results",
    "online_if_impossible",
    "principal_name",
    "principal_department",
    "principal_email",
    "administrative_name",
    "administrative_email",
    "administrative_phone",
)
PARTNERS_OWN = ("description", "contact_phone", "pledge_name", "pledge_source", "pledged_at")
NAMED = (
    "surname",
    "given_names",
    "native_name",
    "date_of_birth",
    "nationality",
    "category",
    "role",
    "first_visit",
    "previous_visit_reason",
)
ITINERARY = ("starts_on", "ends_on", "airport_distance_km")


def partner_row(partner: ApplicationPartner) -> dict[str, Any]:
    """A partner as plain data; one of the directory with its id and its name of today."""
    return {
        "organization": partner.organization.public_id if partner.organization else None,
        "name": partner.organization.name_en or partner.organization.name_ja
        if partner.organization
        else partner.typed_name,
        "country": facts.country_of(partner),
        "contact_name": partner.contact_name,
        "contact_email": partner.contact_email,
        "prior_notification": partner.prior_notification,
        **{name: plain(getattr(partner, name)) for name in PARTNERS_OWN},
        **({"export_control": plain(partner.export_control)} if partner.export_control else {}),
    }


def rows_of(application: Application) -> dict[str, list[dict[str, Any]]]:
    """The rows of the plan's tables as plain data, by section."""
    index = {id(partner): number for number, partner in enumerate(application.partners, 1)}
    return {
        "partners": [partner_row(partner) for partner in application.partners],
        "itinerary": [
            {
                name: plain(getattr(item, name)) if name not in ("starts_at", "ends_at") else _hour(getattr(item, name))
                for name in ("day", "starts_at", "ends_at", "kind", "title", "venue", "leader")
            }
            for item in application.itinerary
        ],
        "people": [
            {
                "partner": index.get(id(group.partner)) if group.partner else None,
                "category": plain(group.category),
                "role": plain(group.role),
                "number": group.number,
                "first_visit": group.first_visit,
            }
            for group in application.people
        ],
        "budget": [
            {
                "kind": plain(line.kind),
                "description": line.description,
                "quantity": line.quantity,
                "unit_price": line.unit_price,
                "rate_key": line.rate_key,
            }
            for line in application.budget
        ],
    }


def _hour(value: Any) -> str | None:
    return f"{value:%H:%M}" if value is not None else None


def files(application: Application) -> list[dict[str, Any]]:
    """The files attached to a plan as plain data: their names, and what tells one content from another."""
    index = {partner.id: number for number, partner in enumerate(application.partners, 1)}
    return [
        {
            "id": file.public_id,
            "name": file.name,
            "kind": file.kind.value,
            "note": file.note,
            "size": file.stored.size,
            "sha256": file.stored.sha256,
            "partner": index.get(file.partner_id) if file.partner_id else None,
        }
        for file in application.files
    ]


def content(application: Application) -> dict[str, Any]:
    """The whole plan as plain data (JSON): the same plan gives the same content, whoever asks in whichever language.

    A plan without files, and one that names nobody, has the shape it had before there were any.
    """
    return {
        "reference": application.reference,
        "call": [application.call.fiscal_year, application.call.label],
        "course": application.course.code.value,
        "host_institution": application.host_institution.public_id,
        **{name: plain(getattr(application, name)) for name in (*OVERVIEW, *ITINERARY)},
        **rows_of(application),
        **_people_sealed(application),
        **({"files": attached} if (attached := files(application)) else {}),
        "safety": plain(application.safety or {}),
    }


def people(application: Application) -> list[dict[str, Any]]:
    """The people named in a plan as plain data: who they are, never a passport."""
    index = {id(partner): number for number, partner in enumerate(application.partners, 1)}
    return [
        {
            "partner": index.get(id(person.partner)) if person.partner else None,
            **{name: plain(getattr(person, name)) for name in NAMED},
        }
        for person in application.named
    ]


def _people_sealed(application: Application) -> dict[str, Any]:
    """How many are named and a keyed seal over who: names can be forgotten later, and the digest still holds.

    Plans that name nobody have the shape they had before people could be named.
    """
    named = people(application)
    if not named:
        return {}
    text = json.dumps(named, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return {
        "named": {
            "count": len(named),
            "seal": crypto.blind_index("plan-people", hashlib.sha256(text.encode()).hexdigest()),
        }
    }


def digest(frozen: dict[str, Any]) -> str:
    """SHA-256 (hex) of a plan's content, in JSON with sorted keys, without blanks, in UTF-8."""
    text = json.dumps(frozen, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def freeze(application: Application) -> None:
    """Keep the plan as it is now, its digest, and the verdicts with the rules' words in both languages.

    What was submitted before is kept beside it, so that the two can be compared.
    """
    application.previous_snapshot = application.snapshot
    application.snapshot = content(application)
    application.frozen_people = people(application) or None
    application.snapshot_sha256 = digest(application.snapshot)
    application.verdicts = verdicts_in_both(application)
    for file in application.files:
        file.submitted_at = application.submitted_at


def verdicts_in_both(application: Plan) -> list[dict[str, Any]]:
    """What every rule says of the plan at the instant it is judged at, as plain data, its words in both languages."""
    found: dict[str, list[Any]] = {}
    known = facts.all_facts_of(application)
    for locale in LANGUAGES:
        with force_locale(locale):
            found[locale] = rules.judge(application.course, known)
    return [
        {
            "rule": verdicts[0].rule,
            "version": verdicts[0].version,
            "check_name": verdicts[0].check_name,
            "holds": verdicts[0].holds,
            "severity": verdicts[0].severity.value,
            "section": verdicts[0].section,
            "field": verdicts[0].field,
            "awaits_people": verdicts[0].awaits_people,
            "measured": plain(verdicts[0].measured),
            "limit": plain(verdicts[0].limit),
            **{
                f"{name}_{locale}": getattr(verdict, name)
                for locale, verdict in zip(LANGUAGES, verdicts, strict=True)
                for name in ("clause", "label", "text", "message")
            },
        }
        for verdicts in zip(*(found[locale] for locale in LANGUAGES), strict=True)
    ]


def frozen_verdicts(application: Application) -> list[dict[str, Any]]:
    """The verdicts kept with the plan, their words in the reader's language."""
    locale = language()
    return [
        {**kept, **{name: kept.get(f"{name}_{locale}", "") for name in ("clause", "label", "text", "message")}}
        for kept in application.verdicts or []
    ]
