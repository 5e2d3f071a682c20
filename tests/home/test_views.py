"""The hall: strangers learn what this is, everybody else what needs them now; help; the demonstration's mailbox."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from app import menu, wiring
from app.accounts.models import User
from app.accounts.roles import ROLE_LABELS, ROLE_SENTENCES
from app.core import agenda, authz, clock, outbox
from app.core.agenda import Task
from app.core.audit import AuditEvent
from app.core.authz import Actor, Role, Scope
from app.core.db import db
from app.home import permission_words, queries
from app.home.queries import Agenda
from tests.conftest import Client
from tests.factories.accounts import make_user, sign_in
from tests.factories.calls import make_call

ROLES = [role for role in Role if role is not Role.SYSTEM]


def test_stranger_sees_what_this_is_and_where_to_begin(client: Client) -> None:
    client.post("/language", data={"language": "en"})
    page = client.get("/").text
    for place in ("/sign-in", "/sign-in/ask-link", "/organizations/register", "/certificate"):
        assert f'"{place}"' in page, place
    assert "No round is open at present." in page


def test_stranger_sees_open_calls_with_their_deadline(client: Client) -> None:
    client.post("/language", data={"language": "en"})
    make_call("2", 2025)
    page = client.get("/").text
    assert "FY2025, Round 2" in page and "JST" in page


@pytest.mark.parametrize("role", ROLES)
def test_home_is_kind_to_people_nothing_waits_for(client: Client, role: Role) -> None:
    sign_in(client, make_user(role))
    page = client.get("/")
    assert page.status_code == 200
    assert "Nothing waits for you." in page.text
    assert str(ROLE_LABELS[role]) or page


def test_home_shows_tasks_by_room_the_most_urgent_first(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    today = clock.today()

    def task(label: str, days: int | None) -> Task:
        return Task(label, f"about {label}", "accounts.account", due=None if days is None else today + timedelta(days))

    rooms = (
        Agenda("Quiet room", lambda actor: []),
        Agenda("Later room", lambda actor: [task("no day", None), task("in ten days", 10)]),
        Agenda("Urgent room", lambda actor: [task("tomorrow", 1), task("yesterday", -1)]),
        Agenda("Undated room", lambda actor: [task("some time", None)]),
    )
    monkeypatch.setattr(queries, "AGENDAS", rooms)
    sign_in(client, make_user(Role.COORDINATOR))
    page = client.get("/").text
    words = ["Urgent room", "about yesterday", "about tomorrow", "Later room", "about in ten days", "about no day"]
    places = [page.index(word) for word in [*words, "Undated room", "about some time"]]
    assert places == sorted(places)
    assert "Quiet room" not in page
    assert page.count("Overdue") == 1


def test_rooms_of_one_name_are_one_room_on_the_home_page(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    rooms = tuple(
        Agenda("Review", lambda actor, label=label: [Task(label, "", "accounts.account")])  # type: ignore[misc]
        for label in ("answer", "write")
    )
    monkeypatch.setattr(queries, "AGENDAS", rooms)
    sign_in(client, make_user(Role.REVIEWER))
    page = client.get("/").text
    assert "answer" in page and "write" in page
    assert page.count('<h2 class="govuk-heading-m">Review</h2>') == 1


def test_every_agenda_answers_every_role(client: Client) -> None:
    for role in ROLES:
        user = make_user(role)
        actor = Actor(
            user.id, user.name, user.email, "en", tuple(authz.Grant(g.role, g.institution_id) for g in user.grants)
        )
        for room in queries.AGENDAS:
            assert agenda.in_order(room.tasks(actor)) == []


@pytest.mark.parametrize("menu_line", menu.MENU, ids=lambda line: line.endpoint)
def test_menu_line_leads_somewhere(client: Client, menu_line: menu.MenuEntry) -> None:
    view = client.application.view_functions[menu_line.endpoint]
    assert view.permission == menu_line.permission or menu_line.endpoint == "home.index"


def test_language_is_remembered_in_the_browser_and_with_the_person(client: Client) -> None:
    user = make_user(Role.HOST_EDITOR, locale="ja")
    sign_in(client, user)
    assert '<html lang="ja"' in client.get("/account").text
    answer = client.post("/language", data={"language": "en", "next": "/account?"})
    assert answer.location == "/account"
    assert '<html lang="en"' in client.get("/account").text
    assert db.session.get(User, user.id).locale == "en"
    elsewhere = client.application.test_client()
    sign_in(elsewhere, user)
    assert '<html lang="en"' in elsewhere.get("/account").text
    assert db.session.scalar(select(func.count(AuditEvent.id)).where(AuditEvent.verb == "user:edit")) == 1


@pytest.mark.parametrize(
    ("header", "language"),
    [("ja,en;q=0.8", "ja"), ("en-GB,en;q=0.9,ja;q=0.5", "en"), ("fr", "en"), ("", "ja"), ("ja-JP", "ja")],
)
def test_language_of_a_stranger_follows_the_browser(client: Client, header: str, language: str) -> None:
    headers = {"Accept-Language": header} if header else {}
    assert f'<html lang="{language}"' in client.get("/", headers=headers).text


@pytest.mark.parametrize("target", ["https://evil.example", "//evil.example", "/\\evil.example", ""])
def test_language_switch_leads_nobody_elsewhere(client: Client, target: str) -> None:
    assert client.post("/language", data={"language": "ja", "next": target}).location == "/"


def test_unknown_language_changes_nothing(client: Client) -> None:
    client.post("/language", data={"language": "tlh"})
    assert '<html lang="ja"' in client.get("/").text


def test_every_permission_role_and_scope_has_words() -> None:
    assert set(permission_words.WORDS) >= authz.permissions()
    assert set(permission_words.SCOPES) == set(Scope)
    assert set(ROLE_LABELS) == set(ROLE_SENTENCES) == set(Role)
    resources = {name for names in permission_words.ROOMS.values() for name in names}
    assert {permission.partition(":")[0] for permission in authz.permissions()} <= resources


@pytest.mark.parametrize("language", ["ja", "en"])
def test_help_shows_the_whole_matrix(client: Client, language: str) -> None:
    client.post("/language", data={"language": language})
    page = client.get("/help/permissions").text
    rows = page.count('<th scope="row">')
    assert rows == len(authz.lines())
    missing = [str(label) for label in ROLE_LABELS.values() if str(label) not in page and language == "ja"]
    assert missing == []


@pytest.mark.parametrize("language", ["ja", "en"])
def test_help_shows_every_step_of_every_workflow(client: Client, language: str) -> None:
    client.post("/language", data={"language": language})
    page = client.get("/help/workflows").text
    assert page.count('<th scope="row">') == sum(len(workflow.transitions) for workflow in wiring.WORKFLOWS)


@pytest.mark.parametrize("path", ["/about", "/privacy", "/help/permissions", "/help/workflows", "/sign-in"])
def test_public_page_is_open_to_everybody(client: Client, path: str) -> None:
    assert client.get(path).status_code == 200
    sign_in(client, make_user(Role.AUDITOR))
    assert client.get(path).status_code == (302 if path == "/sign-in" else 200)


def test_code_of_a_certificate_leads_to_its_page(client: Client) -> None:
    assert client.get("/certificate?code= ABC ").location == "/certificates/ABC"
    assert client.get("/certificate").location == "/"


def mail_to(address: str, name: str) -> outbox.OutboxMessage:
    user = make_user(Role.ALUMNUS, email=address, name=name)
    return outbox.enqueue("password_reset", user, token="the-token")


@pytest.mark.parametrize("path", ["/mailbox", "/mailbox/{id}"])
def test_mailbox_does_not_exist_outside_the_demonstration(client: Client, path: str) -> None:
    message = mail_to("a@example.jp", "A")
    for signed_in in (False, True):
        if signed_in:
            sign_in(client, make_user(Role.ADMINISTRATOR))
        assert client.get(path.format(id=message.public_id)).status_code == 404


def test_mailbox_shows_mails_and_their_links_in_the_demonstration(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(client.application.config, "DEMO", True)
    first, second = mail_to("a@example.jp", "Person A"), mail_to("b@example.jp", "Person B")
    page = client.get("/mailbox").text
    assert page.index("Person B") < page.index("Person A"), "newest first"
    assert "Person A" not in client.get("/mailbox?q=b@ex").text
    body = client.get(f"/mailbox/{first.public_id}").text
    assert '<a href="http://127.0.0.1:8000/link/the-token"' in body
    assert client.get("/mailbox/nothing").status_code == 404
    assert second.body


def test_mail_text_is_shown_as_text(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(client.application.config, "DEMO", True)
    message = mail_to("a@example.jp", '<img src=x onerror="alert(1)">')
    for path in ("/mailbox", f"/mailbox/{message.public_id}"):
        page = client.get(path).text
        assert "<img src=x" not in page and "&lt;img src=x" in page
