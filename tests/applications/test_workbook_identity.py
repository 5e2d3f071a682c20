"""A plan written into a workbook and read back says the same; so does one that a spreadsheet program saved its way."""

import io
import os
from datetime import date, datetime, time
from functools import lru_cache
from typing import Any

import openpyxl
import pytest
from flask import Flask

from app.applications.workbook import checking, plain, reader, writer
from app.applications.workbook.differences import differences
from app.applications.workbook.layout import META_SHEET
from app.applications.workbook.writer import About
from app.core import tabular, tabular_worker
from tests.applications.workbook_plans import Maker

PLANS = int(os.environ.get("WORKBOOK_PLANS", "120"))
ABOUT = About("plan-1", 4, "2026-0001", [("所属\nHost", "=Host")])


@pytest.fixture(autouse=True)
def request_at_hand(app: Flask) -> Any:
    """Forms and labels want a request."""
    with app.test_request_context():
        yield


def cells_of(data: bytes) -> tabular.Workbook:
    """What the child process would answer, without starting one."""
    return tabular._from_worker(tabular_worker.read_workbook(data, with_hidden=True), None)


def read(data: bytes, stored: plain.Plain) -> checking.Checked:
    return checking.check(reader.read(cells_of(data)), stored)


@lru_cache(maxsize=1)
def filled_in() -> bytes:
    """The workbook of a small plan."""
    return writer.write(small(), ABOUT)


def changed(data: bytes, *cells: tuple[int, str, int, Any]) -> tuple[bytes, list[str]]:
    """A workbook after somebody filled in cells (sheet, field or column, row of the table, value), and their names."""
    book = openpyxl.load_workbook(io.BytesIO(data))
    names = []
    for sheet, key, row, value in cells:
        cell = cell_of(book.worksheets[sheet], key, row)
        cell.value = value
        names.append(f"{book.worksheets[sheet].title}!{cell.coordinate}")
    return saved(book), names


def saved(book: Any) -> bytes:
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def cell_of(page: Any, key: str, row: int) -> Any:
    """Where a field (`field:name`) or, in a row counted from 1, a column stands."""
    for line in page.iter_rows():
        if line[0].value == key:
            return line[5 if page.title == "日程" else 2]
        if line[0].value == "columns" and key in (names := [cell.value for cell in line]):
            return page.cell(line[0].row + 1 + row, names.index(key) + 1)
    raise AssertionError(key)


def small() -> plain.Plain:
    """A plan with a row in every table."""
    maker = Maker(7)
    made = maker.plan(0)
    made["overview"]["fields"] |= {"theme_en": "Rivers", "principal_email": "a@example.org"}
    made["itinerary"] = {
        "fields": {"starts_on": date(2026, 7, 1), "ends_on": date(2026, 7, 7), "airport_distance_km": 60},
        "rows": [maker.item() | {"day": 1, "starts_at": time(9), "ends_at": None, "kind": "visit"}],
    }
    made["partners"]["rows"] = [maker.partner(1) | {"prior_notification": "CN-1", "contact_email": "b@example.org"}]
    made["people"]["rows"] = [maker.group(1)]
    made["budget"]["rows"] = [maker.cost()]
    return made


def test_generated_plans_come_back_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writer, "_write_lists", lambda book: None)  # the same in every workbook, and never read
    maker = Maker(20261125)
    for number in range(PLANS):
        plan = maker.plan(30 if number % 60 == 59 else 3)
        checked = read(writer.write(plan, ABOUT, spare=0), plan)
        assert (checked.problems, differences(plan, checked.plain)) == ([], {}), number
        assert checked.plain["itinerary"] == plan["itinerary"]
        assert checked.plain["overview"] == plan["overview"]


def test_a_plan_of_two_hundred_rows_comes_back_the_same() -> None:
    maker = Maker(3)
    plan = small()
    plan["itinerary"]["rows"] = plain.in_order([maker.item() for _number in range(200)])
    checked = read(writer.write(plan, ABOUT), plan)
    assert (checked.problems, differences(plan, checked.plain)) == ([], {})


