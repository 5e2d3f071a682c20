"""The six rosters as they really arrive: read as their expected files say, with no more answers than these name."""

import json

import pytest

from app.invitees.roster.draft import Answers, RosterMapping, RosterRules
from app.invitees.roster.reader import accept, apply, read_roster
from tests.invitees.roster.tables import RULES, expected, roster


def people(draft):
    """The people of a draft with exactly the fields of the expected files."""
    return [{name: value for name, value in row.person().items() if name != "katakana"} for row in draft.people]


def asked(draft):
    return {question.field for question in draft.questions if question.required}


def found(draft, row):
    """(code, severity, cell) of what is said about a row of the sheet."""
    [person] = [person for person in draft.rows if person.row_number == row]
    return {(finding.code, finding.severity, finding.cell) for finding in person.findings}


def test_clean_nepalese_roster_needs_no_answer():
    draft = read_roster(roster("01"), rules=RULES)
    assert people(draft) == expected("01")["people"]
    assert draft.is_ready and not draft.questions and not draft.count("warning")
    assert all(column.confidence == 1 for column in draft.columns)


def test_indonesian_roster_asks_nationality_first_visit_and_one_role():
    draft = read_roster(roster("02"), rules=RULES)
    assert asked(draft) == {"nationality", "first_visit", "role"}
    assert not draft.is_ready and not draft.count("error")
    by_field = {question.field: question for question in draft.questions}
    assert (by_field["nationality"].proposed, by_field["nationality"].shown_by) == ("ID", "footnote")
    assert dict(by_field["role"].per_row) == {"0:11": "supervisor"}
    assert dict(by_field["first_visit"].per_row) == {"0:11": "no"}
    assert [finding.found for finding in draft.findings if finding.code == "hidden_sheet"] == ["old"]
    assert [finding.cell for finding in draft.findings if finding.code == "row_left_aside"] == ["13:", "14:"]
    assert draft.mapping.sheets[0].header_rows == (4, 5)


def test_indonesian_roster_with_answers_gives_the_expected_people():
    draft = read_roster(roster("02"), rules=RULES)
    # The supervisor's food is nowhere in the file: it is typed into the preview.
    typed = {"0:11": {"role": "supervisor", "first_visit": "no", "diet": "halal"}}
    answered = apply(draft, answers=Answers({"nationality": "ID", "first_visit": "yes"}, typed))
    assert people(answered) == expected("02")["people"]
    assert answered.is_ready and not answered.count("error")


def test_answer_for_all_does_not_run_over_a_remark_on_one_person():
    draft = read_roster(
        roster("02"), rules=RULES, answers=Answers({"nationality": "ID", "first_visit": "yes", "role": "invitee"})
    )
    assert {row.key for row in draft.rows if row.has("question")} == {"0:11"}
    assert draft.rows[-1].value("first_visit") is None


def test_accepting_what_is_proposed_answers_the_indonesian_questions():
    draft = read_roster(roster("02"), rules=RULES)
    accepted = apply(draft, answers=accept(draft))
    assert accepted.is_ready
    assert (accepted.rows[-1].value("role"), accepted.rows[-1].value("first_visit")) == ("supervisor", False)


def test_thai_roster_with_three_answers_gives_the_expected_people():
    draft = read_roster(roster("03"), rules=RULES)
    assert asked(draft) == {"affiliation", "nationality", "first_visit"}
    school = "Princess Chulabhorn Science High School Loei"
    answers = Answers({"affiliation": school, "nationality": "TH", "first_visit": "yes"})
    answered = apply(draft, answers=answers)
    assert people(answered) == expected("03")["people"]
    assert answered.is_ready
    [order] = answered.questions
    assert (order.field, order.proposed, order.shown_by, order.required) == (
        "name_order",
        "given_first",
        "header",
        False,
    )


def test_thai_pupils_who_are_minors_on_the_day_of_entry_need_consent():
    rules = RosterRules(entry=RULES.entry.replace(year=2026, month=11), exit=RULES.exit)
    draft = read_roster(roster("03"), rules=rules)
    minors = [row.value("given_names") for row in draft.rows if any(f.code == "guardian_consent" for f in row.findings)]
    assert minors == ["THANAPHAT", "NAPAT"]


def test_blank_title_becomes_x_with_a_warning_in_its_cell():
    draft = read_roster(roster("03"), rules=RULES)
    assert ("sex_not_stated", "warning", "4:1") in found(draft, 4)


def test_names_are_cut_the_other_way_when_the_user_says_so():
    draft = read_roster(roster("03"), rules=RULES, answers=Answers({"name_order": "surname_first"}))
    assert (draft.rows[0].value("surname"), draft.rows[0].value("given_names")) == ("KANOKWAN", "SRISAI")


def test_japanese_made_roster_keeps_its_readings():
    draft = read_roster(roster("04"), rules=RULES)
    assert asked(draft) == {"first_visit"}
    answered = apply(draft, answers=Answers({"first_visit": "yes"}))
    assert people(answered) == expected("04")["people"]
    assert [row.value("katakana") for row in answered.rows] == ["リ ナ", "チョウ イ", "キム ミンジュン"]
    assert "read_as_cp932" in {finding.code for finding in answered.findings}
    assert answered.is_ready


