"""Rows of many tables on their way into the database together, with numbers given here instead of by the database."""

from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import func, insert, select

from app.alumni.models import Alumnus, Revisit
from app.applications.models import Application
from app.closing.models import Certificate
from app.core.db import Base, db
from app.invitees.models import Invitee, InviteeHost, Passport
from app.visits.models import Participation, Visit


@dataclass
class Rows:
    """Rows on their way into one table each, in the order in which keys allow."""

    waiting: dict[type[Base], list[dict[str, Any]]] = field(default_factory=dict)

    def add(self, model: type[Base], **columns: Any) -> None:
        self.waiting.setdefault(model, []).append(columns)

    def store(self) -> None:
        """Insert what waits, parents before children."""
        for model in (Application, Visit, Invitee, InviteeHost, Passport, Participation, Certificate, Alumnus, Revisit):
            if rows := self.waiting.pop(model, None):
                db.session.execute(insert(model), rows)


class Counter:
    """Row numbers given here, so that rows of several tables can be inserted together."""

    def __init__(self, session: Any) -> None:
        self.last: dict[type[Base], int] = {
            model: session.scalar(select(model.id).order_by(model.id.desc()).limit(1)) or 0
            for model in (Application, Visit, Invitee, Participation, Alumnus)
        }

    def next(self, model: type[Base]) -> int:
        self.last[model] += 1
        return self.last[model]

    def hand_back(self, session: Any) -> None:
        """Let PostgreSQL's sequences go on after the numbers given here."""
        if session.get_bind().dialect.name != "postgresql":
            return
        for model, last in self.last.items():
            sequence = func.pg_get_serial_sequence(model.__tablename__, "id")
            session.execute(select(func.setval(sequence, last)))
