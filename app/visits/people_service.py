"""Verbs on the people of a visit. Persons and passports are written by `invitees.service` alone."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask_babel import gettext as _

from app.applications.models import ParticipantRole
from app.core import audit, authz, clock, events
from app.core.authz import Actor
from app.core.db import db, new_public_id
from app.core.errors import Refused, TransitionNotAllowed
from app.invitees import names
from app.invitees import queries as persons
from app.invitees import service as invitees
from app.invitees.models import Category, Invitee
from app.visits import queries
from app.visits.events import RosterChanged
from app.visits.models import Participation, Visit, VisitState
from app.visits.service import check_version, require_editable

PERMISSION = "invitee:edit"
MOST_ALONE = 50  # passport numbers one coordinator may take out at once
PERSON = ("surname", "given_names", "native_name", "katakana", "sex", "date_of_birth", "nationality", "email")
PART = (
    "role",
    "category",
    "affiliation",
    "sending_organization_id",
    "first_visit",
    "previous_visit_reason",
    "diet",
    "guardian_consent_on",
)


@dataclass(frozen=True)
class Newcomer:
    """A person as entered for a roster: columns of `Invitee` (PERSON), of `Participation` (PART), and the passport."""

    person: dict[str, Any]
    part: dict[str, Any]
    passport_number: str = ""
    passport_expires_on: date | None = None


def add(actor: Actor, visit: Visit, newcomer: Newcomer) -> Participation:
    """Put a person on the roster. Somebody known by passport, or by name, birth and nationality, is not made twice.

    Raises: Forbidden; TransitionNotAllowed once the visit is over; Refused by field, also where the person is on the
    roster already.
    """
    require_editable(actor, visit, PERMISSION)
    _check(newcomer)
    invitee = find(visit, newcomer)
    if invitee is not None and queries.part_of(visit, invitee) is not None:
        raise Refused({"": [_("This person is on the roster already.")]})
    invitee = _bring(actor, visit, invitee, newcomer.person)
    if newcomer.passport_number:
        invitees.write_passport(
            actor, invitee, number=newcomer.passport_number, expires_on=newcomer.passport_expires_on
        )
    part = Participation(
        public_id=new_public_id(), visit=visit, invitee=invitee, position=queries.last_position(visit) + 1
    )
    for name in PART:
        if name in newcomer.part:
            setattr(part, name, newcomer.part[name])
    db.session.add(part)
    _remember(visit, part)
    audit.record(actor, "roster:add", visit, changes={"person": [None, invitee.public_id]})
    events.publish(RosterChanged(visit, actor))
    return part


def find(visit: Visit, newcomer: Newcomer) -> Invitee | None:
    """The person in the books that a newcomer is.

    Of the people the host knows already: by passport first, else by name, date of birth and nationality. A person of
    other hosts only where all of these agree together (as in a roster that is read from a file): whoever states them
    all knows the person; anybody else could learn here who was a guest elsewhere.
    """
    person, nationality = newcomer.person, newcomer.person.get("nationality", "")
    index = invitees.passport_index(nationality, newcomer.passport_number) if newcomer.passport_number else ""
    key = _match_key(person)
    found = persons.candidates({index} - {""}, {key} - {""})
    known = [one for one in found if any(host.institution_id == visit.host_institution_id for host in one.hosts)]
    by_passport = [one for one in found if index and one.passport is not None and one.passport.number_index == index]
    by_name = [one for one in found if key and one.match_key == key]
    for sure in (
        [one for one in by_passport if one in known],
        [one for one in by_name if one in known],
        [one for one in by_passport if one in by_name],
    ):
        if len(sure) == 1:
            return sure[0]
    return None


def _match_key(person: dict[str, Any]) -> str:
    """Name words, date of birth and nationality in one; "" where no birth is said."""
    if person.get("date_of_birth") is None:
        return ""
    return names.match_key(
        names.passport_form(person.get("surname") or ""),
        names.passport_form(person.get("given_names") or ""),
        person["date_of_birth"],
        person.get("nationality", ""),
    )


def _bring(actor: Actor, visit: Visit, invitee: Invitee | None, person: dict[str, Any]) -> Invitee:
    fields = {name: value for name, value in person.items() if name in PERSON}
    if invitee is None:
        return invitees.create(actor, institution_id=visit.host_institution_id, **fields)
    invitees.known_to(invitee, visit.host_institution_id)
    told = {name: value for name, value in fields.items() if value not in ("", None)}
    return invitees.update(actor, invitee, **told)


def change(actor: Actor, part: Participation, *, version: int | None = None, **fields: Any) -> None:
    """Change a person's part in the visit: role, category, affiliation, earlier visits, food, guardian's consent.

    Raises: Forbidden, TransitionNotAllowed, Stale, Refused by field.
    """
    require_editable(actor, part.visit, PERMISSION)
    check_version(part, version)
    wanted = {name: fields.get(name, getattr(part, name)) for name in PART}
    if problems := part_problems(wanted):
        raise Refused(problems)
    for name, value in wanted.items():
        setattr(part, name, value)
    changes = audit.changes_of(part, secret=("diet",))
    if changes:
        _remember(part.visit, part)
        audit.record(actor, "roster:change", part, changes=changes)


def remove(actor: Actor, part: Participation) -> None:
    """Take a person off the roster. Without another part with the host they leave its sight; without any, the books.

    Raises: Forbidden, TransitionNotAllowed.
    """
    visit, invitee = part.visit, part.invitee
    require_editable(actor, visit, PERMISSION)
    visit.participations.remove(part)
    audit.record(actor, "roster:remove", visit, changes={"person": [invitee.public_id, None]})
    if not queries.other_parts(invitee):
        invitees.remove(actor, invitee)
    elif not queries.other_parts(invitee, host_institution_id=visit.host_institution_id):
        invitees.no_longer_known_to(invitee, visit.host_institution_id)
    events.publish(RosterChanged(visit, actor))


def record_attendance(actor: Actor, visit: Visit, *, present: Collection[str]) -> int:
    """Note who took part: the public ids of the participations of those who did. Returns how many.

    Possible from the day of entry on until the report is handed in. Raises: Forbidden, TransitionNotAllowed.
    """
    require_editable(actor, visit, PERMISSION)
    if visit.state is not VisitState.IN_PROGRESS:
        raise TransitionNotAllowed()
    changes: dict[str, Any] = {}
    for part in visit.participations:
        took_part = part.public_id in present
        if part.took_part is not took_part:
            changes[part.public_id] = [part.took_part, took_part]
            part.took_part = took_part
    if changes:
        audit.record(actor, "roster:attendance", visit, changes={"took_part": changes})
    return sum(1 for part in visit.participations if part.took_part)


def passport_numbers(actor: Actor, visit: Visit, *, reason: str) -> dict[str, str]:
    """The passport numbers of a visit's people in full, by the person's public id, for a paper that needs them.

    Each reading and its reason go into the audit. Security contract, row 58: a coordinator alone gets at most 50.
    Raises: Forbidden, Refused. The step-up is the view's duty.
    """
    authz.require(actor, "roster:export-passports", visit)
    people = [part.invitee for part in visit.participations if part.invitee.passport is not None]
    is_host = visit.host_institution_id in actor.institution_ids("roster:export-passports")
    if len(people) > MOST_ALONE and not is_host:
        sentence = _("A list of more than %(most)s passport numbers needs a second person.", most=MOST_ALONE)
        raise Refused({"": [sentence]})
    audit.record(actor, "roster:export-passports", visit, comment=reason, changes={"people": [None, len(people)]})
    return {person.public_id: invitees.reveal_passport(actor, person, reason=reason) for person in people}


def _remember(visit: Visit, part: Participation) -> None:
    invitees.remember_part(
        part.invitee, category=part.category, affiliation=part.affiliation, fiscal_year=visit.fiscal_year
    )


def _check(newcomer: Newcomer) -> None:
    problems = invitees.problems_of(newcomer.person)
    if newcomer.passport_number:
        if found := invitees.number_problems(newcomer.passport_number):
            problems["passport_number"] = found["number"]
    elif newcomer.passport_expires_on is not None:
        problems["passport_number"] = [_("Enter the number of the passport too.")]
    problems |= part_problems(newcomer.part)
    if problems:
        raise Refused(problems)


def part_problems(part: dict[str, Any]) -> dict[str, list[str]]:
    """What is wrong with a person's part in a visit, by field."""
    problems: dict[str, list[str]] = {}
    if part.get("category") not in list(Category):
        problems["category"] = [_("Choose one.")]
    if part.get("role", ParticipantRole.INVITEE) not in list(ParticipantRole):
        problems["role"] = [_("Choose one.")]
    if part.get("first_visit") is False and not part.get("previous_visit_reason"):
        problems["previous_visit_reason"] = [_("Say why somebody who has been to Japan before is invited again.")]
    consent = part.get("guardian_consent_on")
    if consent is not None and consent > clock.today():
        problems["guardian_consent_on"] = [_("This day has not come yet.")]
    return problems
