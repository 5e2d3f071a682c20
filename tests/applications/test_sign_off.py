"""The sign-off inside a host: asked for, given, sent back; void after any change; every submission needs one."""

from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from flask_babel import force_locale
from sqlalchemy import select

from app.applications import (
    agenda,
    partner_service,
    plan_service,
    sign_off,
    sign_off_queries,
    sign_off_review,
    submission,
)
from app.applications import service as plans
from app.applications.models import Application, ApplicationState
from app.applications.sign_off_model import SignOff, SignOffState
from app.applications.workflow import APPLICATION
from app.core import clock
from app.core.audit import AuditEvent
from app.core.authz import Actor, Role
from app.core.db import db
from app.core.errors import Forbidden, GuardsFailed, Refused, TransitionNotAllowed
from app.core.outbox import OutboxMessage
from tests.conftest import Client
from tests.factories.accounts import actor_of, make_actor, make_user, sign_in
from tests.factories.applications import make_application
from tests.factories.partners import invite_partner, open_browser

S = SignOffState


@pytest.fixture
def plan(app: Flask) -> Application:
    return make_application()


@pytest.fixture
def editor(plan: Application) -> Actor:
    return make_actor(Role.HOST_EDITOR, plan.host_institution, email="editor@example.jp", name="Emi Editor")


@pytest.fixture
def approver(plan: Application) -> Actor:
    return make_actor(Role.HOST_APPROVER, plan.host_institution, email="approver@example.jp", name="Aki Approver")


def change(actor: Actor, plan: Application, text: str = "Another purpose.") -> None:
    fields = {"purpose": text, "theme_en": plan.theme_en}
    plan_service.save_overview(actor, plan, **fields)


def mails(template: str) -> list[str]:
    found = select(OutboxMessage.recipient_address).where(OutboxMessage.template == template)
    return list(db.session.scalars(found.order_by(OutboxMessage.id)))


def test_editor_asks_and_every_approver_is_told(plan: Application, editor: Actor, approver: Actor) -> None:
    make_user(Role.HOST_APPROVER, plan.host_institution, email="second@example.jp")
    make_user(Role.HOST_APPROVER, email="stranger@example.jp")
    sign_off.request(editor, plan, note="The budget is final.")
    assert mails("application_sign_off") == ["approver@example.jp", "second@example.jp"]
    assert sign_off_queries.standing(plan).is_awaiting
    with pytest.raises(TransitionNotAllowed):
        sign_off.request(editor, plan)


def test_plan_that_breaks_a_rule_is_neither_ready_nor_signed(app: Flask, plan: Application, approver: Actor) -> None:
    plan.principal_email = ""
    with app.test_request_context(headers={"Accept-Language": "en"}):
        for verb in (sign_off.request, sign_off.sign):
            with pytest.raises(GuardsFailed) as refused:
                verb(approver, plan)
            assert [problem.partition(":")[0] for problem in refused.value.problems] == ["Contact persons"]


def test_institution_without_an_approver_is_told_so(plan: Application, editor: Actor) -> None:
    with pytest.raises(GuardsFailed):
        sign_off.request(editor, plan)


def test_editor_cannot_sign_off_nor_can_another_institution(plan: Application, editor: Actor) -> None:
    for actor in (editor, make_actor(Role.HOST_APPROVER), make_actor(Role.COORDINATOR)):
        with pytest.raises(Forbidden):
            sign_off.sign(actor, plan)
        with pytest.raises(Forbidden):
            sign_off.send_back(actor, plan, reason="No.")


def test_sign_off_holds_for_the_content_that_was_signed(plan: Application, editor: Actor, approver: Actor) -> None:
    signed = sign_off.sign(approver, plan)
    assert APPLICATION["submit"].guards[-1](plan) is None
    assert sign_off.sign(approver, plan) is signed, "a second click signs nothing more"
    change(editor, plan)
    standing = sign_off_queries.standing(plan)
    assert standing.is_signed and standing.is_changed and not standing.is_valid
    assert APPLICATION["submit"].guards[-1](plan) is not None
    again = sign_off.sign(approver, plan)
    assert again is not signed and sign_off_queries.standing(plan).is_valid


