"""Every SELECT about people, sessions and links."""

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import Select, and_, bindparam, or_, select
from sqlalchemy.orm import joinedload, selectinload

from app.accounts.models import LinkPurpose, MailLink, RoleGrant, User, UserSession, UserState
from app.core import authz, clock
from app.core.authz import Actor, Role
from app.core.db import db
from app.core.errors import NotFound
from app.core.listing import Sort
from app.directory.models import HostInstitution, Organization, OrganizationState


def fold_email(text: str) -> str:
    """An address as it is stored and compared."""
    return text.strip().lower()


# Asked once in every request, therefore built once. (The day is that of Tokyo.)
_SESSION_WITH_HATS = (
    select(
        UserSession.id.label("session_id"),
        UserSession.created_at,
        UserSession.last_seen_at,
        UserSession.confirmed_at,
        UserSession.by_link,
        User.id.label("user_id"),
        User.public_id,
        User.name,
        User.email,
        User.locale,
        User.invitee_id,
        RoleGrant.role,
        RoleGrant.institution_id,
    )
    .join(User, User.id == UserSession.user_id)
    .outerjoin(
        RoleGrant,
        and_(
            RoleGrant.user_id == User.id,
            or_(RoleGrant.expires_on.is_(None), RoleGrant.expires_on >= bindparam("today")),
        ),
    )
    .where(
        UserSession.token_hash == bindparam("token_hash"),
        UserSession.ended_at.is_(None),
        User.state == UserState.ACTIVE,
    )
    .order_by(RoleGrant.id)
)


def _in_force() -> Any:
    return or_(RoleGrant.expires_on.is_(None), RoleGrant.expires_on >= clock.today())


def session_with_hats(token_hash: str) -> Sequence[Any]:
    """The open session of that hash joined with its active person: one row per hat in force (one without, if none)."""
    return db.session.execute(_SESSION_WITH_HATS, {"token_hash": token_hash, "today": clock.today()}).all()


def person(user_id: int | None) -> User:
    """The person of that number. Raises: NotFound."""
    found = db.session.get(User, user_id) if user_id is not None else None
    if found is None:
        raise NotFound()
    return found


def by_email(email: str) -> User | None:
    """The person of that address, with hats."""
    return db.session.scalar(select(User).where(User.email == fold_email(email)).options(selectinload(User.grants)))


def open_sessions(user_id: int | None) -> Sequence[UserSession]:
    """Where a person is signed in, newest first."""
    return db.session.scalars(
        select(UserSession)
        .where(UserSession.user_id == user_id, UserSession.ended_at.is_(None))
        .order_by(UserSession.id.desc())
    ).all()


def staff_of(institution_id: int, *roles: Role) -> list[User]:
    """Active people who wear one of the roles (any role, if none is named) for an institution: whom to mail."""
    return _wearing(RoleGrant.institution_id == institution_id, *([RoleGrant.role.in_(roles)] if roles else []))


def staff_of_each(institution_ids: Collection[int]) -> dict[int, list[User]]:
    """The active people of several institutions, by institution. One query."""
    query = (
        select(RoleGrant.institution_id, User)
        .join(User, User.id == RoleGrant.user_id)
        .where(_in_force(), RoleGrant.institution_id.in_(institution_ids), User.state == UserState.ACTIVE)
        .order_by(User.id)
    )
    found: dict[Any, dict[int, User]] = {}
    for institution_id, user in db.session.execute(query):
        found.setdefault(institution_id, {})[user.id] = user
    return {institution_id: list(people.values()) for institution_id, people in found.items()}


def people_with(*roles: Role) -> list[User]:
    """Active people who wear one of the roles for the programme: whom to mail at JST."""
    return _wearing(RoleGrant.role.in_(roles))


def _wearing(*conditions: Any) -> list[User]:
    wearing = select(RoleGrant.user_id).where(_in_force(), *conditions)
    return list(
        db.session.scalars(select(User).where(User.state == UserState.ACTIVE, User.id.in_(wearing)).order_by(User.id))
    )


PEOPLE_SORTS = {"name": Sort(User.name), "email": Sort(User.email)}


