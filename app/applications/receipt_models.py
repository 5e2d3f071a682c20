"""受付票: what the house confirmed to a host, once per submission, signed and never changed (triggers see to it)."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import Base


class Receipt(Base):
    """One submission of a plan as it was received; a plan submitted again has another, with the next sequence."""

    __tablename__ = "submission_receipt"
    __table_args__ = (
        UniqueConstraint("application_id", "sequence"),
        CheckConstraint("sequence >= 1", name="counts_from_one"),
    )

    application_id: Mapped[int] = mapped_column(ForeignKey("application.id"))
    sequence: Mapped[int]
    reference: Mapped[str] = mapped_column(String(20))
    received_at: Mapped[datetime]
    snapshot_sha256: Mapped[str] = mapped_column(String(64))
    files: Mapped[list[str]] = mapped_column(default=list)  # SHA-256 of each file that came with the plan
    submitted_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    key_id: Mapped[str] = mapped_column(String(32))
    code: Mapped[str]  # the signed code: payload and signature, as everybody can check it

    @property
    def signature(self) -> str:
        """The signature alone, base64url."""
        return self.code.partition(".")[2]
