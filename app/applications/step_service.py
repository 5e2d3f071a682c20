"""Verbs on the steps of a plan: done, not done after all, open and close their calendar."""

import secrets

from flask_babel import gettext as _

from app.applications import step_queries, steps
from app.applications.models import Application
from app.applications.step_model import ApplicationCalendar, ApplicationStepDone
from app.core import audit, authz, crypto
from app.core.authz import Actor
from app.core.db import db
from app.core.errors import Refused, TransitionNotAllowed


def mark(actor: Actor, application: Application, code: str, *, is_done: bool) -> None:
    """Say that a step is done, or that it is not after all; saying so twice changes nothing.

    Possible in every state but declined and withdrawn: the steps of a plan outlast its submission.
    Raises: Forbidden, TransitionNotAllowed; Refused for a step the plan does not have or that the plan itself proves.
    """
    authz.require(actor, "application:edit", application)
    if steps.is_ended(application):
        raise TransitionNotAllowed()
    step = next((step for step in steps.of(application).steps if step.code == code), None)
    if step is None:
        raise Refused({"": [_("This plan has no such step.")]})
    if not step.is_ticked_by_hand:
        raise Refused({"": [_("This step is done by itself once the plan shows it.")]})
    held = step_queries.tick_of(application, code)
    if (held is not None) is is_done:
        return
    if held is None:
        db.session.add(
            ApplicationStepDone(application=application, code=code, done_by_id=actor.id, done_by_name=actor.name)
        )
    else:
        db.session.delete(held)
    verb = "application:step-done" if is_done else "application:step-open"
    audit.record(actor, verb, application, comment=step.title, changes={code: [not is_done, is_done]})


def open_calendar(actor: Actor, application: Application) -> str:
    """A new secret address for the calendar of a plan's steps; the former one stops working. The token, only once."""
    authz.require(actor, "application:edit", application)
    token = secrets.token_urlsafe(32)
    held = step_queries.calendar_of(application)
    if held is None:
        db.session.add(ApplicationCalendar(application=application, token_hash=crypto.token_hash(token)))
    else:
        held.token_hash = crypto.token_hash(token)
    audit.record(actor, "application:open-calendar", application)
    return token


def close_calendar(actor: Actor, application: Application) -> None:
    """Let the calendar's address stop working."""
    authz.require(actor, "application:edit", application)
    held = step_queries.calendar_of(application)
    if held is not None:
        db.session.delete(held)
    audit.record(actor, "application:close-calendar", application)
