"""Verbs on persons. The passport is written and read here alone."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import Row

from app.accounts import queries as accounts
from app.core import audit, authz, clock, crypto, search
from app.core.authz import Actor
from app.core.db import db, new_public_id
from app.core.errors import NotFound, Refused, Stale
from app.invitees import names, queries
from app.invitees import passport as passports
from app.invitees.models import Category, Invitee, InviteeHost, Passport

EARLIEST_BIRTH = date(1900, 1, 1)
TABLE, COLUMN = "passport", "sealed_number"


def _index(invitee: Invitee) -> None:
    """Keep what lists, search and matching read in step with the names."""
    invitee.sort_name = names.sort_name(invitee.surname, invitee.given_names)
    invitee.match_key = names.match_key(
        invitee.surname, invitee.given_names, invitee.date_of_birth, invitee.nationality
    )
    invitee.search_text = search.search_text(
        f"{invitee.surname} {invitee.given_names}", invitee.native_name, invitee.katakana, invitee.email
    )


def clean(fields: dict[str, Any]) -> dict[str, Any]:
    """The same data as it is stored: names as the passport prints them, addresses without blanks."""
    for name in ("surname", "given_names"):
        if name in fields:
            fields[name] = names.passport_form(fields[name] or "")
    for name in ("native_name", "katakana"):
        if name in fields:
            fields[name] = names.tidy(fields[name] or "")
    if "email" in fields:
        fields["email"] = (fields["email"] or "").strip()
    return fields


def problems_of(fields: dict[str, Any]) -> dict[str, list[str]]:
    """What is wrong with a person's data, by field: names are those a passport prints, a birth is in the past."""
    problems: dict[str, list[str]] = {}
    for name in ("surname", "given_names"):
        value = names.passport_form(fields.get(name) or "")
        if value and not passports.is_name(value):
            problems[name] = [_("Write the name as the passport prints it, in the letters A to Z.")]
    if "given_names" in fields and not (fields.get("surname") or fields["given_names"]):
        problems["given_names"] = [_("Enter the name. A person who has one name only has it here.")]
    born = fields.get("date_of_birth")
    if born is not None and not EARLIEST_BIRTH <= born < clock.today():
        problems["date_of_birth"] = [_("This cannot be a date of birth.")]
    return problems


def _refuse(problems: dict[str, list[str]]) -> None:
    if problems:
        raise Refused(problems)


def create(actor: Actor, *, institution_id: int, **fields: Any) -> Invitee:
    """A new person, known to the institution that brings them. `fields` are columns of `Invitee`.

    Raises: Forbidden; Refused by field.
    """
    authz.require_for_institution(actor, "invitee:edit", institution_id)
    _refuse(problems_of(fields))
    invitee = Invitee(public_id=new_public_id(), **clean(fields))
    _index(invitee)
    invitee.hosts.append(InviteeHost(institution_id=institution_id))
    db.session.add(invitee)
    audit.record(actor, "invitee:create", invitee)
    return invitee


def update(actor: Actor, invitee: Invitee, *, version: int | None = None, **fields: Any) -> Invitee:
    """Change a person's data. Raises: Forbidden; Stale (the row moved on since `version`); Refused by field."""
    authz.require(actor, "invitee:edit", invitee)
    if version is not None and version != invitee.version:
        raise Stale()
    _refuse(problems_of(fields))
    nationality = invitee.nationality
    for name, value in clean(fields).items():
        setattr(invitee, name, value)
    _index(invitee)
    if invitee.nationality != nationality and invitee.passport is not None:
        invitee.passport.number_index = passport_index(invitee.nationality, _opened(invitee))
    changes = audit.changes_of(invitee)
    if changes:
        audit.record(actor, "invitee:update", invitee, changes=changes)
    return invitee


def known_to(invitee: Invitee, institution_id: int) -> None:
    """Let a person exist for the staff of an institution that receives them."""
    if all(known.institution_id != institution_id for known in invitee.hosts):
        invitee.hosts.append(InviteeHost(institution_id=institution_id))
        db.session.flush()


def no_longer_known_to(invitee: Invitee, institution_id: int) -> None:
    """Take a person out of an institution's sight: its last visit with them was taken off the roster."""
    for known in list(invitee.hosts):
        if known.institution_id == institution_id:
            invitee.hosts.remove(known)
    db.session.flush()


def remove(actor: Actor, invitee: Invitee) -> None:
    """Forget a person entered by mistake, the passport with them. The caller knows that no part in a visit is left."""
    authz.require(actor, "invitee:edit", invitee)
    audit.record(actor, "invitee:remove", invitee)
    db.session.delete(invitee)
    db.session.flush()


def remember_part(invitee: Invitee, *, category: Category, affiliation: str, fiscal_year: int) -> None:
    """Note the newest part in a visit on the person, for lists. An older part changes nothing."""
    if invitee.fiscal_year is None or fiscal_year >= invitee.fiscal_year:
        invitee.category, invitee.affiliation, invitee.fiscal_year = category, affiliation, fiscal_year


def write_passport(actor: Actor, invitee: Invitee, *, number: str, expires_on: date | None) -> Passport:
    """Seal a passport number into the person's passport row; the audit says that it changed, never to what.

    Raises: Forbidden; Refused for what cannot be a passport number.
    """
    authz.require(actor, "passport:write", invitee)
    _refuse(number_problems(number))
    db.session.flush()
    passport = invitee.passport or Passport(invitee=invitee)
    plain = crypto.normalise(number)
    index = passport_index(invitee.nationality, plain)
    if passport.number_index == index and passport.expires_on == expires_on:
        return passport
    passport.number_index = index
    passport.sealed_number = crypto.seal(plain, table=TABLE, column=COLUMN, row_public_id=invitee.public_id)
    passport.last_signs = plain[-3:] if len(plain) > 6 else ""
    passport.expires_on = expires_on
    db.session.add(passport)
    audit.record(actor, "passport:write", invitee, changes={"passport_number": None})
    return passport


def number_problems(number: str) -> dict[str, list[str]]:
    """What is wrong with a passport number."""
    if passports.is_number(passports.normal_number(number)):
        return {}
    return {"number": [_("A passport number has 5 to 12 letters and digits.")]}


def _opened(invitee: Invitee) -> str:
    assert invitee.passport is not None
    return crypto.open_(invitee.passport.sealed_number, table=TABLE, column=COLUMN, row_public_id=invitee.public_id)


def passport_index(country: str, number: str) -> str:
    """The keyed index under which a passport is found again without opening any."""
    return crypto.blind_index(country, crypto.normalise(number))


def reveal_passport(actor: Actor, invitee: Invitee, *, reason: str) -> str:
    """The passport number in full; the reading and its reason go into the audit.

    Raises: Forbidden; NotFound where no number is kept. The step-up is the view's duty.
    """
    authz.require(actor, "passport:reveal", invitee)
    if invitee.passport is None:
        raise NotFound()
    number = _opened(invitee)
    audit.record(actor, "passport:reveal", invitee, comment=reason)
    return number


def export(actor: Actor, *, reason: str, **filters: Any) -> Iterator[Row[*tuple[Any, ...]]]:
    """The rows of a filtered list for a file that leaves the system, streamed; the reason goes into the audit first.

    Raises: Forbidden.
    """
    authz.require_role(actor, "invitee:export")
    audit.record(
        actor, "invitee:export", accounts.person(actor.id), comment=reason, changes={"filters": [None, filters]}
    )
    return queries.exported(actor, queries.listed(actor, **filters))
