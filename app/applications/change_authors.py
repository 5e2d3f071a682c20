"""Who changed which section of a plan when, read out of the audit log: the host's staff and the partners alike."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from app.applications import partner_links, partner_part
from app.applications.changes import FIELDS
from app.applications.models import Application
from app.applications.vocabulary import SECTION_LABELS
from app.core.audit import AuditEvent
from app.core.db import db

BY_PARTNER = "partner:fill-in"
CHANGING = ("application:edit", BY_PARTNER, "file:add", "file:remove", "file:replace")
SUBMITTED = "application:submit"
_SECTIONS = {name: section for section, fields in FIELDS.items() for name in fields}
_OF_PARTNERS = {*partner_part.FIELDS, "pledge", "pledge_name"}


@dataclass(frozen=True, slots=True)
class Author:
    """Somebody who changed a section, and the last time they did."""

    name: str
    at: datetime
    is_partner: bool


def since(application: Application, moment: datetime | None) -> dict[str, list[Author]]:
    """The people behind the changes after a moment (None: ever), by section; the latest first. One query."""
    return _by_section(_events(application, *([AuditEvent.at >= moment] if moment is not None else [])))


def between_submissions(application: Application) -> dict[str, list[Author]]:
    """The same for what was changed between the last two submissions."""
    query = select(AuditEvent.id).where(
        AuditEvent.subject_type == Application.__tablename__,
        AuditEvent.subject_id == application.id,
        AuditEvent.verb == SUBMITTED,
    )
    last = db.session.scalars(query.order_by(AuditEvent.id.desc()).limit(2)).all()
    return _by_section(_events(application, AuditEvent.id.between(last[1], last[0]))) if len(last) > 1 else {}


def _events(application: Application, *conditions: object) -> Iterable[AuditEvent]:
    query = select(AuditEvent).where(
        AuditEvent.subject_type == Application.__tablename__,
        AuditEvent.subject_id == application.id,
        AuditEvent.verb.in_(CHANGING),
        *conditions,  # type: ignore[arg-type]
    )
    return db.session.scalars(query.order_by(AuditEvent.id.desc()))


def _by_section(events: Iterable[AuditEvent]) -> dict[str, list[Author]]:
    found: dict[str, list[Author]] = {}
    for event in events:
        is_partner = event.actor_name.startswith(partner_links.NAME_OF_ACTOR)
        author = Author(event.actor_name.removeprefix(partner_links.NAME_OF_ACTOR), event.at, is_partner)
        for section in dict.fromkeys(section_of(name, is_partner=is_partner) for name in event.changes):
            known = found.setdefault(section, [])
            if all((other.name, other.is_partner) != (author.name, is_partner) for other in known):
                known.append(author)
    return found


def section_of(name: str, *, is_partner: bool) -> str:
    """The section a field or table of the audit log belongs to; what no section names is one of the safety answers."""
    if name == "files":
        return name
    if is_partner and name in _OF_PARTNERS:
        return "partners"
    return name if name in SECTION_LABELS else _SECTIONS.get(name, "safety")
