"""Verbs on the register of outside experts: enter, change, invite, move along; and what experts say of themselves."""

from collections.abc import Collection
from dataclasses import replace
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select

from app.accounts import people
from app.accounts import queries as accounts
from app.accounts.events import InvitationAccepted
from app.accounts.models import User
from app.calls.models import Call
from app.core import audit, authz, search
from app.core.authz import SYSTEM, Actor, Role
from app.core.db import db
from app.core.errors import Refused, Stale
from app.reviews import assigning_service, conflict_facts, conflicts
from app.reviews.models import Reviewer, ReviewerAbsence, ReviewerField
from app.reviews.register_workflow import REVIEWER
from app.reviews.vocabulary import ReviewerState

FACTS_OF_CONFLICT = frozenset({"email", "affiliation", "organization_id"})


def create(actor: Actor, *, fields_of_science: Collection[str] = (), **values: Any) -> Reviewer:
    """Enter an expert. Conflicts with the open plans are looked for before anybody can be given one.

    Raises: Forbidden; Refused without a name or a language, or for an address that is in the register.
    """
    authz.require_role(actor, "reviewer:edit")
    reviewer = Reviewer(state=ReviewerState.INVITED, email="", affiliation="")
    _write(reviewer, values)
    db.session.add(reviewer)
    reviewer.fields = [ReviewerField(field_of_science=name) for name in sorted(fields_of_science)]
    audit.record(actor, "reviewer:create", reviewer)
    _know_account(reviewer)
    conflicts.recheck(reviewers=[reviewer.id])
    return reviewer


def update(
    actor: Actor, reviewer: Reviewer, *, version: int | None, fields_of_science: Collection[str] = (), **values: Any
) -> None:
    """Correct an entry; a new affiliation or address is checked for conflicts at once.

    Raises: Forbidden; Stale; Refused as `create` does.
    """
    authz.require(actor, "reviewer:edit", reviewer)
    if version != reviewer.version:
        raise Stale()
    _write(reviewer, values)
    changes = audit.changes_of(reviewer) | _keep_fields(reviewer, fields_of_science)
    audit.record(actor, "reviewer:edit", reviewer, changes=changes)
    if reviewer.user_id is None:
        _know_account(reviewer)
    if FACTS_OF_CONFLICT & changes.keys():
        conflicts.recheck(reviewers=[reviewer.id])


def _write(reviewer: Reviewer, values: dict[str, Any]) -> None:
    """Put the values into the row, with what follows from them."""
    values = {**values, "email": accounts.fold_email(values["email"])}
    if not (values["name_ja"] or values["name_en"]):
        raise Refused({"name_ja": [_("Enter the name in Japanese or in English.")]})
    if not (values["reads_japanese"] or values["reads_english"]):
        raise Refused({"languages": [_("Choose at least one language the expert reads.")]})
    with db.session.no_autoflush:
        taken = db.session.scalar(select(Reviewer.id).where(Reviewer.email == values["email"]))
    if taken is not None and taken != reviewer.id:
        raise Refused({"email": [_("An expert with this address is in the register already.")]})
    for name, value in values.items():
        setattr(reviewer, name, value)
    reviewer.organization_id = _organization(reviewer.affiliation)
    reviewer.sort_name = search.fold(reviewer.name_en or reviewer.name_ja)[:200]
    reviewer.search_text = search.search_text(
        reviewer.name_ja, reviewer.name_en, reviewer.email, reviewer.affiliation, reviewer.position
    )


def _organization(affiliation: str) -> int | None:
    """The one body of the directory that bears the typed name."""
    if not search.fold(affiliation):
        return None
    with db.session.no_autoflush:
        found = conflict_facts.bearers_of({affiliation}).get(conflict_facts.folded_name(affiliation), frozenset())
    return next(iter(found)) if len(found) == 1 else None


