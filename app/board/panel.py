"""A board put together: every plan of the round with its score, its place, and what the line makes of it."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from app.applications.vocabulary import Outcome
from app.board import queries, summing
from app.board.measures import Facts, Known, counts_of, facts_of, label
from app.board.models import BoardPlace, BoardTarget, BoardVersion
from app.board.ordering import arrange
from app.board.summing import Entry
from app.calls.models import Call
from app.core.i18n import localized
from app.reviews import marks


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody would move: outcomes ("" for the line) and places from 1, by plan; the line, None as it is."""

    marks: Mapping[int, str] = field(default_factory=dict)
    to: Mapping[int, int] = field(default_factory=dict)
    line: int | None = None


@dataclass(slots=True)
class Line:
    """A plan on a board."""

    id: int
    public_id: str
    reference: str
    theme_ja: str
    theme_en: str
    host_ja: str
    host_en: str
    facts: Facts
    counts: Mapping[str, int]
    is_first_time: bool
    score: marks.Summary | None
    rank: int | None  # by score; None without one
    place: BoardPlace | None
    mark: str = ""
    to: int | None = None  # a place typed and not saved
    number: int = 0  # down the board, from 1
    stand: str = ""
    spent: int = 0  # money adopted down to here
    waiting: int | None = None  # place on the waiting list

    @property
    def theme(self) -> str:
        return localized(self.theme_ja, self.theme_en)

    @property
    def host(self) -> str:
        return localized(self.host_ja, self.host_en)

    @property
    def has_conditions(self) -> bool:
        place = self.place
        return place is not None and bool(
            place.people_cap or place.money_cap is not None or place.condition_ja or place.condition_en
        )

    @property
    def entry(self) -> Entry:
        return Entry(self.mark, self.counts)


@dataclass(frozen=True, slots=True)
class Measured:
    """A target with what the year has reached so far: in its other rounds, and with this board."""

    target: BoardTarget
    before: int
    now: int

    @property
    def label(self) -> str:
        """What is counted, in the language in force."""
        return label(self.target.measure)

    @property
    def is_met(self) -> bool:
        return self.now <= self.target.goal if self.target.is_ceiling else self.now >= self.target.goal


@dataclass(slots=True)
class Board:
    """A version as people see it. `totals` are of this round alone, `before` of the year's other rounds."""

    version: BoardVersion
    lines: list[Line]
    line: int
    totals: Counter[str]
    before: Counter[str]
    targets: list[Measured]

    def amount(self, measure: str) -> int:
        """What this board's adopted plans come to in a measure."""
        return summing.amount(self.totals, measure)

    def of(self, stand: str) -> list[Line]:
        """The plans that stand so, down the board."""
        return [line for line in self.lines if line.stand == stand]

    @property
    def first_below(self) -> int | None:
        """The place of the first plan below the line."""
        return next((line.number for line in self.lines if line.stand == summing.BELOW), None)

    @property
    def most(self) -> int:
        """The money all plans of the round ask for together, in yen."""
        return sum(line.counts.get("money", 0) for line in self.lines)

    def keys(self, prefix: str) -> list[str]:
        """The measures of a group any plan of the round brings something of, the largest first."""
        whole: Counter[str] = Counter()
        for line in self.lines:
            whole.update({key: n for key, n in line.counts.items() if key.startswith(f"{prefix}:")})
        return [key for key, _n in sorted(whole.items(), key=lambda item: (-item[1], item[0]))]


def ranking(plans: Sequence[Any], scores: Mapping[int, marks.Summary]) -> list[int]:
    """The plans of a round by score, the best first; those without a score at the end, by number."""
    best = [summary.plan for summary in marks.ranked(scores[plan.id] for plan in plans if plan.id in scores)]
    return best + [plan.id for plan in plans if plan.id not in scores]


def order_of(call: Call) -> list[int]:
    """The plans of a round in the order of their scores."""
    return ranking(queries.plans(call), queries.scores(call))


