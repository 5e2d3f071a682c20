"""招へい・来日: the adopted plan takes place. Dates, schedule, the people who come."""

import enum
from datetime import date, datetime, time
from typing import Any

from sqlalchemy import CheckConstraint, Date, ForeignKey, Index, String, Time, UniqueConstraint
from sqlalchemy.ext.hybrid import hybrid_method
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.applications.models import ActivityKind, Application, ParticipantRole
from app.calls.models import Course
from app.core.authz import Actor, Scope, model_of
from app.core.db import Base, Public, Timestamped, Versioned
from app.core.i18n import localized
from app.directory.models import HostInstitution, SendingOrganization
from app.invitees.models import Category, Invitee
from app.invitees.roster_model import RosterFile, RosterImportState


class VisitState(enum.StrEnum):
    PLANNED = "planned"
    CONFIRMED = "confirmed"
    IN_PROGRESS = "in_progress"
    REPORTED = "reported"
    COMPLETED = "completed"
    CANCELLED = "cancelled"


class Visit(Public, Timestamped, Versioned, Base):
    """A group's stay in Japan, from the day of entry to the day of exit."""

    __tablename__ = "visit"
    __table_args__ = (
        CheckConstraint("ends_on IS NULL OR starts_on IS NULL OR ends_on >= starts_on", name="period_in_order"),
        CheckConstraint(
            "state IN ('planned', 'cancelled') OR (starts_on IS NOT NULL AND ends_on IS NOT NULL)",
            name="confirmed_has_dates",
        ),
        Index("ix_visit_starts_on", "starts_on", "id"),
        Index("ix_visit_host_institution_id", "host_institution_id", "id"),
        Index("ix_visit_fiscal_year", "fiscal_year", "state", "id"),
        Index("ix_visit_state", "state", "ends_on"),
    )

    application_id: Mapped[int] = mapped_column(ForeignKey("application.id"), unique=True)
    host_institution_id: Mapped[int] = mapped_column(ForeignKey("organization.id"))
    course_id: Mapped[int] = mapped_column(ForeignKey("course.id"), index=True)
    fiscal_year: Mapped[int]
    state: Mapped[VisitState] = mapped_column(default=VisitState.PLANNED)
    reference: Mapped[str] = mapped_column(String(20), unique=True)
    theme_ja: Mapped[str] = mapped_column(String(300), default="")
    theme_en: Mapped[str] = mapped_column(String(300), default="")
    starts_on: Mapped[date | None] = mapped_column(Date)
    ends_on: Mapped[date | None] = mapped_column(Date)
    lodging: Mapped[str] = mapped_column(String(300), default="")
    contact_name: Mapped[str] = mapped_column(String(120), default="")
    contact_phone: Mapped[str] = mapped_column(String(40), default="")
    insurance: Mapped[str] = mapped_column(String(200), default="")
    calendar_token_hash: Mapped[str | None] = mapped_column(String(64), unique=True)
    confirmed_at: Mapped[datetime | None]
    completed_at: Mapped[datetime | None]
    calendar_sequence: Mapped[int] = mapped_column(default=0)  # RFC 5545 SEQUENCE: raised by every change

    application: Mapped[Application] = relationship()
    host_institution: Mapped[HostInstitution] = relationship()
    course: Mapped[Course] = relationship()
    participations: Mapped[list["Participation"]] = relationship(
        back_populates="visit", cascade="all, delete-orphan", order_by="Participation.position"
    )
    schedule: Mapped[list["ScheduleItem"]] = relationship(
        back_populates="visit",
        cascade="all, delete-orphan",
        order_by="(ScheduleItem.on, ScheduleItem.starts_at, ScheduleItem.position)",
    )

    @property
    def theme(self) -> str:
        return localized(self.theme_ja, self.theme_en)

    @hybrid_method
    def within(self, scope: Scope, actor: Actor, institution_id: int | None) -> Any:
        return self.host_institution_id == institution_id if scope is Scope.OWN else False


class Participation(Public, Timestamped, Versioned, Base):
    """A person's part in one visit."""

    __tablename__ = "participation"
    __table_args__ = (
        UniqueConstraint("visit_id", "invitee_id"),
        Index("ix_participation_invitee_id", "invitee_id", "id"),
    )

    visit_id: Mapped[int] = mapped_column(ForeignKey("visit.id", ondelete="CASCADE"))
    invitee_id: Mapped[int] = mapped_column(ForeignKey("invitee.id"))
    role: Mapped[ParticipantRole] = mapped_column(default=ParticipantRole.INVITEE)
    category: Mapped[Category]
    affiliation: Mapped[str] = mapped_column(String(300), default="")  # as written in the roster
    sending_organization_id: Mapped[int | None] = mapped_column(ForeignKey("organization.id"), index=True)
    first_visit: Mapped[bool] = mapped_column(default=True)
    previous_visit_reason: Mapped[str] = mapped_column(String(300), default="")
    diet: Mapped[str] = mapped_column(String(120), default="")
    guardian_consent_on: Mapped[date | None] = mapped_column(Date)
    took_part: Mapped[bool | None]  # None until the visit is over
    position: Mapped[int] = mapped_column(default=0)

    visit: Mapped[Visit] = relationship(back_populates="participations")
    invitee: Mapped[Invitee] = relationship()
    sending_organization: Mapped[SendingOrganization | None] = relationship()

    @property
    def passport_name(self) -> str:
        return self.invitee.passport_name

    @hybrid_method
    def within(self, scope: Scope, actor: Actor, institution_id: int | None) -> Any:
        return _of_own_visit(self, scope, institution_id)


class ScheduleItem(Public, Versioned, Base):
    """One line of the schedule of stay (滞在予定表)."""

    __tablename__ = "schedule_item"
    __table_args__ = (Index("ix_schedule_item_visit_id", "visit_id", "on_day"),)

    visit_id: Mapped[int] = mapped_column(ForeignKey("visit.id", ondelete="CASCADE"))
    on: Mapped[date] = mapped_column("on_day", Date)
    starts_at: Mapped[time | None] = mapped_column(Time)
    ends_at: Mapped[time | None] = mapped_column(Time)
    kind: Mapped[ActivityKind]
    title: Mapped[str] = mapped_column(String(300), default="")
    venue: Mapped[str] = mapped_column(String(200), default="")
    leader: Mapped[str] = mapped_column(String(120), default="")
    position: Mapped[int] = mapped_column(default=0)

    visit: Mapped[Visit] = relationship(back_populates="schedule")

    @hybrid_method
    def within(self, scope: Scope, actor: Actor, institution_id: int | None) -> Any:
        return _of_own_visit(self, scope, institution_id)


class RosterImport(RosterFile, Base):
    """A spreadsheet on its way into the roster of a visit. It saves nobody by itself."""

    __tablename__ = "roster_import"
    __table_args__ = (Index("ix_roster_import_state", "state", "updated_at"),)

    visit_id: Mapped[int] = mapped_column(ForeignKey("visit.id", ondelete="CASCADE"), index=True)

    visit: Mapped[Visit] = relationship()

    @hybrid_method
    def within(self, scope: Scope, actor: Actor, institution_id: int | None) -> Any:
        return _of_own_visit(self, scope, institution_id)


def _of_own_visit(target: Any, scope: Scope, institution_id: int | None) -> Any:
    """What belongs to a visit belongs to the visit's host."""
    owned = model_of(target).visit.has(Visit.host_institution_id == institution_id)
    return owned if scope is Scope.OWN else False


__all__ = ["Participation", "RosterImport", "RosterImportState", "ScheduleItem", "Visit", "VisitState"]
