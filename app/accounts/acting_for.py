"""Whom a job works for: a person who is not there, with the hats worn now."""

from sqlalchemy import select

from app.accounts.models import RoleGrant, User, UserState
from app.core import clock
from app.core.authz import Actor, Grant
from app.core.db import db


def person_now(user_id: int) -> Actor | None:
    """The person as an actor; None when the account is gone or closed. Roles that have ended are none."""
    user = db.session.get(User, user_id)
    if user is None or user.state is not UserState.ACTIVE:
        return None
    in_force = RoleGrant.expires_on.is_(None) | (RoleGrant.expires_on >= clock.today())
    grants = db.session.scalars(select(RoleGrant).where(RoleGrant.user_id == user_id, in_force).order_by(RoleGrant.id))
    return Actor(
        id=user.id,
        name=user.name,
        email=user.email,
        locale=user.locale,
        grants=tuple(Grant(grant.role, grant.institution_id) for grant in grants),
        invitee_id=user.invitee_id,
        public_id=user.public_id,
    )
