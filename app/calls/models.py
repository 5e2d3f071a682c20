"""Courses, their rules of each fiscal year as data, and the rounds of the call."""

import enum
from datetime import date, datetime
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from sqlalchemy import JSON, CheckConstraint, Date, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.calls import wording
from app.calls.check import Check
from app.calls.checks import CHECKS
from app.core import clock
from app.core.db import Base, Public, Timestamped, Versioned
from app.core.i18n import fiscal_year_label, language, localized


class CourseCode(enum.StrEnum):
    """The programme's courses and strands (guidelines, chapter on courses)."""

    A = "A"
    B = "B"
    C = "C"
    D = "D"
    DIRECT = "direct"
    ONLINE = "online"


class Severity(enum.StrEnum):
    """What a rule that fails does: stop the submission, warn, or inform."""

    BLOCKS = "blocks"
    WARNS = "warns"
    INFORMS = "informs"

    @property
    def label(self) -> Any:
        return SEVERITY_LABELS[self]


SEVERITY_LABELS = {
    Severity.BLOCKS: _l("Must hold"),
    Severity.WARNS: _l("Should hold"),
    Severity.INFORMS: _l("Good to know"),
}


class Course(Public, Timestamped, Versioned, Base):
    """A course as offered in one fiscal year."""

    __tablename__ = "course"
    __table_args__ = (UniqueConstraint("fiscal_year", "code"),)

    fiscal_year: Mapped[int]
    code: Mapped[CourseCode]
    name_ja: Mapped[str] = mapped_column(String(120))
    name_en: Mapped[str] = mapped_column(String(120))
    summary_ja: Mapped[str] = mapped_column(Text, default="")
    summary_en: Mapped[str] = mapped_column(Text, default="")
    is_draft: Mapped[bool] = mapped_column(default=False)  # copied, not yet published: only coordinators see it

    rules: Mapped[list["Rule"]] = relationship(
        primaryjoin="and_(Course.id == Rule.course_id, Rule.removed_at.is_(None))",
        back_populates="course",
        cascade="all, delete-orphan",
        order_by="Rule.position",
    )

    @property
    def name(self) -> str:
        return localized(self.name_ja, self.name_en)

    @property
    def summary(self) -> str:
        return localized(self.summary_ja, self.summary_en)


class Rule(Public, Timestamped, Versioned, Base):
    """One rule of the guidelines that software can check: what it looks at, the limit, what failing does, the clause.

    `check_name` names a function of `calls.checks`; `limit` is that check's parameters: a number changes here, never in
    code. The texts may hold `{parameter}`: the rule's own number is set in there. A rule taken out of its course keeps
    its row, so that its history stays; should the course take the check up again, the row comes back.
    """

    __tablename__ = "rule"
    __table_args__ = (UniqueConstraint("course_id", "check_name"),)

    course_id: Mapped[int] = mapped_column(ForeignKey("course.id", ondelete="CASCADE"))
    check_name: Mapped[str] = mapped_column(String(60))
    limit: Mapped[dict[str, Any]] = mapped_column("limits", JSON, default=dict)
    severity: Mapped[Severity]
    clause_ja: Mapped[str] = mapped_column(String(120), default="")
    clause_en: Mapped[str] = mapped_column(String(120), default="")
    text_ja: Mapped[str] = mapped_column(Text, default="")  # the rule's sentence in the guidelines' words
    text_en: Mapped[str] = mapped_column(Text, default="")
    to_confirm: Mapped[bool] = mapped_column(default=False)  # a reading or a stand-in that JST has not confirmed
    position: Mapped[int] = mapped_column(default=0)
    removed_at: Mapped[datetime | None]  # taken out of the course: judges nothing any more

    course: Mapped[Course] = relationship(back_populates="rules")

    @property
    def clause(self) -> str:
        """The place in the guidelines, in the reader's language."""
        return localized(self.clause_ja, self.clause_en)

    @property
    def check(self) -> Check | None:
        """The check the rule names; None should a later version of the software no longer know it."""
        return CHECKS.get(self.check_name)

    def sentence(self, locale: str) -> str:
        """The rule's sentence in one language, with the rule's numbers set in."""
        text = self.text_ja if locale == "ja" else self.text_en
        return wording.fill(text, self.check, self.limit, locale)

    @property
    def text(self) -> str:
        """The rule's sentence in the reader's language, with the rule's numbers set in."""
        own, other = ("en", "ja") if language() == "en" else ("ja", "en")
        return self.sentence(own) or self.sentence(other)


def round_name(label: str) -> str:
    """A round within its fiscal year, from its label: "Round 1", or "Round for course D"."""
    if label.isdecimal():
        return gettext("Round %(label)s", label=label)
    return gettext("Round for course %(label)s", label=label)


def round_title(fiscal_year: int, label: str) -> str:
    """A round with its fiscal year."""
    return gettext("%(year)s, %(round)s", year=fiscal_year_label(fiscal_year), round=round_name(label))


