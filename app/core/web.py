"""What every view shares: who acts, the door, loading, answers to refusals, headers."""

import secrets
from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from typing import Any, TypeVar
from urllib.parse import urlsplit

from flask import Blueprint, Flask, Response, abort, current_app, flash, g, redirect, render_template, request, url_for
from flask import session as cookie
from flask_babel import gettext as _
from flask_wtf.csrf import CSRFError, CSRFProtect
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response as BaseResponse

from app.core import authz, clock, transaction
from app.core.authz import Actor
from app.core.db import db
from app.core.errors import (
    DomainError,
    Forbidden,
    GuardsFailed,
    NotFound,
    Refused,
    Stale,
    TooMany,
    TransitionNotAllowed,
)

STEP_UP_LIFETIME = timedelta(minutes=10)
PUBLIC = "public"
SIGNED_IN = "signed-in"

Answer = str | tuple[str, int] | BaseResponse
View = TypeVar("View", bound=Callable[..., Any])

csrf = CSRFProtect()

HTML_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "font-src 'self'",
        "connect-src 'self'",
        "manifest-src 'self'",
        "form-action 'self'",
        "frame-ancestors 'none'",
        "base-uri 'none'",
        "object-src 'none'",
        "require-trusted-types-for 'script'",
    )
)
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=(), browsing-topics=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Robots-Tag": "noindex",
}


def current_actor() -> Actor:
    """Who acts in this request. Only behind a door that asks for a permission or for signing in."""
    actor: Actor | None = g.get("actor")
    if actor is None:
        raise RuntimeError("current_actor() was asked behind a public door")
    return actor


def actor_or_none() -> Actor | None:
    """Who acts, or None for a stranger."""
    return g.get("actor")


def public(view: View) -> View:
    """Mark a view as open to everybody."""
    view.permission = PUBLIC  # type: ignore[attr-defined]
    return view


def _door(permission: str) -> Callable[[View], View]:
    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(*args: Any, **kwargs: Any) -> Any:
            actor = g.get("actor")
            if actor is None:
                return ask_to_sign_in()
            if permission != SIGNED_IN and not actor.may(permission):
                raise Forbidden()
            return view(*args, **kwargs)

        guarded.permission = permission  # type: ignore[attr-defined]
        return guarded  # type: ignore[return-value]

    return decorate


def permission_required(permission: str) -> Callable[[View], View]:
    """Let in only people of whom some role has the permission; objects are then loaded with `load`."""
    return _door(permission)


def signed_in(view: View) -> View:
    """Let in everybody who has signed in: one's own account, home, help."""
    return _door(SIGNED_IN)(view)


def step_up_required(view: View) -> View:
    """Ask for the password again unless it was proved within ten minutes (security contract, cells «s»)."""

    @wraps(view)
    def stepped(*args: Any, **kwargs: Any) -> Any:
        if not recently_confirmed(current_actor()):
            target = request.full_path if request.method == "GET" else (request.referrer or "/")
            return redirect(url_for("accounts.confirm", next=safe_path(urlsplit(target).path)))
        return view(*args, **kwargs)

    stepped.steps_up = True  # type: ignore[attr-defined]
    return stepped  # type: ignore[return-value]


def recently_confirmed(actor: Actor) -> bool:
    """Whether this session proved its password within the last ten minutes."""
    return actor.confirmed_at is not None and clock.now() - actor.confirmed_at < STEP_UP_LIFETIME


def ask_to_sign_in() -> Answer:
    """401 for programs, the sign-in page for people, which leads back here."""
    if request.accept_mimetypes.best == "application/json":
        abort(401)
    target = request.full_path.rstrip("?") if request.method == "GET" else "/"
    return redirect(url_for("accounts.sign_in", next=target if target != "/" else None))


def safe_path(target: str | None) -> str:
    """A path of ours to lead somebody to; anything else becomes the home page."""
    if not target or not target.startswith("/") or target.startswith(("//", "/\\")) or "\\" in target:
        return "/"
    parts = urlsplit(target)
    return "/" if parts.scheme or parts.netloc else target


def load(model: Any, public_id: str, permission: str, *options: Any) -> Any:
    """The row of that public id, if it exists for the current actor under that permission.

    Raises: NotFound, alike for ids that never were and rows that are none of the actor's business.
    """
    query = authz.visible(current_actor(), permission, model).where(model.public_id == public_id)
    found = db.session.scalars(query.options(*options)).unique().one_or_none()
    if found is None:
        raise NotFound()
    return found


def render_form(template: str, form: Any, **context: Any) -> tuple[str, int] | str:
    """The page of a form: 200 when first shown, 422 when what was sent does not fit (nothing is stored then)."""
    page = render_template(template, form=form, **context)
    return page if request.method in transaction.SAFE_METHODS else (page, 422)


def blame(form: Any, refusal: DomainError) -> None:
    """Put the problems of a refusal beside the fields they belong to, or on top of the form."""
    if not isinstance(refusal, Refused):
        form.form_errors.extend(refusal.problems or [sentence(refusal)])
        return
    for name, problems in refusal.fields.items():
        target = getattr(form, name, None) if name else None
        if target is None:
            form.form_errors.extend(problems)
        else:
            target.errors = [*target.errors, *problems]


def done(message: str, endpoint: str, **values: Any) -> BaseResponse:
    """Say what was done and lead on."""
    flash(message, "success")
    return redirect(url_for(endpoint, **values))


