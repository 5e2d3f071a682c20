"""What a roster's import must never do: show too much, save half, save twice, touch what is not its own."""

import io
import zipfile
from typing import Any

import pytest
from sqlalchemy import event, func, select

from app.core import clock, storage
from app.core.audit import AuditEvent
from app.core.authz import Role
from app.core.db import db
from app.core.errors import Stale
from app.invitees.models import Invitee, InviteeHost, Passport
from app.visits import roster_matching, roster_saving, roster_service
from app.visits.models import Participation, RosterImport, RosterImportState, Visit, VisitState
from tests.conftest import Client
from tests.factories.accounts import actor_of, make_user, sign_in
from tests.factories.invitees import make_invitee
from tests.factories.visits import make_participation
from tests.visits.roster_browser import Browser, expected, import_of, make_winter_visit, stored

HEADER = (
    "Surname,Given names,Sex,Date of birth,Nationality,Passport number,Passport expiry,E-mail,"
    "Category,Affiliation,Role,First visit\n"
)
PEMA = (
    "SHERPA,PEMA,F,2004-03-02,NP,PA7654321,2033-01-01,pema@example.np,Undergraduate,Tribhuvan University,Invitee,Yes\n"
)


@pytest.fixture
def visit() -> Visit:
    return make_winter_visit()


@pytest.fixture
def browser(client: Client, visit: Visit) -> Browser:
    return Browser(client, visit)


def csv(*lines: str) -> bytes:
    return (HEADER + "".join(lines)).encode()


def count(model: Any) -> int:
    return db.session.scalar(select(func.count()).select_from(model)) or 0


def fresh(visit: Visit) -> Visit:
    db.session.expire_all()
    return visit


# --- who may


@pytest.mark.parametrize("path", ["roster", "roster/template.csv", "roster/{id}", "roster/{id}/abandon"])
def test_import_of_another_institution_is_not_found(browser: Browser, visit: Visit, path: str) -> None:
    browser.upload_shared("01")
    address = f"{browser.visit_path}/{path.format(id=import_of(visit, db.session).public_id)}"
    sign_in(browser.client, make_user(Role.HOST_APPROVER))
    assert browser.client.get(address).status_code == 404


@pytest.mark.parametrize("verb", ["", "/save", "/columns", "/encoding", "/abandon"])
def test_nobody_of_another_institution_can_do_anything_to_an_import(browser: Browser, visit: Visit, verb: str) -> None:
    browser.upload_shared("01")
    address = f"{browser.visit_path}/roster/{import_of(visit, db.session).public_id}{verb}"
    sign_in(browser.client, make_user(Role.HOST_APPROVER))
    assert browser.client.post(address, data={}).status_code == 404
    assert import_of(visit, db.session).state is RosterImportState.OPEN and not visit.participations


@pytest.mark.parametrize("role", [Role.COORDINATOR, Role.AUDITOR, Role.SCREENING_OFFICER, Role.ADMINISTRATOR])
def test_jst_does_not_import_rosters(client: Client, visit: Visit, role: Role) -> None:
    sign_in(client, make_user(role))
    assert client.get(f"/visits/{visit.public_id}/roster").status_code == 403


def test_import_of_one_visit_is_not_found_under_another(browser: Browser, visit: Visit) -> None:
    browser.upload_shared("01")
    other = make_winter_visit()
    other.host_institution = visit.host_institution
    db.session.flush()
    address = f"/visits/{other.public_id}/roster/{import_of(visit, db.session).public_id}"
    assert browser.client.get(address).status_code == 404


def test_visit_that_is_over_takes_no_roster(client: Client) -> None:
    over = make_winter_visit(state=VisitState.COMPLETED)
    browser = Browser(client, over)
    assert browser.open(f"{browser.visit_path}/roster").response.status_code == 409


def test_roster_read_before_the_visit_was_cancelled_is_not_saved(browser: Browser, visit: Visit) -> None:
    browser.upload_shared("01")
    visit.state = VisitState.CANCELLED
    button = browser.save_button()
    assert button is not None
    answer = browser.client.post(str(button["formaction"]), data=browser.fields())
    assert answer.status_code == 409 and not fresh(visit).participations


# --- passport numbers


def test_colleague_sees_passport_numbers_masked_everywhere(browser: Browser, visit: Visit) -> None:
    browser.upload_shared("06")
    assert "A01998877" in browser.text
    address = browser.path
    sign_in(browser.client, make_user(Role.HOST_APPROVER, visit.host_institution))
    page = browser.open(f"{address}?person=0:2").response.text
    assert "DIALLO" in page and "••••" in page
    for number in ("A01998877", "B1234567", "A07788991", "BK112233"):
        assert number not in page


