"""Tables of every make: what is taken for header, people and remarks, what is asked, and what is never guessed."""

from datetime import date

import pytest
from flask import render_template_string
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.core.tabular import Workbook
from app.invitees.roster import columns, findings
from app.invitees.roster.draft import COLUMN_FIELDS, FIELDS, Answers, RosterMapping, RosterRules, SheetMapping
from app.invitees.roster.reader import accept, apply, read_roster
from app.invitees.roster.words import VOCABULARY
from tests.invitees.roster.tables import RULES, long_table, sheet, table

HEADER = ["Surname", "Given names", "Sex", "Date of birth", "Nationality", "Passport No", "Passport expiry", "Category"]
RAI = ["RAI", "ASHA", "F", "2003-05-14", "NP", "PA1111111", "2031-01-01", "Master"]
SHAH = ["SHAH", "RAVI", "M", "2002-05-14", "NP", "PA2222222", "2031-01-01", "Master"]


def codes(draft, severity=None):
    return [f.code for f in draft.all_findings() if severity in (None, f.severity)]


def surnames(draft):
    return [row.value("surname") for row in draft.people]


def test_repeated_headers_empty_rows_and_signatures_are_not_people():
    draft = read_roster(
        table(
            ["List of participants"],
            [],
            HEADER,
            RAI,
            [],
            HEADER,
            SHAH,
            ["* flights are booked"],
            ["", "", "", "", "", "", "", "Dean"],
        )
    )
    assert surnames(draft) == ["RAI", "SHAH"]
    assert [f.found for f in draft.findings if f.code == "row_left_aside"] == ["* flights are booked", "Dean"]


def test_people_of_several_sheets_are_read_with_the_sheet_in_the_cell(language):
    workbook = Workbook(
        "workbook",
        [
            sheet("Students", HEADER, RAI),
            sheet("Staff", HEADER, ["SHAH", "RAVI", "?", *SHAH[3:]]),
            sheet("Hotels", ["Sakura Inn"]),
        ],
    )
    draft = read_roster(workbook)
    assert surnames(draft) == ["RAI", "SHAH"]
    assert "sheet_without_people" in codes(draft)
    [finding] = [f for row in draft.rows for f in row.findings if f.code == "unreadable"]
    with language("en"):
        assert str(finding.sentence).startswith("Sheet “Staff”, Cell C2: found “?”")
    mapping = RosterMapping({1: SheetMapping((1,), draft.mapping.sheets[1].columns, skipped=True)})
    assert surnames(apply(draft, mapping=mapping)) == ["RAI"]


def test_table_without_header_is_read_once_the_columns_are_said():
    draft = read_roster(table(RAI, SHAH))
    assert codes(draft, "error") == ["no_header"] and not draft.is_ready
    said = RosterMapping({0: SheetMapping((), {1: "surname", 2: "given_names", 6: "passport_number"})})
    assert surnames(apply(draft, mapping=said)) == ["RAI", "SHAH"]


def test_japanese_headers_of_a_name_in_two_columns_are_found():
    draft = read_roster(
        table(["姓", "名", "性別", "生年月日", "国籍"], ["RAI", "ASHA", "女", date(2003, 5, 14), "ネパール"])
    )
    assert draft.rows[0].person()["date_of_birth"] == "2003-05-14"
    assert (surnames(draft), draft.rows[0].value("nationality"), draft.rows[0].value("sex")) == (["RAI"], "NP", "F")


def test_name_column_beside_a_surname_column_holds_given_names():
    draft = read_roster(table(["Surname", "Name", "Sex", "DOB"], ["RAI", "ASHA", "F", "2003-05-14"]))
    assert draft.rows[0].value("given_names") == "ASHA"


def test_name_column_in_another_script_is_the_native_name():
    draft = read_roster(table(["Name", "Passport name", "Sex", "DOB"], ["李娜", "LI Na", "F", "2003-05-14"]))
    assert (draft.rows[0].value("native_name"), draft.rows[0].value("surname")) == ("李娜", "LI")


