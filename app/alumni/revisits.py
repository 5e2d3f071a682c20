"""Verbs on returns to Japan (再来日): reported by the person, confirmed by the institution or by JST."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from flask_babel import gettext as _

from app.accounts import queries as accounts
from app.alumni import queries
from app.alumni.models import Alumnus, AlumnusState, Revisit, RevisitKind
from app.alumni.workflow import REVISIT
from app.core import audit, authz, clock, outbox, search
from app.core.authz import Actor, Role
from app.core.db import db, new_public_id
from app.core.errors import Refused, Stale, TransitionNotAllowed
from app.directory.models import HostInstitution

AS_TYPED = "typed"


@dataclass(frozen=True)
class Place:
    """Where somebody came back to: a known institution, or a name as typed. `offers`: who may be meant."""

    institution: HostInstitution | None
    name: str
    offers: tuple[HostInstitution, ...] = ()


def place(text: str, chosen: str = "") -> Place:
    """What a typed name of an institution means.

    The exact name (case, width and accents apart) is taken; `chosen` is the public id picked among earlier offers, or
    AS_TYPED. Where several may be meant and none was picked, `offers` is not empty: ask.
    """
    if chosen == AS_TYPED:
        return Place(None, text)
    if chosen and (picked := queries.institution(chosen)) is not None:
        return Place(picked, picked.name)
    found = queries.institutions_like(text)
    asked = search.fold(text)
    exact = [item for item in found if asked in (search.fold(item.name_ja), search.fold(item.name_en))]
    if len(exact) == 1:
        return Place(exact[0], exact[0].name)
    return Place(None, text, tuple(found))


def report(
    actor: Actor,
    alumnus: Alumnus,
    *,
    kind: RevisitKind,
    where: Place,
    starts_on: date,
    ends_on: date | None,
    note: str = "",
) -> Revisit:
    """Report a return of one's own; the institution (or JST, where it has nobody here) is asked to confirm it.

    Raises: Forbidden; TransitionNotAllowed for one who has left; Refused for days that cannot be.
    """
    authz.require(actor, "revisit:report", alumnus)
    if alumnus.state is AlumnusState.LEFT:
        raise TransitionNotAllowed()
    _check(alumnus, kind, starts_on, ends_on)
    revisit = Revisit(public_id=new_public_id(), alumnus=alumnus, invitee_id=alumnus.invitee_id)
    _fill(revisit, kind, where, starts_on, ends_on, note)
    db.session.add(revisit)
    audit.record(actor, "revisit:report", revisit, to_state=str(REVISIT.initial))
    _ask_to_confirm(revisit)
    return revisit


def change(
    actor: Actor,
    revisit: Revisit,
    *,
    kind: RevisitKind,
    where: Place,
    starts_on: date,
    ends_on: date | None,
    note: str = "",
    version: int | None = None,
) -> None:
    """Correct a reported return until somebody has decided on it. Raises: as `report`, and Stale."""
    authz.require(actor, "revisit:report", revisit)
    if version is not None and version != revisit.version:
        raise Stale()
    if not REVISIT.is_editable(revisit):
        raise TransitionNotAllowed()
    _check(revisit.alumnus, kind, starts_on, ends_on, but=revisit.id)
    before = revisit.institution_id
    _fill(revisit, kind, where, starts_on, ends_on, note)
    changes = audit.changes_of(revisit)
    if "note" in changes:
        changes["note"] = None
    if changes:
        audit.record(actor, "revisit:edit", revisit, changes=changes)
    if revisit.institution_id != before:
        _ask_to_confirm(revisit)


def _fill(revisit: Revisit, kind: RevisitKind, where: Place, starts_on: date, ends_on: date | None, note: str) -> None:
    revisit.kind, revisit.starts_on, revisit.ends_on, revisit.note = kind, starts_on, ends_on, note
    revisit.institution = where.institution
    revisit.institution_id = where.institution.id if where.institution is not None else None
    revisit.institution_name = "" if where.institution is not None else where.name


def _check(alumnus: Alumnus, kind: RevisitKind, starts_on: date, ends_on: date | None, but: int | None = None) -> None:
    """A return lies after the first visit, has begun, and is told once. Raises: Refused."""
    problems: dict[str, list[Any]] = {}
    left = queries.first_exit(alumnus.invitee_id)
    if starts_on > clock.today():
        problems["starts_on"] = [_("This day is still to come. Report the return once you are in Japan.")]
    elif left is not None and starts_on <= left:
        problems["starts_on"] = [_("A return begins after your visit with the programme.")]
    elif queries.same_return(alumnus.id, kind, starts_on, but):
        problems["starts_on"] = [_("You have already reported a return of this kind on this day.")]
    if ends_on is not None and ends_on < starts_on:
        problems["ends_on"] = [_("The last day is before the first.")]
    if problems:
        raise Refused(problems)


def _ask_to_confirm(revisit: Revisit) -> None:
    """Mail those who can confirm: the institution's staff, or the coordinators where it has none here."""
    staff = accounts.staff_of(revisit.institution_id) if revisit.institution_id is not None else []
    for user in staff or accounts.people_with(Role.COORDINATOR):
        outbox.enqueue("revisit_reported", user, subject_of=revisit, revisit=revisit, invitee=revisit.alumnus.invitee)


def transition(actor: Actor, revisit: Revisit, verb: str, comment: str = "") -> None:
    """Confirm or not. Raises what `Workflow.fire` raises."""
    REVISIT.fire(revisit, verb, actor, comment)
