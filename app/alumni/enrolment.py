"""Those who took part become alumni: a profile that waits for them, an account that opens by link, a welcome."""

from app.accounts import queries as accounts
from app.accounts.models import RoleGrant, User, UserState
from app.alumni import queries, service
from app.alumni.models import Alumnus, AlumnusState
from app.core import audit, authz, outbox
from app.core.authz import SYSTEM, Role
from app.core.db import db, new_public_id
from app.invitees.models import Invitee
from app.visits.events import VisitCompleted
from app.visits.models import Participation

LOCALE = "en"  # the programme writes to its guests in English until they choose otherwise


def enrol_participants(fact: VisitCompleted) -> list[Alumnus]:
    """A profile for everybody who took part, invitees and supervisors alike (all join the Sakura Science Club).

    Hears `VisitCompleted`. Safe to repeat, and over several visits: a person has one profile; one who left stays away.
    """
    authz.require_role(SYSTEM, "alumnus:enrol")
    came = [part for part in fact.visit.participations if part.took_part]
    known = queries.of_invitees(part.invitee_id for part in came)
    return [known.get(part.invitee_id) or _first_time(part) for part in came]


def _first_time(part: Participation) -> Alumnus:
    """A new profile with what the visit knows of the person, shown to nobody but JST until the person says so."""
    invitee, sender = part.invitee, part.sending_organization
    alumnus = Alumnus(
        public_id=new_public_id(),
        invitee=invitee,
        email=invitee.email,
        affiliation=part.affiliation or (sender.name_en if sender is not None else ""),
        country=sender.country if sender is not None else invitee.nationality,
        city=sender.city if sender is not None else "",
    )
    db.session.add(alumnus)
    service.index(alumnus)
    audit.record(SYSTEM, "alumnus:enrol", alumnus, to_state=str(AlumnusState.INVITED))
    _welcome(alumnus)
    return alumnus


def _welcome(alumnus: Alumnus) -> None:
    """Mail the person how to come in, if there is an address that is theirs alone."""
    user = open_account(alumnus.invitee)
    if user is not None:
        outbox.enqueue(
            "alumni_welcome",
            user,
            subject_of=alumnus,
            dedupe=f"alumni-welcome:{alumnus.id}",
            invitee=alumnus.invitee,
        )


def open_account(invitee: Invitee) -> User | None:
    """The account with which a former invitee signs in by link: the one there is, or a new one for the address.

    A person of the programme's staff who once was an invitee wears one hat more. None where there is no address, where
    the address already belongs to another invitee (families and offices share addresses), or the account is disabled.
    """
    address = accounts.fold_email(invitee.email)
    if not address:
        return None
    user = accounts.by_email(address)
    if user is None:
        user = User(email=address, name=_spoken(invitee), locale=LOCALE)
        db.session.add(user)
        audit.record(SYSTEM, "user:create", user)
    elif user.state is not UserState.ACTIVE or user.invitee_id not in (None, invitee.id):
        return None
    user.invitee_id = invitee.id
    if all(grant.role is not Role.ALUMNUS for grant in user.grants):
        user.grants.append(RoleGrant(role=Role.ALUMNUS))
        audit.record(SYSTEM, "role:grant", user, changes={"role": [None, Role.ALUMNUS.value]})
    return user


def _spoken(invitee: Invitee) -> str:
    """The name as one is addressed: given names first."""
    return f"{invitee.given_names} {invitee.surname}".strip()[:120]
