"""Guide rates and ceilings of a fiscal year, as data: what a unit costs, and what it may cost at most."""

import enum
from datetime import datetime
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import CheckConstraint, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import Base, Public, Timestamped, Versioned
from app.core.i18n import localized


class Unit(enum.StrEnum):
    """What a rate is multiplied by."""

    PERSON = "person"
    NIGHT = "night"
    PERSON_NIGHT = "person_night"
    HOUR = "hour"
    PERSON_DAY = "person_day"
    VISIT = "visit"
    PERCENT = "percent"  # of the untaxed costs: the amount is the percentage

    @property
    def label(self) -> Any:
        return UNIT_LABELS[self]


UNIT_LABELS = {
    Unit.PERSON: _l("per person"),
    Unit.NIGHT: _l("per night"),
    Unit.PERSON_NIGHT: _l("per person and night"),
    Unit.HOUR: _l("per hour of lectures"),
    Unit.PERSON_DAY: _l("per person and day"),
    Unit.VISIT: _l("per visit"),
    Unit.PERCENT: _l("per cent of the untaxed costs"),
}


class UnitRate(Public, Timestamped, Versioned, Base):
    """What one unit of something costs in a fiscal year (guidelines, chapter on expenses).

    `code` names the rate over the years. Rates whose codes begin alike before a full stop belong together: for a
    country or region the closest one counts. A rate of 0 yen is not proposed by itself; its ceiling counts all the
    same. A rate is never deleted, because plans and the history name it: it is no longer offered.
    """

    __tablename__ = "unit_rate"
    __table_args__ = (
        UniqueConstraint("fiscal_year", "code"),
        CheckConstraint("amount >= 0 AND (ceiling IS NULL OR ceiling >= amount)", name="amount_within_ceiling"),
    )

    fiscal_year: Mapped[int]
    code: Mapped[str] = mapped_column(String(40))
    kind: Mapped[str] = mapped_column(String(40))  # of costs, as `calls.vocabulary.COSTS`
    label_ja: Mapped[str] = mapped_column(String(120))
    label_en: Mapped[str] = mapped_column(String(120))
    unit: Mapped[Unit]
    amount: Mapped[int]  # in whole yen
    ceiling: Mapped[int | None]  # in whole yen; None: no ceiling
    is_untaxed: Mapped[bool] = mapped_column(default=False)  # counts for the consumption-tax equivalent
    origins: Mapped[list[str]] = mapped_column(default=list)  # countries (ISO 3166-1) and regions; empty: all
    courses: Mapped[list[str]] = mapped_column(default=list)  # codes of courses; empty: all
    clause_ja: Mapped[str] = mapped_column(String(120), default="")
    clause_en: Mapped[str] = mapped_column(String(120), default="")
    to_confirm: Mapped[bool] = mapped_column(default=False)  # a stand-in that JST has not confirmed
    position: Mapped[int] = mapped_column(default=0)
    withdrawn_at: Mapped[datetime | None]  # no longer offered: only lines that are counted by it go on being so

    @property
    def label(self) -> str:
        return localized(self.label_ja, self.label_en)

    @property
    def family(self) -> str:
        """Rates of one family stand in for each other."""
        return self.code.partition(".")[0]

    @property
    def is_offered(self) -> bool:
        return self.withdrawn_at is None

    @property
    def clause(self) -> str:
        """The place in the guidelines, in the reader's language."""
        return localized(self.clause_ja, self.clause_en)
