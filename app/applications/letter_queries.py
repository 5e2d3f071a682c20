"""Every SELECT on letters: the texts in force in a round, letters of plans, notes, and mails that did not arrive."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from sqlalchemy import Row, and_, func, or_, select
from sqlalchemy.orm import joinedload

from app.applications.letter_models import LetterNote, LetterText, ResultLetter
from app.applications.letter_words import LetterKind
from app.applications.models import Application
from app.calls.models import Call
from app.core.db import db
from app.core.outbox import MailState, OutboxMessage

FIELDS = ("subject_ja", "body_ja", "subject_en", "body_en")
SEED = Path(__file__).with_name("seed") / "letters.json"
#: The mails that carry a letter.
TEMPLATES = ("application_adopted", "application_reserve", "application_declined", "application_changed")
MOST_SHOWN = 200  # letters of a round that did not arrive


@dataclass(frozen=True, slots=True)
class InForce:
    """The text of a kind of letter as a round uses it. `row` is its own, `source` the round it was written for."""

    kind: LetterKind
    subject_ja: str
    body_ja: str
    subject_en: str
    body_en: str
    row: LetterText | None = None
    source: Call | None = None

    @property
    def version(self) -> int:
        """The version of the round's own text; 0 while it has none."""
        return self.row.version if self.row is not None else 0

    @property
    def stored(self) -> dict[str, str]:
        """Its words by field."""
        return {name: getattr(self, name) for name in FIELDS}


@lru_cache(maxsize=1)
def defaults() -> dict[str, dict[str, str]]:
    """The programme's own texts by kind, before anybody has written others."""
    content: dict[str, dict[str, str]] = json.loads(SEED.read_text(encoding="utf-8"))
    return content


def texts(call: Call) -> dict[LetterKind, InForce]:
    """The texts of a round: its own, else those written for the newest round before it, else the programme's."""
    query = (
        select(LetterText)
        .join(Call, Call.id == LetterText.call_id)
        .where(or_(Call.opens_at < call.opens_at, Call.id == call.id))
        .options(joinedload(LetterText.call))
        .order_by(Call.opens_at.desc(), Call.id.desc())
    )
    rows = sorted(db.session.scalars(query), key=lambda row: row.call_id != call.id)
    found: dict[LetterKind, InForce] = {}
    for row in rows:
        words: dict[str, Any] = {name: getattr(row, name) for name in FIELDS}
        own = row if row.call_id == call.id else None
        found.setdefault(row.kind, InForce(row.kind, **words, row=own, source=row.call))
    return {kind: found.get(kind) or _default(kind) for kind in LetterKind}


def _default(kind: LetterKind) -> InForce:
    words: dict[str, Any] = dict(defaults()[kind])
    return InForce(kind, **words)


def letters_of(application: Application) -> Sequence[ResultLetter]:
    """The letters of a plan with their files, the newest first; none before its result is released."""
    query = (
        select(ResultLetter)
        .where(ResultLetter.application_id == application.id)
        .options(joinedload(ResultLetter.file_ja), joinedload(ResultLetter.file_en))
    )
    return db.session.scalars(query.order_by(ResultLetter.number.desc())).all()


def newest(application: Application) -> ResultLetter | None:
    """The letter that holds for a plan now."""
    return next(iter(letters_of(application)), None)


def notes(application: Application, number: int) -> dict[str, LetterNote]:
    """The words for one recipient each that go with a letter, by recipient."""
    query = select(LetterNote).where(LetterNote.application_id == application.id, LetterNote.number == number)
    return {note.recipient: note for note in db.session.scalars(query)}


def mails_of(application: Application) -> Sequence[OutboxMessage]:
    """The mails that carried letters of a plan, the newest first."""
    query = select(OutboxMessage).where(_carries_a_letter(), OutboxMessage.subject_id == application.id)
    return db.session.scalars(query.order_by(OutboxMessage.id.desc())).all()


def not_arrived(call: Call) -> list[Row[Any]]:
    """The letters of a round that were refused or came back and nobody has sent again: (mail, plan)."""
    query = (
        select(OutboxMessage, Application)
        .join(Application, Application.id == OutboxMessage.subject_id)
        .where(_is_lost(), Application.call_id == call.id)
    )
    return list(db.session.execute(query.order_by(Application.reference, OutboxMessage.id).limit(MOST_SHOWN)))


def lost_by_round() -> list[Row[Any]]:
    """How many letters of each round did not arrive and wait for somebody, the newest round in front."""
    query = (
        select(Call.public_id, Call.fiscal_year, Call.label, func.count().label("number"))
        .select_from(OutboxMessage)
        .join(Application, Application.id == OutboxMessage.subject_id)
        .join(Call, Call.id == Application.call_id)
        .where(_is_lost())
        .group_by(Call.id, Call.public_id, Call.fiscal_year, Call.label)
    )
    return list(db.session.execute(query.order_by(Call.id.desc())))


def _is_lost() -> Any:
    went_wrong = or_(OutboxMessage.state == MailState.FAILED, OutboxMessage.bounced_at.is_not(None))
    return and_(_carries_a_letter(), OutboxMessage.resent_at.is_(None), went_wrong)


def _carries_a_letter() -> Any:
    return and_(OutboxMessage.subject_type == Application.__tablename__, OutboxMessage.template.in_(TEMPLATES))


def mail(application: Application, public_id: str) -> OutboxMessage | None:
    """A mail that carried a letter of the plan."""
    query = select(OutboxMessage).where(
        _carries_a_letter(), OutboxMessage.subject_id == application.id, OutboxMessage.public_id == public_id
    )
    return db.session.scalar(query)
