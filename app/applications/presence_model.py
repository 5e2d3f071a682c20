"""Who has which section of a plan open: a note that is written over at every sign of life, no record of a change."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import Base


class SectionPresence(Base):
    """Somebody of the host in a section, or a partner in its own part (`section` is then ""), when last seen."""

    __tablename__ = "section_presence"
    __table_args__ = (
        UniqueConstraint("application_id", "user_id", "section"),
        CheckConstraint("(user_id IS NULL) <> (partner_id IS NULL)", name="somebody_of_one_side"),
    )

    application_id: Mapped[int] = mapped_column(ForeignKey("application.id", ondelete="CASCADE"))
    section: Mapped[str] = mapped_column(String(20))
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id", ondelete="CASCADE"), index=True)
    partner_id: Mapped[int | None] = mapped_column(
        ForeignKey("application_partner.id", ondelete="CASCADE"), unique=True
    )
    seen_at: Mapped[datetime] = mapped_column(index=True)
