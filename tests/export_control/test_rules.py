"""What a form says and how long it lasts: plain data, no database."""

from datetime import date

import pytest

from app.export_control import answers, parties, validity

REPORT = {
    "has_system": "no",
    "is_classified": "yes",
    "partners_are_checked": "yes",
    "export_responsible": "Taro Sato",
    "form1_on": "2026-04-03",
}
DECLARED = {**REPORT, "form1_id": "abc", "form1_until": "2027-04-02"}


@pytest.mark.parametrize(
    ("dated_on", "last"),
    [
        (date(2026, 4, 3), date(2027, 4, 2)),
        (date(2026, 4, 1), date(2027, 3, 31)),
        (date(2024, 2, 29), date(2025, 2, 28)),
        (date(2023, 3, 1), date(2024, 2, 29)),
    ],
)
def test_a_form_lasts_twelve_months(dated_on: date, last: date) -> None:
    assert validity.last_day(dated_on) == last


def test_how_long_a_form_lasts_is_data_of_a_fiscal_year(monkeypatch: pytest.MonkeyPatch) -> None:
    known = (
        {"from_fiscal_year": 2014, "until": "months", "months": 6},
        {"from_fiscal_year": 2026, "until": "fiscal_year"},
    )
    monkeypatch.setattr(validity, "rows", lambda: known)
    assert validity.last_day(date(2026, 3, 31)) == date(2026, 9, 30)
    assert validity.last_day(date(2026, 4, 1)) == date(2027, 3, 31)


@pytest.mark.parametrize("name", answers.REPORT)
def test_form_1_is_filled_in_with_all_its_answers(name: str) -> None:
    assert answers.report_is_filled(REPORT)
    assert not answers.report_is_filled({**REPORT, name: ""})


def test_a_form_typed_in_a_plan_lasts_as_one_that_was_declared() -> None:
    assert answers.report_until(REPORT) == date(2027, 4, 2)
    assert answers.report_until({**REPORT, "form1_until": "2026-12-31"}) == date(2026, 12, 31)
    assert answers.report_until({**REPORT, "form1_on": "soon"}) is None


def test_answers_stay_those_declared_until_one_of_them_changes() -> None:
    assert answers.settled(DECLARED, REPORT) == DECLARED
    changed = answers.settled(DECLARED, {**REPORT, "export_responsible": "Jun Ito"})
    assert "form1_id" not in changed and "form1_until" not in changed
    assert answers.settled({"residency": "visitors"}, REPORT)["residency"] == "visitors"


def test_a_new_pledge_is_given_by_the_person_named_beside_it() -> None:
    pledged = {**REPORT, "pledge": True, "form2_on": "2026-04-03"}
    given = answers.settled({}, pledged)
    assert given["form2_responsible"] == "Taro Sato" and answers.names_one_person(given)
    later = answers.settled(given, {**pledged, "export_responsible": "Jun Ito"})
    assert not answers.names_one_person(later)
    assert answers.names_one_person(answers.settled(later, {**later, "form2_on": "2026-05-01"}))


def test_one_person_is_one_person_however_it_is_written() -> None:
    assert answers.names_one_person({"export_responsible": "Ｔaro  Sato", "form2_responsible": "taro sato"})
    assert answers.names_one_person({"export_responsible": "Taro Sato"})


def test_a_partner_is_known_by_its_name_and_country_until_the_directory_has_it() -> None:
    keys = [
        party.key
        for party in (
            parties.of_partner(None, "Valley Campus", "NP"),
            parties.of_partner(None, "VALLEY  campus", "NP"),
            parties.of_partner(None, "Valley Campus", "IN"),
        )
        if party is not None
    ]
    assert keys[0] == keys[1] != keys[2]
    assert parties.of_partner(None, " ", "NP") is None
