"""What a plan, its year and its course say about money, for `budgeting` and `ceilings`; their answers in words."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import time

from flask_babel import gettext as _

from app.applications import budgeting, ceilings
from app.applications.budgeting import Basis, Line, Proposal, Rate, Terms
from app.applications.ceilings import Capped, Reason
from app.applications.models import ActivityKind, BudgetKind
from app.applications.naming import country_of
from app.applications.typed import Plan
from app.calls import checks_money, rate_queries
from app.calls.facts import CeilingFacts
from app.calls.models import Course
from app.calls.rate_models import Unit, UnitRate
from app.core import clock
from app.core.i18n import language, number, yen
from app.directory import countries

BY_RATES = (Reason.UNIT, Reason.PEOPLE, Reason.TAX)


def basis_of(application: Plan) -> Basis:
    """People by country or region of their partner, days, and the minutes of lectures whose hours are entered.

    People without a partner count for the only country the plan names, if there is just one.
    """
    named = {country_of(partner) for partner in application.partners}
    only = named.pop() if len(named) == 1 else ""
    people: dict[str, int] = {}
    for group in application.people:
        country = country_of(group.partner) if group.partner is not None else only
        people[country] = people.get(country, 0) + group.number
    known = application.starts_on is not None and application.ends_on is not None
    lectures = [
        _minutes(item.starts_at, item.ends_at)
        for item in application.itinerary
        if item.kind is ActivityKind.SPECIAL_LECTURE and item.starts_at is not None and item.ends_at is not None
    ]
    return Basis(
        people=people,
        days=clock.stay_days(application.starts_on, application.ends_on) if known else 0,  # type: ignore[arg-type]
        lecture_minutes=sum(lectures),
    )


def _minutes(begin: time, end: time) -> int:
    return max((end.hour - begin.hour) * 60 + end.minute - begin.minute, 0)


def rates_of(application: Plan) -> list[Rate]:
    """The guide rates of the plan's year for its course."""
    return rates_for(application.call.fiscal_year, application.course)


def rates_for(fiscal_year: int, course: Course) -> list[Rate]:
    """The guide rates of a year for a course. One query."""
    return [_rate(row) for row in rate_queries.rates_for(fiscal_year, course.code)]


def _rate(row: UnitRate) -> Rate:
    return Rate(
        code=row.code,
        kind=BudgetKind(row.kind),
        unit=row.unit,
        amount=row.amount,
        ceiling=row.ceiling,
        is_untaxed=row.is_untaxed,
        origins=frozenset(row.origins),
        label=row.label,
        clause=row.clause,
        names=(row.label_ja, row.label_en),
        is_offered=row.withdrawn_at is None,
    )


def terms_of(application: Plan) -> Terms:
    """Which costs JST pays this host and how much for administration, from the rules of the course."""
    payable, payable_clause = frozenset(BudgetKind), ""
    percent, percent_clause = None, ""
    for rule in application.course.rules:
        if rule.check_name == "payable_costs":
            hosts = rule.limit.get("host_kinds") or []
            if not hosts or application.host_institution.kind.value in hosts:
                payable, payable_clause = frozenset(BudgetKind(kind) for kind in rule.limit["kinds"]), rule.clause
        elif rule.check_name == "administration_share":
            percent, percent_clause = int(rule.limit["max_percent"]), rule.clause
    return Terms(payable, payable_clause, percent, percent_clause)


def lines_of(application: Plan) -> list[Line]:
    """The costs as they are stored."""
    return [
        Line(line.kind, line.quantity, line.unit_price, line.rate_key, line.description) for line in application.budget
    ]


