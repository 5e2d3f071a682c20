"""How a person of a plan is kept, whoever says it: host, partner or a roster's file. Permissions are the caller's."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from typing import Any

from flask_babel import gettext as _

from app.applications.models import Application
from app.applications.named_models import MOST_PEOPLE, EnteredBy, PlannedPerson
from app.core import audit, crypto, limits
from app.core.authz import Actor
from app.core.db import db, new_public_id
from app.core.errors import Refused, TooMany
from app.invitees import earlier, names
from app.invitees import service as invitees

FIELDS = (
    "surname",
    "given_names",
    "native_name",
    "katakana",
    "sex",
    "date_of_birth",
    "nationality",
    "email",
    "category",
    "role",
    "affiliation",
    "first_visit",
    "previous_visit_reason",
    "diet",
    "passport_expires_on",
    "partner",
)
IDENTITY = ("surname", "given_names", "date_of_birth", "nationality")
MOST_COMPARED = 200  # new or changed identities of one institution's plans in a day: nobody tries out birth dates
DAY = timedelta(days=1)
TABLE, COLUMN = "planned_person", "sealed_number"

Fields = Mapping[str, Any]


def problems_of(fields: Fields) -> dict[str, list[str]]:
    """What is wrong with a person's data, by field; what is missing is not wrong, but the name."""
    problems = invitees.problems_of(dict(fields))
    number = fields.get("passport_number") or ""
    if number and (found := invitees.number_problems(number)):
        problems["passport_number"] = found["number"]
    return problems


def new(
    application: Application,
    actor: Actor,
    entered_by: EnteredBy,
    fields: Fields,
    among: Iterable[PlannedPerson],
) -> PlannedPerson:
    """A further person of the plan. `among`: the people the writer may know of, where nobody is to stand twice.

    Raises: Refused by field, also beyond `MOST_PEOPLE`.
    """
    if len(application.named) >= MOST_PEOPLE:
        raise Refused({"": [_("A plan names at most %(most)s people.", most=MOST_PEOPLE)]})
    if _sign(fields) in {_sign({name: getattr(other, name) for name in IDENTITY}) for other in among}:
        sentence = _("A person of this name is named already. If there are two, enter their different dates of birth.")
        raise Refused({"given_names": [sentence]})
    behind = max((person.position for person in application.named), default=-1) + 1
    person = PlannedPerson(public_id=new_public_id(), first_visit=True, position=behind, sealed_number="")
    keep(person, actor, entered_by, fields)
    application.named.append(person)
    db.session.flush()
    return person


def _sign(fields: Fields) -> tuple[str, Any]:
    """What no two people on a list have in common."""
    spelled = (names.passport_form(fields.get(part) or "") for part in ("surname", "given_names"))
    return " ".join(" ".join(spelled).split()), fields.get("date_of_birth")


def keep(person: PlannedPerson, actor: Actor, entered_by: EnteredBy, fields: Fields) -> list[str]:
    """Keep what is said of a person; "" as a passport number says nothing. Returns the names of what has changed.

    Values never go into the audit: these are people who have not even been invited. Raises: Refused by field.
    """
    if problems := problems_of(fields):
        raise Refused(problems)
    cleaned = invitees.clean({name: value for name, value in fields.items() if name in FIELDS})
    changed = [name for name, value in cleaned.items() if getattr(person, name) != value]
    for name in changed:
        setattr(person, name, cleaned[name])
    if person.first_visit and person.previous_visit_reason:
        person.previous_visit_reason = ""
    number = fields.get("passport_number") or ""
    if fields.get("forget_number") and person.sealed_number and not number:
        forget_number(person)
        changed.append("passport_number")
    if number or "nationality" in changed:
        changed += _seal(person, number or opened(person))
    if changed:
        person.entered_by, person.entered_by_id = entered_by, actor.id
    if set(changed) & {*IDENTITY, "passport_number"}:
        person.possible_match = person.invited_before = None
        person.match_reason = ""
    return changed


def _seal(person: PlannedPerson, number: str) -> list[str]:
    """Seal a passport number into the row; [] where it is the one that is kept."""
    if not number:
        return []
    plain = crypto.normalise(number)
    index = invitees.passport_index(person.nationality or "", plain)
    if index == person.number_index:
        return []
    person.number_index = index
    person.sealed_number = crypto.seal(plain, table=TABLE, column=COLUMN, row_public_id=person.public_id)
    person.last_signs = plain[-3:] if len(plain) > 6 else ""
    return ["passport_number"]


def forget_number(person: PlannedPerson) -> None:
    """Take the passport number away."""
    person.sealed_number = person.number_index = person.last_signs = ""


def opened(person: PlannedPerson) -> str:
    """The passport number in full, for those who need it without showing it; "" where none is kept."""
    if not person.sealed_number:
        return ""
    return crypto.open_(person.sealed_number, table=TABLE, column=COLUMN, row_public_id=person.public_id)


def identity_of(person: PlannedPerson) -> earlier.Identity:
    """What tells this person from others."""
    return earlier.identity(
        person.surname, person.given_names, person.date_of_birth, person.nationality, person.number_index
    )


def compare(application: Application) -> None:
    """Note of everybody not compared yet whether somebody invited before may be the same.

    Each comparison counts against the institution's limit of the day; what goes beyond stays uncompared and is kept.
    """
    waiting = [person for person in application.named if person.possible_match is None]
    allowed = _allowed(waiting, str(application.host_institution_id))
    for person, found in zip(allowed, earlier.possible_matches([identity_of(one) for one in allowed]), strict=True):
        person.possible_match = found
    db.session.flush()


def _allowed(waiting: Sequence[PlannedPerson], institution: str) -> list[PlannedPerson]:
    allowed = []
    for person in waiting:
        try:
            limits.hit("people:compare", institution, MOST_COMPARED, DAY)
        except TooMany:
            break
        allowed.append(person)
    return allowed


def note(actor: Actor, verb: str, application: Application, people: Iterable[PlannedPerson], *said: str) -> None:
    """Write down what was done to whom, by public id and names of fields."""
    changes: audit.Changes = {"person": [None, ", ".join(person.public_id for person in people)]}
    audit.record(actor, verb, application, changes=changes | dict.fromkeys(said))
