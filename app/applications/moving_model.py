"""移管: a plan is given to another institution. One coordinator proposes it, another one decides."""

import enum
from datetime import datetime
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import CheckConstraint, ForeignKey, Index, Text, text
from sqlalchemy.ext.hybrid import hybrid_method
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models import User
from app.applications.models import Application
from app.core import clock
from app.core.authz import Actor, Scope
from app.core.db import Base, Public
from app.directory.models import HostInstitution


class MoveState(enum.StrEnum):
    PROPOSED = "proposed"
    APPROVED = "approved"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"

    @property
    def label(self) -> Any:
        return MOVE_LABELS[self]


MOVE_LABELS = {
    MoveState.PROPOSED: _l("Waits for a second person"),
    MoveState.APPROVED: _l("Moved"),
    MoveState.REJECTED: _l("Rejected"),
    MoveState.WITHDRAWN: _l("Taken back"),
}
WAITING = text("state = 'proposed'")


class PlanMove(Public, Base):
    """One proposal and what became of it. Only JST reads the reason."""

    __tablename__ = "plan_move"
    __table_args__ = (
        CheckConstraint("(state = 'proposed') = (decided_at IS NULL)", name="decision_is_dated"),
        CheckConstraint("(decided_at IS NULL) = (decided_by_id IS NULL)", name="decided_by_somebody"),
        CheckConstraint("state NOT IN ('approved', 'rejected') OR decided_by_id <> proposed_by_id", name="two_persons"),
        CheckConstraint("from_institution_id <> to_institution_id", name="goes_elsewhere"),
        CheckConstraint("reason <> ''", name="has_a_reason"),
        Index("ix_plan_move_application_id", "application_id", "id"),
        Index(
            "uq_plan_move_waiting",
            "application_id",
            unique=True,
            sqlite_where=WAITING,
            postgresql_where=WAITING,
        ),
    )

    application_id: Mapped[int] = mapped_column(ForeignKey("application.id", ondelete="CASCADE"))
    from_institution_id: Mapped[int] = mapped_column(ForeignKey("organization.id"))
    to_institution_id: Mapped[int] = mapped_column(ForeignKey("organization.id"))
    state: Mapped[MoveState] = mapped_column(default=MoveState.PROPOSED)
    reason: Mapped[str] = mapped_column(Text)
    proposed_by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    proposed_at: Mapped[datetime] = mapped_column(default=clock.now)
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    decided_at: Mapped[datetime | None]
    answer: Mapped[str] = mapped_column(Text, default="")  # why it was rejected

    application: Mapped[Application] = relationship()
    from_institution: Mapped[HostInstitution] = relationship(foreign_keys=[from_institution_id])
    to_institution: Mapped[HostInstitution] = relationship(foreign_keys=[to_institution_id])
    proposed_by: Mapped[User] = relationship(foreign_keys=[proposed_by_id])

    @hybrid_method
    def within(self, scope: Scope, actor: Actor, institution_id: int | None) -> Any:
        """JST's alone: a plan that can be moved was submitted."""
        return scope is Scope.SUBMITTED
