"""What somebody typed into a section of a plan and did not save: theirs alone, no part of the plan."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import Base, Public


class ParkedText(Public, Base):
    """The fields of a section as one page of one person held them. The page names the row, so pages never mix."""

    __tablename__ = "parked_text"
    __table_args__ = (Index("ix_parked_text_of_section", "application_id", "user_id", "section"),)

    application_id: Mapped[int] = mapped_column(ForeignKey("application.id", ondelete="CASCADE"))
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id", ondelete="CASCADE"), index=True)
    section: Mapped[str] = mapped_column(String(20))
    base_version: Mapped[int]  # the version of the plan the page was made from
    sealed_fields: Mapped[str] = mapped_column(Text)  # JSON list of [name, text]
    kept_at: Mapped[datetime] = mapped_column(index=True)
