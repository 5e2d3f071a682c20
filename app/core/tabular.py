"""Spreadsheets and delimited text as plain cells, read safely.

The file is judged by size, name and first bytes here; whatever must be unpacked or parsed is read by a child process
(`tabular_worker.py`) with limits on memory, processor time and wall time, an empty environment and no way to the
network. What cannot be read says why, in a sentence.
"""

import json
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path, PurePath
from typing import Any, Literal

from app.core.errors import DomainError
from app.core.sentences import N_, Sentence
from app.core.text_encoding import EncodingChoice, EncodingUnknown, decode

MAX_UPLOAD_BYTES = 5 * 1024**2
WALL_SECONDS = 20
WORKER = Path(__file__).with_name("tabular_worker.py")
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
TEXT_ENDINGS = frozenset({".csv", ".tsv", ".txt"})
ENDINGS = TEXT_ENDINGS | {".xlsx"}

CellKind = Literal["text", "number", "date", "bool", "formula", "error"]


REASONS: Mapping[str, str] = {
    "empty": N_("The file is empty."),
    "too_big": N_("The file is larger than %(megabytes)s MB. Remove pictures and sheets that are not the list."),
    "wrong_type": N_("This kind of file cannot be read. Save the list as an Excel workbook (.xlsx) or as CSV."),
    "old_workbook": N_(
        "This is a workbook of an old Excel version (.xls). Open it and save it as an Excel workbook (.xlsx)."
    ),
    "binary_workbook": N_("This is a binary workbook (.xlsb). Open it and save it as an Excel workbook (.xlsx)."),
    "open_document": N_("This is an OpenDocument spreadsheet (.ods). Save it as an Excel workbook (.xlsx)."),
    "strict_workbook": N_("This is a “Strict Open XML” workbook. Save it as an ordinary Excel workbook (.xlsx)."),
    "encrypted": N_("The file is protected by a password. Save it without a password."),
    "macros": N_("The workbook contains macros. Save it as an Excel workbook without macros (.xlsx)."),
    "name_and_content_differ": N_(
        "The name of the file ends in %(ending)s, but its content is of another kind. Save it again from its program."
    ),
    "not_a_table": N_("The file is not a spreadsheet. Save the list as an Excel workbook (.xlsx) or as CSV."),
    "web_page": N_("The file is a web page, not a table. Open it in Excel and save it as an Excel workbook (.xlsx)."),
    "broken": N_("The file is damaged and cannot be opened. Open it in its program and save it again."),
    "unsafe": N_("The file is built in a way that is not safe to open. Open it in its program and save it again."),
    "too_many_entries": N_("The file contains more than %(limit)s parts and cannot be a list of people."),
    "unpacks_too_big": N_("Unpacked, the file would be larger than %(megabytes)s MB."),
    "too_many_sheets": N_("The workbook has more than %(limit)s sheets. Keep only the list."),
    "too_large": N_("Only %(rows)s rows and %(columns)s columns are read, but cell %(cell)s is filled."),
    "too_complex": N_("The file takes too much to read. Copy the list alone into a new workbook and save that."),
    "cell_too_long": N_("Cell %(cell)s holds more than %(limit)s characters."),
    "broken_quotes": N_("A quotation mark near line %(line)s is not closed, so the columns cannot be told apart."),
    "encoding_unknown": N_("The letters of this file can be read in several ways. Choose the one that looks right."),
    "binary": N_("The file is not text that can be read. Save the list as an Excel workbook (.xlsx)."),
}


class FileRefused(DomainError):
    """The file cannot be read. `choices` is filled when the user can help by naming the encoding."""

    status = 422

    def __init__(self, reason_code: str, *, choices: tuple[EncodingChoice, ...] = (), **params: Any) -> None:
        self.reason_code = reason_code
        self.params = params
        self.choices = choices
        super().__init__(Sentence(REASONS[reason_code], **params))

    @property
    def sentence(self) -> Sentence:
        """What to tell the user, in the user's language."""
        sentence: Sentence = self.problems[0]
        return sentence


@dataclass(frozen=True, slots=True)
class Cell:
    """One filled cell. `ref` is `D5` in a workbook and `5:4` (row:column) in a text file."""

    value: str | int | float | bool | date
    kind: CellKind
    ref: str
    text: str
    hidden: bool = False
    merged: bool = False


@dataclass(frozen=True)
class Sheet:
    """A sheet: rows from the first on, each as wide as the widest; None where a cell is empty."""

    name: str
    rows: list[list[Cell | None]] = field(default_factory=list)


@dataclass(frozen=True)
class Workbook:
    """What was read: `kind` is `workbook` or `text`; `encoding` that of a text file."""

    kind: Literal["workbook", "text"]
    sheets: list[Sheet]
    hidden_sheets: tuple[str, ...] = ()
    encoding: str | None = None

    def to_json(self) -> dict[str, Any]:
        """A JSON-able form, to keep between two requests. It holds whatever the file holds: store it sealed."""
        return {
            "kind": self.kind,
            "encoding": self.encoding,
            "hidden_sheets": list(self.hidden_sheets),
            "sheets": [
                {"name": sheet.name, "rows": [[cell and _plain(cell) for cell in row] for row in sheet.rows]}
                for sheet in self.sheets
            ],
        }

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> "Workbook":
        """The workbook from its JSON form."""
        return _from_worker(dict(stored), stored["encoding"])


