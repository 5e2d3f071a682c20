"""Every change leaves an entry: who, when, which verb, on what, what became of it. Append-only; triggers see to it.

Values of class A (passport numbers, tokens) never enter: give their field name with None, the entry then says only that
they changed. Labels are made when read, so the history reads in both languages.
"""

import enum
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from flask import g, has_request_context
from sqlalchemy import Index, String, Text, select
from sqlalchemy import inspect as inspect_object
from sqlalchemy.orm import Mapped, mapped_column

from app.core import clock
from app.core.authz import Actor
from app.core.db import Base, db

Changes = dict[str, Any]


class AuditEvent(Base):
    """One thing that happened."""

    __tablename__ = "audit_event"
    __table_args__ = (
        Index("ix_audit_event_subject", "subject_type", "subject_id", "id"),
        Index("ix_audit_event_actor_id", "actor_id", "id"),
        Index("ix_audit_event_verb", "verb", "id"),
    )

    at: Mapped[datetime] = mapped_column(default=clock.now)
    actor_id: Mapped[int | None] = mapped_column()
    actor_name: Mapped[str] = mapped_column(String(200), default="")
    verb: Mapped[str] = mapped_column(String(80))
    subject_type: Mapped[str] = mapped_column(String(60))
    subject_id: Mapped[int | None] = mapped_column()
    from_state: Mapped[str | None] = mapped_column(String(40))
    to_state: Mapped[str | None] = mapped_column(String(40))
    comment: Mapped[str] = mapped_column(Text, default="")
    changes: Mapped[dict[str, Any]] = mapped_column(default=dict)
    request_id: Mapped[str] = mapped_column(String(40), default="")

    @property
    def who(self) -> str:
        """Who did it, as a timeline says it."""
        return self.actor_name


def plain(value: Any) -> Any:
    """A value as JSON keeps it."""
    if isinstance(value, enum.Enum):
        return value.value
    if isinstance(value, date | datetime):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple | set):
        return [plain(item) for item in value]
    return value if value is None or isinstance(value, str | int | float | bool) else str(value)


def changes_of(subject: Any, *, secret: Sequence[str] = ()) -> Changes:
    """{field: [old, new]} of the columns changed since the last flush; `secret` fields show no values.

    Call before flush.
    """
    found: Changes = {}
    state = inspect_object(subject)
    for attribute in state.mapper.column_attrs:
        name = attribute.key
        if name in ("version", "updated_at", "search_text"):
            continue
        history = state.attrs[name].history
        if not history.has_changes():
            continue
        old = history.deleted[0] if history.deleted else None
        new = history.added[0] if history.added else None
        if old != new:
            found[name] = None if name in secret else [plain(old), plain(new)]
    return found


def record(
    actor: Actor,
    verb: str,
    subject: Any,
    *,
    comment: str = "",
    changes: Changes | None = None,
    from_state: str | None = None,
    to_state: str | None = None,
) -> AuditEvent:
    """Write the entry of a verb on a row; flushes, so that a new row has its number and a stale one is noticed here."""
    if subject.id is None:
        db.session.flush()
    entry = AuditEvent(
        actor_id=actor.id,
        actor_name=actor.name,
        verb=verb,
        subject_type=type(subject).__tablename__,
        subject_id=subject.id,
        from_state=from_state,
        to_state=to_state,
        comment=comment,
        changes=changes or {},
        request_id=g.get("request_id", "") if has_request_context() else "",
    )
    db.session.add(entry)
    db.session.flush()
    return entry


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a timeline."""

    at: datetime
    who: str
    verb: str
    comment: str
    from_state: str | None
    to_state: str | None
    changes: Changes


_TIMELINE = select(
    AuditEvent.at,
    AuditEvent.actor_name,
    AuditEvent.verb,
    AuditEvent.comment,
    AuditEvent.from_state,
    AuditEvent.to_state,
    AuditEvent.changes,
).order_by(AuditEvent.id.desc())


def timeline(subject: Any, *, limit: int = 50) -> list[Entry]:
    """The newest entries about one row, newest first."""
    of_row = (AuditEvent.subject_type == type(subject).__tablename__, AuditEvent.subject_id == subject.id)
    return [Entry(*row) for row in db.session.execute(_TIMELINE.where(*of_row).limit(limit))]
