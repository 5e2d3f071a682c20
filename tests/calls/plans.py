"""A plan that keeps every rule of course A in FY2025, to be changed one fact at a time."""

from dataclasses import replace
from datetime import date
from typing import Any

from app.calls.facts import ActivityFacts, CostFacts, PartnerFacts, PeopleFacts, PlanFacts
from app.core import clock

PARTNER = PartnerFacts("Tribhuvan University", "NP", "Sita Sharma", "sita@example.edu.np")


def itinerary(days: int, special: int) -> tuple[ActivityFacts, ...]:
    """Arrival, `special` days with a special lecture, other days at the laboratory, departure; one talk with peers."""
    middle = [ActivityFacts(day, "special_lecture" if day - 1 <= special else "laboratory") for day in range(2, days)]
    return (ActivityFacts(1, "arrival"), *middle, ActivityFacts(2, "peer_exchange"), ActivityFacts(days, "departure"))


def plan(**changes: Any) -> PlanFacts:
    """The plan with some facts changed."""
    good = PlanFacts(
        at=clock.tokyo(date(2025, 4, 1)),
        opens_at=clock.tokyo(date(2025, 3, 18)),
        closes_at=clock.tokyo(date(2025, 4, 21)),
        visits_from=date(2025, 7, 25),
        visits_until=date(2026, 3, 13),
        host_kind="university",
        starts_on=date(2025, 9, 1),
        ends_on=date(2025, 9, 7),
        airport_distance_km=60,
        partners=(PARTNER,),
        people=(
            PeopleFacts("undergraduate", number=7, partner=0),
            PeopleFacts("faculty", is_supervisor=True, number=1, first_visit=False, partner=0),
        ),
        itinerary=itinerary(7, 3),
        costs=(CostFacts("international_travel", 900_000), CostFacts("general_administration", 90_000)),
        principal_name="Hanako Sakura",
        principal_email="hanako@example.ac.jp",
        administrative_name="Taro Sakura",
        administrative_email="taro@example.ac.jp",
        administrative_phone="075-000-0000",
        online_if_impossible=True,
        export_control_system=True,
        export_control_report=True,
    )
    return replace(good, **changes)


def stay(days: int, **changes: Any) -> PlanFacts:
    """The plan with a stay of that many days from 1 September 2025."""
    return plan(ends_on=date.fromordinal(date(2025, 9, 1).toordinal() + days - 1), **changes)


def people(invitees: int, supervisors: int = 0, partners: int = 1) -> PlanFacts:
    """The plan with that many people from that many organizations; the supervisors come from the first ones."""
    groups = [PeopleFacts("undergraduate", number=invitees, partner=0)]
    groups += [PeopleFacts("undergraduate", number=1, partner=index) for index in range(1, partners)]
    groups += [
        PeopleFacts("faculty", is_supervisor=True, number=1, partner=index % partners) for index in range(supervisors)
    ]
    return plan(people=tuple(groups), partners=(PARTNER,) * partners)
