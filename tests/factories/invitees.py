"""Persons, known to a host, with a sealed passport where one is asked for."""

from datetime import date
from itertools import count
from typing import Any

from app.core import crypto
from app.core.db import db, new_public_id
from app.directory.models import Organization
from app.invitees import service
from app.invitees.models import Category, Invitee, InviteeHost, Passport, Sex

_numbers = count(1)
LETTERS = "ABCDEFGHIJ"


def make_invitee(
    *,
    known_to: Organization | None = None,
    passport: str = "",
    passport_expires_on: date | None = None,
    **fields: Any,
) -> Invitee:
    """A student from Nepal, born 2004; a name of its own unless given. `passport` is the number to seal."""
    number = "".join(LETTERS[int(digit)] for digit in str(next(_numbers)))
    values: dict[str, Any] = {
        "surname": "SHARMA",
        "given_names": f"AAKASH {number}",
        "native_name": "आकाश शर्मा",
        "katakana": "シャルマ・アーカーシュ",
        "sex": Sex.MALE,
        "date_of_birth": date(2004, 5, 6),
        "nationality": "NP",
        "category": Category.UNDERGRADUATE,
        "affiliation": "Sample Campus",
    }
    invitee = Invitee(public_id=new_public_id(), **{**values, **fields})
    service._index(invitee)
    if known_to is not None:
        invitee.hosts.append(InviteeHost(institution_id=known_to.id))
    if passport:
        invitee.passport = Passport(
            sealed_number=crypto.seal(
                passport, table=service.TABLE, column=service.COLUMN, row_public_id=invitee.public_id
            ),
            number_index=service.passport_index(invitee.nationality, passport),
            last_signs=passport[-3:],
            expires_on=passport_expires_on or date(2034, 5, 6),
        )
    db.session.add(invitee)
    db.session.flush()
    return invitee
