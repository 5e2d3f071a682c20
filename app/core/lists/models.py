"""What lists keep: views people saved for themselves, and tasks on many entries with what became of each entry."""

import enum
from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.core import clock
from app.core.db import Base, Public


class SavedView(Public, Base):
    """Filters and order of a list under a name of one's own."""

    __tablename__ = "saved_view"
    __table_args__ = (
        UniqueConstraint("user_id", "list_name", "name"),
        CheckConstraint("name <> ''", name="has_a_name"),
    )

    user_id: Mapped[int]  # the kernel knows no table of accounts
    list_name: Mapped[str] = mapped_column(String(60))
    name: Mapped[str] = mapped_column(String(60))
    arguments: Mapped[dict[str, Any]] = mapped_column(default=dict)
    is_default: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime] = mapped_column(default=clock.now)


class Outcome(enum.StrEnum):
    """What became of one entry of a task."""

    WAITING = "waiting"
    DONE = "done"
    SKIPPED = "skipped"  # it could not be done, and the reason says why
    FAILED = "failed"  # an error of ours; the log says which


class ListTask(Public, Base):
    """One piece of work on a list that a person asked for: an act on many entries, or a large file."""

    __tablename__ = "list_task"
    __table_args__ = (Index("ix_list_task_owner_id", "owner_id", "id"), Index("ix_list_task_created_at", "created_at"))

    owner_id: Mapped[int]
    list_name: Mapped[str] = mapped_column(String(60))
    act_name: Mapped[str] = mapped_column(String(60))  # "export" for a file
    arguments: Mapped[dict[str, Any]] = mapped_column(default=dict)  # the filters it was asked with
    inputs: Mapped[dict[str, Any]] = mapped_column(default=dict)  # what the act was given for all entries
    reason: Mapped[str] = mapped_column(Text, default="")
    entries: Mapped[int] = mapped_column(default=0)
    job_id: Mapped[int | None] = mapped_column(ForeignKey("background_job.id", name="fk_list_task_job_id"))
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
    finished_at: Mapped[datetime | None]


class ListTaskItem(Base):
    """One entry of a task, named as the list names it."""

    __tablename__ = "list_task_item"
    __table_args__ = (
        UniqueConstraint("task_id", "row_id"),
        Index("ix_list_task_item_waiting", "task_id", "outcome", "id"),
    )

    task_id: Mapped[int] = mapped_column(ForeignKey("list_task.id", ondelete="CASCADE"))
    row_id: Mapped[str] = mapped_column(String(16))
    name: Mapped[str] = mapped_column(String(200))
    outcome: Mapped[Outcome] = mapped_column(default=Outcome.WAITING)
    reason: Mapped[str] = mapped_column(String(500), default="")
