"""One commit: what only reads (safe requests, marked views) never commits; all else does when answered 2xx or 3xx."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

from flask import Flask, Response, current_app, request

from app.core.db import db, declare_intent

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
AFTER_COMMIT = "after_commit"
DONE_ONCE = "done_once"
View = TypeVar("View", bound=Callable[..., Any])


def only_reads(view: View) -> View:
    """Mark a view that stores nothing although it is asked with POST, because what it is asked is long.

    Its transaction takes no write lock and is rolled back, whatever it did.
    """
    view.only_reads = True  # type: ignore[attr-defined]
    return view


def _stores_nothing() -> bool:
    view = current_app.view_functions.get(request.endpoint or "")
    return request.method in SAFE_METHODS or getattr(view, "only_reads", False)


def after_commit(action: Callable[[], None]) -> None:
    """Do something once the current unit of work is safely stored; never if it is rolled back."""
    db.session.info.setdefault(AFTER_COMMIT, []).append(action)


def first_time(key: str) -> bool:
    """Whether this is asked for the first time in the current unit of work: for notes that one of is enough."""
    done: set[str] = db.session.info.setdefault(DONE_ONCE, set())
    if key in done:
        return False
    done.add(key)
    return True


def commit() -> None:
    """Store the current unit of work, then run what waits for that. Only this module calls it in the application."""
    session = db.session
    session.commit()
    session.info.pop(DONE_ONCE, None)
    for action in session.info.pop(AFTER_COMMIT, []):
        action()


def rollback() -> None:
    """Forget the current unit of work."""
    db.session.rollback()
    db.session.info.pop(DONE_ONCE, None)
    db.session.info.pop(AFTER_COMMIT, None)


@contextmanager
def unit_of_work() -> Iterator[None]:
    """The transaction of a command or a job: all of it or nothing."""
    try:
        yield
    except BaseException:
        rollback()
        raise
    commit()


def init_app(app: Flask) -> None:
    @app.before_request
    def say_intent() -> None:
        declare_intent(writing=not _stores_nothing())

    @app.teardown_request
    def forget_intent(_error: BaseException | None) -> None:
        declare_intent(writing=True)  # what the request said of itself does not outlive it in this thread

    @app.after_request
    def settle(response: Response) -> Response:
        if request.method in SAFE_METHODS:
            return response
        if response.status_code < 400 and not _stores_nothing():
            commit()
        else:
            rollback()
        return response
