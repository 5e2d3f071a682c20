"""What must be done before, during and after a visit, by whom and by when: kept as rows, like the rules."""

import enum
from datetime import datetime
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import JSON, CheckConstraint, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import Base, Public, Timestamped, Versioned
from app.core.i18n import localized


class Anchor(enum.StrEnum):
    """The day a latest date is counted from."""

    CLOSING = "closing"
    NOTICE = "notice"
    ENTRY = "entry"
    EXIT = "exit"

    @property
    def label(self) -> Any:
        return ANCHOR_LABELS[self]


class Direction(enum.StrEnum):
    """On which side of its anchor a latest date lies."""

    BEFORE = "before"
    AFTER = "after"

    @property
    def label(self) -> Any:
        return DIRECTION_LABELS[self]


class DayKind(enum.StrEnum):
    """Which days are counted."""

    CALENDAR = "calendar"
    WORKING = "working"

    @property
    def label(self) -> Any:
        return DAY_LABELS[self]


class Doer(enum.StrEnum):
    """Who does a step."""

    HOST = "host"
    SENDING = "sending"
    JST = "jst"

    @property
    def label(self) -> Any:
        return DOER_LABELS[self]


ANCHOR_LABELS = {
    Anchor.CLOSING: _l("Closing of the round"),
    Anchor.NOTICE: _l("Notice of results"),
    Anchor.ENTRY: _l("Day of entry"),
    Anchor.EXIT: _l("Day of exit"),
}
DIRECTION_LABELS = {Direction.BEFORE: _l("Before that day"), Direction.AFTER: _l("After that day")}
DAY_LABELS = {DayKind.CALENDAR: _l("Calendar days"), DayKind.WORKING: _l("Working days in Japan")}
DOER_LABELS = {Doer.HOST: _l("Host institution"), Doer.SENDING: _l("Sending side"), Doer.JST: _l("JST")}


class Prerequisite(Public, Timestamped, Versioned, Base):
    """A step with the rule for its latest date. A row of a fiscal year replaces the row of every year (no year)."""

    __tablename__ = "prerequisite"
    __table_args__ = (
        UniqueConstraint("code", "fiscal_year"),
        CheckConstraint("days >= 0", name="days_not_negative"),
    )

    code: Mapped[str] = mapped_column(String(40))
    fiscal_year: Mapped[int | None]
    is_active: Mapped[bool] = mapped_column(default=True)
    countries: Mapped[list[str]] = mapped_column(JSON, default=list)  # codes and regions of partners; empty: all
    except_countries: Mapped[list[str]] = mapped_column(JSON, default=list)  # partners there need no such step
    courses: Mapped[list[str]] = mapped_column(JSON, default=list)  # codes of courses; empty: all
    minors_only: Mapped[bool] = mapped_column(default=False)
    anchor: Mapped[Anchor]
    direction: Mapped[Direction] = mapped_column(default=Direction.BEFORE)
    days: Mapped[int] = mapped_column(default=0)
    day_kind: Mapped[DayKind] = mapped_column(default=DayKind.CALENDAR)
    doer: Mapped[Doer]
    proof: Mapped[str] = mapped_column(String(40), default="")  # name in `prerequisites.PROOFS`; "": ticked by hand
    title_ja: Mapped[str] = mapped_column(String(200))
    title_en: Mapped[str] = mapped_column(String(200))
    explanation_ja: Mapped[str] = mapped_column(Text, default="")
    explanation_en: Mapped[str] = mapped_column(Text, default="")
    clause_ja: Mapped[str] = mapped_column(String(200), default="")
    clause_en: Mapped[str] = mapped_column(String(200), default="")
    to_confirm: Mapped[bool] = mapped_column(default=False)
    position: Mapped[int] = mapped_column(default=0)
    removed_at: Mapped[datetime | None]  # asked of no plan and in no list any more; the row stays for its history

    @property
    def title(self) -> str:
        return localized(self.title_ja, self.title_en)

    @property
    def explanation(self) -> str:
        return localized(self.explanation_ja, self.explanation_en)

    @property
    def clause(self) -> str:
        """Where the step comes from, in the reader's language."""
        return localized(self.clause_ja, self.clause_en)
