"""One list for all audiences: what each sees, how it filters, what leaves the system."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from app.accounts.models import UserSession
from app.applications import indexing, release, snapshot
from app.applications.models import ApplicationState
from app.core import clock
from app.core.audit import AuditEvent
from app.core.authz import Role
from app.core.db import db
from tests.conftest import Client
from tests.factories.accounts import make_actor, make_user, sign_in
from tests.factories.applications import make_application
from tests.factories.calls import make_call, make_course
from tests.factories.decisions import decide, make_proposal
from tests.factories.directory import make_host, make_sending

S = ApplicationState


def themes(client: Client, query: str = "") -> list[str]:
    page = client.get(f"/applications{query}").get_data(as_text=True)
    return sorted(name for name in ("Alpha", "Beta", "Gamma") if f"<td>{name}</td>" in page)


def test_hosts_see_their_own_and_jst_what_was_submitted(client: Client) -> None:
    call, ours = make_call(), make_host()
    make_application(theme_en="Alpha", host=ours, call=call)
    make_application(S.SUBMITTED, theme_en="Beta", host=ours, call=call)
    make_application(S.SUBMITTED, theme_en="Gamma", call=call)
    sign_in(client, make_user(Role.HOST_EDITOR, ours))
    assert themes(client) == ["Alpha", "Beta"]
    for role in (Role.COORDINATOR, Role.DECISION_MAKER, Role.SCREENING_OFFICER, Role.AUDITOR):
        sign_in(client, make_user(role))
        assert themes(client) == ["Beta", "Gamma"]
    for role in (Role.REVIEWER, Role.ADMINISTRATOR, Role.ALUMNUS):
        sign_in(client, make_user(role))
        assert client.get("/applications").status_code == 403


def test_words_of_a_plan_sent_back_find_nothing_before_it_is_submitted_again(client: Client) -> None:
    plan = make_application(S.RETURNED, theme_en="Alpha", host=(ours := make_host()))
    plan.theme_en = "Beta"
    indexing.refresh(plan)
    for reader in (make_user(Role.COORDINATOR), make_user(Role.AUDITOR), make_user(Role.HOST_EDITOR, ours)):
        sign_in(client, reader)
        assert plan.public_id not in client.get("/applications?q=Beta").get_data(as_text=True)
        assert plan.public_id in client.get("/applications?q=Alpha").get_data(as_text=True)
    snapshot.freeze(plan)
    indexing.refresh(plan)
    assert plan.public_id in client.get("/applications?q=Beta").get_data(as_text=True)


def test_a_verb_jst_may_not_use_now_shows_no_word_of_a_plan_sent_back(client: Client) -> None:
    plan = make_application(S.RETURNED, theme_en="Alpha")
    plan.theme_en = "Beta"
    db.session.flush()
    sign_in(client, make_user(Role.COORDINATOR))
    for verb in ("return", "review", "decline"):
        assert "Beta" not in client.post(f"/applications/{plan.public_id}/{verb}").get_data(as_text=True)


def test_filters_narrow_the_list(client: Client) -> None:
    first = make_call("1", courses=[make_course("A"), make_course("B")])
    second = make_call("2")
    kyoto = make_host(name_ja="京都大学", name_en="Kyoto University")
    alpha = make_application(
        S.SUBMITTED,
        theme_en="Alpha",
        host=kyoto,
        call=first,
        partners=[make_sending(country="NP", name_en="Everest College")],
    )
    make_application(S.UNDER_REVIEW, theme_en="Beta", call=first, course=make_course("B"), partners=[])
    make_application(S.SUBMITTED, theme_en="Gamma", call=second, partners=[make_sending(country="KE")])
    sign_in(client, make_user(Role.COORDINATOR))
    assert themes(client, "?state=submitted") == ["Alpha", "Gamma"]
    assert themes(client, f"?call={second.public_id}") == ["Gamma"]
    assert themes(client, "?year=2025") == ["Alpha", "Beta", "Gamma"]
    assert themes(client, "?year=2024") == []
    assert themes(client, "?course=B") == ["Beta"]
    assert themes(client, "?country=KE") == ["Gamma"]
    assert themes(client, "?host=京都") == ["Alpha"]
    assert themes(client, f"?q={alpha.reference}") == ["Alpha"]
    assert themes(client, "?q=everest") == ["Alpha"]
    assert themes(client, "?q=gamma") == ["Gamma"]
    assert themes(client, "?state=nonsense&course=Z&after=tampered&sort=none") == ["Alpha", "Beta", "Gamma"]


@pytest.mark.parametrize("sort", ["newest", "-newest", "received", "-received", "reference", "-reference"])
def test_list_can_be_ordered(client: Client, sort: str) -> None:
    host = make_host()
    call = make_call()
    for state in (S.DRAFT, S.SUBMITTED, S.ADOPTED):
        make_application(state, host=host, call=call)
    sign_in(client, make_user(Role.HOST_EDITOR, host))
    assert client.get(f"/applications?sort={sort}").status_code == 200


@pytest.mark.parametrize("rows", [1, 3])
def test_list_asks_the_database_as_often_for_one_row_as_for_three(client: Client, rows: int) -> None:
    call = make_call()
    for _number in range(rows):
        make_application(S.SUBMITTED, call=call)
    sign_in(client, make_user(Role.COORDINATOR))
    client.get("/applications")
    assert client.last.queries == 4  # who asks, own views, the page, the rounds on offer


@pytest.mark.parametrize("partners", [1, 3])
def test_page_of_a_plan_asks_as_often_for_one_partner_as_for_three(client: Client, partners: int) -> None:
    application = make_application(S.SUBMITTED, partners=[make_sending() for _number in range(partners)])
    sign_in(client, make_user(Role.COORDINATOR))
    client.get(f"/applications/{application.public_id}")
    assert client.last.queries == 20


@pytest.mark.parametrize("plans", [1, 3])
def test_page_of_a_round_asks_as_often_for_one_plan_as_for_three(client: Client, plans: int) -> None:
    call = make_call()
    for _number in range(plans):
        make_proposal(make_application(S.UNDER_REVIEW, call=call))
    sign_in(client, make_user(Role.DECISION_MAKER))
    assert client.get(f"/applications/rounds/{call.public_id}").status_code == 200
    assert client.last.queries == 14
    client.get("/applications/rounds")
    assert client.last.queries == 2


def confirmed(client: Client, role: Role) -> Any:
    """Somebody whose password was proved just now."""
    user = make_user(role)
    sign_in(client, user)
    session = db.session.scalar(select(UserSession).where(UserSession.user_id == user.id))
    assert session is not None
    session.confirmed_at = clock.now()
    return user


def test_export_asks_for_the_password_again(client: Client) -> None:
    sign_in(client, make_user(Role.COORDINATOR))
    answer = client.get("/applications/export")
    assert answer.status_code == 302 and "confirm" in answer.location


def test_export_needs_a_reason_and_records_it(client: Client) -> None:
    make_application(S.SUBMITTED, theme_en="=HYPERLINK(1)", host=make_host(name_en="Kyoto University"))
    make_application(theme_en="A draft", call=make_call("2"))
    user = confirmed(client, Role.COORDINATOR)
    assert client.get("/applications/export").status_code == 200
    assert client.post("/applications/export", data={"key": "e", "reason": ""}).status_code == 422
    answer = client.post("/applications/export?state=submitted", data={"key": "e", "reason": "Committee of June"})
    text = answer.get_data(as_text=True)
    assert answer.content_type.startswith("text/csv")
    assert "'=HYPERLINK(1)" in text and "Kyoto University" in text and "A draft" not in text
    entry = db.session.scalar(select(AuditEvent).where(AuditEvent.verb == "application:export"))
    assert entry is not None
    assert (entry.actor_id, entry.comment, entry.changes["plans"]) == (user.id, "Committee of June", [None, 1])


def test_hosts_take_away_what_they_have_submitted_without_the_password(client: Client) -> None:
    call, ours = make_call(), make_host()
    make_application(S.SUBMITTED, theme_en="Ours", host=ours, call=call)
    make_application(theme_en="A draft", host=ours, call=call)
    make_application(S.SUBMITTED, theme_en="Theirs", call=call)
    sign_in(client, make_user(Role.HOST_EDITOR, ours))
    assert client.get("/applications/export").status_code == 200
    text = client.post("/applications/export", data={"key": "e", "reason": "Our files"}).get_data(as_text=True)
    assert "Ours" in text and "A draft" not in text and "Theirs" not in text


@pytest.mark.parametrize("role", [Role.SCREENING_OFFICER, Role.AUDITOR])
def test_export_is_for_hosts_coordinators_and_decision_makers(client: Client, role: Role) -> None:
    confirmed(client, role)
    assert client.get("/applications/export").status_code == 403
    assert client.post("/applications/export", data={"reason": "x"}).status_code == 403


def test_mails_of_a_plan_are_read_by_jst_and_its_host(client: Client) -> None:
    application = make_application(S.SUBMITTED)
    make_user(Role.COORDINATOR, email="coordinator@example.jp")
    approver = make_user(Role.HOST_APPROVER, application.host_institution)
    sign_in(client, approver)
    client.post(f"/applications/{application.public_id}/withdraw", data={"key": "w"})
    path = f"/applications/{application.public_id}/mails"
    assert "coordinator@example.jp" not in client.get(path).get_data(as_text=True)
    sign_in(client, make_user(Role.COORDINATOR))
    assert "coordinator@example.jp" in client.get(path).get_data(as_text=True)


def test_administrator_reads_the_mails_of_a_plan_but_not_the_plan(client: Client) -> None:
    submitted = make_application(S.SUBMITTED, theme_en="Secret theme")
    draft = make_application(call=submitted.call)
    sign_in(client, make_user(Role.ADMINISTRATOR))
    page = client.get(f"/applications/{submitted.public_id}/mails")
    assert page.status_code == 200 and "Secret theme" not in page.get_data(as_text=True)
    assert client.get(f"/applications/{draft.public_id}/mails").status_code == 404
    assert client.get(f"/applications/{submitted.public_id}").status_code == 403


def test_administrator_sees_that_mails_were_sent_but_neither_words_nor_addresses(client: Client) -> None:
    """Contract, row 76: the log of mails is masked."""
    call = make_call(closes_at=clock.now() - timedelta(days=1))
    plan = make_application(S.UNDER_REVIEW, call=call)
    decide(plan, message="Words for the host alone.")
    release.release(make_actor(Role.DECISION_MAKER), call)
    path = f"/applications/{plan.public_id}/mails"
    sign_in(client, make_user(Role.ADMINISTRATOR))
    page = client.get(path).get_data(as_text=True)
    assert "@" in page and plan.principal_email not in page and "Words for the host alone." not in page
    sign_in(client, make_user(Role.HOST_EDITOR, plan.host_institution))
    assert "Words for the host alone." in client.get(path).get_data(as_text=True)
