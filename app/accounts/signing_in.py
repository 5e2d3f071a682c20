"""Ways in: by password, by a link by mail (alumni), by a new password (reset). Strangers learn nothing from answers.

Limits follow security contract 5.5. An unknown address gets the same answer after the same work as a known one.
"""

from datetime import timedelta

from flask_babel import gettext as _

from app.accounts import links, passwords, queries, sessions
from app.accounts.models import LinkPurpose, User, UserState
from app.core import audit, clock, limits, mail_text, outbox
from app.core.authz import SYSTEM, Actor, Role
from app.core.db import db
from app.core.errors import Refused

QUARTER, HOUR = timedelta(minutes=15), timedelta(hours=1)
NEAR = ("password-near", 5, QUARTER)  # wrong passwords for one account from one place
ACCOUNT = ("password-account", 20, HOUR)
PLACE = ("password-place", 100, HOUR)
LINK_ADDRESS = ("link-address", 3, HOUR)
LINK_PLACE = ("link-place", 10, HOUR)


def by_password(email: str, password: str, *, place: str, user_agent: str) -> str:
    """Sign in; `place` is the client's address. Returns the session's token.

    Raises: Refused with one sentence, whatever was wrong; TooMany.
    """
    user = queries.by_email(email)
    if not _is_right(user, email, password, place):
        raise Refused({"": [_("The e-mail address or the password is not right.")]})
    assert user is not None and user.password_hash is not None
    if passwords.is_outdated(user.password_hash):
        user.password_hash = passwords.hash_password(password)
    return sessions.open_session(user, user_agent, confirmed=True)


def confirm(actor: Actor, password: str, *, place: str) -> str:
    """Prove the password again within a session (step-up); returns the session's new token.

    Raises: Refused; TooMany.
    """
    user = queries.person(actor.id)
    if not _is_right(user, user.email, password, place):
        raise Refused({"password": [_("The password is not right.")]})
    assert actor.session_id is not None
    token = sessions.renew(actor.session_id, confirmed=True)
    audit.record(actor, "session:confirm", user)
    return token


def _is_right(user: User | None, email: str, password: str, place: str) -> bool:
    """Check a password under the limits: a right one forgives the wrong ones from the same place."""
    account = queries.fold_email(email)
    limits.check(ACCOUNT[0], account, *ACCOUNT[1:])
    limits.check(PLACE[0], place, *PLACE[1:])
    limits.hit(NEAR[0], f"{account}\x1f{place}", *NEAR[1:])
    right = passwords.verify(user.password_hash if user is not None else None, password)
    if right and user is not None and user.state is UserState.ACTIVE:
        limits.forget(NEAR[0], f"{account}\x1f{place}")
        return True
    limits.hit(ACCOUNT[0], account, *ACCOUNT[1:])
    limits.hit(PLACE[0], place, *PLACE[1:])
    return False


def ask_for_sign_in_link(email: str, *, place: str, browser: str, locale: str) -> None:
    """Mail a sign-in link to an alumnus or alumna; for others nothing is sent, nothing shows. Raises: TooMany."""
    user = queries.by_email(email)
    entitled = user is not None and any(
        grant.role is Role.ALUMNUS and (grant.expires_on is None or grant.expires_on >= clock.today())
        for grant in user.grants
    )
    _mail_link(LinkPurpose.SIGN_IN, email, user if entitled else None, place=place, browser=browser, locale=locale)


def ask_for_reset(email: str, *, place: str, locale: str) -> None:
    """Mail a link for a new password, if that address has an account; if not, the same answer. Raises: TooMany."""
    _mail_link(LinkPurpose.PASSWORD_RESET, email, queries.by_email(email), place=place, browser=None, locale=locale)


TEMPLATES = {LinkPurpose.SIGN_IN: "sign_in_link", LinkPurpose.PASSWORD_RESET: "password_reset"}


def _mail_link(
    purpose: LinkPurpose, email: str, user: User | None, *, place: str, browser: str | None, locale: str
) -> None:
    address = queries.fold_email(email)
    limits.hit(f"{LINK_PLACE[0]}-{purpose.value}", place, *LINK_PLACE[1:])
    limits.hit(f"{LINK_ADDRESS[0]}-{purpose.value}", address, *LINK_ADDRESS[1:])
    known = user if user is not None and user.state is UserState.ACTIVE else None
    recipient = known or Stranger(address, locale)
    link, token = links.issue(purpose, address, locale=recipient.locale, user=known, browser=browser)
    if known is not None:
        outbox.enqueue(TEMPLATES[purpose], known, subject_of=link, confidential=True, token=token)
    else:
        mail_text.render(TEMPLATES[purpose], recipient, token=token)  # the same work, and nothing comes of it
        link.used_at = clock.now()
    audit.record(SYSTEM, f"link:{purpose.value.replace('_', '-')}", link)


class Stranger:
    """A recipient without an account."""

    def __init__(self, email: str, locale: str, name: str = "") -> None:
        self.email, self.locale, self.name = email, locale, name


def by_link(token: str, *, browser: str | None, user_agent: str) -> str:
    """Sign in by a link; returns the session's token. The session wears the alumnus hat only.

    Raises: links.LinkGone; links.OtherBrowser.
    """
    link = links.spend(token, LinkPurpose.SIGN_IN, browser=browser)
    user = _active(link.user_id)
    return sessions.open_session(user, user_agent, by_link=True)


def reset_password(token: str, password: str) -> None:
    """Set a new password by a link and end every session of the person. Raises: links.LinkGone; Refused."""
    link = links.peek(token, LinkPurpose.PASSWORD_RESET)
    user = _active(link.user_id)
    refuse_weak(password, user.name, user.email)
    links.spend(token, LinkPurpose.PASSWORD_RESET)
    set_password(user, password)
    sessions.end_all_of(user)
    audit.record(sessions.as_actor(user), "user:reset-password", user, changes={"password_hash": None})


def _active(user_id: int | None) -> User:
    user = db.session.get(User, user_id) if user_id is not None else None
    if user is None or user.state is not UserState.ACTIVE:
        raise links.LinkGone(links.gone())
    return user


def refuse_weak(password: str, *context: str, field: str = "password") -> None:
    """Raises: Refused beside the field if a new password will not do."""
    if found := passwords.problems(password, context):
        raise Refused({field: found})


def set_password(user: User, password: str, *, tell: bool = True) -> None:
    """Keep a new password, let older links lapse, and tell the person by mail (contract 5.3) unless just arrived."""
    user.password_hash = passwords.hash_password(password)
    links.revoke(user, LinkPurpose.PASSWORD_RESET, LinkPurpose.SIGN_IN)
    db.session.flush()
    if tell:
        outbox.enqueue("password_changed", user, subject_of=user, changed_at=clock.now())
