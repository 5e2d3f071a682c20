"""Plans at the limits of the rules, as plain data: the last one that is allowed and the first that is refused."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count, islice
from typing import Any

from app.applications.workbook import plain
from app.calls import seed_data
from app.calls.check import Limit
from app.calls.facts import PlanFacts
from app.directory import countries
from tests.applications.workbook_plans import Maker
from tests.calls.boundaries import BOUNDARIES
from tests.calls.plans import plan as good_plan

PLACES = {code for code, _name in countries.choices("en")}  # nobody comes from Antarctica


@dataclass(frozen=True)
class Case:
    """A plan of a course and year, with the round and the host its facts name; `check`: the rule it was made for."""

    year: int
    code: str
    check: str
    expected: bool | None
    facts: PlanFacts
    plan: plain.Plain


def cases(number: int) -> list[Case]:
    """So many plans over all years and courses: four of five at the limit of a rule, every fifth of any kind."""
    maker = Maker(20260401)
    made = list(islice(at_the_limits(), number - number // 5))
    for place in range(number // 5):
        like = made[place * 4]
        made.append(Case(like.year, like.code, "", None, good_plan(), maker.plan(4)))
    return made


def at_the_limits() -> Iterator[Case]:
    """Rule after rule, each in another year and course than the one before; allowed and refused in turn."""
    rules: dict[str, list[tuple[int, str, Limit]]] = {}
    for year in seed_data.fiscal_years():
        for code in seed_data.codes(year):
            for rule in seed_data.course(year, code).rules:
                rules.setdefault(rule.check_name, []).append((year, code.value, rule.limit))
    rules.pop("age_limit")  # a plan names nobody: ages are open whoever asks
    for turn in count():
        for place, (check, found) in enumerate(rules.items()):
            year, course, limit = found[(turn * 7 + place * 5) % len(found)]
            pairs = BOUNDARIES[check](limit)
            for expected, facts in zip((True, False), pairs[turn % len(pairs)], strict=True):
                yield Case(year, course, check, expected, facts, stated(facts))


def stated(facts: PlanFacts) -> plain.Plain:
    """The plan that has these facts; whatever they do not speak of it does not say."""
    partners = [partner for partner in facts.partners if partner.country in ("", *PLACES)]
    yes = {True: "yes", False: "no", None: ""}
    text = {"theme_ja": "", "theme_en": "Rivers", "field_of_science": "", "purpose": "", "expected_results": ""}
    contacts = {
        name: getattr(facts, name).strip()
        for name in (
            "principal_name",
            "principal_email",
            "administrative_name",
            "administrative_email",
            "administrative_phone",
        )
    }
    return {
        "overview": {"fields": {**text, **contacts, "principal_department": ""}, "rows": []},
        "partners": {"fields": {}, "rows": [_partner(place, row) for place, row in enumerate(partners, 1)]},
        "itinerary": {
            "fields": {name: getattr(facts, name) for name in ("starts_on", "ends_on", "airport_distance_km")},
            "rows": plain.in_order([_item(item.day, item.kind) for item in facts.itinerary]),
        },
        "people": {
            "fields": {},
            "rows": [
                {
                    "partner": 0 if group.partner is None else group.partner + 1,
                    "category": group.category,
                    "role": "supervisor" if group.is_supervisor else "invitee",
                    "number": group.number,
                    "first_visit": yes[group.first_visit],
                }
                for group in facts.people
            ],
        },
        "budget": {
            "fields": {},
            "rows": [
                {"kind": cost.kind, "description": "Costs", "quantity": 1, "unit_price": cost.amount}
                for cost in facts.costs
            ],
        },
        "safety": {
            "fields": {
                "crisis_name": "Hanako Yamada",
                "crisis_phone": "",
                "crisis_plan": "",
                "insurance": "Travel",
                "online_if_impossible": facts.online_if_impossible,
                "has_system": yes[facts.export_control_system],
                "is_classified": "yes" if facts.export_control_report else "",
                "partners_are_checked": "yes",
                "export_responsible": "Taro Sato",
                "form1_on": facts.starts_on,
                "pledge": facts.export_control_pledge,
                "form2_on": facts.starts_on,
            },
            "rows": [],
        },
    }


def _partner(place: int, partner: Any) -> dict[str, Any]:
    named = {
        name: getattr(partner, name) for name in ("country", "contact_name", "contact_email", "prior_notification")
    }
    return {"id": "", "number": place, "organization": partner.name, **named}


def _item(day: int, kind: str) -> dict[str, Any]:
    return {"day": day, "starts_at": None, "ends_at": None, "kind": kind, "title": "x", "venue": "", "leader": ""}
