"""A read roster becomes the people of a visit: all of them or none, in one transaction."""

from typing import Any

from app.core import audit, authz, events
from app.core.authz import Actor
from app.core.db import db, new_public_id
from app.core.errors import GuardsFailed, Refused, Stale, TransitionNotAllowed
from app.invitees import service as invitees
from app.invitees.models import Invitee
from app.invitees.roster.problems import problems
from app.invitees.roster_matching import OUTCOMES, told_of_part, told_of_person
from app.visits import people_service, roster_queries, roster_service
from app.visits.events import RosterChanged
from app.visits.models import Participation, RosterImport, RosterImportState, Visit
from app.visits.people_service import Newcomer
from app.visits.roster_matching import Match, Plan, plan
from app.visits.service import check_version, require_editable


def confirm(
    actor: Actor, roster_import: RosterImport, *, version: int | None = None, fingerprint: str | None = None
) -> dict[str, int]:
    """Put the people of the file on the visit's roster; returns how many were new, updated, unchanged, left out.

    Nobody is taken off but those the user ticked. `fingerprint` is that of the plan the user saw: if the roster has
    moved on since, nothing is saved. Afterwards the file and all that was read from it are deleted.

    Raises: Forbidden; TransitionNotAllowed (import ended, visit over); Stale; GuardsFailed with what is still open;
    Refused where a person's data cannot be kept.
    """
    visit = roster_import.visit
    require_editable(actor, visit, roster_service.PERMISSION)
    authz.require(actor, roster_service.PERMISSION, roster_import)
    if roster_import.state is not RosterImportState.OPEN:
        raise TransitionNotAllowed()
    check_version(roster_import, version)
    # All or nothing, also within this request: the page that tells why it failed must not show half of it.
    with db.session.begin_nested():
        counts = _confirm(actor, roster_import, fingerprint)
        roster_service.finish(actor, roster_import, counts)
        audit.record(actor, "roster:import", visit, changes={name: [None, number] for name, number in counts.items()})
        events.publish(RosterChanged(visit, actor))
    return counts


def _confirm(actor: Actor, roster_import: RosterImport, fingerprint: str | None) -> dict[str, int]:
    visit = roster_import.visit
    roster_queries.lock(visit)
    db.session.refresh(visit, ["participations"])
    draft = roster_service.draft_of(roster_import)
    found = problems(draft)
    if draft is None or found:
        raise GuardsFailed(*found)
    made = plan(draft, visit)
    if fingerprint is not None and fingerprint != made.fingerprint:
        raise Stale()
    counts: dict[str, int] = {name: made.count(name) for name in OUTCOMES}
    counts["taken_off"] = _take_off(actor, made, roster_service.said_of(roster_import).take_off)
    _put_on(actor, visit, made)
    return counts


def _take_off(actor: Actor, made: Plan, wanted: frozenset[str]) -> int:
    gone = [part for part in made.missing if part.public_id in wanted]
    for part in gone:
        people_service.remove(actor, part)
    made.missing = [part for part in made.missing if part not in gone]
    return len(gone)


def _put_on(actor: Actor, visit: Visit, made: Plan) -> None:
    """Save each person; the roster then stands in the order of the file, whoever is not in it behind."""
    position = 0
    for match in made.matches:
        part = match.part
        if match.outcome in ("new", "update", "same"):
            part = save(actor, visit, match)
        if part is not None:
            position += 1
            part.position = position
    for part in made.missing:
        position += 1
        part.position = position
    db.session.flush()


def save(actor: Actor, visit: Visit, match: Match) -> Participation:
    """Put the person of a row on the roster, or change what stands there. Raises: Forbidden; Refused by name."""
    newcomer, part = match.newcomer, match.part
    assert newcomer is not None
    if match.outcome == "same":
        assert part is not None
        return part
    try:
        invitee = _save_person(actor, visit, match.invitee, newcomer)
    except Refused as refusal:
        # The person's name before each sentence: the form shows them all in one place.
        name = f"{newcomer.person['surname']} {newcomer.person['given_names']}".strip()
        raise Refused({"": [f"{name}: {problem}" for problem in refusal.problems]}) from refusal
    if part is None:
        part = Participation(public_id=new_public_id(), visit=visit, invitee=invitee)
        db.session.add(part)
    for name, value in told_of_part(newcomer.part).items():
        setattr(part, name, value)
    changes = audit.changes_of(part, secret=("diet",)) if match.part is not None else {}
    db.session.flush()
    if changes:
        audit.record(actor, "roster:change", part, changes=changes)
    invitees.remember_part(invitee, category=part.category, affiliation=part.affiliation, fiscal_year=visit.fiscal_year)
    return part


def _save_person(actor: Actor, visit: Visit, invitee: Invitee | None, newcomer: Newcomer) -> Invitee:
    """The person in the books with what the roster says; what it does not say stays as it was."""
    said: dict[str, Any] = newcomer.person
    if invitee is None:
        invitee = invitees.create(actor, institution_id=visit.host_institution_id, **said)
    else:
        invitees.known_to(invitee, visit.host_institution_id)
        invitees.update(actor, invitee, **told_of_person(said))
    number, expires_on = newcomer.passport_number, newcomer.passport_expires_on
    if number:
        invitees.write_passport(actor, invitee, number=number, expires_on=expires_on)
    return invitee
