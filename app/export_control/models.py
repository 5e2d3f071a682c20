"""様式1・様式2: what an institution declares on its security export control, with the last day it is good for."""

import enum
from datetime import date, datetime
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import JSON, CheckConstraint, Date, ForeignKey, Index, String, text
from sqlalchemy.ext.hybrid import hybrid_method
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.core import clock
from app.core.authz import Actor, Scope
from app.core.db import Base, Public, Timestamped
from app.directory.models import HostInstitution, SendingOrganization

SOON = 30  # days before its last day from which on a form is to be renewed
IN_USE = text("superseded_at IS NULL")


class FormKind(enum.StrEnum):
    """The two forms JST asks for."""

    REPORT = "form_1"  # 安全保障貿易管理への対応状況報告書
    PLEDGE = "form_2"  # 誓約書, where there is no system of control

    @property
    def label(self) -> Any:
        return FORM_LABELS[self]


FORM_LABELS = {
    FormKind.REPORT: _l("Form 1: report on export control"),
    FormKind.PLEDGE: _l("Form 2: pledge on export control"),
}


class Declaration(Public, Timestamped, Base):
    """One form, given for one body. It is never changed: a correction or a renewal takes its place.

    A host institution holds its own and those of its partners. What a partner declares to one host is that host's:
    for another institution it does not exist.
    """

    __tablename__ = "export_declaration"
    __table_args__ = (
        CheckConstraint("valid_until >= dated_on", name="valid_from_its_day"),
        Index(
            "uq_export_declaration_in_use",
            "institution_id",
            "party",
            "kind",
            unique=True,
            sqlite_where=IN_USE,
            postgresql_where=IN_USE,
        ),
        Index("ix_export_declaration_institution", "institution_id", "party", "kind", "id"),
        Index("ix_export_declaration_valid_until", "valid_until", "id"),
    )

    institution_id: Mapped[int] = mapped_column(ForeignKey("organization.id"))
    organization_id: Mapped[int | None] = mapped_column(ForeignKey("organization.id"), index=True)
    party: Mapped[str] = mapped_column(String(320), default="")  # for whom it is given, as `parties.Party.key`
    party_name: Mapped[str] = mapped_column(String(300), default="")  # the partner's name on its day
    kind: Mapped[FormKind]
    answers: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    responsible: Mapped[str] = mapped_column(String(120))
    dated_on: Mapped[date] = mapped_column(Date)
    valid_until: Mapped[date] = mapped_column(Date)  # the last day it is good for
    entered_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))  # None: by a partner's link
    entered_by_name: Mapped[str] = mapped_column(String(200), default="")
    superseded_at: Mapped[datetime | None]
    replaces_id: Mapped[int | None] = mapped_column(ForeignKey("export_declaration.id"), unique=True)

    institution: Mapped[HostInstitution] = relationship(foreign_keys=[institution_id])
    organization: Mapped[SendingOrganization | None] = relationship(foreign_keys=[organization_id])
    replaces: Mapped["Declaration | None"] = relationship(remote_side="Declaration.id")

    @property
    def given_for(self) -> str:
        """The name of the body it speaks for, in the reader's language."""
        if not self.party:
            return self.institution.name
        return self.organization.name if self.organization is not None else self.party_name

    @property
    def is_of_host(self) -> bool:
        return not self.party

    def is_valid(self, day: date) -> bool:
        """Whether it is good on a day; its last day is one."""
        return day <= self.valid_until

    @property
    def standing(self) -> "Standing":
        """How it stands today."""
        if self.superseded_at is not None:
            return Standing.REPLACED
        left = (self.valid_until - clock.today()).days
        if left < 0:
            return Standing.EXPIRED
        return Standing.ENDING if left < SOON else Standing.VALID

    @hybrid_method
    def within(self, scope: Scope, actor: Actor, institution_id: int | None) -> Any:
        return self.institution_id == institution_id if scope is Scope.OWN else False


class Standing(enum.StrEnum):
    """How a declaration stands on a day."""

    VALID = "valid"
    ENDING = "ending"
    EXPIRED = "expired"
    REPLACED = "replaced"

    @property
    def label(self) -> Any:
        return STANDING_LABELS[self]

    @property
    def tone(self) -> str:
        return STANDING_TONES[self]


STANDING_LABELS = {
    Standing.VALID: _l("Valid"),
    Standing.ENDING: _l("Ends soon"),
    Standing.EXPIRED: _l("Expired"),
    Standing.REPLACED: _l("Replaced by a later one"),
}
STANDING_TONES = {
    Standing.VALID: "success",
    Standing.ENDING: "warning",
    Standing.EXPIRED: "danger",
    Standing.REPLACED: "neutral",
}
