"""What experts read of a plan and of one another, and what nobody reads: drafts, and sheets beside a conflict."""

import io

import pytest
from pypdf import PdfReader

from app.accounts.models import User
from app.applications.models import Application, ApplicationState
from app.core import clock
from app.core.authz import Actor, Role
from app.core.db import db
from app.reviews import discussion, reading, round_scores
from app.reviews.models import ReviewAssignment
from tests.conftest import Client
from tests.factories import applications
from tests.factories.accounts import actor_of, grant_role, make_actor, make_user, sign_in
from tests.factories.applications import make_application
from tests.factories.people import make_person
from tests.factories.reviews import make_assignment, make_conflict, make_review, make_review_plan, make_reviewer

SECRETS = ("sita@example.org", "977-1-555-0101", "Sita Sharma", "Hanako Yamada", "jun.ito@example.ac.jp", "GURUNG")


@pytest.fixture
def plan(app: object) -> Application:
    """A plan in discussion, with everything in it that is no business of an expert."""
    made = make_application(
        "draft", purpose="Write to sita@example.org or call +977 1 555 0101.", expected_results="Mixed teams."
    )
    made.partners[0].contact_phone = "977-1-555-0101"
    make_person(made, surname="GURUNG", passport_number="PA1234567")
    applications._move(made, ApplicationState.UNDER_REVIEW, None)
    make_review_plan(made.call, "discussion")
    return made


def expert_of(given: ReviewAssignment) -> Actor:
    return actor_of(db.session.get_one(User, given.reviewer.user_id))


def test_others_are_not_told_why_somebody_abstained(plan: Application) -> None:
    given, silent = make_assignment(plan), make_assignment(plan)
    make_review(given)
    make_review(silent, "abstained")
    assert {voice.reason for voice in discussion.for_expert(expert_of(given), given).voices} == {""}
    told = discussion.for_staff(make_actor(Role.COORDINATOR), plan)
    assert {voice.reason for voice in told.voices} == {"", "Outside my field."}


def test_a_draft_and_a_sheet_beside_a_conflict_are_read_by_nobody(plan: Application) -> None:
    given, draft, late = (make_assignment(plan) for _number in range(3))
    make_review(given)
    make_review(draft, "draft")
    make_review(late)
    make_conflict(plan, late.reviewer)
    jst = make_actor(Role.COORDINATOR)
    assert [voice.who for voice in discussion.for_staff(jst, plan).voices] == [given.reviewer.name]
    assert len(discussion.for_expert(expert_of(given), given).voices) == 1
    assert [voice.who for voice in discussion.set_aside(jst, plan)] == [late.reviewer.name]


def test_who_is_in_conflict_at_jst_finds_no_score_of_the_plan(plan: Application) -> None:
    make_review(make_assignment(plan))
    user = make_user(Role.COORDINATOR)
    grant_role(user, Role.REVIEWER)
    make_conflict(plan, make_reviewer(user=user))
    readers = (actor_of(user), make_actor(Role.COORDINATOR))
    closed, opened = (round_scores.of(reader, plan.call).plans[0] for reader in readers)
    assert (closed.entries, closed.summary, closed.rank) == ([], None, None)
    assert len(opened.entries) == 1


def test_an_expert_reads_a_plan_without_addresses_and_people_by_name(plan: Application) -> None:
    read = reading.for_expert(plan)
    said = str(reading.as_json(read)) + str(reading.contents(read))
    paper = reading.pdf(read, language="en", at=clock.now())
    said += "".join(page.extract_text() for page in PdfReader(io.BytesIO(paper)).pages)
    assert "Mixed teams" in said
    assert [secret for secret in SECRETS if secret in said] == []
    assert (read.named, read.frozen_people, read.verdicts) == ([], None, [])
    assert {partner.contact_name + partner.contact_email + partner.contact_phone for partner in read.partners} == {""}


def test_before_the_answer_on_conflicts_there_is_a_title_and_nothing_else(client: Client, plan: Application) -> None:
    given = make_assignment(plan, state="sent")
    sign_in(client, db.session.get_one(User, given.reviewer.user_id))
    assert b"Mixed teams" not in client.get(f"/reviews/mine/{given.public_id}").data
    assert client.get(f"/reviews/mine/{given.public_id}/plan.pdf").status_code != 200
    page = client.get(f"/reviews/assignments/{given.public_id}/answer").get_data(as_text=True)
    assert plan.theme in page and "Mixed teams" not in page