def test_order_of_names_that_nothing_shows_must_be_answered():
    rows = [["Name", "Sex", "DOB"], ["Asha Rai", "F", "2003-05-14"]]
    draft = read_roster(table(*rows))
    [order] = [question for question in draft.questions if question.field == "name_order"]
    assert (order.required, order.proposed) == (True, "given_first")
    assert "unsure_name" in codes(draft, "warning")
    answered = apply(draft, answers=Answers({"name_order": "surname_first"}))
    assert (answered.rows[0].value("surname"), answered.rows[0].value("given_names")) == ("ASHA", "RAI")
    assert "unsure_name" not in codes(answered)


def test_native_spelling_of_a_marked_name_is_kept():
    draft = read_roster(table(["Full name", "Sex", "DOB"], ["Nguyễn Thị Nhung", "F", "2003-05-14"]))
    row = draft.rows[0]
    assert (row.value("surname"), row.value("given_names")) == ("NGUYEN", "THI NHUNG")
    assert row.value("native_name") == "Nguyễn Thị Nhung"
    assert "respelled_name" in codes(draft, "warning")


def test_blank_given_name_is_taken_as_one_name_with_a_warning():
    draft = read_roster(table(HEADER, ["RAI", "", *RAI[2:]]))
    assert (draft.rows[0].value("surname"), draft.rows[0].value("given_names")) == ("", "RAI")
    assert "one_name_only" in codes(draft, "warning")


def test_order_of_dates_is_taken_from_the_column_and_proposed_from_another():
    def born(*days):
        return read_roster(table(HEADER, *[[*RAI[:3], day, *RAI[4:6], "31/12/2030", RAI[7]] for day in days]))

    assert [row.value("date_of_birth") for row in born("25/12/2001", "01/02/2000").rows] == ["2001-12-25", "2000-02-01"]
    draft = born("01/02/2000")
    [order] = [question for question in draft.questions if question.field == "date_order"]
    assert (order.proposed, order.shown_by, order.required) == ("dmy", "column", True)
    assert "ambiguous_date" in codes(draft, "question")


def test_affiliation_of_the_plan_is_offered():
    draft = read_roster(table(HEADER, RAI), rules=RosterRules(affiliations=("Tribhuvan University",)))
    [question] = [question for question in draft.questions if question.field == "affiliation"]
    assert (question.proposed, question.options) == ("Tribhuvan University", ("Tribhuvan University",))
    two = read_roster(table(HEADER, RAI), rules=RosterRules(affiliations=("A", "B")))
    assert [question.proposed for question in two.questions if question.field == "affiliation"] == [None]


@pytest.mark.parametrize(
    ("category", "role"),
    [
        ("High school", "invitee"),
        ("Master", "invitee"),
        ("Postdoc", "invitee"),
        ("Teacher", "supervisor"),
        ("Professor", None),
    ],
)
def test_role_follows_from_the_category_only_where_the_guidelines_leave_no_choice(category, role):
    draft = read_roster(table(HEADER, [*RAI[:7], category]))
    assert draft.rows[0].value("role") == role


def test_professor_above_the_age_limit_is_proposed_as_supervisor():
    draft = read_roster(
        table(HEADER, [*RAI[:3], "1970-01-01", *RAI[4:7], "Professor"], SHAH[:7] + ["Lecturer"]), rules=RULES
    )
    [role] = [question for question in draft.questions if question.field == "role"]
    assert list(role.per_row.values()) == ["supervisor", "invitee"]


def test_limit_of_age_binds_invitees_on_the_day_of_entry_only():
    def said(born, role):
        rows = table([*HEADER, "Role"], [*RAI[:3], born, *RAI[4:], role])
        return codes(read_roster(rows, rules=RULES))

    assert "age_over_limit" not in said("1986-01-19", "Invitee")
    assert "age_over_limit" in said("1986-01-18", "Invitee")
    assert "age_over_limit" not in said("1960-01-18", "Supervisor")
    assert "guardian_consent" not in said("2009-01-18", "Invitee")
    assert "guardian_consent" in said("2009-01-19", "Invitee")


