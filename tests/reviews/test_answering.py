"""What experts answer, and that a plan in conflict is nowhere: not in lists, search, counts, mails, files, agenda."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from app.accounts.models import User
from app.core.audit import AuditEvent
from app.core.authz import Role
from app.core.db import db
from app.core.outbox import OutboxMessage
from app.core.web import PUBLIC
from app.reviews import assigning_service, conflicts
from app.reviews.models import Conflict, ReviewAssignment
from app.reviews.vocabulary import AssignmentState as S
from app.reviews.vocabulary import ConflictReason
from tests.architecture.test_routes import PARAMETER
from tests.conftest import Client
from tests.factories.accounts import make_user, sign_in
from tests.factories.applications import make_application
from tests.factories.calls import make_call
from tests.factories.reviews import make_assignment, make_conflict, make_reviewer

TITLE, SECRET = "Kanaria-Title-5271", "Kanaria-Purpose-9904"


@pytest.fixture
def assignment(client: Client) -> ReviewAssignment:
    """A plan an expert was asked to read; the expert is signed in."""
    application = make_application("under_review", theme_en=TITLE, purpose=SECRET)
    made = make_assignment(application, make_reviewer(), "sent")
    sign_in(client, db.session.get_one(User, made.reviewer.user_id))
    return made


def answer(client: Client, assignment: ReviewAssignment, **said: str) -> Any:
    return client.post(f"/reviews/assignments/{assignment.public_id}/answer", data=said)


def text(client: Client, address: str) -> str:
    return client.get(address, follow_redirects=True).get_data(as_text=True)


def test_before_the_answer_only_title_and_institutions_are_seen(client: Client, assignment: ReviewAssignment) -> None:
    plan = assignment.application
    page = text(client, f"/reviews/assignments/{assignment.public_id}/answer")
    for shown in (TITLE, plan.host_institution.name_en, plan.partners[0].name):
        assert shown in page
    hidden = (SECRET, plan.principal_name, plan.principal_email, plan.partners[0].contact_name, plan.reference)
    for secret in (*hidden, plan.expected_results):
        assert secret not in page


def test_without_a_conflict_the_plan_is_taken_on(client: Client, assignment: ReviewAssignment) -> None:
    assert answer(client, assignment, answer="accept").status_code == 302
    db.session.refresh(assignment)
    assert assignment.state is S.ACCEPTED and assignment.answered_at is not None
    assert TITLE not in text(client, "/reviews/requests")


def test_a_no_needs_a_word(client: Client, assignment: ReviewAssignment) -> None:
    for choice in ("conflict", "decline"):
        refused = answer(client, assignment, answer=choice, note=" ")
        assert refused.status_code == 422 and "Say in a few words" in refused.get_data(as_text=True)
    assert answer(client, assignment, answer="maybe").status_code == 422
    db.session.refresh(assignment)
    assert assignment.state is S.SENT


def test_want_of_time_is_no_conflict(client: Client, assignment: ReviewAssignment) -> None:
    coordinator = make_user(Role.COORDINATOR)
    assert answer(client, assignment, answer="decline", note="Abroad until June").status_code == 302
    db.session.refresh(assignment)
    assert (assignment.state, assignment.reason) == (S.DECLINED, "Abroad until June")
    assert db.session.scalars(select(Conflict)).all() == []
    mail = db.session.scalars(select(OutboxMessage)).one()
    assert mail.recipient_id == coordinator.id and "Abroad" not in mail.body


def test_a_conflict_ends_it_for_good(client: Client, assignment: ReviewAssignment) -> None:
    assert answer(client, assignment, answer="conflict", note="My former doctoral student").status_code == 302
    db.session.refresh(assignment)
    found = db.session.scalars(select(Conflict)).one()
    assert (assignment.state, found.reason, found.note) == (
        S.DECLINED,
        ConflictReason.DECLARED,
        "My former doctoral student",
    )
    for page in ("answer", "conflict", "give-back"):
        assert client.get(f"/reviews/assignments/{assignment.public_id}/{page}").status_code == 404


def test_later_it_sets_the_work_aside(client: Client, assignment: ReviewAssignment) -> None:
    answer(client, assignment, answer="accept")
    address = f"/reviews/assignments/{assignment.public_id}/conflict"
    assert client.get(address).status_code == 200
    assert client.post(address, data={"note": ""}).status_code == 422
    assert client.post(address, data={"note": "Joined the advisory board"}).status_code == 302
    db.session.refresh(assignment)
    assert assignment.state is S.SET_ASIDE
    assert client.post(address, data={"note": "Again"}).status_code == 404


def test_what_was_begun_can_be_given_back(client: Client, assignment: ReviewAssignment) -> None:
    address = f"/reviews/assignments/{assignment.public_id}/give-back"
    assert client.get(address).status_code == 302
    answer(client, assignment, answer="accept")
    assert client.post(address, data={"note": "Fell ill"}).status_code == 302
    db.session.refresh(assignment)
    assert (assignment.state, assignment.reason) == (S.DECLINED, "Fell ill")


def test_another_expert_s_request_is_not_there(client: Client, assignment: ReviewAssignment) -> None:
    other = make_assignment(make_application("under_review", call=make_call("2")), make_reviewer(), "sent")
    for page in ("answer", "conflict", "give-back"):
        for name in (other.public_id, "nobody-has-this"):
            assert client.get(f"/reviews/assignments/{name}/{page}").status_code == 404
    assert answer(client, other, answer="accept").status_code == 404


def test_no_page_undoes_a_conflict(app: Flask) -> None:
    """Row 28 of the contract: nobody overrides one, so nothing is there to delete or to change it with."""
    about = [rule.rule for rule in app.url_map.iter_rules() if "conflict" in rule.rule]
    assert about and all(rule.endswith(("/conflict", "/conflicts")) for rule in about)
    verbs = [name for name, value in vars(conflicts).items() if getattr(value, "__module__", "") == conflicts.__name__]
    assert not [name for name in verbs if re.search("delete|remove|override|withdraw|undo", name)]


def addresses(app: Flask, values: dict[str, str]) -> Iterator[str]:
    """Every page that is read, filled with the ids of the plan and its assignment."""
    for rule in app.url_map.iter_rules():
        permission = getattr(app.view_functions[rule.endpoint], "permission", PUBLIC)
        if rule.endpoint == "static" or permission == PUBLIC or "GET" not in (rule.methods or ()):
            continue
        yield PARAMETER.sub(lambda found: values.get(found[2], "2025" if found[1] == "int" else "overview"), rule.rule)


@pytest.mark.parametrize("state", ["sent", "completed", "set_aside"])
def test_an_expert_in_conflict_finds_the_plan_nowhere(app: Flask, client: Client, state: str) -> None:
    application = make_application("under_review", theme_en=TITLE, purpose=SECRET)
    assignment = make_assignment(application, make_reviewer(), state)
    make_conflict(application, assignment.reviewer, ConflictReason.SAME_INSTITUTION)
    sign_in(client, db.session.get_one(User, assignment.reviewer.user_id))
    values = {
        "application_id": application.public_id,
        "assignment_id": assignment.public_id,
        "call_id": application.call.public_id,
        "reviewer_id": assignment.reviewer.public_id,
    }
    asked = 0
    for address in (*addresses(app, values), "/", "/organizations?q=Kanaria", "/reviews/requests?q=Kanaria"):
        response = client.get(address)
        asked += 1
        body = response.get_data()
        for canary in (TITLE, SECRET, str(application.reference), application.principal_email):
            assert canary.encode() not in body, address
        assert application.public_id not in response.headers.get("Location", ""), address
    assert asked > 100
    assert "Say whether you can read" not in client.get("/").get_data(as_text=True)
    assert db.session.scalars(select(OutboxMessage)).all() == []


def test_who_reads_is_known_to_jst_alone(app: Flask, client: Client, assignment: ReviewAssignment) -> None:
    """Row 34: the expert's name stands on no page of the host, nor in the plan's history."""
    assignment.reviewer.name_en = "Kanaria Reviewer"
    answer(client, assignment, answer="accept")
    plan = assignment.application
    conflicts.tell_coordinators(assignment)
    assigning_service.tell_expert("review_taken_back", assignment.reviewer, assignment, dedupe="x")
    assert (
        db.session.scalar(
            select(AuditEvent).where(AuditEvent.subject_type == "application", AuditEvent.verb.startswith("review"))
        )
        is None
    )
    for role in (Role.HOST_EDITOR, Role.HOST_APPROVER):
        sign_in(client, make_user(role, plan.host_institution))
        for address in addresses(app, {"application_id": plan.public_id, "call_id": plan.call.public_id}):
            page = client.get(address).get_data()
            assert b"Kanaria Reviewer" not in page and assignment.reviewer.email.encode() not in page, address
    for role, status in (("coordinator", 200), ("decision_maker", 200), ("screening_officer", 403), ("auditor", 403)):
        sign_in(client, make_user(role))
        assert client.get(f"/reviews/reviewers/{assignment.reviewer.public_id}").status_code == status
