"""The layout of a plan's workbook as data: one sheet for each section, and what stands in it.

The format has a version. A field or column came with the version it names in `since`; a workbook of an earlier version
does not have it, and what the plan says there stays as it is.
"""

from dataclasses import dataclass
from typing import Any, Literal

from flask_babel import lazy_gettext as _l

FORMAT = "sakura-exchange-plan"
#: Version 1 knew neither the way from the airport nor the number of the prior notification, version 2 no residency.
VERSION = 3
VERSIONS = (1, 2, 3)
META_SHEET = "plan-data"
LISTS_SHEET = "lists"
COLUMNS_MARK = "columns"  # stands beside the hidden row that names the columns
MOST_ROWS = 200

Kind = Literal["text", "long", "integer", "money", "day", "hour", "choice", "yes", "partner"]


@dataclass(frozen=True, slots=True)
class Field:
    """A single field or a column. `words` names the list a choice is made from; `width` is that of a column."""

    name: str
    label: Any
    kind: Kind = "text"
    words: str = ""
    hint: Any = ""
    width: int = 16
    contact: bool = False  # an e-mail address or a telephone number: not for every reader
    since: int = 1


@dataclass(frozen=True, slots=True)
class Sheet:
    """A section: single fields on top, then a table. `spare`: empty rows offered below those of the plan."""

    section: str
    title: Any
    fields: tuple[Field, ...] = ()
    columns: tuple[Field, ...] = ()
    spare: int = 10
    landscape: bool = False

    def fields_of(self, version: int, *, with_contacts: bool) -> tuple[Field, ...]:
        """The single fields a workbook of that version has."""
        return _had(self.fields, version, with_contacts)

    def columns_of(self, version: int, *, with_contacts: bool) -> tuple[Field, ...]:
        """The columns a workbook of that version has."""
        return _had(self.columns, version, with_contacts)


def _had(fields: tuple[Field, ...], version: int, with_contacts: bool) -> tuple[Field, ...]:
    return tuple(field for field in fields if field.since <= version and (with_contacts or not field.contact))


DAY_HINT = _l("A day such as 2026-07-01.")
HOUR_HINT = _l("A time such as 09:30.")
CHOOSE = _l("Choose from the list.")
ONLY_RESIDENTS = _l("Only if people who live in Japan take part.")

