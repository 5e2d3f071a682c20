"""Who hears of a plan, each in their own language: the host's staff, the contacts named in it, the coordinators."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from app.accounts import queries as accounts
from app.accounts.models import User
from app.applications.models import Application
from app.core import mail, outbox
from app.core.authz import Role

# What a host may read among the mails about its own plan: those written to the host.
HOST_TEMPLATES = frozenset(
    {
        "application_received",
        "application_returned",
        "application_adopted",
        "application_reserve",
        "application_changed",
        "application_declined",
        "application_moved_here",
        "application_steps_due",
        "partner_filled",
        "partner_reminder",
        "screening_action",
    }
)

# Mails among the host's own staff: nobody else reads them, JST neither.
COMMENT_MAIL = "application_comment"
HOUSE_TEMPLATES = frozenset({COMMENT_MAIL, "application_sign_off", "application_signed_off", "application_sent_back"})


@dataclass(frozen=True, slots=True)
class Contact:
    """A person named in a plan who has no account: written to in Japanese, the language of the hosts."""

    email: str
    name: str
    locale: str = "ja"
    id: None = None


def host_people(application: Application) -> list[Any]:
    """The host's staff with an account, then the contacts named in the plan who have none; each address once.

    The contacts of a plan that was moved are its former institution's people, until it is submitted by the new one.
    """
    return people_of(application, accounts.staff_of(application.host_institution_id))


def people_of(application: Application, staff: Sequence[User]) -> list[Any]:
    """As `host_people`, of staff that is known already."""
    found: dict[str, Any] = {user.email.casefold(): user for user in staff}
    named = (
        (application.principal_email, application.principal_name),
        (application.administrative_email, application.administrative_name),
    )
    for email, name in named if _names_own_people(application) else ():
        if email.casefold() not in found and is_reachable(email):
            found[email.casefold()] = Contact(email, name)
    return list(found.values())


def _names_own_people(application: Application) -> bool:
    moved, submitted = application.moved_at, application.submitted_at
    return moved is None or (submitted is not None and submitted > moved)


def is_reachable(email: str) -> bool:
    """Whether a mail can be addressed so."""
    try:
        mail.checked_address(email)
    except ValueError:
        return False
    return True


def tell_host(template: str, application: Application, *, dedupe: str, **context: Any) -> None:
    """Write to everybody on the host's side; a second telling with the same `dedupe` writes nothing."""
    for person in host_people(application):
        outbox.enqueue(
            template,
            person,
            subject_of=application,
            dedupe=f"{dedupe}:{application.public_id}:{person.email.casefold()}"[:160],
            application=application,
            **context,
        )


def tell_coordinators(template: str, application: Application, **context: Any) -> None:
    """Write to JST's coordinators."""
    for person in accounts.people_with(Role.COORDINATOR):
        outbox.enqueue(template, person, subject_of=application, application=application, **context)


def tell_colleague(template: str, person: Any, application: Application, **context: Any) -> None:
    """Write to one member of the host's own staff; the mail stays among the staff (`HOUSE_TEMPLATES`)."""
    outbox.enqueue(template, person, subject_of=application, application=application, **context)


def is_shown(template: str, *, inside: bool, own: bool) -> bool:
    """Whether a reader finds a mail among those of a plan: at JST (`inside`), or at its own institution (`own`)."""
    if template in HOUSE_TEMPLATES:
        return own
    return inside or template in HOST_TEMPLATES
