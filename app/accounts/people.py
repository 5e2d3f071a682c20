"""Colleagues: who is invited, what they may wear, whether they may come in (security contract, rows 6 to 8)."""

from collections.abc import Sequence

from flask_babel import gettext as _

from app.accounts import links, queries, sessions
from app.accounts.events import InvitationAccepted
from app.accounts.models import LinkPurpose, MailLink, RoleGrant, User, UserState
from app.accounts.roles import HOST_ROLES, PROGRAMME_ROLES, ROLE_LABELS
from app.accounts.signing_in import Stranger, refuse_weak, set_password
from app.core import audit, authz, clock, events, outbox
from app.core.authz import Actor, Role
from app.core.db import db
from app.core.errors import Forbidden, Refused
from app.directory.models import Organization


def roles_to_give(actor: Actor) -> Sequence[Role]:
    """The roles this person may give at all."""
    programme = PROGRAMME_ROLES if actor.may("role:grant") else ()
    return (*HOST_ROLES, *programme) if actor.may("user:invite") else ()


def _require_may_give(actor: Actor, role: Role, institution: Organization | None) -> int | None:
    """The institution's number for a host role, None for a programme role. Raises: Forbidden; Refused."""
    if role in HOST_ROLES:
        if institution is None:
            raise Refused({"institution": [_("Choose the institution this role is for.")]})
        authz.require_for_institution(actor, "user:invite", institution.id)
        return institution.id
    if role not in PROGRAMME_ROLES:
        raise Forbidden()
    authz.require_role(actor, "role:grant")
    return None


def invite(actor: Actor, *, email: str, role: Role, institution: Organization | None, locale: str) -> MailLink:
    """Invite somebody by mail to a role; good for 48 hours, once. An older open invitation to the same role lapses.

    Raises: Forbidden; Refused, e.g. when the person wears the role already or the account is disabled.
    """
    institution_id = _require_may_give(actor, role, institution)
    address = queries.fold_email(email)
    known = queries.by_email(address)
    if known is not None:
        _refuse_known(actor, known, role, institution_id)
    for older in queries.open_invitations(address, role, institution_id):
        older.expires_at = clock.now()
    link, token = links.issue(
        LinkPurpose.INVITATION,
        address,
        locale=known.locale if known is not None else locale,
        user=known,
        role=role,
        institution_id=institution_id,
        invited_by_id=actor.id,
    )
    recipient = known or Stranger(address, locale)
    outbox.enqueue(
        "invitation",
        recipient,
        subject_of=link,
        confidential=True,
        token=token,
        inviter=actor.name,
        role=ROLE_LABELS[role],
        institution=institution if institution_id is not None else None,
        until=link.expires_at,
    )
    audit.record(actor, "invitation:send", link, changes={"role": role.value, "institution": institution_id})
    return link


def _refuse_known(actor: Actor, known: User, role: Role, institution_id: int | None) -> None:
    if known.id == actor.id:
        raise Refused({"email": [_("This is your own address. Ask a colleague to change your roles.")]})
    if any(grant.role is role and grant.institution_id == institution_id for grant in known.grants):
        raise Refused({"email": [_("This person has that role already.")]})
    if known.state is UserState.DISABLED and authz.can(actor, "user:manage", known):
        raise Refused({"email": [_("This account is disabled. Enable it first.")]})


def withdraw_invitation(actor: Actor, link: MailLink) -> None:
    """Let an invitation lapse. Raises: Forbidden."""
    authz.require(actor, "user:invite", link)
    link.expires_at = clock.now()
    audit.record(actor, "invitation:revoke", link)


def accept(token: str, *, name: str, password: str, user_agent: str) -> str | None:
    """Accept an invitation. A new person sets name and password and is signed in: returns the session's token.

    A known person gets the role and signs in as ever: returns None. Somebody known without a password (an alumnus who
    becomes a colleague) sets one. Raises: links.LinkGone; Refused.
    """
    link = links.peek(token, LinkPurpose.INVITATION)
    user = queries.by_email(link.email)
    if user is not None and user.state is UserState.DISABLED:
        raise links.LinkGone(links.gone())
    sets_password = user is None or user.password_hash is None
    if sets_password:
        refuse_weak(password, name or (user.name if user else ""), link.email)
    links.spend(token, LinkPurpose.INVITATION)
    if user is None:
        user = User(email=link.email, name=name, locale=link.locale)
        db.session.add(user)
        db.session.flush()
    assert link.role is not None
    if not any(grant.role is link.role and grant.institution_id == link.institution_id for grant in user.grants):
        _add(user, link.role, link.institution_id, link.invited_by_id)
    audit.record(
        sessions.as_actor(user),
        "invitation:accept",
        user,
        changes={"role": [None, link.role.value], "institution": [None, link.institution_id]},
    )
    events.publish(InvitationAccepted(user, link.role))
    if not sets_password:
        return None
    set_password(user, password, tell=link.user_id is not None)
    return sessions.open_session(user, user_agent, confirmed=True)


