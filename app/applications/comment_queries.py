"""Every SELECT on the comments of a plan, and their threads as people read them."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import joinedload

from app.applications.comment_model import SectionComment
from app.applications.models import Application
from app.core.audit import AuditEvent
from app.core.db import db
from app.core.outbox import OutboxMessage


@dataclass(slots=True)
class Thread:
    """A comment with its answers, oldest first."""

    head: SectionComment
    answers: list[SectionComment] = field(default_factory=list)

    @property
    def is_open(self) -> bool:
        return self.head.settled_at is None


def _of(application: Application) -> list[ColumnElement[bool]]:
    """The comments of a plan; where it was moved, those of its present institution."""
    found = [SectionComment.application_id == application.id]
    return found if application.moved_at is None else [*found, SectionComment.written_at >= application.moved_at]


def threads(application: Application, section: str | None = None) -> list[Thread]:
    """The threads of a plan, or of one of its sections: open ones first, otherwise as they were begun. One query."""
    query = select(SectionComment).where(*_of(application))
    if section is not None:
        query = query.where(SectionComment.section == section)
    names = (joinedload(SectionComment.author), joinedload(SectionComment.settled_by))
    found: dict[int, Thread] = {}
    for comment in db.session.scalars(query.options(*names).order_by(SectionComment.id)):
        if comment.answers_id is None:
            found[comment.id] = Thread(comment)
        else:
            found[comment.answers_id].answers.append(comment)
    return sorted(found.values(), key=lambda thread: not thread.is_open)


def count_open(application: Application) -> dict[str, int]:
    """How many comments of each section are not settled; sections without any are missing."""
    query = (
        select(SectionComment.section, func.count())
        .where(
            *_of(application),
            SectionComment.answers_id.is_(None),
            SectionComment.settled_at.is_(None),
        )
        .group_by(SectionComment.section)
    )
    return {section: number for section, number in db.session.execute(query)}


def head_of(application: Application, public_id: str) -> SectionComment | None:
    """The comment of this plan with that id, if it begins a thread."""
    return db.session.scalar(
        select(SectionComment).where(
            *_of(application),
            SectionComment.public_id == public_id,
            SectionComment.answers_id.is_(None),
        )
    )


def took_part(application: Application) -> set[int]:
    """The numbers of the people who worked on a plan or commented on it, whoever they are now."""
    workers = select(AuditEvent.actor_id).where(
        AuditEvent.subject_type == Application.__tablename__,
        AuditEvent.subject_id == application.id,
        AuditEvent.actor_id.is_not(None),
    )
    authors = select(SectionComment.author_id).where(SectionComment.application_id == application.id)
    return {number for number in db.session.scalars(workers.union(authors)) if number is not None}


def last_mails(application: Application, template: str, people: Sequence[int]) -> dict[int, tuple[int, datetime]]:
    """The newest mail of a kind about a plan to each of these people: (number of the mail, when it was written)."""
    query = select(OutboxMessage.recipient_id, OutboxMessage.id, OutboxMessage.created_at).where(
        OutboxMessage.subject_type == Application.__tablename__,
        OutboxMessage.subject_id == application.id,
        OutboxMessage.template == template,
        OutboxMessage.recipient_id.in_(people),
    )
    rows = db.session.execute(query.order_by(OutboxMessage.id))
    return {person: (number, at) for person, number, at in rows if person is not None}
