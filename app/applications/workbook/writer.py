"""A plan becomes a workbook: a sheet for each section, lists to choose from, labels that cannot be overwritten."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from io import BytesIO
from typing import Any

from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.comments import Comment
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from app.applications.workbook import styling, words
from app.applications.workbook.layout import (
    COLUMNS_MARK,
    FIRST_ROW,
    FORMAT,
    LISTS_SHEET,
    META_SHEET,
    SHEETS,
    VERSION,
    Field,
    Sheet,
)
from app.applications.workbook.plain import Plain
from app.applications.workbook.styling import LABEL_SPAN, Styles

MOST_PARTNERS = 30  # numbers offered for choosing a partner
UNDERSCORE = re.compile("_(?=x[0-9A-Fa-f]{4}[_\ufffe\uffff])")  # would look like an escaped sign
NO_SIGN = re.compile("[\ufffe\uffff]")


@dataclass(frozen=True, slots=True)
class About:
    """Which plan a workbook is of, in which version of it; `known` stands above the overview, for orientation."""

    plan: str
    plan_version: int
    reference: str = ""
    known: Sequence[tuple[str, str]] = ()
    with_contacts: bool = True


def write(plain: Plain, about: About, *, version: int = VERSION, spare: int | None = None) -> bytes:
    """The bytes of the workbook. Without `about.with_contacts` it has no place for e-mail addresses and telephones.

    `version`: the format's, an earlier one only to try how it is read. `spare`: empty rows instead of those planned.
    """
    book = Workbook()
    book.remove(book.worksheets[0])
    styles = Styles(book)
    for sheet in SHEETS:
        _Writer(book, sheet, styles, about, version, spare).write(plain[sheet.section])
    _write_lists(book)
    _write_meta(book, about, version)
    book.security.lockStructure = True
    stream = BytesIO()
    book.save(stream)
    return stream.getvalue()


def _write_lists(book: Workbook) -> None:
    lists = book.create_sheet(LISTS_SHEET)
    for column, name in enumerate(words.LISTS, 1):
        for row, text in enumerate(words.choices(name).values(), 1):
            lists.cell(row, column).value = text
    for number in range(1, MOST_PARTNERS + 1):
        lists.cell(number, len(words.LISTS) + 1).value = number
    lists.sheet_state = "hidden"


def _write_meta(book: Workbook, about: About, version: int) -> None:
    meta = book.create_sheet(META_SHEET)
    said: dict[str, Any] = {
        "format": FORMAT,
        "version": version,
        "plan": about.plan,
        "plan_version": about.plan_version,
        "contacts": "yes" if about.with_contacts else "no",
        **{f"sheet:{sheet.section}": words.title(sheet.section) for sheet in SHEETS},
    }
    for row, (name, value) in enumerate(said.items(), 1):
        put(meta.cell(row, 1), name)
        put(meta.cell(row, 2), value)
    meta.sheet_state = "hidden"


def put(cell: Any, value: Any) -> None:
    """Fill a cell. A text stays a text, also one that begins with “=”; what XML cannot hold is escaped or left out."""
    if isinstance(value, str):
        text = UNDERSCORE.sub("_x005F_", ILLEGAL_CHARACTERS_RE.sub("", value))
        text = NO_SIGN.sub(lambda found: f"_x{ord(found[0]):04X}_", text)
        if text:
            cell.value = text
            cell.data_type = "s"  # never a formula, never an error
    elif value is not None:
        cell.value = value


class _Writer:
    """Writes one sheet."""

    def __init__(
        self, book: Workbook, sheet: Sheet, styles: Styles, about: About, version: int, spare: int | None
    ) -> None:
        self.sheet, self.styles, self.about = sheet, styles, about
        self.page: Worksheet = book.create_sheet(words.title(sheet.section))
        self.labels = words.labels(sheet.section)
        self.fields = sheet.fields_of(version, with_contacts=about.with_contacts)
        self.columns = sheet.columns_of(version, with_contacts=about.with_contacts)
        self.spare = sheet.spare if spare is None else spare
        self.checks: dict[str, DataValidation] = {}
        self.row = FIRST_ROW

    def write(self, section: Mapping[str, Any]) -> None:
        """Title, what is known, single fields, table; then everything about paper and protection."""
        self._title()
        if self.sheet.section == "overview":
            self._known()
        for field in self.fields:
            self._field(field, section["fields"].get(field.name))
        head = None
        if self.columns:
            head = self._head()
            self._table(section["rows"])
        for check in self.checks.values():
            self.page.add_data_validation(check)
        styling.set_up(self.page, self.sheet, self.columns, head, self.about.reference)

    def _title(self) -> None:
        self._put(1, 2, words.both(self.sheet.title, " / "), "title")
        self._put(2, 2, words.both(styling.INTRODUCTION, " / "), "hint")

    def _known(self) -> None:
        for label, value in self.about.known:
            self._put(self.row, 2, label, "label")
            self._put(self.row, 3, value, "known")
            self.row += 1
        self.row += 1

    def _put(self, row: int, column: int, value: Any, style: str) -> Any:
        cell = self.page.cell(row, column)
        put(cell, value)
        self.styles.apply(cell, style)
        return cell

    def _label(self, row: int, column: int, key: str) -> None:
        label, hint = self.labels[key]
        cell = self._put(row, column, label, "label")
        if hint:
            note = Comment(hint, "")
            note.width, note.height = 320, 110
            cell.comment = note

    def _field(self, field: Field, value: Any) -> None:
        """A single field: its name in the hidden first column, its label, its value."""
        place = 2 + LABEL_SPAN if self.columns else 3
        self._put(self.row, 1, f"field:{field.name}", "key")
        self._label(self.row, 2, f"field:{field.name}")
        if self.columns:
            self.page.merge_cells(start_row=self.row, end_row=self.row, start_column=2, end_column=1 + LABEL_SPAN)
        self._value(self.row, place, field, value, alone=True)
        label = self.labels[f"field:{field.name}"][0]
        width = sum(column.width for column in self.columns[:LABEL_SPAN]) if self.columns else styling.LABEL_WIDTH
        least = styling.height_of(label, width, least=150 if field.kind == "long" else 32)
        text = value if isinstance(value, str) else ""
        self.page.row_dimensions[self.row].height = styling.height_of(text, styling.VALUE_WIDTH, least=least)
        self.row += 1

    def _head(self) -> int:
        """The hidden row that names the columns, and the row people read."""
        self.row += 1
        self._put(self.row, 1, COLUMNS_MARK, "key")
        self.page.row_dimensions[self.row].hidden = True
        for place, column in enumerate(self.columns, 2):
            self._put(self.row, place, column.name, "key")
            self._label(self.row + 1, place, column.name)
        self.page.row_dimensions[self.row + 1].height = 48
        self.row += 2
        return self.row - 1

    def _table(self, rows: Sequence[Mapping[str, Any]]) -> None:
        for number in range(len(rows) + self.spare):
            row = rows[number] if number < len(rows) else {}
            self._put(self.row, 1, row.get("id", ""), "key")
            if row:
                shown = [
                    (str(self._shown(column, row.get(column.name)) or ""), column.width) for column in self.columns
                ]
                self.page.row_dimensions[self.row].height = max(styling.height_of(*cell) for cell in shown)
            for place, column in enumerate(self.columns, 2):
                if self.sheet.section == "partners" and column.name == "number":
                    self._put(self.row, place, number + 1, "known")
                else:
                    self._value(self.row, place, column, row.get(column.name))
            self.row += 1

    def _value(self, row: int, place: int, field: Field, value: Any, *, alone: bool = False) -> None:
        cell = self.page.cell(row, place)
        put(cell, self._shown(field, value))
        text = value if isinstance(value, str) else ""
        style = styling.STYLE_OF[field.kind] + ("_alone" if alone and field.kind == "integer" else "")
        self.styles.apply(cell, style + ("_quoted" if text[:1] in tuple("=+-@'") else ""))
        check = self._check(field)
        if check is not None:
            check.add(cell)

    def _shown(self, field: Field, value: Any) -> Any:
        if field.kind == "yes":
            return words.choices("yes_no")["yes" if value else "no"] if value is not None else None
        if field.words:
            return words.choices(field.words).get(value, value)
        if field.kind == "partner":
            return value or None
        return value

    def _check(self, field: Field) -> DataValidation | None:
        """What Excel itself holds a cell to; one check serves a whole column."""
        if field.name not in self.checks and (made := _check_of(field)) is not None:
            self.checks[field.name] = made
        return self.checks.get(field.name)


def _check_of(field: Field) -> DataValidation | None:
    if field.words or field.kind == "partner":
        place = words.LISTS.index(field.words) if field.words else len(words.LISTS)
        length = len(words.choices(field.words)) if field.words else MOST_PARTNERS
        letter = get_column_letter(place + 1)
        made = DataValidation("list", formula1=f"'{LISTS_SHEET}'!${letter}$1:${letter}${length}", allow_blank=True)
    elif field.kind in ("integer", "money"):
        made = DataValidation("whole", operator="between", formula1="0", formula2="100000000", allow_blank=True)
    elif field.kind == "day":
        made = DataValidation("date", operator="greaterThan", formula1=str(_serial(date(2000, 1, 1))), allow_blank=True)
    elif field.kind == "hour":
        made = DataValidation("time", operator="between", formula1="0", formula2="0.99999", allow_blank=True)
    else:
        return None
    made.showErrorMessage = True
    made.error = words.both(styling.WRONG_VALUE)
    return made


def _serial(day: date) -> int:
    return (day - date(1899, 12, 30)).days


__all__ = ["About", "put", "write"]
