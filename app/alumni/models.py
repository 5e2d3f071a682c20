"""同窓生: a former invitee's profile, in that person's own hands, and the ledger of returns to Japan (再来日)."""

import enum
from datetime import date, datetime
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import CheckConstraint, Date, ForeignKey, Index, String, Text
from sqlalchemy.ext.hybrid import hybrid_method
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.core.authz import Actor, Scope
from app.core.db import Base, Public, Timestamped, Versioned
from app.directory.models import HostInstitution
from app.invitees.models import Invitee


class AlumnusState(enum.StrEnum):
    INVITED = "invited"
    ACTIVE = "active"
    DORMANT = "dormant"
    LEFT = "left"


class Audience(enum.StrEnum):
    """Who may see a field of a profile. Each wider circle includes the narrower ones."""

    ONLY_ME = "only_me"  # the person and JST's programme office
    MY_HOST = "my_host"  # and the institution that received the person
    ALUMNI = "alumni"  # and other alumni, signed in

    @property
    def label(self) -> Any:
        return AUDIENCE_LABELS[self]


AUDIENCE_LABELS = {
    Audience.ONLY_ME: _l("Only me and JST"),
    Audience.MY_HOST: _l("Also the institution that hosted me"),
    Audience.ALUMNI: _l("Also other alumni"),
}


class Alumnus(Public, Timestamped, Versioned, Base):
    """The profile of a former invitee (member of the Sakura Science Club)."""

    __tablename__ = "alumnus"
    __table_args__ = (
        CheckConstraint("state <> 'left' OR listed IS FALSE", name="who_left_is_not_listed"),
        Index("ix_alumnus_state", "state", "id"),
        Index("ix_alumnus_directory", "listed", "sort_name", "id"),
        Index("ix_alumnus_listed_country", "listed_country", "sort_name", "id"),
    )

    invitee_id: Mapped[int] = mapped_column(ForeignKey("invitee.id"), unique=True)
    state: Mapped[AlumnusState] = mapped_column(default=AlumnusState.INVITED)
    email: Mapped[str] = mapped_column(String(254), default="")
    affiliation: Mapped[str] = mapped_column(String(300), default="")
    position: Mapped[str] = mapped_column(String(160), default="")
    country: Mapped[str] = mapped_column(String(2), default="")
    city: Mapped[str] = mapped_column(String(120), default="")
    field_of_science: Mapped[str] = mapped_column(String(120), default="")
    message: Mapped[str] = mapped_column(Text, default="")
    visibility: Mapped[dict[str, Any]] = mapped_column(default=dict)  # {field: Audience}; missing means ONLY_ME
    confirmed_on: Mapped[date | None] = mapped_column(Date)  # last time the person said "this is still right"
    activated_at: Mapped[datetime | None]
    # the directory of alumni: only who asked to be in it, found only by what they show to other alumni
    listed: Mapped[bool] = mapped_column(default=False)
    listed_country: Mapped[str] = mapped_column(String(2), default="")
    sort_name: Mapped[str] = mapped_column(String(200), default="")
    search_text: Mapped[str] = mapped_column(default="")

    invitee: Mapped[Invitee] = relationship()
    revisits: Mapped[list["Revisit"]] = relationship(back_populates="alumnus", order_by="Revisit.starts_on.desc()")

    @hybrid_method
    def within(self, scope: Scope, actor: Actor, institution_id: int | None) -> Any:
        if scope is Scope.LISTED:
            return self.listed
        return self.invitee_id == actor.invitee_id if scope is Scope.SELF else False


class RevisitKind(enum.StrEnum):
    """Why somebody came back (published kinds: study, work, joint research)."""

    STUDY = "study"
    EMPLOYMENT = "employment"
    JOINT_RESEARCH = "joint_research"
    TRAINING = "training"
    CONFERENCE = "conference"
    REINVITATION = "reinvitation"

    @property
    def label(self) -> Any:
        return REVISIT_LABELS[self]


REVISIT_LABELS = {
    RevisitKind.STUDY: _l("Study (degree or research student)"),
    RevisitKind.EMPLOYMENT: _l("Employment"),
    RevisitKind.JOINT_RESEARCH: _l("Joint research"),
    RevisitKind.TRAINING: _l("Training"),
    RevisitKind.CONFERENCE: _l("Conference"),
    RevisitKind.REINVITATION: _l("Re-invitation"),
}


class RevisitState(enum.StrEnum):
    REPORTED = "reported"
    VERIFIED = "verified"
    REJECTED = "rejected"


class Evidence(enum.StrEnum):
    """How well a return is known."""

    SELF = "self"
    HOST = "host"
    COORDINATOR = "coordinator"

    @property
    def label(self) -> Any:
        return EVIDENCE_LABELS[self]


EVIDENCE_LABELS = {
    Evidence.SELF: _l("Said by the person"),
    Evidence.HOST: _l("Confirmed by the institution"),
    Evidence.COORDINATOR: _l("Confirmed by JST"),
}


class Revisit(Public, Timestamped, Versioned, Base):
    """A return to Japan. Counted in the figures once it is verified, once per person and kind."""

    __tablename__ = "revisit"
    __table_args__ = (
        CheckConstraint("ends_on IS NULL OR ends_on >= starts_on", name="period_in_order"),
        CheckConstraint("state <> 'verified' OR decided_at IS NOT NULL", name="verified_has_a_time"),
        CheckConstraint("institution_id IS NOT NULL OR institution_name <> ''", name="names_an_institution"),
        Index("ix_revisit_alumnus_id", "alumnus_id", "id"),
        Index("ix_revisit_state", "state", "id"),
        Index("ix_revisit_institution_id", "institution_id", "state", "id"),
        Index("ix_revisit_starts_on", "starts_on", "id"),
    )

    alumnus_id: Mapped[int] = mapped_column(ForeignKey("alumnus.id"))
    invitee_id: Mapped[int] = mapped_column(ForeignKey("invitee.id"), index=True)
    state: Mapped[RevisitState] = mapped_column(default=RevisitState.REPORTED)
    kind: Mapped[RevisitKind]
    institution_id: Mapped[int | None] = mapped_column(ForeignKey("organization.id"))
    institution_name: Mapped[str] = mapped_column(String(300), default="")
    starts_on: Mapped[date] = mapped_column(Date)
    ends_on: Mapped[date | None] = mapped_column(Date)  # None: still in Japan
    note: Mapped[str] = mapped_column(Text, default="")
    evidence: Mapped[Evidence] = mapped_column(default=Evidence.SELF)
    decided_at: Mapped[datetime | None]
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))

    alumnus: Mapped[Alumnus] = relationship(back_populates="revisits")
    institution: Mapped[HostInstitution | None] = relationship()

    @hybrid_method
    def within(self, scope: Scope, actor: Actor, institution_id: int | None) -> Any:
        if scope is Scope.OWN:
            return self.institution_id == institution_id
        return self.invitee_id == actor.invitee_id if scope is Scope.SELF else False
