"""Every SELECT on the audit log, the mails sent and the background jobs."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, false, func, or_, select

from app.accounts.models import RoleGrant, User
from app.core import clock, listing
from app.core.audit import AuditEvent
from app.core.authz import Actor, Scope
from app.core.background_job import BackgroundJob, JobState
from app.core.db import db
from app.core.errors import NotFound
from app.core.listing import Listing, Sort
from app.core.outbox import MailState, OutboxMessage
from app.policy import MATRIX

MOST_PEOPLE = 50  # that a name typed into the filter may mean
EVENT_COLUMNS = (
    AuditEvent.at,
    AuditEvent.actor_name,
    AuditEvent.verb,
    AuditEvent.subject_type,
    AuditEvent.subject_id,
    AuditEvent.from_state,
    AuditEvent.to_state,
    AuditEvent.comment,
    AuditEvent.changes,
)
MAIL_COLUMNS = (
    OutboxMessage.public_id,
    OutboxMessage.created_at,
    OutboxMessage.sent_at,
    OutboxMessage.subject,
    OutboxMessage.recipient_address,
    OutboxMessage.state,
    OutboxMessage.attempts,
    OutboxMessage.last_error,
    OutboxMessage.bounced_at,
    OutboxMessage.bounce_status,
    OutboxMessage.bounce_text,
)
JOB_COLUMNS = (
    BackgroundJob.public_id,
    BackgroundJob.kind,
    BackgroundJob.state,
    BackgroundJob.progress_done,
    BackgroundJob.progress_total,
    BackgroundJob.tries,
    BackgroundJob.last_error,
    BackgroundJob.created_at,
    BackgroundJob.finished_at,
)


@dataclass(frozen=True)
class Sought:
    """Filters of the audit log; None and "" ask for all."""

    verb: str = ""
    who: str = ""
    subject_type: str = ""
    subject_id: int | None = None
    since: date | None = None
    until: date | None = None


def events(sought: Sought) -> Select[*tuple[Any, ...]]:
    """The entries of the audit log that fit."""
    query = select(*EVENT_COLUMNS)
    if sought.verb:
        query = query.where(AuditEvent.verb == sought.verb)
    if sought.who:
        query = query.where(AuditEvent.actor_id.in_(_people(sought.who)))
    if sought.subject_type:
        query = query.where(AuditEvent.subject_type == sought.subject_type)
        if sought.subject_id is not None:
            query = query.where(AuditEvent.subject_id == sought.subject_id)
    if sought.since:
        query = query.where(AuditEvent.at >= clock.tokyo(sought.since))
    if sought.until:
        query = query.where(AuditEvent.at < clock.tokyo(sought.until + timedelta(days=1)))
    return query


def _people(text: str) -> list[int]:
    """Whom a name or address may mean: those whose name holds it, or whose address it is."""
    wanted = text.casefold()
    query = select(User.id).where(or_(func.lower(User.name).contains(wanted, autoescape=True), User.email == wanted))
    return list(db.session.scalars(query.order_by(User.id).limit(MOST_PEOPLE)))


def own_events(actor: Actor) -> Select[*tuple[Any, ...]]:
    """What the reader did."""
    return select(*EVENT_COLUMNS).where(AuditEvent.actor_id == actor.id)


def page_of_events(query: Select[*tuple[Any, ...]], arguments: Mapping[str, str], path: str) -> Listing:
    """A page of the log, newest first."""
    return listing.build(
        query,
        key=AuditEvent.id,
        sorts={"newest": Sort(AuditEvent.id, descending=True)},
        default="newest",
        arguments=arguments,
        path=path,
    )


def all_events(query: Select[*tuple[Any, ...]]) -> Iterator[Row[*tuple[Any, ...]]]:
    """Every entry that fits, newest first, read as it is asked for."""
    newest_first = query.order_by(AuditEvent.id.desc()).execution_options(yield_per=1000)
    yield from db.session.execute(newest_first)


def mails_open_to(actor: Actor) -> ColumnElement[bool]:
    """All mails for JST; for hosts those to the staff of their own institutions."""
    scopes = {MATRIX.get(grant.role, {}).get("mail:view") for grant in actor.grants}
    if Scope.ANY in scopes:
        return OutboxMessage.id.is_not(None)
    own = actor.institution_ids("mail:view")
    if not own:
        return false()
    return OutboxMessage.recipient_id.in_(select(RoleGrant.user_id).where(RoleGrant.institution_id.in_(own)))


def mails(actor: Actor, *, state: MailState | None = None) -> Select[*tuple[Any, ...]]:
    """The mails the reader may know of."""
    query = select(*MAIL_COLUMNS).where(mails_open_to(actor))
    return query if state is None else query.where(OutboxMessage.state == state)


def mail(actor: Actor, public_id: str) -> OutboxMessage:
    """A mail the reader may know of. Raises: NotFound."""
    query = select(OutboxMessage).where(OutboxMessage.public_id == public_id, mails_open_to(actor))
    found = db.session.scalar(query)
    if found is None:
        raise NotFound()
    return found


def jobs(_actor: Actor, *, state: JobState | None = None) -> Select[*tuple[Any, ...]]:
    """The background jobs: for those who look after them, who alone may open the list."""
    query = select(*JOB_COLUMNS)
    return query if state is None else query.where(BackgroundJob.state == state)


def job(actor: Actor, public_id: str) -> BackgroundJob:
    """A job of the reader's own, or any job for those who look after them. Raises: NotFound."""
    found = db.session.scalar(select(BackgroundJob).where(BackgroundJob.public_id == public_id))
    is_own = found is not None and actor.id is not None and found.owner_id == actor.id
    if found is None or not (is_own or actor.may("job:view")):
        raise NotFound()
    return found
