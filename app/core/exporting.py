"""Lists as CSV: streamed, readable in Excel (UTF-8 with BOM), and never a formula."""

import csv
import io
import re
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, islice
from typing import IO, Any
from urllib.parse import quote

from flask import Response, request, stream_with_context
from sqlalchemy.orm import Session

from app.core.db import db
from app.core.transaction import SAFE_METHODS

BOM = "\ufeff"
ROWS_A_CHUNK = 1000
MOST_IN_MEMORY = 16 * 1024 * 1024  # bytes of a file that waits for its request's commit
SIGNS_A_PIECE = 64 * 1024
# What a spreadsheet may take for a formula once blanks before it are dropped, also in full width.
DANGEROUS = re.compile(r"^[\s\u3000\u00a0\ufeff]*[=+\-@\uff1d\uff0b\uff0d\uff20|]|^[\t\r\n]")
NUMBER = re.compile(r"^-\d+(?:[.,]\d+)*$")
# Nearly every cell begins with a letter or digit: one look at the first sign settles it.
SUSPECT = frozenset("=+-@|\uff1d\uff0b\uff0d\uff20\ufeff" + "".join(chr(n) for n in range(0x3001) if chr(n).isspace()))


def neutral(value: Any) -> Any:
    """A cell that no spreadsheet takes for a formula: texts that look like one get an apostrophe in front.

    Numbers stay numbers, plain negative ones too.
    """
    if isinstance(value, str):
        return "'" + value if DANGEROUS.match(value) and not NUMBER.match(value) else value
    return "" if value is None else value


def csv_chunks(header: Sequence[Any], rows: Iterable[Sequence[Any]]) -> Iterator[str]:
    """The text of a CSV file in pieces of about a thousand rows; BOM first, CRLF at line ends (RFC 4180)."""
    buffer = io.StringIO(newline="")
    buffer.write(BOM)
    writer = csv.writer(buffer)
    writer.writerow([neutral(str(cell)) for cell in header])
    for count, row in enumerate(rows, start=1):
        writer.writerow(_cells(row))
        if count % ROWS_A_CHUNK == 0:
            yield buffer.getvalue()
            buffer.seek(0)
            buffer.truncate()
    yield buffer.getvalue()


def _cells(row: Sequence[Any]) -> Sequence[Any]:
    """The row itself when nothing in it is suspect: that is nearly always, and saves a list per row."""
    for cell in row:
        if cell.__class__ is str and cell and cell[0] in SUSPECT:
            return [neutral(cell) for cell in row]
    return row


def _chunks(header: Sequence[Any], rows: Iterable[Sequence[Any]]) -> Iterable[str]:
    """The file as it goes out: while it is read, or whole where the request writes too (a commit ends the cursor).

    A whole file waits on the disk once it is large, so that memory stays bounded whatever its length.
    """
    if request.method not in SAFE_METHODS:
        return _written(csv_chunks(header, rows))
    cursor = iter(rows)
    first = list(islice(cursor, 1))  # the query runs here, while the request is still there
    return stream_with_context(_closing(db.hand_over(), csv_chunks(header, chain(first, cursor))))


def _written(chunks: Iterator[str]) -> Iterator[str]:
    """The chunks, all made by now, from a file of their own that nobody else can open."""
    waiting = tempfile.SpooledTemporaryFile(  # noqa: SIM115 -- closed when the last chunk has gone out
        MOST_IN_MEMORY, mode="w+", encoding="utf-8", newline=""
    )
    for chunk in chunks:
        waiting.write(chunk)
    waiting.seek(0)
    return _read_out(waiting)


def _read_out(waiting: IO[str]) -> Iterator[str]:
    with waiting:
        while piece := waiting.read(SIGNS_A_PIECE):
            yield piece


def _closing(session: Session, chunks: Iterator[str]) -> Iterator[str]:
    """The chunks, and the end of the session they are read through: the request's own end comes too early for that."""
    try:
        yield from chunks
    finally:
        session.close()


def stream_csv(filename: str, header: Sequence[Any], rows: Iterable[Sequence[Any]]) -> Response:
    """A CSV download that is sent while it is made. `rows` may be a database cursor: it is read as the file goes."""
    response = Response(_chunks(header, rows), content_type="text/csv; charset=utf-8")
    ascii_name = re.sub(r"[^A-Za-z0-9._-]", "_", filename)
    response.headers["Content-Disposition"] = (
        f"attachment; filename=\"{ascii_name}\"; filename*=UTF-8''{quote(filename)}"
    )
    response.headers["Cache-Control"] = "no-store, private"
    return response


__all__ = ["csv_chunks", "neutral", "stream_csv"]