def test_change_by_the_partner_makes_the_sign_off_void(app: Flask, plan: Application, approver: Actor) -> None:
    sign_off.sign(approver, plan)
    invited = invite_partner(plan.partners[0])
    open_browser(app, invited)
    db.session.refresh(invited.link)
    part = {"description": "A university by a river.", "rows": []}
    partner_service.save(invited.link, part, [], version=None)
    standing = sign_off_queries.standing(plan)
    assert standing.is_signed and not standing.is_valid
    found = sign_off_review.comparisons(plan, standing)[-1]
    assert [author.is_partner for author in found.authors["partners"]] == [True]
    assert found.authors["partners"][0].name == plan.partners[0].name
    assert found.authors["people"][0].is_partner


def test_what_was_not_shown_is_not_signed(plan: Application, editor: Actor, approver: Actor) -> None:
    seen = sign_off_queries.standing(plan).digest
    change(editor, plan)
    with pytest.raises(sign_off.ReadsOtherwise):
        sign_off.sign(approver, plan, seen=seen)
    with pytest.raises(sign_off.ReadsOtherwise):
        submission.submit(approver, plan, seen=seen)
    assert db.session.scalar(select(SignOff)) is None


def test_sent_back_with_a_reason_to_the_editor_who_asked(plan: Application, editor: Actor, approver: Actor) -> None:
    make_user(Role.HOST_EDITOR, plan.host_institution, email="other@example.jp")
    with pytest.raises(TransitionNotAllowed):
        sign_off.send_back(approver, plan, reason="Nobody asked.")
    sign_off.request(editor, plan)
    with pytest.raises(Refused):
        sign_off.send_back(approver, plan, reason="  ")
    sign_off.send_back(approver, plan, reason="The third day is empty.")
    assert mails("application_sent_back") == ["editor@example.jp"]
    assert sign_off_queries.standing(plan).is_sent_back
    change(editor, plan)
    sign_off.request(editor, plan)
    titles = [found.title for found in sign_off_review.comparisons(plan, sign_off_queries.standing(plan))]
    assert len(titles) == 1 and "Aki Approver" in titles[0]


def test_request_can_be_taken_back_until_it_is_answered(plan: Application, editor: Actor, approver: Actor) -> None:
    sign_off.request(editor, plan)
    sign_off.take_back(editor, plan)
    assert sign_off_queries.standing(plan).newest is None
    sign_off.request(editor, plan)
    sign_off.sign(approver, plan)
    assert mails("application_signed_off") == ["editor@example.jp"]
    with pytest.raises(TransitionNotAllowed):
        sign_off.take_back(editor, plan)


def test_nothing_can_be_signed_after_the_deadline(plan: Application, editor: Actor, approver: Actor) -> None:
    with time_machine.travel(plan.call.closes_at, tick=False):
        for verb in (sign_off.request, sign_off.sign):
            with pytest.raises(TransitionNotAllowed):
                verb(approver, plan)


def test_submission_without_a_sign_off_is_refused_by_the_workflow(plan: Application, approver: Actor) -> None:
    with pytest.raises(GuardsFailed) as refused:
        APPLICATION.fire(plan, "submit", approver)
    assert len(refused.value.problems) == 1


def test_approver_alone_signs_and_submits_in_one_act(plan: Application, approver: Actor) -> None:
    submission.submit(approver, plan)
    used = sign_off_queries.of_submission(plan, plan.submitted_at)
    assert used is not None and used.answered_by_id == approver.id and used.requested_by_id is None
    verbs = db.session.scalars(
        select(AuditEvent.verb).where(AuditEvent.subject_type == "application").order_by(AuditEvent.id)
    ).all()
    assert list(verbs) == ["application:sign-off", "application:submit"]


def test_receipt_names_who_signed_off_though_another_submitted(
    client: Client, plan: Application, editor: Actor, approver: Actor
) -> None:
    other = make_user(Role.HOST_APPROVER, plan.host_institution, name="Sub Mitter", locale="en")
    sign_off.request(editor, plan)
    sign_off.sign(approver, plan)
    submission.submit(actor_of(other), plan)
    sign_in(client, other)
    page = client.get(f"/applications/{plan.public_id}/receipt").text
    assert "Sub Mitter" in page and "Aki Approver" in page
    assert "Aki Approver" in client.get(f"/applications/{plan.public_id}/mails").text


