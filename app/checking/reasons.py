"""Reasons that come again: kept from a remark, picked into a field, edited, retired. Shared by all coordinators."""

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import or_, select

from app.applications.vocabulary import SECTION_LABELS
from app.calls.models import CourseCode
from app.checking.models import CheckReason
from app.core import audit, authz, clock
from app.core.authz import Actor
from app.core.db import db
from app.core.errors import Refused, Stale
from app.core.i18n import language

MOST = 200
FIELDS = ("course", "section", "clause", "text_ja", "text_en")


def listed(course: CourseCode | None = None, *, with_retired: bool = False) -> list[CheckReason]:
    """The reasons in use: all, or those for a course with those for every course; by place."""
    query = select(CheckReason)
    if course is not None:
        query = query.where(or_(CheckReason.course.is_(None), CheckReason.course == course))
    if not with_retired:
        query = query.where(CheckReason.retired_at.is_(None))
    return list(db.session.scalars(query.order_by(CheckReason.section, CheckReason.id).limit(MOST)))


def keep(actor: Actor, texts: Mapping[str, str], *, course: CourseCode, section: str) -> CheckReason:
    """Keep a remark as it stands in a form (`text_ja`, `text_en`, or one of them); the other is added later.

    Raises: Forbidden; Refused without a text, or where the same words are kept already.
    """
    said: dict[str, Any] = {"course": course, "section": section, **texts}
    return save(actor, None, **said)


def save(actor: Actor, reason: CheckReason | None, *, version: int | None = None, **said: Any) -> CheckReason:
    """Add a reason, or change one. `said`: course (None for all), section, clause, text_ja, text_en.

    Raises: Forbidden; Stale when somebody changed it meanwhile; Refused.
    """
    authz.require_role(actor, "application:check")
    if reason is not None and version is not None and reason.version != version:
        raise Stale()
    _require_sense(reason, said)
    assert actor.id is not None
    is_new = reason is None
    row = reason or CheckReason(made_by_id=actor.id)
    for name in FIELDS:
        if name in said:
            setattr(row, name, said[name])
    changes = audit.changes_of(row)
    db.session.add(row)
    db.session.flush()
    audit.record(actor, "reason:keep" if is_new else "reason:edit", row, changes={} if is_new else changes)
    return row


def _require_sense(reason: CheckReason | None, said: Mapping[str, Any]) -> None:
    texts = [str(said.get(name) or "").strip() for name in ("text_ja", "text_en")]
    if not any(texts):
        raise Refused({f"text_{language()}": [_("Write the reason in at least one language.")]})
    if said.get("section", "") not in ("", *SECTION_LABELS):
        raise Refused({"section": [_("Choose one from the list.")]})
    same = select(CheckReason.id).where(
        CheckReason.course == said.get("course"),
        CheckReason.section == said.get("section", ""),
        or_(*(getattr(CheckReason, name) == said[name] for name in ("text_ja", "text_en") if said.get(name))),
        CheckReason.retired_at.is_(None),
        CheckReason.id != (reason.id if reason is not None else 0),
    )
    if db.session.scalar(same.limit(1)) is not None:
        raise Refused({"": [_("These words are kept already.")]})


def retire(actor: Actor, reason: CheckReason, *, again: bool = False) -> None:
    """Offer a reason no more, or (`again`) once more. What was written with it stays. Raises: Forbidden."""
    authz.require_role(actor, "application:check")
    reason.retired_at = None if again else clock.now()
    audit.record(actor, "reason:renew" if again else "reason:retire", reason)