def sentence(error: BaseException) -> str:
    """What to tell a person about a refusal."""
    if isinstance(error, Forbidden):
        return _("Your role does not allow this.")
    if isinstance(error, NotFound):
        return _("There is no such page, or it is not open to you.")
    if isinstance(error, TransitionNotAllowed):
        return _("This is no longer possible: the record has moved on. Look at its present state.")
    if isinstance(error, Stale | StaleDataError):
        return _(
            "Somebody else changed this record meanwhile. "
            "Go back: your text is still there. Copy it, reload the page and enter it again."
        )
    if isinstance(error, GuardsFailed):
        return _("Something is still missing.")
    if isinstance(error, TooMany):
        return _("Too many tries. Please wait a while and try again.")
    return _("This could not be done.")


TITLES: dict[int, Callable[[], str]] = {
    400: lambda: _("The request could not be read"),
    401: lambda: _("Please sign in"),
    403: lambda: _("Not allowed"),
    404: lambda: _("Page not found"),
    405: lambda: _("Not possible here"),
    409: lambda: _("The record has changed"),
    413: lambda: _("The file is too large"),
    422: lambda: _("Something is missing"),
    429: lambda: _("Too many tries"),
    500: lambda: _("Something went wrong on our side"),
    503: lambda: _("Please try again in a moment"),
}


def error_page(status: int, text: str = "", problems: Any = ()) -> tuple[str, int]:
    """A refusal as a page (or JSON for programs) with its status."""
    title = TITLES.get(status, TITLES[400])()
    if request.accept_mimetypes.best == "application/json":
        return (
            current_app.json.dumps(
                {"status": status, "title": title, "detail": text, "problems": [str(item) for item in problems]}
            ),
            status,
        )
    return (
        render_template(
            "layouts/error.html",
            status=status,
            title=title,
            text=text,
            problems=problems,
            request_id=g.get("request_id", ""),
        ),
        status,
    )


def _on_domain_error(error: DomainError) -> Any:
    transaction.rollback()
    page = error_page(error.status, sentence(error), error.problems)
    if isinstance(error, TooMany):
        return current_app.make_response((*page, {"Retry-After": str(error.retry_after)}))
    return page


def _on_http_error(error: HTTPException) -> Any:
    transaction.rollback()
    status = error.code or 500
    if status < 400:
        return error
    if isinstance(error, CSRFError):
        return error_page(
            400,
            _("The page was open too long or came from elsewhere. Go back, reload it and send it again."),
        )
    text = sentence(NotFound()) if status == 404 else ""
    page, code = error_page(status, text)
    response = current_app.make_response((page, code))
    if status == 405 and getattr(error, "valid_methods", None):
        response.headers["Allow"] = ", ".join(sorted(error.valid_methods))  # type: ignore[attr-defined]
    return response


def _on_stale(error: StaleDataError) -> Any:
    transaction.rollback()
    return error_page(409, sentence(error))


def _on_unexpected(error: Exception) -> Any:
    transaction.rollback()
    current_app.logger.exception("unexpected error request_id=%s", g.get("request_id", ""))
    if current_app.testing:
        raise error
    return error_page(500, _("We have been told. Nothing of this step was stored; please try again."))


def _check_origin() -> None:
    """Second net beside the token: an unsafe request that names another origin is refused."""
    if request.method in transaction.SAFE_METHODS:
        return
    site = request.headers.get("Sec-Fetch-Site")
    origin = request.headers.get("Origin")
    foreign = site not in (None, "same-origin", "none")
    if origin and origin != "null":
        foreign = foreign or urlsplit(origin).netloc != request.host
    if foreign:
        abort(400)


def _add_headers(response: Response) -> Response:
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    response.headers.setdefault("Content-Security-Policy", HTML_POLICY)
    if request.is_secure:
        response.headers["Strict-Transport-Security"] = "max-age=31536000; includeSubDomains"
    if "Cache-Control" not in response.headers:
        personal = g.get("actor") is not None or request.method not in transaction.SAFE_METHODS
        response.headers["Cache-Control"] = "no-store, private" if personal else "no-cache"
    response.headers.add("Vary", "Cookie, Accept-Language")
    response.headers["X-Request-Id"] = g.get("request_id", "")
    return response


def set_actor_loader(app: Flask, loader: Callable[[], Actor | None]) -> None:
    """Say how to find out who acts; `accounts` does."""
    app.extensions["actor_loader"] = loader


def _identify() -> None:
    g.request_id = secrets.token_hex(8)
    g.actor = None
    if request.endpoint is None or request.endpoint == "static":
        return
    loader = current_app.extensions.get("actor_loader")
    g.actor = loader() if loader is not None else None


def init_app(app: Flask) -> None:
    """Hang the shared behaviour on the application. Order matters: identify after the transaction knows its intent."""
    app.before_request(_check_origin)
    transaction.init_app(app)
    app.before_request(_identify)
    csrf.init_app(app)
    app.after_request(_add_headers)
    app.register_error_handler(DomainError, _on_domain_error)
    app.register_error_handler(HTTPException, _on_http_error)
    app.register_error_handler(StaleDataError, _on_stale)
    app.register_error_handler(Exception, _on_unexpected)
    app.jinja_env.globals.update(actor=actor_or_none, may=may)


def may(permission: str, subject: Any = None) -> bool:
    """For templates: may the reader do this (to this row)?"""
    actor = g.get("actor")
    if actor is None:
        return False
    return bool(actor.may(permission)) if subject is None else authz.can(actor, permission, subject)


__all__ = [
    "PUBLIC",
    "SIGNED_IN",
    "Answer",
    "Blueprint",
    "actor_or_none",
    "ask_to_sign_in",
    "blame",
    "cookie",
    "csrf",
    "current_actor",
    "done",
    "error_page",
    "init_app",
    "load",
    "may",
    "permission_required",
    "public",
    "recently_confirmed",
    "render_form",
    "safe_path",
    "sentence",
    "set_actor_loader",
    "signed_in",
    "step_up_required",
]
