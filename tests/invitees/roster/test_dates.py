"""Dates as people write them: one day, two possible days, or none."""

from datetime import date

import pytest

from app.invitees.roster.dates import is_buddhist_header, order_of_column, order_of_header, read_date


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2003-05-14", date(2003, 5, 14)),
        ("2003-05-14 00:00:00", date(2003, 5, 14)),
        ("2032/07/01", date(2032, 7, 1)),
        ("２００１．６．１８", date(2001, 6, 18)),
        ("30/06/2030", date(2030, 6, 30)),
        ("12/25/2000", date(2000, 12, 25)),
        ("04/04/1999", date(1999, 4, 4)),
        ("20030514", date(2003, 5, 14)),
        ("14 May 2003", date(2003, 5, 14)),
        ("May 14th, 2003", date(2003, 5, 14)),
        ("29-Feb-2000", date(2000, 2, 29)),
        ("14 de mayo de 2003", date(2003, 5, 14)),
        ("12 Desember 2003", date(2003, 12, 12)),
        ("ngày 14 tháng 2 năm 2002", date(2002, 2, 14)),
        ("平成13年6月18日", date(2001, 6, 18)),
        ("平成１３年６月１８日", date(2001, 6, 18)),
        ("令和元年5月1日", date(2019, 5, 1)),
        ("昭和64年1月7日", date(1989, 1, 7)),
        ("H13.6.18", date(2001, 6, 18)),
        ("2002年10月5日", date(2002, 10, 5)),
        ("2002년 10월 5일", date(2002, 10, 5)),
        ("22/3/2548", date(2005, 3, 22)),
        ("12 มีนาคม 2548", date(2005, 3, 12)),
        ("29/2/2543", date(2000, 2, 29)),
        ("Yogyakarta, 21/12/2003", date(2003, 12, 21)),
    ],
)
def test_date_is_read(text, day):
    assert read_date(text).value == day


@pytest.mark.parametrize("text", ["01/02/2000", "Yogyakarta, 09/01/2004", "03.04.1999", "1-2-2548"])
def test_date_that_can_be_two_days_is_not_chosen(text):
    reading = read_date(text)
    assert reading.value is None and reading.either is not None and reading.either[0] != reading.either[1]


def test_order_of_the_column_decides_between_two_days():
    assert read_date("01/02/2000", order="dmy").value == date(2000, 2, 1)
    assert read_date("01/02/2000", order="mdy").value == date(2000, 1, 2)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("2001-13-40", "impossible"),
        ("1999/2/29", "impossible"),
        ("31/31/2000", "impossible"),
        ("平成50年1月1日", "impossible"),
        ("0001-01-01", "impossible"),
        ("1/2/03", "short_year"),
        ("37755", "unreadable"),
        ("spring 2003", "unreadable"),
        ("2005.3.22 (17)", "unreadable"),
        ("", "unreadable"),
    ],
)
def test_text_that_is_no_day_says_why(text, problem):
    assert read_date(text).problem == problem


def test_common_era_years_in_a_buddhist_column_stay_as_they_are():
    assert read_date("22/3/2005", buddhist=True).value == date(2005, 3, 22)
    assert read_date("22/3/2548", buddhist=True).value == date(2005, 3, 22)


def test_header_announces_order_and_calendar():
    assert order_of_header("Tempat, Tanggal Lahir\nDate of birth (DD/MM/YYYY)") == "dmy"
    assert order_of_header("Birthday (mm-dd-yyyy)") == "mdy"
    assert order_of_header("Date of birth") is None
    assert is_buddhist_header("Birth (พ.ศ.)") and not is_buddhist_header("Birth")


def test_column_proves_its_order_only_when_all_agree():
    assert order_of_column("Born", ["01/02/2000", "25/12/2001"]) == "dmy"
    assert order_of_column("Born", ["01/02/2000", "12/25/2001"]) == "mdy"
    assert order_of_column("Born", ["01/02/2000", "2001-12-25"]) is None
    assert order_of_column("Born", ["25/12/2001", "12/25/2001"]) is None
    assert order_of_column("Born (MM/DD/YYYY)", ["25/12/2001", "01/02/2000"]) is None
