"""What lies in the database once the noise is over, looked at from outside the application."""

from datetime import datetime

from sqlalchemy import Engine, func, select, text
from sqlalchemy.orm import Session

from app import tables
from app.applications.models import Application, ApplicationState
from app.core.audit import AuditEvent
from app.core.idempotency import SubmissionKey
from app.core.outbox import OutboxMessage

RECEIPT_MAIL = "application_received"
assert tables  # the mapped classes of all features must be known before one is asked for


def entries_of(session: Session, verb: str, plan: int) -> list[AuditEvent]:
    """The audit entries of a verb on a plan, oldest first."""
    query = select(AuditEvent).where(
        AuditEvent.subject_type == "application", AuditEvent.subject_id == plan, AuditEvent.verb == verb
    )
    return list(session.scalars(query.order_by(AuditEvent.id)))


def faults_of_plan(
    session: Session, public_id: str, mails: int, received: bool, closes_at: datetime | None = None
) -> list[str]:
    """What is wrong with a plan whose submission was acknowledged (`received`) or not, by row, audit entry and mails.

    `mails` is the number of people who get the receipt; `closes_at` the first instant that is too late.
    """
    plan = session.scalars(select(Application).where(Application.public_id == public_id)).one()
    entries = len(entries_of(session, "application:submit", plan.id))
    addresses = session.scalars(
        select(OutboxMessage.recipient_address).where(
            OutboxMessage.template == RECEIPT_MAIL,
            OutboxMessage.subject_type == "application",
            OutboxMessage.subject_id == plan.id,
        )
    ).all()
    if not received:
        is_clean = plan.state is ApplicationState.DRAFT and not plan.reference and not entries and not addresses
        return [] if is_clean else [f"was not received, and is {plan.state} with {entries} audit entries"]
    found = []
    if plan.state is not ApplicationState.SUBMITTED or not plan.reference or not plan.snapshot_sha256:
        found.append(f"was acknowledged, and is {plan.state} with number {plan.reference}")
    if entries != 1:
        found.append(f"has {entries} audit entries of its submission")
    if len(addresses) != mails or len(set(addresses)) != mails:
        found.append(f"has {len(addresses)} mails of receipt for {mails} people")
    if closes_at is not None and plan.submitted_at is not None and plan.submitted_at >= closes_at:
        found.append(f"was received at {plan.submitted_at}, after the closing at {closes_at}")
    return found


def faults_of_numbers(engine: Engine) -> list[str]:
    """References are unique and without gaps; no form's key was claimed without leading anywhere."""
    with Session(engine) as session:
        references = session.scalars(select(Application.reference).where(Application.reference.is_not(None))).all()
        claimed = session.scalar(select(func.count(SubmissionKey.id)).where(SubmissionKey.result_url == ""))
    numbers = sorted(int(reference.rsplit("-", 1)[1]) for reference in references if reference)
    found = [] if numbers == list(range(1, len(numbers) + 1)) else [f"the numbers have gaps or doubles: {numbers}"]
    return [*found, f"{claimed} keys lead nowhere"] if claimed else found


def faults_of_file(engine: Engine) -> list[str]:
    """What SQLite itself finds wrong with its file; PostgreSQL has recovered if it answers at all."""
    if engine.dialect.name != "sqlite":
        return []
    with engine.connect() as connection:
        answer = connection.execute(text("PRAGMA integrity_check")).scalars().all()
        orphans = connection.execute(text("PRAGMA foreign_key_check")).all()
    found = [] if answer == ["ok"] else [f"integrity_check says {answer[:5]}"]
    return [*found, f"{len(orphans)} rows point nowhere"] if orphans else found
