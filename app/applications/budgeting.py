"""A budget from people and days: lines to propose, totals, and what lies over a ceiling. Pure: whole yen in and out.

Source: guidelines, chapter on expenses; the amounts are data of the fiscal year (`calls.rate_models`).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from app.applications.vocabulary import BudgetKind
from app.calls.money import share
from app.calls.rate_models import Unit
from app.directory import countries

ADMINISTRATION = "administration"  # the key of the line for general administration
K = BudgetKind


@dataclass(frozen=True, slots=True)
class Rate:
    """What a unit costs, and at most; as `calls.rate_models.UnitRate`, with its words in the reader's language."""

    code: str
    kind: BudgetKind
    unit: Unit
    amount: int
    ceiling: int | None = None
    is_untaxed: bool = False
    origins: frozenset[str] = frozenset()
    label: str = ""
    clause: str = ""
    names: tuple[str, str] = ("", "")  # in Japanese and in English
    is_offered: bool = True  # False: proposed no more; lines counted by it go on being so

    @property
    def family(self) -> str:
        """Rates of one family stand for each other: for a country or region the closest counts."""
        return self.code.partition(".")[0]


@dataclass(frozen=True, slots=True)
class Basis:
    """What a plan says that costs follow from."""

    people: Mapping[str, int] = field(default_factory=dict)  # by country or region of their partner; "": not said
    days: int = 0  # entry and exit both counted; 0: not known
    lecture_minutes: int = 0

    @property
    def nights(self) -> int:
        return max(self.days - 1, 0)

    @property
    def head_count(self) -> int:
        return sum(self.people.values())

    @property
    def lecture_hours(self) -> int:
        """Begun hours count (a stand-in that JST must confirm)."""
        return -(-self.lecture_minutes // 60)


@dataclass(frozen=True, slots=True)
class Terms:
    """What the rules of the course say about money."""

    payable: frozenset[BudgetKind] = frozenset(BudgetKind)  # the kinds of costs JST pays this host
    payable_clause: str = ""
    percent: int | None = None  # general administration, of the direct costs at most; None: no such rule
    percent_clause: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """A cost. `rate_key` names the rate it is counted by: its code and, where the rate has origins, the country."""

    kind: BudgetKind
    quantity: int
    unit_price: int
    rate_key: str = ""
    text: str = ""

    @property
    def amount(self) -> int:
        return self.quantity * self.unit_price


@dataclass(frozen=True, slots=True)
class Use:
    """A rate applied to a plan: to how many of its units, for people from where ("": from anywhere)."""

    key: str
    rate: Rate
    country: str
    people: int
    quantity: int


def uses(basis: Basis, rates: Sequence[Rate]) -> list[Use]:
    """Every rate that applies to somebody, with its quantity (0 while the plan does not say it); rates with origins
    once for each country. A percentage is no use: it follows from the costs.
    """
    found = []
    closest = {(country, family): rate for country in basis.people for family, rate in _closest(country, rates).items()}
    for rate in rates:
        if rate.unit is Unit.PERCENT:
            continue
        counted = {
            country: number
            for country, number in sorted(basis.people.items())
            if number > 0 and closest.get((country, rate.family)) is rate
        }
        if rate.origins:
            for country, number in counted.items():
                found.append(Use(f"{rate.code}:{country}", rate, country, number, _quantity(rate.unit, basis, number)))
        elif counted:
            number = sum(counted.values())
            found.append(Use(rate.code, rate, "", number, _quantity(rate.unit, basis, number)))
    return found


def _closest(country: str, rates: Sequence[Rate]) -> dict[str, Rate]:
    """For each family the rate that names the country, else its part of the world, else no origins at all."""
    best: dict[str, tuple[int, Rate]] = {}
    for rate in rates:
        nearness = _nearness(rate, country)
        if nearness > best.get(rate.family, (0, rate))[0]:
            best[rate.family] = nearness, rate
    return {family: rate for family, (_nearness_of_it, rate) in best.items()}


def _nearness(rate: Rate, country: str) -> int:
    if not rate.origins:
        return 1
    if country in rate.origins:
        return 3
    return 2 if country in countries.CODES and countries.region(country) in rate.origins else 0


def _quantity(unit: Unit, basis: Basis, people: int) -> int:
    return {
        Unit.PERSON: people,
        Unit.NIGHT: basis.nights,
        Unit.PERSON_NIGHT: people * basis.nights,
        Unit.HOUR: basis.lecture_hours,
        Unit.PERSON_DAY: people * basis.days,
        Unit.VISIT: 1,
    }[unit]


@dataclass(frozen=True, slots=True)
class Proposal:
    """A line to propose, and what it is counted from (None: a percentage of `base`)."""

    line: Line
    rate: Rate | None  # None: general administration, which is a rule of the course
    use: Use | None = None
    base: int = 0
    percent: int = 0


def propose(basis: Basis, rates: Sequence[Rate], terms: Terms, held: Sequence[Line] = ()) -> list[Proposal]:
    """Lines that follow from people and days and are not there yet. What is there is neither changed nor repeated; a
    line without an amount is not there yet.

    Only costs that JST pays this host; nothing at all without people; percentages last, of everything before them.
    """
    if basis.head_count == 0:
        return []
    rates = counting(held, rates)
    keys = {line.rate_key for line in held if line.amount}
    found = [
        Proposal(Line(use.rate.kind, use.quantity, use.rate.amount, use.key), use.rate, use)
        for use in uses(basis, rates)
        if use.quantity
        and use.rate.amount
        and use.rate.is_offered
        and use.key not in keys
        and use.rate.kind in terms.payable
    ]
    for rate in rates:
        if rate.unit is Unit.PERCENT and rate.code not in keys and rate.kind in terms.payable and rate.is_offered:
            base = untaxed([*held, *(made.line for made in found)], rates)
            _add_share(found, rate.kind, rate, rate.code, base, rate.amount)
    has_administration = any(line.kind is K.GENERAL_ADMINISTRATION and line.amount for line in held)
    if terms.percent and K.GENERAL_ADMINISTRATION in terms.payable and not has_administration:
        direct = direct_costs([*held, *(made.line for made in found)])
        _add_share(found, K.GENERAL_ADMINISTRATION, None, ADMINISTRATION, direct, terms.percent)
    return found


def _add_share(found: list[Proposal], kind: BudgetKind, rate: Rate | None, key: str, base: int, percent: int) -> None:
    amount = share(base, percent)
    if amount:
        found.append(Proposal(Line(kind, 1, amount, key), rate, base=base, percent=percent))


def direct_costs(lines: Iterable[Line]) -> int:
    """All costs but general administration."""
    return sum(line.amount for line in lines if line.kind is not K.GENERAL_ADMINISTRATION)


def rate_of(line: Line, rates: Sequence[Rate]) -> Rate | None:
    """The rate a line is counted by; None for a line typed freely, and for general administration."""
    code = line.rate_key.partition(":")[0]
    return next((rate for rate in rates if rate.code == code), None) if code else None


def counting(lines: Iterable[Line], rates: Sequence[Rate]) -> list[Rate]:
    """The rates that count for a budget: those offered, and of the others those by which a line of it is counted."""
    used = {line.rate_key.partition(":")[0] for line in lines}
    return [rate for rate in rates if rate.is_offered or rate.code in used]


def untaxed(lines: Iterable[Line], rates: Sequence[Rate]) -> int:
    """What carries no consumption tax: lines of such rates and, without a rate, all international travel."""
    total = 0
    for line in lines:
        rate = rate_of(line, rates)
        if line.kind in (K.TAX_EQUIVALENT, K.GENERAL_ADMINISTRATION) or (rate and rate.unit is Unit.PERCENT):
            continue
        if rate.is_untaxed if rate is not None else line.kind is K.INTERNATIONAL_TRAVEL:
            total += line.amount
    return total
