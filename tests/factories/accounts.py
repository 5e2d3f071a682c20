"""People who sign in."""

from itertools import count
from typing import Any

from flask.testing import FlaskClient

from app.accounts import sessions
from app.accounts.models import RoleGrant, User
from app.core.authz import Actor, Grant, Role
from app.core.db import db
from app.directory.models import Organization
from tests.factories.directory import make_host

_numbers = count(1)
HOST_ROLES = (Role.HOST_EDITOR, Role.HOST_APPROVER)


def make_user(role: Role | str | None = None, institution: Organization | None = None, **fields: Any) -> User:
    """An active person with an address of their own; host roles get an institution if none is given."""
    number = next(_numbers)
    values: dict[str, Any] = {"email": f"person{number}@example.jp", "name": f"Person {number}", "locale": "en"}
    user = User(**{**values, **fields})
    db.session.add(user)
    db.session.flush()
    if role is not None:
        grant_role(user, role, institution)
    return user


def grant_role(user: User, role: Role | str, institution: Organization | None = None, **fields: Any) -> RoleGrant:
    """One more hat for a person."""
    role = Role(role)
    if role in HOST_ROLES and institution is None:
        institution = make_host()
    grant = RoleGrant(
        user=user, role=role, institution_id=institution.id if institution and role in HOST_ROLES else None, **fields
    )
    db.session.add(grant)
    db.session.flush()
    return grant


def actor_of(user: User) -> Actor:
    """The person as services see them."""
    return Actor(
        id=user.id,
        name=user.name,
        email=user.email,
        locale=user.locale,
        grants=tuple(Grant(grant.role, grant.institution_id) for grant in user.grants),
        invitee_id=user.invitee_id,
        public_id=user.public_id,
    )


def make_actor(role: Role | str, institution: Organization | None = None, **fields: Any) -> Actor:
    """A new person, as services see them."""
    return actor_of(make_user(role, institution, **fields))


def sign_in(client: FlaskClient, user: User) -> str:
    """Sign a person in to a test browser; returns the session's token."""
    token = sessions.open_session(user, "test browser")
    with client.session_transaction() as cookie:
        cookie["token"] = token
    return token