def test_colleague_who_changes_something_else_keeps_the_numbers_as_typed(browser: Browser, visit: Visit) -> None:
    browser.upload_shared("01")
    address = browser.path
    sign_in(browser.client, make_user(Role.HOST_APPROVER, visit.host_institution))
    browser.open(f"{address}?person=0:2").answer(**{"cell.0:2.diet": "vegetarian"})
    browser.save()
    assert stored(fresh(visit))[0]["passport_number"] == expected("01")[0]["passport_number"]
    assert stored(visit)[0]["diet"] == "vegetarian"


def test_no_passport_number_is_stored_in_the_clear_nor_told_to_the_audit(browser: Browser, visit: Visit) -> None:
    browser.upload_shared("06").answer(**{"cell.0:5.passport_number": "ZZ99887766"})
    found = import_of(visit, db.session)
    sealed = f"{found.sealed_workbook}{found.sealed_answers}{found.mapping}"
    told = "".join(f"{row.comment}{row.changes}" for row in db.session.scalars(select(AuditEvent)))
    for number in ("ZZ99887766", "A01998877"):
        assert number not in sealed and number not in told
    assert "passport_number" in told


# --- whom the books know


def test_reimport_updates_by_passport_and_makes_nobody_twice(browser: Browser, visit: Visit) -> None:
    browser.upload(csv(PEMA), "people.csv").save()
    later = PEMA.replace("pema@example.np", "pema.sherpa@example.np").replace("SHERPA,PEMA", "SHERPA,PEMA DOMA")
    browser.upload(csv(later), "people.csv")
    assert "Save the roster: 1 updated" in browser.text
    browser.save()
    [person] = stored(fresh(visit))
    assert (person["given_names"], person["email"]) == ("PEMA DOMA", "pema.sherpa@example.np")
    assert count(Invitee) == 1 and count(Participation) == 1


def test_reimport_finds_a_person_with_a_new_passport_by_name_and_birth(browser: Browser, visit: Visit) -> None:
    browser.upload(csv(PEMA), "people.csv").save()
    browser.upload(csv(PEMA.replace("PA7654321", "PA1111111")), "people.csv")
    assert "1 updated" in browser.text and "Passport number" in browser.text
    browser.save()
    assert [person["passport_number"] for person in stored(fresh(visit))] == ["PA1111111"]
    assert count(Passport) == 1


def test_reimport_of_the_same_file_changes_nothing(browser: Browser, visit: Visit) -> None:
    browser.upload_shared("01").save()
    versions = [(part.version, part.invitee.version) for part in fresh(visit).participations]
    browser.upload_shared("01")
    assert "Save the roster: 4 unchanged" in browser.text
    browser.save()
    assert [(part.version, part.invitee.version) for part in fresh(visit).participations] == versions


def test_what_the_new_file_leaves_empty_stays(browser: Browser, visit: Visit) -> None:
    browser.upload(csv(PEMA), "people.csv").save()
    [part] = fresh(visit).participations
    part.diet, part.guardian_consent_on = "no peanuts", clock.today()
    browser.upload(csv(PEMA.replace("pema@example.np", "")), "people.csv").save()
    [part] = fresh(visit).participations
    assert (part.invitee.email, part.diet) == ("pema@example.np", "no peanuts")
    assert part.guardian_consent_on == clock.today()


def test_who_is_missing_in_the_file_stays_unless_ticked(browser: Browser, visit: Visit) -> None:
    browser.upload_shared("01").save()
    browser.upload(csv(PEMA), "people.csv")
    assert "On the roster, but not in this file" in browser.text
    browser.save()
    assert [person["surname"] for person in stored(fresh(visit))][0] == "SHERPA" and len(visit.participations) == 5
    browser.upload(csv(PEMA), "people.csv")
    gone = next(part for part in fresh(visit).participations if part.invitee.surname == "GURUNG").public_id
    browser.answer(**{"take-off": [gone]})
    assert "1 taken off" in browser.text
    browser.save()
    assert "GURUNG" not in [person["surname"] for person in stored(fresh(visit))]
    assert len(visit.participations) == 4


def test_person_of_another_host_is_linked_without_a_word(browser: Browser, visit: Visit) -> None:
    other = make_winter_visit()
    known = make_invitee(
        surname="SHERPA",
        given_names="PEMA",
        date_of_birth=clock.fiscal_year_range(2003)[1].replace(day=2),
        nationality="NP",
        passport="PA7654321",
        native_name="",
        katakana="",
    )
    assert known.date_of_birth.isoformat() == "2004-03-02"
    make_participation(other, known)
    browser.upload(csv(PEMA), "people.csv")
    assert "Save the roster: 1 added" in browser.text and "Known from" not in browser.text
    browser.save()
    [part] = fresh(visit).participations
    assert part.invitee_id == known.id and count(Invitee) == 1


