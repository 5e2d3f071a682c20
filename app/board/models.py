"""What-if versions of a round's board, where each plan stands on them, every move, and the targets of a year."""

import enum
from datetime import datetime
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models import User
from app.applications.models import Application
from app.applications.vocabulary import Outcome
from app.calls.models import Call
from app.core.db import Base, Public, Timestamped, Versioned
from app.core.i18n import localized


class MoveKind(enum.StrEnum):
    """What somebody did on a board."""

    OUTCOME = "outcome"
    POSITION = "position"
    CONDITIONS = "conditions"
    LINE = "line"
    PANEL = "panel"

    @property
    def label(self) -> Any:
        return MOVE_LABELS[self]


MOVE_LABELS = {
    MoveKind.OUTCOME: _l("Outcome"),
    MoveKind.POSITION: _l("Rank"),
    MoveKind.CONDITIONS: _l("Conditions"),
    MoveKind.LINE: _l("Budget line"),
    MoveKind.PANEL: _l("Made the panel's board"),
}


class BoardVersion(Public, Timestamped, Versioned, Base):
    """A board somebody keeps under a name. Of the versions of a round one at most is the panel's."""

    __tablename__ = "board_version"
    __table_args__ = (
        UniqueConstraint("call_id", "name"),
        CheckConstraint("budget_line >= 0", name="line_not_negative"),
        CheckConstraint("name <> ''", name="has_a_name"),
        Index(
            "uq_board_version_panels",
            "call_id",
            unique=True,
            sqlite_where=text("is_panels"),
            postgresql_where=text("is_panels"),
        ),
    )

    call_id: Mapped[int] = mapped_column(ForeignKey("call.id", ondelete="CASCADE"))
    name: Mapped[str] = mapped_column(String(120))
    budget_line: Mapped[int] = mapped_column(BigInteger, default=0)  # whole yen: adopted from the top to here
    is_panels: Mapped[bool] = mapped_column(default=False)
    made_by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    copied_from_id: Mapped[int | None] = mapped_column(ForeignKey("board_version.id"))
    moved_at: Mapped[datetime | None]  # the newest move

    call: Mapped[Call] = relationship()
    made_by: Mapped[User] = relationship()


class BoardPlace(Base):
    """Where a plan stands on a version, and on which conditions it would be adopted."""

    __tablename__ = "board_place"
    __table_args__ = (
        UniqueConstraint("board_version_id", "application_id"),
        CheckConstraint("people_cap IS NULL OR people_cap >= 1", name="somebody_comes"),
        CheckConstraint("money_cap IS NULL OR money_cap >= 0", name="money_not_negative"),
        Index("ix_board_place_order", "board_version_id", "position"),
    )

    board_version_id: Mapped[int] = mapped_column(ForeignKey("board_version.id", ondelete="CASCADE"))
    application_id: Mapped[int] = mapped_column(ForeignKey("application.id", ondelete="CASCADE"), index=True)
    position: Mapped[int]  # rising down the board, with gaps
    mark: Mapped[Outcome | None]  # None: the budget line says
    people_cap: Mapped[int | None]
    money_cap: Mapped[int | None] = mapped_column(BigInteger)  # whole yen
    condition_ja: Mapped[str] = mapped_column(Text, default="")  # for the host
    condition_en: Mapped[str] = mapped_column(Text, default="")

    @property
    def condition(self) -> str:
        return localized(self.condition_ja, self.condition_en)


class BoardMove(Base):
    """Who moved what, when and why. Append-only; triggers see to it."""

    __tablename__ = "board_move"
    __table_args__ = (
        CheckConstraint("reason <> ''", name="has_a_reason"),
        Index("ix_board_move_version", "board_version_id", "number", "id"),
        Index("ix_board_move_plan", "board_version_id", "application_id", "id"),
    )

    board_version_id: Mapped[int] = mapped_column(ForeignKey("board_version.id"))
    application_id: Mapped[int | None] = mapped_column(ForeignKey("application.id"), index=True)  # None: the line
    number: Mapped[int]  # the `version` of the board that the move made
    kind: Mapped[MoveKind]
    before: Mapped[dict[str, Any]] = mapped_column(default=dict)
    after: Mapped[dict[str, Any]] = mapped_column(default=dict)
    reason: Mapped[str] = mapped_column(Text)
    made_by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    made_by_name: Mapped[str] = mapped_column(String(200))
    made_at: Mapped[datetime]

    application: Mapped[Application | None] = relationship()


class BoardTarget(Public, Timestamped, Versioned, Base):
    """What a fiscal year is to reach, or not to exceed. `measure`: as in `app.board.measures`."""

    __tablename__ = "board_target"
    __table_args__ = (
        UniqueConstraint("fiscal_year", "measure"),
        CheckConstraint("goal >= 0", name="goal_not_negative"),
    )

    fiscal_year: Mapped[int]
    measure: Mapped[str] = mapped_column(String(60))
    goal: Mapped[int] = mapped_column(BigInteger)
    is_ceiling: Mapped[bool] = mapped_column(default=False)
    to_confirm: Mapped[bool] = mapped_column(default=False)  # a stand-in that JST has not confirmed
    position: Mapped[int] = mapped_column(default=0)
