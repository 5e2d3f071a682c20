"""Certificates: one for everybody who came, faithful to the passport, verifiable without telling whose they are."""

import io
import zipfile

import pytest
from flask import Flask
from sqlalchemy import select

from app.closing import certificate as papers
from app.closing import service
from app.closing.models import Certificate
from app.core.authz import SYSTEM, Role
from app.core.db import db
from app.core.errors import Forbidden, TransitionNotAllowed
from app.visits.events import VisitCompleted
from app.visits.models import Visit, VisitState
from tests.conftest import Client
from tests.documents.reading import text_of
from tests.factories.accounts import make_actor, make_user, sign_in
from tests.factories.alumni import make_alumnus, make_alumnus_user
from tests.factories.closing import make_certificate, make_ended_visit, make_person


@pytest.fixture
def visit(app: Flask) -> Visit:
    return make_ended_visit(took_part=True, state=VisitState.COMPLETED)


def certificates() -> list[Certificate]:
    return list(db.session.scalars(select(Certificate).order_by(Certificate.id)))


def test_certificates_are_numbered_through_the_fiscal_year(visit: Visit) -> None:
    service.issue_certificates(VisitCompleted(visit, SYSTEM))
    assert [item.number for item in certificates()] == ["SSP-2025-00001", "SSP-2025-00002"]


def test_certificates_are_issued_once_however_often_it_is_asked(visit: Visit) -> None:
    for _ in range(3):
        service.issue_certificates(VisitCompleted(visit, SYSTEM))
    assert len(certificates()) == 2


def test_who_did_not_come_gets_no_certificate(visit: Visit) -> None:
    visit.participations[0].took_part = False
    visit.participations[1].took_part = None
    service.issue_certificates(VisitCompleted(visit, SYSTEM))
    assert certificates() == []


def test_certificates_wait_until_the_visit_is_completed(app: Flask) -> None:
    with pytest.raises(TransitionNotAllowed):
        service.issue(SYSTEM, make_ended_visit(took_part=True, state=VisitState.REPORTED))


def test_host_cannot_issue_certificates(visit: Visit) -> None:
    with pytest.raises(Forbidden):
        service.issue(make_actor(Role.HOST_APPROVER, visit.host_institution), visit)


def test_codes_cannot_be_guessed_from_one_another(visit: Visit) -> None:
    service.issue_certificates(VisitCompleted(visit, SYSTEM))
    first, second = certificates()
    assert len(first.code) == 16
    assert first.code != second.code


@pytest.mark.parametrize("language", ["ja", "en"])
def test_paper_bears_the_name_as_in_the_passport(app: Flask, language: papers.Language) -> None:
    person = make_person(surname="", given_names="SUHARTO", native_name="", katakana="スハルト")
    visit = make_ended_visit(persons=[person], took_part=True, state=VisitState.COMPLETED)
    made = make_certificate(visit.participations[0])
    pdf = papers.pdf(made, language=language, link_to=lambda code: f"https://sakura.example/certificates/{code}")
    text = text_of(pdf)
    assert "SUHARTO" in text
    assert made.number in text
    assert made.code in text.replace("\n", "").replace("\u00ad", "")


def test_the_same_certificate_is_the_same_file_whenever_it_is_asked_for(visit: Visit) -> None:
    made = make_certificate(visit.participations[0])
    first, second = (papers.pdf(made, language="en", link_to=lambda code: f"https://x.example/{code}") for _ in "ab")
    assert first == second


def test_alumna_downloads_her_own_certificate_and_no_other(visit: Visit, client: Client) -> None:
    mine, other = (make_certificate(part) for part in visit.participations)
    sign_in(client, make_alumnus_user(make_alumnus(visit.participations[0].invitee)))
    answer = client.get(f"/certificates/{mine.public_id}/pdf?language=en")
    assert answer.status_code == 200
    assert answer.data.startswith(b"%PDF")
    assert answer.headers["Content-Type"] == "application/pdf"
    assert client.get(f"/certificates/{other.public_id}/pdf").status_code == 404
    assert client.get(f"/reports/{visit.public_id}/certificates.zip").status_code == 403


