"""外国ユーザーリスト and what it says of our plans: dated editions, their bodies, a case for each plan, notes.

Whoever is not a screening officer knows of a case what `result` says, and the host what it is asked to do.
"""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, Date, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.ext.hybrid import hybrid_method
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.applications.models import Application
from app.core import clock, crypto
from app.core.authz import Actor, Scope
from app.core.db import Base, Public, Timestamped, Versioned
from app.core.storage import StoredFile
from app.screening.matching import Kind
from app.screening.vocabulary import RESULTS, CaseState, EditionState, NoteKind, Result, Source


class ListEdition(Public, Timestamped, Versioned, Base):
    """An edition of the foreign user list, from the file it was read from. It is never deleted."""

    __tablename__ = "list_edition"
    __table_args__ = (
        CheckConstraint("in_force_on >= dated_on", name="in_force_after_its_day"),
        CheckConstraint("(state = 'imported') = (imported_at IS NOT NULL)", name="imported_has_a_time"),
        Index("ix_list_edition_state", "state", "dated_on", "id"),
        Index("ix_list_edition_sha256", "sha256"),
    )

    state: Mapped[EditionState] = mapped_column(default=EditionState.CHECKED)
    dated_on: Mapped[date] = mapped_column(Date)
    in_force_on: Mapped[date] = mapped_column(Date)
    stored_file_id: Mapped[int] = mapped_column(ForeignKey("stored_file.id"))
    sha256: Mapped[str] = mapped_column(String(64))
    bodies: Mapped[int] = mapped_column(default=0)
    differences: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)  # as `differences.plain` keeps them
    compared_with_id: Mapped[int | None] = mapped_column(ForeignKey("list_edition.id"))
    uploaded_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    uploaded_by_name: Mapped[str] = mapped_column(String(200), default="")
    imported_at: Mapped[datetime | None]

    stored_file: Mapped[StoredFile] = relationship()
    compared_with: Mapped["ListEdition | None"] = relationship(remote_side="ListEdition.id")

    @hybrid_method
    def within(self, scope: Scope, actor: Actor, institution_id: int | None) -> Any:
        return False


class ListedBody(Base):
    """A line of an edition. `digest`: what tells whether it is the same as in another edition."""

    __tablename__ = "listed_body"
    __table_args__ = (UniqueConstraint("edition_id", "number"),)

    edition_id: Mapped[int] = mapped_column(ForeignKey("list_edition.id"))
    number: Mapped[int]
    country: Mapped[str] = mapped_column(String(200), default="")  # as the list words it
    name: Mapped[str] = mapped_column(String(500))
    aliases: Mapped[list[str]] = mapped_column(JSON, default=list)
    categories: Mapped[list[str]] = mapped_column(JSON, default=list)
    digest: Mapped[str] = mapped_column(String(64))


class ScreeningCase(Public, Timestamped, Versioned, Base):
    """How a plan stands with the list. A hold ends only by two persons."""

    __tablename__ = "screening_case"
    __table_args__ = (
        CheckConstraint("state <> 'conditions' OR host_action <> ''", name="conditions_say_what_to_do"),
        CheckConstraint(
            "state NOT IN ('cleared', 'conditions', 'hold') OR decided_at IS NOT NULL", name="judged_has_a_time"
        ),
        CheckConstraint("(lift_proposed_at IS NULL) = (lift_to IS NULL)", name="proposal_whole"),
        CheckConstraint("lift_to IS NULL OR state = 'hold'", name="only_a_hold_is_lifted"),
        Index("ix_screening_case_state", "state", "waiting_since", "id"),
    )

    application_id: Mapped[int] = mapped_column(ForeignKey("application.id", ondelete="CASCADE"), unique=True)
    state: Mapped[CaseState] = mapped_column(default=CaseState.CLEAR)
    edition_id: Mapped[int] = mapped_column(ForeignKey("list_edition.id"), index=True)
    screened_at: Mapped[datetime] = mapped_column(default=clock.now)
    waiting_since: Mapped[datetime] = mapped_column(default=clock.now)  # since when a person has had to look
    decided_at: Mapped[datetime | None]
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    host_action: Mapped[str] = mapped_column(Text, default="")  # what the host is to do: the host reads it
    lift_to: Mapped[CaseState | None]
    lift_proposed_at: Mapped[datetime | None]
    lift_proposed_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    lift_action: Mapped[str] = mapped_column(Text, default="")

    application: Mapped[Application] = relationship()
    edition: Mapped[ListEdition] = relationship()
    hits: Mapped[list["ScreeningHit"]] = relationship(
        back_populates="case", cascade="all, delete-orphan", order_by="ScreeningHit.id"
    )
    notes: Mapped[list["ScreeningNote"]] = relationship(
        back_populates="case", cascade="all, delete-orphan", order_by="ScreeningNote.id"
    )

    @property
    def result(self) -> Result:
        """What JST outside the desk is told."""
        return RESULTS[self.state]

    @property
    def found_now(self) -> list["ScreeningHit"]:
        """What resembles the list as it is now, the likest first."""
        present = [hit for hit in self.hits if hit.gone_at is None]
        return sorted(present, key=lambda hit: (-hit.likeness, hit.id or 0))

    @hybrid_method
    def within(self, scope: Scope, actor: Actor, institution_id: int | None) -> Any:
        return False