@pytest.mark.parametrize("line", [PEMA.replace("SHERPA,PEMA", "LAMA,DAWA"), PEMA.replace("PA7654321", "PA0000001")])
def test_person_of_another_host_that_only_partly_agrees_is_neither_linked_nor_changed(
    browser: Browser, visit: Visit, line: str
) -> None:
    other = make_winter_visit()
    known = make_invitee(
        surname="SHERPA",
        given_names="PEMA",
        date_of_birth=clock.fiscal_year_range(2003)[1].replace(day=2),
        nationality="NP",
        passport="PA7654321",
        email="secret@example.np",
    )
    make_participation(other, known)
    browser.upload(csv(line), "people.csv")
    assert "Save the roster: 1 added" in browser.text
    browser.save()
    [part] = fresh(visit).participations
    assert part.invitee_id != known.id
    assert (known.surname, known.email) == ("SHERPA", "secret@example.np")
    hosts = db.session.scalars(select(InviteeHost.institution_id).where(InviteeHost.invitee_id == known.id)).all()
    assert hosts == [other.host_institution_id]


def test_person_known_from_an_earlier_visit_to_the_same_host_is_said_to_be(browser: Browser, visit: Visit) -> None:
    make_invitee(
        known_to=visit.host_institution,
        surname="SHERPA",
        given_names="PEMA",
        date_of_birth=clock.fiscal_year_range(2003)[1].replace(day=2),
        nationality="NP",
        passport="PA0000001",
    )
    browser.upload(csv(PEMA), "people.csv")
    assert "Known from an earlier visit to you" in browser.text
    browser.save()
    assert count(Invitee) == 1


# --- all or nothing


def test_nothing_is_saved_when_saving_fails_midway(browser: Browser, visit: Visit) -> None:
    """The third person's insert meets a real constraint of the database: the first two are not there afterwards."""
    browser.upload_shared("01")
    found, actor = import_of(visit, db.session), actor_of(browser.user)
    inserts = []

    def fail(_mapper: Any, _connection: Any, part: Participation) -> None:
        inserts.append(part)
        if len(inserts) == 3:
            raise Stale()

    event.listen(Participation, "before_insert", fail)
    try:
        with pytest.raises(Stale):
            roster_saving.confirm(actor, found, version=found.version)
    finally:
        event.remove(Participation, "before_insert", fail)
    assert len(inserts) == 3
    assert (count(Participation), count(Invitee), count(Passport)) == (0, 0, 0)
    assert found.state is RosterImportState.OPEN and found.sealed_workbook
    roster_saving.confirm(actor, found, version=found.version)
    assert stored(fresh(visit)) == expected("01")


def test_stale_import_is_not_saved_and_shows_what_was_typed(browser: Browser, visit: Visit) -> None:
    browser.upload_shared("01")
    fields, button = browser.fields(**{"leave-out": ["0:3"]}), browser.save_button()
    browser.answer(**{"leave-out": ["0:2"]})  # in another window
    assert button is not None
    browser.response = browser.client.post(str(button["formaction"]), data=fields)
    assert browser.response.status_code == 409
    assert "Somebody else changed this meanwhile" in browser.text
    assert [box["value"] for box in browser.page.select("input[name='leave-out'][checked]")] == ["0:3"]
    assert not fresh(visit).participations


def test_roster_that_moved_on_since_it_was_looked_at_is_not_saved(browser: Browser, visit: Visit) -> None:
    browser.upload_shared("01")
    fields, button = browser.fields(), browser.save_button()
    make_participation(visit)  # a colleague adds somebody by hand
    assert button is not None
    browser.response = browser.client.post(str(button["formaction"]), data=fields)
    assert browser.response.status_code == 409
    assert len(fresh(visit).participations) == 1
    assert "On the roster, but not in this file" in browser.text
    browser.save()
    assert len(fresh(visit).participations) == 5


def test_errors_hold_up_saving_even_when_the_button_is_forged(browser: Browser, visit: Visit) -> None:
    browser.upload_shared("06")
    address = str(browser.form()["action"]) + "/save"
    browser.response = browser.client.post(address, data=browser.fields())
    assert browser.response.status_code == 422
    assert not fresh(visit).participations


def test_saving_is_in_the_history_with_its_counts(browser: Browser, visit: Visit) -> None:
    browser.upload_shared("01").save()
    entry = db.session.scalars(select(AuditEvent).where(AuditEvent.verb == "roster:import")).one()
    assert (entry.subject_type, entry.subject_id) == ("visit", visit.id)
    assert entry.changes["new"] == [None, 4]


# --- files


def test_file_that_cannot_be_read_is_refused_beside_the_field(browser: Browser, visit: Visit) -> None:
    browser.upload(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600, "people.xls")
    assert browser.response.status_code == 422
    error = browser.page.select_one(".govuk-error-message")
    assert error is not None and "Open it and save it as an Excel workbook (.xlsx)" in error.get_text()
    assert count(RosterImport) == 0 and not storage.files_of(visit)


