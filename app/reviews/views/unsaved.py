"""What was typed too late is shown once more: a phase may end between opening a page and sending it."""

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

from flask import render_template, request

from app.core.errors import TransitionNotAllowed

View = TypeVar("View", bound=Callable[..., Any])
MACHINERY = frozenset({"csrf_token", "version", "key", "save", "hand_in"})


def shows_what_was_typed(form: Callable[[dict[str, Any]], Any]) -> Callable[[View], View]:
    """Answer a verb that is no longer possible with its reason and every field that was sent.

    `form`: makes the form from the view's arguments, for the fields' labels.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def watched(**arguments: Any) -> Any:
            try:
                return view(**arguments)
            except TransitionNotAllowed as refusal:
                if request.method != "POST" or not refusal.problems:
                    raise
                page = render_template(
                    "reviews/unsaved.html", reason=refusal.problems[0], typed=_typed(form(arguments))
                )
                return page, TransitionNotAllowed.status

        return watched  # type: ignore[return-value]

    return decorate


def _typed(form: Any) -> list[tuple[str, str]]:
    """Label and text of every field that says something, as it was sent."""
    return [
        (str(field.label.text), request.form[field.name])
        for field in form
        if field.name not in MACHINERY and request.form.get(field.name)
    ]
