"""Verbs on the life of a plan: begin, return, pass on, withdraw, complete. The others have modules of their own."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from flask_babel import gettext as _

from app.applications import export_forms, indexing, queries
from app.applications.models import Application
from app.applications.vocabulary import SECTION_LABELS
from app.applications.workflow import APPLICATION
from app.calls.models import Call, Course
from app.core import audit, authz, clock
from app.core.authz import SYSTEM, Actor
from app.core.db import db
from app.core.errors import Refused, Stale, TransitionNotAllowed
from app.core.i18n import exact_moment
from app.directory.models import HostInstitution

CONTACTS = (
    "principal_name",
    "principal_department",
    "principal_email",
    "administrative_name",
    "administrative_email",
    "administrative_phone",
)
# What has a page of its own, or is fired by later stations, is not for the page of all verbs.
ELSEWHERE = frozenset({"submit", "complete"})


def begin(actor: Actor, *, call: Call, course: Course, host: HostInstitution) -> Application:
    """A plan in a round with nothing but the export-control forms of its institution, not yet stored nor written down
    in the audit log: whoever fills it does both, so that it is stored once, whole.

    Raises: Forbidden unless the actor writes plans for that institution; Refused when the round is not open or does
    not take the course.
    """
    authz.require_for_institution(actor, "application:create", host.id)
    now = clock.now()
    if not call.is_open(now):
        closing = exact_moment(call.closes_at)
        raise Refused({"course": [_("This round is not open. It closes or closed on %(closing)s.", closing=closing)]})
    if course.id not in {link.course_id for link in call.courses}:
        raise Refused({"course": [_("This course cannot be applied for in this round.")]})
    return Application(call=call, course=course, host_institution=host, safety=export_forms.of_host(host.id))


def start(
    actor: Actor, *, call: Call, course: Course, host: HostInstitution, changes: audit.Changes | None = None
) -> Application:
    """Begin an exchange plan in a round, with the contacts of the institution's last plan.

    `changes`: what else the entry in the audit log is to say.

    Raises: Forbidden unless the actor writes plans for that institution; Refused when the round is not open or does
    not take the course.
    """
    application = begin(actor, call=call, course=course, host=host)
    last = queries.last_plan_of(host.id)
    for name in CONTACTS if last is not None else ():
        setattr(application, name, getattr(last, name))
    indexing.refresh(application)
    db.session.add(application)
    audit.record(actor, "application:create", application, to_state=str(APPLICATION.initial), changes=changes)
    return application


def check_version(application: Application, version: int | None) -> None:
    """Refuse with 409 if somebody changed the plan since the reader saw it. `None` makes no claim."""
    if version is not None and version != application.version:
        raise Stale()


def send_back(
    actor: Actor,
    application: Application,
    *,
    reason: str,
    due_on: date | None,
    sections: Mapping[str, str] | None = None,
) -> None:
    """Return a plan for correction with a reason and the day until whose end (Tokyo) it may come back.

    `sections`: remarks ("" for none) on the sections to be corrected; they stay with the plan until it is returned
    again, so that the corrections can be read beside them.

    Raises: Forbidden, TransitionNotAllowed; Refused without a reason or with a day that is missing or over.
    """
    authz.require(actor, "application:return", application)
    if application.state not in APPLICATION["return"].sources:
        raise TransitionNotAllowed()
    problems: dict[str, list[Any]] = {}
    if not reason.strip():
        problems["comment"] = [_("Give a reason.")]
    if due_on is None:
        problems["due_on"] = [_("Enter the day until which the corrected plan is due.")]
    elif due_on < clock.today():
        problems["due_on"] = [_("This day is over.")]
    if problems:
        raise Refused(problems)
    application.return_due_on = due_on
    application.return_sections = {
        name: sections[name].strip() for name in SECTION_LABELS if sections is not None and name in sections
    }
    APPLICATION.fire(application, "return", actor, reason)


def transition(actor: Actor, application: Application, verb: str, *, comment: str = "") -> None:
    """Do a verb that needs no more than a remark. Raises what `Workflow.fire` raises.

    Verbs with words, pages or conditions of their own (submit, return, the decisions) are not for here.
    """
    closed = verb not in APPLICATION or APPLICATION[verb].hidden
    if closed or verb in ELSEWHERE | {"return"}:
        raise TransitionNotAllowed()
    queries.take_turn(application)
    APPLICATION.fire(application, verb, actor, comment)


def complete(application: Application) -> None:
    """The visit of the plan is completed, and so is the plan. Fired by `visits`, as the system."""
    APPLICATION.fire(application, "complete", SYSTEM)
