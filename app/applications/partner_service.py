"""Verbs on a partner's own part: the host invites, reminds and takes back; the partner itself saves.

The partner has no account and no role: its right is the link, which is asked anew at every step.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from flask_babel import gettext as _

from app.applications import export_document, indexing, mailing, partner_links, partner_part
from app.applications.models import Application, ApplicationPartner, PlannedPeople
from app.applications.partner_models import LinkState, PartnerLink
from app.applications.plan_service import why_closed
from app.core import audit, authz, clock, limits, outbox
from app.core.authz import Actor
from app.core.db import db
from app.core.errors import NotFound, Refused, Stale, TransitionNotAllowed

MOST_INVITATIONS = 20  # of one person in an hour: the system writes to strangers on their word
HOUR = timedelta(hours=1)
BETWEEN_REMINDERS = timedelta(hours=24)
BETWEEN_TELLINGS = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class OwnPart:
    """How a partner's own part stands, for the host."""

    id: int
    name: str
    email: str
    state: LinkState | None
    invited_at: datetime | None
    opened_at: datetime | None
    reminded_at: datetime | None
    expires_at: datetime | None
    filled_at: datetime | None
    pledge_name: str
    pledged_at: datetime | None
    forms: str  # its export-control forms, in words
    key: str = field(default_factory=partner_links.new_token)  # of the host's form: a second click does nothing more

    @property
    def is_open(self) -> bool:
        return self.state in (LinkState.INVITED, LinkState.OPENED)


def parts_of(application: Application) -> list[OwnPart]:
    """How far each partner of a plan is with its own part, in the plan's order."""
    links = partner_links.newest_of(application)
    return [_own_part(partner, links.get(partner.id)) for partner in application.partners]


def _own_part(partner: ApplicationPartner, link: PartnerLink | None) -> OwnPart:
    return OwnPart(
        id=partner.id,
        name=partner.name,
        email=partner.contact_email,
        state=link.state if link else None,
        invited_at=link.created_at if link else None,
        opened_at=link.activated_at if link else None,
        reminded_at=link.reminded_at if link else None,
        expires_at=link.expires_at if link else None,
        filled_at=partner.partner_updated_at,
        pledge_name=partner.pledge_name,
        pledged_at=partner.pledged_at,
        forms=export_document.summary(partner.export_control or {}),
    )


def _partner(actor: Actor, application: Application, partner_id: str) -> ApplicationPartner:
    """The partner of this plan with that number. Raises: Forbidden, TransitionNotAllowed, NotFound."""
    authz.require(actor, "application:edit", application)
    closed = why_closed(application)
    if closed is not None:
        raise TransitionNotAllowed(closed)
    found = next((partner for partner in application.partners if str(partner.id) == partner_id), None)
    if found is None:
        raise NotFound()
    return found


def _addressed(partner: ApplicationPartner) -> mailing.Contact:
    """The partner's contact person, written to in English."""
    if not mailing.is_reachable(partner.contact_email):
        raise Refused({"": [_("Enter the contact person's e-mail address, save the section, then invite.")]})
    return mailing.Contact(partner.contact_email, partner.contact_name, locale="en")


def invite(actor: Actor, application: Application, partner_id: str) -> str:
    """Send the partner a new link by mail; links sent before end. Returns the code, to be passed on by another way.

    Raises: Forbidden, TransitionNotAllowed, NotFound, TooMany; Refused without a usable address.
    """
    partner = _partner(actor, application, partner_id)
    contact = _addressed(partner)
    limits.hit("partner:invite", str(actor.id), MOST_INVITATIONS, HOUR)
    assert actor.id is not None
    link, token, code = partner_links.issue(partner, actor.id)
    _write("partner_invitation", contact, link, confidential=True, token=token)
    audit.record(actor, "partner:invite", application, comment=partner.name)
    return code


def remind(actor: Actor, application: Application, partner_id: str) -> None:
    """Write to a partner that was invited, at most once a day. Raises as `invite`; Refused without an open link."""
    partner = _partner(actor, application, partner_id)
    contact = _addressed(partner)
    link = partner_links.newest_of(application).get(partner.id)
    if link is None or not link.is_good:
        raise Refused({"": [_("There is no open invitation. Invite the partner again.")]})
    now = clock.now()
    if link.reminded_at is not None and now - link.reminded_at < BETWEEN_REMINDERS:
        raise Refused({"": [_("The partner was reminded within the last day.")]})
    link.reminded_at = now
    _write("partner_reminder", contact, link, is_opened=link.activated_at is not None)
    audit.record(actor, "partner:remind", application, comment=partner.name)


