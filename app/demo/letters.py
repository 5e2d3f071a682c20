"""The letters of the demonstration: a round with words of its own, and one letter that came back."""

from sqlalchemy import select

from app.applications import letter_queries, letter_service
from app.applications.letter_words import LetterKind
from app.applications.models import Application
from app.calls.models import Call
from app.core import audit, clock
from app.core.authz import SYSTEM, Actor
from app.core.db import db
from app.core.outbox import OutboxMessage
from app.demo.cast import texts


def write(coordinator: Actor) -> None:
    """Say something more in the letters of the newest released round; have one of its mails come back."""
    released = select(Call).where(Call.released_at.is_not(None)).order_by(Call.opens_at.desc()).limit(1)
    call = db.session.scalar(released)
    if call is None:
        return
    said = texts()["letter"]
    for kind in (LetterKind.ADOPTED, LetterKind.CONDITIONS):
        words = letter_queries.texts(call)[kind].stored
        for language, before in (("ja", "【機構からのご連絡】"), ("en", "Message from the programme:")):
            body = words[f"body_{language}"]
            words[f"body_{language}"] = body.replace(before, f"{said[language]}\n\n{before}", 1)
        letter_service.save_text(coordinator, call, kind, version=0, **words)
    _come_back(call)


def _come_back(call: Call) -> None:
    query = (
        select(OutboxMessage)
        .join(Application, Application.id == OutboxMessage.subject_id)
        .where(OutboxMessage.template.in_(letter_queries.TEMPLATES), Application.call_id == call.id)
        .where(OutboxMessage.subject_type == Application.__tablename__, OutboxMessage.recipient_id.is_(None))
        .order_by(OutboxMessage.id)
        .limit(1)
    )
    mail = db.session.scalar(query)
    if mail is not None:
        mail.bounced_at, mail.bounce_status = clock.now(), "5.1.1"
        mail.bounce_text = "550 5.1.1 <…>: Recipient address rejected: User unknown in local recipient table"
        audit.record(SYSTEM, "mail:bounce", mail)