def test_each_submission_needs_a_sign_off_of_its_own(plan: Application, editor: Actor, approver: Actor) -> None:
    sign_off.sign(approver, plan)
    change(editor, plan)
    submission.submit(approver, plan)
    due = clock.today() + timedelta(days=3)
    plans.send_back(make_actor(Role.COORDINATOR), plan, reason="Look again.", due_on=due)
    standing = sign_off_queries.standing(plan)
    assert standing.newest is None, "neither the one that was used nor the one before it counts any more"
    assert APPLICATION["submit"].guards[-1](plan) is not None


def test_agenda_asks_approvers_to_sign_and_editors_to_go_over_it(
    plan: Application, editor: Actor, approver: Actor
) -> None:
    def asked(actor: Actor) -> list[tuple[str, str]]:
        with force_locale("en"):
            tasks = agenda.tasks(actor)
        return [(str(task.label), task.endpoint) for task in tasks if task.values == {"application_id": plan.public_id}]

    sign_off.request(editor, plan)
    assert asked(approver) == [("Sign off the plan", "applications.sign_off")]
    assert asked(editor) == []
    sign_off.send_back(approver, plan, reason="The third day is empty.")
    assert asked(editor) == [("Go over the plan again: the approver sent it back", "applications.show")]


def test_pages_lead_from_the_request_to_the_receipt(client: Client, plan: Application) -> None:
    address = f"/applications/{plan.public_id}"
    officer = make_user(Role.HOST_APPROVER, plan.host_institution, locale="en", name="Aki Approver")
    sign_in(client, make_user(Role.HOST_EDITOR, plan.host_institution, locale="en"))
    assert "Aki Approver" in client.get(f"{address}/sign-off/request").text
    assert client.post(f"{address}/sign-off/request", data={"key": "1", "note": "Please."}).status_code == 302
    sign_in(client, officer)
    page = client.get(f"{address}/sign-off")
    assert "Please." in page.text and "Measuring a river basin" in page.text and "Submissions are received" in page.text
    late = client.post(f"{address}/sign-off", data={"key": "2", "content": "0" * 64})
    assert late.status_code == 409 and "changed while you were reading" in late.text
    answer = client.post(f"{address}/sign-off", data={"key": "3", "do": "submit"})
    assert answer.location == f"{address}/submit"
    assert "Signed off by Aki Approver" in client.get(answer.location).text
    stale = client.post(f"{address}/submit", data={"key": "4", "content": "0" * 64})
    assert stale.status_code == 409 and plan.state is ApplicationState.DRAFT
    assert client.post(f"{address}/submit", data={"key": "5"}).location == f"{address}/receipt"


def test_sending_back_needs_words_and_loses_none(client: Client, plan: Application, editor: Actor) -> None:
    sign_off.request(make_actor(Role.HOST_APPROVER, plan.host_institution), plan)
    sign_in(client, make_user(Role.HOST_APPROVER, plan.host_institution, locale="en"))
    address = f"/applications/{plan.public_id}/sign-off/send-back"
    assert client.post(address, data={"comment": ""}).status_code == 422
    assert client.post(address, data={"comment": "The third day is empty."}).status_code == 302
    assert "The third day is empty." in client.get(f"/applications/{plan.public_id}").text


def test_jst_learns_nothing_of_it(client: Client, plan: Application, editor: Actor, approver: Actor) -> None:
    sign_off.request(editor, plan, note="Inside note")
    sign_off.send_back(approver, plan, reason="Inside reason")
    submission.submit(approver, plan)
    sign_in(client, make_user(Role.COORDINATOR, locale="en"))
    for path in ("", "/mails", "/changes"):
        text = client.get(f"/applications/{plan.public_id}{path}").text
        assert "Inside" not in text and "sent back" not in text and "ign-off" not in text, path
    logged = db.session.scalars(select(AuditEvent).where(AuditEvent.comment.contains("Inside"))).all()
    assert logged == [], "the words stay out of the log, which auditors read"
