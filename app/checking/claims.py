"""Who works on which plan: a sign of life that lapses after a quarter of an hour and keeps nobody out.

Whoever opens a plan nobody works on is there. Somebody else can take it over with one click; who was there is told by
whom and when, on the next page or action. Nothing here is a lock: an outcome counts whoever gives it.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.dialects.postgresql import insert as insert_postgresql
from sqlalchemy.dialects.sqlite import insert as insert_sqlite
from sqlalchemy.orm import joinedload

from app.applications.models import Application
from app.checking.models import CheckClaim
from app.core import audit, authz, clock, transaction
from app.core.authz import Actor
from app.core.db import db, is_sqlite

LASTS = timedelta(minutes=15)
FRESH = timedelta(minutes=1)  # a claim renewed less than this ago is not written again


@dataclass(frozen=True, slots=True)
class Holder:
    """Somebody else who works on a plan."""

    mark: str  # names the claim in a form: whoever saw it has been told
    name: str
    since: datetime
    until: datetime
    took_it_from_reader: bool


def others(actor: Actor, application: Application) -> Holder | None:
    """Who else works on a plan now; None where nobody does, or the actor."""
    claim = _of(application)
    if claim is None or claim.user_id == actor.id:
        return None
    return _holder(actor, claim)


def _of(application: Application) -> CheckClaim | None:
    query = select(CheckClaim).where(CheckClaim.application_id == application.id, CheckClaim.until > clock.now())
    return db.session.scalar(query.options(joinedload(CheckClaim.user)).execution_options(populate_existing=True))


def _holder(actor: Actor, claim: CheckClaim) -> Holder:
    mark = f"{claim.user.public_id}.{int(claim.since.timestamp())}"
    return Holder(mark, claim.user.name, claim.since, claim.until, claim.taken_from_id == actor.id)


def taken_from(actor: Actor) -> list[tuple[Application, Holder]]:
    """The plans somebody took over from the actor a short while ago, the latest first."""
    query = (
        select(CheckClaim)
        .where(CheckClaim.taken_from_id == actor.id, CheckClaim.until > clock.now())
        .options(joinedload(CheckClaim.user), joinedload(CheckClaim.application))
    )
    found = db.session.scalars(query.order_by(CheckClaim.since.desc()).limit(5))
    return [(claim.application, _holder(actor, claim)) for claim in found]


def be_there(actor: Actor, application: Application) -> None:
    """A sign of life: the claim is made where nobody works on the plan, renewed where it is the actor's own."""
    if actor.id is None:
        return
    now = clock.now()
    own: Any = db.session.execute(
        update(CheckClaim)
        .where(CheckClaim.application_id == application.id, CheckClaim.user_id == actor.id, CheckClaim.until > now)
        .values(until=now + LASTS)
    )
    if own.rowcount:
        return
    insert = insert_sqlite(CheckClaim) if is_sqlite() else insert_postgresql(CheckClaim)
    values = {"user_id": actor.id, "since": now, "until": now + LASTS, "taken_from_id": None}
    db.session.execute(
        insert.values(application_id=application.id, **values).on_conflict_do_update(
            index_elements=["application_id"], set_=values, where=CheckClaim.until <= now
        )
    )


def be_there_afterwards(actor: Actor, application: Application) -> None:
    """The same for a page that is only read: written after its answer, by itself, and not at every click."""
    claim = _of(application)
    if claim is not None and (claim.user_id != actor.id or claim.until - clock.now() > LASTS - FRESH):
        return
    transaction.afterwards(lambda: be_there(actor, application))


def take_over(actor: Actor, application: Application) -> None:
    """Work on a plan somebody else works on; that person is told. Raises: Forbidden."""
    authz.require(actor, "application:check", application)
    claim = _of(application)
    if claim is None or claim.user_id == actor.id:
        be_there(actor, application)
        claim = _of(application)
        assert claim is not None
    else:
        before, now = claim.user.name, clock.now()
        claim.taken_from_id, claim.since, claim.until = claim.user_id, now, now + LASTS
        claim.user_id = actor.id if actor.id is not None else claim.user_id
        audit.record(actor, "check:take-over", claim, comment=before)
        return
    audit.record(actor, "check:take-over", claim)


def end(application: Application) -> None:
    """The plan is done with."""
    db.session.execute(delete(CheckClaim).where(CheckClaim.application_id == application.id))


def sweep(now: datetime) -> int:
    """Forget what lapsed, part of the caller's transaction; returns how many rows."""
    result: Any = db.session.execute(delete(CheckClaim).where(CheckClaim.until < now - LASTS))
    return int(result.rowcount)
