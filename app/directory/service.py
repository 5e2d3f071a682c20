"""Verbs on organizations: register, edit, move along."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from flask_babel import gettext as _

from app.core import audit, authz, events, limits
from app.core.authz import SYSTEM, Actor
from app.core.db import db
from app.core.errors import Refused, Stale
from app.directory import countries, prefectures, queries
from app.directory.events import NamesChanged
from app.directory.models import (
    HostInstitution,
    InstitutionKind,
    Organization,
    OrganizationAlias,
    OrganizationState,
    SendingOrganization,
    Side,
)
from app.directory.naming import refresh
from app.directory.workflow import ORGANIZATION

REQUESTS_PER_DAY = 5
ADDED = "added"  # kind of the other names people entered, beside those of the register


@dataclass(frozen=True, slots=True)
class Request:
    """Who asks for a registration."""

    name: str
    email: str
    locale: str
    note: str = ""


def request_registration(
    request: Request,
    *,
    client: str,
    institution: str = "",
    name_ja: str = "",
    name_en: str = "",
    kind: InstitutionKind | None = None,
    prefecture: str = "",
    website: str = "",
) -> Organization:
    """Ask that an institution takes part: one of the directory (`institution`: its public id) or a new one.

    `client` is the network address it comes from; five a day are taken from each. The one who asks gets a confirmation
    by mail. Raises: TooMany; Refused where the institution already takes part or is already being looked at.
    """
    if institution:
        organization = queries.requestable_host(institution)
        if organization is None:
            raise Refused({"": [_("Choose the institution again.")]})
    else:
        same = queries.same_name(name_ja, name_en, "JP")
        organization = same or _new_host(name_ja, name_en, kind, prefecture, website)
    if organization.state not in (OrganizationState.LISTED, OrganizationState.DECLINED):
        raise Refused({"": [_reason(organization)]})
    limits.hit("institution-request", client, REQUESTS_PER_DAY, timedelta(days=1))
    organization.requested_by_name = request.name
    organization.requested_by_email = request.email.strip().lower()
    organization.requested_by_locale = request.locale
    organization.request_note = request.note
    db.session.add(organization)
    db.session.flush()
    ORGANIZATION.fire(organization, "request", SYSTEM)
    return organization


def _new_host(
    name_ja: str, name_en: str, kind: InstitutionKind | None, prefecture: str, website: str
) -> HostInstitution:
    if not (name_ja or name_en):
        raise Refused({"name_ja": [_("Enter the name of the institution.")]})
    organization = HostInstitution(
        state=OrganizationState.LISTED,
        kind=kind or InstitutionKind.OTHER,
        name_ja=name_ja,
        name_en=name_en,
        name_native="",
        country="JP",
        prefecture=prefecture if prefecture in prefectures.CODES else None,
        website=website,
    )
    refresh(organization)
    return organization


def _reason(organization: Organization) -> str:
    if organization.state is OrganizationState.ACTIVE:
        return _(
            "%(name)s already takes part. Ask its approver for an invitation, or write to the programme's office.",
            name=organization.name,
        )
    return _("The registration of %(name)s has already been requested and is being looked at.", name=organization.name)


def create_sending(
    actor: Actor, *, name_en: str, name_ja: str = "", name_native: str = "", country: str, **fields: Any
) -> SendingOrganization:
    """Enter a sending organization that no register knows. Raises: Forbidden; Refused for one that is there already."""
    authz.require_role(actor, "institution:approve")
    _check_place(Side.SENDING, country)
    same = queries.same_name(name_ja, name_en, country)
    if same is not None:
        raise Refused({"name_en": [_("This organization is already in the directory: %(name)s", name=same.name)]})
    organization = SendingOrganization(
        state=OrganizationState.ACTIVE,
        name_en=name_en,
        name_ja=name_ja,
        name_native=name_native,
        country=country,
        **fields,
    )
    refresh(organization)
    db.session.add(organization)
    audit.record(actor, "organization:create", organization)
    return organization


def _check_place(side: Side, country: str) -> None:
    if country not in countries.CODES:
        raise Refused({"country": [_("Choose a country or region.")]})
    if side is Side.HOST and country != "JP":
        raise Refused({"country": [_("Host institutions are in Japan.")]})


def update(
    actor: Actor, organization: Organization, *, version: int | None, other_names: str = "", **fields: Any
) -> None:
    """Correct an organization's data; `other_names` one per line.

    Raises: Forbidden, Stale, Refused (no name; country and side do not fit).
    """
    authz.require(actor, "organization:edit", organization)
    if version != organization.version:
        raise Stale()
    if not (fields.get("name_ja") or fields.get("name_en")):
        raise Refused({"name_ja": [_("Enter the name in Japanese or in English.")]})
    _check_place(organization.side, fields.get("country", organization.country))
    for name, value in fields.items():
        setattr(organization, name, value)
    changes = audit.changes_of(organization)
    changes |= _keep_names(organization, other_names)
    refresh(organization)
    audit.record(actor, "organization:edit", organization, changes=changes)
    if any(name.startswith(("name_", "other_names")) for name in changes):
        events.publish(NamesChanged(organization, actor))


def _keep_names(organization: Organization, other_names: str) -> dict[str, Any]:
    """Other names as entered, one per line; those of the register stay as they are."""
    wanted = list(dict.fromkeys(line.strip()[:300] for line in other_names.splitlines() if line.strip()))
    register = {alias.name for alias in organization.aliases if alias.kind != ADDED}
    before = [alias.name for alias in organization.aliases if alias.kind == ADDED]
    after = [name for name in wanted if name not in register]
    if before == after:
        return {}
    kept = {alias.name: alias for alias in organization.aliases if alias.kind == ADDED}
    for name, alias in kept.items():
        if name not in after:
            organization.aliases.remove(alias)
    for name in after:
        if name not in kept:
            organization.aliases.append(OrganizationAlias(name=name, kind=ADDED))
    return {"other_names": [", ".join(before), ", ".join(after)]}


def transition(actor: Actor, organization: Organization, verb: str, comment: str = "") -> None:
    """Move an organization along its workflow. Raises what the workflow raises."""
    ORGANIZATION.fire(organization, verb, actor, comment)
