"""Every SELECT on prerequisites."""

from sqlalchemy import select

from app.calls import prerequisites
from app.calls.prerequisite_model import Prerequisite
from app.core.db import db

_KEPT = select(Prerequisite).where(Prerequisite.removed_at.is_(None)).order_by(Prerequisite.position, Prerequisite.id)


def everything() -> list[Prerequisite]:
    """All rows, switched-off ones too, as the list shows them: there are few. Removed ones are there no more."""
    return list(db.session.scalars(_KEPT))


def ever() -> list[Prerequisite]:
    """All rows there ever were: what was removed is not entered anew, and the history names it."""
    return list(db.session.scalars(select(Prerequisite).order_by(Prerequisite.position, Prerequisite.id)))


def in_force(fiscal_year: int) -> list[Prerequisite]:
    """The rows that hold in a fiscal year."""
    return prerequisites.in_force(everything(), fiscal_year)
