"""審査結果のお知らせ: the texts of a round, a word for one recipient, and every letter as it went out."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.applications.letter_words import LetterKind
from app.applications.models import Application, Outcome
from app.calls.models import Call
from app.core.db import Base, Public, Timestamped, Versioned
from app.core.storage import StoredFile


class LetterText(Timestamped, Versioned, Base):
    """What the letters of one kind say in a round. A round without its own text uses that of the round before it."""

    __tablename__ = "letter_text"
    __table_args__ = (
        UniqueConstraint("call_id", "kind"),
        CheckConstraint("subject_ja <> '' AND subject_en <> ''", name="has_subjects"),
        CheckConstraint("body_ja <> '' AND body_en <> ''", name="has_texts"),
    )

    call_id: Mapped[int] = mapped_column(ForeignKey("call.id", ondelete="CASCADE"))
    kind: Mapped[LetterKind]
    subject_ja: Mapped[str] = mapped_column(String(200))
    body_ja: Mapped[str] = mapped_column(Text)
    subject_en: Mapped[str] = mapped_column(String(200))
    body_en: Mapped[str] = mapped_column(Text)

    call: Mapped[Call] = relationship()


class LetterNote(Timestamped, Versioned, Base):
    """A word for one recipient that goes with the next letter: `number` is that letter's, `recipient` a key."""

    __tablename__ = "letter_note"
    __table_args__ = (UniqueConstraint("application_id", "number", "recipient"),)

    application_id: Mapped[int] = mapped_column(ForeignKey("application.id", ondelete="CASCADE"))
    number: Mapped[int]
    recipient: Mapped[str] = mapped_column(String(40))  # as `letter_recipients.Recipient.key`
    text: Mapped[str] = mapped_column(Text, default="")


class ResultLetter(Public, Base):
    """A letter as it was sent, in both languages. Its texts and files are never made anew.

    `stamp` is the digest of the decision it tells of: the same decision is never told twice.
    """

    __tablename__ = "result_letter"
    __table_args__ = (UniqueConstraint("application_id", "number"),)

    application_id: Mapped[int] = mapped_column(ForeignKey("application.id", ondelete="CASCADE"))
    number: Mapped[int]  # of the letters of a plan, from 1
    kind: Mapped[LetterKind]
    outcome: Mapped[Outcome]
    stamp: Mapped[str] = mapped_column(String(64))
    subject_ja: Mapped[str] = mapped_column(Text)
    body_ja: Mapped[str] = mapped_column(Text)
    subject_en: Mapped[str] = mapped_column(Text)
    body_en: Mapped[str] = mapped_column(Text)
    written_at: Mapped[datetime]
    file_ja_id: Mapped[int | None] = mapped_column(ForeignKey("stored_file.id"))
    file_en_id: Mapped[int | None] = mapped_column(ForeignKey("stored_file.id"))

    application: Mapped[Application] = relationship()
    file_ja: Mapped[StoredFile | None] = relationship(foreign_keys=[file_ja_id])
    file_en: Mapped[StoredFile | None] = relationship(foreign_keys=[file_en_id])

    def said(self, language: str) -> tuple[str, str]:
        """Subject and text in a language."""
        return (self.subject_ja, self.body_ja) if language == "ja" else (self.subject_en, self.body_en)

    def file(self, language: str) -> StoredFile | None:
        """The letter as PDF in a language."""
        return self.file_ja if language == "ja" else self.file_en