def test_vietnamese_roster_proposes_what_it_does_not_say():
    draft = read_roster(roster("05"), rules=RULES)
    assert asked(draft) == {"nationality", "first_visit"}
    assert {q.field: q.proposed for q in draft.questions} == {
        "name_order": "surname_first",
        "nationality": "VN",
        "first_visit": "yes",
    }
    answered = apply(draft, answers=Answers({"nationality": "VN", "first_visit": "yes"}))
    assert people(answered) == expected("05")["people"]
    assert answered.is_ready


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (2, {("age_over_limit", "error", "D2")}),
        (3, {("guardian_consent", "warning", "D3")}),
        (4, {("impossible_date", "error", "D4")}),
        (
            5,
            {
                ("passport_ends_before_stay", "error", "G5"),
                ("invalid_email", "error", "H5"),
                ("same_passport", "error", "F5"),
            },
        ),
        (6, {("name_characters", "error", "A6")}),
        (7, {("unknown_nationality", "error", "E7"), ("not_first_visit", "warning", "L7")}),
        (8, {("ambiguous_date", "question", "D8")}),
        (9, {("missing_value", "error", "C9"), ("missing_value", "error", "G9")}),
    ],
)
def test_each_error_on_purpose_is_said_with_its_cell(row, said):
    draft = read_roster(roster("06"), rules=RULES)
    assert found(draft, row) == said


def test_errors_on_purpose_name_what_was_found_and_expected(language):
    draft = read_roster(roster("06"), rules=RULES)
    with language("en"):
        said = {finding.cell: str(finding.sentence) for finding in draft.all_findings()}
    assert said["D4"] == (
        "Cell D4: “2001-13-40” is not a day of the calendar; expected a date such as 2003-05-14 or 14/05/2003."
    )
    assert said["E7"] == "Cell E7: found “Wakanda”, expected a country or region such as Nepal or NP."
    assert "Cell F4" in said["F5"]
    assert "2000-02-01" in said["D8"] and "2000-01-02" in said["D8"]


def test_formula_text_in_a_name_is_kept_as_typed():
    draft = read_roster(roster("06"), rules=RULES)
    [finding] = [f for row in draft.rows if row.row_number == 6 for f in row.findings]
    assert finding.found == '=HYPERLINK("http://example.com","x")'


def test_reason_is_wanted_of_the_person_who_has_been_to_japan():
    draft = read_roster(roster("06"), rules=RULES, answers=Answers(rows={"0:7": {"first_visit_reason": "Leads."}}))
    assert [(row.row_number, row.reason) for row in draft.rows if row.reason_wanted] == [(7, "Leads.")]


def test_roster_with_errors_is_ready_once_all_are_mended_or_left_out():
    draft = read_roster(roster("06"), rules=RULES)
    assert not draft.is_ready
    mended = Answers(
        {"date_order": "dmy"},
        {
            "0:2": {"role": "supervisor"},
            "0:5": {"email": "aminata@example.sn", "passport_expiry": "2030-12-01"},
            "0:6": {"surname": "KAMAU"},
            "0:7": {"nationality": "Sudan", "first_visit_reason": "Leads the joint project."},
            "0:9": {"sex": "F", "passport_expiry": "2031-01-01"},
        },
        frozenset({"0:4"}),
    )
    ready = apply(draft, answers=mended)
    assert [str(f) for f in ready.all_findings() if f.severity in ("error", "question")] == []
    assert ready.is_ready
    assert len(ready.people) == 7
    by_row = {row.row_number: row for row in ready.rows}
    assert by_row[8].value("date_of_birth") == "2000-02-01"
    assert by_row[6].value("surname") == "KAMAU"
    assert by_row[6].values["surname"].origin == "corrected"


def test_same_passport_is_forgiven_when_the_other_row_is_left_out():
    draft = read_roster(roster("06"), rules=RULES, answers=Answers(left_out=frozenset({"0:4"})))
    assert ("same_passport", "error", "F5") not in found(draft, 5)


def test_mapping_and_answers_survive_json():
    draft = read_roster(roster("02"), rules=RULES)
    mapping = RosterMapping.from_json(json.loads(json.dumps(draft.mapping.to_json())))
    assert mapping == draft.mapping
    answers = accept(draft).merged(Answers(left_out=frozenset({"0:7"})))
    stored = json.loads(json.dumps(answers.to_json()))
    assert Answers.from_json(stored) == answers
    assert people(apply(draft, mapping=mapping, answers=Answers.from_json(stored))) == people(
        apply(draft, answers=answers)
    )


def test_corrected_mapping_is_read_and_shown():
    draft = read_roster(roster("01"), rules=RULES)
    swapped = draft.mapping.with_column(0, 1, "given_names").with_column(0, 2, "surname")
    again = apply(draft, mapping=swapped)
    assert (again.rows[0].value("surname"), again.rows[0].value("given_names")) == ("ASMITA", "SHRESTHA")
    without = apply(draft, mapping=draft.mapping.with_column(0, 6, None))
    assert asked(without) == {"nationality"}
    assert [column.header for column in without.unmapped] == ["Nationality"]
