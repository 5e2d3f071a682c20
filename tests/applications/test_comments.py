"""Comments among a host's own staff: written, answered, settled; told by mail; read by nobody else."""

from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from app.applications import comment_queries, commenting
from app.applications.models import Application, ApplicationState
from app.core import clock
from app.core.audit import AuditEvent
from app.core.authz import Actor, Role
from app.core.db import db
from app.core.errors import Forbidden, NotFound, Refused
from app.core.outbox import OutboxMessage
from tests.conftest import Client
from tests.factories.accounts import actor_of, make_actor, make_user, sign_in
from tests.factories.applications import make_application
from tests.factories.partners import invite_partner, open_browser


@pytest.fixture
def plan(app: Flask) -> Application:
    return make_application()


@pytest.fixture
def editor(plan: Application) -> Actor:
    return make_actor(Role.HOST_EDITOR, plan.host_institution, email="editor@example.jp", locale="ja")


@pytest.fixture
def approver(plan: Application) -> Actor:
    return make_actor(Role.HOST_APPROVER, plan.host_institution, email="approver@example.jp")


def mails() -> list[OutboxMessage]:
    query = select(OutboxMessage).where(OutboxMessage.template == "application_comment").order_by(OutboxMessage.id)
    return list(db.session.scalars(query))


def test_thread_is_open_until_it_is_settled_and_again_when_answered(plan: Application, editor: Actor) -> None:
    head = commenting.write(editor, plan, "budget", " Is the fare right? ")
    commenting.write(editor, plan, "safety", "Which insurance?")
    assert head.text == "Is the fare right?"
    assert comment_queries.count_open(plan) == {"budget": 1, "safety": 1}
    for _twice in range(2):
        commenting.settle(editor, plan, head.public_id, is_settled=True)
    assert comment_queries.count_open(plan) == {"safety": 1}
    commenting.answer(editor, plan, head.public_id, "No, it went up.")
    (thread,) = comment_queries.threads(plan, "budget")
    assert thread.is_open and [answer.text for answer in thread.answers] == ["No, it went up."]
    verbs = db.session.scalars(select(AuditEvent.verb).where(AuditEvent.subject_type == "section_comment")).all()
    assert sorted(verbs) == ["comment:answer", "comment:reopen", "comment:settle", "comment:write", "comment:write"]


def test_open_threads_stand_before_settled_ones(plan: Application, editor: Actor) -> None:
    first = commenting.write(editor, plan, "budget", "First")
    commenting.write(editor, plan, "budget", "Second")
    commenting.settle(editor, plan, first.public_id, is_settled=True)
    assert [thread.head.text for thread in comment_queries.threads(plan)] == ["Second", "First"]


def test_empty_comment_unknown_section_and_foreign_thread_are_refused(plan: Application, editor: Actor) -> None:
    with pytest.raises(Refused):
        commenting.write(editor, plan, "budget", " \n ")
    with pytest.raises(NotFound):
        commenting.write(editor, plan, "weather", "Rain.")
    other = make_application(call=plan.call)
    foreign = commenting.write(make_actor(Role.HOST_EDITOR, other.host_institution), other, "budget", "Ours")
    with pytest.raises(NotFound):
        commenting.answer(editor, plan, foreign.public_id, "Not ours")
    reply = commenting.answer(editor, plan, commenting.write(editor, plan, "budget", "A").public_id, "B")
    with pytest.raises(NotFound):
        commenting.settle(editor, plan, reply.public_id, is_settled=True)


@pytest.mark.parametrize("role", [Role.COORDINATOR, Role.AUDITOR, Role.ADMINISTRATOR, Role.HOST_APPROVER])
def test_nobody_outside_the_institution_comments(plan: Application, role: Role) -> None:
    with pytest.raises(Forbidden):
        commenting.write(make_actor(role), plan, "budget", "From outside")