def _facts(plans: Sequence[Any], named: Mapping[int, Mapping[str, int]]) -> dict[int, Facts]:
    return {
        plan.id: facts_of(
            plan.snapshot or {},
            course=plan.code.value,
            host=plan.host_institution_id,
            kind=plan.kind.value,
            named=named.get(plan.id, {}),
        )
        for plan in plans
    }


def year_so_far(call: Call, known: Known) -> Counter[str]:
    """What the plans adopted in the other rounds of the year bring."""
    elsewhere = queries.adopted_elsewhere(call)
    found: Counter[str] = Counter()
    for facts in _facts(elsewhere, queries.named([plan.id for plan in elsewhere])).values():
        found.update(counts_of(facts, known))
    return found


def remaining(call: Call) -> int:
    """The money of the year's target, in yen, that the other rounds have not taken; 0 without a target."""
    known = queries.known_before(call.fiscal_year)
    target = queries.target(call.fiscal_year, "money")
    return max(target.goal - year_so_far(call, known)["money"], 0) if target is not None else 0


def build(version: BoardVersion, wish: Wish | None = None) -> Board:
    """The board of a version; with a wish as it would be, nothing stored."""
    wish = wish or Wish()
    call = version.call
    plans = queries.plans(call)
    scores = queries.scores(call)
    known = queries.known_before(call.fiscal_year)
    ranked = ranking(plans, scores)
    rank = {plan_id: number for number, plan_id in enumerate(ranked, 1) if plan_id in scores}
    facts = _facts(plans, queries.named([plan.id for plan in plans]))
    places = {place.application_id: place for place in queries.places(version)}
    by_id = {plan.id: plan for plan in plans}
    order = [plan for plan in places if plan in by_id] + [plan for plan in ranked if plan not in places]
    lines = []
    for plan_id in arrange(order, {plan: to for plan, to in wish.to.items() if plan in by_id}):
        plan, place = by_id[plan_id], places.get(plan_id)
        line = _line(plan, facts[plan_id], known, place)
        line.score = scores.get(plan_id)
        line.rank = rank.get(plan_id)
        line.mark = wish.marks.get(plan_id, line.mark)
        line.to = wish.to.get(plan_id)
        lines.append(line)
    amount = version.budget_line if wish.line is None else wish.line
    return _summed(version, lines, amount, year_so_far(call, known), queries.targets(call.fiscal_year))


def _line(plan: Any, facts: Facts, known: Known, place: BoardPlace | None) -> Line:
    frozen = plan.snapshot or {}
    caps = {"people_cap": place.people_cap, "money_cap": place.money_cap} if place else {}
    return Line(
        id=plan.id,
        public_id=plan.public_id,
        reference=plan.reference,
        theme_ja=frozen.get("theme_ja") or "",
        theme_en=frozen.get("theme_en") or "",
        host_ja=plan.host_ja,
        host_en=plan.host_en,
        facts=facts,
        counts=counts_of(facts, known, **caps),
        is_first_time=facts.host not in known.hosts,
        score=None,
        rank=None,
        place=place,
        mark=place.mark.value if place and place.mark else "",
    )


def _summed(
    version: BoardVersion, lines: list[Line], amount: int, before: Counter[str], targets: Sequence[BoardTarget]
) -> Board:
    entries = [line.entry for line in lines]
    stands = summing.standing(entries, amount)
    waiting = 0
    for number, (line, stand, spent) in enumerate(
        zip(lines, stands, summing.spent(entries, stands), strict=True), start=1
    ):
        line.number, line.stand, line.spent = number, stand, spent
        if stand == Outcome.RESERVE:
            waiting += 1
            line.waiting = waiting
    totals = summing.totals(entries, stands)
    year = summing.totals(entries, stands, before)
    measured = [
        Measured(target, summing.amount(before, target.measure), summing.amount(year, target.measure))
        for target in targets
    ]
    return Board(version, lines, amount, totals, before, measured)


__all__ = ["Board", "Line", "Measured", "Wish", "build", "order_of", "ranking", "remaining", "year_so_far"]
