"""What is known of a roster that was read and not yet saved: mapping, people, findings, questions, answers."""

import dataclasses
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Literal

from app.core.tabular import Workbook
from app.invitees.roster.findings import Finding

Value = str | bool | None
Origin = Literal["file", "notes", "derived", "answer", "corrected"]

#: The fields of a person, in the order in which the preview shows them.
FIELDS = (
    "surname",
    "given_names",
    "native_name",
    "katakana",
    "sex",
    "date_of_birth",
    "nationality",
    "passport_number",
    "passport_expiry",
    "email",
    "category",
    "affiliation",
    "role",
    "first_visit",
    "diet",
)
#: What a column may hold: the fields, and columns from which fields are made.
COLUMN_FIELDS = (*FIELDS, "full_name", "title", "visited_before", "notes", "number", "unused")
#: Fields that may be answered once for everybody.
FOR_ALL = ("nationality", "affiliation", "category", "role", "first_visit")
#: Fields without which a person cannot be taken over.
REQUIRED = (
    "given_names",
    "sex",
    "date_of_birth",
    "nationality",
    "passport_number",
    "passport_expiry",
    "category",
    "affiliation",
    "role",
    "first_visit",
)


@dataclass(frozen=True)
class RosterRules:
    """What the course and the visit demand of people; None where nothing is demanded.

    `entry` and `exit` are the days of entry to and exit from Japan; `max_age` (years, inclusive) binds invitees on the
    day of entry; `first_visit_wanted` is the principle of most courses; below `adult_age` a guardian must consent.
    `affiliations` are the sending organizations of the plan, offered as answers. A person may lack `optional` fields.
    """

    entry: date | None = None
    exit: date | None = None
    max_age: int | None = None
    first_visit_wanted: bool = False
    adult_age: int = 18
    categories: frozenset[str] | None = None
    affiliations: tuple[str, ...] = ()
    optional: frozenset[str] = frozenset()


@dataclass(frozen=True)
class SheetMapping:
    """Which rows of a sheet are its header (row numbers, empty if it has none) and what each column (from 1) holds."""

    header_rows: tuple[int, ...] = ()
    columns: Mapping[int, str] = dataclasses.field(default_factory=dict)
    skipped: bool = False


@dataclass(frozen=True)
class RosterMapping:
    """The mapping of each visible sheet, by its place in the workbook (from 0)."""

    sheets: Mapping[int, SheetMapping] = dataclasses.field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        """A JSON-able form."""
        return {
            str(place): {
                "header_rows": list(sheet.header_rows),
                "columns": {str(column): name for column, name in sheet.columns.items()},
                "skipped": sheet.skipped,
            }
            for place, sheet in self.sheets.items()
        }

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> "RosterMapping":
        """The mapping from its JSON form; ValueError or KeyError if it is none."""
        sheets = {}
        for place, sheet in stored.items():
            columns = {int(column): str(name) for column, name in sheet["columns"].items() if name in COLUMN_FIELDS}
            rows = tuple(int(row) for row in sheet["header_rows"])
            sheets[int(place)] = SheetMapping(rows, columns, bool(sheet.get("skipped", False)))
        return cls(sheets)

    def with_column(self, sheet: int, column: int, name: str | None) -> "RosterMapping":
        """The mapping with one column set to a field (taken from the column that had it), or to nothing."""
        old = self.sheets.get(sheet, SheetMapping())
        columns = {place: held for place, held in old.columns.items() if place != column and held != name}
        if name:
            columns[column] = name
        return RosterMapping({**self.sheets, sheet: replace(old, columns=columns)})