def test_hostile_workbook_is_refused_with_a_sentence(browser: Browser) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("xl/workbook.xml", b" " * (101 * 1024 * 1024))
    browser.upload(packed.getvalue(), "bomb.xlsx")
    assert browser.response.status_code == 422
    assert "larger than 100 MB" in browser.text


def test_upload_without_a_file_says_so(browser: Browser) -> None:
    browser.response = browser.client.post(f"{browser.visit_path}/roster", data={})
    assert browser.response.status_code == 422 and "Choose a file." in browser.text


def test_file_in_an_unknown_encoding_is_asked_for_and_then_read(browser: Browser, visit: Visit) -> None:
    korean = csv(PEMA.replace("Tribhuvan University", "서울대학교 공과대학")).decode().encode("cp949")
    browser.upload(korean, "people.csv")
    assert "How is this file to be read?" in browser.text and "서울대학교" in browser.text
    browser.post(f"{browser.path}/encoding", {"encoding": "cp949", "version": "1"})
    browser.save()
    assert stored(fresh(visit))[0]["affiliation"] == "서울대학교 공과대학"


def test_encoding_that_is_not_offered_is_refused(browser: Browser) -> None:
    korean = csv(PEMA.replace("Tribhuvan University", "서울대학교 공과대학")).decode().encode("cp949")
    browser.upload(korean, "people.csv")
    answer = browser.client.post(f"{browser.path}/encoding", data={"encoding": "rot13", "version": "1"})
    assert answer.status_code == 422


def test_markup_in_a_cell_is_shown_as_text(browser: Browser) -> None:
    browser.upload(csv(PEMA.replace("Tribhuvan University", "<script>alert(1)</script>")), "people.csv")
    assert "<script>alert" not in browser.response.text and "&lt;script&gt;alert" in browser.response.text


def test_text_longer_than_can_be_kept_is_said_at_its_cell(browser: Browser) -> None:
    browser.upload(csv(PEMA.replace("Tribhuvan University", "U" * 301)), "people.csv")
    assert browser.save_button() is None
    assert "at most 300 characters can be kept" in browser.text


def test_untouched_imports_are_given_up_after_a_month(browser: Browser, visit: Visit) -> None:
    browser.upload_shared("01")
    found = import_of(visit, db.session)
    assert roster_service.abandon_old() == 0
    found.updated_at = clock.now() - roster_service.timedelta(days=roster_service.OPEN_DAYS + 1)
    db.session.flush()
    assert roster_service.abandon_old() == 1
    assert (found.state, found.sealed_workbook) == (RosterImportState.ABANDONED, "")


# --- cost, and the empty list


@pytest.mark.parametrize("people", [1, 4])
def test_page_of_an_import_takes_the_same_queries_whatever_its_size(
    browser: Browser, visit: Visit, people: int
) -> None:
    lines = [PEMA.replace("PA7654321", f"PA765432{n}").replace("PEMA", "PEMA " + "ABCD"[n]) for n in range(people)]
    lines = [line.replace("pema@", f"pema{n}@") for n, line in enumerate(lines)]
    browser.upload(csv(*lines), "people.csv").save()
    browser.upload(csv(*lines), "people.csv")
    address = browser.path
    db.session.expunge_all()
    browser.open(address)
    assert f"{people} unchanged" in browser.text
    assert browser.client.last.queries == QUERIES


QUERIES = 10


@pytest.mark.parametrize("language", ["en", "ja"])
def test_empty_list_is_understood_when_it_comes_back_filled(client: Client, visit: Visit, language: str) -> None:
    browser = Browser(client, visit)
    browser.user.locale = language
    browser.enter()
    header = client.get(f"{browser.visit_path}/roster/template.csv").get_data(as_text=True)
    values = (
        "SHERPA,PEMA,पेमा,ペマ,F,2004-03-02,NP,PA7654321,2033-01-01,pema@example.np,"
        'Undergraduate,"T. U.",Invitee,Yes,halal'
    )
    browser.upload((header + values).encode(), "list.csv")
    assert browser.save_button() is not None, browser.text
    browser.save()
    [part] = fresh(visit).participations
    assert (part.invitee.katakana, part.diet, part.first_visit) == ("ペマ", "halal", True)


def test_plan_of_a_draft_is_the_same_until_the_roster_moves(browser: Browser, visit: Visit) -> None:
    browser.upload_shared("01")
    draft = roster_service.draft_of(import_of(visit, db.session))
    assert draft is not None
    before = roster_matching.plan(draft, visit).fingerprint
    assert roster_matching.plan(draft, visit).fingerprint == before
    make_participation(visit)
    assert roster_matching.plan(draft, visit).fingerprint != before