class Call(Public, Timestamped, Versioned, Base):
    """公募回: a round of a fiscal year: when it opens, closes (to the second), gives notice, and when visits may be."""

    __tablename__ = "call"
    __table_args__ = (
        UniqueConstraint("fiscal_year", "label"),
        CheckConstraint("closes_at > opens_at", name="closes_after_opening"),
        CheckConstraint("visits_until >= visits_from", name="visit_window_in_order"),
        Index("ix_call_closes_at", "closes_at"),
        Index("ix_call_release_at", "release_at"),
    )

    fiscal_year: Mapped[int]
    label: Mapped[str] = mapped_column(String(20))  # "1", "2", "3", "D": the round as the guidelines number it
    opens_at: Mapped[datetime]
    closes_at: Mapped[datetime]  # the last instant at which a submission still counts is one second before
    notice_on: Mapped[date] = mapped_column(Date)
    visits_from: Mapped[date] = mapped_column(Date)
    visits_until: Mapped[date] = mapped_column(Date)
    is_draft: Mapped[bool] = mapped_column(default=False)  # copied, not yet published: only coordinators see it
    released_at: Mapped[datetime | None]  # results of the round were released
    release_at: Mapped[datetime | None]  # the minute set for that, and by whom
    release_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    release_missed_at: Mapped[datetime | None]  # the minute that passed without a release
    note_ja: Mapped[str] = mapped_column(Text, default="")
    note_en: Mapped[str] = mapped_column(Text, default="")

    courses: Mapped[list["CallCourse"]] = relationship(
        back_populates="call", cascade="all, delete-orphan", order_by="CallCourse.id"
    )

    extensions: Mapped[list["CallExtension"]] = relationship(
        primaryjoin="and_(Call.id == CallExtension.call_id, CallExtension.state == 'approved')",
        order_by="CallExtension.closes_after",
        viewonly=True,
    )  # those that moved the closing, the first one in front

    @property
    def name(self) -> str:
        """The round within its fiscal year: "Round 1"; a round of its own for a course is named after that."""
        return round_name(self.label)

    @property
    def title(self) -> str:
        """The round with its fiscal year."""
        return round_title(self.fiscal_year, self.label)

    @property
    def note(self) -> str:
        return localized(self.note_ja, self.note_en)

    def is_open(self, at: datetime | None = None) -> bool:
        """Whether a submission at that instant (now, if none is given) is in time."""
        instant = at or clock.now()
        return not self.is_draft and self.opens_at <= instant < self.closes_at


class CallCourse(Base):
    """A course that can be applied for in a round."""

    __tablename__ = "call_course"
    __table_args__ = (UniqueConstraint("call_id", "course_id"),)

    call_id: Mapped[int] = mapped_column(ForeignKey("call.id", ondelete="CASCADE"))
    course_id: Mapped[int] = mapped_column(ForeignKey("course.id"), index=True)

    call: Mapped[Call] = relationship(back_populates="courses")
    course: Mapped[Course] = relationship()


class ExtensionState(enum.StrEnum):
    """What became of a proposal to close a round later."""

    PROPOSED = "proposed"
    APPROVED = "approved"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"

    @property
    def label(self) -> Any:
        return EXTENSION_LABELS[self]


EXTENSION_LABELS = {
    ExtensionState.PROPOSED: _l("Proposed"),
    ExtensionState.APPROVED: _l("Approved"),
    ExtensionState.REJECTED: _l("Rejected"),
    ExtensionState.WITHDRAWN: _l("Proposal withdrawn"),
}


class CallExtension(Public, Timestamped, Versioned, Base):
    """A later closing of a round for everybody: proposed by one person, decided by another."""

    __tablename__ = "call_extension"
    __table_args__ = (
        CheckConstraint("minutes >= 1", name="at_least_a_minute"),
        CheckConstraint(
            "decided_by_id IS NULL OR decided_by_id <> proposed_by_id OR state = 'withdrawn'", name="two_people"
        ),
        CheckConstraint("(state = 'approved') = (closes_after IS NOT NULL)", name="approved_has_a_closing"),
        Index("ix_call_extension_call_id", "call_id", "state"),
    )

    call_id: Mapped[int] = mapped_column(ForeignKey("call.id", ondelete="CASCADE"))
    state: Mapped[ExtensionState] = mapped_column(default=ExtensionState.PROPOSED)
    minutes: Mapped[int]
    reason_ja: Mapped[str] = mapped_column(String(500))
    reason_en: Mapped[str] = mapped_column(String(500))
    proposed_by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    decided_at: Mapped[datetime | None]
    closes_before: Mapped[datetime | None]  # the closing it replaced, and the one it set
    closes_after: Mapped[datetime | None]

    call: Mapped[Call] = relationship()

    @property
    def reason(self) -> str:
        return localized(self.reason_ja, self.reason_en)
