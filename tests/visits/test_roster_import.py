"""The six shared rosters through the browser: upload, answers, preview, saving; the database as expected."""

from typing import Any

import pytest

from app.core.db import db
from app.visits.models import Participation, RosterImportState, Visit
from tests.conftest import Client
from tests.visits.roster_browser import Browser, expected, import_of, make_winter_visit, stored


@pytest.fixture
def visit() -> Visit:
    return make_winter_visit()


@pytest.fixture
def browser(client: Client, visit: Visit) -> Browser:
    return Browser(client, visit)


def saved(visit: Visit) -> list[dict[str, Any]]:
    db.session.expire_all()
    return stored(visit)


def test_clean_roster_is_saved_with_two_presses(browser: Browser, visit: Visit) -> None:
    browser.upload_shared("01")
    assert "4 people, 14 columns understood" in browser.text
    assert "Save the roster: 4 added" in browser.text
    browser.save()
    assert browser.path == browser.visit_path
    assert saved(visit) == expected("01")


def test_indonesian_roster_asks_three_things_and_is_saved(browser: Browser, visit: Visit) -> None:
    browser.upload_shared("02")
    assert "3 questions" in browser.text and browser.save_button() is None
    # Every proposal stands filled in: one press takes them all. The food of the supervisor is nowhere in the file.
    browser.answer()
    browser.open(f"{browser.path}?person=0:11").answer(**{"cell.0:11.diet": "halal"})
    browser.save()
    assert saved(visit) == expected("02")


def test_thai_roster_with_the_school_typed_is_saved(browser: Browser, visit: Visit) -> None:
    browser.upload_shared("03")
    browser.answer(**{"all.affiliation": "Princess Chulabhorn Science High School Loei"})
    browser.save()
    assert saved(visit) == expected("03")


def test_japanese_made_roster_in_cp932_is_saved(browser: Browser, visit: Visit) -> None:
    browser.upload_shared("04")
    assert "CP932" in browser.text
    browser.answer(**{"all.first_visit": "yes"}).save()
    assert saved(visit) == expected("04")


def test_vietnamese_roster_in_utf16_is_saved_as_proposed(browser: Browser, visit: Visit) -> None:
    browser.upload_shared("05").answer().save()
    assert saved(visit) == expected("05")


def test_errors_on_purpose_hold_up_saving_until_each_is_mended_in_its_cell(browser: Browser, visit: Visit) -> None:
    browser.upload_shared("06")
    assert browser.save_button() is None
    assert "Cell E7: found “Wakanda”, expected a country or region such as Nepal or NP." in browser.text
    browser.answer(**{"all.date_order": "dmy", "leave-out": ["0:4"], "cell.0:6.surname": "KAMAU"})
    assert browser.save_button() is None
    browser.open(f"{browser.path}?person=0:2").answer(**{"cell.0:2.role": "supervisor"})
    browser.answer(
        **{
            "cell.0:5.email": "aminata@example.sn",
            "cell.0:5.passport_expiry": "2030-12-01",
            "cell.0:7.nationality": "SD",
            "cell.0:7.first_visit_reason": "Leads the joint project.",
            "cell.0:9.sex": "F",
            "cell.0:9.passport_expiry": "2031-01-01",
        }
    )
    assert "Save the roster: 7 added, 1 left out" in browser.text
    browser.save()
    people = {person["surname"]: person for person in saved(visit)}
    assert len(people) == 7 and people["KAMAU"]["given_names"]
    assert {person["date_of_birth"] for person in people.values()} >= {"2000-02-01"}
    reasons = {part.previous_visit_reason for part in visit.participations}
    assert reasons == {"", "Leads the joint project."}


def test_corrections_typed_by_the_uploader_stay_until_saved(browser: Browser, visit: Visit) -> None:
    browser.upload_shared("06")
    browser.answer(**{"cell.0:6.surname": "KAMAU", "cell.0:5.email": "still wrong"})
    browser.open(browser.path)
    assert "KAMAU" in browser.text
    assert browser.fields()["cell.0:5.email"] == "still wrong"
    assert "found “still wrong”" in browser.text


def test_corrections_can_be_forgotten(browser: Browser) -> None:
    browser.upload_shared("06").answer(**{"cell.0:6.surname": "KAMAU"})
    browser.answer(restore=["0:6"])
    assert "KAMAU" not in browser.text


