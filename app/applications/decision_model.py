"""What JST decides on a plan, and the proposals it comes from: proposed by one person, answered by another.

Both stand apart from the plan's state: until the release only JST may know them, and a proposal is not yet a decision.
"""

import enum
from datetime import datetime
from typing import TYPE_CHECKING, Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, String, Text, text
from sqlalchemy.ext.hybrid import hybrid_method
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models import User
from app.applications.vocabulary import Outcome
from app.core import clock
from app.core.authz import Actor, Scope
from app.core.db import Base, Public, Timestamped, Versioned
from app.core.i18n import localized

if TYPE_CHECKING:
    from app.applications.models import Application

CONDITIONS = ("people_cap", "money_cap", "condition_ja", "condition_en")
ONE_AT_A_TIME = text("state = 'open'")


class ProposalKind(enum.StrEnum):
    """What a proposal would do."""

    DECISION = "decision"  # before the release of the round
    PROMOTION = "promotion"  # adopt from the waiting list
    CHANGE = "change"  # another result after the release

    @property
    def label(self) -> Any:
        return KIND_LABELS[self]


class ProposalState(enum.StrEnum):
    OPEN = "open"
    APPROVED = "approved"
    SENT_BACK = "sent_back"
    WITHDRAWN = "withdrawn"
    REPLACED = "replaced"  # by another one of the same person
    LAPSED = "lapsed"  # the plan was withdrawn, or its result released

    @property
    def label(self) -> Any:
        return STATE_LABELS[self]


KIND_LABELS = {
    ProposalKind.DECISION: _l("Decision"),
    ProposalKind.PROMOTION: _l("Adoption from the waiting list"),
    ProposalKind.CHANGE: _l("Change of a released result"),
}
STATE_LABELS = {
    ProposalState.OPEN: _l("Waits for approval"),
    ProposalState.APPROVED: _l("Approved"),
    ProposalState.SENT_BACK: _l("Sent back"),
    ProposalState.WITHDRAWN: _l("Proposal withdrawn"),
    ProposalState.REPLACED: _l("Replaced by another proposal"),
    ProposalState.LAPSED: _l("Void: the plan has moved on"),
}


class Terms:
    """An outcome with its place on the waiting list, its conditions, and the words that go with it."""

    outcome: Mapped[Outcome]
    position: Mapped[int | None]  # on the waiting list, from 1
    people_cap: Mapped[int | None]
    money_cap: Mapped[int | None] = mapped_column(BigInteger)  # whole yen
    condition_ja: Mapped[str] = mapped_column(Text, default="", server_default="")  # for the host
    condition_en: Mapped[str] = mapped_column(Text, default="", server_default="")
    comment: Mapped[str] = mapped_column(Text, default="")  # for JST
    message: Mapped[str] = mapped_column(Text, default="")  # for the applicant, part of the letter

    @property
    def condition(self) -> str:
        return localized(self.condition_ja, self.condition_en)

    @property
    def has_conditions(self) -> bool:
        return bool(self.people_cap or self.money_cap is not None or self.condition_ja or self.condition_en)

    def take_over(self, other: "Terms") -> None:
        """Say the same as another."""
        for name in ("outcome", "position", *CONDITIONS, "comment", "message"):
            setattr(self, name, getattr(other, name))


class Decision(Terms, Timestamped, Base):
    """What was decided on a plan. Apart from the plan, because until the release only JST may know it.

    `number` counts the results a plan has had since its release: the first is 1. The mail of each goes out once.
    """

    __tablename__ = "decision"
    __table_args__ = (
        CheckConstraint("people_cap IS NULL OR people_cap >= 1", name="somebody_comes"),
        CheckConstraint("money_cap IS NULL OR money_cap >= 0", name="money_not_negative"),
        CheckConstraint("position IS NULL OR position >= 1", name="position_from_one"),
    )

    application_id: Mapped[int] = mapped_column(ForeignKey("application.id", ondelete="CASCADE"), unique=True)
    decided_by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    proposal_id: Mapped[int | None] = mapped_column(ForeignKey("decision_proposal.id"))
    number: Mapped[int] = mapped_column(default=1, server_default="1")

    application: Mapped["Application"] = relationship()
    proposal: Mapped["DecisionProposal | None"] = relationship()


class DecisionProposal(Terms, Public, Versioned, Base):
    """What somebody proposes to decide on a plan. It is answered once, by somebody else, and kept for good.

    `source_*`: the board it was read off, and the number of its version.
    """

    __tablename__ = "decision_proposal"
    __table_args__ = (
        CheckConstraint("people_cap IS NULL OR people_cap >= 1", name="somebody_comes"),
        CheckConstraint("money_cap IS NULL OR money_cap >= 0", name="money_not_negative"),
        CheckConstraint("position IS NULL OR position >= 1", name="position_from_one"),
        CheckConstraint("(state = 'open') = (answered_at IS NULL)", name="answer_is_dated"),
        CheckConstraint(
            "state NOT IN ('approved', 'sent_back')"
            " OR (answered_by_id IS NOT NULL AND answered_by_id <> proposed_by_id)",
            name="two_people",
        ),
        CheckConstraint("state <> 'sent_back' OR reason <> ''", name="sent_back_with_a_reason"),
        CheckConstraint("kind <> 'change' OR comment <> ''", name="change_has_a_reason"),
        Index("ix_decision_proposal_application_id", "application_id", "id"),
        Index("ix_decision_proposal_state", "state", "application_id"),
        Index(
            "uq_decision_proposal_open",
            "application_id",
            unique=True,
            sqlite_where=ONE_AT_A_TIME,
            postgresql_where=ONE_AT_A_TIME,
        ),
    )

    application_id: Mapped[int] = mapped_column(ForeignKey("application.id", ondelete="CASCADE"))
    kind: Mapped[ProposalKind]
    state: Mapped[ProposalState] = mapped_column(default=ProposalState.OPEN)
    proposed_by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    proposed_at: Mapped[datetime] = mapped_column(default=clock.now)
    source_id: Mapped[str] = mapped_column(String(16), default="")
    source_name: Mapped[str] = mapped_column(String(160), default="")
    source_number: Mapped[int | None]
    answered_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    answered_at: Mapped[datetime | None]
    reason: Mapped[str] = mapped_column(Text, default="")  # of the answer

    application: Mapped["Application"] = relationship()
    proposed_by: Mapped[User] = relationship(foreign_keys=[proposed_by_id])
    answered_by: Mapped[User | None] = relationship(foreign_keys=[answered_by_id])

    @property
    def is_open(self) -> bool:
        return self.state is ProposalState.OPEN

    @property
    def is_change(self) -> bool:
        return self.kind is ProposalKind.CHANGE

    @hybrid_method
    def within(self, scope: Scope, actor: Actor, institution_id: int | None) -> Any:
        return scope is Scope.SUBMITTED  # nothing is proposed on a plan that was never submitted
