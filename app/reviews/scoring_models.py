"""Criteria of a year's course, the phases of a round's review, score sheets, and what the panel says to one another."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, select
from sqlalchemy.ext.hybrid import hybrid_method
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.applications.models import Application
from app.calls.models import Call, Course
from app.core.authz import Actor, Scope, model_of
from app.core.db import Base, Public, Timestamped, Versioned
from app.core.i18n import localized
from app.reviews.models import ReviewAssignment, Reviewer
from app.reviews.vocabulary import ReviewState

LOWEST, HIGHEST = 1, 5  # marks of every criterion


class Criterion(Timestamped, Versioned, Base):
    """審査の観点: what a course's plans are judged by in a year (guidelines, chapter 4). Weights are data."""

    __tablename__ = "criterion"
    __table_args__ = (
        UniqueConstraint("course_id", "key"),
        CheckConstraint("weight >= 0", name="weight_not_negative"),
    )

    course_id: Mapped[int] = mapped_column(ForeignKey("course.id", ondelete="CASCADE"))
    key: Mapped[str] = mapped_column(String(60))
    label_ja: Mapped[str] = mapped_column(String(200))
    label_en: Mapped[str] = mapped_column(String(200))
    help_ja: Mapped[str] = mapped_column(Text, default="")
    help_en: Mapped[str] = mapped_column(Text, default="")
    weight: Mapped[int] = mapped_column(default=1)
    anchors: Mapped[dict[str, Any]] = mapped_column(default=dict)  # {"1": {"ja": …, "en": …}, …}: what a mark means
    position: Mapped[int] = mapped_column(default=0)

    course: Mapped[Course] = relationship()

    @property
    def label(self) -> str:
        return localized(self.label_ja, self.label_en)

    @property
    def help(self) -> str:
        return localized(self.help_ja, self.help_en)

    def anchor(self, mark: int) -> str:
        """What a mark means, in the reader's language; "" where nothing is said."""
        said = self.anchors.get(str(mark), {})
        return localized(said.get("ja", ""), said.get("en", ""))


class ReviewPlan(Timestamped, Versioned, Base):
    """How a round is reviewed, and the dates at which its phases begin and end."""

    __tablename__ = "review_plan"
    __table_args__ = (
        CheckConstraint("per_plan >= 1", name="somebody_reads"),
        CheckConstraint("scoring_until > scoring_from", name="scoring_in_order"),
        CheckConstraint("discussion_until IS NULL OR discussion_until >= scoring_until", name="discussion_follows"),
    )

    call_id: Mapped[int] = mapped_column(ForeignKey("call.id", ondelete="CASCADE"), unique=True)
    per_plan: Mapped[int] = mapped_column(default=3)  # experts to each plan
    scoring_from: Mapped[datetime]
    scoring_until: Mapped[datetime]  # the first instant at which a score comes too late
    discussion_until: Mapped[datetime | None]  # None: no discussion

    call: Mapped[Call] = relationship()


class Review(Public, Timestamped, Versioned, Base):
    """One expert's score sheet for one plan."""

    __tablename__ = "review"
    __table_args__ = (
        CheckConstraint("state = 'draft' OR handed_in_at IS NOT NULL", name="handed_in_has_a_time"),
        CheckConstraint("state <> 'abstained' OR reason <> ''", name="abstaining_has_a_reason"),
    )

    assignment_id: Mapped[int] = mapped_column(ForeignKey("review_assignment.id", ondelete="CASCADE"), unique=True)
    state: Mapped[ReviewState] = mapped_column(default=ReviewState.DRAFT)
    for_panel: Mapped[str] = mapped_column(Text, default="")  # read by JST and, once theirs is in, by the other experts
    for_applicant: Mapped[str] = mapped_column(Text, default="")  # feedback, without a name
    reason: Mapped[str] = mapped_column(Text, default="")  # of abstaining
    handed_in_at: Mapped[datetime | None]

    assignment: Mapped[ReviewAssignment] = relationship()
    scores: Mapped[list["ReviewScore"]] = relationship(back_populates="review", cascade="all, delete-orphan")

    @hybrid_method
    def within(self, scope: Scope, actor: Actor, institution_id: int | None) -> Any:
        """`ASSIGNED`: the own sheet, as long as its assignment exists for the expert."""
        if scope is not Scope.ASSIGNED:
            return False
        mine = ReviewAssignment.within(scope, actor, institution_id)
        if mine is False:
            return False
        return model_of(self).assignment_id.in_(select(ReviewAssignment.id).where(mine))


class ReviewScore(Base):
    """A mark for one criterion, and why; a draft may have the words before the mark."""

    __tablename__ = "review_score"
    __table_args__ = (
        UniqueConstraint("review_id", "criterion_id"),
        CheckConstraint(f"mark BETWEEN {LOWEST} AND {HIGHEST}", name="mark_on_the_scale"),
    )

    review_id: Mapped[int] = mapped_column(ForeignKey("review.id", ondelete="CASCADE"))
    criterion_id: Mapped[int] = mapped_column(ForeignKey("criterion.id"), index=True)
    mark: Mapped[int | None]
    comment: Mapped[str] = mapped_column(Text, default="")

    review: Mapped[Review] = relationship(back_populates="scores")
    criterion: Mapped[Criterion] = relationship()


class DiscussionRound(Public, Timestamped, Base):
    """A named round of the panel's discussion."""

    __tablename__ = "discussion_round"
    __table_args__ = (CheckConstraint("closes_at > opens_at", name="in_order"),)

    call_id: Mapped[int] = mapped_column(ForeignKey("call.id", ondelete="CASCADE"), index=True)
    name_ja: Mapped[str] = mapped_column(String(120))
    name_en: Mapped[str] = mapped_column(String(120))
    opens_at: Mapped[datetime]
    closes_at: Mapped[datetime]

    call: Mapped[Call] = relationship()

    @property
    def name(self) -> str:
        return localized(self.name_ja, self.name_en)


class DiscussionPost(Public, Timestamped, Base):
    """What somebody says about a plan. Experts appear to one another as numbers, to JST by name."""

    __tablename__ = "discussion_post"
    __table_args__ = (Index("ix_discussion_post_application", "application_id", "id"),)

    discussion_round_id: Mapped[int] = mapped_column(ForeignKey("discussion_round.id", ondelete="CASCADE"), index=True)
    application_id: Mapped[int] = mapped_column(ForeignKey("application.id", ondelete="CASCADE"))
    reviewer_id: Mapped[int | None] = mapped_column(ForeignKey("reviewer.id"), index=True)  # None: JST
    author_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    text: Mapped[str] = mapped_column(Text)

    discussion_round: Mapped[DiscussionRound] = relationship()
    application: Mapped[Application] = relationship()
    reviewer: Mapped[Reviewer | None] = relationship()
