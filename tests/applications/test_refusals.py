"""Verbs on plans refuse by themselves whoever may not use them; lists, filters and files hold no more than pages."""

import io
from datetime import timedelta

import pytest
from flask import Flask
from pypdf import PdfReader
from sqlalchemy import update

from app.accounts.models import UserSession
from app.applications import commenting, named_service, proposing, queries, release, service
from app.applications.models import Outcome
from app.core import audit, authz, clock
from app.core.authz import Role
from app.core.db import db
from app.core.errors import Forbidden
from tests.conftest import Client
from tests.factories.accounts import actor_of, make_actor, make_user, sign_in
from tests.factories.applications import make_application
from tests.factories.calls import make_call
from tests.factories.decisions import make_proposal
from tests.factories.directory import make_host
from tests.factories.people import make_person

pytestmark = pytest.mark.usefixtures("app")
OUTSIDE = (Role.HOST_APPROVER, Role.REVIEWER, Role.SCREENING_OFFICER, Role.ADMINISTRATOR, Role.AUDITOR)


def test_nobody_begins_a_plan_for_another_institution() -> None:
    call = make_call()
    with pytest.raises(Forbidden):
        service.begin(make_actor(Role.HOST_APPROVER), call=call, course=call.courses[0].course, host=make_host())


@pytest.mark.parametrize("role", OUTSIDE)
def test_nobody_else_decides_or_releases(role: Role) -> None:
    plan, actor = make_application("under_review"), make_actor(role)
    for outcome in Outcome:
        with pytest.raises(Forbidden):
            proposing.propose(actor, plan, outcome=outcome)
    with pytest.raises(Forbidden):
        proposing.approve(actor, make_proposal(plan))
    with pytest.raises(Forbidden):
        release.release(actor, plan.call)


def test_coordinators_release_nothing() -> None:
    plan = make_application("decided")
    with pytest.raises(Forbidden):
        release.release(make_actor(Role.COORDINATOR), plan.call)


@pytest.mark.parametrize("role", [*OUTSIDE, Role.COORDINATOR, Role.DECISION_MAKER])
def test_comments_of_a_house_are_its_own(role: Role) -> None:
    plan = make_application()
    said = commenting.write(make_actor(Role.HOST_EDITOR, plan.host_institution), plan, "overview", "Is this right?")
    actor = make_actor(role)
    with pytest.raises(Forbidden):
        commenting.write(actor, plan, "overview", "No.")
    with pytest.raises(Forbidden):
        commenting.answer(actor, plan, said.public_id, "No.")
    with pytest.raises(Forbidden):
        commenting.settle(actor, plan, said.public_id, is_settled=True)


@pytest.mark.parametrize("role", [Role.DECISION_MAKER, Role.REVIEWER, Role.AUDITOR, Role.HOST_EDITOR])
def test_a_passport_number_is_not_revealed_to_whoever_sees_the_plan(role: Role) -> None:
    person = make_person(make_application("under_review"), passport_number="PA1234567")
    with pytest.raises(Forbidden):
        named_service.reveal_number(make_actor(role), person, reason="To book a flight.")


def test_a_file_holds_what_may_be_taken_away() -> None:
    plan = make_application("under_review")
    for role, number in ((Role.COORDINATOR, 1), (Role.AUDITOR, 0), (Role.SCREENING_OFFICER, 0)):
        assert len(db.session.execute(queries.exportable(make_actor(role))).all()) == number, (role, plan.reference)


def test_rounds_to_filter_by_are_those_of_plans_one_sees() -> None:
    ours, theirs = make_application(), make_application("under_review", call=make_call("2"))
    host = make_actor(Role.HOST_EDITOR, ours.host_institution)
    assert [row.public_id for row in queries.rounds(host)] == [ours.call.public_id]
    assert [row.public_id for row in queries.rounds(make_actor(Role.AUDITOR))] == [theirs.call.public_id]


def test_before_the_release_a_decided_plan_is_one_under_review(app: Flask, client: Client) -> None:
    host = make_host()
    call = make_call()
    plan, other = (make_application(state, host=host, call=call) for state in ("decided", "under_review"))
    sign_in(client, make_user(Role.HOST_APPROVER, host))
    pages = [client.get(f"/applications/{row.public_id}").get_data(as_text=True) for row in (plan, other)]
    assert "Under review" in pages[0] and "Decided" not in pages[0] + pages[1]
    found = {
        state: client.get(f"/applications?state={state}").get_data(as_text=True)
        for state in ("decided", "under_review")
    }
    assert found["decided"].count("<tr") == found["under_review"].count("<tr")  # a word nobody knows filters nothing
    assert plan.public_id in found["under_review"] and other.public_id in found["under_review"]
    assert not authz.can(make_actor(Role.HOST_APPROVER, host), "decision:view", plan)


def test_how_a_house_agreed_is_read_by_nobody_else(client: Client) -> None:
    plan = make_application("under_review")
    approver = make_user(Role.HOST_APPROVER, plan.host_institution)
    audit.record(actor_of(approver), "application:send-back", plan, comment="Not like this.")
    for reader, sees in ((approver, True), (make_user(Role.COORDINATOR), False), (make_user(Role.AUDITOR), False)):
        sign_in(client, reader)
        assert ("Not like this." in client.get(f"/applications/{plan.public_id}").get_data(as_text=True)) is sees


def test_auditors_get_papers_without_addresses(client: Client) -> None:
    plan = make_application("under_review")
    for role, sees in ((Role.COORDINATOR, True), (Role.AUDITOR, False)):
        sign_in(client, make_user(role))
        paper = client.get(f"/applications/{plan.public_id}/plan.pdf?language=en").data
        text = "".join(page.extract_text() for page in PdfReader(io.BytesIO(paper)).pages)
        plain = "".join(sign for sign in text if "!" <= sign <= "~")
        assert ("jun.ito@example.ac.jp" in plain) is sees


def test_a_plan_sent_back_is_shown_as_it_was_submitted(client: Client) -> None:
    plan = make_application("returned", theme_en="Alpha")
    plan.theme_en, plan.purpose = "Beta", "A purpose nobody submitted"
    db.session.flush()
    for role in (Role.COORDINATOR, Role.DECISION_MAKER, Role.SCREENING_OFFICER, Role.AUDITOR):
        sign_in(client, make_user(role))
        said = " ".join(
            client.get(path).get_data(as_text=True)
            for path in ("/applications", f"/applications/{plan.public_id}", f"/api/plans/{plan.public_id}")
        )
        assert "Alpha" in said and "Beta" not in said and "nobody submitted" not in said


@pytest.mark.parametrize(("ago", "status"), [(timedelta(minutes=9, seconds=50), 200), (timedelta(minutes=10), 302)])
def test_a_password_is_proved_for_ten_minutes(client: Client, ago: timedelta, status: int) -> None:
    sign_in(client, make_user(Role.COORDINATOR))
    db.session.execute(update(UserSession).values(confirmed_at=clock.now() - ago))
    assert client.get("/applications/export").status_code == status