def test_those_who_took_part_are_told_once_an_hour_in_their_language(
    plan: Application, editor: Actor, approver: Actor
) -> None:
    make_user(Role.HOST_EDITOR, plan.host_institution, email="uninvolved@example.jp")
    now = clock.now()
    with time_machine.travel(now, tick=False):
        commenting.write(approver, plan, "budget", "Secret of the house")
        assert mails() == [], "nobody else has worked on the plan yet"
        commenting.write(editor, plan, "budget", "Answer of the editor")
        commenting.write(approver, plan, "safety", "Once more")
        assert [mail.recipient_address for mail in mails()] == ["approver@example.jp", "editor@example.jp"]
    with time_machine.travel(now + timedelta(minutes=59), tick=False):
        commenting.write(approver, plan, "safety", "Too soon for a mail")
        assert len(mails()) == 2
    with time_machine.travel(now + timedelta(minutes=60), tick=False):
        commenting.write(approver, plan, "safety", "A mail again")
    told = mails()
    assert [mail.locale for mail in told] == ["en", "ja", "ja"]
    assert all("Secret of the house" not in mail.body for mail in told)
    assert f"/applications/{plan.public_id}/comments/budget" in told[0].body


def test_who_left_the_institution_hears_nothing(plan: Application, approver: Actor) -> None:
    leaver = make_user(Role.HOST_EDITOR, plan.host_institution)
    commenting.write(actor_of(leaver), plan, "budget", "Before I go")
    leaver.grants[0].expires_on = clock.today() - timedelta(days=1)
    db.session.flush()
    commenting.write(approver, plan, "budget", "Good luck")
    assert mails() == []


def test_comments_show_at_the_section_and_are_counted_on_the_plan(client: Client, plan: Application) -> None:
    staff = make_user(Role.HOST_EDITOR, plan.host_institution, locale="en")
    sign_in(client, staff)
    address = f"/applications/{plan.public_id}"
    assert client.post(f"{address}/comments/budget", data={"key": "1", "text": "Is it right?"}).status_code == 302
    assert client.post(f"{address}/comments/budget", data={"key": "1", "text": "Is it right?"}).status_code == 302
    assert "Comments (1)" in client.get(address).text
    assert "Is it right?" in client.get(f"{address}/edit/budget").text
    assert "Is it right?" not in client.get(f"{address}/edit/safety").text
    (thread,) = comment_queries.threads(plan)
    place = f"{address}/comments/{thread.head.public_id}"
    empty = client.post(f"{place}/answer", data={})
    assert empty.status_code == 422 and "Write something first." in empty.text
    assert client.post(f"{place}/answer", data={f"{thread.head.public_id}-text": "Yes."}).status_code == 302
    assert "Yes." in client.get(f"{address}/comments").text
    assert client.post(f"{place}/settle", data={"settled": "yes"}).status_code == 302
    assert "Is it right?" not in client.get(f"{address}/edit/budget").text
    assert "1 settled" in client.get(f"{address}/comments/budget").text


def test_comments_can_be_written_about_a_plan_on_its_way(client: Client) -> None:
    plan = make_application(ApplicationState.UNDER_REVIEW)
    sign_in(client, make_user(Role.HOST_EDITOR, plan.host_institution))
    answer = client.post(f"/applications/{plan.public_id}/comments/budget", data={"text": "For next year"})
    assert answer.status_code == 302
    assert client.get(answer.location).status_code == 200


def test_neither_jst_nor_the_partner_sees_them(app: Flask, client: Client, editor: Actor, plan: Application) -> None:
    plan.state = ApplicationState.DRAFT
    commenting.write(make_actor(Role.HOST_APPROVER, plan.host_institution), plan, "partners", "Only among us")
    commenting.write(editor, plan, "partners", "Only among us too")
    phone = open_browser(app, invite_partner(plan.partners[0]))
    assert "among us" not in phone.get("/partner").text
    submitted = make_application(ApplicationState.SUBMITTED, call=plan.call)
    staff = make_actor(Role.HOST_APPROVER, submitted.host_institution)
    commenting.write(make_actor(Role.HOST_EDITOR, submitted.host_institution), submitted, "partners", "Only among us")
    commenting.write(staff, submitted, "partners", "Only among us too")
    assert len(mails()) == 2
    for role in (Role.COORDINATOR, Role.AUDITOR):
        sign_in(client, make_user(role, locale="en"))
        page = client.get(f"/applications/{submitted.public_id}").text
        assert "among us" not in page and "omment" not in page
        assert client.get(f"/applications/{submitted.public_id}/comments").status_code == 403
    sign_in(client, make_user(Role.COORDINATOR, locale="en"))
    assert "omment" not in client.get(f"/applications/{submitted.public_id}/mails").text
    assert db.session.scalars(select(AuditEvent).where(AuditEvent.comment.contains("among us"))).all() == []
