"""What people are told when something is refused or breaks: a sentence, a page with its status, JSON for programs."""

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from flask import Flask, Response, current_app, flash, g, jsonify, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_wtf.csrf import CSRFError
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.exceptions import HTTPException

from app.core import carrying, transaction
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

View = TypeVar("View", bound=Callable[..., Any])


def answers_json(view: View) -> View:
    """Mark a view made for programs: whatever is refused there is told in JSON."""
    view.answers_json = True  # type: ignore[attr-defined]
    return view


def wants_json() -> bool:
    """Whether a program asks: it says so, it sends JSON, or the address is made for programs."""
    view = current_app.view_functions.get(request.endpoint or "")
    said = request.accept_mimetypes.best == "application/json" or request.is_json
    return said or getattr(view, "answers_json", False)


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
    415: lambda: _("Send this as JSON"),
    422: lambda: _("Something is missing"),
    429: lambda: _("Too many tries"),
    500: lambda: _("Something went wrong on our side"),
    503: lambda: _("Please try again in a moment"),
}


def error_page(
    status: int, text: str = "", problems: Any = (), fields: Mapping[str, Any] | None = None
) -> tuple[str | Response, int]:
    """A refusal as a page (or JSON for programs, with the problems by `fields` if these are known) with its status."""
    title = TITLES.get(status, TITLES[400])()
    if wants_json():
        told = {"status": status, "title": title, "detail": text, "problems": [str(item) for item in problems]}
        named = {name: [str(item) for item in found] for name, found in (fields or {}).items()}
        return jsonify(told | ({"fields": named} if named else {})), status
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
    fields = error.fields if isinstance(error, Refused) else None
    page = error_page(error.status, sentence(error), error.problems, fields)
    if isinstance(error, TooMany):
        return current_app.make_response((*page, {"Retry-After": str(error.retry_after)}))
    return page


def _on_http_error(error: HTTPException) -> Any:
    transaction.rollback()
    status = error.code or 500
    if status < 400:
        return error
    if isinstance(error, CSRFError):
        return _on_lost_token() or error_page(
            400,
            _("The page was open too long or came from elsewhere. Go back, reload it and send it again."),
        )
    text = sentence(NotFound()) if status == 404 else ""
    page, code = error_page(status, text)
    response = current_app.make_response((page, code))
    if status == 405 and getattr(error, "valid_methods", None):
        response.headers["Allow"] = ", ".join(sorted(error.valid_methods))  # type: ignore[attr-defined]
    return response


def sign_in_and_go_on() -> Any:
    """The way to sign in that leads back to the form of this request with what was typed; None if nothing was kept."""
    target = carrying.keep()
    if target is None:
        return None
    flash(_("Your session has ended. Sign in to go on: what you typed is kept for you and will be there."), "notice")
    return redirect(url_for("accounts.sign_in", next=target))


def _on_lost_token() -> Any:
    """A form whose page belongs to an earlier session: back to it, filled, for whoever it was shown to."""
    if g.get("actor") is None:
        return sign_in_and_go_on()
    target = carrying.keep() if carrying.is_senders() else None
    return redirect(target) if target is not None else None


def _on_stale(error: StaleDataError) -> Any:
    transaction.rollback()
    return error_page(409, sentence(error))


def _on_unexpected(error: Exception) -> Any:
    transaction.rollback()
    current_app.logger.exception("unexpected error request_id=%s", g.get("request_id", ""))
    if current_app.testing:
        raise error
    return error_page(500, _("We have been told. Nothing of this step was stored; please try again."))


def init_app(app: Flask) -> None:
    """Answer every refusal and every fault with a page of ours; what was begun is rolled back first."""
    app.register_error_handler(DomainError, _on_domain_error)
    app.register_error_handler(HTTPException, _on_http_error)
    app.register_error_handler(StaleDataError, _on_stale)
    app.register_error_handler(Exception, _on_unexpected)
