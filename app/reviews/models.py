"""The register of outside experts, their conflicts, and which plans they are given to read.

A conflict is a filter of the data: a row of `ReviewAssignment` with a conflict does not exist for its expert.
"""

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, Date, ForeignKey, Index, String, Text, UniqueConstraint, and_, exists, select
from sqlalchemy.ext.hybrid import hybrid_method
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.applications.models import Application
from app.calls.models import Call
from app.core import clock
from app.core.authz import Actor, Scope, model_of
from app.core.db import Base, Public, Timestamped, Versioned
from app.core.i18n import localized
from app.directory.models import Organization
from app.reviews.vocabulary import TOLD, AssignmentState, ConflictReason, ReviewerState


class Reviewer(Public, Timestamped, Versioned, Base):
    """審査員: an outside expert. What the expert may see follows from assignments, never from this row."""

    __tablename__ = "reviewer"
    __table_args__ = (
        CheckConstraint("email = lower(email)", name="email_is_folded"),
        CheckConstraint("capacity >= 0", name="capacity_counted"),
        CheckConstraint("term_until IS NULL OR term_from IS NULL OR term_until >= term_from", name="term_in_order"),
        Index("ix_reviewer_state", "state", "sort_name", "id"),
    )

    user_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"), unique=True)  # None until signed in once
    state: Mapped[ReviewerState] = mapped_column(default=ReviewerState.INVITED)
    name_ja: Mapped[str] = mapped_column(String(120), default="")
    name_en: Mapped[str] = mapped_column(String(120), default="")
    email: Mapped[str] = mapped_column(String(254), unique=True)
    locale: Mapped[str] = mapped_column(String(5), default="ja")
    organization_id: Mapped[int | None] = mapped_column(ForeignKey("organization.id"), index=True)
    affiliation: Mapped[str] = mapped_column(String(300), default="")  # as typed, where not in the directory
    position: Mapped[str] = mapped_column(String(120), default="")
    reads_japanese: Mapped[bool] = mapped_column(default=True)
    reads_english: Mapped[bool] = mapped_column(default=True)
    capacity: Mapped[int] = mapped_column(default=15)  # plans of a round at most
    term_from: Mapped[date | None] = mapped_column(Date)
    term_until: Mapped[date | None] = mapped_column(Date)
    note: Mapped[str] = mapped_column(Text, default="")  # for JST
    sort_name: Mapped[str] = mapped_column(String(200), default="")
    search_text: Mapped[str] = mapped_column(default="")

    organization: Mapped[Organization | None] = relationship()
    fields: Mapped[list["ReviewerField"]] = relationship(
        back_populates="reviewer", cascade="all, delete-orphan", order_by="ReviewerField.field_of_science"
    )
    absences: Mapped[list["ReviewerAbsence"]] = relationship(back_populates="reviewer", cascade="all, delete-orphan")

    @property
    def name(self) -> str:
        return localized(self.name_ja, self.name_en)

    @hybrid_method
    def within(self, scope: Scope, actor: Actor, institution_id: int | None) -> Any:
        return self.user_id == actor.id if scope in (Scope.SELF, Scope.ASSIGNED) else False


class ReviewerField(Base):
    """A field of science an expert judges (`applications.vocabulary.FIELD_LABELS`)."""

    __tablename__ = "reviewer_field"
    __table_args__ = (UniqueConstraint("reviewer_id", "field_of_science"),)

    reviewer_id: Mapped[int] = mapped_column(ForeignKey("reviewer.id", ondelete="CASCADE"))
    field_of_science: Mapped[str] = mapped_column(String(40))

    reviewer: Mapped[Reviewer] = relationship(back_populates="fields")


class ReviewerAbsence(Base):
    """A round for which an expert has no time."""

    __tablename__ = "reviewer_absence"
    __table_args__ = (UniqueConstraint("reviewer_id", "call_id"),)

    reviewer_id: Mapped[int] = mapped_column(ForeignKey("reviewer.id", ondelete="CASCADE"))
    call_id: Mapped[int] = mapped_column(ForeignKey("call.id", ondelete="CASCADE"), index=True)

    reviewer: Mapped[Reviewer] = relationship(back_populates="absences")
    call: Mapped[Call] = relationship()


class Conflict(Timestamped, Base):
    """利益相反: an expert may not read a plan. Nobody can override it (authorization contract, row 28)."""

    __tablename__ = "conflict"
    __table_args__ = (
        UniqueConstraint("reviewer_id", "application_id", "reason"),
        Index("ix_conflict_application_id", "application_id", "reviewer_id"),
    )

    reviewer_id: Mapped[int] = mapped_column(ForeignKey("reviewer.id", ondelete="CASCADE"))
    application_id: Mapped[int] = mapped_column(ForeignKey("application.id", ondelete="CASCADE"))
    reason: Mapped[ConflictReason]
    note: Mapped[str] = mapped_column(Text, default="")
    declared_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))  # None: detected

    reviewer: Mapped[Reviewer] = relationship()
    application: Mapped[Application] = relationship()


class ReviewAssignment(Public, Timestamped, Versioned, Base):
    """One plan given to one expert to read. Scores hang on it (`scoring_models.Review`)."""

    __tablename__ = "review_assignment"
    __table_args__ = (
        UniqueConstraint("application_id", "reviewer_id"),
        CheckConstraint("state = 'proposed' OR sent_at IS NOT NULL", name="sent_has_a_time"),
        Index("ix_review_assignment_reviewer", "reviewer_id", "state", "id"),
        Index("ix_review_assignment_call", "call_id", "state", "id"),
    )

    call_id: Mapped[int] = mapped_column(ForeignKey("call.id"))  # the plan's round: lists need no join
    application_id: Mapped[int] = mapped_column(ForeignKey("application.id", ondelete="CASCADE"))
    reviewer_id: Mapped[int] = mapped_column(ForeignKey("reviewer.id"))
    state: Mapped[AssignmentState] = mapped_column(default=AssignmentState.PROPOSED)
    due_on: Mapped[date | None] = mapped_column(Date)
    assigned_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    sent_at: Mapped[datetime | None]
    answered_at: Mapped[datetime | None]
    completed_at: Mapped[datetime | None]
    reminded_at: Mapped[datetime | None]
    reason: Mapped[str] = mapped_column(Text, default="")  # why it was not taken on, or set aside

    call: Mapped[Call] = relationship()
    application: Mapped[Application] = relationship()
    reviewer: Mapped[Reviewer] = relationship()

    @hybrid_method
    def within(self, scope: Scope, actor: Actor, institution_id: int | None) -> Any:
        """`ASSIGNED`: sent to the expert who acts, within the expert's term, and free of any conflict, now.

        Always an expression, for single rows too: what counts is what the tables say at this moment.
        """
        if scope is not Scope.ASSIGNED or actor.id is None:
            return False
        model = model_of(self)
        own = select(Reviewer.id).where(
            Reviewer.user_id == actor.id,
            Reviewer.state != ReviewerState.ENDED,
            (Reviewer.term_until.is_(None)) | (Reviewer.term_until >= clock.today()),
        )
        in_conflict = exists().where(
            Conflict.reviewer_id == model.reviewer_id, Conflict.application_id == model.application_id
        )
        return and_(model.reviewer_id.in_(own), model.state.in_(TOLD), ~in_conflict)