@dataclass(frozen=True, slots=True)
class Money:
    """Everything about the money of a plan that follows from other things; read once for a page."""

    basis: Basis
    rates: list[Rate]
    terms: Terms

    def propose(self, held: list[Line]) -> list[Proposal]:
        """The lines that follow from people and days and are not there yet."""
        return budgeting.propose(self.basis, self.rates, self.terms, held)

    def box(self, lines: list[Line]) -> "Box":
        """The totals of these costs, what is over a ceiling, and what could be proposed; in words."""
        totals = ceilings.totals(lines, self.basis, self.rates, self.terms)
        return Box(
            totals=totals,
            over=[_over(item) for item in totals.over],
            proposals=[(text_of(made), yen(made.line.amount), why(made)) for made in self.propose(lines)],
            doubtful=self._doubtful(lines),
            people=self.basis.head_count,
            days=self.basis.days,
        )

    def _doubtful(self, lines: list[Line]) -> list[str]:
        """Kinds of costs in which something stands without a guide rate and a line would be proposed beside it."""
        free = {line.kind for line in lines if line.amount and not line.rate_key}
        proposed = {made.line.kind for made in self.propose(lines)}
        return [str(kind.label) for kind in BudgetKind if kind in free & proposed]

    def choices(self, held: Iterable[str] = ()) -> list[tuple[str, str]]:
        """The rates a line may be counted by: key and words; also those in use (`held`) that apply to nobody now."""
        offered = [rate for rate in self.rates if rate.is_offered]
        found = {use.key: _named(use.rate, use.country) for use in budgeting.uses(self.basis, offered)}
        found |= {rate.code: rate.label for rate in offered if rate.unit is Unit.PERCENT}
        if self.terms.percent is not None:
            found[budgeting.ADMINISTRATION] = str(BudgetKind.GENERAL_ADMINISTRATION.label)
        known = {rate.code: rate for rate in self.rates}
        for key in sorted(set(held) - set(found)):
            code, _colon, country = key.partition(":")
            if code in known:
                found[key] = _named(known[code], country)
        return list(found.items())


def of(application: Plan) -> Money:
    """What is to be known about the money of a plan. Reads the rates: one query."""
    return Money(basis_of(application), rates_of(application), terms_of(application))


@dataclass(frozen=True, slots=True)
class OverWords:
    """Something over its ceiling, as people read it."""

    what: str
    excess: str
    why: str
    clause: str


@dataclass(frozen=True, slots=True)
class Box:
    """The box on a plan's money."""

    totals: ceilings.Totals
    over: list[OverWords]
    proposals: list[tuple[str, str, str]]
    doubtful: list[str]
    people: int
    days: int


def _named(rate: Rate, country: str) -> str:
    if not rate.origins or not country:
        return rate.label
    name = countries.name(country, language())
    return _("%(rate)s: %(country)s", rate=rate.label, country=name)


def text_of(made: Proposal) -> str:
    """What a proposed line pays for."""
    if made.rate is None:
        return str(BudgetKind.GENERAL_ADMINISTRATION.label)
    return _named(made.rate, made.use.country if made.use is not None else "")


def why(made: Proposal) -> str:
    """What a proposed line is counted from: "8 people × 6 nights × ¥11,000"."""
    if made.use is None:
        return _("%(percent)s %% of %(base)s, rounded down", percent=made.percent, base=yen(made.base))
    use, line = made.use, made.line
    if use.rate.unit is Unit.PERSON_NIGHT:
        said = _("%(people)s people × %(nights)s nights", people=use.people, nights=line.quantity // use.people)
    elif use.rate.unit is Unit.PERSON_DAY:
        said = _("%(people)s people × %(days)s days", people=use.people, days=line.quantity // use.people)
    else:
        said = _counted(use.rate.unit, line.quantity)
    return _("%(counted)s × %(rate)s", counted=said, rate=yen(line.unit_price))


def _counted(unit: Unit, quantity: int) -> str:
    shown = number(quantity)
    if unit is Unit.PERSON:
        return _("%(count)s people", count=shown)
    if unit is Unit.HOUR:
        return _("%(count)s hours of lectures", count=shown)
    return _("%(count)s nights", count=shown) if unit is Unit.NIGHT else _("%(count)s visit", count=shown)


def ceilings_of(application: Plan, rates: Sequence[Rate]) -> tuple[CeilingFacts, ...]:
    """What of the costs has a ceiling by these rates; the ceilings that are rules of their own are left to those."""
    if not rates:
        return ()
    found = ceilings.capped(lines_of(application), basis_of(application), rates, terms_of(application))
    return tuple(_fact(item) for item in found if item.reason in BY_RATES)


def _fact(item: Capped) -> CeilingFacts:
    names = item.rate.names if item.rate is not None else ("", "")
    return CeilingFacts(
        kind=item.kind.value,
        amount=item.amount,
        ceiling=item.ceiling,
        quantity=item.quantity,
        what=item.line.text if item.line is not None else "",
        rate_ja=names[0],
        rate_en=names[1],
        unit=item.rate.unit.value if item.rate is not None else "",
        percent=item.percent,
    )


def _over(item: Capped) -> OverWords:
    fact = _fact(item)
    if item.reason is Reason.ADMINISTRATION:
        why = _(
            "Up to %(percent)s %% of the direct costs is allowed: %(limit)s.",
            percent=item.percent,
            limit=yen(item.ceiling),
        )
    elif item.reason is Reason.NOT_PAID:
        why = _("JST does not pay this host such costs.")
    else:
        why = checks_money.why(fact)
    return OverWords(checks_money.what(fact), yen(item.excess), why, item.clause)
