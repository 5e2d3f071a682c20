"""What is typed is kept while it is typed: each page parks its fields for its writer alone, and never in the plan.

A parked text is no change of the plan: it leaves no audit entry, moves no version, and nobody else ever reads it. It
goes when its page is saved, when its writer throws it away, or after a month.
"""

import json
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import delete, select

from app.applications import plan_service
from app.applications.models import Application
from app.applications.parked_model import ParkedText
from app.core import clock, crypto, limits
from app.core.authz import Actor
from app.core.db import PUBLIC_ID_ALPHABET, db, new_public_id
from app.core.errors import NotFound, Refused

KEEP = timedelta(days=30)
MOST_BYTES = 400_000
MOST_PAGES = 5  # texts of one person in one section; the oldest goes when another comes
RATE = ("park", 60, timedelta(minutes=1))
Fields = Sequence[tuple[str, str]]


def page_name(sent: str) -> str:
    """The name of a page that edits a section: the one it was given before, or a new one."""
    is_name = len(sent) == 16 and set(sent) <= set(PUBLIC_ID_ALPHABET)
    return sent if is_name else new_public_id()


def park(
    actor: Actor, application: Application, section: str, fields: Fields, *, page: str, version: int | None
) -> ParkedText:
    """Keep the fields of a page as they stand now. `page`: the name the page was given; `version`: what it began from.

    Raises: Forbidden; TransitionNotAllowed when the plan cannot be edited now; TooMany; NotFound for another's page;
    Refused for what is too long to be kept.
    """
    plan_service.require_open(actor, application)
    page = page_name(page)
    limits.hit(RATE[0], str(actor.id), *RATE[1:])
    text = json.dumps([list(pair) for pair in fields], ensure_ascii=False)
    if len(text.encode("utf-8")) > MOST_BYTES:
        raise Refused({"": [_("This is too long to be kept while you type: save it.")]})
    held = db.session.scalar(select(ParkedText).where(ParkedText.public_id == page))
    if held is None:
        held = ParkedText(public_id=page, application_id=application.id, user_id=actor.id, section=section)
        db.session.add(held)
    elif (held.application_id, held.user_id, held.section) != (application.id, actor.id, section):
        raise NotFound()
    held.base_version = application.version if version is None else version
    held.sealed_fields = crypto.seal(text, **_place(page))
    held.kept_at = clock.now()
    db.session.flush()
    for old in parked(actor, application, section)[MOST_PAGES:]:
        db.session.delete(old)
    return held


def parked(actor: Actor, application: Application, section: str) -> list[ParkedText]:
    """What the actor parked in a section, the newest first."""
    query = select(ParkedText).where(
        ParkedText.application_id == application.id, ParkedText.user_id == actor.id, ParkedText.section == section
    )
    return list(db.session.scalars(query.order_by(ParkedText.kept_at.desc(), ParkedText.id.desc())))


def fields_of(held: ParkedText) -> list[tuple[str, str]]:
    """The fields of a parked text; none when its key is gone: a text that does not open must not close the section."""
    try:
        pairs: list[list[str]] = json.loads(crypto.open_(held.sealed_fields, **_place(held.public_id)))
    except crypto.CryptoError:
        return []
    return [(name, text) for name, text in pairs]


def _place(page: str) -> dict[str, str]:
    return {"table": "parked_text", "column": "sealed_fields", "row_public_id": page}


def forget(actor: Actor, application: Application, page: str) -> None:
    """Throw a parked text of one's own away: its page was saved, or it is not wanted any more."""
    db.session.execute(
        delete(ParkedText).where(
            ParkedText.public_id == page,
            ParkedText.user_id == actor.id,
            ParkedText.application_id == application.id,
        )
    )


def sweep(now: datetime) -> int:
    """Delete what nobody came back for within a month, part of the caller's transaction. Returns how many texts."""
    removed: Any = db.session.execute(delete(ParkedText).where(ParkedText.kept_at < now - KEEP))
    return int(removed.rowcount)
