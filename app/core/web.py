"""What every view shares: who acts, the door, loading, forms and where they lead."""

import secrets
from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from typing import Any, TypeVar
from urllib.parse import urlsplit

from flask import Blueprint, Flask, abort, current_app, flash, g, redirect, render_template, request, url_for
from flask import session as cookie
from flask_wtf.csrf import CSRFProtect
from werkzeug.wrappers import Response as BaseResponse

from app.core import authz, carrying, clock, headers, refusals, transaction
from app.core.authz import Actor
from app.core.db import db
from app.core.errors import DomainError, Forbidden, NotFound, Refused
from app.core.refusals import error_page, sentence

STEP_UP_LIFETIME = timedelta(minutes=10)
PUBLIC = "public"
SIGNED_IN = "signed-in"

Answer = str | tuple[str | BaseResponse, int] | BaseResponse
View = TypeVar("View", bound=Callable[..., Any])

csrf = CSRFProtect()


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
            return redirect(url_for("accounts.confirm", next=_back_here()))
        return view(*args, **kwargs)

    stepped.steps_up = True  # type: ignore[attr-defined]
    return stepped  # type: ignore[return-value]


def recently_confirmed(actor: Actor) -> bool:
    """Whether this session proved its password within the last ten minutes."""
    return actor.confirmed_at is not None and clock.now() - actor.confirmed_at < STEP_UP_LIFETIME


def _back_here() -> str:
    """Where to go on once the password is proved: this page, or the page of the form that was sent, filled again."""
    if request.method == "GET":
        return safe_path(urlsplit(request.full_path).path)
    kept = carrying.keep() if carrying.is_senders() else None
    return safe_path(kept or urlsplit(request.referrer or "/").path)


def ask_to_sign_in() -> Answer:
    """401 for programs, the sign-in page for people, which leads back here, with what was typed."""
    if request.accept_mimetypes.best == "application/json" or request.is_json:
        abort(401)
    if request.method == "GET":
        target = request.full_path.rstrip("?")
        return redirect(url_for("accounts.sign_in", next=target if target != "/" else None))
    return refusals.sign_in_and_go_on() or redirect(url_for("accounts.sign_in", next=_referrer()))


def _referrer() -> str | None:
    """The page of ours from which a request came."""
    parts = urlsplit(request.referrer or "")
    return safe_path(parts.path) if parts.netloc == request.host else None


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
    headers.init_app(app)
    transaction.init_app(app)
    app.before_request(_identify)
    csrf.init_app(app)
    carrying.init_app(app)
    refusals.init_app(app)
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