@dataclass(frozen=True)
class Answers:
    """What the user said: `for_all` fills empty values of a field for everybody (also `date_order` and `name_order`);
    `rows` replaces values of single people, by row key and field, as typed; `left_out` are people not taken over."""

    for_all: Mapping[str, str] = dataclasses.field(default_factory=dict)
    rows: Mapping[str, Mapping[str, str]] = dataclasses.field(default_factory=dict)
    left_out: frozenset[str] = frozenset()

    def to_json(self) -> dict[str, Any]:
        """A JSON-able form."""
        rows = {key: dict(values) for key, values in self.rows.items()}
        return {"for_all": dict(self.for_all), "rows": rows, "left_out": sorted(self.left_out)}

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> "Answers":
        """The answers from their JSON form; unknown keys are dropped."""
        rows = {str(key): {str(f): str(v) for f, v in given.items()} for key, given in stored.get("rows", {}).items()}
        for_all = {str(name): str(value) for name, value in stored.get("for_all", {}).items()}
        return cls(for_all, rows, frozenset(map(str, stored.get("left_out", ()))))

    def merged(self, other: "Answers") -> "Answers":
        """These answers with the other's on top."""
        rows = {key: dict(values) for key, values in self.rows.items()}
        for key, values in other.rows.items():
            rows[key] = {**rows.get(key, {}), **values}
        return Answers({**self.for_all, **other.for_all}, rows, self.left_out | other.left_out)


@dataclass(frozen=True, slots=True)
class Parsed:
    """One value of a person: `value` as stored (dates ISO), `raw` as it stands in the file, `cell` where."""

    value: Value
    raw: str = ""
    cell: str | None = None
    origin: Origin = "file"


@dataclass
class RosterRow:
    """One person of the file. `key` identifies the row through mapping and answers; `reason_wanted` asks why a
    person who has been to Japan is invited again (answer field `first_visit_reason`)."""

    key: str
    sheet: int
    row_number: int
    values: dict[str, Parsed] = dataclasses.field(default_factory=dict)
    findings: list[Finding] = dataclasses.field(default_factory=list)
    notes: str = ""
    left_out: bool = False
    reason_wanted: bool = False
    reason: str = ""

    def value(self, name: str) -> Value:
        """The value of a field; "" where text is missing, None where anything else is."""
        return self.values[name].value if name in self.values else None

    def person(self) -> dict[str, Value]:
        """The person's fields as they are stored: text, ISO dates, codes, True or False, None where missing."""
        texts = ("surname", "given_names", "native_name", "katakana", "diet")
        return {name: (self.value(name) or "") if name in texts else self.value(name) for name in FIELDS}

    def has(self, severity: str) -> bool:
        """Whether a finding of this severity stands against the row."""
        return any(finding.severity == severity for finding in self.findings)


@dataclass(frozen=True)
class Question:
    """Something the file does not say. `field` is a person's field, `date_order` or `name_order`; `proposed` answers
    for all and `per_row` for single rows fill the form beforehand; only `required` ones hold up saving."""

    field: str
    required: bool
    proposed: str | None = None
    shown_by: str = "nothing"
    per_row: Mapping[str, str] = dataclasses.field(default_factory=dict)
    rows: tuple[str, ...] = ()
    options: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a sheet as found: its header, the field it is read as, and how sure that is (0 to 1)."""

    sheet: int
    column: int
    header: str
    field: str | None
    confidence: float
    samples: tuple[str, ...] = ()


@dataclass
class RosterDraft:
    """A roster read and not saved."""

    workbook: Workbook
    rules: RosterRules
    mapping: RosterMapping
    answers: Answers
    columns: list[Column] = dataclasses.field(default_factory=list)
    rows: list[RosterRow] = dataclasses.field(default_factory=list)
    questions: list[Question] = dataclasses.field(default_factory=list)
    findings: list[Finding] = dataclasses.field(default_factory=list)

    @property
    def people(self) -> list[RosterRow]:
        """Rows that are to be taken over."""
        return [row for row in self.rows if not row.left_out]

    @property
    def unmapped(self) -> list[Column]:
        """Columns with a header that are read as nothing."""
        return [column for column in self.columns if column.field is None]

    def all_findings(self) -> Iterator[Finding]:
        """Findings on the file and on the people that are to be taken over."""
        yield from self.findings
        for row in self.people:
            yield from row.findings

    def count(self, severity: str) -> int:
        """How many findings of a severity there are."""
        return sum(finding.severity == severity for finding in self.all_findings())

    @property
    def is_ready(self) -> bool:
        """Whether it may be saved: there are people, no errors, and no open questions."""
        is_open = any(question.required for question in self.questions)
        return bool(self.people) and not is_open and not self.count("error") and not self.count("question")
