"""承認: an approver of the host signs off a plan before it is submitted, asked by an editor or of their own accord."""

import enum
from datetime import datetime
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models import User
from app.applications.models import Application
from app.core.db import Base, Public, Versioned


class SignOffState(enum.StrEnum):
    AWAITING = "awaiting"
    SIGNED = "signed"
    SENT_BACK = "sent_back"
    TAKEN_BACK = "taken_back"  # by the editors, before it was answered

    @property
    def label(self) -> Any:
        return STATE_LABELS[self]


STATE_LABELS = {
    SignOffState.AWAITING: _l("Awaits sign-off"),
    SignOffState.SIGNED: _l("Signed off"),
    SignOffState.SENT_BACK: _l("Sent back by the approver"),
    SignOffState.TAKEN_BACK: _l("Request taken back"),
}
ONE_AT_A_TIME = text("state = 'awaiting'")


class SignOff(Public, Versioned, Base):
    """One sign-off: asked for, answered, used by one submission. It freezes nothing: it holds for this content only.

    `content` and its SHA-256 are the plan as it stood when it was asked for or, once answered, as the approver saw it.
    """

    __tablename__ = "plan_sign_off"
    __table_args__ = (
        CheckConstraint("(requested_at IS NULL) = (requested_by_id IS NULL)", name="asked_by_somebody"),
        CheckConstraint("(answered_at IS NULL) = (answered_by_id IS NULL)", name="answered_by_somebody"),
        CheckConstraint("(state IN ('signed', 'sent_back')) = (answered_at IS NOT NULL)", name="answer_is_dated"),
        CheckConstraint("state = 'signed' OR requested_at IS NOT NULL", name="asked_for_unless_signed"),
        CheckConstraint("state <> 'sent_back' OR reason <> ''", name="sent_back_with_a_reason"),
        CheckConstraint("submitted_at IS NULL OR state = 'signed'", name="submitted_once_signed"),
        Index("ix_plan_sign_off_application_id", "application_id", "id"),
        Index(
            "uq_plan_sign_off_awaiting",
            "application_id",
            unique=True,
            sqlite_where=ONE_AT_A_TIME,
            postgresql_where=ONE_AT_A_TIME,
        ),
    )

    application_id: Mapped[int] = mapped_column(ForeignKey("application.id", ondelete="CASCADE"))
    state: Mapped[SignOffState] = mapped_column(default=SignOffState.AWAITING)
    requested_at: Mapped[datetime | None]
    requested_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    note: Mapped[str] = mapped_column(Text, default="")  # from the editor to the approvers
    answered_at: Mapped[datetime | None]
    answered_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    reason: Mapped[str] = mapped_column(Text, default="")  # from the approver to the editor
    content: Mapped[dict[str, Any]]
    content_sha256: Mapped[str] = mapped_column(String(64))
    submitted_at: Mapped[datetime | None]  # the submission it stood for

    application: Mapped[Application] = relationship()
    requested_by: Mapped[User | None] = relationship(foreign_keys=[requested_by_id])
    answered_by: Mapped[User | None] = relationship(foreign_keys=[answered_by_id])