def _plain(cell: Cell) -> dict[str, Any]:
    marks = {name: True for name in ("hidden", "merged") if getattr(cell, name)}
    return {"kind": cell.kind, "value": cell.text, **marks}


def column_letters(column: int) -> str:
    """The letters of a column counted from 1: 1 → A, 27 → AA."""
    letters = ""
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def read(data: bytes, filename: str, *, encoding: str | None = None, with_hidden: bool = False) -> Workbook:
    """The cells of an uploaded file (XLSX, CSV, TSV, TXT; at most 5 MB, 2,000 rows, 60 columns).

    `encoding` is the user's answer when an earlier call was refused with `encoding_unknown`. `with_hidden`: hidden
    sheets of a workbook are read as well; their names stand in `hidden_sheets` either way.
    Raises FileRefused.
    """
    ending = judge(data, filename)
    if ending in TEXT_ENDINGS:
        try:
            text, encoding = decode(data, encoding)
        except EncodingUnknown as unknown:
            code = "encoding_unknown" if unknown.choices else "binary"
            raise FileRefused(code, choices=unknown.choices) from unknown
        return _from_worker(_run_worker(text.encode("utf-8", "replace"), is_workbook=False), encoding)
    return _from_worker(_run_worker(data, is_workbook=True, with_hidden=with_hidden), None)


def judge(data: bytes, filename: str) -> str:
    """The file's ending, if size, name and first bytes agree on a kind that is read. Raises FileRefused."""
    ending = PurePath(filename.replace("\\", "/").rstrip(". ")).suffix.lower()
    if not data.strip(b"\x00 \r\n\t"):
        raise FileRefused("empty")
    if len(data) > MAX_UPLOAD_BYTES:
        raise FileRefused("too_big", megabytes=MAX_UPLOAD_BYTES // 1024**2)
    if data.startswith(OLE):
        # Excel wraps a password-protected .xlsx into the container format of the old .xls.
        is_encrypted = "EncryptedPackage".encode("utf-16-le") in data
        raise FileRefused("encrypted" if is_encrypted else "old_workbook")
    if ending in (".xlsm", ".xltm"):
        raise FileRefused("macros")
    if ending == ".ods":
        raise FileRefused("open_document")
    if ending == ".xlsb":
        raise FileRefused("binary_workbook")
    if ending == ".xls":
        # Many programs name a web page or plain text .xls; Excel opens those, a reader must not pretend to.
        raise FileRefused("web_page" if b"<" in data[:200] else "name_and_content_differ", ending=ending)
    if ending not in ENDINGS:
        raise FileRefused("wrong_type")
    is_archive = data.startswith(b"PK")
    if is_archive != (ending == ".xlsx") or data.startswith((b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"MZ", b"GIF8")):
        raise FileRefused("name_and_content_differ", ending=ending)
    return ending


def _run_worker(data: bytes, *, is_workbook: bool, with_hidden: bool = False) -> dict[str, Any]:
    options = json.dumps({"is_workbook": is_workbook, "with_hidden": with_hidden}).encode()
    try:
        done = subprocess.run(
            [sys.executable, "-I", "-B", str(WORKER)],
            input=options + b"\n" + data,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=WALL_SECONDS,
            env={"OPENPYXL_LXML": "False", "OPENPYXL_DEFUSEDXML": "True"},
            check=False,
        )
    except subprocess.TimeoutExpired as expired:
        raise FileRefused("too_complex") from expired
    if done.returncode != 0 or not done.stdout:
        raise FileRefused("too_complex")
    answer: dict[str, Any] = json.loads(done.stdout)
    if "refused" in answer:
        raise FileRefused(answer["refused"], **answer["params"])
    workbook: dict[str, Any] = answer["workbook"]
    return workbook


def _from_worker(read_file: dict[str, Any], encoding: str | None) -> Workbook:
    kind = read_file["kind"]
    sheets = [
        Sheet(
            sheet["name"],
            [
                [_cell(plain, row, column, kind) if plain else None for column, plain in enumerate(cells, start=1)]
                for row, cells in enumerate(sheet["rows"], start=1)
            ],
        )
        for sheet in read_file["sheets"]
    ]
    return Workbook(kind, sheets, tuple(read_file["hidden_sheets"]), encoding)


def _cell(plain: dict[str, Any], row: int, column: int, kind: str) -> Cell:
    text: str = plain["value"]
    ref = f"{column_letters(column)}{row}" if kind == "workbook" else f"{row}:{column}"
    value: str | int | float | bool | date = text
    if plain["kind"] == "date":
        value = date.fromisoformat(text)
    elif plain["kind"] == "number":
        value = int(text) if text.lstrip("-").isdecimal() else float(text)
    elif plain["kind"] == "bool":
        value = text == "TRUE"
    return Cell(value, plain["kind"], ref, text, bool(plain.get("hidden")), bool(plain.get("merged")))