def _write(
    template: str, contact: mailing.Contact, link: PartnerLink, *, confidential: bool = False, **more: Any
) -> None:
    application = link.partner.application
    outbox.enqueue(
        template,
        contact,
        subject_of=application,
        confidential=confidential,
        host=application.host_institution,
        theme=application.theme_en or application.theme_ja,
        asker=contact_of(application),
        link=link,
        **more,
    )


def revoke(actor: Actor, application: Application, partner_id: str) -> None:
    """Take the partner's link back; what it has filled in stays. Raises: Forbidden, TransitionNotAllowed, NotFound."""
    partner = _partner(actor, application, partner_id)
    if partner_links.revoke(partner):
        audit.record(actor, "partner:revoke", application, comment=partner.name)


def contact_of(application: Application) -> str:
    """Whom at the host a partner may ask: the administrative contact, else the person in charge."""
    return application.administrative_name or application.principal_name


def is_closed(link: PartnerLink) -> bool:
    """Whether the part can only be read: the plan is on its way or its time is over."""
    return why_closed(link.partner.application) is not None


def save(
    link: PartnerLink, fields: Mapping[str, Any], rows: Sequence[Mapping[str, Any]], *, version: int | None
) -> bool:
    """Keep what the partner says of itself: `fields` are those of its part but for the people, who are `rows`.

    Nothing but the partner's own row and its own people is touched. Returns whether anything changed. Raises:
    PartnerLinkGone, TransitionNotAllowed once the plan is handed in, Stale if the part was changed meanwhile, Refused
    for half a pledge.
    """
    if not link.is_good or link.activated_at is None:
        raise partner_links.PartnerLinkGone(link)
    if is_closed(link):
        raise TransitionNotAllowed()
    partner = link.partner
    before = partner_part.stored(partner)
    wanted = {
        **before,
        **{name: fields[name] for name in (*partner_part.FIELDS, "pledge", "pledge_name") if name in fields},
    }
    wanted["rows"] = [{name: row[name] for name in partner_part.PEOPLE} for row in rows]
    _check_pledge(wanted)
    if wanted == before:
        return False
    if version is not None and version != partner_part.version(before):
        raise Stale()
    _keep(partner, wanted)
    actor = partner_links.actor_of(link)
    audit.record(actor, "partner:fill-in", partner.application, changes=_changes(before, wanted))
    _tell(partner)
    return True


def _check_pledge(wanted: Mapping[str, Any]) -> None:
    if wanted["pledge"] and not wanted["pledge_name"].strip():
        raise Refused({"pledge_name": [_("Enter the name of the person who gives the pledge.")]})
    if wanted["pledge_name"].strip() and not wanted["pledge"]:
        raise Refused({"pledge": [_("Tick the box to give the pledge, or leave the name empty.")]})


def _keep(partner: ApplicationPartner, wanted: Mapping[str, Any]) -> None:
    now = clock.now()
    for name in partner_part.FIELDS:
        setattr(partner, name, wanted[name])
    if not wanted["pledge"]:
        partner.pledged_at = None
    elif partner.pledged_at is None or partner.pledge_name != wanted["pledge_name"]:
        partner.pledged_at = now
    partner.pledge_name = wanted["pledge_name"]
    partner.partner_updated_at = now
    _keep_people(partner, wanted["rows"])
    partner.application.updated_at = now  # a change of the plan: whoever edits it there must see that it moved on
    indexing.refresh(partner.application)


def _keep_people(partner: ApplicationPartner, rows: Sequence[Mapping[str, Any]]) -> None:
    """The partner's rows in place, further ones behind all others, those too many taken away."""
    people = partner.application.people
    held = partner_part.people_of(partner)
    behind = max((group.position for group in people), default=-1) + 1
    for number, row in enumerate(rows):
        if number == len(held):
            held.append(PlannedPeople(partner=partner, partner_id=partner.id, position=behind + number))
            people.append(held[number])
        for name, value in row.items():
            setattr(held[number], name, value)
    for group in held[len(rows) :]:
        people.remove(group)
    db.session.flush()


def _changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> audit.Changes:
    return {
        "people" if name == "rows" else name: [audit.plain(before[name]), audit.plain(after[name])]
        for name in before
        if before[name] != after[name]
    }


def _tell(partner: ApplicationPartner) -> None:
    """Tell the host, at most once an hour of each partner."""
    now = clock.now()
    if partner.host_told_at is not None and now - partner.host_told_at < BETWEEN_TELLINGS:
        return
    partner.host_told_at = now
    dedupe = f"partner-filled:{partner.id}:{now:%Y%m%d%H%M%S}"
    mailing.tell_host("partner_filled", partner.application, dedupe=dedupe, partner=partner)
