"""Verbs on forms 1 and 2: an institution gives them for itself and, on its behalf, for its partners."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask_babel import gettext as _

from app.core import audit, authz, clock, events
from app.core.authz import Actor
from app.core.db import db
from app.core.errors import Refused, Stale
from app.directory.models import HostInstitution
from app.export_control import queries, validity
from app.export_control.answers import QUESTIONS
from app.export_control.events import Declared
from app.export_control.models import Declaration, FormKind
from app.export_control.parties import HOST, Party


@dataclass(frozen=True, slots=True)
class Given:
    """What a form says: its answers, who is responsible, and its day."""

    kind: FormKind
    responsible: str
    dated_on: date
    answers: Mapping[str, Any]


def declare(
    actor: Actor,
    institution: HostInstitution,
    given: Given,
    *,
    party: Party = HOST,
) -> Declaration:
    """Give a form in the place of the one in use; the same once more changes nothing.

    Raises: Forbidden unless the actor declares for that institution; Refused for a day to come, or one before that of
    the form in use.
    """
    authz.require_for_institution(actor, "declaration:edit", institution.id)
    return receive(actor, institution, given, party=party)


def receive(actor: Actor, institution: HostInstitution, given: Given, *, party: Party) -> Declaration:
    """As `declare`, for whoever's right was asked elsewhere: a partner, by the link of its host's plan."""
    now_used = queries.current(institution.id, party.key, given.kind)
    if now_used is not None and _says(now_used) == given:
        return now_used
    _check_day(given, now_used)
    if now_used is not None:
        now_used.superseded_at = clock.now()
        db.session.flush()
    made = Declaration(
        institution=institution,
        institution_id=institution.id,
        organization_id=party.organization_id,
        party=party.key,
        party_name=party.name,
        kind=given.kind,
        answers=dict(given.answers),
        responsible=given.responsible,
        dated_on=given.dated_on,
        valid_until=validity.last_day(given.dated_on),
        entered_by_id=actor.id,
        entered_by_name=actor.name,
        replaces=now_used,
    )
    db.session.add(made)
    audit.record(actor, "declaration:give", made, changes=_changes(now_used, given), comment=party.name)
    events.publish(Declared(made, actor))
    return made


def _says(declaration: Declaration) -> Given:
    return Given(declaration.kind, declaration.responsible, declaration.dated_on, dict(declaration.answers))


def _check_day(given: Given, now_used: Declaration | None) -> None:
    if given.dated_on > clock.today():
        raise Refused({"dated_on": [_("The day of the form is still to come. Enter the day it is given.")]})
    if now_used is not None and given.dated_on < now_used.dated_on:
        raise Refused({"dated_on": [_("A form of a later day is in use. Enter the day on which it is given anew.")]})


def _changes(before: Declaration | None, given: Given) -> audit.Changes:
    said = _says(before) if before is not None else None
    old = {**said.answers, "responsible": said.responsible, "dated_on": said.dated_on} if said is not None else {}
    new = {**given.answers, "responsible": given.responsible, "dated_on": given.dated_on}
    return {
        name: [audit.plain(old.get(name)), audit.plain(value)] for name, value in new.items() if old.get(name) != value
    }


def forms_of(answers: Mapping[str, Any], *, responsible: str, dated_on: date) -> list[Given]:
    """The forms a page of questions makes: form 1, and form 2 where there is no system; one person, one day.

    Raises: Refused when the pledge is needed and not given.
    """
    report = Given(FormKind.REPORT, responsible, dated_on, {name: answers[name] for name in QUESTIONS})
    if answers["has_system"] == "yes":
        return [report]
    if not answers["pledge"]:
        raise Refused({"pledge": [_("Without a system of its own the pledge (form 2) is needed too. Tick the box.")]})
    return [report, Given(FormKind.PLEDGE, responsible, dated_on, {"pledge": True})]


def check_used(institution_id: int, party: Party, seen: str) -> None:
    """Refuse with 409 if form 1 in use is another than the reader saw (`seen`: its public id, "" for none)."""
    now_used = queries.current(institution_id, party.key, FormKind.REPORT)
    if (now_used.public_id if now_used is not None else "") != seen:
        raise Stale()
