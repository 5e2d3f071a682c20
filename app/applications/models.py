"""交流計画（書）: the exchange plan a host institution writes with its partners and submits to a round."""

from datetime import date, datetime, time
from typing import Any

from sqlalchemy import JSON, CheckConstraint, Date, ForeignKey, Index, String, Text, Time, UniqueConstraint, text
from sqlalchemy.ext.hybrid import hybrid_method
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.applications.decision_model import Decision, DecisionProposal
from app.applications.file_model import PlanFile
from app.applications.named_models import PlannedPerson
from app.applications.vocabulary import (
    ACTIVITY_LABELS,
    BUDGET_LABELS,
    OUTCOME_LABELS,
    ROLE_LABELS,
    ActivityKind,
    ApplicationState,
    BudgetKind,
    Outcome,
    ParticipantRole,
)
from app.calls.models import Call, Course
from app.core.authz import Actor, Scope
from app.core.db import Base, Public, Timestamped, Versioned
from app.core.i18n import localized
from app.directory.models import HostInstitution, SendingOrganization
from app.invitees.models import Category


class Application(Public, Timestamped, Versioned, Base):
    """An exchange plan. A draft may hold anything or nothing; what submission needs, the workflow's guards say."""

    __tablename__ = "application"
    __table_args__ = (
        CheckConstraint("ends_on IS NULL OR starts_on IS NULL OR ends_on >= starts_on", name="period_in_order"),
        CheckConstraint(
            "state IN ('draft', 'withdrawn') OR (reference IS NOT NULL AND submitted_at IS NOT NULL)",
            name="submitted_has_a_number",
        ),
        CheckConstraint(
            "state NOT IN ('decided', 'adopted', 'reserve', 'declined', 'completed') OR decided_at IS NOT NULL",
            name="decided_has_a_time",
        ),
        Index("ix_application_host_state", "host_institution_id", "state", "id"),
        Index("ix_application_call_state", "call_id", "state", "id"),
        Index("ix_application_state", "state", "id"),
        Index("ix_application_submitted_at", "submitted_at", "id"),
    )

    reference: Mapped[str | None] = mapped_column(String(20), unique=True)
    state: Mapped[ApplicationState] = mapped_column(default=ApplicationState.DRAFT)
    call_id: Mapped[int] = mapped_column(ForeignKey("call.id"))
    course_id: Mapped[int] = mapped_column(ForeignKey("course.id"), index=True)
    host_institution_id: Mapped[int] = mapped_column(ForeignKey("organization.id"))

    # overview
    theme_ja: Mapped[str] = mapped_column(String(300), default="")
    theme_en: Mapped[str] = mapped_column(String(300), default="")
    field_of_science: Mapped[str] = mapped_column(String(40), default="")
    purpose: Mapped[str] = mapped_column(Text, default="")
    expected_results: Mapped[str] = mapped_column(Text, default="")
    online_if_impossible: Mapped[bool] = mapped_column(default=False)  # the promise that used to be a typed sentence
    principal_name: Mapped[str] = mapped_column(String(120), default="")  # 実施主担当者
    principal_department: Mapped[str] = mapped_column(String(200), default="")
    principal_email: Mapped[str] = mapped_column(String(254), default="")
    administrative_name: Mapped[str] = mapped_column(String(120), default="")  # 事務担当者
    administrative_email: Mapped[str] = mapped_column(String(254), default="")
    administrative_phone: Mapped[str] = mapped_column(String(40), default="")
    # itinerary
    starts_on: Mapped[date | None] = mapped_column(Date)  # day of entry
    ends_on: Mapped[date | None] = mapped_column(Date)  # day of exit
    airport_distance_km: Mapped[int | None]  # from the international airport of arrival to the host
    # safety and export control
    safety: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    # life
    submitted_at: Mapped[datetime | None]
    submitted_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    snapshot: Mapped[dict[str, Any] | None] = mapped_column(JSON)  # the plan frozen when submitted
    snapshot_sha256: Mapped[str | None] = mapped_column(String(64))
    frozen_people: Mapped[list[Any] | None] = mapped_column(JSON(none_as_null=True))  # named then
    previous_snapshot: Mapped[dict[str, Any] | None] = mapped_column(JSON)  # the plan as submitted before the last time
    verdicts: Mapped[list[Any]] = mapped_column(JSON, default=list)  # frozen with the rules that judged
    return_reason: Mapped[str] = mapped_column(Text, default="")
    return_due_on: Mapped[date | None] = mapped_column(Date)
    return_sections: Mapped[dict[str, str] | None] = mapped_column(JSON)  # what to correct, by section
    decided_at: Mapped[datetime | None]
    released_at: Mapped[datetime | None]
    moved_at: Mapped[datetime | None]  # since when it belongs to its present institution, if it was moved there
    search_text: Mapped[str] = mapped_column(default="")

    call: Mapped[Call] = relationship()
    course: Mapped[Course] = relationship()
    host_institution: Mapped[HostInstitution] = relationship()
    origin: Mapped["ApplicationOrigin | None"] = relationship(
        back_populates="application",
        cascade="all, delete-orphan",
        foreign_keys="ApplicationOrigin.application_id",
    )
    partners: Mapped[list["ApplicationPartner"]] = relationship(
        back_populates="application", cascade="all, delete-orphan", order_by="ApplicationPartner.position"
    )
    itinerary: Mapped[list["ItineraryItem"]] = relationship(
        back_populates="application",
        cascade="all, delete-orphan",
        order_by="(ItineraryItem.day, ItineraryItem.position)",
    )
    people: Mapped[list["PlannedPeople"]] = relationship(
        back_populates="application", cascade="all, delete-orphan", order_by="PlannedPeople.position"
    )
    named: Mapped[list[PlannedPerson]] = relationship(
        back_populates="application", cascade="all, delete-orphan", order_by=PlannedPerson.position
    )
    budget: Mapped[list["BudgetLine"]] = relationship(
        back_populates="application", cascade="all, delete-orphan", order_by="BudgetLine.position"
    )
    files: Mapped[list[PlanFile]] = relationship(
        primaryjoin=lambda: (PlanFile.application_id == Application.id) & PlanFile.removed_at.is_(None),
        order_by=PlanFile.id,
        viewonly=True,
    )  # what belongs to the plan now

    @property
    def theme(self) -> str:
        return localized(self.theme_ja, self.theme_en)

    @property
    def told_theme(self) -> str:
        """The theme for readers outside the host: of a plan sent back or withdrawn, as it was submitted."""
        is_draft_again = self.state in (ApplicationState.RETURNED, ApplicationState.WITHDRAWN)
        frozen = self.snapshot if is_draft_again else None
        return localized(frozen["theme_ja"], frozen["theme_en"]) if frozen else self.theme

    @property
    def copied_from(self) -> "Application | None":
        """The earlier plan this one was begun from."""
        return self.origin.copied_from if self.origin is not None else None

    @hybrid_method
    def within(self, scope: Scope, actor: Actor, institution_id: int | None) -> Any:
        if scope is Scope.OWN:
            return self.host_institution_id == institution_id
        if scope is Scope.SUBMITTED:
            return self.submitted_at != None  # noqa: E711 -- read by SQL and by Python
        return False


