"""The export-control forms a plan uses: taken from what its host and its partners have declared, kept with the plan."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from app.applications.models import Application, ApplicationPartner
from app.core import clock
from app.core.authz import Actor
from app.export_control import answers, parties, queries, service
from app.export_control.models import FormKind
from app.export_control.parties import Party
from app.export_control.service import Given


def party_of(partner: Any) -> Party | None:
    """The body a partner of a plan is, for the forms; None while it is not named."""
    organization = partner.organization
    if organization is not None:
        return parties.of_partner(organization, "", "")
    return parties.of_partner(None, str(partner.name or ""), str(partner.country or ""))


def of_host(institution_id: int) -> dict[str, Any]:
    """What a host has declared for itself, as a plan keeps it. One query."""
    return answers.carried(queries.in_use(institution_id, [parties.HOST.key]))


def of_partners(institution_id: int, partners: Sequence[Any]) -> list[dict[str, Any]]:
    """What the host holds of each partner, as a plan keeps it: of no other institution's. One query, or none."""
    named = [party_of(partner) for partner in partners]
    keys = [key for party in named if party is not None for key in (party.key, *party.others)]
    held = queries.in_use(institution_id, keys) if keys else []
    return [answers.carried(queries.of_party(held, party)) if party is not None else {} for party in named]


def fill_in(application: Application, partners: Sequence[ApplicationPartner]) -> None:
    """Give partners that are new in a plan the forms the host holds of them already."""
    host = application.host_institution_id or application.host_institution.id
    for partner, kept in zip(partners, of_partners(host, partners), strict=True):
        partner.export_control = kept


def declare_host(actor: Actor, application: Application, kept: dict[str, Any]) -> dict[str, Any]:
    """The answers of a plan's host, declared for its institution where they are complete and new; returns them as the
    plan is to keep them. A day to come, or one before that of the form in use, is kept by the plan alone.
    """
    found = dict(kept)
    host = application.host_institution
    if answers.report_is_filled(kept) and not kept.get("form1_id"):
        said = {name: kept[name] for name in answers.QUESTIONS}
        given = Given(FormKind.REPORT, str(kept["export_responsible"]), _day(kept["form1_on"]), said)
        found |= _declared(actor, host, given)
    if answers.pledge_is_filled(kept) and answers.report_is_filled(kept) and not kept.get("form2_id"):
        by = str(kept.get("form2_responsible") or kept["export_responsible"])
        found |= _declared(actor, host, Given(FormKind.PLEDGE, by, _day(kept["form2_on"]), {"pledge": True}))
    return found


def _day(text: Any) -> date:
    return date.fromisoformat(str(text))


def _declared(actor: Actor, host: Any, given: Given) -> dict[str, Any]:
    now_used = queries.current(host.id, parties.HOST.key, given.kind)
    is_older = now_used is not None and given.dated_on < now_used.dated_on
    if is_older or given.dated_on > clock.today():
        return {}
    return answers.taken_from(service.declare(actor, host, given))
