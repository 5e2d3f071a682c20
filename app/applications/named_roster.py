"""People of a plan from a roster's file: taken in, read with the same reader as a visit's roster, saved all or none.

Until it is saved nothing of the file is anywhere but in its row, sealed; it goes when the import ends or after
`OPEN_DAYS` without a hand on it. Passports may be missing: they are not known yet when a plan is written.
"""

from datetime import date, timedelta
from functools import partial
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from app.applications import named_keeping, naming, plan_service
from app.applications.models import Application, ParticipantRole
from app.applications.named_models import EnteredBy, PlannedPerson, PlanRoster
from app.core import audit, authz, clock
from app.core.authz import SYSTEM, Actor
from app.core.db import db
from app.core.errors import GuardsFailed, Refused, Stale, TransitionNotAllowed
from app.invitees import names, roster_reading
from app.invitees import roster_matching as matching
from app.invitees import service as invitees
from app.invitees.models import Category, Sex
from app.invitees.roster.draft import REQUIRED, RosterDraft, RosterMapping, RosterRow
from app.invitees.roster.problems import problems
from app.invitees.roster_matching import OUTCOMES, Entry, Match, told
from app.invitees.roster_model import RosterImportState
from app.invitees.roster_reading import OPEN_DAYS, Said
from app.invitees.roster_rules import rules_for

PERMISSION = "application:edit"
OPTIONAL = frozenset({"passport_number", "passport_expiry", "affiliation"})
TEXTS = ("surname", "given_names", "native_name", "katakana", "nationality", "email", "affiliation", "diet")
KEPT = ("passport_number", "passport_expires_on")

Fields = dict[str, Any]
Plan = matching.Plan[Fields, PlannedPerson]


def start(actor: Actor, application: Application, *, data: bytes, filename: str) -> PlanRoster:
    """Take a file in and read it. Earlier files of the same person for the same plan are given up.

    Raises: Forbidden; TransitionNotAllowed once the plan is handed in; Refused beside `file`.
    """
    plan_service.require_open(actor, application)
    return roster_reading.take_in(
        actor,
        data,
        filename,
        earlier=open_imports(application),
        subject=application,
        make=partial(PlanRoster, application=application),
    )


def open_imports(application: Application) -> list[PlanRoster]:
    """The files of a plan that have not come to an end, newest first."""
    query = select(PlanRoster).where(
        PlanRoster.application_id == application.id, PlanRoster.state == RosterImportState.OPEN
    )
    loaded = (joinedload(PlanRoster.stored_file), joinedload(PlanRoster.created_by))
    return list(db.session.scalars(query.options(*loaded).order_by(PlanRoster.id.desc())))


def _require_open(actor: Actor, held: PlanRoster, version: int | None = None) -> None:
    plan_service.require_open(actor, held.application)
    if held.state is not RosterImportState.OPEN:
        raise TransitionNotAllowed()
    if version is not None and version != held.version:
        raise Stale()


def choose_encoding(actor: Actor, held: PlanRoster, *, encoding: str, version: int | None = None) -> None:
    """Read the file in the encoding its user names. Raises: Forbidden, TransitionNotAllowed, Stale, Refused."""
    _require_open(actor, held, version)
    roster_reading.read_as(actor, held, encoding)


def map_columns(actor: Actor, held: PlanRoster, *, mapping: RosterMapping, version: int | None = None) -> None:
    """Say what each column of the file holds. Raises: Forbidden, TransitionNotAllowed, Stale."""
    _require_open(actor, held, version)
    roster_reading.map_columns(actor, held, mapping)


def answer(actor: Actor, held: PlanRoster, *, said: Said, version: int | None = None) -> bool:
    """Keep what the user said; whether that was new. Raises: Forbidden, TransitionNotAllowed, Stale."""
    _require_open(actor, held, version)
    return roster_reading.answer(actor, held, said)


def abandon(actor: Actor, held: PlanRoster) -> None:
    """Give a file up, also once the plan is handed in. Raises: Forbidden, TransitionNotAllowed."""
    authz.require(actor, PERMISSION, held.application)
    if held.state is not RosterImportState.OPEN:
        raise TransitionNotAllowed()
    roster_reading.end(actor, held, RosterImportState.ABANDONED, "roster:abandon")


def abandon_old() -> int:
    """Give up the files nobody has touched for `OPEN_DAYS`; returns how many. Safe to repeat."""
    query = select(PlanRoster).where(
        PlanRoster.state == RosterImportState.OPEN, PlanRoster.updated_at < clock.now() - timedelta(days=OPEN_DAYS)
    )
    left = db.session.scalars(query.options(joinedload(PlanRoster.stored_file)).order_by(PlanRoster.id)).all()
    for held in left:
        roster_reading.end(SYSTEM, held, RosterImportState.ABANDONED, "roster:abandon")
    return len(left)


def draft_of(held: PlanRoster) -> RosterDraft | None:
    """The roster as read with what was said so far; None as long as the encoding is not known."""
    plan = held.application
    named = [partner.name for partner in plan.partners]
    return roster_reading.draft_of(held, rules_for(plan.course, plan.starts_on, plan.ends_on, named, OPTIONAL))


def plan(draft: RosterDraft, application: Application) -> Plan:
    """What saving this draft would do to the people of the plan. Reads nothing."""
    entries = [_entry(row, application) for row in draft.rows]
    people = application.named
    matching.assign(entries, people, lambda e: e.index, lambda p: p.number_index)
    matching.assign(entries, people, lambda e: e.key, _key)
    matching.assign(entries, people, lambda e: matching.without_nationality(e.key), _key_without_nationality)
    made = Plan([_match(entry) for entry in entries])
    taken = {entry.found.id for entry in entries if entry.found is not None}
    made.missing = [person for person in people if person.id not in taken]
    return made


