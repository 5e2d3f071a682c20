"""A file of the list: what is read, and what is said of each cell that cannot be."""

from collections.abc import Iterator

import pytest
from flask import Flask
from flask_babel import force_locale

from app.core import tabular
from app.screening import reading
from app.screening.bodies import Body
from tests.factories.screening import HEAD, OPTICS, ROCKETS, workbook_of
from tests.screening.made_list import made_list


@pytest.fixture(autouse=True)
def in_english(app: Flask) -> Iterator[None]:
    with force_locale("en"):
        yield


def read(data: bytes, name: str = "list.xlsx") -> reading.Reading:
    return reading.read(tabular.read(data, name))


def csv(*rows: str) -> bytes:
    return "\n".join((",".join(HEAD), *rows)).encode()


def test_a_workbook_is_read_as_it_stands() -> None:
    found = read(workbook_of([ROCKETS, OPTICS]))
    assert found.problems == []
    assert found.bodies == [ROCKETS, OPTICS]


def test_the_made_up_list_of_835_bodies_is_read_whole() -> None:
    bodies = [Body(b.number, b.country, b.name, b.aliases, tuple(b.categories.split(","))) for b in made_list()]
    found = read(workbook_of(bodies))
    assert found.problems == []
    assert [body.names for body in found.bodies] == [body.names for body in bodies]


def test_the_japanese_list_is_known_by_its_head() -> None:
    head = ("No.", "国名、地域名", "企業名、組織名", "別名", "懸念区分")
    found = read(workbook_of([Body(1, "某国", "Example Works", (), ("生物", "通常兵器"))], head=head))
    assert found.problems == []
    assert found.bodies[0].categories == ("B", "CW")


def test_text_is_read_and_a_blank_country_is_that_of_the_line_above() -> None:
    found = read(csv('1,Islamia,Rocket Works,"RW\n・Works No. 5",M', "2,,Optical Works,,"), "list.csv")
    assert found.problems == []
    assert [body.country for body in found.bodies] == ["Islamia", "Islamia"]
    assert found.bodies[0].aliases == ("RW", "Works No. 5")


@pytest.mark.parametrize(
    ("rows", "cell", "word"),
    [
        (["x,Islamia,Rocket Works,,M"], "2:1", "whole number"),
        ([",Islamia,Rocket Works,,M"], "2:1", "whole number"),
        (["1,Islamia,Rocket Works,,M", "1,Islamia,Optical Works,,M"], "3:1", "2:1"),
        (["1,Islamia,,,M"], "2:3", "name of the company"),
        (["1,,Rocket Works,,M"], "2:2", "country or region"),
        (["1,Islamia,Rocket Works,,Z"], "2:5", "Z"),
        ([f"1,Islamia,{'x' * 501},,M"], "2:3", "500"),
    ],
)
def test_a_cell_that_cannot_be_read_is_named_with_what_to_do(rows: list[str], cell: str, word: str) -> None:
    found = read(csv(*rows), "list.csv")
    assert [problem.cell for problem in found.problems] == [cell]
    assert word in found.problems[0].sentence


def test_every_problem_of_a_file_is_said_at_once() -> None:
    found = read(csv("x,Islamia,,,Z", "2,,,,"), "list.csv")
    assert [problem.cell for problem in found.problems] == ["2:1", "2:3", "2:5", "3:3"]


def test_a_table_without_the_head_of_the_list_is_no_list() -> None:
    assert "Country or Region" in read(b"a,b\n1,2\n", "list.csv").problems[0].sentence
