"""The host's verbs beside a partner's own part: invite, remind, take back. What fills it in: `partner_filling`."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from flask_babel import gettext as _

from app.applications import document, export_document, mailing, partner_links, partner_marks
from app.applications.models import Application, ApplicationPartner
from app.applications.partner_marks import Mark
from app.applications.partner_models import LinkState, PartnerLink
from app.applications.plan_service import require_open
from app.core import audit, clock, limits, outbox
from app.core.authz import Actor
from app.core.errors import NotFound, Refused

MOST_INVITATIONS = 20  # of one person in an hour: the system writes to strangers on their word
HOUR = timedelta(hours=1)
BETWEEN_REMINDERS = timedelta(hours=24)


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
    pledge: str
    marks: list[Mark]
    forms: str  # its export-control forms, in words
    key: str = field(default_factory=partner_links.new_token)  # of the host's form: a second click does nothing more

    @property
    def is_open(self) -> bool:
        return self.state in (LinkState.INVITED, LinkState.OPENED)

    @property
    def awaits(self) -> bool:
        """Whether the host entered something the partner has not confirmed yet."""
        return any(mark.awaits for mark in self.marks)


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
        pledge=document.pledge(partner),
        marks=list(partner_marks.of(partner).values()),
        forms=export_document.summary(partner.export_control or {}),
    )


def partner_for(actor: Actor, application: Application, partner_id: str) -> ApplicationPartner:
    """The partner of this plan with that number. Raises: Forbidden, TransitionNotAllowed, NotFound."""
    require_open(actor, application)
    return partner_in(application, partner_id)


def partner_in(application: Application, partner_id: str) -> ApplicationPartner:
    """The partner of this plan with that number. Raises: NotFound."""
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
    partner = partner_for(actor, application, partner_id)
    contact = _addressed(partner)
    limits.hit("partner:invite", str(actor.id), MOST_INVITATIONS, HOUR)
    assert actor.id is not None
    link, token, code = partner_links.issue(partner, actor.id)
    _write("partner_invitation", contact, link, confidential=True, token=token)
    audit.record(actor, "partner:invite", application, comment=partner.name)
    return code


def remind(actor: Actor, application: Application, partner_id: str) -> None:
    """Write to a partner that was invited, at most once a day. Raises as `invite`; Refused without an open link."""
    partner = partner_for(actor, application, partner_id)
    contact = _addressed(partner)
    link = partner_links.newest_of(application).get(partner.id)
    if link is None or not link.is_good:
        raise Refused({"": [_("There is no open invitation. Invite the partner again.")]})
    now = clock.now()
    if link.reminded_at is not None and now - link.reminded_at < BETWEEN_REMINDERS:
        raise Refused({"": [_("The partner was reminded within the last day.")]})
    link.reminded_at = now
    _write(
        "partner_reminder",
        contact,
        link,
        is_opened=link.activated_at is not None,
        to_confirm=bool(partner_marks.awaiting(partner)),
    )
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
    partner = partner_for(actor, application, partner_id)
    if partner_links.revoke(partner):
        audit.record(actor, "partner:revoke", application, comment=partner.name)


def contact_of(application: Application) -> str:
    """Whom at the host a partner may ask: the administrative contact, else the person in charge."""
    return application.administrative_name or application.principal_name