def _keep_fields(reviewer: Reviewer, wanted: Collection[str]) -> dict[str, Any]:
    before = sorted(row.field_of_science for row in reviewer.fields)
    after = sorted(wanted)
    if before == after:
        return {}
    for row in list(reviewer.fields):
        if row.field_of_science not in after:
            reviewer.fields.remove(row)
    reviewer.fields += [ReviewerField(field_of_science=name) for name in after if name not in before]
    return {"fields_of_science": [", ".join(before), ", ".join(after)]}


def _know_account(reviewer: Reviewer) -> None:
    """Somebody who wears the reviewer's hat already needs no invitation."""
    user = accounts.by_email(reviewer.email)
    if user is None or not any(grant.role is Role.REVIEWER for grant in user.grants):
        return
    if db.session.scalar(select(Reviewer.id).where(Reviewer.user_id == user.id)) is None:
        _join(reviewer, user)


def _join(reviewer: Reviewer, user: User) -> None:
    reviewer.user_id = user.id
    db.session.flush()
    if reviewer.state is ReviewerState.INVITED:
        REVIEWER.fire(reviewer, "join", SYSTEM)


def invite(actor: Actor, reviewer: Reviewer) -> None:
    """Invite an expert by mail to make an account; an older open invitation lapses.

    Coordinators may not give roles (contract, row 7): this one follows from an entry in the register, so it is the
    system's right under the coordinator's name. Raises: Forbidden; Refused where there is an account already.
    """
    authz.require(actor, "reviewer:edit", reviewer)
    if reviewer.user_id is not None:
        raise Refused({"": [_("The expert has an account already.")]})
    people.invite(
        replace(actor, grants=SYSTEM.grants),
        email=reviewer.email,
        role=Role.REVIEWER,
        institution=None,
        locale=reviewer.locale,
    )
    audit.record(actor, "reviewer:invite", reviewer)


def welcome(fact: InvitationAccepted) -> None:
    """An expert accepted the invitation: the entry of the register has its account, plans can be given."""
    if fact.role is not Role.REVIEWER:
        return
    reviewer = db.session.scalar(select(Reviewer).where(Reviewer.email == fact.user.email, Reviewer.user_id.is_(None)))
    if reviewer is not None:
        _join(reviewer, fact.user)


def transition(actor: Actor, reviewer: Reviewer, verb: str, comment: str = "") -> None:
    """Move an expert along; with the end of the term goes what is still unread. Raises what the workflow raises."""
    if verb == "end":
        assigning_service.take_back_all(actor, reviewer, comment)
    REVIEWER.fire(reviewer, verb, actor, comment)


def say_of_oneself(
    actor: Actor,
    reviewer: Reviewer,
    *,
    version: int | None,
    fields_of_science: Collection[str],
    capacity: int,
    reads_japanese: bool,
    reads_english: bool,
    absent: Collection[Call],
    offered: Collection[Call],
) -> None:
    """What experts themselves say: fields, languages, how many plans of a round, rounds without time.

    `absent`: those of the rounds `offered` for which there is no time; what was said of other rounds stays.
    Raises: Forbidden; Stale; Refused without a language.
    """
    authz.require(actor, "reviewer:edit-own", reviewer)
    if version != reviewer.version:
        raise Stale()
    if not (reads_japanese or reads_english):
        raise Refused({"languages": [_("Choose at least one language you read.")]})
    reviewer.capacity, reviewer.reads_japanese, reviewer.reads_english = capacity, reads_japanese, reads_english
    changes = (
        audit.changes_of(reviewer)
        | _keep_fields(reviewer, fields_of_science)
        | _keep_absences(reviewer, absent, offered)
    )
    audit.record(actor, "reviewer:say", reviewer, changes=changes)


def _keep_absences(reviewer: Reviewer, absent: Collection[Call], offered: Collection[Call]) -> dict[str, Any]:
    before = {row.call_id for row in reviewer.absences}
    wanted = {call.id for call in absent} | (before - {call.id for call in offered})
    if wanted == before:
        return {}
    for row in list(reviewer.absences):
        if row.call_id not in wanted:
            reviewer.absences.remove(row)
    reviewer.absences += [ReviewerAbsence(call_id=number) for number in sorted(wanted - before)]
    return {"absences": [sorted(before), sorted(wanted)]}
