"""For every check the last plan that is allowed and the first that is refused, made from a rule's own limit.

A check without a pair here has no test of its boundary: `test_boundaries.py` then fails.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

from app.calls.check import Limit
from app.calls.facts import ActivityFacts, CeilingFacts, CostFacts, FormsFacts, PeopleFacts, PlanFacts
from app.calls.vocabulary import ACTIVITIES, CATEGORIES, COSTS, HOST_KINDS
from app.core import clock
from app.directory import countries
from tests.calls.plans import PARTNER, itinerary, people, plan, stay

Pair = tuple[PlanFacts, PlanFacts]  # the last allowed, the first refused
ENTRY = date(2025, 9, 1)
SECOND = timedelta(seconds=1)


def outside(vocabulary: Any, allowed: list[str]) -> str:
    """A word the rule does not name."""
    return next(word for word in vocabulary if word not in allowed)


def round_is_open(_limit: Limit) -> list[Pair]:
    opens, closes = plan().opens_at, plan().closes_at
    assert opens is not None and closes is not None
    return [(plan(at=opens), plan(at=opens - SECOND)), (plan(at=closes - SECOND), plan(at=closes))]


def stay_length(limit: Limit) -> list[Pair]:
    days, extra, far = limit["max_days"], limit.get("extra_days", 0), limit.get("far_km")
    if far is None:
        return [(stay(days), stay(days + 1))]
    return [
        (stay(days, airport_distance_km=far - 1), stay(days + 1, airport_distance_km=far - 1)),
        (stay(days + extra, airport_distance_km=far), stay(days + extra + 1, airport_distance_km=far)),
    ]


def visit_window(_limit: Limit) -> list[Pair]:
    first, last, day = plan().visits_from, plan().visits_until, timedelta(days=1)
    assert first is not None and last is not None

    def within(starts_on: date, ends_on: date) -> PlanFacts:
        return plan(starts_on=starts_on, ends_on=ends_on)

    return [(within(first, last), within(first - day, last)), (within(first, last), within(first, last + day))]


def days_are_planned(_limit: Limit) -> list[Pair]:
    everything = itinerary(7, 3)
    return [(plan(itinerary=everything), plan(itinerary=tuple(item for item in everything if item.day != 4)))]


def special_days(limit: Limit) -> list[Pair]:
    effective = 5
    needed = next(days for days in range(effective + 1) if days * 100 >= effective * limit["min_percent"])

    def holding(days: int, kind: str) -> PlanFacts:
        other = outside(ACTIVITIES, limit["kinds"])
        items = [ActivityFacts(day, kind if day <= days + 1 else other) for day in range(2, effective + 2)]
        return stay(effective + 2, itinerary=tuple(items))

    return [(holding(needed, kind), holding(needed - 1, kind)) for kind in limit["kinds"]]


def peer_exchange(limit: Limit) -> list[Pair]:
    def meetings(number: int) -> PlanFacts:
        return plan(itinerary=(ActivityFacts(1, "arrival"), *(ActivityFacts(2, "peer_exchange"),) * number))

    return [(meetings(limit["min_items"]), meetings(limit["min_items"] - 1))]


def head_count(limit: Limit) -> list[Pair]:
    most, several = limit["max_people"], limit.get("max_people_several", limit["max_people"])
    return [
        (people(most - 1, supervisors=1), people(most, supervisors=1)),
        (people(several - 1, partners=2), people(several, partners=2)),
    ]


def supervisors_per_organization(limit: Limit) -> list[Pair]:
    most = limit["max_per_organization"]
    return [(people(2, most), people(2, most + 1)), (people(2, 2 * most, 2), people(2, 2 * most + 1, 2))]


def age_limit(limit: Limit) -> list[Pair]:
    """Born a day later, one is of the last age that is allowed on the day of entry; a day earlier, a year too old."""
    years = limit["max_age"] + (1 if limit["inclusive"] else 0)
    birthday = ENTRY.replace(year=ENTRY.year - years)  # who is born on it becomes that old on the day of entry

    def born(day: date, category: str) -> PlanFacts:
        return plan(starts_on=ENTRY, people=(PeopleFacts(category, born=day, name="Somebody"),))

    later = birthday + timedelta(days=1)
    assert clock.age_on(later, ENTRY) == clock.age_on(birthday, ENTRY) - 1
    return [(born(later, category), born(birthday, category)) for category in limit["categories"]]


def allowed_categories(limit: Limit) -> list[Pair]:
    allowed = tuple(PeopleFacts(category) for category in limit["categories"])
    refused = PeopleFacts(outside(CATEGORIES, limit["categories"]))
    return [(plan(people=allowed), plan(people=(*allowed, refused)))]


def first_visit(_limit: Limit) -> list[Pair]:
    first, again = PeopleFacts("master", number=9), PeopleFacts("master", number=1, first_visit=False)
    return [(plan(people=(first,)), plan(people=(first, again)))]


def eligible_host(limit: Limit) -> list[Pair]:
    refused = plan(host_kind=outside(HOST_KINDS, limit["kinds"]))
    return [(plan(host_kind=kind), refused) for kind in limit["kinds"]]


def partners_complete(limit: Limit) -> list[Pair]:
    enough = (PARTNER,) * limit["min_partners"]
    fields = ("name", "country", "contact_name", "contact_email")
    return [(plan(partners=enough), plan(partners=(*enough[1:], replace(PARTNER, **{name: ""})))) for name in fields]


def _codes(limit: Limit) -> list[str]:
    """Every country the rule names, alone or by its part of the world."""
    wanted = limit["countries"]
    return [code for code in countries.CODES if code in wanted or countries.region(code) in wanted]


def partner_countries(limit: Limit) -> list[Pair]:
    named = _codes(limit)
    allowed = tuple(replace(PARTNER, country=code) for code in named)
    stranger = replace(PARTNER, country=outside(countries.CODES, named))
    return [(plan(partners=allowed), plan(partners=(*allowed, stranger)))]


def prior_notification(limit: Limit) -> list[Pair]:
    def from_country(code: str, number: str) -> PlanFacts:
        return plan(partners=(PARTNER, replace(PARTNER, country=code, prior_notification=number)))

    free = outside(countries.CODES, _codes(limit))
    concerned = [(from_country(code, "1"), from_country(code, "")) for code in _codes(limit)]
    return [*concerned, (from_country(free, ""), concerned[0][1])]


def payable_costs(limit: Limit) -> list[Pair]:
    hosts = limit.get("host_kinds") or list(HOST_KINDS)
    paid = tuple(CostFacts(kind, 1) for kind in limit["kinds"])
    unpaid = CostFacts(outside(COSTS, limit["kinds"]), 1)
    pairs = [(plan(host_kind=kind, costs=paid), plan(host_kind=kind, costs=(*paid, unpaid))) for kind in hosts]
    free = [kind for kind in HOST_KINDS if kind not in hosts]
    return pairs + [(plan(host_kind=kind, costs=(*paid, unpaid)), pairs[0][1]) for kind in free[:1]]


def administration_share(limit: Limit) -> list[Pair]:
    def asking(amount: int) -> PlanFacts:
        return plan(costs=(CostFacts("program", 1_000_009), CostFacts("general_administration", amount)))

    most = 1_000_009 * limit["max_percent"] // 100  # whole yen: fractions are not paid
    return [(asking(most), asking(most + 1))]


def costs_under_ceilings(limit: Limit) -> list[Pair]:
    """To the yen: a unit price, what people and days allow, a share; for every kind of costs the rule looks at."""
    kinds = limit.get("kinds") or [kind for kind in COSTS if kind != "general_administration"]

    def costing(amount: int, kind: str, **more: Any) -> PlanFacts:
        return plan(ceilings=(CeilingFacts(kind, amount, 13_000, **more),))

    return [
        (costing(13_000, kind, **more), costing(13_001, kind, **more))
        for kind in kinds
        for more in ({"unit": "night", "quantity": 6}, {}, {"percent": 10})
    ]


def contact_persons(_limit: Limit) -> list[Pair]:
    fields = (
        "principal_name",
        "principal_email",
        "administrative_name",
        "administrative_email",
        "administrative_phone",
    )
    return [(plan(), plan(**{name: " "})) for name in fields]


def export_control_forms(_limit: Limit) -> list[Pair]:
    with_system = {"export_control_system": True, "export_control_pledge": False}
    without = {"export_control_system": False, "export_control_report": True}
    pledged = {**without, "export_control_pledge": True}
    return [
        (plan(**with_system, export_control_report=True), plan(**with_system, export_control_report=False)),
        (plan(**without, export_control_pledge=True), plan(**without, export_control_pledge=False)),
        *_lasting(lambda at, until: plan(at=at, export_control_report_until=until)),
        *_lasting(lambda at, until: plan(at=at, **pledged, export_control_pledge_until=until)),
        (plan(**pledged), plan(**pledged, export_control_same_person=False)),
    ]


def _lasting(holding: Callable[[datetime, date], PlanFacts]) -> list[Pair]:
    """A form is good until the end of its last day in Tokyo."""
    last = date(2025, 4, 2)
    ends = clock.tokyo(last + timedelta(days=1))
    return [(holding(ends - SECOND, last), holding(ends, last)), (holding(ends, date(2025, 4, 3)), holding(ends, last))]


def partner_export_forms(_limit: Limit) -> list[Pair]:
    good = FormsFacts(system=True, report=True)
    pledged = FormsFacts(system=False, report=True, pledge=True)

    def holding(forms: FormsFacts, at: datetime | None = None) -> PlanFacts:
        partners = (replace(PARTNER, forms=good), replace(PARTNER, forms=forms))
        return plan(partners=partners, **({"at": at} if at else {}))

    return [
        (holding(good), holding(FormsFacts())),
        (holding(pledged), holding(replace(pledged, pledge=False))),
        (holding(pledged), holding(replace(pledged, same_person=False))),
        *_lasting(lambda at, until: holding(replace(good, report_until=until), at)),
        *_lasting(lambda at, until: holding(replace(pledged, pledge_until=until), at)),
    ]


def export_residency(_limit: Limit) -> list[Pair]:
    said = plan(residency="visitors", affiliations_said=True)
    declared = plan(residency="residents", affiliations_said=True, specific_types_said=True)
    return [
        (said, replace(said, residency="")),
        (said, replace(said, affiliations_said=False)),
        (declared, replace(declared, specific_types_said=False)),
    ]


def online_promise(_limit: Limit) -> list[Pair]:
    return [(plan(online_if_impossible=True), plan(online_if_impossible=False))]


BOUNDARIES: dict[str, Callable[[Limit], list[Pair]]] = {
    made.__name__: made
    for made in (
        round_is_open,
        stay_length,
        visit_window,
        days_are_planned,
        special_days,
        peer_exchange,
        head_count,
        supervisors_per_organization,
        age_limit,
        allowed_categories,
        first_visit,
        eligible_host,
        partners_complete,
        partner_countries,
        prior_notification,
        payable_costs,
        administration_share,
        costs_under_ceilings,
        contact_persons,
        export_control_forms,
        partner_export_forms,
        export_residency,
        online_promise,
    )
}
