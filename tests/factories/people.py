"""People of a plan by name."""

from datetime import date
from itertools import count
from typing import Any

from app.applications import named_keeping
from app.applications.models import Application, ParticipantRole, PlannedPerson
from app.applications.named_models import EnteredBy
from app.core.authz import SYSTEM
from app.core.db import db
from app.invitees.models import Category, Sex

_letters = count()


def person_fields(**fields: Any) -> dict[str, Any]:
    """What is said of a student of 21 years; a name of its own unless given."""
    number = next(_letters)
    values: dict[str, Any] = {
        "surname": "RAI",
        "given_names": f"MAYA {chr(65 + number % 26)}{chr(65 + number // 26 % 26)}",
        "date_of_birth": date(2004, 5, 6),
        "nationality": "NP",
        "sex": Sex.FEMALE,
        "category": Category.UNDERGRADUATE,
        "role": ParticipantRole.INVITEE,
        "first_visit": True,
    }
    return {**values, **fields}


def make_person(application: Application, *, by: EnteredBy = EnteredBy.HOST, **fields: Any) -> PlannedPerson:
    """Somebody named in a plan, compared with nobody yet."""
    person = named_keeping.new(application, SYSTEM, by, person_fields(**fields), ())
    db.session.flush()
    return person
