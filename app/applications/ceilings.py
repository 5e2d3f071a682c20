"""The totals of a budget, and what lies over a ceiling: by how much, and by which clause. Pure, in whole yen."""

import enum
from collections.abc import Sequence
from dataclasses import dataclass

from app.applications.budgeting import Basis, Line, Rate, Terms, counting, direct_costs, rate_of, untaxed, uses
from app.applications.vocabulary import BudgetKind
from app.calls.money import share
from app.calls.rate_models import Unit

K = BudgetKind


class Reason(enum.StrEnum):
    """Why there is a ceiling."""

    UNIT = "unit"  # the unit price is above that of the rate
    PEOPLE = "people"  # more than the rates allow for these people and days
    TAX = "tax"
    ADMINISTRATION = "administration"
    NOT_PAID = "not_paid"  # JST does not pay such costs to this host


@dataclass(frozen=True, slots=True)
class Capped:
    """Something that has a ceiling: the unit price of a line, or the costs of a kind."""

    reason: Reason
    kind: BudgetKind
    amount: int
    ceiling: int
    line: Line | None = None  # None: the kind as a whole
    rate: Rate | None = None
    percent: int = 0
    clause: str = ""

    @property
    def quantity(self) -> int:
        """How many times the amount is paid."""
        return self.line.quantity if self.line is not None else 1

    @property
    def excess(self) -> int:
        """What it costs more in all than it may; 0 within the ceiling."""
        return max(self.amount - self.ceiling, 0) * self.quantity


@dataclass(frozen=True, slots=True)
class KindTotal:
    """What the costs of one kind come to, and what they may (None: no ceiling is known)."""

    kind: BudgetKind
    amount: int
    ceiling: int | None


@dataclass(frozen=True, slots=True)
class Totals:
    """A budget added up."""

    kinds: list[KindTotal]
    direct: int
    administration: int
    per_person: int | None  # rounded down to the yen; None without people
    over: list[Capped]

    @property
    def total(self) -> int:
        return self.direct + self.administration


def totals(lines: Sequence[Line], basis: Basis, rates: Sequence[Rate], terms: Terms) -> Totals:
    """Add up a budget and hold it against its ceilings. The order of the lines makes no difference."""
    direct = direct_costs(lines)
    administration = sum(line.amount for line in lines) - direct
    held = capped(lines, basis, rates, terms)
    limits = {item.kind: item.ceiling for item in held if item.line is None}
    amounts = {kind: _amount(kind, lines) for kind in BudgetKind}
    kinds = [KindTotal(kind, amount, limits.get(kind)) for kind, amount in amounts.items() if amount]
    people = basis.head_count
    per_person = (direct + administration) // people if people else None
    return Totals(kinds, direct, administration, per_person, [item for item in held if item.excess])


def capped(lines: Sequence[Line], basis: Basis, rates: Sequence[Rate], terms: Terms) -> list[Capped]:
    """Everything of a budget that has a ceiling, whether it keeps it or not: unit prices, and kinds of costs."""
    rates = counting(lines, rates)
    found = _lines_capped(lines, rates)
    for kind in BudgetKind:
        reason, ceiling, clause = _ceiling(kind, lines, basis, rates, terms)
        if ceiling is not None:
            percent = _percent(reason, rates, terms)
            found.append(Capped(reason, kind, _amount(kind, lines), ceiling, percent=percent, clause=clause))
    return _sorted(found)


def _amount(kind: BudgetKind, lines: Sequence[Line]) -> int:
    return sum(line.amount for line in lines if line.kind is kind)


def _sorted(found: list[Capped]) -> list[Capped]:
    order = list(BudgetKind)

    def place(item: Capped) -> tuple[int, bool, str, str, int, int]:
        key, text = (item.line.rate_key, item.line.text) if item.line else ("", "")
        return order.index(item.kind), item.line is None, key, text, item.excess, item.amount

    return sorted(found, key=place)


def _lines_capped(lines: Sequence[Line], rates: Sequence[Rate]) -> list[Capped]:
    found = []
    for line in lines:
        rate = rate_of(line, rates)
        if rate is not None and rate.ceiling is not None and rate.unit is not Unit.PERCENT:
            found.append(Capped(Reason.UNIT, line.kind, line.unit_price, rate.ceiling, line, rate, clause=rate.clause))
    return found


def _ceiling(
    kind: BudgetKind, lines: Sequence[Line], basis: Basis, rates: Sequence[Rate], terms: Terms
) -> tuple[Reason, int | None, str]:
    """(why, how much, by which clause) for a kind as a whole; None where no ceiling is known."""
    if kind not in terms.payable:
        return Reason.NOT_PAID, 0, terms.payable_clause
    if kind is K.GENERAL_ADMINISTRATION:
        limit = share(direct_costs(lines), terms.percent) if terms.percent is not None else None
        return Reason.ADMINISTRATION, limit, terms.percent_clause
    own = [rate for rate in rates if rate.kind is kind]
    clause = own[0].clause if own else ""
    if kind is K.TAX_EQUIVALENT:
        shares = [share(untaxed(lines, rates), rate.amount) for rate in own if rate.unit is Unit.PERCENT]
        return Reason.TAX, sum(shares) if shares else None, clause
    return Reason.PEOPLE, _allowed(own, basis, rates), clause


def _allowed(own: Sequence[Rate], basis: Basis, rates: Sequence[Rate]) -> int | None:
    """What the rates of a kind allow for the plan's people and days.

    Known only if each of them has a ceiling and a quantity, for all people: a rate of 0 yen has none that is planned.
    """
    families = {rate.family for rate in own}
    counted = [use for use in uses(basis, rates) if use.rate in own]
    if not counted or any(use.rate.ceiling is None or not use.rate.amount or not use.quantity for use in counted):
        return None
    covered = {family: sum(use.people for use in counted if use.rate.family == family) for family in families}
    if any(number != basis.head_count for number in covered.values()):
        return None
    return sum(use.quantity * (use.rate.ceiling or 0) for use in counted)


def _percent(reason: Reason, rates: Sequence[Rate], terms: Terms) -> int:
    if reason is Reason.ADMINISTRATION:
        return terms.percent or 0
    return sum(rate.amount for rate in rates if rate.unit is Unit.PERCENT) if reason is Reason.TAX else 0
