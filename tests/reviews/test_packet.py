"""The packet: plans to read offline, and a workbook of sheets that comes back; what does not fit is said by cell."""

import io
import json
import zipfile
from typing import Any

import pytest
from openpyxl import load_workbook

from app.accounts.models import User
from app.core.db import db
from app.core.errors import Refused
from app.reviews import packet_service, scoring_queries, scoring_service
from app.reviews.models import ReviewAssignment
from app.reviews.scoring_sheet import Sheet
from tests.factories.accounts import actor_of
from tests.factories.applications import make_application
from tests.factories.files import attach, pdf
from tests.factories.reviews import make_assignment, make_conflict, make_criteria, make_review_plan, make_reviewer


def given(state: str = "accepted") -> tuple[Any, ReviewAssignment]:
    application = make_application("under_review")
    make_criteria(application.course)
    make_review_plan(application.call)
    assignment = make_assignment(application, make_reviewer(name_en="Dr. Nameless"), state=state)
    return actor_of(db.session.get_one(User, assignment.reviewer.user_id)), assignment


def unpacked(actor: Any) -> dict[str, bytes]:
    with packet_service.packet(actor, language="en") as stream, zipfile.ZipFile(stream) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def filled(data: bytes, **cells: Any) -> bytes:
    book = load_workbook(io.BytesIO(data))
    for ref, value in cells.items():
        book.active[ref] = value
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


@pytest.mark.usefixtures("app")
class TestPacket:
    def test_it_holds_what_may_be_read_and_names_no_expert_and_no_contact(self) -> None:
        actor, assignment = given()
        files = unpacked(actor)
        name = assignment.application.reference
        assert set(files) == {f"{name}/plan.pdf", f"{name}/plan.json", "score-sheets.xlsx"}
        plan = json.loads(files[f"{name}/plan.json"])
        assert plan["assignment"] == assignment.public_id and plan["partners"] and plan["itinerary"]
        with zipfile.ZipFile(io.BytesIO(files["score-sheets.xlsx"])) as book:
            inside = b"".join(book.read(part) for part in book.namelist())
        for content in (*files.values(), inside):
            for canary in (b"Nameless", b"example.ac.jp", b"075-000-0000", b"Jun Ito"):
                assert canary not in content

    def test_the_files_of_the_submission_are_in_it(self) -> None:
        actor, assignment = given()
        attach(assignment.application, "letter.pdf")
        attach(assignment.application, "later.pdf", submitted_at=None)
        files = unpacked(actor)
        inside = f"{assignment.application.reference}/files"
        assert files[f"{inside}/01 letter.pdf"] == pdf("letter.pdf")
        assert [name for name in files if name.startswith(inside)] == [f"{inside}/01 letter.pdf"]

    @pytest.mark.parametrize("state", ["sent", "set_aside", "completed"])
    def test_only_what_is_being_read_is_in_it(self, state: str) -> None:
        actor, _assignment = given(state)
        with pytest.raises(Refused):
            packet_service.packet(actor, language="en")

    def test_a_conflict_empties_it(self) -> None:
        actor, assignment = given()
        make_conflict(assignment.application, assignment.reviewer)
        with pytest.raises(Refused):
            packet_service.packet(actor, language="en")


@pytest.mark.usefixtures("app", "english")
class TestSheetsComeBack:
    def test_marks_and_words_become_a_draft(self) -> None:
        actor, assignment = given()
        book = filled(unpacked(actor)["score-sheets.xlsx"], E2=4, F2="Clear.", E7="5", F8="Adopt.")
        assert packet_service.take_back(actor, data=book, filename="score-sheets.xlsx") == 1
        review = scoring_queries.review_of(assignment)
        sheet = scoring_service.scoring_sheet.of(review, make_criteria(assignment.application.course))
        assert sheet == Sheet({"purpose": 4, "cost": 5}, {"purpose": "Clear."}, "Adopt.", "")
        again = unpacked(actor)["score-sheets.xlsx"]
        assert packet_service.take_back(actor, data=again, filename="score-sheets.xlsx") == 0

    def test_what_does_not_fit_is_said_by_cell_and_nothing_is_saved(self) -> None:
        actor, assignment = given()
        book = filled(unpacked(actor)["score-sheets.xlsx"], E2=4, E3=7, E4="good", A5="somebody:1:criterion:purpose")
        with pytest.raises(Refused) as refusal:
            packet_service.take_back(actor, data=book, filename="score-sheets.xlsx")
        said = [str(line) for line in refusal.value.fields["file"]]
        assert [line.split(":")[0] for line in said] == ["Cell E3", "Cell E4", "Cell A5"]
        assert scoring_queries.review_of(assignment) is None

    def test_a_sheet_changed_here_meanwhile_is_not_overwritten(self) -> None:
        actor, assignment = given()
        book = filled(unpacked(actor)["score-sheets.xlsx"], E2=4)
        scoring_service.save_draft(actor, assignment, Sheet(marks={"purpose": 1}), version=None)
        with pytest.raises(Refused) as refusal:
            packet_service.take_back(actor, data=book, filename="score-sheets.xlsx")
        assert "From cell A2" in str(refusal.value.fields["file"][0])

    def test_another_s_workbook_is_none_of_one_s_own(self) -> None:
        actor, assignment = given()
        book = unpacked(actor)["score-sheets.xlsx"]
        other = make_assignment(assignment.application, make_reviewer())
        with pytest.raises(Refused):
            packet_service.take_back(
                actor_of(db.session.get_one(User, other.reviewer.user_id)), data=book, filename="score-sheets.xlsx"
            )

    @pytest.mark.parametrize(
        ("data", "name"), [(b"", "a.xlsx"), (b"%PDF-1.7", "a.pdf"), (b"PK\x03\x04broken", "a.xlsx")]
    )
    def test_what_is_no_workbook_is_refused_in_words(self, data: bytes, name: str) -> None:
        actor, _assignment = given()
        with pytest.raises(Refused) as refusal:
            packet_service.take_back(actor, data=data, filename=name)
        assert refusal.value.fields["file"]
