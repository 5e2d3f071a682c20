"""Verbs on the people of a plan by name: the host adds, changes, removes, answers, and reads a passport number.

Each person has a version of its own: colleagues who work on other parts of the plan, or on other people, are not
disturbed. The partner's verbs are in `partner_people`, the file's in `named_roster`.
"""

from typing import Any

from flask_babel import gettext as _

from app.applications import named_counts, named_keeping, plan_service
from app.applications.models import Application
from app.applications.named_models import EnteredBy, PlannedPerson
from app.core import audit, authz
from app.core.authz import Actor
from app.core.db import db
from app.core.errors import NotFound, Refused, Stale

PERMISSION = "application:edit"
LONGEST_REASON = 300


def _check_version(person: PlannedPerson, version: int | None) -> None:
    if version is not None and version != person.version:
        raise Stale()


def add(actor: Actor, application: Application, **fields: Any) -> PlannedPerson:
    """Name a person. `fields` are those of `named_keeping.FIELDS` and `passport_number`.

    Raises: Forbidden, TransitionNotAllowed (plan handed in or too late), Refused by field.
    """
    plan_service.require_open(actor, application)
    person = named_keeping.new(application, actor, EnteredBy.HOST, fields, application.named)
    named_keeping.compare(application)
    named_keeping.note(actor, "people:add", application, [person])
    return person


def change(actor: Actor, person: PlannedPerson, *, version: int | None = None, **fields: Any) -> None:
    """Change what is said of a person. Raises: as `add`, and Stale."""
    plan_service.require_open(actor, person.application)
    _check_version(person, version)
    changed = named_keeping.keep(person, actor, EnteredBy.HOST, fields)
    if changed:
        named_keeping.compare(person.application)
        named_keeping.note(actor, "people:change", person.application, [person], *changed)


def remove(actor: Actor, person: PlannedPerson) -> None:
    """Take a person out of the plan, with all that is kept. Raises: Forbidden, TransitionNotAllowed."""
    application = person.application
    plan_service.require_open(actor, application)
    named_keeping.note(actor, "people:remove", application, [person])
    application.named.remove(person)
    db.session.flush()


def answer_match(
    actor: Actor, person: PlannedPerson, *, is_same: bool, reason: str, version: int | None = None
) -> None:
    """Say whether this is somebody who was invited before, and how that is known.

    Whoever was, does not come for the first time: the reason then stands for inviting them again.
    Raises: Forbidden, TransitionNotAllowed, Stale; Refused without a reason, or where nothing was asked.
    """
    plan_service.require_open(actor, person.application)
    _check_version(person, version)
    if not person.possible_match:
        raise Refused({"": [_("There is nothing to confirm for this person.")]})
    if not reason.strip():
        raise Refused({"reason": [_("Give a reason.")]})
    person.invited_before, person.match_reason = is_same, reason.strip()[:LONGEST_REASON]
    if is_same:
        person.first_visit = False
        person.previous_visit_reason = person.previous_visit_reason or person.match_reason
    changes: audit.Changes = {"person": [None, person.public_id], "invited_before": [None, is_same]}
    audit.record(actor, "people:confirm", person.application, comment=person.match_reason, changes=changes)


def take_numbers(actor: Actor, application: Application, *, version: int | None = None) -> None:
    """Let the numbers of the plan be those of the people named. Raises: as `plan_service.save_people`; Refused where
    nobody is named."""
    rows = named_counts.as_numbers(application)
    if not rows:
        raise Refused({"": [_("Nobody is named yet.")]})
    plan_service.save_people(actor, application, rows, version=version)


def reveal_number(actor: Actor, person: PlannedPerson, *, reason: str) -> str:
    """A passport number in full; the reading and its reason go into the audit.

    Raises: Forbidden; NotFound where none is kept. The step-up is the view's duty.
    """
    authz.require(actor, "passport:reveal", person)
    number = named_keeping.opened(person)
    if not number:
        raise NotFound()
    audit.record(actor, "passport:reveal", person, comment=reason)
    return number
