"""The link by which a sending side, without an account, fills in its own part of an exchange plan."""

import enum
from datetime import datetime
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.applications.models import ApplicationPartner
from app.core import clock
from app.core.db import Base, Public

MOST_WRONG_CODES = 5


class LinkState(enum.StrEnum):
    INVITED = "invited"
    OPENED = "opened"
    LOCKED = "locked"  # too many wrong codes
    EXPIRED = "expired"
    REVOKED = "revoked"

    @property
    def label(self) -> Any:
        return STATE_LABELS[self]


STATE_LABELS = {
    LinkState.INVITED: _l("Invited"),
    LinkState.OPENED: _l("Opened by the partner"),
    LinkState.LOCKED: _l("Closed after too many wrong codes"),
    LinkState.EXPIRED: _l("Expired"),
    LinkState.REVOKED: _l("Taken back"),
}


class PartnerLink(Public, Base):
    """A narrow capability (security contract 5.2): one partner of one plan, one browser, for a while.

    Neither the token of the address nor the code is kept, only their hashes; nor the value of the browser's cookie.
    """

    __tablename__ = "partner_link"
    __table_args__ = (
        CheckConstraint("(activated_at IS NULL) = (browser_hash IS NULL)", name="opened_in_a_browser"),
        CheckConstraint("wrong_tries >= 0", name="tries_counted"),
    )

    application_partner_id: Mapped[int] = mapped_column(
        ForeignKey("application_partner.id", ondelete="CASCADE"), index=True
    )
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    code_hash: Mapped[str] = mapped_column(String(64))
    browser_hash: Mapped[str | None] = mapped_column(String(64), index=True)
    wrong_tries: Mapped[int] = mapped_column(default=0)
    created_by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
    expires_at: Mapped[datetime]
    activated_at: Mapped[datetime | None]
    reminded_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]

    partner: Mapped[ApplicationPartner] = relationship()

    @property
    def state(self) -> LinkState:
        if self.revoked_at is not None:
            return LinkState.REVOKED
        if self.expires_at <= clock.now():
            return LinkState.EXPIRED
        if self.activated_at is not None:
            return LinkState.OPENED
        return LinkState.LOCKED if self.wrong_tries >= MOST_WRONG_CODES else LinkState.INVITED

    @property
    def is_good(self) -> bool:
        """Whether it opens, or stays open."""
        return self.state in (LinkState.INVITED, LinkState.OPENED)
