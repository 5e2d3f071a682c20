"""The export-control forms of a plan's partner: given by the partner through its link, or by the host on its behalf."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from flask_babel import gettext as _

from app.applications import export_forms, partner_links, plan_service
from app.applications.models import Application, ApplicationPartner
from app.applications.partner_models import PartnerLink
from app.core.authz import Actor
from app.core.errors import NotFound, Refused, TransitionNotAllowed
from app.export_control import declaring, service
from app.export_control.parties import Party


def partner_named(application: Application, partner_id: str) -> ApplicationPartner:
    """The partner of this plan with that number. Raises: NotFound."""
    found = next((partner for partner in application.partners if str(partner.id) == partner_id), None)
    if found is None:
        raise NotFound()
    return found


def party_of(partner: ApplicationPartner) -> Party:
    """The body that gives the forms. Raises: Refused while the partner has no name."""
    party = export_forms.party_of(partner)
    if party is None:
        raise Refused({"": [_("Name the sending organization first.")]})
    return party


def stored(partner: ApplicationPartner) -> dict[str, Any]:
    """What the host of the plan holds of the partner, as the page of questions shows it."""
    return declaring.stored(partner.application.host_institution_id, party_of(partner))


def give_for(
    actor: Actor,
    partner: ApplicationPartner,
    answers: Mapping[str, Any],
    *,
    seen: str,
    responsible: str,
    dated_on: date,
) -> None:
    """The host gives the forms on the partner's behalf. Every open plan of the host with this partner uses them.

    Raises: Forbidden; TransitionNotAllowed (plan not editable, too late); Stale; Refused.
    """
    application = partner.application
    plan_service.require_open(actor, application)
    party, host = party_of(partner), application.host_institution
    service.check_used(host.id, party, seen)
    declaring.give(actor, host, party, answers, responsible=responsible, dated_on=dated_on)


def receive(link: PartnerLink, answers: Mapping[str, Any], *, seen: str, responsible: str, dated_on: date) -> None:
    """The partner gives its own forms by its link.

    Raises: PartnerLinkGone; TransitionNotAllowed once the plan is handed in; Stale; Refused.
    """
    if not link.is_good or link.activated_at is None:
        raise partner_links.PartnerLinkGone(link)
    application = link.partner.application
    if plan_service.why_closed(application) is not None:
        raise TransitionNotAllowed()
    party, host = party_of(link.partner), application.host_institution
    service.check_used(host.id, party, seen)
    actor = partner_links.actor_of(link)
    declaring.receive(actor, host, party, answers, responsible=responsible, dated_on=dated_on)
