"""Persons across years. A person stands here once; a part in a visit is a row of its own (`visits.Participation`)."""

import enum
from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import CheckConstraint, Date, ForeignKey, Index, String, UniqueConstraint, select
from sqlalchemy.ext.hybrid import hybrid_method
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.core.authz import Actor, Scope, model_of
from app.core.db import Base, Public, Timestamped, Versioned


class Sex(enum.StrEnum):
    """As in the passport."""

    FEMALE = "F"
    MALE = "M"
    OTHER = "X"

    @property
    def label(self) -> Any:
        return SEX_LABELS[self]


SEX_LABELS = {Sex.FEMALE: _l("Female"), Sex.MALE: _l("Male"), Sex.OTHER: _l("Other (X)")}


class Category(enum.StrEnum):
    """What an invitee does at home (guidelines, who can be invited)."""

    HIGH_SCHOOL = "high_school"
    TECHNICAL_COLLEGE = "technical_college"
    UNDERGRADUATE = "undergraduate"
    MASTER = "master"
    DOCTOR = "doctor"
    POSTDOC = "postdoc"
    FACULTY = "faculty"
    TEACHER = "teacher"
    RESEARCHER = "researcher"
    PUBLIC_OFFICIAL = "public_official"
    OTHER = "other"

    @property
    def label(self) -> Any:
        return CATEGORY_LABELS[self]


CATEGORY_LABELS = {
    Category.HIGH_SCHOOL: _l("High-school student"),
    Category.TECHNICAL_COLLEGE: _l("Technical-college student"),
    Category.UNDERGRADUATE: _l("Undergraduate"),
    Category.MASTER: _l("Master's student"),
    Category.DOCTOR: _l("Doctoral student"),
    Category.POSTDOC: _l("Postdoctoral researcher"),
    Category.FACULTY: _l("Faculty member"),
    Category.TEACHER: _l("School teacher"),
    Category.RESEARCHER: _l("Researcher"),
    Category.PUBLIC_OFFICIAL: _l("Public official"),
    Category.OTHER: _l("Other"),
}


class Invitee(Public, Timestamped, Versioned, Base):
    """招へい者: one person. Names are those of the passport; a person with one name has no surname.

    Which institutions know this person stands in `InviteeHost`; later stations of the life keep it.
    """

    __tablename__ = "invitee"
    __table_args__ = (
        CheckConstraint("given_names <> '' OR surname <> ''", name="has_a_name"),
        Index("ix_invitee_nationality", "nationality", "id"),
        Index("ix_invitee_sort_name", "sort_name", "id"),
        Index("ix_invitee_email", "email"),
        Index("ix_invitee_fiscal_year", "fiscal_year", "id"),
        Index("ix_invitee_match_key", "match_key"),
    )

    surname: Mapped[str] = mapped_column(String(80), default="")
    given_names: Mapped[str] = mapped_column(String(120), default="")
    native_name: Mapped[str] = mapped_column(String(160), default="")
    katakana: Mapped[str] = mapped_column(String(160), default="")
    sex: Mapped[Sex | None]
    date_of_birth: Mapped[date | None] = mapped_column(Date)
    nationality: Mapped[str] = mapped_column(String(2))  # ISO 3166-1 alpha-2
    email: Mapped[str] = mapped_column(String(254), default="")
    # the newest part taken in a visit, told by `visits` (service.remember_part) so that lists need no join
    category: Mapped[Category | None]
    affiliation: Mapped[str] = mapped_column(String(300), default="")
    fiscal_year: Mapped[int | None]
    sort_name: Mapped[str] = mapped_column(String(200), default="")
    match_key: Mapped[str] = mapped_column(String(200), default="")  # folded name | date of birth | nationality
    search_text: Mapped[str] = mapped_column(default="")

    passport: Mapped["Passport | None"] = relationship(
        back_populates="invitee", cascade="all, delete-orphan", uselist=False
    )
    hosts: Mapped[list["InviteeHost"]] = relationship(back_populates="invitee", cascade="all, delete-orphan")

    @property
    def passport_name(self) -> str:
        """SURNAME, GIVEN NAMES — or the one name of a person who has one."""
        return ", ".join(part for part in (self.surname, self.given_names) if part)

    @hybrid_method
    def within(self, scope: Scope, actor: Actor, institution_id: int | None) -> Any:
        if scope is Scope.OWN:
            return model_of(self).id.in_(
                select(InviteeHost.invitee_id).where(InviteeHost.institution_id == institution_id)
            )
        return self.id == actor.invitee_id if scope is Scope.SELF else False


class InviteeHost(Base):
    """An institution that receives or received a person: the person exists for its staff."""

    __tablename__ = "invitee_host"
    __table_args__ = (UniqueConstraint("institution_id", "invitee_id"),)

    invitee_id: Mapped[int] = mapped_column(ForeignKey("invitee.id", ondelete="CASCADE"), index=True)
    institution_id: Mapped[int] = mapped_column(ForeignKey("organization.id"))

    invitee: Mapped[Invitee] = relationship(back_populates="hosts")


class Passport(Timestamped, Versioned, Base):
    """Class A data, apart from the person: the number is sealed; its blind index finds the same passport again."""

    __tablename__ = "passport"

    invitee_id: Mapped[int] = mapped_column(ForeignKey("invitee.id", ondelete="CASCADE"), unique=True)
    sealed_number: Mapped[str] = mapped_column(String(400))
    number_index: Mapped[str] = mapped_column(String(64), index=True)
    last_signs: Mapped[str] = mapped_column(String(3), default="")  # what the masked display shows
    expires_on: Mapped[date | None] = mapped_column(Date)

    invitee: Mapped[Invitee] = relationship(back_populates="passport")
