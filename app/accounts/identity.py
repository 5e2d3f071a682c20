"""The browser's side of a session: which token it brings, which one it gets, and when it was last seen."""

import logging

from flask import Flask, current_app, g, request
from flask import session as cookie
from sqlalchemy.exc import SQLAlchemyError

from app.accounts import passwords, sessions
from app.core import clock, i18n, web
from app.core.authz import Actor

logger = logging.getLogger(__name__)

TOKEN = "token"
LINK = "link"  # the token of a link by mail between its address and the page behind it
BROWSER = "browser"  # what binds a sign-in link to the browser that asked for it
_SEEN = "session_to_touch"


def who() -> Actor | None:
    """Who acts in this request: asked once by the kernel."""
    token = cookie.get(TOKEN)
    if not isinstance(token, str):
        return None
    found = sessions.identify(token, lenient=current_app.config["DEMO"])
    if found is None:
        return None
    actor, last_seen_at = found
    if clock.now() - last_seen_at >= sessions.TOUCH_EVERY:
        setattr(g, _SEEN, actor.session_id)
    return actor


def enter(token: str) -> None:
    """Put a fresh session into the browser; of the old cookie only the chosen language stays."""
    _empty_cookie()
    cookie[TOKEN] = token


def keep(token: str) -> None:
    """Put the new token of the same session into the browser."""
    cookie[TOKEN] = token


def leave() -> None:
    """Empty the browser's cookie but for the chosen language."""
    _empty_cookie()


def _empty_cookie() -> None:
    language = cookie.get(i18n.SESSION_KEY)
    cookie.clear()
    if language is not None:
        cookie[i18n.SESSION_KEY] = language


def is_no_use() -> None:
    """Say that the page itself sent the present request, not its reader: it does not keep the session alive."""
    g.pop(_SEEN, None)


def place() -> str:
    """Where a request comes from, for limits: the client's address."""
    return request.remote_addr or "unknown"


def user_agent() -> str:
    """The browser as it names itself, for the list of sessions."""
    return request.user_agent.string[:200]


def _note_use(_error: BaseException | None) -> None:
    """After the request's own transaction: note that the session is alive, at most every five minutes."""
    session_id: int | None = g.pop(_SEEN, None)
    if session_id is None:
        return
    try:
        sessions.touch(session_id)
    except SQLAlchemyError as error:  # a busy database must not spoil an answer that is already made
        logger.warning("The use of a session could not be noted: %s", type(error).__name__)


def init_app(app: Flask) -> None:
    """Tell the kernel how to find out who acts."""
    passwords.configure(app.config["ARGON2_MEMORY_KIB"])
    web.set_actor_loader(app, who)
    app.teardown_request(_note_use)