def _add(user: User, role: Role, institution_id: int | None, granted_by_id: int | None) -> None:
    user.grants.append(RoleGrant(role=role, institution_id=institution_id, granted_by_id=granted_by_id))
    db.session.flush()


def give_role(actor: Actor, user: User, *, role: Role, institution: Organization | None) -> None:
    """Give one more role to a colleague who has an account; it counts from the next request on.

    Raises: Forbidden; Refused.
    """
    authz.require(actor, "user:manage", user)
    institution_id = _require_may_give(actor, role, institution)
    _refuse_self(actor, user)
    if any(grant.role is role and grant.institution_id == institution_id for grant in user.grants):
        raise Refused({"role": [_("This person has that role already.")]})
    _add(user, role, institution_id, actor.id)
    audit.record(actor, "role:grant", user, changes={"role": [None, role.value], "institution": [None, institution_id]})


def take_role(actor: Actor, user: User, *, role: Role, institution: Organization | None) -> None:
    """Take a role away; it stops to count with the next request. Raises: Forbidden; Refused."""
    authz.require(actor, "user:manage", user)
    institution_id = _require_may_give(actor, role, institution)
    _refuse_self(actor, user)
    grant = next((row for row in user.grants if row.role is role and row.institution_id == institution_id), None)
    if grant is None:
        raise Refused({"": [_("This person no longer has that role.")]})
    _refuse_last(user, grant)
    user.grants.remove(grant)
    audit.record(actor, "role:end", user, changes={"role": [role.value, None], "institution": [institution_id, None]})


def _refuse_self(actor: Actor, user: User) -> None:
    if user.id == actor.id:
        raise Refused({"": [_("Nobody changes the own roles or account. Ask a colleague.")]})


def _refuse_last(user: User, grant: RoleGrant) -> None:
    """An institution keeps somebody who can sign and invite; the programme keeps an administrator."""
    if grant.role not in (Role.HOST_APPROVER, Role.ADMINISTRATOR):
        return
    wearers = queries.wearers_locked(grant.role, grant.institution_id)
    if wearers and set(wearers) <= {user.id}:
        raise Refused(
            {
                "": [
                    _("This is the last approver of the institution. Give the role to somebody else first.")
                    if grant.role is Role.HOST_APPROVER
                    else _("This is the last administrator. Give the role to somebody else first.")
                ]
            }
        )


def disable(actor: Actor, user: User) -> None:
    """Shut an account: its sessions end at once, its links lapse; what the person did stays on record.

    Raises: Forbidden, also for a host's approver when the person wears hats elsewhere; Refused.
    """
    _require_whole(actor, user)
    _refuse_self(actor, user)
    for grant in user.grants:
        _refuse_last(user, grant)
    user.state = UserState.DISABLED
    sessions.end_all_of(user)
    links.revoke(user, *LinkPurpose)
    audit.record(actor, "user:disable", user, from_state=UserState.ACTIVE.value, to_state=UserState.DISABLED.value)


def enable(actor: Actor, user: User) -> None:
    """Open a disabled account again. Raises: Forbidden."""
    _require_whole(actor, user)
    _refuse_self(actor, user)
    user.state = UserState.ACTIVE
    audit.record(actor, "user:enable", user, from_state=UserState.DISABLED.value, to_state=UserState.ACTIVE.value)


def may_shut(actor: Actor, user: User) -> bool:
    """Whether the actor looks after the whole account, not only after some of its hats."""
    if not authz.can(actor, "user:manage", user):
        return False
    mine = set(actor.institution_ids("user:manage"))
    return actor.has_role(Role.ADMINISTRATOR) or all(grant.institution_id in mine for grant in user.grants)


def _require_whole(actor: Actor, user: User) -> None:
    if not may_shut(actor, user):
        raise Forbidden()
