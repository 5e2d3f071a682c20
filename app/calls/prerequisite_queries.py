"""Every SELECT on prerequisites."""

from sqlalchemy import select

from app.calls import prerequisites
from app.calls.prerequisite_model import Prerequisite
from app.core.db import db


def everything() -> list[Prerequisite]:
    """All rows, switched-off ones too, as the list shows them: there are few."""
    return list(db.session.scalars(select(Prerequisite).order_by(Prerequisite.position, Prerequisite.id)))


def in_force(fiscal_year: int) -> list[Prerequisite]:
    """The rows that hold in a fiscal year."""
    return prerequisites.in_force(everything(), fiscal_year)
