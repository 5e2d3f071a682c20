"""A second click never does a thing twice: each creating form carries a key, and a replay gets the first answer."""

from collections.abc import Callable
from datetime import datetime

from sqlalchemy import String, select, update
from sqlalchemy.dialects.postgresql import insert as insert_postgresql
from sqlalchemy.dialects.sqlite import insert as insert_sqlite
from sqlalchemy.orm import Mapped, mapped_column

from app.core import clock
from app.core.db import Base, db, is_sqlite


class SubmissionKey(Base):
    """The key of a form that was sent, and where its first sending led."""

    __tablename__ = "submission_key"

    key: Mapped[str] = mapped_column(String(64), unique=True)
    actor_id: Mapped[int | None] = mapped_column()
    result_url: Mapped[str] = mapped_column(String(400), default="")
    created_at: Mapped[datetime] = mapped_column(default=clock.now)


def once(key: str, actor_id: int | None, make: Callable[[], str]) -> str:
    """Run `make` (which does the work and returns the address of its result) at most once for a key.

    Returns the address: of this run, or of the first one if the key was used before by the same person. Two requests
    at the same instant are serialized by the unique key: the later one waits for the earlier. An empty key runs always.
    """
    if not key:
        return make()
    statement = insert_sqlite(SubmissionKey) if is_sqlite() else insert_postgresql(SubmissionKey)
    values = {"key": key[:64], "actor_id": actor_id, "result_url": "", "created_at": clock.now()}
    claimed = db.session.execute(
        statement.values(values).on_conflict_do_nothing(index_elements=["key"]).returning(SubmissionKey.id)
    ).scalar()
    if claimed is None:
        row = db.session.execute(
            select(SubmissionKey.result_url, SubmissionKey.actor_id).where(SubmissionKey.key == key[:64])
        ).one()
        if row.actor_id == actor_id and row.result_url:
            return str(row.result_url)
        return make()
    url = make()
    db.session.execute(update(SubmissionKey).where(SubmissionKey.id == claimed).values(result_url=url))
    return url
