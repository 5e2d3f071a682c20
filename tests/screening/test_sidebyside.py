"""What differs between two names is marked: words, or single signs where there are no blanks."""

from app.screening.sidebyside import pieces


def marked(name: str, other: str) -> list[str]:
    return [piece.text for piece in pieces(name, other) if not piece.is_same]


def test_case_punctuation_and_common_abbreviations_do_not_count() -> None:
    assert marked("The EXAMPLE Univ., of Optics", "Example University for Optics") == []


def test_a_word_spelt_otherwise_and_a_word_of_one_name_only_are_marked_differently() -> None:
    found = pieces("Precision Machinary Academy", "Precision Machinery Works")
    assert [(piece.text, piece.is_same, piece.is_near) for piece in found] == [
        ("Precision", True, False),
        ("Machinary", False, True),
        ("Academy", False, False),
    ]


def test_of_a_name_without_blanks_the_signs_that_differ_are_marked() -> None:
    assert marked("蘭江精密机械学院", "蘭江精密機械学院") == ["机"]
    assert "".join(piece.text for piece in pieces("蘭江精密机械学院", "蘭江精密機械学院")) == "蘭江精密机械学院"
