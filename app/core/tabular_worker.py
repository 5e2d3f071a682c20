"""The child process of `app.core.tabular`: turns one uploaded file into plain cells, under hard limits.

Run as a script, never imported by the application: `python -I tabular_worker.py` with one JSON line of options and the
file on standard input, one JSON object on standard output. It holds no settings and no secrets, opens no socket and
writes no file; memory, processor time and file size are limited by the kernel before anything is unpacked.
"""

import contextlib
import csv
import io
import json
import re
import sys
import zipfile
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

import openpyxl
from openpyxl.cell.cell import MergedCell
from openpyxl.cell.text import Text
from openpyxl.reader import excel
from openpyxl.utils import get_column_letter
from openpyxl.xml.functions import iterparse

try:
    import resource
except ImportError:  # Windows: the parent's time limit is all there is
    resource = None  # type: ignore[assignment]

MEMORY_BYTES, CPU_SECONDS = 512 * 1024**2, 10
MAX_UNPACKED_BYTES = 100 * 1024**2
MAX_ENTRIES = 2_000
MAX_ROWS, MAX_COLUMNS = 2_000, 60
MAX_CELL_CHARACTERS = 5_000
MAX_SHEETS = 20
MAX_CELLS = 4 * MAX_ROWS * MAX_COLUMNS  # with empty formatted ones
# How a workbook writes signs that XML cannot hold, and an underscore that would look like such a sign.
ESCAPED = re.compile("_x(005[fF]_(?=x[0-9A-Fa-f]{4}_)|00[01][0-9A-Fa-f]_|[fF]{3}[eEfF]_)")
SPREADSHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml"


class Refusal(Exception):
    """The file cannot be read: a reason code of `app.core.tabular` and what its sentence names."""

    def __init__(self, code: str, **params: Any) -> None:
        super().__init__(code)
        self.code, self.params = code, params


def limit_resources() -> None:
    """Ask the kernel to stop this process before it can hurt the machine; refuse sockets and children."""
    if resource is not None:
        for name, value in (("AS", MEMORY_BYTES), ("CPU", CPU_SECONDS), ("FSIZE", 0), ("CORE", 0)):
            with contextlib.suppress(ValueError, OSError, AttributeError):
                resource.setrlimit(getattr(resource, f"RLIMIT_{name}"), (value, value))
    sys.addaudithook(_refuse_reaching_out)


def _refuse_reaching_out(event: str, _args: object) -> None:
    if event.startswith(("socket.", "subprocess.", "os.exec", "os.fork", "os.posix_spawn", "os.system")):
        raise PermissionError(event)


