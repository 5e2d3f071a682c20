"""A workbook's cells become the texts of a plan's forms; each text remembers its cell.

Cells are found by the names in the hidden first column and the hidden row above a table, not by where they stand, and
by what is in them, not by how a program stored it: a day may be a date, a number or a text.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any
from unicodedata import normalize

from app.applications.workbook import words
from app.applications.workbook.layout import (
    COLUMNS_MARK,
    FORMAT,
    META_SHEET,
    MOST_ROWS,
    SHEETS,
    VERSIONS,
    Field,
    Sheet,
)
from app.applications.workbook.styling import LABEL_SPAN
from app.core import tabular
from app.core.errors import DomainError
from app.core.sentences import N_, Sentence
from app.core.tabular import Cell, column_letters

HOUR = re.compile(r"^(\d{1,2}):(\d{2}):\d{2}(\.\d+)?$")
FIRST_SERIAL, LAST_SERIAL = 36526, 73051  # the days from 2000 to 2099 as a spreadsheet counts them

CHOOSE = N_("Choose one from the list.")
NO_FORMULA = N_("Enter a value instead of a formula.")
NOT_OURS = N_("This workbook was not made by this system. Take the workbook from the page of the plan.")
MISSING = N_("This is missing in the workbook. Take a fresh workbook from the page of the plan.")
TOO_MANY = N_("At most %(limit)s rows are read. Take rows away.")
NO_PARTNER = N_("Enter a number that stands in front of an organization on the sheet of partners.")


class NotThisPlan(DomainError):
    """The workbook is none of ours, or of a version that is not read."""

    status = 422


@dataclass(frozen=True, slots=True)
class Meta:
    """What a workbook says of itself."""

    plan: str
    plan_version: int
    version: int
    with_contacts: bool


@dataclass(frozen=True, slots=True)
class Found:
    """A cell: its text as a form takes it, where it stands, and what stands in it."""

    text: str
    cell: str
    shown: str = ""


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with a cell: where, which field (section, key of its label), what was found, what belongs there."""

    cell: str
    section: str
    key: str
    found: str
    expected: Any


@dataclass(slots=True)
class Row:
    """A row of a table. `id`: of the partner it was written from, or ""."""

    id: str
    cells: dict[str, Found]


@dataclass(slots=True)
class Section:
    """What was read of a section; a field or column the workbook does not have is not in it."""

    fields: dict[str, Found] = field(default_factory=dict)
    columns: tuple[str, ...] = ()
    rows: list[Row] = field(default_factory=list)


@dataclass(slots=True)
class Reading:
    """Everything that was read, and what could not be."""

    meta: Meta
    sections: dict[str, Section] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)


def identify(book: tabular.Workbook) -> Meta:
    """What a workbook says of itself. Raises: NotThisPlan (none of ours, unknown version)."""
    said = _said(book)
    if said.get("format") != FORMAT:
        raise NotThisPlan(Sentence(NOT_OURS))
    version, plan_version = said.get("version", ""), said.get("plan_version", "")
    if not version.isdecimal() or int(version) not in VERSIONS:
        raise NotThisPlan(
            Sentence(
                N_(
                    "This workbook has the format version “%(version)s”, which is not known here. Take a fresh "
                    "workbook from the page of the plan."
                ),
                version=version[:20],
            )
        )
    known = int(plan_version) if plan_version.isdecimal() and len(plan_version) < 10 else 0
    return Meta(said.get("plan", ""), known, int(version), said.get("contacts") == "yes")


def _said(book: tabular.Workbook) -> dict[str, str]:
    sheet = next((sheet for sheet in book.sheets if sheet.name == META_SHEET), None)
    rows = sheet.rows if sheet is not None else []
    return {row[0].text: row[1].text for row in rows if len(row) > 1 and row[0] is not None and row[1] is not None}


def read(book: tabular.Workbook) -> Reading:
    """The sections of a workbook of ours. Raises: NotThisPlan."""
    reading = Reading(identify(book))
    said = _said(book)
    by_name = {sheet.name: sheet for sheet in book.sheets}
    for sheet in SHEETS:
        title = said.get(f"sheet:{sheet.section}", "")
        page = by_name.get(title)
        if page is None:
            problem = Problem(title or words.title(sheet.section), sheet.section, "", "", Sentence(MISSING))
            reading.problems.append(problem)
            reading.sections[sheet.section] = Section()
        else:
            reading.sections[sheet.section] = _Reader(reading, sheet, page).read()
    _follow_numbers(reading)
    return reading


def _follow_numbers(reading: Reading) -> None:
    """People name their partner by its number; from here on by its place among the rows that were read."""
    places: dict[str, int] = {}
    for place, row in enumerate(reading.sections["partners"].rows, 1):
        number = row.cells.pop("number", None)
        if number is not None and number.text:
            places.setdefault(number.text, place)
    for row in reading.sections["people"].rows:
        named = row.cells.get("partner")
        if named is None or not named.text:
            continue
        named_place = places.get(normalize("NFKC", named.text))
        if named_place is None:
            problem = Problem(named.cell, "people", "partner", named.shown, Sentence(NO_PARTNER))
            reading.problems.append(problem)
        row.cells["partner"] = Found(str(named_place or ""), named.cell, named.shown)