def test_hours_of_the_whole_day_come_back_the_same() -> None:
    plan = small()
    hours = [time(minute // 60, minute % 60) for minute in range(0, 1440, 11)] + [time(23, 59)]
    empty = {"ends_at": None, "kind": "visit", "title": "", "venue": "", "leader": ""}
    plan["itinerary"]["rows"] = [{"day": 1, "starts_at": hour, **empty} for hour in hours]
    reading = reader.read(cells_of(writer.write(plan, ABOUT, spare=0)))
    texts = [row.cells["starts_at"].text for row in reading.sections["itinerary"].rows]
    assert texts == [f"{hour:%H:%M}" for hour in hours]


def test_no_cell_holds_a_formula() -> None:
    plan = Maker(5).plan(20)
    for sheet in openpyxl.load_workbook(io.BytesIO(writer.write(plan, ABOUT))).worksheets:
        assert [cell.coordinate for row in sheet.iter_rows() for cell in row if cell.data_type == "f"] == []


@pytest.mark.parametrize(
    ("sheet", "key", "value", "expected"),
    [
        (2, "field:starts_on", "2026/7/2", date(2026, 7, 2)),
        (2, "field:starts_on", "２０２６年７月２日", date(2026, 7, 2)),
        (2, "field:starts_on", datetime(2026, 7, 2, 12), date(2026, 7, 2)),
        (2, "field:starts_on", 46205, date(2026, 7, 2)),
        (2, "starts_at", "9:30", time(9, 30)),
        (2, "starts_at", time(9, 30), time(9, 30)),
        (2, "starts_at", 0.395833333333333, time(9, 30)),
        (2, "day", "３", 3),
        (2, "day", 3.0, 3),
        (2, "kind", "Special lecture", "special_lecture"),
        (2, "kind", "特別講義", "special_lecture"),
        (0, "field:administrative_phone", 751234, "751234"),
        (1, "country", "NEPAL", "NP"),
        (3, "first_visit", False, "no"),
        (3, "first_visit", "yes", "yes"),
        (4, "unit_price", "12,000円", 12000),
        (5, "field:pledge", "いいえ", False),
    ],
)
def test_a_value_is_understood_however_it_is_stored(sheet: int, key: str, value: Any, expected: Any) -> None:
    data, _names = changed(filled_in(), (sheet, key, 1, value))
    plan = small()
    checked = read(data, plan)
    assert checked.problems == []
    section = list(plan)[sheet]
    name = key.removeprefix("field:")
    got = checked.plain[section]["fields"][name] if key != name else checked.plain[section]["rows"][0][name]
    assert got == expected


@pytest.mark.parametrize(
    ("sheet", "key", "value", "expected"),
    [
        (2, "field:starts_on", "tomorrow", "Enter a real date"),
        (2, "starts_at", "25:00", "Enter a time"),
        (2, "kind", "Party", "Choose one from the list."),
        (2, "day", 3.5, "Enter a whole number"),
        (2, "day", 400, "Enter the number of a day"),
        (0, "field:theme_en", "x" * 301, "300"),
        (0, "field:principal_email", "nobody", "email"),
        (3, "partner", 9, "Enter a number that stands in front"),
        (4, "quantity", "=1+1", "Enter a value instead of a formula."),
    ],
)
def test_an_error_names_its_cell_what_was_found_and_what_is_expected(
    app: Flask, sheet: int, key: str, value: Any, expected: str
) -> None:
    data, [name] = changed(filled_in(), (sheet, key, 1, value))
    with app.test_request_context(headers={"Accept-Language": "en"}):
        [problem] = read(data, small()).problems
        assert expected in str(problem.expected)
    assert (problem.cell, problem.found) == (name, str(value))


def test_a_row_begun_but_not_filled_is_told() -> None:
    data, [name] = changed(filled_in(), (1, "country", 3, "Nepal"))
    [problem] = read(data, small()).problems
    assert problem.cell == name


def test_a_workbook_of_version_1_leaves_what_it_does_not_know_as_it_is() -> None:
    plan = small()
    data = writer.write(plan, ABOUT, version=1)
    checked = read(data, plan)
    assert (checked.reading.meta.version, checked.problems) == (1, [])
    assert "prior_notification" not in checked.reading.sections["partners"].columns
    assert "airport_distance_km" not in checked.reading.sections["itinerary"].fields
    assert differences(plan, checked.plain) == {}
    newer = read(changed(data, (0, "field:theme_en", 0, "Lakes"))[0], plan)
    assert list(differences(plan, newer.plain)) == ["overview"]


def test_a_column_taken_out_of_the_present_version_is_told() -> None:
    plan = small()
    book = openpyxl.load_workbook(io.BytesIO(writer.write(plan, ABOUT, version=1)))
    book[META_SHEET]["B2"].value = 2
    assert [problem.key for problem in read(saved(book), plan).problems] == [
        "prior_notification",
        "field:airport_distance_km",
    ]


@pytest.mark.parametrize(("cell", "value"), [("B2", 99), ("B2", "two"), ("B1", "other")])
def test_an_unknown_version_or_format_is_refused(cell: str, value: Any) -> None:
    book = openpyxl.load_workbook(io.BytesIO(filled_in()))
    book[META_SHEET][cell].value = value
    with pytest.raises(reader.NotThisPlan):
        reader.read(cells_of(saved(book)))


def test_rows_put_in_between_are_told_as_new_and_the_others_stay() -> None:
    plan = small()
    read_plan = {**plan, "budget": {"fields": {}, "rows": [Maker(9).cost(), *plan["budget"]["rows"]]}}
    [line] = differences(plan, read_plan)["budget"]
    assert line.stored == "" and line.read


def test_people_follow_their_partner_when_another_one_is_taken_away() -> None:
    plan = small()
    plan["partners"]["rows"] = [Maker(1).partner(1), Maker(2).partner(2)]
    plan["people"]["rows"] = [Maker(1).group(1) | {"partner": 2}]
    emptied = [(1, key, 1, None) for key in plan["partners"]["rows"][0] if key not in ("id", "number")]
    checked = read(changed(writer.write(plan, ABOUT), *emptied)[0], plan)
    assert checked.problems == []
    assert list(differences(plan, checked.plain)) == ["partners"]
    assert checked.plain["people"]["rows"][0]["partner"] == 1
