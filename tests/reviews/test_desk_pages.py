"""The expert's desk: a list with progress, a plan beside its sheet, kept while one types, handed in in two steps."""

import re
from io import BytesIO
from typing import Any

import pytest
from flask import Flask
from pypdf import PdfReader

from app.accounts.models import User
from app.core import clock
from app.core.db import db
from app.reviews import reading, scoring_queries
from app.reviews.models import ReviewAssignment
from app.reviews.vocabulary import ReviewState
from tests.conftest import Client
from tests.factories.accounts import make_user, sign_in
from tests.factories.applications import make_application
from tests.factories.reviews import (
    make_assignment,
    make_conflict,
    make_criteria,
    make_review,
    make_review_plan,
    make_reviewer,
)

KEYS = ("purpose", "exchange", "sending", "continuity", "feasibility", "cost")
SECRETS = ("taro.sato@example.ac.jp", "jun.ito@example.ac.jp", "075-000-0000", "Jun Ito", "partner@example.org")


def desk(client: Client, phase: str = "scoring", state: str = "accepted") -> ReviewAssignment:
    """An expert signed in, to whom a plan is given."""
    application = make_application("under_review")
    make_criteria(application.course)
    make_review_plan(application.call, phase)
    assignment = make_assignment(application, state=state)
    sign_in(client, db.session.get_one(User, assignment.reviewer.user_id))
    return assignment


def typed(version: Any = "", **fields: Any) -> dict[str, Any]:
    return {**{f"mark_{key}": "4" for key in KEYS}, "for_panel": "Adopt.", "version": version, **fields}


def at(assignment: ReviewAssignment, verb: str = "") -> str:
    return f"/reviews/mine/{assignment.public_id}" + (f"/{verb}" if verb else "")


class TestReading:
    def test_the_plan_stands_beside_the_sheet_without_contacts(self, client: Client) -> None:
        assignment = desk(client)
        page = client.get(at(assignment))
        assert page.status_code == 200
        assert client.last.queries <= 22
        assert "Students measure the water of a river" in page.text and 'name="mark_purpose"' in page.text
        assert [secret for secret in SECRETS if secret in page.text] == []

    def test_what_stands_there_is_what_was_submitted_and_never_a_draft(self, client: Client) -> None:
        assignment = desk(client)
        assignment.application.purpose = "A draft of a correction."
        page = client.get(at(assignment))
        assert "A draft of a correction." not in page.text and "Students measure" in page.text

    def test_addresses_in_running_text_are_masked(self, client: Client) -> None:
        assignment = desk(client)
        snapshot = dict(assignment.application.snapshot or {})
        assignment.application.snapshot = snapshot | {
            "purpose": "Ask sato@example.ac.jp or +81 75-753-0000 on 2026-07-25."
        }
        page = client.get(at(assignment))
        assert "sato@example" not in page.text and "753-0000" not in page.text and "2026-07-25" in page.text

    def test_before_the_answer_only_what_it_is_about_is_shown(self, client: Client) -> None:
        assignment = desk(client, state="sent")
        page = client.get(at(assignment))
        assert page.status_code == 200 and "Students measure" not in page.text
        for verb in ("hand-in", "abstain", "plan.pdf", "discussion"):
            assert client.get(at(assignment, verb)).status_code == 409, verb

    @pytest.mark.parametrize("address", ["/reviews/mine", "/reviews/requests", ""])
    def test_before_the_answer_no_page_but_the_question_says_more_than_the_title(
        self, client: Client, address: str
    ) -> None:
        assignment = desk(client, state="sent")
        plan = assignment.application
        page = client.get(address or at(assignment)).text
        assert plan.theme_en in page
        hidden = (plan.reference, plan.course.name_en, plan.host_institution.name_en, plan.partners[0].name)
        assert [word for word in hidden if word in page] == []

    @pytest.mark.parametrize("verb", ["", "hand-in", "abstain", "plan.pdf", "discussion"])
    def test_another_s_plan_and_one_in_conflict_do_not_exist(self, client: Client, verb: str) -> None:
        assignment = desk(client)
        theirs = make_assignment(make_application("under_review", call=assignment.call), make_reviewer())
        assert client.get(at(theirs, verb)).status_code == 404
        make_conflict(assignment.application, assignment.reviewer)
        assert client.get(at(assignment, verb)).status_code == 404
        assert assignment.application.reference not in client.get("/reviews/mine").text

    def test_a_withdrawn_plan_is_gone_from_the_desk(self, client: Client) -> None:
        assignment = desk(client)
        assignment.application.state = "withdrawn"
        assert client.get(at(assignment)).status_code == 404
        assert assignment.application.reference not in client.get("/reviews/mine").text

    @pytest.mark.parametrize("role", ["host_editor", "coordinator", "screening_officer", "auditor", "administrator"])
    def test_nobody_else_has_a_desk(self, client: Client, role: str) -> None:
        assignment = desk(client)
        sign_in(client, make_user(role))
        assert client.get(at(assignment)).status_code == 403

    def test_the_paper_names_no_expert(self, client: Client) -> None:
        assignment = desk(client)
        paper = client.get(at(assignment, "plan.pdf")).data
        assert paper.startswith(b"%PDF")
        read = PdfReader(BytesIO(paper))
        text = "".join(page.extract_text() for page in read.pages)
        assert "Students measure" in text
        assert [secret for secret in (*SECRETS, assignment.reviewer.name) if secret in text] == []
        assert read.metadata is not None and read.metadata.author is None
        assert assignment.reviewer.name not in str(read.metadata)


