"""A spreadsheet with people on its way in: the columns every table of such files has, whatever it belongs to.

The cells and what was typed hold passport numbers (class A): both are sealed, and emptied with the file as soon as
the import ends.
"""

import enum
from typing import Any

from sqlalchemy import JSON, ForeignKey, Text
from sqlalchemy.orm import Mapped, declared_attr, mapped_column, relationship

from app.accounts.models import User
from app.core.db import Public, Timestamped, Versioned
from app.core.storage import StoredFile


class RosterImportState(enum.StrEnum):
    OPEN = "open"
    CONFIRMED = "confirmed"
    ABANDONED = "abandoned"


class RosterFile(Public, Timestamped, Versioned):
    """The file, how it was read, what was answered. It saves nobody by itself."""

    __tablename__: Any

    state: Mapped[RosterImportState] = mapped_column(default=RosterImportState.OPEN)
    stored_file_id: Mapped[int] = mapped_column(ForeignKey("stored_file.id"), index=True)
    sealed_workbook: Mapped[str] = mapped_column(Text, default="")  # "" until the encoding is known
    sealed_answers: Mapped[str] = mapped_column(Text, default="")
    mapping: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    result: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)  # counts once confirmed
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))

    @declared_attr
    def stored_file(cls) -> Mapped[StoredFile]:
        return relationship()

    @declared_attr
    def created_by(cls) -> Mapped[User | None]:
        return relationship()
