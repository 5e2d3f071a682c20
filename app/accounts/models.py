"""Users, what they may wear, where they are signed in, and the links that let them in."""

import enum
from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, Date, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.ext.hybrid import hybrid_method
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.core import clock
from app.core.authz import Actor, Role, Scope, model_of
from app.core.db import Base, Public, Timestamped, Versioned
from app.directory.models import Organization


class UserState(enum.StrEnum):
    ACTIVE = "active"
    DISABLED = "disabled"


class User(Public, Timestamped, Versioned, Base):
    """A person who signs in. What the person may do stands in the grants."""

    __tablename__ = "user_account"
    __table_args__ = (CheckConstraint("email = lower(email)", name="email_is_folded"),)

    email: Mapped[str] = mapped_column(String(254), unique=True)
    name: Mapped[str] = mapped_column(String(120))
    locale: Mapped[str] = mapped_column(String(5), default="ja")
    password_hash: Mapped[str | None] = mapped_column(String(200))
    state: Mapped[UserState] = mapped_column(default=UserState.ACTIVE)
    invitee_id: Mapped[int | None] = mapped_column(
        unique=True
    )  # the alumnus this account belongs to (invitees.Invitee)
    demo_note: Mapped[str] = mapped_column(
        String(40), default=""
    )  # key of the sentence on the demonstration sign-in page

    grants: Mapped[list["RoleGrant"]] = relationship(
        back_populates="user", cascade="all, delete-orphan", foreign_keys="RoleGrant.user_id"
    )

    @hybrid_method
    def within(self, scope: Scope, actor: Actor, institution_id: int | None) -> Any:
        if scope is Scope.SELF:
            return self.id == actor.id
        return model_of(self).grants.any(RoleGrant.institution_id == institution_id) if scope is Scope.OWN else False


class RoleGrant(Timestamped, Base):
    """A role given to a person: host roles for one institution, JST roles for the programme."""

    __tablename__ = "role_grant"
    __table_args__ = (
        UniqueConstraint("user_id", "role", "institution_id"),
        CheckConstraint(
            "(role IN ('host_editor', 'host_approver')) = (institution_id IS NOT NULL)", name="host_roles_name_a_host"
        ),
    )

    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id", ondelete="CASCADE"))
    role: Mapped[Role]
    institution_id: Mapped[int | None] = mapped_column(ForeignKey("organization.id"), index=True)
    granted_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    expires_on: Mapped[date | None] = mapped_column(Date)

    user: Mapped[User] = relationship(back_populates="grants", foreign_keys=[user_id])
    institution: Mapped[Organization | None] = relationship()


class UserSession(Public, Base):
    """A browser in which somebody is signed in. Only the hash of its token is kept."""

    __tablename__ = "user_session"

    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id", ondelete="CASCADE"), index=True)
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
    last_seen_at: Mapped[datetime] = mapped_column(default=clock.now)
    confirmed_at: Mapped[datetime | None]  # when the password was last proved in this session
    ended_at: Mapped[datetime | None]
    by_link: Mapped[bool] = mapped_column(default=False)  # came by a link by mail: wears the alumnus hat only
    user_agent: Mapped[str] = mapped_column(String(200), default="")

    user: Mapped[User] = relationship()


class LinkPurpose(enum.StrEnum):
    """What a link by mail is good for; a link of one kind never opens another door."""

    SIGN_IN = "sign_in"
    PASSWORD_RESET = "password_reset"
    INVITATION = "invitation"


class MailLink(Public, Base):
    """A single-use link sent by mail; only its hash is kept. Used once: one conditional UPDATE decides."""

    __tablename__ = "mail_link"
    __table_args__ = (Index("ix_mail_link_email", "email", "purpose"),)

    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    purpose: Mapped[LinkPurpose]
    email: Mapped[str] = mapped_column(String(254))
    locale: Mapped[str] = mapped_column(String(5), default="ja")
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id", ondelete="CASCADE"), index=True)
    role: Mapped[Role | None]
    institution_id: Mapped[int | None] = mapped_column(ForeignKey("organization.id"), index=True)
    invited_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
    browser_hash: Mapped[str | None] = mapped_column(String(64))  # the browser that asked for it

    institution: Mapped[Organization | None] = relationship()
    user: Mapped[User | None] = relationship(foreign_keys=[user_id])

    @hybrid_method
    def within(self, scope: Scope, actor: Actor, institution_id: int | None) -> Any:
        return self.institution_id == institution_id if scope is Scope.OWN else False
