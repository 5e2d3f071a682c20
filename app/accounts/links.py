"""Links by mail: 256 bits, kept hashed, good once and for a short while, each for one door only (contract 5.2).

Used exactly once: one conditional UPDATE decides, also between requests of the same instant.
"""

import hashlib
from datetime import datetime, timedelta
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select, update

from app.accounts.models import LinkPurpose, MailLink, User
from app.accounts.sessions import new_token
from app.core import clock
from app.core.db import db
from app.core.errors import DomainError

LIVES = {
    LinkPurpose.SIGN_IN: timedelta(minutes=10),
    LinkPurpose.PASSWORD_RESET: timedelta(minutes=60),
    LinkPurpose.INVITATION: timedelta(hours=48),
}


class LinkGone(DomainError):
    """The link was used, is too old, was withdrawn, or never was: all answered alike."""

    status = 410


class OtherBrowser(DomainError):
    """The link was asked for in another browser; it stays good there."""

    status = 403


def hash_of(purpose: LinkPurpose, token: str) -> str:
    """What the database keeps of a link: another value for each purpose."""
    return hashlib.sha256(f"{purpose.value}\x1f{token}".encode()).hexdigest()


def browser_hash(browser: str) -> str:
    """What the database keeps of the browser a link was asked for in."""
    return hashlib.sha256(f"browser\x1f{browser}".encode()).hexdigest()


def issue(
    purpose: LinkPurpose,
    email: str,
    *,
    locale: str,
    user: User | None = None,
    browser: str | None = None,
    **invitation: Any,
) -> tuple[MailLink, str]:
    """Make a link; returns its row and the token for the mail. With `browser` it opens in that browser only.

    `invitation`: role, institution_id and invited_by_id of an invitation. Flushes; the caller leaves the audit entry.
    """
    token = new_token()
    link = MailLink(
        token_hash=hash_of(purpose, token),
        purpose=purpose,
        email=email,
        locale=locale,
        user_id=user.id if user is not None else None,
        expires_at=clock.now() + LIVES[purpose],
        browser_hash=browser_hash(browser) if browser is not None else None,
        **invitation,
    )
    db.session.add(link)
    db.session.flush()
    return link, token


def find(token: str) -> MailLink | None:
    """The link of that token if it is still good, whatever its purpose; changes nothing."""
    hashes = [hash_of(purpose, token) for purpose in LinkPurpose]
    return db.session.scalar(select(MailLink).where(MailLink.token_hash.in_(hashes), *_good(clock.now())))


def peek(token: str, purpose: LinkPurpose) -> MailLink:
    """The link of that token and purpose, still good; changes nothing. Raises: LinkGone."""
    link = db.session.scalar(
        select(MailLink).where(MailLink.token_hash == hash_of(purpose, token), *_good(clock.now()))
    )
    if link is None:
        raise LinkGone(gone())
    return link


def spend(token: str, purpose: LinkPurpose, *, browser: str | None = None) -> MailLink:
    """Use a link, once. Raises: LinkGone; OtherBrowser, which leaves it good for the browser it was asked for in."""
    link = peek(token, purpose)
    if link.browser_hash is not None and (browser is None or browser_hash(browser) != link.browser_hash):
        raise OtherBrowser()
    now = clock.now()
    used: Any = db.session.execute(
        update(MailLink)
        .where(MailLink.id == link.id, *_good(now))
        .values(used_at=now)
        .execution_options(synchronize_session=False)
    )
    if used.rowcount != 1:
        raise LinkGone(gone())
    db.session.refresh(link)
    return link


def revoke(user: User, *purposes: LinkPurpose) -> None:
    """Let the open links of a person lapse, e.g. once the password has changed."""
    now = clock.now()
    db.session.execute(
        update(MailLink)
        .where(MailLink.user_id == user.id, MailLink.purpose.in_(purposes), *_good(now))
        .values(expires_at=now)
        .execution_options(synchronize_session=False)
    )


def gone() -> str:
    """What to tell the reader of a link that is no longer good."""
    return _("This link has been used already or has expired.")


def _good(now: datetime) -> tuple[Any, ...]:
    return MailLink.used_at.is_(None), MailLink.expires_at > now
