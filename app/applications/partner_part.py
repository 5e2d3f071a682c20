"""A partner's own part of a plan: what belongs to it, as one thing that is compared and kept as a whole."""

import hashlib
import json
from typing import Any

from app.applications import facts
from app.applications.models import Application, ApplicationPartner, PlannedPeople
from app.core.audit import plain
from app.directory import countries

FIELDS = ("description", "contact_name", "contact_email", "contact_phone", "prior_notification")
PEOPLE = ("category", "role", "number", "first_visit")


def people_of(partner: ApplicationPartner) -> list[PlannedPeople]:
    """The rows of people the partner sends, in the plan's order."""
    return [group for group in partner.application.people if group.partner_id == partner.id]


def people_by_partner(application: Application) -> dict[int, list[list[Any]]]:
    """Whom each partner of a plan sends, as plain data by the partner's number; partners not stored yet send nobody."""
    found: dict[int, list[list[Any]]] = {}
    for group in application.people:
        if group.partner is not None and group.partner.id is not None:
            found.setdefault(group.partner.id, []).append([plain(getattr(group, name)) for name in PEOPLE])
    return found


def stored(partner: ApplicationPartner) -> dict[str, Any]:
    """The part as its form holds it."""
    return {
        **{name: getattr(partner, name) for name in FIELDS},
        "pledge": partner.pledged_at is not None,
        "pledge_name": partner.pledge_name,
        "pledge_source": partner.pledge_source,
        "rows": [{name: getattr(group, name) for name in PEOPLE} for group in people_of(partner)],
    }


def version(part: dict[str, Any]) -> int:
    """A number that changes whenever anything in the part does, and with nothing else in the plan."""
    text = json.dumps(plain(part), ensure_ascii=False, sort_keys=True)
    return int(hashlib.sha256(text.encode("utf-8")).hexdigest()[:12], 16)


def asks_for_notification(partner: ApplicationPartner) -> bool:
    """Whether a rule of the course asks partners in this country for the number of a prior notification."""
    country = facts.country_of(partner)
    region = countries.region(country) if country in countries.CODES else None
    return any(
        {country, region} & set(rule.limit["countries"])
        for rule in partner.application.course.rules
        if rule.check_name == "prior_notification" and rule.removed_at is None
    )
