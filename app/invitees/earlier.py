"""Whether a person named somewhere may have been invited before: by anybody, in any year (guidelines, first visit).

The answer is yes or no and nothing else: not who, not by whom, not how often. Every question is one query of the same
shape, whatever the answer, and reads no row of another institution's people into memory.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select, union_all

from app.core.db import db
from app.invitees import names
from app.invitees.models import Invitee, Passport


@dataclass(frozen=True, slots=True)
class Identity:
    """What two records of one person have in common: name, birth and nationality in one key; the passport's index.

    Either may be "" where too little is known.
    """

    key: str = ""
    index: str = ""


def identity(surname: str, given_names: str, born: date | None, nationality: str, index: str = "") -> Identity:
    """The identity of a person; without birth or nationality the passport alone can tell."""
    if born is None or not nationality:
        return Identity("", index)
    spelled = names.passport_form(surname), names.passport_form(given_names)
    return Identity(names.match_key(*spelled, born, nationality), index)


def possible_matches(asked: Sequence[Identity]) -> list[bool]:
    """For each identity, whether a person of the books may be the same."""
    known = _known({one.key for one in asked} - {""}, {one.index for one in asked} - {""})
    return [bool({one.key, one.index} & known - {""}) for one in asked]


def _known(keys: Iterable[str], indexes: Iterable[str]) -> set[str]:
    found = union_all(
        select(Invitee.match_key).where(Invitee.match_key.in_(sorted(keys))),
        select(Passport.number_index).where(Passport.number_index.in_(sorted(indexes))),
    )
    return set(db.session.scalars(found))