class ScreeningHit(Base):
    """A name of the plan and the listed body it resembles, both as they stood: evidence is kept, not looked up."""

    __tablename__ = "screening_hit"
    __table_args__ = (
        UniqueConstraint("case_id", "fingerprint"),
        CheckConstraint("likeness > 0 AND likeness <= 100", name="likeness_in_percent"),
    )

    case_id: Mapped[int] = mapped_column(ForeignKey("screening_case.id", ondelete="CASCADE"))
    fingerprint: Mapped[str] = mapped_column(String(64))  # the same as long as name and listed body are
    source: Mapped[Source]
    about: Mapped[str] = mapped_column(String(300), default="")  # the partner a name belongs to
    asked_name: Mapped[str] = mapped_column(String(300))
    edition_id: Mapped[int] = mapped_column(ForeignKey("list_edition.id"))
    number: Mapped[int]
    listed_as: Mapped[str] = mapped_column(String(500))  # the name or alias that is alike
    listed_name: Mapped[str] = mapped_column(String(500))
    aliases: Mapped[list[str]] = mapped_column(JSON, default=list)
    country: Mapped[str] = mapped_column(String(200), default="")
    categories: Mapped[list[str]] = mapped_column(JSON, default=list)
    kind: Mapped[Kind]
    likeness: Mapped[int]  # percent
    found_at: Mapped[datetime] = mapped_column(default=clock.now)
    judged_at: Mapped[datetime | None]
    gone_at: Mapped[datetime | None]

    case: Mapped[ScreeningCase] = relationship(back_populates="hits")

    @property
    def is_new(self) -> bool:
        """Whether nobody has judged it yet."""
        return self.gone_at is None and self.judged_at is None


class ScreeningNote(Public, Base):
    """What the desk writes down (class A, row 42): sealed, for screening officers."""

    __tablename__ = "screening_note"
    __table_args__ = (Index("ix_screening_note_case_id", "case_id", "id"),)

    case_id: Mapped[int] = mapped_column(ForeignKey("screening_case.id", ondelete="CASCADE"))
    kind: Mapped[NoteKind] = mapped_column(default=NoteKind.REMARK)
    sealed_text: Mapped[str] = mapped_column(Text)
    written_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    written_by_name: Mapped[str] = mapped_column(String(200), default="")
    written_at: Mapped[datetime] = mapped_column(default=clock.now)

    case: Mapped[ScreeningCase] = relationship(back_populates="notes")

    def seal(self, text: str) -> None:
        """Keep the text so that only this row opens it."""
        self.sealed_text = crypto.seal(text, **self._place)

    @property
    def text(self) -> str:
        """The note in plain words, for whom the caller's permission was asked."""
        return crypto.open_(self.sealed_text, **self._place)

    @property
    def _place(self) -> dict[str, str]:
        return {"table": self.__tablename__, "column": "sealed_text", "row_public_id": self.public_id}


__all__ = ["Kind", "ListEdition", "ListedBody", "ScreeningCase", "ScreeningHit", "ScreeningNote"]
