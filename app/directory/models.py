"""Organizations: one table for both sides of an exchange, because the same body can stand on either."""

import enum
from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import JSON, CheckConstraint, Date, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.ext.hybrid import hybrid_method
from sqlalchemy.orm import Mapped, declared_attr, mapped_column, relationship

from app.core.authz import Actor, Scope
from app.core.db import Base, Public, Timestamped, Versioned
from app.core.i18n import localized


class Side(enum.StrEnum):
    """Which side of an exchange an organization stands on."""

    HOST = "host"
    SENDING = "sending"


class InstitutionKind(enum.StrEnum):
    """Kinds of bodies that may be hosts (guidelines, who can apply) and their like abroad."""

    UNIVERSITY = "university"
    TECHNICAL_COLLEGE = "technical_college"
    HIGH_SCHOOL = "high_school"
    RESEARCH_INSTITUTE = "research_institute"
    COMPANY = "company"
    LOCAL_GOVERNMENT = "local_government"
    GOVERNMENT = "government"
    FOUNDATION = "foundation"
    OTHER = "other"

    @property
    def label(self) -> Any:
        return KIND_LABELS[self]


KIND_LABELS = {
    InstitutionKind.UNIVERSITY: _l("University"),
    InstitutionKind.TECHNICAL_COLLEGE: _l("Technical college (KOSEN)"),
    InstitutionKind.HIGH_SCHOOL: _l("High school"),
    InstitutionKind.RESEARCH_INSTITUTE: _l("Research institute"),
    InstitutionKind.COMPANY: _l("Company"),
    InstitutionKind.LOCAL_GOVERNMENT: _l("Local government"),
    InstitutionKind.GOVERNMENT: _l("Government body"),
    InstitutionKind.FOUNDATION: _l("Foundation or corporation"),
    InstitutionKind.OTHER: _l("Other body"),
}


class OrganizationState(enum.StrEnum):
    """Life of an entry. `listed`: known from a register, not (yet) a participant of the programme."""

    LISTED = "listed"
    REQUESTED = "requested"
    ACTIVE = "active"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


class Organization(Public, Timestamped, Versioned, Base):
    """A body with a name in a place. `HostInstitution` and `SendingOrganization` are its two sides."""

    __tablename__ = "organization"
    __table_args__ = (
        CheckConstraint("name_ja <> '' OR name_en <> ''", name="has_a_name"),
        CheckConstraint("side <> 'host' OR country = 'JP'", name="hosts_are_in_japan"),
        Index("ix_organization_side_country", "side", "country", "id"),
        Index("ix_organization_side_sort_name", "side", "sort_name", "id"),
        Index("ix_organization_state", "state", "id"),
    )

    side: Mapped[Side]
    state: Mapped[OrganizationState] = mapped_column(default=OrganizationState.LISTED)
    kind: Mapped[InstitutionKind] = mapped_column(default=InstitutionKind.OTHER)
    name_ja: Mapped[str] = mapped_column(String(300), default="")
    name_en: Mapped[str] = mapped_column(String(300), default="")
    name_native: Mapped[str] = mapped_column(String(300), default="")
    native_language: Mapped[str | None] = mapped_column(String(8))
    country: Mapped[str] = mapped_column(String(2))  # ISO 3166-1 alpha-2
    prefecture: Mapped[str | None] = mapped_column(String(2))  # JIS X 0401, hosts only
    city: Mapped[str] = mapped_column(String(120), default="")
    website: Mapped[str] = mapped_column(String(300), default="")
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("organization.id"), index=True)
    successor_id: Mapped[int | None] = mapped_column(ForeignKey("organization.id"), index=True)
    sort_name: Mapped[str] = mapped_column(String(300), default="")  # folded, for ordering
    search_text: Mapped[str] = mapped_column(default="")
    requested_by_name: Mapped[str] = mapped_column(String(120), default="")
    requested_by_email: Mapped[str] = mapped_column(String(254), default="")
    requested_by_locale: Mapped[str] = mapped_column(String(5), default="ja")
    request_note: Mapped[str] = mapped_column(default="")
    register: Mapped[dict[str, Any] | None] = mapped_column(JSON)  # as last read from a public register

    parent: Mapped["Organization | None"] = relationship(foreign_keys=[parent_id], remote_side="Organization.id")
    successor: Mapped["Organization | None"] = relationship(foreign_keys=[successor_id], remote_side="Organization.id")
    aliases: Mapped[list["OrganizationAlias"]] = relationship(
        back_populates="organization", cascade="all, delete-orphan"
    )
    external_ids: Mapped[list["ExternalId"]] = relationship(back_populates="organization", cascade="all, delete-orphan")

    @declared_attr.directive
    def __mapper_args__(cls) -> dict[str, Any]:
        if cls.__name__ != "Organization":
            return {}
        return {"polymorphic_on": "side", "version_id_col": cls.version}

    @property
    def name(self) -> str:
        """The name in the reader's language."""
        return localized(self.name_ja, self.name_en)

    @hybrid_method
    def within(self, scope: Scope, actor: Actor, institution_id: int | None) -> Any:
        return self.id == institution_id if scope is Scope.OWN else False


class HostInstitution(Organization):
    """受入れ機関: a body with legal personality in Japan that applies and receives."""

    @declared_attr.directive
    def __mapper_args__(cls) -> dict[str, Any]:
        return {"polymorphic_identity": Side.HOST}


class SendingOrganization(Organization):
    """送出し機関: a body abroad that sends invitees."""

    @declared_attr.directive
    def __mapper_args__(cls) -> dict[str, Any]:
        return {"polymorphic_identity": Side.SENDING}


class OrganizationAlias(Base):
    """Another name somebody may look for: former, short, romanized, in another language."""

    __tablename__ = "organization_alias"
    __table_args__ = (UniqueConstraint("organization_id", "name"),)

    organization_id: Mapped[int] = mapped_column(ForeignKey("organization.id", ondelete="CASCADE"))
    name: Mapped[str] = mapped_column(String(300))
    language: Mapped[str | None] = mapped_column(String(8))
    kind: Mapped[str] = mapped_column(String(20), default="alias")  # alias, acronym, label, romanized

    organization: Mapped[Organization] = relationship(back_populates="aliases")


class ExternalId(Base):
    """The number of an organization in somebody else's register."""

    __tablename__ = "external_id"
    __table_args__ = (UniqueConstraint("scheme", "value"),)

    organization_id: Mapped[int] = mapped_column(ForeignKey("organization.id", ondelete="CASCADE"), index=True)
    scheme: Mapped[str] = mapped_column(String(20))  # ror, isni, wikidata, grid, fundref, erad, nistep
    value: Mapped[str] = mapped_column(String(100))
    valid_from: Mapped[date | None] = mapped_column(Date)
    valid_until: Mapped[date | None] = mapped_column(Date)

    organization: Mapped[Organization] = relationship(back_populates="external_ids")
