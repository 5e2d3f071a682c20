"""How many plans hang on a guide rate or on a step around a visit: counts for those who keep them (`calls.usage`)."""

from sqlalchemy import func, or_, select

from app.applications import draft_facts
from app.applications.models import Application, ApplicationState, BudgetLine
from app.applications.step_model import ApplicationStepDone
from app.calls.models import Call
from app.calls.prerequisite_model import Prerequisite
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


def of_step(row: Prerequisite) -> Use:
    """Plans being written with the step on their checklist, plans JST has that marked it as done."""
    marked = (
        select(Application.submitted_at.is_not(None), func.count())
        .join(ApplicationStepDone, ApplicationStepDone.application_id == Application.id)
        .join(Call, Call.id == Application.call_id)
        .where(ApplicationStepDone.code == row.code)
        .group_by(Application.submitted_at.is_not(None))
    )
    if row.fiscal_year is not None:
        marked = marked.where(Call.fiscal_year == row.fiscal_year)
    found = {bool(is_received): number for is_received, number in db.session.execute(marked)}
    return Use(draft_facts.checklists_with(row), found.get(True, 0), is_marked=bool(found))
