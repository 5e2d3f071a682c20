"""Who the people of a file are: on this visit already, known to the host from another visit, or new to it.

What a host may learn by this. A host sees who of the file is on its own roster and whom it knows from its own other
visits, never whether somebody was a guest of another institution: such a person counts as new on every page, exactly
like somebody nobody knows. The books hold each person once, so when the roster is saved a person of other hosts is
linked instead of made again, but only if passport (with nationality), name and date of birth agree all together.
Whoever states all of these knows the person. If only some agree, a new person is made and nothing is said; whether
two entries are one person is then for JST to find out, who may see both.
"""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from app.applications import naming
from app.applications.models import ApplicationPartner, ParticipantRole
from app.invitees import names
from app.invitees import queries as persons
from app.invitees import roster_matching as matching
from app.invitees import service as invitees
from app.invitees.models import Category, Invitee, Sex
from app.invitees.roster.draft import REQUIRED, RosterDraft, RosterRow
from app.invitees.roster_matching import assign, told_of_part, told_of_person, without_nationality
from app.visits.models import Participation, Visit
from app.visits.people_service import Newcomer

Match = matching.Match[Newcomer, Participation]
Plan = matching.Plan[Newcomer, Participation]
Entry = matching.Entry[Newcomer, Invitee]


def plan(draft: RosterDraft, visit: Visit) -> Plan:
    """What saving this draft would do to the roster of the visit. Reads only; two queries whatever the size."""
    return plan_of([(row, newcomer_of(row, visit.application.partners)) for row in draft.rows], visit)


def plan_of(rows: Iterable[tuple[RosterRow, Newcomer | None]], visit: Visit) -> Plan:
    """The same of rows with the people they are, wherever these come from."""
    entries = [_entry(row, newcomer) for row, newcomer in rows]
    parts = {part.invitee_id: part for part in visit.participations}
    found = persons.candidates({e.index for e in entries if e.index}, {e.key for e in entries if e.key})
    _find_people(entries, visit, found)
    made = Plan([_match(entry, parts, visit) for entry in entries])
    named = {entry.found.id for entry in entries if entry.found is not None}
    made.missing = [part for part in visit.participations if part.invitee_id not in named]
    return made


def _find_people(entries: list[Entry], visit: Visit, found: Sequence[Invitee]) -> None:
    """Give each row its person: the surest signs first, so that a name never takes a person a passport names."""
    host = visit.host_institution_id
    on_visit = [part.invitee for part in visit.participations]
    others = [person for person in found if all(known.institution_id != host for known in person.hosts)]
    theirs = [person for person in found if person not in others]
    for pool, of_entry, of_person in (
        (on_visit, lambda e: e.index, _index),
        (on_visit, lambda e: e.key, lambda p: p.match_key),
        (on_visit, lambda e: without_nationality(e.key), lambda p: without_nationality(p.match_key)),
        (theirs, lambda e: e.index, _index),
        (theirs, lambda e: e.key, lambda p: p.match_key),
        (others, lambda e: e.index and (e.index, e.key), lambda p: _index(p) and (_index(p), p.match_key)),
    ):
        assign(entries, pool, of_entry, of_person)


def _index(person: Invitee) -> str:
    return person.passport.number_index if person.passport is not None else ""


def _entry(row: RosterRow, newcomer: Newcomer | None) -> Entry:
    if newcomer is None:
        return Entry(row, None)
    person, number = newcomer.person, newcomer.passport_number
    return Entry(
        row,
        newcomer,
        invitees.passport_index(person["nationality"], number) if number else "",
        names.match_key(person["surname"], person["given_names"], person["date_of_birth"], person["nationality"]),
    )


def newcomer_of(
    row: RosterRow, partners: Iterable[ApplicationPartner] = (), *, optional: frozenset[str] = frozenset()
) -> Newcomer | None:
    """The person of a row as the roster takes people; None as long as something needed is missing or unreadable.

    `optional`: what a person may be without, besides the affiliation.
    """
    needed = set(REQUIRED) - {"affiliation"} - optional
    if any(row.value(name) in (None, "") for name in needed) or row.has("error"):
        return None
    values: dict[str, Any] = row.person()
    affiliation = values["affiliation"] or ""
    return Newcomer(
        person={
            **{name: values[name] for name in ("surname", "given_names", "native_name", "katakana", "nationality")},
            "sex": Sex(values["sex"]),
            "date_of_birth": date.fromisoformat(values["date_of_birth"]),
            "email": values["email"] or "",
        },
        part={
            "role": ParticipantRole(values["role"]),
            "category": Category(values["category"]),
            "affiliation": affiliation,
            "sending_organization_id": _organization(affiliation, partners),
            "first_visit": values["first_visit"],
            "previous_visit_reason": "" if values["first_visit"] else row.reason,
            "diet": values["diet"],
        },
        passport_number=values["passport_number"] or "",
        passport_expires_on=date.fromisoformat(values["passport_expiry"]) if values["passport_expiry"] else None,
    )


def _organization(affiliation: str, partners: Iterable[ApplicationPartner]) -> int | None:
    """The sending organization of the plan that an affiliation names: by one of its names, alone or inside the text."""
    named = naming.partner_in(affiliation, [partner for partner in partners if partner.organization is not None])
    return named.organization_id if named is not None else None


def _match(entry: Entry, parts: dict[int, Participation], visit: Visit) -> Match:
    row, invitee = entry.row, entry.found
    part = parts.get(invitee.id) if invitee is not None else None
    if row.left_out:
        return Match(row, "left_out", entry.newcomer, part, invitee)
    if entry.newcomer is None:
        return Match(row, "open")
    if part is not None:
        changes = tuple(_changes(part, entry.newcomer))
        return Match(row, "update" if changes else "same", entry.newcomer, part, invitee, changes)
    is_known = invitee is not None and any(known.institution_id == visit.host_institution_id for known in invitee.hosts)
    return Match(row, "new", entry.newcomer, None, invitee, is_known=is_known)


def _changes(part: Participation, newcomer: Newcomer) -> list[str]:
    person, passport = part.invitee, part.invitee.passport
    changed = [name for name, value in told_of_person(newcomer.person).items() if getattr(person, name) != value]
    changed += [name for name, value in told_of_part(newcomer.part).items() if getattr(part, name) != value]
    if not newcomer.passport_number:
        return changed
    index = invitees.passport_index(newcomer.person["nationality"], newcomer.passport_number)
    if passport is None or ("nationality" not in changed and passport.number_index != index):
        changed.append("passport_number")
    if passport is None or passport.expires_on != newcomer.passport_expires_on:
        changed.append("passport_expiry")
    return changed
