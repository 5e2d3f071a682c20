"""What a coordinator has ruled on a text an expert wrote for the applicant. The expert's own text stays as it is."""

from sqlalchemy import CheckConstraint, ForeignKey, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.core.db import Base, Timestamped, Versioned
from app.reviews.scoring_models import Review


class FeedbackRuling(Timestamped, Versioned, Base):
    """Held back, or passed on in these words, with the reason."""

    __tablename__ = "feedback_ruling"
    __table_args__ = (CheckConstraint("reason <> ''", name="has_a_reason"),)

    review_id: Mapped[int] = mapped_column(ForeignKey("review.id", ondelete="CASCADE"), unique=True)
    is_held: Mapped[bool] = mapped_column(default=False)
    text: Mapped[str] = mapped_column(Text, default="")
    reason: Mapped[str] = mapped_column(Text)
    made_by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))

    review: Mapped[Review] = relationship()