def check_archive(data: bytes) -> zipfile.ZipFile:
    """The archive, after its directory was judged: nothing has been unpacked yet."""
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError) as error:
        raise Refusal("broken") from error
    entries = archive.infolist()
    if len(entries) > MAX_ENTRIES:
        raise Refusal("too_many_entries", limit=MAX_ENTRIES)
    if sum(entry.file_size for entry in entries) > MAX_UNPACKED_BYTES:
        raise Refusal("unpacks_too_big", megabytes=MAX_UNPACKED_BYTES // 1024**2)
    for entry in entries:
        path = entry.filename.replace("\\", "/")
        is_link = (entry.external_attr >> 16) & 0o170000 == 0o120000
        if path.startswith("/") or ".." in path.split("/") or ":" in path or is_link:
            raise Refusal("unsafe")
        if entry.flag_bits & 0x1:
            raise Refusal("encrypted")
    if len({entry.filename for entry in entries}) != len(entries):
        raise Refusal("unsafe")
    return archive


def check_is_workbook(archive: zipfile.ZipFile) -> None:
    """Refuse archives that are something else, or workbooks of a kind that is not read."""
    names = set(archive.namelist())
    if "mimetype" in names and b"opendocument" in archive.read("mimetype")[:200]:
        raise Refusal("open_document")
    if "[Content_Types].xml" not in names or "xl/workbook.xml" not in names:
        raise Refusal("binary_workbook" if "xl/workbook.bin" in names else "not_a_table")
    types = archive.read("[Content_Types].xml")
    if "xl/vbaProject.bin" in names or b"macroEnabled" in types:
        raise Refusal("macros")
    if b"purl.oclc.org/ooxml" in archive.read("xl/workbook.xml"):
        raise Refusal("strict_workbook")
    if SPREADSHEET.encode() not in types:
        raise Refusal("not_a_table")


def read_workbook(data: bytes, *, with_hidden: bool = False) -> dict[str, Any]:
    """Visible sheets of an XLSX file as plain cells, and the names of the hidden ones; those too `with_hidden`."""
    archive = check_archive(data)
    check_is_workbook(archive)
    has_formulas = scan_sheets(archive)
    excel.read_string_table = shared_texts  # type: ignore[attr-defined]
    values = openpyxl.load_workbook(io.BytesIO(data), data_only=True, keep_links=False)
    formulas = openpyxl.load_workbook(io.BytesIO(data), keep_links=False) if has_formulas else None
    if len(values.worksheets) > MAX_SHEETS:
        raise Refusal("too_many_sheets", limit=MAX_SHEETS)
    read = [sheet for sheet in values.worksheets if with_hidden or sheet.sheet_state == "visible"]
    return {
        "kind": "workbook",
        "hidden_sheets": [sheet.title for sheet in values.worksheets if sheet.sheet_state != "visible"],
        "sheets": [read_sheet(sheet, formulas[sheet.title] if formulas else None) for sheet in read],
    }


def shared_texts(source: Any) -> list[str]:
    """The texts that cells share, as they stand: openpyxl itself takes away what protects an underscore."""
    texts = []
    for _event, node in iterparse(source):
        if node.tag.endswith("}si"):
            texts.append(Text.from_tree(node).content)  # type: ignore[union-attr]
            node.clear()
    return texts


def scan_sheets(archive: zipfile.ZipFile) -> bool:
    """Whether any sheet holds formulas; refuses sheets with more cells, even empty ones, than are worth parsing."""
    has_formulas = False
    for name in archive.namelist():
        if name.startswith("xl/worksheets/") and name.endswith(".xml"):
            sheet = archive.read(name)
            if sheet.count(b"<c ") > MAX_CELLS or sheet.count(b"<row") > MAX_CELLS:
                raise Refusal("too_complex")
            has_formulas = has_formulas or b"<f>" in sheet or b"<f " in sheet
    return has_formulas


def read_sheet(sheet: Any, formulas: Any) -> dict[str, Any]:
    """One sheet as `{name, rows}`; a merged area repeats its value in each of its cells."""
    cells: dict[tuple[int, int], dict[str, Any]] = {}
    for (row, column), cell in sheet._cells.items():
        formula = formulas.cell(row, column).value if formulas is not None else None
        if isinstance(cell, MergedCell) or (plain := plain_cell(cell, formula)) is None:
            continue
        check_place(sheet.title, row, column)
        if len(plain["value"]) > MAX_CELL_CHARACTERS:
            raise Refusal("cell_too_long", cell=cell.coordinate, limit=MAX_CELL_CHARACTERS)
        cells[row, column] = plain
    spread_merged(sheet, cells)
    mark_hidden(sheet, cells)
    return {"name": sheet.title, "rows": as_rows(cells)}


def check_place(sheet: str, row: int, column: int) -> None:
    """Refuse a filled cell outside the part that is read, naming it."""
    if row > MAX_ROWS or column > MAX_COLUMNS:
        cell = get_column_letter(column) + str(row)
        raise Refusal("too_large", sheet=sheet, cell=cell, rows=MAX_ROWS, columns=MAX_COLUMNS)


def plain_cell(cell: Any, formula: Any) -> dict[str, Any] | None:
    """`{kind, value}` of one cell, the value as text; None when it is empty."""
    is_formula = isinstance(formula, str) and formula.startswith("=") and formula != cell.value
    value = cell.value
    if value is None or value == "":
        return {"kind": "formula", "value": formula} if is_formula else None
    if isinstance(value, bool):
        return {"kind": "bool", "value": "TRUE" if value else "FALSE"}
    if isinstance(value, datetime | date):
        return {"kind": "date", "value": value.isoformat()[:10]}
    if isinstance(value, int | float):
        return {"kind": "number", "value": number_text(value, cell.number_format)}
    return {"kind": "error" if cell.data_type == "e" else "text", "value": clean(unescaped(str(value)))}


def number_text(value: int | float, number_format: str) -> str:
    """A number as the sheet shows it: no `.0`, no exponent, leading zeros of a `00000` format."""
    if isinstance(value, float) and not value.is_integer():
        return repr(value)
    text = str(int(value)) if abs(value) < 1e21 else repr(value)
    return text.zfill(len(number_format)) if re.fullmatch("0{2,20}", number_format or "") else text


def unescaped(text: str) -> str:
    """The text a workbook's escapes stand for: `_x000D_` a sign, `_x005F_x000D_` the seven letters themselves."""
    return ESCAPED.sub(lambda found: chr(int(found[1][:4], 16)), text).replace("\r", "")


def clean(text: str) -> str:
    """Text without control characters; line ends and tabs stay."""
    return re.sub("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]", "", text)


def spread_merged(sheet: Any, cells: dict[tuple[int, int], dict[str, Any]]) -> None:
    """Give each cell of a merged area the value of its first cell."""
    for area in sheet.merged_cells.ranges:
        first = cells.get((area.min_row, area.min_col))
        if first is None:
            continue
        for row in range(area.min_row, min(area.max_row, MAX_ROWS) + 1):
            for column in range(area.min_col, min(area.max_col, MAX_COLUMNS) + 1):
                cells.setdefault((row, column), {**first, "merged": True})


def mark_hidden(sheet: Any, cells: dict[tuple[int, int], dict[str, Any]]) -> None:
    """Mark cells that stand in a hidden row or column."""
    hidden_rows = {number for number, dimension in sheet.row_dimensions.items() if dimension.hidden}
    hidden_columns: set[int] = set()
    for dimension in sheet.column_dimensions.values():
        if dimension.hidden and dimension.min:
            hidden_columns.update(range(dimension.min, min(dimension.max or dimension.min, MAX_COLUMNS) + 1))
    for (row, column), cell in cells.items():
        if row in hidden_rows or column in hidden_columns:
            cell["hidden"] = True


def as_rows(cells: dict[tuple[int, int], dict[str, Any]]) -> list[list[dict[str, Any] | None]]:
    """Dense rows up to the last filled cell; None where a cell is empty."""
    height = max((row for row, _ in cells), default=0)
    width = max((column for _, column in cells), default=0)
    return [[cells.get((row, column)) for column in range(1, width + 1)] for row in range(1, height + 1)]


def read_text(text: str) -> dict[str, Any]:
    """A delimited text file as one sheet; the delimiter is the one that cuts the lines most evenly."""
    if re.match(r"\s*<(!doctype|html|table|\?xml)", text, re.IGNORECASE):
        raise Refusal("web_page")
    announced = re.match(r'"?sep=(.)"?\r?\n', text)
    body = text[announced.end() :] if announced else text
    delimiter = announced.group(1) if announced else sniff(body)
    shift = 1 if announced else 0
    cells: dict[tuple[int, int], dict[str, Any]] = {}
    csv.field_size_limit(2**31 - 1)
    reader = csv.reader(io.StringIO(body, newline=""), delimiter=delimiter, strict=True)
    for row, column, value in _fields(reader, shift):
        check_place("", row, column)
        if len(value) > MAX_CELL_CHARACTERS:
            raise Refusal("cell_too_long", cell=f"{row}:{column}", limit=MAX_CELL_CHARACTERS)
        cells[row, column] = {"kind": "text", "value": value}
    return {"kind": "text", "hidden_sheets": [], "sheets": [{"name": "", "rows": as_rows(cells)}]}


def _fields(reader: Any, shift: int) -> Iterator[tuple[int, int, str]]:
    try:
        for number, record in enumerate(reader, start=1 + shift):
            for column, field in enumerate(record, start=1):
                if value := clean(re.sub("_x000[dD]_", "", field)):
                    yield number, column, value
    except csv.Error as error:
        raise Refusal("broken_quotes", line=reader.line_num + shift) from error


def sniff(text: str) -> str:
    """Tab, comma, semicolon or bar: the one with the most fields per line that the first lines agree on."""
    lines = [line for line in text.splitlines()[:30] if line.strip()]
    best, best_score = ",", 0.0
    for delimiter in "\t,;|":
        try:
            widths = [len(record) for record in csv.reader(lines, delimiter=delimiter)]
        except csv.Error:
            continue
        if not widths or max(widths) < 2:
            continue
        common = max(set(widths), key=lambda width: (widths.count(width), width))
        score = widths.count(common) / len(widths) * (min(common, 30) - 1)
        if score > best_score:
            best, best_score = delimiter, score
    return best


def answer(options: dict[str, Any], data: bytes) -> dict[str, Any]:
    """The file as plain cells, or the refusal, both as JSON-able dictionaries."""
    try:
        if options["is_workbook"]:
            return {"workbook": read_workbook(data, with_hidden=options.get("with_hidden", False))}
        return {"workbook": read_text(data.decode("utf-8"))}
    except Refusal as refusal:
        return {"refused": refusal.code, "params": refusal.params}
    except MemoryError:
        return {"refused": "too_complex", "params": {}}
    except Exception:  # openpyxl raises whatever a broken file makes it raise: KeyError, ValueError, ParseError ...
        return {"refused": "broken", "params": {}}


def main() -> None:
    """Read standard input, write one JSON object."""
    limit_resources()
    options = json.loads(sys.stdin.buffer.readline())
    found = json.dumps(answer(options, sys.stdin.buffer.read()), ensure_ascii=False)
    sys.stdout.buffer.write(found.encode("utf-8", "replace"))


if __name__ == "__main__":
    main()