def test_host_downloads_all_certificates_of_its_visit_as_one_file(visit: Visit, client: Client) -> None:
    made = [make_certificate(part) for part in visit.participations]
    sign_in(client, make_user(Role.HOST_EDITOR, visit.host_institution))
    answer = client.get(f"/reports/{visit.public_id}/certificates.zip?language=ja")
    with zipfile.ZipFile(io.BytesIO(answer.data)) as archive:
        assert archive.namelist() == [f"{item.number}.pdf" for item in made]
        assert all(archive.read(name).startswith(b"%PDF") for name in archive.namelist())


def test_another_host_finds_neither_certificate_nor_bundle(visit: Visit, client: Client) -> None:
    made = make_certificate(visit.participations[0])
    sign_in(client, make_user(Role.HOST_APPROVER))
    assert client.get(f"/certificates/{made.public_id}/pdf").status_code == 404
    assert client.get(f"/reports/{visit.public_id}/certificates.zip").status_code == 404


@pytest.mark.parametrize("role", [Role.ADMINISTRATOR, Role.DECISION_MAKER, Role.AUDITOR])
def test_roles_without_the_permission_are_refused(visit: Visit, client: Client, role: Role) -> None:
    made = make_certificate(visit.participations[0])
    sign_in(client, make_user(role))
    assert client.get(f"/certificates/{made.public_id}/pdf").status_code == 403


def test_anybody_can_verify_a_certificate_and_learns_nothing_about_the_person(visit: Visit, client: Client) -> None:
    part = visit.participations[0]
    made = make_certificate(part)
    answer = client.get(f"/certificates/{made.code}", headers={"Accept-Language": "en"})
    page = answer.get_data(as_text=True)
    assert answer.status_code == 200
    assert made.number in page
    assert visit.host_institution.name_en in page
    for secret in (
        part.invitee.surname,
        part.invitee.given_names,
        part.invitee.native_name,
        part.invitee.email,
        part.affiliation,
        "Nepal",
        part.invitee.public_id,
        made.public_id,
        visit.public_id,
        visit.reference,
    ):
        assert secret not in page
    assert answer.headers["X-Robots-Tag"] == "noindex"


def test_code_is_understood_in_capitals(visit: Visit, client: Client) -> None:
    assert client.get(f"/certificates/{make_certificate(visit.participations[0]).code.upper()}").status_code == 200


def test_unknown_code_is_not_found(client: Client) -> None:
    assert client.get("/certificates/2345678923456789").status_code == 404


@pytest.mark.parametrize(
    ("typed", "fits"),
    [
        ("Thị Ánh Nguyễn", True),
        ("NGUYEN THI ANH", True),
        ("nguyễn thị ánh", True),
        ("阮氏映", True),
        ("Nguyen", False),
        ("Nguyen Thi Anh Tran", False),
        ("", False),
    ],
)
def test_name_fits_only_as_a_whole(app: Flask, typed: str, fits: bool) -> None:
    person = make_person(surname="NGUYEN", given_names="THI ANH", native_name="阮氏映")
    visit = make_ended_visit(persons=[person], took_part=True, state=VisitState.COMPLETED)
    assert papers.is_holder(make_certificate(visit.participations[0]), typed) is fits


def test_names_can_be_compared_only_so_often(visit: Visit, client: Client) -> None:
    made = make_certificate(visit.participations[0])
    answers = [client.post(f"/certificates/{made.code}", data={"name": f"Guess {n}"}).status_code for n in range(21)]
    assert answers == [200] * 20 + [429]


def test_page_says_yes_to_the_right_name_without_showing_it_otherwise(visit: Visit, client: Client) -> None:
    part = visit.participations[0]
    made = make_certificate(part)
    name = f"{part.invitee.given_names} {part.invitee.surname}"
    english = {"Accept-Language": "en"}
    yes = client.post(f"/certificates/{made.code}", data={"name": name}, headers=english).get_data(as_text=True)
    no = client.post(f"/certificates/{made.code}", data={"name": "SOMEBODY"}, headers=english).get_data(as_text=True)
    assert "Yes: the certificate was issued to a person of this name." in yes
    assert "No: the certificate was not issued to a person of this name." in no
    assert part.invitee.surname not in no
