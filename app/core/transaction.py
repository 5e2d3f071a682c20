"""One commit: what only reads (safe requests, marked views) never commits; all else does when answered 2xx or 3xx."""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

from flask import Flask, Response, current_app, g, request
from sqlalchemy.exc import SQLAlchemyError

from app.core.db import db, declare_intent

logger = logging.getLogger(__name__)

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
AFTER_COMMIT = "after_commit"
AFTERWARDS = "afterwards"
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


def afterwards(action: Callable[[], None]) -> None:
    """Write a note that is no change of anything once the answer of this request is made, in a transaction of its own.

    For signs of life on pages that are only read. Should it fail, the answer stands all the same.
    """
    g.setdefault(AFTERWARDS, []).append(action)


def _write_notes(_error: BaseException | None) -> None:
    actions: list[Callable[[], None]] = g.pop(AFTERWARDS, [])
    if not actions:
        return
    declare_intent(writing=True)
    rollback()
    try:
        with unit_of_work():
            for action in actions:
                action()
    except SQLAlchemyError as error:
        logger.warning("A note could not be written: %s", type(error).__name__)


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


@contextmanager
def part() -> Iterator[None]:
    """A part of the unit of work that may fail alone: what it wrote and what was to follow its commit is taken back."""
    info = db.session.info
    waiting, noted = list(info.get(AFTER_COMMIT, [])), set(info.get(DONE_ONCE, set()))
    try:
        with db.session.begin_nested():
            yield
    except BaseException:
        info[AFTER_COMMIT], info[DONE_ONCE] = waiting, noted
        raise


def init_app(app: Flask) -> None:
    @app.before_request
    def say_intent() -> None:
        declare_intent(writing=not _stores_nothing())

    @app.teardown_request
    def forget_intent(_error: BaseException | None) -> None:
        declare_intent(writing=True)  # what the request said of itself does not outlive it in this thread

    app.teardown_request(_write_notes)

    @app.after_request
    def settle(response: Response) -> Response:
        if request.method in SAFE_METHODS:
            return response
        if response.status_code < 400 and not _stores_nothing():
            commit()
        else:
            rollback()
        return response
