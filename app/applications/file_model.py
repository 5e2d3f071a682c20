"""添付ファイル: a file that belongs to a plan, besides what storage keeps: what it is, whose part, whether it is clean.

A file that was part of a submission keeps its row and its bytes when it is taken out of the plan; of any other only the
row stays. What anybody may download is a clean file, and never another (authorization contract, rows 21 and 22).
"""

import enum
from datetime import datetime
from typing import TYPE_CHECKING, Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import CheckConstraint, ForeignKey, Index, String, and_, false, or_
from sqlalchemy.ext.hybrid import hybrid_method
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.core import clock
from app.core.authz import Actor, Scope, model_of
from app.core.db import Base, Public
from app.core.storage import StoredFile

if TYPE_CHECKING:
    from app.applications.models import Application, ApplicationPartner


class PlanFileKind(enum.StrEnum):
    """What a file shows."""

    AGREEMENT = "agreement"
    SCHEDULE = "schedule"
    BUDGET = "budget"
    OTHER = "other"

    @property
    def label(self) -> Any:
        return KIND_LABELS[self]


KIND_LABELS = {
    PlanFileKind.AGREEMENT: _l("Letter of invitation or cooperation agreement"),
    PlanFileKind.SCHEDULE: _l("Details of the schedule"),
    PlanFileKind.BUDGET: _l("Evidence for the budget, such as a quotation"),
    PlanFileKind.OTHER: _l("Other"),
}


class ScanState(enum.StrEnum):
    PENDING = "pending"
    CLEAN = "clean"
    FORMAT_ONLY = "format_only"  # no scanner is set up: what counts is the check of the format
    INFECTED = "infected"
    FAILED = "failed"  # the scanner could not be asked, however often

    @property
    def label(self) -> Any:
        return SCAN_LABELS[self]


SCAN_LABELS = {
    ScanState.PENDING: _l("Is being checked"),
    ScanState.CLEAN: _l("Checked: clean"),
    ScanState.FORMAT_ONLY: _l("Clean (format check only)"),
    ScanState.INFECTED: _l("Malware found"),
    ScanState.FAILED: _l("Could not be checked"),
}
SCAN_TONES = {
    ScanState.PENDING: "warning",
    ScanState.CLEAN: "success",
    ScanState.FORMAT_ONLY: "success",
    ScanState.INFECTED: "danger",
    ScanState.FAILED: "danger",
}
CLEAN = (ScanState.CLEAN, ScanState.FORMAT_ONLY)


class PlanFile(Public, Base):
    """A file of a plan. `submitted_at` is the last submission it was part of, as the plan's own `submitted_at` then."""

    __tablename__ = "plan_file"
    __table_args__ = (
        CheckConstraint("(removed_at IS NULL) = (removed_by_name = '')", name="removed_by_somebody"),
        CheckConstraint("scan = 'pending' OR scanned_at IS NOT NULL", name="scan_is_dated"),
        Index("ix_plan_file_application_id", "application_id", "id"),
    )

    application_id: Mapped[int] = mapped_column(ForeignKey("application.id", ondelete="CASCADE"))
    partner_id: Mapped[int | None] = mapped_column(
        ForeignKey("application_partner.id", ondelete="SET NULL"), index=True
    )  # whose part it is; None: the host's
    stored_file_id: Mapped[int] = mapped_column(ForeignKey("stored_file.id"), unique=True)
    kind: Mapped[PlanFileKind]
    note: Mapped[str] = mapped_column(String(300), default="")
    scan: Mapped[ScanState] = mapped_column(default=ScanState.PENDING)
    scan_note: Mapped[str] = mapped_column(String(200), default="")  # by which name the scanner knows what it found
    scanned_at: Mapped[datetime | None]
    added_at: Mapped[datetime] = mapped_column(default=clock.now)
    added_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))  # None: a partner, by its link
    added_by_name: Mapped[str] = mapped_column(String(200))
    submitted_at: Mapped[datetime | None]
    removed_at: Mapped[datetime | None]
    removed_by_name: Mapped[str] = mapped_column(String(200), default="")

    application: Mapped["Application"] = relationship()
    stored: Mapped[StoredFile] = relationship(lazy="joined", innerjoin=True)
    partner: Mapped["ApplicationPartner | None"] = relationship(viewonly=True)

    @property
    def name(self) -> str:
        return self.stored.name

    @property
    def is_clean(self) -> bool:
        return self.scan in CLEAN

    @hybrid_method
    def within(self, scope: Scope, actor: Actor, institution_id: int | None) -> Any:
        """Clean files only, whoever asks: of the own institution's plans, or of what was submitted last.

        Always an expression, for single rows too: whose a plan is, the tables say at this moment.
        """
        model = model_of(self)
        of_host = model.application.has(host_institution_id=institution_id)
        is_submitted = model.application.has(submitted_at=model.submitted_at)
        reach = {
            Scope.OWN: and_(of_host, or_(model.removed_at.is_(None), is_submitted)),
            Scope.SUBMITTED: is_submitted,
        }
        return and_(model.scan.in_(CLEAN), reach.get(scope, false()))
