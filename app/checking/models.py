"""What the formal check keeps: its outcomes, who works on a plan, what was found about it, reasons that come again."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.ext.hybrid import hybrid_method
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models import User
from app.applications.models import Application
from app.calls.models import CourseCode
from app.checking.vocabulary import Outcome
from app.core import clock
from app.core.authz import Actor, Scope
from app.core.db import Base, Public, Timestamped, Versioned
from app.core.i18n import localized


class FormalCheck(Base):
    """The outcome for one submission of a plan; a plan returned and submitted again gets another.

    `clauses`: the clauses because of which a plan is inadmissible, as they read then. A mark set by mistake is lifted,
    never deleted.
    """

    __tablename__ = "formal_check"
    __table_args__ = (
        UniqueConstraint("application_id", "submitted_at"),
        CheckConstraint(
            "outcome <> 'inadmissible' OR (reason_ja <> '' AND reason_en <> '')", name="inadmissible_says_why"
        ),
        CheckConstraint(
            "lifted_at IS NULL OR (outcome = 'inadmissible' AND lift_reason <> '')", name="lifted_says_why"
        ),
        Index("ix_formal_check_outcome", "outcome", "application_id"),
    )

    application_id: Mapped[int] = mapped_column(ForeignKey("application.id", ondelete="CASCADE"))
    submitted_at: Mapped[datetime]
    outcome: Mapped[Outcome]
    clauses: Mapped[list[Any]] = mapped_column(JSON, default=list)
    reason_ja: Mapped[str] = mapped_column(Text, default="")
    reason_en: Mapped[str] = mapped_column(Text, default="")
    made_by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    made_at: Mapped[datetime] = mapped_column(default=clock.now)
    lifted_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    lifted_at: Mapped[datetime | None]
    lift_reason: Mapped[str] = mapped_column(Text, default="")

    application: Mapped[Application] = relationship()
    made_by: Mapped[User] = relationship(foreign_keys=[made_by_id])
    lifted_by: Mapped[User | None] = relationship(foreign_keys=[lifted_by_id])

    @property
    def reason(self) -> str:
        return localized(self.reason_ja, self.reason_en)

    @property
    def is_standing_mark(self) -> bool:
        """Whether the plan counts as formally inadmissible."""
        return self.outcome is Outcome.INADMISSIBLE and self.lifted_at is None


class CheckClaim(Base):
    """Who works on a plan just now. It keeps nobody out: it says who is there, and lapses by itself."""

    __tablename__ = "check_claim"

    application_id: Mapped[int] = mapped_column(ForeignKey("application.id", ondelete="CASCADE"), unique=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id", ondelete="CASCADE"), index=True)
    since: Mapped[datetime]
    until: Mapped[datetime]
    taken_from_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id", ondelete="SET NULL"), index=True)

    user: Mapped[User] = relationship(foreign_keys=[user_id])
    application: Mapped[Application] = relationship()


class CheckSheet(Base):
    """What was found about a plan when it was last submitted: numbers to filter by, and the text it is compared by."""

    __tablename__ = "check_sheet"
    __table_args__ = (Index("ix_check_sheet_principal", "fiscal_year", "principal_key"),)

    application_id: Mapped[int] = mapped_column(ForeignKey("application.id", ondelete="CASCADE"), unique=True)
    submitted_at: Mapped[datetime]
    fiscal_year: Mapped[int]
    broken: Mapped[int] = mapped_column(default=0)  # rules that should hold and do not
    unsure: Mapped[int] = mapped_column(default=0)  # rules that cannot be told, but for ages
    similar: Mapped[int] = mapped_column(default=0)
    principal_key: Mapped[str] = mapped_column(String(64), default="")  # keyed index of the e-mail address
    themes: Mapped[list[str]] = mapped_column(JSON, default=list)
    text: Mapped[str] = mapped_column(Text, default="")
    compared_at: Mapped[datetime | None] = mapped_column(index=True)

    application: Mapped[Application] = relationship()


class SimilarPlan(Base):
    """Two plans that resemble one another; kept in both directions."""

    __tablename__ = "similar_plan"
    __table_args__ = (
        UniqueConstraint("application_id", "other_id"),
        CheckConstraint("application_id <> other_id", name="two_plans"),
    )

    application_id: Mapped[int] = mapped_column(ForeignKey("application.id", ondelete="CASCADE"))
    other_id: Mapped[int] = mapped_column(ForeignKey("application.id", ondelete="CASCADE"), index=True)
    likeness: Mapped[int] = mapped_column(default=0)  # of theme and purpose, in per cent; 0 where they are not alike
    same_pair: Mapped[bool] = mapped_column(default=False)  # the same host with the same partner
    people: Mapped[int] = mapped_column(default=0)  # passports that are in both


class CheckReason(Public, Timestamped, Versioned, Base):
    """A reason that is given again and again, in both languages where somebody wrote both."""

    __tablename__ = "check_reason"
    __table_args__ = (
        CheckConstraint("text_ja <> '' OR text_en <> ''", name="says_something"),
        Index("ix_check_reason_place", "course", "section", "id"),
    )

    course: Mapped[CourseCode | None]  # None: for every course
    section: Mapped[str] = mapped_column(String(20), default="")  # "": for any place
    clause: Mapped[str] = mapped_column(String(200), default="")
    text_ja: Mapped[str] = mapped_column(Text, default="")
    text_en: Mapped[str] = mapped_column(Text, default="")
    made_by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    retired_at: Mapped[datetime | None]

    @property
    def text(self) -> str:
        return localized(self.text_ja, self.text_en)

    @hybrid_method
    def within(self, scope: Scope, actor: Actor, institution_id: int | None) -> Any:
        return scope is Scope.SUBMITTED  # the house's own words: whoever checks plans shares them
