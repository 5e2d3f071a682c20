"""The life of an entry in the directory: known from a register, requested, taking part, declined, gone."""

from dataclasses import dataclass

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.core import events, outbox
from app.core.workflow import Firing, State, Transition, Workflow
from app.directory.events import InstitutionApproved
from app.directory.models import Organization, OrganizationState

S = OrganizationState


@dataclass(frozen=True, slots=True)
class Requester:
    """Who asked for an institution's registration: a recipient of mail without an account."""

    name: str
    email: str
    locale: str


def requester(organization: Organization) -> Requester:
    """Who asked for this institution's registration."""
    return Requester(organization.requested_by_name, organization.requested_by_email, organization.requested_by_locale)


def has_requester(organization: Organization) -> str | None:
    """Somebody can be told and can become the first approver."""
    return None if organization.requested_by_email else _("Nobody asked for this registration.")


def has_both_names(organization: Organization) -> str | None:
    """Letters and certificates need the name in both languages."""
    if organization.name_ja and organization.name_en:
        return None
    return _("Enter the name in Japanese and in English first.")


def mail_requester(firing: Firing, template: str) -> None:
    """Write to whoever asked, in that person's language."""
    organization = firing.subject
    outbox.enqueue(
        template,
        requester(organization),
        subject_of=organization,
        organization=organization,
        comment=firing.comment,
    )


def confirm_request(firing: Firing) -> None:
    mail_requester(firing, "institution_requested")


def tell_declined(firing: Firing) -> None:
    mail_requester(firing, "institution_declined")


def announce_approval(firing: Firing) -> None:
    organization = firing.subject
    asked = requester(organization)
    events.publish(InstitutionApproved(organization, asked.name, asked.email, asked.locale, firing.actor))


ORGANIZATION = Workflow(
    name="organization",
    initial=S.LISTED,
    states={
        S.LISTED: State(_l("In the directory"), editable=True),
        S.REQUESTED: State(_l("Registration requested"), tone="warning", editable=True),
        S.ACTIVE: State(_l("Takes part"), tone="success", editable=True),
        S.DECLINED: State(_l("Registration declined"), tone="danger", editable=True),
        S.WITHDRAWN: State(_l("No longer exists"), tone="neutral", editable=True),
    },
    transitions=(
        Transition(
            "request",
            _l("Request registration"),
            (S.LISTED, S.DECLINED),
            S.REQUESTED,
            "institution:request",
            effects=(confirm_request,),
            hidden=True,
            done=_l("The registration has been requested."),
        ),
        Transition(
            "approve",
            _l("Approve the registration"),
            (S.REQUESTED,),
            S.ACTIVE,
            "institution:approve",
            guards=(has_requester, has_both_names),
            effects=(announce_approval,),
            tone="success",
            done=_l("The institution now takes part. Whoever asked has been invited by mail."),
        ),
        Transition(
            "decline",
            _l("Decline the registration"),
            (S.REQUESTED,),
            S.DECLINED,
            "institution:approve",
            guards=(has_requester,),
            effects=(tell_declined,),
            comment_required=True,
            tone="danger",
            done=_l("The registration is declined. Whoever asked has been told why."),
        ),
        Transition(
            "admit",
            _l("Admit to the programme"),
            (S.LISTED, S.DECLINED, S.WITHDRAWN),
            S.ACTIVE,
            "institution:approve",
            done=_l("The organization now takes part."),
        ),
        Transition(
            "close",
            _l("Mark as no longer existing"),
            (S.LISTED, S.ACTIVE),
            S.WITHDRAWN,
            "institution:approve",
            comment_required=True,
            tone="danger",
            done=_l("The organization is marked as no longer existing."),
        ),
    ),
)