def _key(person: PlannedPerson) -> str:
    return names.match_key(person.surname, person.given_names, person.date_of_birth, person.nationality)


def _key_without_nationality(person: PlannedPerson) -> str:
    return matching.without_nationality(_key(person))


def _entry(row: RosterRow, application: Application) -> Entry[Fields, PlannedPerson]:
    fields = fields_of(row, application)
    if fields is None:
        return Entry(row, None)
    number = fields["passport_number"]
    index = invitees.passport_index(fields["nationality"], number) if number else ""
    spelled = fields["surname"], fields["given_names"]
    return Entry(row, fields, index, names.match_key(*spelled, fields["date_of_birth"], fields["nationality"]))


def fields_of(row: RosterRow, application: Application) -> Fields | None:
    """A row as the plan keeps people; None as long as something needed is missing or unreadable.

    The sending organization is the one its affiliation names, else the only one of the plan.
    """
    if any(row.value(name) in (None, "") for name in REQUIRED if name not in OPTIONAL) or row.has("error"):
        return None
    values: dict[str, Any] = row.person()
    partner = naming.partner_in(values["affiliation"] or "", application.partners)
    if partner is None and len(application.partners) == 1:
        partner = application.partners[0]
    return {
        **{name: values[name] or "" for name in TEXTS},
        "sex": Sex(values["sex"]),
        "date_of_birth": date.fromisoformat(values["date_of_birth"]),
        "category": Category(values["category"]),
        "role": ParticipantRole(values["role"]),
        "first_visit": values["first_visit"],
        "previous_visit_reason": "" if values["first_visit"] else row.reason,
        "partner": partner,
        "passport_number": values["passport_number"] or "",
        "passport_expires_on": date.fromisoformat(values["passport_expiry"]) if values["passport_expiry"] else None,
    }


def _match(entry: Entry[Fields, PlannedPerson]) -> Match[Fields, PlannedPerson]:
    row, fields, person = entry.row, entry.newcomer, entry.found
    if row.left_out:
        return Match(row, "left_out", fields, person)
    if fields is None:
        return Match(row, "open")
    if person is None:
        return Match(row, "new", fields)
    changes = tuple(_changes(person, fields))
    return Match(row, "update" if changes else "same", fields, person, changes=changes)


def _said(fields: Fields) -> Fields:
    """What the file says; an empty cell takes nothing away, but a name is one thing, a first visit has no reason."""
    whole = {name: fields[name] for name in ("surname", "given_names")}
    return {**told(fields), **whole, **({"previous_visit_reason": ""} if fields["first_visit"] else {})}


def _changes(person: PlannedPerson, fields: Fields) -> list[str]:
    said = _said(fields)
    changed = [name for name, value in said.items() if name not in KEPT and getattr(person, name) != value]
    number = said.get("passport_number")
    if number and person.number_index != invitees.passport_index(fields["nationality"], number):
        changed.append("passport_number")
    if said.get("passport_expires_on") not in (None, person.passport_expires_on):
        changed.append("passport_expiry")
    return ["sending_organization_id" if name == "partner" else name for name in changed]


def confirm(
    actor: Actor, held: PlanRoster, *, version: int | None = None, fingerprint: str | None = None
) -> dict[str, int]:
    """Put the people of the file into the plan; returns how many were new, updated, unchanged, left out, taken off.

    Nobody is taken off but those the user ticked. If the people have changed since the page was made, nothing is saved.
    Raises: Forbidden, TransitionNotAllowed, Stale, GuardsFailed with what is still open, Refused.
    """
    _require_open(actor, held, version)
    application = held.application
    with db.session.begin_nested():
        db.session.execute(select(Application.id).where(Application.id == application.id).with_for_update())
        db.session.refresh(application, ["named"])
        draft = draft_of(held)
        found = problems(draft)
        if draft is None or found:
            raise GuardsFailed(*found)
        made = plan(draft, application)
        if fingerprint is not None and fingerprint != made.fingerprint:
            raise Stale()
        counts: dict[str, int] = {name: made.count(name) for name in OUTCOMES}
        counts["taken_off"] = _take_off(application, made, roster_reading.said_of(held).take_off)
        for match in made.matches:
            if match.outcome in ("new", "update"):
                _save(actor, application, match)
        named_keeping.compare(application)
        held.result = counts
        roster_reading.end(actor, held, RosterImportState.CONFIRMED, "")
        changes: audit.Changes = {name: [None, number] for name, number in counts.items()}
        audit.record(actor, "people:import", application, changes=changes)
    return counts


def _take_off(application: Application, made: Plan, wanted: frozenset[str]) -> int:
    gone = [person for person in made.missing if person.public_id in wanted]
    for person in gone:
        application.named.remove(person)
    return len(gone)


def _save(actor: Actor, application: Application, match: Match[Fields, PlannedPerson]) -> None:
    fields = match.newcomer
    assert fields is not None
    try:
        if match.part is None:
            named_keeping.new(application, actor, EnteredBy.HOST, fields, ())
        else:
            named_keeping.keep(match.part, actor, EnteredBy.HOST, _said(fields))
    except Refused as refusal:
        # The person's name before each sentence: the form shows them all in one place.
        name = f"{fields['surname']} {fields['given_names']}".strip()
        raise Refused({"": [f"{name}: {problem}" for problem in refusal.problems]}) from refusal