class TestList:
    def test_progress_and_due_days_are_read_with_few_queries_however_many_plans(self, client: Client) -> None:
        assignment = desk(client)
        make_review(assignment, mark=5)
        client.get("/reviews/mine")
        few = client.last.queries
        for _number in range(4):
            other = make_application("under_review", call=assignment.call, course=assignment.application.course)
            make_review(make_assignment(other, assignment.reviewer), "draft")
        page = client.get("/reviews/mine")
        assert client.last.queries == few <= 10
        assert "1 of 5 reviews are in" in page.text and "100.0" in page.text and "6 of 6 marks" in page.text

    def test_what_is_overdue_says_so(self, client: Client) -> None:
        assignment = desk(client)
        assignment.due_on = clock.today().replace(year=clock.today().year - 1)
        assert "Overdue since" in client.get("/reviews/mine").text


class TestWriting:
    def test_two_steps_hand_a_review_in(self, client: Client) -> None:
        assignment = desk(client)
        answer = client.post(at(assignment), data=typed(hand_in="1"))
        assert answer.status_code == 302 and answer.location.endswith("/hand-in")
        review = scoring_queries.review_of(assignment)
        assert review is not None and review.state is ReviewState.DRAFT
        page = client.get(at(assignment, "hand-in"))
        assert "75.0" in page.text and "Still missing" not in page.text
        assert client.post(at(assignment, "hand-in"), data={"version": review.version}).status_code == 302
        assert scoring_queries.review_of(assignment).state is ReviewState.SUBMITTED  # type: ignore[union-attr]

    def test_what_is_missing_is_said_before_handing_in(self, client: Client) -> None:
        assignment = desk(client)
        client.post(at(assignment), data={"mark_purpose": "3", "version": "", "hand_in": "1"})
        page = client.get(at(assignment, "hand-in"))
        assert "Still missing" in page.text and "#mark_cost" in page.text
        review = scoring_queries.review_of(assignment)
        assert client.post(at(assignment, "hand-in"), data={"version": review.version}).status_code == 422  # type: ignore[union-attr]

    def test_what_is_typed_is_kept_and_a_second_page_is_told(self, client: Client) -> None:
        assignment = desk(client)
        kept = client.post(at(assignment, "keep"), data=typed())
        version = re.search(r'data-version="(\d+)"', kept.text)
        assert kept.status_code == 200 and version is not None and "6 of 6 marks" in kept.text
        again = client.post(at(assignment, "keep"), data=typed(version[1], for_panel="Adopt, with a condition."))
        assert again.status_code == 200
        elsewhere = client.post(at(assignment, "keep"), data=typed(version[1], for_panel="From another page."))
        assert elsewhere.status_code == 409
        compared = client.post(at(assignment), data=typed(version[1], for_panel="From another page."))
        assert compared.status_code == 409
        assert "From another page." in compared.text and "Adopt, with a condition." in compared.text

    def test_a_mark_off_the_scale_is_refused_and_nothing_typed_is_lost(self, client: Client) -> None:
        assignment = desk(client)
        answer = client.post(at(assignment), data=typed(mark_cost="9", for_panel="Long thought."))
        assert answer.status_code == 422 and "Long thought." in answer.text
        assert scoring_queries.review_of(assignment) is None

    def test_a_closed_phase_shows_the_sheet_and_takes_nothing(self, client: Client) -> None:
        assignment = desk(client, "closed")
        make_review(assignment)
        page = client.get(at(assignment))
        assert 'name="mark_purpose"' not in page.text and "Scoring ended on" in page.text
        late = client.post(at(assignment), data=typed("1", for_panel="A second too late."))
        assert late.status_code == 409 and "A second too late." in late.text and "Scoring ended on" in late.text

    def test_abstaining_needs_a_reason(self, client: Client) -> None:
        assignment = desk(client)
        assert client.post(at(assignment, "abstain"), data={"version": "", "reason": ""}).status_code == 422
        assert (
            client.post(at(assignment, "abstain"), data={"version": "", "reason": "Not my field."}).status_code == 302
        )
        assert scoring_queries.review_of(assignment).state is ReviewState.ABSTAINED  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("write to a.b+c@x.ac.jp now", "write to •••• now"),
        ("call 075-753-5000", "call ••••"),
        ("call +84 24 3754 7461", "call ••••"),
        ("from 2026-07-25 to 2026-07-31, 10:00-12:00", "from 2026-07-25 to 2026-07-31, 10:00-12:00"),
        ("1,200,000 yen for 10 people", "1,200,000 yen for 10 people"),
    ],
)
def test_masking_takes_addresses_and_telephones_and_leaves_days_and_sums(app: Flask, text: str, shown: str) -> None:
    assert reading.masked(text) == shown
