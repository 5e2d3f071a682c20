"""Checks on time: the round, the stay, the visit window, what fills the days."""

from dataclasses import dataclass
from datetime import timedelta

from flask_babel import gettext as _

from app.calls.check import Finding, Limit
from app.calls.facts import PlanFacts
from app.core.i18n import day, exact_moment


def round_is_open(facts: PlanFacts, _limit: Limit) -> Finding:
    """The round takes submissions: from the opening instant on, up to but not including the closing instant."""
    if facts.at is None or facts.opens_at is None or facts.closes_at is None:
        return Finding(None, _("Choose the round."))
    if facts.at < facts.opens_at:
        return Finding(False, _("The round opens on %(opening)s.", opening=exact_moment(facts.opens_at)))
    if facts.at >= facts.closes_at:
        return Finding(False, _("The round closed on %(closing)s.", closing=exact_moment(facts.closes_at)))
    return Finding(True, _("The round is open until %(closing)s.", closing=exact_moment(facts.closes_at)))


def stay_length(facts: PlanFacts, limit: Limit) -> Finding:
    """Days from entry to exit, both counted; more where the way from the airport of arrival is long (course A)."""
    stay, usual = facts.stay_days, int(limit["max_days"])
    extra, far = int(limit.get("extra_days") or 0), limit.get("far_km")
    if stay is None:
        return Finding(None, _("Enter the day of entry and the day of exit."), limit=usual)
    if stay <= usual:
        return _stay(True, stay, usual)
    if not extra or far is None or stay > usual + extra:
        return _stay(False, stay, allowed_days(facts, limit))
    if facts.airport_distance_km is None:
        message = _(
            "%(days)s days are possible only from %(far)s km between airport and host on: enter the distance.",
            days=stay,
            far=far,
        )
        return Finding(None, message, stay, usual)
    return _stay(_is_far(facts, far), stay, allowed_days(facts, limit))


def allowed_days(facts: PlanFacts, limit: Limit) -> int:
    """The days a stay may have at this host: the usual ones, and those for a long way where the way is known to be."""
    return int(limit["max_days"]) + (int(limit.get("extra_days") or 0) if _is_far(facts, limit.get("far_km")) else 0)


def _is_far(facts: PlanFacts, far: int | None) -> bool:
    return far is not None and facts.airport_distance_km is not None and facts.airport_distance_km >= far


def _stay(holds: bool, stay: int, allowed: int) -> Finding:
    message = (
        _("The stay is %(days)s days; %(limit)s are allowed.", days=stay, limit=allowed)
        if holds
        else _("The stay is %(days)s days; at most %(limit)s are allowed.", days=stay, limit=allowed)
    )
    return Finding(holds, message, stay, allowed)


def visit_window(facts: PlanFacts, _limit: Limit) -> Finding:
    """The whole stay lies in the days the round names for visits, first and last day included."""
    first, last = facts.visits_from, facts.visits_until
    if first is None or last is None:
        return Finding(None, _("Choose the round."))
    span = {"first": day(first), "last": day(last)}
    if facts.starts_on is None or facts.ends_on is None:
        return Finding(None, _("Enter days between %(first)s and %(last)s.", **span))
    holds = first <= facts.starts_on and facts.ends_on <= last
    message = (
        _("The visit lies between %(first)s and %(last)s.", **span)
        if holds
        else _("The visit must lie between %(first)s and %(last)s.", **span)
    )
    asked = [facts.starts_on.isoformat(), facts.ends_on.isoformat()]
    return Finding(holds, message, asked, [first.isoformat(), last.isoformat()])


@dataclass(frozen=True, slots=True)
class Share:
    """Effective days of a stay: how many there are, how many hold what is asked for, and how many have to."""

    effective: int
    held: int
    needed: int


def share_of(facts: PlanFacts, limit: Limit, stay: int) -> Share:
    """The share of the effective days that `special_days` asks for, of a stay of so many days."""
    effective = max(stay - 2, 0)
    kinds = set(limit["kinds"])
    held = len({item.day for item in facts.itinerary if item.kind in kinds and 1 < item.day < stay})
    return Share(effective, held, -(-effective * int(limit["min_percent"]) // 100))


def special_days(facts: PlanFacts, limit: Limit) -> Finding:
    """At least a share of the effective days (without those of arrival and departure) holds an item of certain kinds.

    A day with one such item counts as one day. An odd number of effective days is rounded up: 3 of 5.
    """
    stay = facts.stay_days
    if stay is None:
        return Finding(None, _("Enter the day of entry and the day of exit."))
    share = share_of(facts, limit, stay)
    if not facts.itinerary:
        return Finding(None, _("Enter what is planned on each day: %(needed)s days are needed.", needed=share.needed))
    message = _(
        "%(held)s of %(effective)s effective days hold special lectures or programmes; %(needed)s are needed.",
        held=share.held,
        effective=share.effective,
        needed=share.needed,
    )
    return Finding(share.held >= share.needed, message, share.held, share.needed)


def peer_exchange(facts: PlanFacts, limit: Limit) -> Finding:
    """The itinerary holds meetings with Japanese people of the same age or profession."""
    needed = int(limit.get("min_items") or 1)
    if not facts.itinerary:
        return Finding(None, _("Plan a meeting with Japanese peers."), limit=needed)
    held = sum(1 for item in facts.itinerary if item.kind == "peer_exchange")
    message = _(
        "Exchange with Japanese peers is planned %(held)s times; expected: %(needed)s.", held=held, needed=needed
    )
    return Finding(held >= needed, message, held, needed)


def days_are_planned(facts: PlanFacts, _limit: Limit) -> Finding:
    """Every day of the stay says what is done."""
    stay, start = facts.stay_days, facts.starts_on
    if stay is None or start is None:
        return Finding(None, _("Enter the day of entry and the day of exit."))
    if not facts.itinerary:
        return Finding(None, _("Enter what is planned on each day of the stay."), 0, stay)
    planned = {item.day for item in facts.itinerary}
    empty = [number for number in range(1, stay + 1) if number not in planned]
    if not empty:
        return Finding(True, _("Every day of the stay is planned."), stay, stay)
    dates = ", ".join(day(start + timedelta(days=number - 1)) for number in empty[:5])
    more = "…" if len(empty) > 5 else ""
    return Finding(False, _("Nothing is planned yet on: %(dates)s", dates=dates + more), stay - len(empty), stay)
