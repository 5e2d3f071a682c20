"""Which rows of a sheet are people: not empty rows, repeated headers, headings, footnotes and signatures."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from app.core.tabular import Cell, Sheet, Workbook, column_letters
from app.invitees.roster.columns import Row, header_texts
from app.invitees.roster.draft import SheetMapping
from app.invitees.roster.words import means_none

NAMES = ("surname", "given_names", "full_name", "native_name")
#: Alone they do not make a row a person.
BYE_FIELDS = frozenset({"number", "unused", "notes"})


@dataclass(frozen=True)
class RawRow:
    """A row that is a person: its filled cells by field, and the references of all mapped columns."""

    key: str
    sheet: int
    number: int
    cells: Mapping[str, Cell]
    refs: Mapping[str, str]
    row_ref: str

    def text(self, name: str) -> str:
        """The text of a field's cell, "" where it is empty."""
        return self.cells[name].text if name in self.cells else ""

    def ref(self, name: str) -> str:
        """The reference of a field's cell, empty or not; that of the row where no column holds the field."""
        return self.refs.get(name, self.row_ref)


@dataclass
class SheetRows:
    """The people of a sheet, what stands around them (text by cell reference), and the header text of each field."""

    people: list[RawRow] = field(default_factory=list)
    titles: list[str] = field(default_factory=list)
    aside: list[tuple[str, str]] = field(default_factory=list)
    headers: dict[str, str] = field(default_factory=dict)


def split_sheet(workbook: Workbook, place: int, mapping: SheetMapping, *, named: bool) -> SheetRows:
    """The rows of a sheet under a mapping; `named` puts the sheet's name before each cell reference."""
    sheet = workbook.sheets[place]
    top = max(mapping.header_rows, default=0)
    header = [sheet.rows[row - 1] for row in mapping.header_rows if 0 < row <= len(sheet.rows)]
    texts = [" ".join(parts) for parts in header_texts(header)]
    fields = {column: name for column, name in mapping.columns.items() if name}
    found = SheetRows(headers={name: texts[c - 1] if c <= len(texts) else "" for c, name in fields.items()})
    found.titles = [_text_of(row) for row in sheet.rows[: min(mapping.header_rows, default=1) - 1] if _text_of(row)]
    repeated = {part.casefold() for parts in header_texts(header) for part in parts}
    for number in range(top + 1, len(sheet.rows) + 1):
        row = sheet.rows[number - 1]
        if not _text_of(row) or _is_header_again(row, repeated):
            continue
        raw = _raw_row(workbook, sheet, place, number, fields, named)
        if _is_person(raw):
            found.people.append(raw)
        else:
            found.aside.append((raw.row_ref, _text_of(row)))
    return found


def _raw_row(
    workbook: Workbook, sheet: Sheet, place: int, number: int, fields: Mapping[int, str], named: bool
) -> RawRow:
    row = sheet.rows[number - 1]
    prefix = f"{sheet.name}!" if named else ""
    cells: dict[str, Cell] = {}
    refs: dict[str, str] = {}
    for column, name in fields.items():
        is_text = workbook.kind == "text"
        refs.setdefault(name, prefix + (f"{number}:{column}" if is_text else f"{column_letters(column)}{number}"))
        cell = row[column - 1] if column <= len(row) else None
        if cell is not None and cell.text.strip():
            cells.setdefault(name, cell)
    return RawRow(f"{place}:{number}", place, number, cells, refs, f"{prefix}{number}:")


def _text_of(row: Row) -> str:
    return " ".join(dict.fromkeys(cell.text.strip() for cell in row if cell is not None and cell.text.strip()))


def _is_header_again(row: Row, header: set[str]) -> bool:
    filled = {cell.text.strip().casefold() for cell in row if cell is not None and cell.text.strip()}
    return len(filled & header) >= 2 and len(filled & header) * 2 > len(filled)


def _is_person(raw: RawRow) -> bool:
    telling = {name: cell for name, cell in raw.cells.items() if name not in BYE_FIELDS}
    # A text merged over the columns (a heading, a footnote) counts once.
    merged = {cell.text for cell in telling.values() if cell.merged}
    filled = sum(not cell.merged for cell in telling.values()) + (1 if merged else 0)
    is_named = any(name in telling and not means_none(telling[name].text) for name in NAMES)
    if is_named and filled == 1 and "number" in raw.cells:
        return raw.text("number").strip(" .)").isdecimal() and not merged
    return filled >= 3 or (is_named and filled >= 2)