def test_passport_may_end_on_the_day_of_exit():
    def said(expiry):
        return codes(read_roster(table(HEADER, [*RAI[:6], expiry, RAI[7]]), rules=RULES))

    assert "passport_ends_before_stay" not in said("2027-01-24")
    assert "passport_ends_before_stay" in said("2027-01-23")


def test_persons_who_stand_twice_are_shown():
    again = [*RAI[:5], "PA9999999", *RAI[6:]]
    assert "same_person" in codes(read_roster(table(HEADER, RAI, again)), "warning")
    assert "same_passport" in codes(read_roster(table(HEADER, RAI, [*SHAH[:5], RAI[5], *SHAH[6:]])), "error")
    other_state = [*SHAH[:4], "IN", RAI[5], *SHAH[6:]]
    assert "same_passport" not in codes(read_roster(table(HEADER, RAI, other_state)))


def test_hidden_row_of_a_person_is_said():
    workbook = table(HEADER, RAI)
    hidden = [
        cell and type(cell)(cell.value, cell.kind, cell.ref, cell.text, True) for cell in workbook.sheets[0].rows[1]
    ]
    workbook.sheets[0].rows[1] = hidden
    assert "hidden_cells" in codes(read_roster(workbook), "warning")


def test_column_of_earlier_visits_is_turned_round():
    rows = table([*HEADER, "Visited Japan before"], [*RAI, "No"], [*SHAH, "2018"])
    assert [row.value("first_visit") for row in read_roster(rows).rows] == [True, False]


def test_first_visit_is_not_proposed_in_a_course_without_that_rule():
    draft = read_roster(table(HEADER, RAI))
    assert [question.proposed for question in draft.questions if question.field == "first_visit"] == [None]


def test_category_outside_the_course_is_said():
    rules = RosterRules(categories=frozenset({"high_school"}))
    assert "category_not_allowed" in codes(read_roster(table(HEADER, RAI), rules=rules), "error")


def test_empty_workbook_says_that_nobody_is_there():
    assert codes(read_roster(Workbook("workbook", []))) == ["no_header"]
    assert "nobody" in codes(read_roster(table(HEADER)))


def test_personal_values_do_not_stay_in_memory_after_reading():
    read_roster(table(HEADER, ["UNIQUESURNAME", *RAI[1:]]))
    assert columns.guesses.cache_info().currsize == 0


def test_two_thousand_rows_are_all_read():
    draft = read_roster(long_table(2000), rules=RULES)
    assert len(draft.people) == 2000 and draft.is_ready
    assert len(set(surnames(draft))) == 26


@pytest.mark.parametrize("filler", [" ", "a ", "1/", "-", "Mr. ", "平成1", ",;", "١", "9", "m "])
def test_rows_of_long_cells_are_read_to_the_end(filler):
    """A pattern that goes back and forth over such a cell would not end within a day."""
    long = (filler * 5000)[:5000]
    rows = [[long] * 10 for _ in range(60)]
    draft = read_roster(table([*HEADER, "Notes", "Food"], *rows, RAI), rules=RULES)
    assert "RAI" in surnames(draft)


# --- Sentences ---


@pytest.mark.parametrize("locale", ["en", "ja"])
def test_every_finding_question_and_value_is_a_sentence_in_both_languages(language, locale):
    params = {
        "day_first": "1",
        "month_first": "2",
        "age": 3,
        "limit": 4,
        "expiry": "5",
        "exit": "6",
        "other": "Staff!B2",
    }
    params |= {"surname": "S", "given": "G", "respelled": "R"}
    with language(locale):
        for code in findings.TEXTS:
            for cell in (None, "D5", "5:4", "5:", "Staff!D5"):
                sentence = str(findings.Finding(code, "sex", cell, "50 % <b>", params).sentence)
                assert sentence and "%(" not in sentence
        for name in COLUMN_FIELDS:
            assert str(findings.FIELD_LABELS[name])
        for name, labels in findings.VALUE_LABELS.items():
            assert all(str(findings.label(name, code)) != code for code in labels)
        texts = [*findings.FIELD_LABELS.values(), *findings.EXPECTED.values(), *findings.SHOWN_BY.values()]
        if locale == "ja":
            assert [str(text) for text in texts if str(text).isascii()] == []