OVERVIEW = Sheet(
    "overview",
    _l("Overview"),
    (
        Field("theme_ja", _l("Theme in Japanese"), hint=_l("At most 300 characters.")),
        Field("theme_en", _l("Theme in English"), hint=_l("At most 300 characters.")),
        Field("field_of_science", _l("Field of science"), "choice", "fields", CHOOSE),
        Field(
            "purpose",
            _l("Purpose and content"),
            "long",
            hint=_l("What the exchange is to achieve, with whom, and why in Japan."),
        ),
        Field(
            "expected_results",
            _l("Expected results and how it goes on"),
            "long",
            hint=_l("What remains afterwards: joint research, study in Japan, further exchanges."),
        ),
        Field("principal_name", _l("Person in charge of the exchange: name")),
        Field("principal_department", _l("Department and position")),
        Field("principal_email", _l("Person in charge of the exchange: e-mail"), contact=True),
        Field("administrative_name", _l("Administrative contact: name")),
        Field("administrative_email", _l("Administrative contact: e-mail"), contact=True),
        Field("administrative_phone", _l("Administrative contact: telephone"), contact=True),
    ),
)
PARTNERS = Sheet(
    "partners",
    _l("Partners"),
    columns=(
        Field("number", _l("No."), "integer", width=6),
        Field("organization", _l("Sending organization"), width=38),
        Field("country", _l("Country or region"), "choice", "countries", CHOOSE, 24),
        Field("contact_name", _l("Contact person"), width=22),
        Field("contact_email", _l("E-mail of the contact person"), width=28, contact=True),
        Field(
            "prior_notification",
            _l("Number of the prior notification"),
            hint=_l("Only for partners in China: the number the competent body gave the sending side."),
            width=20,
            since=2,
        ),
    ),
    spare=5,
    landscape=True,
)
ITINERARY = Sheet(
    "itinerary",
    _l("Itinerary"),
    (
        Field("starts_on", _l("Day of entry"), "day", hint=DAY_HINT),
        Field("ends_on", _l("Day of exit"), "day", hint=DAY_HINT),
        Field(
            "airport_distance_km",
            _l("Way from the international airport of arrival to the host, in kilometres"),
            "integer",
            hint=_l("Only where the length of the stay depends on it."),
            since=2,
        ),
    ),
    (
        Field("day", _l("Day"), "integer", hint=_l("1 for the day of entry, 2 for the next one."), width=8),
        Field("starts_at", _l("Begins at"), "hour", hint=HOUR_HINT, width=10),
        Field("ends_at", _l("Ends at"), "hour", hint=HOUR_HINT, width=10),
        Field("kind", _l("Kind"), "choice", "activities", CHOOSE, 40),
        Field("title", _l("What is done"), width=48),
        Field("venue", _l("Where"), width=24),
        Field("leader", _l("Led by"), width=20),
    ),
    spare=20,
    landscape=True,
)
PEOPLE = Sheet(
    "people",
    _l("Who comes"),
    columns=(
        Field(
            "partner",
            _l("Number of the sending organization"),
            "partner",
            hint=_l("The number in the first column of the sheet of partners."),
            width=18,
        ),
        Field("category", _l("Category"), "choice", "categories", CHOOSE, 40),
        Field("role", _l("Role"), "choice", "roles", CHOOSE, 22),
        Field("number", _l("Number of people"), "integer", width=12),
        Field("first_visit", _l("First visit to Japan"), "choice", "yes_no", CHOOSE, 16),
    ),
)
BUDGET = Sheet(
    "budget",
    _l("Budget"),
    columns=(
        Field("kind", _l("Kind"), "choice", "costs", CHOOSE, 50),
        Field("description", _l("What it pays for"), width=40),
        Field("quantity", _l("Quantity"), "integer", width=10),
        Field("unit_price", _l("Unit price in yen"), "money", width=16),
    ),
    spare=15,
)
SAFETY = Sheet(
    "safety",
    _l("Safety and export control"),
    (
        Field("crisis_name", _l("Contact for emergencies: name")),
        Field("crisis_phone", _l("Contact for emergencies: telephone, day and night"), contact=True),
        Field(
            "crisis_plan",
            _l("What is done in an emergency"),
            "long",
            hint=_l("Who decides, who accompanies the group, which hospital, how families are told."),
        ),
        Field("insurance", _l("Insurance of the group")),
        Field(
            "online_if_impossible",
            _l("If the visit becomes impossible, the exchange will be held online."),
            "yes",
            "yes_no",
            CHOOSE,
        ),
        Field("residency", _l("Who takes part?"), "choice", "residency", CHOOSE, since=3),
        Field(
            "specific_1",
            _l("Is anybody bound by a contract to a foreign government or university (specific type 1)?"),
            "choice",
            "yes_no",
            ONLY_RESIDENTS,
            since=3,
        ),
        Field(
            "specific_2",
            _l("Does anybody receive substantial benefits from a foreign government (specific type 2)?"),
            "choice",
            "yes_no",
            ONLY_RESIDENTS,
            since=3,
        ),
        Field(
            "specific_3",
            _l("Does anybody act in Japan on the instructions of a foreign government (specific type 3)?"),
            "choice",
            "yes_no",
            ONLY_RESIDENTS,
            since=3,
        ),
        Field("affiliation", _l("To whom do the people who come belong?"), "choice", "affiliation", CHOOSE, since=3),
        Field("other_affiliations", _l("Other bodies they belong, or belonged, to"), "long", since=3),
        Field(
            "has_system",
            _l("Does the host have a system of its own for security export control?"),
            "choice",
            "yes_no",
            CHOOSE,
        ),
        Field(
            "is_classified",
            _l("Has it been examined whether the technology to be provided is controlled?"),
            "choice",
            "yes_no",
            CHOOSE,
        ),
        Field(
            "partners_are_checked",
            _l("Have the partners been compared with the Foreign User List?"),
            "choice",
            "yes_no",
            CHOOSE,
        ),
        Field("export_responsible", _l("Person responsible for export control")),
        Field("form1_on", _l("Date of form 1"), "day", hint=DAY_HINT),
        Field(
            "pledge",
            _l(
                "The host pledges to observe the laws on export control and to ask JST before it provides controlled "
                "technology."
            ),
            "yes",
            "yes_no",
            CHOOSE,
        ),
        Field("form2_on", _l("Date of form 2"), "day", hint=DAY_HINT),
    ),
)
SHEETS = (OVERVIEW, PARTNERS, ITINERARY, PEOPLE, BUDGET, SAFETY)
SHEET_OF = {sheet.section: sheet for sheet in SHEETS}
FIRST_ROW = 4  # below the title and what is said about the sheet


def label_of(section: str, key: str) -> str:
    """The label of a field (`field:name`) or a column in the reader's language; "" for a whole sheet."""
    sheet = SHEET_OF[section]
    fields = {f"field:{field.name}": field for field in sheet.fields} | {field.name: field for field in sheet.columns}
    return str(fields[key].label) if key in fields else ""
