"""Where somebody is signed in: sessions in the database, known by the hash of a token, ended one by one.

Lifetimes follow security contract 5.2: JST staff 30 minutes without activity, everybody else 60; 12 hours in all.
"""

import hashlib
import secrets
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select, update

from app.accounts import queries
from app.accounts.models import User, UserSession
from app.accounts.roles import JST_ROLES
from app.core import audit, authz, clock
from app.core.authz import Actor, Grant, Role
from app.core.db import db, declare_intent, intends_to_write
from app.core.errors import NotFound

STAFF_IDLE = timedelta(minutes=30)
IDLE = timedelta(minutes=60)
ABSOLUTE = timedelta(hours=12)
TOUCH_EVERY = timedelta(minutes=5)
MOST_AT_ONCE = 5


def hash_of(token: str) -> str:
    """What the database keeps of a token."""
    return hashlib.sha256(token.encode("utf-8")).hexdigest()


def new_token() -> str:
    """256 bits nobody can guess."""
    return secrets.token_urlsafe(32)


def open_session(user: User, user_agent: str, *, by_link: bool = False, confirmed: bool = False) -> str:
    """Sign a person in; returns the token for the browser, of which only the hash is stored.

    Beyond five sessions of one person the oldest ends. `confirmed`: the password was proved just now.
    """
    token = new_token()
    now = clock.now()
    row = UserSession(
        token_hash=hash_of(token),
        user_id=user.id,
        created_at=now,
        last_seen_at=now,
        confirmed_at=now if confirmed else None,
        by_link=by_link,
        user_agent=user_agent[:200],
    )
    db.session.add(row)
    db.session.flush()
    for old in queries.open_sessions(user.id)[MOST_AT_ONCE:]:
        old.ended_at = now
    audit.record(as_actor(user), "session:open", user)
    return token


def as_actor(user: User) -> Actor:
    """The person as the audit log names them; without any hat."""
    return Actor(id=user.id, name=user.name, email=user.email, locale=user.locale, grants=(), public_id=user.public_id)


def identify(token: str, *, lenient: bool = False) -> tuple[Actor, datetime] | None:
    """Who holds that token and when last seen; None if nobody (any more). One query.

    A disabled person, an ended or outlived session and an expired role count at once. `lenient` (demonstration): only
    the twelve hours count.
    """
    rows = queries.session_with_hats(hash_of(token))
    if not rows:
        return None
    first = rows[0]
    hats = (Grant(row.role, row.institution_id) for row in rows if row.role is not None)
    grants = tuple(hat for hat in hats if not first.by_link or hat.role is Role.ALUMNUS)
    now = clock.now()
    idle = STAFF_IDLE if any(hat.role in JST_ROLES for hat in grants) else IDLE
    if now - first.created_at >= ABSOLUTE or (now - first.last_seen_at >= idle and not lenient):
        return None
    actor = Actor(
        id=first.user_id,
        name=first.name,
        email=first.email,
        locale=first.locale,
        grants=grants,
        invitee_id=first.invitee_id,
        session_id=first.session_id,
        confirmed_at=first.confirmed_at,
        public_id=first.public_id,
    )
    return actor, first.last_seen_at


def touch(session_id: int) -> None:
    """Note that a session was used: a short transaction of its own, after the request's own has ended."""
    now = clock.now()
    before = intends_to_write()
    declare_intent(writing=True)
    try:
        with db.new_session() as own, own.begin():
            own.execute(
                update(UserSession)
                .where(UserSession.id == session_id, UserSession.last_seen_at <= now - TOUCH_EVERY)
                .values(last_seen_at=now)
            )
    finally:
        declare_intent(writing=before)


def end_own(actor: Actor, public_id: str) -> None:
    """End one of one's own sessions. Raises: NotFound for those of others."""
    found = db.session.scalar(
        select(UserSession).where(
            UserSession.public_id == public_id, UserSession.user_id == actor.id, UserSession.ended_at.is_(None)
        )
    )
    if found is None:
        raise NotFound()
    found.ended_at = clock.now()
    audit.record(actor, "session:end", queries.person(actor.id))


def end_current(actor: Actor) -> None:
    """Sign out."""
    _end(UserSession.id == actor.session_id)
    audit.record(actor, "session:close", queries.person(actor.id))


def end_others(actor: Actor) -> int:
    """End all own sessions but this one; returns how many."""
    ended = _end(UserSession.user_id == actor.id, UserSession.id != actor.session_id)
    audit.record(actor, "session:end", queries.person(actor.id), changes={"sessions": [ended, 0]})
    return ended


def end_all(actor: Actor, user: User) -> int:
    """End all sessions of a person; returns how many.

    Raises: Forbidden unless the actor may end sessions of that person (security contract, row 8).
    """
    authz.require(actor, "session:end", user)
    ended = end_all_of(user)
    audit.record(actor, "session:end", user, changes={"sessions": [ended, 0]})
    return ended


def end_all_of(user: User, *, except_id: int | None = None) -> int:
    """End the sessions of a person as part of another verb, which leaves the audit entry."""
    return _end(UserSession.user_id == user.id, UserSession.id != (except_id or 0))


def _end(*conditions: Any) -> int:
    ended: Any = db.session.execute(
        update(UserSession).where(UserSession.ended_at.is_(None), *conditions).values(ended_at=clock.now())
    )
    return int(ended.rowcount)


def renew(session_id: int, *, confirmed: bool) -> str:
    """Give a session a new token (its old one is worth nothing from then on); returns the token."""
    token = new_token()
    values: dict[str, Any] = {"token_hash": hash_of(token), "last_seen_at": clock.now()}
    if confirmed:
        values["confirmed_at"] = clock.now()
    db.session.execute(update(UserSession).where(UserSession.id == session_id).values(**values))
    return token


__all__ = [
    "as_actor",
    "end_all",
    "end_all_of",
    "end_current",
    "end_others",
    "end_own",
    "hash_of",
    "identify",
    "new_token",
    "open_session",
    "renew",
    "touch",
]