def test_what_was_found_is_shown_harmlessly(language):
    finding = findings.Finding("unreadable", "sex", "C2", "a\u202eb\n" + "x" * 200)
    with language("en"):
        sentence = str(finding.sentence)
        assert "\u202e" not in sentence and "\n" not in sentence and len(sentence) < 200
        assert finding.to_json()["severity"] == "error"


def test_markup_in_a_cell_is_escaped_on_the_page(language):
    finding = findings.Finding("row_left_aside", None, "<i>!A1", "<script>alert(1)</script>")
    with language("en"):
        page = render_template_string("{{ finding.sentence }}", finding=finding)
    assert "<script>" not in page and "<i>" not in page and "&lt;script&gt;" in page


# --- Arbitrary tables ---

WORDS = [
    word
    for part in ("fields", "category", "sex", "yes_no", "role")
    for words in VOCABULARY[part].values()
    for word in words
]
SAMPLES = [
    *("RAI", "Asha Rai", "LI　Na", "-", "01/02/2000", "2001-13-40", "平成13年6月18日", "30/06/2548", "NP", "Wakanda"),
    *("a@b.c", "PA1234567", "=1+1", "50%", "%(found)s", "\x00", "\u202e", "①", "x" * 300, "1e99", "²", "፩"),
    *("٣/٤/٢٠٠٠", "𝟙𝟚/𝟙𝟚/𝟚𝟘𝟘𝟘"),
]
CELL = st.one_of(st.none(), st.sampled_from(WORDS), st.sampled_from(SAMPLES), st.text(max_size=25), st.dates())
TABLES = st.lists(st.lists(CELL, max_size=9), max_size=9)
ANSWERS = st.builds(
    Answers,
    st.dictionaries(st.sampled_from([*FIELDS, "date_order", "name_order"]), st.text(max_size=12)),
    st.dictionaries(
        st.sampled_from(["0:1", "0:2", "0:3"]), st.dictionaries(st.sampled_from(FIELDS), st.text(max_size=12))
    ),
)
MAPPINGS = st.builds(
    lambda rows, columns: RosterMapping({0: SheetMapping(tuple(rows), columns)}),
    st.lists(st.integers(-1, 12), max_size=2),
    st.dictionaries(st.integers(1, 12), st.sampled_from(COLUMN_FIELDS), max_size=9),
)


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=TABLES, answers=ANSWERS, mapping=st.none() | MAPPINGS)
def test_reader_never_raises(language, rows, answers, mapping):
    with language("en"):
        draft = read_roster(table(*rows), rules=RULES, mapping=mapping, answers=answers)
        again = apply(draft, answers=accept(draft))
        for finding in again.all_findings():
            assert str(finding.sentence)
        for row in again.rows:
            assert set(row.person()) == set(FIELDS)
        assert RosterMapping.from_json(draft.mapping.to_json()) == draft.mapping


@settings(max_examples=100, deadline=None)
@given(rows=st.lists(st.lists(CELL, min_size=8, max_size=8), max_size=6))
def test_whatever_is_kept_has_the_form_that_is_stored(rows):
    draft = read_roster(table(HEADER, *rows), rules=RULES)
    for row in draft.rows:
        person = row.person()
        assert person["sex"] in (None, "F", "M", "X")
        for name in ("date_of_birth", "passport_expiry"):
            assert person[name] is None or date.fromisoformat(str(person[name]))
        assert person["category"] is None or person["category"] in VOCABULARY["category"]
        if not any(finding.code in ("name_characters", "missing_name") for finding in row.findings):
            assert str(person["given_names"]).isascii() and person["given_names"]
