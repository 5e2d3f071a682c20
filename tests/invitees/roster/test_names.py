"""Passport names from the ways in which lists write them."""

import pytest

from app.invitees.roster.names import from_one, from_two, order_of_column, without_title


@pytest.mark.parametrize(
    ("text", "surname", "given"),
    [
        ("LI　Na", "LI", "NA"),
        ("KIM Minjun", "KIM", "MINJUN"),
        ("Juan DELA CRUZ", "DELA CRUZ", "JUAN"),
        ("Smith, John", "SMITH", "JOHN"),
        ("Suhartini", "", "SUHARTINI"),
        ("Prof. Dr. Sri WIDODO", "WIDODO", "SRI"),
    ],
)
def test_single_cell_that_shows_its_surname_needs_no_order(text, surname, given):
    name = from_one(text, None)
    assert (name.surname, name.given_names, name.unsure, name.problem) == (surname, given, False, None)


def test_single_cell_is_cut_by_the_order_of_its_column():
    assert from_one("Kanokwan Srisai", "given_first").surname == "SRISAI"
    assert from_one("Kanokwan Srisai", "surname_first").surname == "KANOKWAN"
    assert from_one("NGUYEN THI HONG NHUNG", "surname_first", one_word_surnames=True).given_names == "THI HONG NHUNG"
    assert from_one("Ana Maria de la Cruz", "given_first").surname == "DE LA CRUZ"


def test_cut_that_is_only_likely_is_marked():
    assert from_one("Kanokwan Srisai", None).unsure
    assert from_one("GARCIA LOPEZ MARIA", "surname_first").unsure
    assert not from_one("Kanokwan Srisai", "given_first").unsure


@pytest.mark.parametrize(
    ("surname", "given"), [("-", "Wahyu"), ("", "Wahyu"), ("Wahyu", "-"), ("FNU", "Wahyu"), ("なし", "Wahyu")]
)
def test_person_with_one_name_has_no_surname(surname, given):
    name = from_two(surname, given)
    assert (name.surname, name.given_names) == ("", "WAHYU")


def test_short_names_that_look_like_none_stay():
    name = from_two("No", "Na")
    assert (name.surname, name.given_names, name.problem) == ("NO", "NA", None)


@pytest.mark.parametrize("surname", ['=HYPERLINK("http://example.com","x")', "李", "SMITH2", "DOE;", "<b>", "A" * 200])
def test_name_that_no_passport_prints_is_kept_as_typed(surname):
    name = from_two(surname, "EVE")
    assert (name.problem, name.surname) == ("characters", surname)


def test_marks_are_respelled_as_passports_do_and_said():
    name = from_two("Müller-Łukasz", "José Đặng O’Neill")
    assert (name.surname, name.given_names) == ("MUELLER-LUKASZ", "JOSE DANG O'NEILL")
    assert name.respelled
    assert not from_two("O’Brien", "Anne–Marie").respelled


def test_titles_are_taken_off_and_names_like_titles_stay():
    assert without_title("Mr. John Smith") == "John Smith"
    assert without_title("Anh Do") == "Anh Do"
    assert without_title("Ma Li") == "Ma Li"


def test_missing_name_is_said():
    assert from_two("", "").problem == "missing"
    assert from_one("-", None).problem == "missing"


@pytest.mark.parametrize(
    ("header", "texts", "nationalities", "order", "shown_by", "sure"),
    [
        ("Name-Surname", ["Kanokwan Srisai"], [], "given_first", "header", True),
        ("氏名（英字）", ["Li Na"], [], "surname_first", "header", True),
        ("Name", ["LI Na", "KIM Minjun"], [], "surname_first", "capitals", True),
        ("Name", ["Na LI", "Minjun KIM"], [], "given_first", "capitals", True),
        ("Passport name", ["NGUYEN THI NHUNG", "DO DUC ANH"], [], "surname_first", "vietnamese", True),
        ("Passport name", ["Li Na"], ["CN"], "surname_first", "nationality", True),
        ("Passport name", ["Asha Rai"], ["NP"], "given_first", "nothing", False),
    ],
)
def test_order_of_a_column_is_found_or_asked(header, texts, nationalities, order, shown_by, sure):
    found = order_of_column(header, texts, nationalities)
    assert (found.order, found.shown_by, found.is_sure) == (order, shown_by, sure)
