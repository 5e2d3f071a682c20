"""How the days of a stay stand to what the course asks of them: day by day, and in words. Pure.

The limits are those of the course's own rules (checks `stay_length`, `special_days`, `peer_exchange`,
`days_are_planned`); of what the course has no rule for there is no limit.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext

from app.applications.vocabulary import ActivityKind
from app.calls.check import Limit
from app.calls.checks_schedule import allowed_days, share_of
from app.calls.facts import PlanFacts

SPECIAL, PEERS, CULTURE, OTHER = "special", "peers", "culture", "other"
#: What counts as special where no rule of the course says so; nothing is then asked for.
USUAL: Limit = {"kinds": (ActivityKind.SPECIAL_LECTURE, ActivityKind.SPECIAL_PROGRAM), "min_percent": 0}


@dataclass(frozen=True, slots=True)
class Day:
    """A day of the stay; 1 is the day of entry. `marks`: what is planned on it, the weightiest first."""

    number: int
    on: date | None
    is_effective: bool  # neither the day of arrival nor that of departure
    marks: tuple[str, ...]

    @property
    def look(self) -> str:
        """How the day is drawn."""
        if not self.is_effective:
            return "travel"
        return self.marks[0] if self.marks else "empty"


@dataclass(frozen=True, slots=True)
class Meter:
    """The days of a stay and the figures the course's rules compare. None: the course has no such rule."""

    days: tuple[Day, ...]
    allowed: int | None  # days the stay may have
    extra: int  # of these, days for a long way from the airport
    possible: int  # more days that a long way would allow, were it known
    far_km: int | None
    effective: int
    special: int  # effective days with a special lecture or programme
    needed: int | None
    peers: int  # items of exchange with peers
    peers_needed: int | None
    culture: int  # days with Japanese culture
    unplanned: int  # days that must be planned and are not

    @property
    def length(self) -> int:
        return len(self.days)

    @property
    def percent(self) -> int | None:
        """Share of the effective days that are special, whole per cent, never rounded up; None without such days."""
        return self.special * 100 // self.effective if self.effective else None

    @property
    def excess(self) -> int:
        """Days beyond the limit."""
        return max(self.length - self.allowed, 0) if self.allowed is not None else 0

    def judged_by(self, limits: Mapping[str, Any]) -> "Meter":
        """The same by the limits of a judgement that was frozen: by check, the number that was the limit then.

        Where nothing is known of then, there is no limit.
        """
        allowed = limits.get("stay_length")
        return replace(
            self,
            allowed=allowed,
            extra=self.extra if allowed == self.allowed else 0,
            possible=0,
            needed=limits.get("special_days"),
            peers_needed=limits.get("peer_exchange"),
        )


def of(facts: PlanFacts, limits: Mapping[str, Limit]) -> Meter | None:
    """The days of a plan against the rules' data, by name of check. None until entry and exit are known."""
    stay = facts.stay_days
    if stay is None:
        return None
    length, special, peers = limits.get("stay_length"), limits.get("special_days"), limits.get("peer_exchange")
    share = share_of(facts, special or USUAL, stay)
    days = _days(facts, stay, set((special or USUAL)["kinds"]))
    allowed = allowed_days(facts, length) if length else None
    extra = allowed - int(length["max_days"]) if length and allowed else 0
    is_open = bool(length and length.get("far_km") is not None and facts.airport_distance_km is None)
    return Meter(
        days=days,
        allowed=allowed,
        extra=extra,
        possible=int(length.get("extra_days") or 0) if length and is_open else 0,
        far_km=length.get("far_km") if length else None,
        effective=share.effective,
        special=share.held,
        needed=share.needed if special else None,
        peers=sum(item.kind == ActivityKind.PEER_EXCHANGE for item in facts.itinerary),
        peers_needed=int(peers.get("min_items") or 1) if peers else None,
        culture=sum(CULTURE in day.marks for day in days),
        unplanned=stay - len({item.day for item in facts.itinerary if item.day <= stay})
        if "days_are_planned" in limits
        else 0,
    )


def _days(facts: PlanFacts, stay: int, special: set[str]) -> tuple[Day, ...]:
    kinds: dict[int, set[str]] = {}
    for item in facts.itinerary:
        kinds.setdefault(item.day, set()).update(_marks(item.kind, special))
    start = facts.starts_on
    found = []
    for number in range(1, stay + 1):
        is_effective = 1 < number < stay
        planned = kinds.get(number, set()) - (set() if is_effective else {SPECIAL, OTHER})
        marks = tuple(mark for mark in (SPECIAL, PEERS, CULTURE, OTHER) if mark in planned)
        found.append(Day(number, start + timedelta(days=number - 1) if start else None, is_effective, marks))
    return tuple(found)


def _marks(kind: str, special: set[str]) -> set[str]:
    named = {ActivityKind.PEER_EXCHANGE.value: PEERS, ActivityKind.CULTURE.value: CULTURE}
    found = {SPECIAL} if kind in special else set()
    return found | {named[kind]} if kind in named else found or {OTHER}


def missing(meter: Meter) -> list[str]:
    """What the stay still lacks, or has too much of, each in a sentence; empty when nothing."""
    found = []
    if meter.excess > meter.possible:
        found.append(ngettext("%(num)s day too many", "%(num)s days too many", meter.excess))
    elif meter.excess:
        found.append(_("The way from the airport: so many days are possible from %(far)s km on", far=meter.far_km))
    lacking = max((meter.needed or 0) - meter.special, 0)
    if lacking:
        found.append(
            ngettext(
                "%(num)s more day with a special lecture or programme",
                "%(num)s more days with a special lecture or programme",
                lacking,
            )
        )
    lacking = max((meter.peers_needed or 0) - meter.peers, 0)
    if lacking:
        found.append(
            ngettext("%(num)s more exchange with Japanese peers", "%(num)s more exchanges with Japanese peers", lacking)
        )
    if meter.unplanned:
        days = meter.unplanned
        found.append(
            ngettext("An entry for %(num)s day that has none yet", "Entries for %(num)s days that have none yet", days)
        )
    return found
