"""Comments of a host's own staff on the sections of their plan. JST never sees them, nor does the partner."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models import User
from app.applications.models import Application
from app.core import clock
from app.core.db import Base, Public, Versioned

LONGEST = 4000  # signs of one comment


class SectionComment(Public, Versioned, Base):
    """What somebody wrote about a section; an answer stands under the comment it answers, which alone is settled."""

    __tablename__ = "section_comment"
    __table_args__ = (
        CheckConstraint("(settled_at IS NULL) = (settled_by_id IS NULL)", name="settled_by_somebody"),
        CheckConstraint("answers_id IS NULL OR settled_at IS NULL", name="answers_are_not_settled"),
        Index("ix_section_comment_application_id", "application_id", "section", "id"),
    )

    application_id: Mapped[int] = mapped_column(ForeignKey("application.id", ondelete="CASCADE"))
    section: Mapped[str] = mapped_column(String(20))
    answers_id: Mapped[int | None] = mapped_column(ForeignKey("section_comment.id", ondelete="CASCADE"), index=True)
    author_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    text: Mapped[str] = mapped_column(Text)
    written_at: Mapped[datetime] = mapped_column(default=clock.now)
    settled_at: Mapped[datetime | None]
    settled_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))

    application: Mapped[Application] = relationship()
    author: Mapped[User] = relationship(foreign_keys=[author_id])
    settled_by: Mapped[User | None] = relationship(foreign_keys=[settled_by_id])
