"""Whom a job works for: a person who is not there, with the hats worn now."""

from sqlalchemy import select

from app.accounts import queries
from app.accounts.models import RoleGrant, User, UserState
from app.core import clock
from app.core.authz import Actor, Grant
from app.core.db import db


def in_the_name_of(user_id: int | None) -> Actor:
    """Whoever asked for the work, as an actor: who lost a role or the account may nothing. Raises: NotFound."""
    user = queries.person(user_id)
    return Actor(
        id=user.id,
        name=user.name,
        email=user.email,
        locale=user.locale,
        grants=_hats(user),
        invitee_id=user.invitee_id,
        public_id=user.public_id,
    )


def _hats(user: User) -> tuple[Grant, ...]:
    """The roles in force; none of an account that is not open."""
    if user.state is not UserState.ACTIVE:
        return ()
    in_force = RoleGrant.expires_on.is_(None) | (RoleGrant.expires_on >= clock.today())
    held = db.session.scalars(select(RoleGrant).where(RoleGrant.user_id == user.id, in_force).order_by(RoleGrant.id))
    return tuple(Grant(grant.role, grant.institution_id) for grant in held)
