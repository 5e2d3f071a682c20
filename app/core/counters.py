"""Consecutive numbers such as 2026-0007 from a counter row: no gaps by race, no count(*)."""

from sqlalchemy import String, update
from sqlalchemy.dialects.postgresql import insert as insert_postgresql
from sqlalchemy.dialects.sqlite import insert as insert_sqlite
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import Base, db, is_sqlite


class Counter(Base):
    """The last number given in a series."""

    __tablename__ = "counter"

    series: Mapped[str] = mapped_column(String(60), unique=True)
    value: Mapped[int] = mapped_column(default=0)


def next_number(series: str) -> int:
    """The next number of a series, from 1. The row stays locked until the end of the transaction."""
    statement = insert_sqlite(Counter) if is_sqlite() else insert_postgresql(Counter)
    db.session.execute(statement.values(series=series, value=0).on_conflict_do_nothing(index_elements=["series"]))
    return int(
        db.session.execute(
            update(Counter).where(Counter.series == series).values(value=Counter.value + 1).returning(Counter.value),
            execution_options={"synchronize_session": False},
        ).scalar_one()
    )
