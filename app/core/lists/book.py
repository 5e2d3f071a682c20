"""A table as an Excel workbook: real days and instants, texts that stay texts, the head in sight, made on the disk."""

import tempfile
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from itertools import chain, islice
from typing import IO, Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

from app.core import clock
from app.core.exporting import neutral

IN_MEMORY = 4 * 1024 * 1024  # bytes of a file that stays off the disk
MEASURED = 200  # rows that say how wide the columns are
NARROWEST, WIDEST, LONGEST = 8, 60, 32_000
DAY, INSTANT = "yyyy-mm-dd", "yyyy-mm-dd hh:mm"


def write(title: str, header: Sequence[Any], rows: Iterable[Sequence[Any]]) -> IO[bytes]:
    """The workbook, open at its beginning; whoever reads it closes it."""
    book = Workbook(write_only=True)
    page = book.create_sheet(_sheet_name(title))
    reading = iter(rows)
    first = list(islice(reading, MEASURED))
    for number, width in enumerate(_widths(header, first), start=1):
        page.column_dimensions[get_column_letter(number)].width = width
    page.freeze_panes = "A2"
    page.append([_head(page, str(cell)) for cell in header])
    for row in chain(first, reading):
        page.append([_cell(page, value) for value in row])
    stream = tempfile.SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115 -- closed by whoever reads it
    book.save(stream)
    stream.seek(0)
    return stream


def pieces(stream: IO[bytes], size: int = 64 * 1024) -> Iterator[bytes]:
    """The file in pieces; it is gone after the last one."""
    with stream:
        while piece := stream.read(size):
            yield piece


def _sheet_name(title: str) -> str:
    return "".join(sign for sign in title if sign not in "[]:*?/\\'")[:31] or "1"


def _head(page: Any, text: str) -> Any:
    cell = WriteOnlyCell(page, _text(text))
    cell.font = Font(bold=True)
    return cell


def _cell(page: Any, value: Any) -> Any:
    if isinstance(value, datetime):
        return _dated(page, clock.in_tokyo(value).replace(tzinfo=None), INSTANT)
    if isinstance(value, date):
        return _dated(page, value, DAY)
    if value is None or isinstance(value, bool | int | float):
        return value
    return _text(str(value))


def _dated(page: Any, value: Any, pattern: str) -> Any:
    cell = WriteOnlyCell(page, value)
    cell.number_format = pattern
    return cell


def _text(value: str) -> Any:
    return neutral(ILLEGAL_CHARACTERS_RE.sub("", value))[:LONGEST]


def _widths(header: Sequence[Any], rows: Sequence[Sequence[Any]]) -> list[int]:
    widest = [_width(cell) for cell in header]
    for row in rows:
        for place, value in enumerate(row):
            widest[place] = max(widest[place], _width(value))
    return [min(max(width + 2, NARROWEST), WIDEST) for width in widest]


def _width(value: Any) -> int:
    """How wide a value stands: a sign beyond Latin takes two."""
    if isinstance(value, datetime):
        return 16
    longest = max(str("" if value is None else value).splitlines() or [""], key=len)
    return sum(2 if ord(sign) > 0x2E80 else 1 for sign in longest)
