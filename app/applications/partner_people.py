"""What a partner does to its people behind its link: name them, with passports; its own people and nobody else's.

The partner has no account and no role: its right is the link, which is asked anew at every step.
"""

from collections.abc import Mapping
from typing import Any

from app.applications import named_keeping, partner_filling, partner_links, queries
from app.applications.models import ApplicationPartner
from app.applications.named_models import EnteredBy, PlannedPerson
from app.applications.partner_models import PartnerLink
from app.core.db import db
from app.core.errors import NotFound, Stale, TransitionNotAllowed

Fields = Mapping[str, Any]


def people_of(partner: ApplicationPartner) -> list[PlannedPerson]:
    """The people named who come from a partner, in the plan's order."""
    return [person for person in partner.application.named if person.partner_id == partner.id]


def person_of(link: PartnerLink, public_id: str) -> PlannedPerson:
    """One of the partner's own people. Raises: NotFound, alike for those of others."""
    found = next((person for person in people_of(link.partner) if person.public_id == public_id), None)
    if found is None:
        raise NotFound()
    return found


def add(link: PartnerLink, fields: Fields) -> PlannedPerson:
    """Name a person. Raises: PartnerLinkGone, TransitionNotAllowed once the plan is handed in, Refused by field."""
    _require_open(link)
    partner, actor = link.partner, partner_links.actor_of(link)
    said = {**fields, "partner": partner}
    person = named_keeping.new(partner.application, actor, EnteredBy.PARTNER, said, people_of(partner))
    named_keeping.compare(partner.application)
    named_keeping.note(actor, "people:add", partner.application, [person])
    partner_filling.tell_host(partner)
    return person


def change(link: PartnerLink, person: PlannedPerson, fields: Fields, *, version: int | None) -> None:
    """Change what is said of a person. Raises: as `add`, and Stale."""
    _require_open(link)
    if version is not None and version != person.version:
        raise Stale()
    actor, application = partner_links.actor_of(link), link.partner.application
    said = {name: value for name, value in fields.items() if name != "partner"}
    changed = named_keeping.keep(person, actor, EnteredBy.PARTNER, said)
    if changed:
        named_keeping.compare(application)
        named_keeping.note(actor, "people:change", application, [person], *changed)
        partner_filling.tell_host(link.partner)


def remove(link: PartnerLink, person: PlannedPerson) -> None:
    """Take a person off the partner's list. Raises: PartnerLinkGone, TransitionNotAllowed."""
    _require_open(link)
    application = link.partner.application
    named_keeping.note(partner_links.actor_of(link), "people:remove", application, [person])
    application.named.remove(person)
    db.session.flush()
    partner_filling.tell_host(link.partner)


def _require_open(link: PartnerLink) -> None:
    queries.take_turn(link.partner.application)
    if not link.is_good or link.activated_at is None:
        raise partner_links.PartnerLinkGone(link)
    if partner_filling.is_closed(link):
        raise TransitionNotAllowed()