def test_an_answer_can_be_asked_again(browser: Browser) -> None:
    browser.upload_shared("05").answer()
    assert browser.save_button() is not None
    browser.answer(again="nationality")
    assert browser.save_button() is None and "all.nationality" in browser.fields()


def test_what_is_typed_beside_the_save_button_is_shown_before_it_is_saved(browser: Browser, visit: Visit) -> None:
    browser.upload_shared("01").save(**{"leave-out": ["0:2"]})
    assert saved(visit) == []
    assert "Look at the list once more" in browser.text
    assert "Save the roster: 3 added, 1 left out" in browser.text
    browser.save()
    assert [person["surname"] for person in saved(visit)] == ["GURUNG", "TAMANG", "ACHARYA"]


def test_saving_twice_saves_once(browser: Browser, visit: Visit) -> None:
    browser.upload_shared("01")
    button, fields = browser.save_button(), browser.fields()
    assert button is not None
    first = browser.client.post(str(button["formaction"]), data=fields)
    second = browser.client.post(str(button["formaction"]), data=fields)
    assert (first.status_code, second.status_code) == (302, 302)
    assert first.location == second.location
    assert len(saved(visit)) == 4


def test_saving_from_a_second_window_is_refused(browser: Browser, visit: Visit) -> None:
    browser.upload_shared("01")
    button, fields = browser.save_button(), browser.fields()
    browser.save()
    assert button is not None
    again = browser.client.post(str(button["formaction"]), data={**fields, "key": "another"})
    assert again.status_code == 409
    assert len(saved(visit)) == 4


def test_saving_deletes_the_file_and_all_that_was_read(browser: Browser, visit: Visit) -> None:
    browser.upload_shared("01").answer(**{"leave-out": ["0:2"]})
    before = import_of(visit, db.session)
    assert before.sealed_workbook and "PA1204587" not in before.sealed_workbook
    address = browser.path
    browser.save()
    after = import_of(visit, db.session)
    assert after.state is RosterImportState.CONFIRMED
    assert (after.sealed_workbook, after.sealed_answers, after.mapping) == ("", "", {})
    assert after.stored_file.state == "removed"
    assert after.result == {"new": 3, "update": 0, "same": 0, "left_out": 1, "taken_off": 0}
    assert "This roster is saved" in browser.open(address).text


def test_giving_up_deletes_the_file_and_leaves_the_visit(browser: Browser, visit: Visit) -> None:
    browser.upload_shared("01")
    browser.open(f"{browser.path}/abandon")
    assert browser.response.status_code == 200
    browser.post(browser.path, {"key": "k"})
    found = import_of(visit, db.session)
    assert (found.state, found.sealed_workbook) == (RosterImportState.ABANDONED, "")
    assert found.stored_file.state == "removed" and saved(visit) == []


def test_a_new_upload_replaces_ones_own_earlier_one(browser: Browser, visit: Visit) -> None:
    browser.upload_shared("05")
    first = import_of(visit, db.session)
    browser.upload_shared("01")
    assert first.state is RosterImportState.ABANDONED
    assert import_of(visit, db.session).state is RosterImportState.OPEN


def test_columns_said_anew_are_read_anew(browser: Browser) -> None:
    browser.upload_shared("01").map_columns(**{"column.0.1": "given_names", "column.0.2": "surname"})
    assert "ASMITA, SHRESTHA" in browser.text


def test_two_columns_with_the_same_field_are_refused_and_stay_as_chosen(browser: Browser) -> None:
    browser.upload_shared("01").map_columns(**{"column.0.1": "surname", "column.0.2": "surname"})
    assert browser.response.status_code == 422
    assert "Two columns are said to hold “Surname”" in browser.text
    chosen = browser.page.select_one("select[name='column.0.2'] option[selected]")
    assert chosen is not None and chosen["value"] == "surname"
    assert "SHRESTHA, ASMITA" in browser.open(browser.path.removesuffix("/columns")).text


def test_order_is_that_of_the_file(browser: Browser, visit: Visit) -> None:
    browser.upload_shared("01").save()
    positions = [(part.position, part.invitee.surname) for part in db.session.query(Participation).all()]
    assert sorted(positions) == [(1, "SHRESTHA"), (2, "GURUNG"), (3, "TAMANG"), (4, "ACHARYA")]
