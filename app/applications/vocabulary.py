"""The words of an exchange plan: its states and outcomes, roles, activities, costs, fields of science."""

import enum
from typing import Any

from flask_babel import lazy_gettext as _l


class ApplicationState(enum.StrEnum):
    DRAFT = "draft"
    SUBMITTED = "submitted"
    RETURNED = "returned"
    UNDER_REVIEW = "under_review"
    DECIDED = "decided"  # JST has decided, the round's results are not released yet
    ADOPTED = "adopted"
    RESERVE = "reserve"
    DECLINED = "declined"
    COMPLETED = "completed"
    WITHDRAWN = "withdrawn"


# The sections of a plan in their order, by the name in addresses.
SECTION_LABELS: dict[str, Any] = {
    "overview": _l("Overview"),
    "partners": _l("Partners"),
    "itinerary": _l("Itinerary"),
    "people": _l("Who comes"),
    "budget": _l("Budget"),
    "safety": _l("Safety and export control"),
}


class Outcome(enum.StrEnum):
    """What the decision-maker decides."""

    ADOPTED = "adopted"
    RESERVE = "reserve"
    DECLINED = "declined"

    @property
    def label(self) -> Any:
        return OUTCOME_LABELS[self]


OUTCOME_LABELS = {
    Outcome.ADOPTED: _l("Adopted"),
    Outcome.RESERVE: _l("Reserve (waiting list)"),
    Outcome.DECLINED: _l("Declined"),
}


class ParticipantRole(enum.StrEnum):
    INVITEE = "invitee"
    SUPERVISOR = "supervisor"

    @property
    def label(self) -> Any:
        return ROLE_LABELS[self]


ROLE_LABELS = {ParticipantRole.INVITEE: _l("Invitee"), ParticipantRole.SUPERVISOR: _l("Supervisor")}


class ActivityKind(enum.StrEnum):
    """Kinds of items of a day; course A asks for special lectures or programmes on half of the effective days."""

    ARRIVAL = "arrival"
    DEPARTURE = "departure"
    SPECIAL_LECTURE = "special_lecture"
    SPECIAL_PROGRAM = "special_program"
    LABORATORY = "laboratory"
    VISIT = "visit"
    PEER_EXCHANGE = "peer_exchange"
    CULTURE = "culture"
    TRAVEL = "travel"
    OTHER = "other"

    @property
    def label(self) -> Any:
        return ACTIVITY_LABELS[self]


ACTIVITY_LABELS = {
    ActivityKind.ARRIVAL: _l("Arrival in Japan"),
    ActivityKind.DEPARTURE: _l("Departure from Japan"),
    ActivityKind.SPECIAL_LECTURE: _l("Special lecture"),
    ActivityKind.SPECIAL_PROGRAM: _l("Programme made for the invitees"),
    ActivityKind.LABORATORY: _l("Experiment or joint research"),
    ActivityKind.VISIT: _l("Visit to a facility or company"),
    ActivityKind.PEER_EXCHANGE: _l("Exchange with Japanese peers"),
    ActivityKind.CULTURE: _l("Japanese culture"),
    ActivityKind.TRAVEL: _l("Travel within Japan"),
    ActivityKind.OTHER: _l("Other"),
}


class BudgetKind(enum.StrEnum):
    """Kinds of costs (guidelines, chapter on expenses)."""

    INTERNATIONAL_TRAVEL = "international_travel"
    DOMESTIC_TRAVEL = "domestic_travel"
    PROGRAM = "program"
    FEES = "fees"
    TAX_EQUIVALENT = "tax_equivalent"
    GENERAL_ADMINISTRATION = "general_administration"

    @property
    def label(self) -> Any:
        return BUDGET_LABELS[self]


BUDGET_LABELS = {
    BudgetKind.INTERNATIONAL_TRAVEL: _l("I International travel"),
    BudgetKind.DOMESTIC_TRAVEL: _l("II Domestic travel and stay"),
    BudgetKind.PROGRAM: _l("III Programme costs"),
    BudgetKind.FEES: _l("IV Fees"),
    BudgetKind.TAX_EQUIVALENT: _l("V Consumption-tax equivalent"),
    BudgetKind.GENERAL_ADMINISTRATION: _l("General administration"),
}


class FieldOfScience(enum.StrEnum):
    """Natural, human and social sciences alike (open to all since FY2021)."""

    MATHEMATICS = "mathematics"
    PHYSICS = "physics"
    CHEMISTRY = "chemistry"
    EARTH_AND_SPACE = "earth_and_space"
    BIOLOGY = "biology"
    MEDICINE = "medicine"
    AGRICULTURE = "agriculture"
    ENVIRONMENT = "environment"
    ENERGY = "energy"
    MATERIALS = "materials"
    ENGINEERING = "engineering"
    CIVIL = "civil"
    INFORMATION = "information"
    SOCIAL = "social"
    HUMANITIES = "humanities"
    INTERDISCIPLINARY = "interdisciplinary"

    @property
    def label(self) -> Any:
        return FIELD_LABELS[self]


FIELD_LABELS = {
    FieldOfScience.MATHEMATICS: _l("Mathematics"),
    FieldOfScience.PHYSICS: _l("Physics"),
    FieldOfScience.CHEMISTRY: _l("Chemistry"),
    FieldOfScience.EARTH_AND_SPACE: _l("Earth and space science"),
    FieldOfScience.BIOLOGY: _l("Life science"),
    FieldOfScience.MEDICINE: _l("Medicine and health"),
    FieldOfScience.AGRICULTURE: _l("Agriculture, forestry and fisheries"),
    FieldOfScience.ENVIRONMENT: _l("Environment and disaster prevention"),
    FieldOfScience.ENERGY: _l("Energy"),
    FieldOfScience.MATERIALS: _l("Materials and nanotechnology"),
    FieldOfScience.ENGINEERING: _l("Mechanical, electrical and chemical engineering"),
    FieldOfScience.CIVIL: _l("Civil engineering and architecture"),
    FieldOfScience.INFORMATION: _l("Information and communication"),
    FieldOfScience.SOCIAL: _l("Social sciences"),
    FieldOfScience.HUMANITIES: _l("Humanities"),
    FieldOfScience.INTERDISCIPLINARY: _l("Interdisciplinary"),
}


class Residency(enum.StrEnum):
    """Who takes part, as the law on export control sees them (under six months in Japan: a non-resident)."""

    VISITORS = "visitors"
    RESIDENTS = "residents"


RESIDENCY_LABELS = {
    Residency.VISITORS: _l("All come from abroad and stay less than six months (non-residents)"),
    Residency.RESIDENTS: _l("Some live in Japan, or stay six months or longer (residents)"),
}


class Affiliation(enum.StrEnum):
    """To whom the people who come belong."""

    PARTNERS = "partners"
    OTHERS = "others"


AFFILIATION_LABELS = {
    Affiliation.PARTNERS: _l("Only to the sending organizations named in this plan"),
    Affiliation.OTHERS: _l("Some belong, or belonged, to other bodies too"),
}
# Self-declaration of residents: the specific types 1 to 3 (特定類型) of the notice on deemed exports, since May 2022.
SPECIFIC_TYPES = ("specific_1", "specific_2", "specific_3")
