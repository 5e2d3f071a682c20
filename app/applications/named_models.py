"""People of a plan by name, before there is a visit: who comes from which partner, and files with them on their way in.

Names stand here from planning on; a person of the books (`Invitee`) is made of them once the plan is adopted. Passport
numbers are class A: sealed, shown by their last signs only, never frozen with a submission.
"""

import enum
from datetime import date
from typing import TYPE_CHECKING, Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import CheckConstraint, Date, ForeignKey, Index, String
from sqlalchemy.ext.hybrid import hybrid_method
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models import User
from app.applications.vocabulary import ParticipantRole
from app.core.authz import Actor, Scope, model_of
from app.core.db import Base, Public, Timestamped, Versioned
from app.invitees.models import Category, Sex
from app.invitees.roster_model import RosterFile, RosterImportState

if TYPE_CHECKING:
    from app.applications.models import Application, ApplicationPartner

MOST_PEOPLE = 100


class EnteredBy(enum.StrEnum):
    """Who entered a person, or changed the entry last."""

    HOST = "host"
    PARTNER = "partner"

    @property
    def label(self) -> Any:
        return ENTERED_LABELS[self]


ENTERED_LABELS = {EnteredBy.HOST: _l("Host institution"), EnteredBy.PARTNER: _l("Partner")}


class PlannedPerson(Public, Timestamped, Versioned, Base):
    """Somebody who is to come. All but the name may still be unknown.

    `possible_match`: whether somebody invited before may be this person (None: not compared yet). `invited_before` is
    what the host answered, with `match_reason`; nothing of the other record is kept here.
    """

    __tablename__ = "planned_person"
    __table_args__ = (
        CheckConstraint("given_names <> '' OR surname <> ''", name="has_a_name"),
        CheckConstraint("(sealed_number = '') = (number_index = '')", name="number_with_its_index"),
        Index("ix_planned_person_application_id", "application_id", "position"),
        Index("ix_planned_person_number_index", "number_index"),
    )

    application_id: Mapped[int] = mapped_column(ForeignKey("application.id", ondelete="CASCADE"))
    partner_id: Mapped[int | None] = mapped_column(
        ForeignKey("application_partner.id", ondelete="SET NULL"), index=True
    )
    surname: Mapped[str] = mapped_column(String(80), default="")
    given_names: Mapped[str] = mapped_column(String(120), default="")
    native_name: Mapped[str] = mapped_column(String(160), default="")
    katakana: Mapped[str] = mapped_column(String(160), default="")
    sex: Mapped[Sex | None]
    date_of_birth: Mapped[date | None] = mapped_column(Date)
    nationality: Mapped[str] = mapped_column(String(2), default="")  # ISO 3166-1 alpha-2
    email: Mapped[str] = mapped_column(String(254), default="")
    category: Mapped[Category | None]
    role: Mapped[ParticipantRole] = mapped_column(default=ParticipantRole.INVITEE)
    affiliation: Mapped[str] = mapped_column(String(300), default="")
    first_visit: Mapped[bool] = mapped_column(default=True)
    previous_visit_reason: Mapped[str] = mapped_column(String(300), default="")
    diet: Mapped[str] = mapped_column(String(120), default="")
    sealed_number: Mapped[str] = mapped_column(String(400), default="")
    number_index: Mapped[str] = mapped_column(String(64), default="")
    last_signs: Mapped[str] = mapped_column(String(3), default="")  # what the masked display shows
    passport_expires_on: Mapped[date | None] = mapped_column(Date)
    possible_match: Mapped[bool | None]
    invited_before: Mapped[bool | None]
    match_reason: Mapped[str] = mapped_column(String(300), default="")
    entered_by: Mapped[EnteredBy] = mapped_column(default=EnteredBy.HOST)
    entered_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    position: Mapped[int] = mapped_column(default=0)

    application: Mapped["Application"] = relationship(back_populates="named")
    partner: Mapped["ApplicationPartner | None"] = relationship()
    user: Mapped[User | None] = relationship()

    @property
    def passport_name(self) -> str:
        """SURNAME, GIVEN NAMES — or the one name of a person who has one."""
        return ", ".join(part for part in (self.surname, self.given_names) if part)

    @property
    def masked_number(self) -> str:
        """The passport number as pages show it; "" where none is kept."""
        return f"••••{self.last_signs}" if self.sealed_number else ""

    @property
    def awaits_answer(self) -> bool:
        """Whether the host still has to say if this is somebody invited before."""
        return bool(self.possible_match) and self.invited_before is None

    @hybrid_method
    def within(self, scope: Scope, actor: Actor, institution_id: int | None) -> Any:
        return _of_own_plan(self, scope, institution_id)


class PlanRoster(RosterFile, Base):
    """A spreadsheet with the people of a plan on its way in. It saves nobody by itself."""

    __tablename__ = "plan_roster"
    __table_args__ = (Index("ix_plan_roster_state", "state", "updated_at"),)

    application_id: Mapped[int] = mapped_column(ForeignKey("application.id", ondelete="CASCADE"), index=True)

    application: Mapped["Application"] = relationship()

    @hybrid_method
    def within(self, scope: Scope, actor: Actor, institution_id: int | None) -> Any:
        return _of_own_plan(self, scope, institution_id)


def _of_own_plan(target: Any, scope: Scope, institution_id: int | None) -> Any:
    """What belongs to a plan belongs to the plan's host."""
    owned = model_of(target).application.has(host_institution_id=institution_id)
    return owned if scope is Scope.OWN else False


__all__ = ["ENTERED_LABELS", "MOST_PEOPLE", "EnteredBy", "PlanRoster", "PlannedPerson", "RosterImportState"]
