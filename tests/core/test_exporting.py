"""No cell of an export is a formula, every value comes back, and fifty thousand rows take a moment."""

import csv
import io
import threading
import time
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

import pytest
from flask import Flask, Response
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from app.core import clock, exporting, transaction
from app.core.db import db
from app.core.exporting import csv_chunks, neutral, stream_csv
from app.core.limits import LimitCounter


def read(header: Sequence[Any], rows: Sequence[Sequence[Any]]) -> list[list[str]]:
    text = "".join(csv_chunks(header, rows))
    return list(csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline="")))


@pytest.mark.parametrize(
    "text",
    ["=1+1", "+81 90", "-cmd", "@SUM(A1)", "\tx", "\rx", "\nx", "  =1", "\u3000=1", "\u00a0=1", "|calc"]
    + ["\uff1d1", "\uff0b1", "\uff0dx", "\uff20x", "\ufeff=1", "\u2003=1", "-", "--1", "-1+1"],
)
def test_text_that_looks_like_a_formula_gets_an_apostrophe(text: str) -> None:
    assert neutral(text) == "'" + text
    assert read(["a"], [[text]])[1][0] == "'" + text


@pytest.mark.parametrize("value", ["Nguyễn", "京都大学", "", " x", "a=b", "-5", "-1,234.5", -5, 3, 1.5, "o'clock"])
def test_other_values_stay_as_they_are(value: Any) -> None:
    assert neutral(value) == value


def test_file_begins_with_a_mark_for_excel_and_ends_lines_as_the_standard_says() -> None:
    assert "".join(csv_chunks(["a", "b"], [(None, date(2025, 4, 1))])) == "\ufeffa,b\r\n,2025-04-01\r\n"


@given(st.lists(st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\0")), min_size=2, max_size=2))
def test_every_text_comes_back_but_for_the_apostrophe(row: list[str]) -> None:
    found = read(["a", "b"], [row])[1]
    assert [
        value.removeprefix("'") if value != before else value for value, before in zip(found, row, strict=True)
    ] == row


def test_rows_of_several_pieces_are_all_there_once() -> None:
    rows = [(number, "=x") for number in range(2501)]
    assert read(["n", "t"], rows)[1:] == [[str(number), "'=x"] for number in range(2501)]


def test_fifty_thousand_rows_take_a_moment() -> None:
    row = ("abc23def45gh67jk", "NGUYEN", "THI HONG", "Nguyễn Thị Hồng", "", "F", date(2000, 1, 2), "Viet Nam")
    row += ("Undergraduate", "Hanoi University of Science and Technology", 2025, "a@example.org")
    started = time.perf_counter()
    size = sum(len(piece) for piece in csv_chunks(["h"] * 12, (row for _ in range(50_000))))
    assert size > 5_000_000
    assert time.perf_counter() - started < 2  # measured 0.2 s alone on two cores; slack for a busy machine


def test_download_names_the_file_in_any_script(app: Flask) -> None:
    with app.test_request_context():
        response = stream_csv("機関 2025.csv", ["a"], [])
    assert response.headers["Content-Disposition"] == (
        "attachment; filename=\"___2025.csv\"; filename*=UTF-8''%E6%A9%9F%E9%96%A2%202025.csv"
    )
    assert response.content_type == "text/csv; charset=utf-8"


def test_export_is_read_to_its_end_after_the_request_has_ended(kernel: Flask) -> None:
    """The cursor outlives the request that opened it: PostgreSQL closes one with its transaction."""

    def numbers() -> Response:
        query = select(LimitCounter.id, LimitCounter.action).order_by(LimitCounter.id).execution_options(yield_per=10)
        return stream_csv("numbers.csv", ["id", "action"], db.session.connection().execute(query))

    with transaction.unit_of_work():
        now = clock.now()
        for number in range(500):
            db.session.add(LimitCounter(action="x", key_hash=str(number), tries=1, started_at=now, expires_at=now))
    kernel.add_url_rule("/numbers", view_func=numbers)
    bodies: list[bytes] = []
    # a thread of its own: no context of the test's is pushed there, so the request's own end comes as on a server
    reader = threading.Thread(target=lambda: bodies.append(kernel.test_client().get("/numbers").data))
    reader.start()
    reader.join()
    assert bodies[0].count(b"\r\n") == 501


def test_file_of_a_request_that_writes_is_made_whole_before_it_goes_out(
    kernel: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exporting, "MOST_IN_MEMORY", 1000)  # so that it waits on the disk
    monkeypatch.setattr(exporting, "SIGNS_A_PIECE", 100)
    read: list[int] = []

    def rows() -> Iterator[tuple[int, str]]:
        for number in range(3000):
            read.append(number)
            yield number, "ชื่อ, 名前"

    with kernel.test_request_context(method="POST"):
        response = exporting.stream_csv("people.csv", ["Number", "Name"], rows())
        assert len(read) == 3000
        table = list(csv.reader(io.StringIO(response.get_data(as_text=True).removeprefix("\ufeff"))))
    assert table[1:] == [[str(number), "ชื่อ, 名前"] for number in range(3000)]
