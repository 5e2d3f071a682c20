"""One's own account: name, language, password."""

from flask_babel import gettext as _

from app.accounts import passwords, queries, sessions, signing_in
from app.accounts.models import User
from app.core import audit
from app.core.authz import Actor
from app.core.errors import Refused, Stale
from app.core.i18n import LANGUAGES


def me(actor: Actor) -> User:
    """The person who acts."""
    return queries.person(actor.id)


def edit(actor: Actor, *, name: str, locale: str, version: int | None) -> User:
    """Correct one's name and language of mails and pages. Raises: Stale."""
    user = me(actor)
    if version != user.version:
        raise Stale()
    user.name, user.locale = name, locale
    changes = audit.changes_of(user)
    audit.record(actor, "user:edit", user, changes=changes)
    return user


def choose_language(actor: Actor, language: str) -> None:
    """Remember the language somebody reads in."""
    user = me(actor)
    if language in LANGUAGES and user.locale != language:
        user.locale = language
        audit.record(actor, "user:edit", user, changes=audit.changes_of(user))


def change_password(actor: Actor, *, old: str, new: str, place: str) -> str:
    """Change one's password; other sessions end, this one gets a new token, which is returned.

    Who never had a password (alumni who come by link) sets one by the link for a new password instead.
    Raises: Refused; TooMany.
    """
    token = _proved(actor, old, place)
    user = me(actor)
    signing_in.refuse_weak(new, user.name, user.email, field="new")
    if passwords.composed(old) == passwords.composed(new):
        raise Refused({"new": [_("This is the password you have now.")]})
    signing_in.set_password(user, new)
    sessions.end_all_of(user, except_id=actor.session_id)
    audit.record(actor, "user:password", user, changes={"password_hash": None})
    return token


def _proved(actor: Actor, password: str, place: str) -> str:
    try:
        return signing_in.confirm(actor, password, place=place)
    except Refused:
        raise Refused({"old": [_("The password is not right.")]}) from None
