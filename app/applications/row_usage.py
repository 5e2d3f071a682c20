"""How many plans have lines counted by a guide rate: for those who keep the rates (`calls.usage`), as counts."""

from sqlalchemy import func, or_, select

from app.applications.models import Application, ApplicationState, BudgetLine
from app.calls.models import Call
from app.calls.rate_models import UnitRate
from app.calls.usage import Use
from app.core.db import db

S = ApplicationState
BEING_WRITTEN = (S.DRAFT, S.RETURNED)


def of_rate(rate: UnitRate) -> Use:
    """Plans of the rate's year with a line counted by it. Withdrawn plans do not count. One query."""
    counted = or_(BudgetLine.rate_key == rate.code, BudgetLine.rate_key.startswith(f"{rate.code}:", autoescape=True))
    query = (
        select(Application.state, func.count(Application.id.distinct()))
        .join(Call, Call.id == Application.call_id)
        .join(BudgetLine, BudgetLine.application_id == Application.id)
        .where(Call.fiscal_year == rate.fiscal_year, Application.state != S.WITHDRAWN, counted)
        .group_by(Application.state)
    )
    found = {state: number for state, number in db.session.execute(query)}
    written = sum(found.get(state, 0) for state in BEING_WRITTEN)
    return Use(written, sum(found.values()) - written)