class _Reader:
    """Reads one sheet."""

    def __init__(self, reading: Reading, sheet: Sheet, page: tabular.Sheet) -> None:
        self.problems, self.sheet, self.page = reading.problems, sheet, page
        meta = reading.meta
        self.fields = {field.name: field for field in sheet.fields_of(meta.version, with_contacts=meta.with_contacts)}
        columns = sheet.columns_of(meta.version, with_contacts=meta.with_contacts)
        self.columns = {column.name: column for column in columns}

    def read(self) -> Section:
        """The single fields by the names beside them, then the rows below the headings of the table."""
        section = Section()
        places: dict[str, int] = {}
        first = 0
        for number, cells in enumerate(self.page.rows, 1):
            mark = cells[0].text if cells and cells[0] is not None else ""
            if places and number >= first:
                self._row(section, number, cells, places, mark)
            elif not places and mark == COLUMNS_MARK:
                named = {cell.text: place for place, cell in enumerate(cells, 1) if cell is not None and place > 1}
                places = {name: place for name, place in named.items() if name in self.columns}
                first = number + 2  # below the headings
            elif mark.startswith("field:"):
                self._field(section, number, cells, mark.removeprefix("field:"))
        section.columns = tuple(places)
        self._tell_missing(section)
        return section

    def _field(self, section: Section, number: int, cells: Sequence[Cell | None], name: str) -> None:
        known = self.fields.get(name)
        if known is not None and name not in section.fields:
            place = 2 + LABEL_SPAN if self.sheet.columns else 3
            section.fields[name] = self._found(known, f"field:{name}", number, place, cells)

    def _row(
        self, section: Section, number: int, cells: Sequence[Cell | None], places: dict[str, int], mark: str
    ) -> None:
        filled = {
            name
            for name, place in places.items()
            if place <= len(cells) and (cell := cells[place - 1]) is not None and cell.text.strip()
        }
        if self.sheet.section == "partners":
            filled.discard("number")  # stands there already
        if not filled:
            return
        if len(section.rows) == MOST_ROWS:
            too_many = Sentence(TOO_MANY, limit=MOST_ROWS)
            if not any(problem.expected == too_many for problem in self.problems[-1:]):
                self.problems.append(Problem(f"{self.page.name}!A{number}", self.sheet.section, "", "", too_many))
            return
        found = {name: self._found(self.columns[name], name, number, place, cells) for name, place in places.items()}
        section.rows.append(Row(mark, found))

    def _found(self, known: Field, key: str, number: int, place: int, cells: Sequence[Cell | None]) -> Found:
        where = f"{self.page.name}!{column_letters(place)}{number}"
        cell = cells[place - 1] if place <= len(cells) else None
        if cell is None:
            return Found("", where)
        if cell.kind in ("formula", "error"):
            self.problems.append(Problem(where, self.sheet.section, key, cell.text, Sentence(NO_FORMULA)))
            return Found("", where, cell.text)
        text = text_of(known, cell)
        if text is None:
            self.problems.append(Problem(where, self.sheet.section, key, cell.text, Sentence(CHOOSE)))
        return Found(text or "", where, cell.text)

    def _tell_missing(self, section: Section) -> None:
        lost = [f"field:{name}" for name in self.fields if name not in section.fields]
        lost += [name for name in self.columns if name not in section.columns]
        self.problems.extend(Problem(self.page.name, self.sheet.section, key, "", Sentence(MISSING)) for key in lost)


def text_of(known: Field, cell: Cell) -> str | None:
    """The text of a cell as the field's form takes it; None where a choice is none of its list."""
    text = cell.text.strip() if known.kind not in ("text", "long") else cell.text
    if known.words:
        return _choice(known, cell, text) if text else ""
    if cell.kind == "number" and known.kind == "day" and FIRST_SERIAL <= float(text) < LAST_SERIAL:
        return (date(1899, 12, 30) + timedelta(days=int(float(text)))).isoformat()
    if known.kind == "hour":
        return _hour(cell, text)
    return text


def _choice(known: Field, cell: Cell, text: str) -> str | None:
    if known.words == "yes_no" and cell.kind == "bool":
        code: str | None = "yes" if cell.value else "no"
    else:
        code = words.code_of(known.words, text)
    if known.kind == "yes":
        return {"yes": "yes", "no": ""}.get(code or "")
    return code


def _hour(cell: Cell, text: str) -> str:
    """A time that lost its format is a part of a day."""
    if cell.kind == "number" and 0 <= float(text) < 1:
        minutes = round(float(text) * 24 * 60)
        return f"{minutes // 60:02d}:{minutes % 60:02d}"
    found = HOUR.match(text)
    return f"{found[1]}:{found[2]}" if found else text
