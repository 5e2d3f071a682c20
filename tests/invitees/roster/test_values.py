"""What one cell means, in the languages in which rosters come."""

import pytest

from app.invitees.roster import hints, values
from app.invitees.roster.words import VOCABULARY, fold, means_none


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("F", "F"),
        ("Male", "M"),
        ("女", "F"),
        ("男性", "M"),
        ("P", "F"),
        ("L", "M"),
        ("Nữ", "F"),
        ("Nam", "M"),
        ("หญิง", "F"),
        ("ชาย", "M"),
        ("여", "F"),
        ("Femme", "F"),
        ("Hombre", "M"),
        ("F / Female", "F"),
        ("X", "X"),
        ("Ｍ", "M"),
        ("?", None),
        ("M/F", None),
    ],
)
def test_sex_is_read(text, code):
    assert values.sex(text) == code


def test_spanish_column_of_h_and_m_reads_m_as_mujer():
    assert values.is_spanish_column(["H", "M", "M"]) and not values.is_spanish_column(["F", "M"])
    assert (values.sex("M", spanish=True), values.sex("H", spanish=True)) == ("F", "M")


@pytest.mark.parametrize(
    ("title", "code"),
    [
        ("น.ส.", "F"),
        ("นาย", "M"),
        ("Ms.", "F"),
        ("Mr", "M"),
        ("Mrs", "F"),
        ("Dr. (Ms)", "F"),
        ("Dr.", None),
        ("", None),
    ],
)
def test_title_tells_the_sex_or_nothing(title, code):
    assert values.sex_of_title(title) == code


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Student M.5", "high_school"),
        ("High school", "high_school"),
        ("高校2年", "high_school"),
        ("ม.5", "high_school"),
        ("高専4年", "technical_college"),
        ("S1", "undergraduate"),
        ("Sinh viên", "undergraduate"),
        ("学部3年", "undergraduate"),
        ("B4", "undergraduate"),
        ("3rd year undergraduate", "undergraduate"),
        ("Master's student", "master"),
        ("修士2年", "master"),
        ("Cao học", "master"),
        ("M1", "master"),
        ("博士前期課程1年", "master"),
        ("S3", "doctor"),
        ("PhD", "doctor"),
        ("Ph.D. candidate", "doctor"),
        ("博士後期課程", "doctor"),
        ("Sau tiến sĩ", "postdoc"),
        ("Postdoc", "postdoc"),
        ("Dosen", "faculty"),
        ("Professor", "faculty"),
        ("Associate Professor", "faculty"),
        ("Lecturer", "faculty"),
        ("准教授", "faculty"),
        ("Teacher", "teacher"),
        ("High school teacher", "teacher"),
        ("ครู", "teacher"),
        ("Civil servant", "public_official"),
        ("Researcher", "researcher"),
        ("その他", "other"),
        ("graduate student", None),
        ("students", None),
        ("", None),
    ],
)
def test_category_is_read(text, code):
    assert values.category(text) == code


@pytest.mark.parametrize("code", values.CATEGORIES)
def test_codes_typed_as_answers_mean_themselves(code):
    assert values.category(code) == code


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Invitee", "invitee"),
        ("引率者", "supervisor"),
        ("Supervisor", "supervisor"),
        ("Peserta", "invitee"),
        ("invitee / supervisor", None),
        ("?", None),
    ],
)
def test_role_is_read(text, code):
    assert values.role(text) == code


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("Y", True),
        ("Yes", True),
        ("はい", True),
        ("○", True),
        ("初めて", True),
        ("First time", True),
        ("N", False),
        ("No (2018)", False),
        ("×", False),
        ("2回目", False),
        ("perhaps", None),
    ],
)
def test_yes_and_no_are_read(text, meant):
    assert values.yes_no(text) is meant


@pytest.mark.parametrize(
    ("text", "meant"),
    [("No", False), ("なし", False), ("-", False), ("2018", True), ("2 times", True), ("Yes, 2019", True), ("?", None)],
)
def test_earlier_visits_are_read(text, meant):
    assert values.visited_before(text) is meant


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("mailto:ayu.putri@example.ac.id", "ayu.putri@example.ac.id"),
        (" <lina@Example.edu.cn>; ", "lina@example.edu.cn"),
        ("ｌｉｎａ@example.edu.cn", "lina@example.edu.cn"),
        ("aminata@example", None),
        ("x", None),
        ("a b@example.com", None),
    ],
)
def test_mail_address_is_read(text, address):
    assert values.email(text) == address


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("EJ３３４４５５６", "EJ3344556"),
        ("C7700912 ", "C7700912"),
        ("m 8765-4321", "M87654321"),
        ("PASSPORT", None),
        ("12", None),
        ("AB12345678901", None),
        ("A1234#67", None),
    ],
)
def test_passport_number_is_read(text, number):
    assert values.passport_number(text) == number


@pytest.mark.parametrize(
    ("text", "need"),
    [
        ("halal food", "halal"),
        ("Vegetarian meals", "Vegetarian"),
        ("no beef", "no beef"),
        ("nut allergy", "nut allergy"),
        ("None", ""),
        ("特になし", ""),
        ("-", ""),
        ("No", ""),
    ],
)
def test_needs_at_table_are_kept_as_typed(text, need):
    assert values.diet(text) == need


def test_names_keep_their_letters_and_readings_become_katakana():
    assert values.free_text("Nguye\u0302\u0303n\u00a0 Thị") == "Nguyễn Thị"
    assert values.free_text("㈱１２３") == "㈱１２３"
    assert values.katakana("ﾘ　ﾅ") == "リ ナ"
    assert values.katakana("り な") == "リ ナ"


def test_na_and_no_can_be_names_but_not_needs():
    assert not means_none("Na") and not means_none("No")
    assert means_none("n/a") and means_none("－") and means_none("no", needs=True)


def test_remarks_propose():
    assert hints.nationality_of_remarks(["*) all participants hold Indonesian passport"]) == "ID"
    assert hints.nationality_of_remarks(["Nepali and Indian passports"]) is None
    assert hints.nationality_of_remarks(["Indonesia team"]) is None
    assert hints.nationality_of_mails(["a@x.ac.th", "b@y.go.th"]) == "TH"
    assert hints.nationality_of_mails(["a@x.com", "b@y.io"]) is None
    note = "Supervisor, pernah ke Jepang 2018"
    assert (hints.role_of_notes(note), hints.first_visit_of_notes(note)) == ("supervisor", False)
    assert hints.first_visit_of_notes("belum pernah ke Jepang") is True
    assert hints.diet_of_notes("window seat, halal food; no pork") == "halal, no pork"


def test_vocabulary_is_consistent():
    """A word means one thing within its part, and none is lost when folded."""
    for part in ("fields", "sex", "titles", "yes_no", "role", "category"):
        seen: dict[str, str] = {}
        for meaning, words in VOCABULARY[part].items():
            for word in words:
                assert fold(word) or word in "-×✕○", (part, word)
                assert seen.setdefault(fold(word), meaning) == meaning, (part, word)
