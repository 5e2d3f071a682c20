"""What a plan's host keeps about its steps: which are done, and the secret address of their calendar."""

from datetime import datetime

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.applications.models import Application
from app.core import clock
from app.core.db import Base


class ApplicationStepDone(Base):
    """Somebody of the host said that a step is done. `code`: that of a prerequisite."""

    __tablename__ = "application_step_done"
    __table_args__ = (UniqueConstraint("application_id", "code"),)

    application_id: Mapped[int] = mapped_column(ForeignKey("application.id", ondelete="CASCADE"))
    code: Mapped[str] = mapped_column(String(40))
    done_at: Mapped[datetime] = mapped_column(default=clock.now)
    done_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    done_by_name: Mapped[str] = mapped_column(String(200), default="")

    application: Mapped[Application] = relationship()


class ApplicationCalendar(Base):
    """The calendar of a plan's steps is open to whoever has the address; only a digest of its token is kept."""

    __tablename__ = "application_calendar"

    application_id: Mapped[int] = mapped_column(ForeignKey("application.id", ondelete="CASCADE"), unique=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    created_at: Mapped[datetime] = mapped_column(default=clock.now)

    application: Mapped[Application] = relationship()
