"""The money of a plan beside its form: lines proposed from people and days, totals and ceilings as typed."""

from typing import Any

from flask import flash, render_template
from flask_babel import gettext as _

from app.applications import budget_facts, plan_service
from app.applications.budget_facts import Box, Money
from app.applications.budgeting import Line
from app.applications.models import Application, BudgetKind
from app.applications.row_forms import MOST_QUANTITY, MOST_ROWS, MOST_YEN, BudgetForm
from app.applications.views.blueprint import bp
from app.applications.views.shared import application_for
from app.core.errors import TransitionNotAllowed
from app.core.web import Answer, permission_required


@bp.post("/<string:application_id>/edit/budget/totals")
@permission_required("application:edit")
def budget_totals(application_id: str) -> Answer:
    """The box with totals and ceilings for the form as typed: a piece of a page. Stores nothing."""
    application = application_for(application_id, "application:edit")
    closed = plan_service.why_closed(application)
    if closed is not None:
        raise TransitionNotAllowed(closed)
    box = budget_facts.of(application).box(_typed(BudgetForm()))
    return render_template("applications/_money_box.html", money=box)


def offer(application: Application, form: Any) -> None:
    """Say which guide rates the rows of the form may be counted by; the form keeps what was read for its page."""
    form.money = budget_facts.of(application)
    _offer(form.money, form)


def _offer(money: Money, form: Any) -> None:
    form.offer(money.choices(row.form.rate_key.data or "" for row in form.rows))


def stored_box(application: Application, money: Money | None = None) -> Box:
    """The box for the costs as they are stored; `money`: what was read of the plan already."""
    return (money or budget_facts.of(application)).box(budget_facts.lines_of(application))


def propose(form: Any) -> None:
    """Add to the form, below what was typed, the lines that follow from people and days and are not there yet.

    A row that names the guide rate and no amount gets its amount. A line beyond what the form takes (out of absurd
    amounts) is left out. `say` tells it once it is saved.
    """
    money: Money = form.money
    room = MOST_ROWS - len(form.rows.entries)
    made = [
        proposal
        for proposal in money.propose(_typed(form))
        if proposal.line.quantity <= MOST_QUANTITY and proposal.line.unit_price <= MOST_YEN
    ][:room]
    for proposal in made:
        line = proposal.line
        if _fill(form, line):
            continue
        form.rows.append_entry(
            {
                "kind": line.kind,
                "description": budget_facts.text_of(proposal),
                "quantity": line.quantity,
                "unit_price": line.unit_price,
                "rate_key": line.rate_key,
            }
        )
    _offer(money, form)
    form.proposed = len(made)


def _fill(form: Any, line: Line) -> bool:
    """Enter the amount into the row that is counted by the line's rate and has none yet, if there is one."""
    for row in form.rows:
        if row.form.rate_key.data == line.rate_key and not row.form.unit_price.data:
            for field, value in ((row.form.quantity, line.quantity), (row.form.unit_price, line.unit_price)):
                field.data, field.raw_data, field.errors = value, None, ()
            return True
    return False


def say(form: Any) -> None:
    """Tell what was proposed, after it is saved."""
    if form.proposed:
        flash(_("Lines proposed: %(count)s. Each of them can be changed.", count=form.proposed), "success")
    elif not form.money.basis.head_count:
        flash(_("Enter first who comes: without people there is nothing to propose."), "notice")
    else:
        flash(_("There is nothing to propose beyond what is entered."), "notice")


def _typed(form: Any) -> list[Line]:
    """The rows that can be read as they stand, saved or not; a number that cannot be read counts as nothing."""
    return [
        Line(
            row["kind"] or BudgetKind.PROGRAM,
            max(row["quantity"], 0),
            max(row["unit_price"], 0),
            row["rate_key"],
            row["description"] or "",
        )
        for row in form.rows_payload()
    ]