def people(actor: Actor, text: str = "", role: str = "") -> Select[*tuple[Any, ...]]:
    """The people a reader may look after: own institution's, or all; by name or address, by role."""
    query: Select[*tuple[Any, ...]] = authz.visible(actor, "user:view", User).with_only_columns(
        User.id, User.public_id, User.name, User.email, User.state
    )
    if text:
        query = query.where(
            or_(User.name.icontains(text, autoescape=True), User.email.icontains(text, autoescape=True))
        )
    if role in set(Role):
        query = query.where(User.grants.any(RoleGrant.role == Role(role)))
    return query


def own_hats(actor: Actor) -> Sequence[RoleGrant]:
    """One's own hats in force, with their institutions."""
    return db.session.scalars(
        select(RoleGrant)
        .where(RoleGrant.user_id == actor.id, _in_force())
        .options(joinedload(RoleGrant.institution))
        .order_by(RoleGrant.id)
    ).all()


def hats_of(actor: Actor, user_ids: Sequence[int]) -> dict[int, list[RoleGrant]]:
    """The hats of some people, by person; a host's approver sees those for the own institution only."""
    found: dict[int, list[RoleGrant]] = {user_id: [] for user_id in user_ids}
    query = (
        select(RoleGrant)
        .where(RoleGrant.user_id.in_(user_ids))
        .options(joinedload(RoleGrant.institution))
        .order_by(RoleGrant.id)
    )
    mine = actor.institution_ids("user:view")
    if not actor.has_role(Role.ADMINISTRATOR):
        query = query.where(RoleGrant.institution_id.in_(mine))
    for grant in db.session.scalars(query):
        found[grant.user_id].append(grant)
    return found


def pending_invitations(actor: Actor) -> Sequence[MailLink]:
    """Invitations sent, not yet accepted and still good, newest first; own institution's, or all."""
    return db.session.scalars(
        authz.visible(actor, "user:invite", MailLink)
        .where(
            MailLink.purpose == LinkPurpose.INVITATION, MailLink.used_at.is_(None), MailLink.expires_at > clock.now()
        )
        .options(joinedload(MailLink.institution))
        .order_by(MailLink.id.desc())
        .limit(100)
    ).all()


def open_invitations(email: str, role: Role, institution_id: int | None) -> Sequence[MailLink]:
    """Invitations of one address to one role that are still good."""
    return db.session.scalars(
        select(MailLink).where(
            MailLink.purpose == LinkPurpose.INVITATION,
            MailLink.email == email,
            MailLink.role == role,
            MailLink.institution_id.is_(None) if institution_id is None else MailLink.institution_id == institution_id,
            MailLink.used_at.is_(None),
            MailLink.expires_at > clock.now(),
        )
    ).all()


def institutions_to_invite_to(actor: Actor) -> Sequence[Organization]:
    """The host institutions this person may invite to, by name."""
    query = select(HostInstitution).where(HostInstitution.state == OrganizationState.ACTIVE)
    if not actor.has_role(Role.ADMINISTRATOR):
        query = query.where(HostInstitution.id.in_(actor.institution_ids("user:invite")))
    return db.session.scalars(query.order_by(HostInstitution.sort_name, HostInstitution.id)).all()


def inviter_of(link: MailLink) -> User | None:
    """Who sent an invitation."""
    return db.session.get(User, link.invited_by_id) if link.invited_by_id is not None else None


def wearers_locked(role: Role, institution_id: int | None) -> list[int]:
    """Ids of active people who wear a role for an institution, their hats locked until the transaction ends."""
    return list(
        db.session.scalars(
            select(RoleGrant.user_id)
            .join(User, User.id == RoleGrant.user_id)
            .where(
                RoleGrant.role == role,
                RoleGrant.institution_id.is_(None)
                if institution_id is None
                else RoleGrant.institution_id == institution_id,
                User.state == UserState.ACTIVE,
                _in_force(),
            )
            .order_by(RoleGrant.id)  # locks are taken in one order: two who remove each other wait, none fails
            .with_for_update()
        )
    )


def demo_people() -> dict[str, User]:
    """The people of the demonstration's sign-in page, by the key of their sentence."""
    rows = db.session.scalars(
        select(User).where(User.demo_note != "", User.state == UserState.ACTIVE).order_by(User.id)
    )
    found: dict[str, User] = {}
    for user in rows:
        found.setdefault(user.demo_note, user)
    return found