class ApplicationOrigin(Base):
    """The earlier plan a plan was begun from; the line stays, empty, should that plan be deleted."""

    __tablename__ = "application_origin"

    application_id: Mapped[int] = mapped_column(ForeignKey("application.id", ondelete="CASCADE"), unique=True)
    copied_from_id: Mapped[int | None] = mapped_column(ForeignKey("application.id", ondelete="SET NULL"), index=True)

    application: Mapped[Application] = relationship(back_populates="origin", foreign_keys=[application_id])
    copied_from: Mapped[Application | None] = relationship(foreign_keys=[copied_from_id])


class ApplicationPartner(Base):
    """A sending side named in the plan: from the directory, or typed until a coordinator enters it there."""

    __tablename__ = "application_partner"

    application_id: Mapped[int] = mapped_column(ForeignKey("application.id", ondelete="CASCADE"), index=True)
    organization_id: Mapped[int | None] = mapped_column(ForeignKey("organization.id"), index=True)
    typed_name: Mapped[str] = mapped_column(String(300), default="")
    country: Mapped[str] = mapped_column(String(2), default="")
    contact_name: Mapped[str] = mapped_column(String(120), default="")
    contact_email: Mapped[str] = mapped_column(String(254), default="")
    prior_notification: Mapped[str] = mapped_column(
        String(60), default=""
    )  # China: number of the sender's notification
    position: Mapped[int] = mapped_column(default=0)
    # what the partner says of itself, by its link, or the host on its behalf
    description: Mapped[str] = mapped_column(Text, default="")
    contact_phone: Mapped[str] = mapped_column(String(40), default="")
    pledge_name: Mapped[str] = mapped_column(String(120), default="")
    pledge_source: Mapped[str] = mapped_column(String(200), default="", server_default="")  # how it reached the host
    pledged_at: Mapped[datetime | None]
    filled: Mapped[dict[str, Any]] = mapped_column(default=dict, server_default="{}")  # by whom: `partner_marks`
    partner_updated_at: Mapped[datetime | None]
    host_told_at: Mapped[datetime | None]
    # what it declares on export control, as `export_control.answers` keeps it
    export_control: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict, server_default=text("'{}'"))

    application: Mapped[Application] = relationship(back_populates="partners")
    organization: Mapped[SendingOrganization | None] = relationship()

    @property
    def name(self) -> str:
        return self.organization.name if self.organization is not None else self.typed_name


