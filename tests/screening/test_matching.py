"""Which listed bodies a name resembles: however it is spelt, and hardly ever by chance."""

import pytest

from app.screening.matching import Kind, NameIndex
from app.screening.names import parts, read
from tests.screening.made_list import WAYS, made_list, spellings

LIST = made_list()
SAMPLE = LIST[::40]  # all 835 bodies: `python -m tests.screening.figures`


@pytest.fixture(scope="module")
def index() -> NameIndex:
    return NameIndex((body.number, name) for body in LIST for name in (body.name, *body.aliases))


def test_the_list_is_made_as_large_as_the_real_one_and_names_nobody_twice() -> None:
    assert len(LIST) == 835
    assert len({body.name for body in LIST}) == 835
    assert len(WAYS) == 20


def test_every_name_and_alias_as_listed_is_found_exactly(index: NameIndex) -> None:
    for body in SAMPLE:
        for name in (body.name, *body.aliases):
            assert any(hit.body == body.number and hit.kind is Kind.EXACT for hit in index.find(name)), name


def test_twenty_spellings_of_a_listed_name_are_found(index: NameIndex) -> None:
    asked = [(body, way) for body in SAMPLE for way in spellings(body.name, body.number)]
    missed = [way for body, way in asked if body.number not in {hit.body for hit in index.find(way)}]
    assert len(missed) <= len(asked) // 100, missed


@pytest.mark.parametrize(
    "innocent",
    [
        "Kyoto University",
        "Universitas Gadjah Mada",
        "Institute of Technology",
        "National University of Science and Technology",
        "Research Institute",
        "東京大学",
        "Университет",
        "University",
        "B",
        "",
        "  ,  ( )",
    ],
)
def test_innocent_and_empty_names_are_not_flagged(index: NameIndex, innocent: str) -> None:
    assert index.find(innocent) == []


def test_an_abbreviation_counts_only_as_it_is_listed() -> None:
    index = NameIndex([(1, "Example Rocket Works"), (1, "ERW")])
    assert index.find("E.R.W.")[0].kind is Kind.EXACT
    assert index.find("ERX") == []


def test_a_name_in_its_own_script_is_found_in_that_script_and_in_latin_letters() -> None:
    index = NameIndex([(1, "Заречный институт")])
    assert index.find("заречный институт")[0].kind is Kind.EXACT
    assert index.find("Zarechnyy institut")[0].body == 1


def test_each_body_is_named_once_and_the_likest_first(index: NameIndex) -> None:
    hits = index.find(LIST[0].name + " / " + LIST[1].name)
    assert {LIST[0].number, LIST[1].number} <= {hit.body for hit in hits[:2]}
    assert len({hit.body for hit in hits}) == len(hits)


def test_how_a_name_is_read() -> None:
    assert read("The Univ. of Example & Co., Ltd.").words == ("university", "example", "company", "limited")
    assert read("Ｂ．Ｕ．Ａ．Ａ．").joined == "buaa"
    assert read("Natiomal Unversity").words == ("national", "university")


def test_a_name_is_read_in_its_parts_but_a_place_alone_is_none() -> None:
    assert parts("Dept. of Physics, Example University (Lahore)") == [
        "Dept. of Physics, Example University (Lahore)",
        "Dept. of Physics",
        "Dept. of Physics Example University",
        "Dept. of Physics Example University Lahore",
        "Example University",
        "Example University Lahore",
    ]
