"""Who else has a plan open now, and in which section: seen by those who edit the same plan, and by nobody else."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert as insert_postgresql
from sqlalchemy.dialects.sqlite import insert as insert_sqlite

from app.accounts.models import User
from app.applications import plan_service
from app.applications.models import Application
from app.applications.presence_model import SectionPresence
from app.core import clock, transaction
from app.core.authz import Actor
from app.core.db import db, is_sqlite

PRESENT = timedelta(minutes=10)  # a page without scripts gives a sign of life only when it is loaded
MOVED_ON = timedelta(seconds=100)  # two beats of a page: who was seen elsewhere since has left this section
FRESH = timedelta(seconds=20)  # a sign younger than this needs no other
MOST = 60  # rows read


@dataclass(frozen=True, slots=True)
class Present:
    """Somebody else who has the plan open."""

    name: str
    section: str  # "" for a partner in its own part
    is_partner: bool
    seen_at: datetime


@dataclass(frozen=True, slots=True)
class Around:
    """Who else is there, the latest seen first, and whether one's own sign of life is fresh."""

    others: Sequence[Present]
    is_noted: bool


def around(actor: Actor, application: Application, section: str) -> Around:
    """Everybody who gave a sign of life within ten minutes; one query. For those who may edit the plan."""
    now = clock.now()
    query = (
        select(SectionPresence, User.name)
        .outerjoin(User, User.id == SectionPresence.user_id)
        .where(SectionPresence.application_id == application.id, SectionPresence.seen_at > now - PRESENT)
        .order_by(SectionPresence.seen_at.desc(), SectionPresence.id)
        .limit(MOST)
    )
    rows: list[tuple[SectionPresence, str]] = [(note, name) for note, name in db.session.execute(query)]
    own = [note for note, _name in rows if note.user_id == actor.id]
    is_noted = any(note.section == section and note.seen_at > now - FRESH for note in own)
    return Around(_others(application, [row for row in rows if row[0] not in own]), is_noted)


def _others(application: Application, rows: Sequence[tuple[SectionPresence, str]]) -> list[Present]:
    """Of somebody seen in several sections only those count that are still open."""
    latest: dict[int | None, datetime] = {}
    found = []
    for note, name in rows:
        if note.partner_id is not None:
            partner = next((partner for partner in application.partners if partner.id == note.partner_id), None)
            found.append(Present(partner.name if partner else "", "", True, note.seen_at))
        elif latest.setdefault(note.user_id, note.seen_at) - note.seen_at < MOVED_ON:
            found.append(Present(name, note.section, False, note.seen_at))
    return found


def note(application: Application, section: str, actor: Actor) -> None:
    """A sign of life of somebody who edits, part of the caller's transaction.

    Raises: Forbidden; TransitionNotAllowed when the plan cannot be edited now.
    """
    plan_service.require_open(actor, application)
    _upsert(["application_id", "user_id", "section"], _of_host(application, section, actor))


def note_afterwards(application: Application, section: str, actor: Actor) -> None:
    """The same for a page that is only read: written after its answer, by itself."""
    values = _of_host(application, section, actor)
    transaction.afterwards(lambda: _upsert(["application_id", "user_id", "section"], values))


def note_partner_afterwards(application_id: int, partner_id: int) -> None:
    """A sign of life of a partner, who reads its own part by a link."""
    values = {"application_id": application_id, "section": "", "partner_id": partner_id}
    transaction.afterwards(lambda: _upsert(["partner_id"], values))


def _of_host(application: Application, section: str, actor: Actor) -> dict[str, Any]:
    return {"application_id": application.id, "section": section, "user_id": actor.id}


def _upsert(key: list[str], values: dict[str, Any]) -> None:
    insert = insert_sqlite(SectionPresence) if is_sqlite() else insert_postgresql(SectionPresence)
    now = clock.now()
    statement = insert.values(**values, seen_at=now)
    db.session.execute(statement.on_conflict_do_update(index_elements=key, set_={"seen_at": now}))


def sweep(now: datetime) -> int:
    """Forget everybody who left, part of the caller's transaction; returns how many rows."""
    result: Any = db.session.execute(delete(SectionPresence).where(SectionPresence.seen_at < now - PRESENT))
    return int(result.rowcount)