class ItineraryItem(Base):
    """Something planned on a day, counted from the day of entry (day 1)."""

    __tablename__ = "itinerary_item"
    __table_args__ = (
        Index("ix_itinerary_item_application_id", "application_id", "day"),
        CheckConstraint("day >= 1", name="days_count_from_one"),
    )

    application_id: Mapped[int] = mapped_column(ForeignKey("application.id", ondelete="CASCADE"))
    day: Mapped[int]
    starts_at: Mapped[time | None] = mapped_column(Time)
    ends_at: Mapped[time | None] = mapped_column(Time)
    kind: Mapped[ActivityKind]
    title: Mapped[str] = mapped_column(String(300), default="")
    venue: Mapped[str] = mapped_column(String(200), default="")
    leader: Mapped[str] = mapped_column(String(120), default="")
    position: Mapped[int] = mapped_column(default=0)

    application: Mapped[Application] = relationship(back_populates="itinerary")


class PlannedPeople(Base):
    """How many people of a kind are planned, before their names are known."""

    __tablename__ = "planned_people"
    __table_args__ = (CheckConstraint("number >= 1", name="at_least_one"),)

    application_id: Mapped[int] = mapped_column(ForeignKey("application.id", ondelete="CASCADE"), index=True)
    partner_id: Mapped[int | None] = mapped_column(ForeignKey("application_partner.id", ondelete="CASCADE"), index=True)
    category: Mapped[Category | None]  # None: not said yet
    role: Mapped[ParticipantRole] = mapped_column(default=ParticipantRole.INVITEE)
    number: Mapped[int] = mapped_column(default=1)
    first_visit: Mapped[bool] = mapped_column(default=True)
    position: Mapped[int] = mapped_column(default=0)

    application: Mapped[Application] = relationship(back_populates="people")
    partner: Mapped[ApplicationPartner | None] = relationship()


class BudgetLine(Base):
    """A cost: quantity × unit price in whole yen."""

    __tablename__ = "budget_line"
    __table_args__ = (
        CheckConstraint("quantity >= 0 AND unit_price >= 0", name="not_negative"),
        UniqueConstraint("application_id", "position"),
    )

    application_id: Mapped[int] = mapped_column(ForeignKey("application.id", ondelete="CASCADE"))
    kind: Mapped[BudgetKind]
    description: Mapped[str] = mapped_column(String(300), default="")
    quantity: Mapped[int] = mapped_column(default=1)
    unit_price: Mapped[int] = mapped_column(default=0)
    rate_key: Mapped[str] = mapped_column(String(60), default="", server_default="")  # the guide rate it is counted by
    position: Mapped[int] = mapped_column(default=0)

    application: Mapped[Application] = relationship(back_populates="budget")

    @property
    def amount(self) -> int:
        return self.quantity * self.unit_price


__all__ = [
    "ACTIVITY_LABELS",
    "BUDGET_LABELS",
    "OUTCOME_LABELS",
    "ROLE_LABELS",
    "ActivityKind",
    "Application",
    "ApplicationOrigin",
    "ApplicationPartner",
    "ApplicationState",
    "BudgetKind",
    "BudgetLine",
    "Decision",
    "DecisionProposal",
    "ItineraryItem",
    "Outcome",
    "ParticipantRole",
    "PlannedPeople",
    "PlannedPerson",
]
