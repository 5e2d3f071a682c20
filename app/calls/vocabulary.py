"""Words the rules use for things that later stations own (categories, activities, costs).

Calls may not import those stations; a test holds these words equal to theirs.
"""

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _l

from app.directory import countries
from app.directory.models import KIND_LABELS

CATEGORIES: Mapping[str, Any] = {
    "high_school": _l("High-school student"),
    "technical_college": _l("Technical-college student"),
    "undergraduate": _l("Undergraduate"),
    "master": _l("Master's student"),
    "doctor": _l("Doctoral student"),
    "postdoc": _l("Postdoctoral researcher"),
    "faculty": _l("Faculty member"),
    "teacher": _l("School teacher"),
    "researcher": _l("Researcher"),
    "public_official": _l("Public official"),
    "other": _l("Other"),
}

ACTIVITIES: Mapping[str, Any] = {
    "arrival": _l("Arrival in Japan"),
    "departure": _l("Departure from Japan"),
    "special_lecture": _l("Special lecture"),
    "special_program": _l("Programme made for the invitees"),
    "laboratory": _l("Experiment or joint research"),
    "visit": _l("Visit to a facility or company"),
    "peer_exchange": _l("Exchange with Japanese peers"),
    "culture": _l("Japanese culture"),
    "travel": _l("Travel within Japan"),
    "other": _l("Other"),
}

COSTS: Mapping[str, Any] = {
    "international_travel": _l("I International travel"),
    "domestic_travel": _l("II Domestic travel and stay"),
    "program": _l("III Programme costs"),
    "fees": _l("IV Fees"),
    "tax_equivalent": _l("V Consumption-tax equivalent"),
    "general_administration": _l("General administration"),
}

HOST_KINDS: Mapping[str, Any] = {kind.value: label for kind, label in KIND_LABELS.items()}

COURSES: Mapping[str, Any] = {
    "A": "A",
    "B": "B",
    "C": "C",
    "D": "D",
    "direct": _l("Direct invitation"),
    "online": _l("Online exchange"),
}

REGIONS: Mapping[str, Any] = {region: countries.region_name(region) for region in countries.REGIONS}
