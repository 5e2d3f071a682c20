"""What boards and targets count, by key, and what it is called; what one plan brings of each. Pure but for names.

Keys: `money`, `people`, `plans`; people by `country:NP`, `region:africa`, `sex:female`; plans by `course:A`,
`kind:company`, `field:physics`; once for each of `new_country:NP`, `new_kind:company`, `first_host:17`.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.applications.vocabulary import FIELD_LABELS, FieldOfScience
from app.board.summing import EVERY, shares
from app.core.i18n import language
from app.directory import countries
from app.directory.models import KIND_LABELS, InstitutionKind
from app.invitees.models import Sex

SIMPLE: Mapping[str, Any] = {
    "money": _l("Money"),
    "people": _l("People"),
    "plans": _l("Plans"),
    f"new_country:{EVERY}": _l("New countries and regions"),
    f"new_kind:{EVERY}": _l("New kinds of host"),
    f"first_host:{EVERY}": _l("First-time hosts"),
    f"country:{EVERY}": _l("Countries and regions"),
    f"region:{EVERY}": _l("Regions"),
}
GROUPS: Mapping[str, Any] = {
    "region": _l("People by region"),
    "country": _l("People by country or region"),
    "course": _l("Plans by course"),
    "kind": _l("Plans by kind of host"),
    "field": _l("Plans by field of science"),
    "sex": _l("People named so far"),
}


@dataclass(frozen=True, slots=True)
class Known:
    """Who took part in earlier fiscal years: hosts by number, countries, kinds of host."""

    hosts: frozenset[int] = frozenset()
    countries: frozenset[str] = frozenset()
    kinds: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Facts:
    """What a plan as submitted says of itself. `people`: by country; `named`: people named so far, by sex;
    `science`: the field."""

    course: str
    host: int
    kind: str
    science: str
    money: int
    heads: int
    people: Mapping[str, int] = field(default_factory=dict)
    countries: frozenset[str] = frozenset()
    named: Mapping[str, int] = field(default_factory=dict)


def facts_of(frozen: Mapping[str, Any], *, course: str, host: int, kind: str, named: Mapping[str, int]) -> Facts:
    """The facts of a plan from its content as submitted (`applications.snapshot.content`)."""
    partners = [partner.get("country") or "" for partner in frozen.get("partners", [])]
    only = partners[0] if len(set(partners)) == 1 else ""
    people: Counter[str] = Counter()
    for group in frozen.get("people", []):
        number = group.get("partner")
        country = partners[number - 1] if number and number <= len(partners) else only
        people[country] += group["number"]
    return Facts(
        course=course,
        host=host,
        kind=kind,
        science=frozen.get("field_of_science") or "",
        money=sum(line["quantity"] * line["unit_price"] for line in frozen.get("budget", [])),
        heads=sum(people.values()),
        people={country: number for country, number in people.items() if country},
        countries=frozenset(filter(None, partners)),
        named=named,
    )


def counts_of(
    facts: Facts, known: Known, *, people_cap: int | None = None, money_cap: int | None = None
) -> dict[str, int]:
    """What a plan brings when it is adopted, on the conditions given: at most so many people, so much money."""
    heads = facts.heads if people_cap is None else min(facts.heads, people_cap)
    people = facts.people
    if heads < facts.heads:
        unknown = facts.heads - sum(people.values())
        people = {key: number for key, number in shares({**people, "": unknown}, heads).items() if key}
    found: Counter[str] = Counter(
        {
            "money": facts.money if money_cap is None else min(facts.money, money_cap),
            "people": heads,
            "plans": 1,
            f"course:{facts.course}": 1,
            f"kind:{facts.kind}": 1,
        }
    )
    if facts.science:
        found[f"field:{facts.science}"] = 1
    for country, number in people.items():
        found[f"country:{country}"] += number
        if region := region_of(country):
            found[f"region:{region}"] += number
        if country not in known.countries:
            found[f"new_country:{country}"] = 1
    if facts.kind not in known.kinds:
        found[f"new_kind:{facts.kind}"] = 1
    if facts.host not in known.hosts:
        found[f"first_host:{facts.host}"] = 1
    found.update({f"sex:{sex}": number for sex, number in facts.named.items()})
    return {key: number for key, number in found.items() if number}


def region_of(country: str) -> str:
    """The programme's region of a country; "" for an unknown code."""
    return countries.region(country) if country in countries.CODES else ""


def label(measure: str) -> str:
    """What a measure is called in the reader's language."""
    if measure in SIMPLE:
        return str(SIMPLE[measure])
    prefix, _colon, key = measure.partition(":")
    name = key_label(prefix, key)
    if prefix in ("country", "region"):
        return _("People from %(place)s", place=name)
    return name


def full_label(measure: str) -> str:
    """A measure as a line of its own says it: a part of a group with the group's name."""
    prefix, _colon, part = measure.partition(":")
    if prefix not in GROUPS or part == EVERY:
        return label(measure)
    return _("%(group)s: %(part)s", group=GROUPS[prefix], part=key_label(prefix, part))


def key_label(prefix: str, key: str) -> str:
    """What a part of a group is called: a country, a region, a course, a kind of host, a field, a sex."""
    if prefix == "country":
        return countries.name(key, language())
    if prefix == "region":
        return str(countries.region_name(key))
    if prefix == "kind":
        return str(KIND_LABELS[InstitutionKind(key)])
    if prefix == "field":
        return str(FIELD_LABELS[FieldOfScience(key)]) if key in list(FieldOfScience) else key
    if prefix == "sex":
        return str(Sex(key).label) if key in list(Sex) else _("Not stated")
    return _("Course %(code)s", code=key) if prefix == "course" and len(key) == 1 else key


def is_money(measure: str) -> bool:
    """Whether a measure is in yen."""
    return measure == "money"


def choices() -> list[tuple[str, str]]:
    """Measures a target can be set for, by name."""
    places = [f"region:{region}" for region in countries.REGIONS]
    places += [f"country:{code}" for code, _name in countries.choices(language())]
    return [(measure, label(measure)) for measure in (*SIMPLE, *places)]
