"""The report of a visit and the certificates it earns."""

import enum
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import CheckConstraint, Date, ForeignKey, String, Text
from sqlalchemy.ext.hybrid import hybrid_method
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.core import clock
from app.core.authz import Actor, Scope, model_of
from app.core.db import Base, Public, Timestamped, Versioned
from app.visits.models import Participation, Visit

#: The implementation report is due this long after the day of exit. A stand-in: the programme's public papers ask for
#: the report "after the exchange" and name no figure that could be read; to be confirmed by JST.
REPORT_DUE = timedelta(days=30)


class ReportState(enum.StrEnum):
    DRAFT = "draft"
    SUBMITTED = "submitted"
    RETURNED = "returned"
    ACCEPTED = "accepted"


class VisitReport(Public, Timestamped, Versioned, Base):
    """実施報告書: what happened, written by the host, accepted by a coordinator."""

    __tablename__ = "visit_report"
    __table_args__ = (
        CheckConstraint(
            "state NOT IN ('submitted', 'accepted') OR submitted_at IS NOT NULL", name="submitted_has_a_time"
        ),
    )

    visit_id: Mapped[int] = mapped_column(ForeignKey("visit.id", ondelete="CASCADE"), unique=True)
    state: Mapped[ReportState] = mapped_column(default=ReportState.DRAFT)
    summary: Mapped[str] = mapped_column(Text, default="")
    results: Mapped[str] = mapped_column(Text, default="")
    continuation: Mapped[str] = mapped_column(Text, default="")
    due_on: Mapped[date | None] = mapped_column(Date)
    submitted_at: Mapped[datetime | None]
    accepted_at: Mapped[datetime | None]
    return_reason: Mapped[str] = mapped_column(Text, default="")

    visit: Mapped[Visit] = relationship()

    @hybrid_method
    def within(self, scope: Scope, actor: Actor, institution_id: int | None) -> Any:
        owned = model_of(self).visit.has(Visit.host_institution_id == institution_id)
        return owned if scope is Scope.OWN else False


class Certificate(Public, Base):
    """修了証: proof that a person took part; `code` lets anybody check it without learning more."""

    __tablename__ = "certificate"

    participation_id: Mapped[int] = mapped_column(ForeignKey("participation.id"), unique=True)
    invitee_id: Mapped[int] = mapped_column(ForeignKey("invitee.id"), index=True)
    host_institution_id: Mapped[int] = mapped_column(ForeignKey("organization.id"), index=True)
    number: Mapped[str] = mapped_column(String(20), unique=True)
    code: Mapped[str] = mapped_column(String(32), unique=True)
    issued_at: Mapped[datetime] = mapped_column(default=clock.now)

    participation: Mapped[Participation] = relationship()

    @hybrid_method
    def within(self, scope: Scope, actor: Actor, institution_id: int | None) -> Any:
        if scope is Scope.OWN:
            return self.host_institution_id == institution_id
        return self.invitee_id == actor.invitee_id if scope is Scope.SELF else False
