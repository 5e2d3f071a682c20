"""Every list there is: sifts, sorts, is saved as a view, leaves as it is shown, and shows nobody what is not theirs.

A list that is added to `app.wiring.LISTS` needs a line in ROWS here: how a row of it comes about at an institution.
"""

import csv
import io
import re
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

import pytest
from flask import Flask
from openpyxl import load_workbook
from sqlalchemy import func, select, update

from app.accounts.models import UserSession
from app.applications import letter_queries, letters
from app.applications.models import ApplicationState
from app.closing.models import ReportState
from app.core import audit, clock
from app.core.authz import SYSTEM, Role
from app.core.background_job import BackgroundJob, JobState
from app.core.db import db, new_public_id
from app.core.lists import ListOf, registered
from app.core.lists.models import ListTask
from app.core.outbox import MailState, OutboxMessage
from app.directory.models import HostInstitution
from app.visits.models import VisitState
from tests.conftest import Client
from tests.factories.accounts import make_actor, make_user, sign_in
from tests.factories.alumni import make_alumnus, make_revisit
from tests.factories.applications import make_application
from tests.factories.calls import make_call
from tests.factories.checking import make_waiting
from tests.factories.closing import make_ended_visit, make_report
from tests.factories.decisions import make_proposal
from tests.factories.directory import make_host
from tests.factories.export_control import make_declaration
from tests.factories.invitees import make_invitee
from tests.factories.reviews import make_reviewer
from tests.factories.screening import make_case, make_edition
from tests.factories.visits import make_visit

CANARY = "CANARY"  # in every name of the other institution
S = ApplicationState


def _mail(host: HostInstitution, tag: str) -> None:
    reader = make_user(Role.HOST_EDITOR, host)
    values = {"message_id": f"<{reader.id}@example.jp>", "template": "sample", "locale": "en", "body": "Text"}
    db.session.add(
        OutboxMessage(
            **values,
            recipient_id=reader.id,
            recipient_address=reader.email,
            subject=f"News {tag}",
            state=MailState.FAILED,
        )
    )


def _job(_host: HostInstitution, _tag: str) -> None:
    db.session.add(BackgroundJob(kind="figures.refresh", state=JobState.FAILED, finished_at=clock.now()))


def _plan(host: HostInstitution, tag: str, state: ApplicationState = S.SUBMITTED) -> Any:
    return make_application(state, host=host, call=CALL[0], theme_en=f"Plan {tag}", partners=[])


def _report(host: HostInstitution, tag: str) -> None:
    visit = make_ended_visit(host, state=VisitState.REPORTED, took_part=True, theme_en=f"Visit {tag}")
    make_report(visit, ReportState.SUBMITTED)


def _lost_letter(host: HostInstitution, tag: str) -> None:
    """A letter that could not be sent."""
    plan = make_application(S.ADOPTED, host=host, call=CALL[0], theme_en=tag, partners=[], administrative_email="")
    letters.tell(plan)
    letter_queries.mails_of(plan)[0].state = MailState.FAILED


def _owed_report(host: HostInstitution, _tag: str) -> None:
    make_user(Role.HOST_EDITOR, host)
    make_ended_visit(host)


def _expert(tag: str) -> None:
    address = f"{new_public_id()}@example.jp"
    make_reviewer("physics", name_en=f"Expert {tag}", user_id=None, state="invited", email=address)


def _proposed(host: HostInstitution, tag: str) -> None:
    make_proposal(_plan(host, tag, S.UNDER_REVIEW))


def _return(host: HostInstitution, tag: str) -> None:
    person = make_invitee(known_to=host, surname=f"SHARMA {tag}")
    make_revisit(make_alumnus(person), host)


def _waiting(host: HostInstitution, tag: str) -> None:
    """A plan that resembles no other."""
    own = new_public_id()
    make_waiting(host=host, call=CALL[0], theme_en=f"{own} {tag}", purpose=own, principal_email=f"{own}@example.jp")


CALL: list[Any] = []
ROWS: dict[str, Callable[[HostInstitution, str], Any]] = {
    "alumni": lambda host, tag: make_alumnus(make_invitee(known_to=host, surname=f"SHARMA {tag}"), listed=True),
    "applications": _plan,
    "audit-log": lambda host, tag: audit.record(SYSTEM, "organization:edit", host, comment=tag),
    "checks": _waiting,
    "declarations": lambda _host, tag: make_declaration(make_host(), responsible=f"Taro {tag}"),
    "decisions": _proposed,
    "experts": lambda _host, tag: _expert(tag),
    "invitees": lambda host, tag: make_invitee(known_to=host, surname=f"SHARMA {tag}"),
    "jobs": _job,
    "letters": _lost_letter,
    "mails": _mail,
    "organizations": lambda _host, tag: make_host(name_en=f"University {tag} {func.random()}"),
    "people": lambda host, tag: make_user(Role.HOST_EDITOR, host, name=f"Person {tag}"),
    "reports": _report,
    "returns": _return,
    "screening": lambda host, tag: make_case(_plan(host, tag), edition=EDITION[0]),
    "visits": lambda host, tag: make_visit("confirmed", host=host, theme_en=f"Visit {tag}"),
}
EDITION: list[Any] = []
READERS = {
    "alumni": Role.ALUMNUS,
    "audit-log": Role.AUDITOR,
    "decisions": Role.DECISION_MAKER,
    "jobs": Role.ADMINISTRATOR,
    "mails": Role.ADMINISTRATOR,
    "people": Role.ADMINISTRATOR,
    "screening": Role.SCREENING_OFFICER,
}
#: Lists whose rows belong to institutions: their approvers see their own.
OF_HOSTS = ("applications", "declarations", "invitees", "mails", "people", "reports", "returns", "visits")
ACTS = [
    ("applications", "start-review"),
    ("checks", "pass-on"),
    ("decisions", "approve"),
    ("decisions", "send-back"),
    ("experts", "invite"),
    ("jobs", "start-again"),
    ("letters", "send-again"),
    ("mails", "send-again"),
    ("people", "end-sessions"),
    ("reports", "accept"),
    ("reports", "remind"),
    ("returns", "verify"),
]
#: Acts that rows made otherwise bear.
OTHERWISE = {("reports", "remind"): _owed_report}
#: What acts ask for, for all entries together.
GIVEN = {("decisions", "send-back"): {"comment": "Please look at the budget again."}}
#: Pages that hold more than their list take more queries than the usual eight.
QUERIES = {"decisions": 14, "letters": 10}
#: What a filter is given besides its choices.
TYPED = {"year": "2025", "since": "2020-01-01", "until": "2030-01-01", "subject": "1"}


def names() -> list[str]:
    return sorted(ROWS)


@pytest.fixture(autouse=True)
def world(app: Flask, request: pytest.FixtureRequest) -> Iterator[None]:
    """A round and an edition that all rows share."""
    CALL[:] = [make_call()]
    EDITION[:] = [make_edition()]
    yield
    CALL.clear()
    EDITION.clear()


@pytest.fixture
def reader(client: Client) -> Callable[[str], ListOf]:
    """Sign in somebody who may do all there is with a list; their password was proved just now."""

    def enter(name: str, role: Role | None = None, host: HostInstitution | None = None) -> ListOf:
        role = role or READERS.get(name, Role.COORDINATOR)
        person = {"invitee_id": make_alumnus(listed=True).invitee_id} if role is Role.ALUMNUS else {}
        sign_in(client, make_user(role, host, **person))
        db.session.execute(update(UserSession).values(confirmed_at=clock.now()))
        return next(of for of in registered() if of.name == name)

    return enter


def make_rows(name: str, number: int, host: HostInstitution | None = None, tag: str = "ours") -> None:
    for _number in range(number):
        ROWS[name](host or make_host(), tag)
    db.session.flush()


def place(of: ListOf) -> dict[str, str]:
    """Where a list stands that is always that of one round."""
    return {of.place: CALL[0].public_id} if of.place else {}


def address(of: ListOf, client: Client) -> str:
    with client.application.test_request_context("/"):
        return str(client.application.url_for(of.endpoint, **place(of)))


def text_of(client: Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, path
    return answer.get_data(as_text=True)


def entries(page: str) -> int:
    """How many entries a list says it has."""
    found = re.search(r'class="app-pages"[^>]*>\s*<p>(?:More than )?([\d,]+) entr', page)
    return int(found[1].replace(",", "")) if found else 0


def file_of(client: Client, of: ListOf, kind: str, query: str = "") -> Any:
    """The list as a file, through its page for a reason where it has one."""
    path = f"/lists/{of.name}/export?format={kind}&{query}"
    answer = client.get(path)
    if of.export is not None and of.export.asks_reason:
        answer = client.post(path, data={"key": f"{kind}{query}", "reason": "A test", "format": kind})
    assert answer.status_code == 200, (of.name, kind)
    return answer


def csv_rows(answer: Any) -> list[list[str]]:
    return list(csv.reader(io.StringIO(answer.get_data().decode("utf-8-sig"))))


def book_rows(answer: Any) -> list[list[str]]:
    page = load_workbook(io.BytesIO(answer.get_data())).active
    assert page is not None
    return [[_told(cell.value) for cell in row] for row in page.iter_rows()]


def _told(value: Any) -> str:
    """A cell of a workbook as CSV says it, to the minute."""
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d}" if not (value.hour or value.minute) else f"{value:%Y-%m-%d %H:%M}"
    return "" if value is None else str(value)


def _to_the_minute(rows: list[list[str]]) -> list[list[str]]:
    return [[re.sub(r"^(\d{4}-\d\d-\d\d \d\d:\d\d):\d\d$", r"\1", cell) for cell in row] for row in rows]


def test_every_list_is_tried_here() -> None:
    assert [of.name for of in registered()] == names()
    assert [(of.name, act.name) for of in registered() for act in of.acts] == ACTS


@pytest.mark.parametrize("name", names())
def test_list_filters_by_every_filter(client: Client, reader: Any, name: str) -> None:
    make_rows(name, 3)
    of = reader(name)
    path = address(of, client)
    everything = "&".join(f"{key}={value}" for key, value in of.everything.items()) or "view=all"
    whole = entries(text_of(client, f"{path}?{everything}"))
    assert whole >= 3
    page = text_of(client, f"{path}?view=all")
    for item in of.filters:
        assert f'name="{item.argument}"' in page, item.argument
        options = re.search(rf'<select id="filter-{item.argument}".*?</select>', page, re.DOTALL)
        given = re.findall(r'<option value="([^"]+)"', options[0]) if options else [TYPED.get(item.argument, "ours")]
        found = [entries(text_of(client, f"{path}?{item.argument}={value}")) for value in given[:12]]
        assert max(found) <= whole, item.argument
        assert text_of(client, f"{path}?{item.argument}=%00nonsense%FF")


@pytest.mark.parametrize("name", names())
def test_list_sorts_by_every_order(client: Client, reader: Any, name: str) -> None:
    make_rows(name, 3)
    of = reader(name)
    path = address(of, client)
    whole = entries(text_of(client, f"{path}?view=all"))
    for order in of.sorts:
        for way in (order, f"-{order}"):
            page = text_of(client, f"{path}?sort={way}")
            assert entries(page) == whole >= 3


@pytest.mark.parametrize("name", names())
def test_list_is_saved_as_a_view_and_begins_with_it(client: Client, reader: Any, name: str) -> None:
    of = reader(name)
    path = address(of, client)
    order = f"-{next(iter(of.sorts))}"
    where = f"/lists/{name}/views?{urlencode({'sort': order, **place(of)})}"
    saved = client.post(where, data={"key": "v", "name": "Mine & all", "is_default": "y"})
    view = f"{path}?sort={order}" + ("#list" if of.place else "")
    assert saved.location == view
    assert client.get(path).location == view
    assert "Mine &amp; all" in text_of(client, f"{path}?view=all")


@pytest.mark.parametrize("name", names())
def test_files_hold_the_rows_of_the_page(client: Client, reader: Any, name: str) -> None:
    make_rows(name, 3)
    of = reader(name)
    if of.export is None:
        assert of.no_export and client.get(f"/lists/{name}/export").status_code == 404
        return
    with client.application.test_request_context("/"):
        query = "state=failed" if name in ("jobs", "mails") else "verb=organization:edit" if name == "audit-log" else ""
    shown = entries(text_of(client, f"{address(of, client)}?{query or 'view=all'}"))
    plain = csv_rows(file_of(client, of, "csv", query))
    book = book_rows(file_of(client, of, "xlsx", query))
    assert len(plain) - 1 == shown >= 3
    assert _to_the_minute(plain) == book
    assert all(len(row) == len(plain[0]) for row in plain)


@pytest.mark.parametrize("name", names())
def test_list_asks_as_often_for_three_rows_as_for_thirty(client: Client, reader: Any, name: str) -> None:
    host = make_host()
    make_rows(name, 3, host)
    of = reader(name)
    path = f"{address(of, client)}?view=all"
    text_of(client, path)
    few = client.last.queries
    make_rows(name, 27, host)
    db.session.execute(update(UserSession).values(confirmed_at=clock.now()))
    text_of(client, path)
    assert client.last.queries == few <= QUERIES.get(name, 8)


@pytest.mark.parametrize("name", OF_HOSTS)
def test_rows_of_another_institution_are_nowhere(client: Client, reader: Any, name: str) -> None:
    ours, theirs = make_host(name_en="Our University"), make_host(name_en=f"{CANARY} University")
    if name == "declarations":
        make_declaration(ours)
        make_declaration(theirs, responsible=CANARY)
    else:
        make_rows(name, 2, ours)
        make_rows(name, 5, theirs, CANARY)
    of = reader(name, Role.HOST_APPROVER, ours)
    path = address(of, client)
    page = text_of(client, f"{path}?view=all")
    assert CANARY not in page and 1 <= entries(page) <= 3
    for item in of.filters:
        assert CANARY not in text_of(client, f"{path}?{item.argument}={CANARY.lower()}")
    may = of.export is not None and client.get(f"/lists/{name}/export").status_code != 403
    for kind in ("csv", "xlsx") if may else ():
        answer = file_of(client, of, kind)
        rows = csv_rows(answer) if kind == "csv" else book_rows(answer)
        assert CANARY not in str(rows) and len(rows) - 1 == entries(page), kind


@pytest.mark.parametrize(("name", "act"), ACTS)
def test_ids_of_others_are_no_entries_of_an_act(client: Client, reader: Any, name: str, act: str) -> None:
    ours, theirs = make_host(), make_host(name_en=f"{CANARY} University")
    make_rows(name, 2, theirs, CANARY)
    of = next(found for found in registered() if found.name == name)
    whole = of.query(make_actor(READERS.get(name, Role.COORDINATOR)), **of.parse(SYSTEM, of.everything))
    foreign = list(db.session.scalars(whole.with_only_columns(of.row_id)))
    assert foreign
    reader(name, Role.HOST_APPROVER, ours)
    picks = "&".join(f"pick={found}" for found in foreign if len(str(found)) == 16)
    for query in (picks, f"which=page&shown={','.join(map(str, foreign))}"):
        page = client.get(f"/lists/{name}/acts/{act}?{query}")
        if page.status_code != 403:
            assert CANARY not in page.get_data(as_text=True)
        before = db.session.scalar(select(func.count(ListTask.id)))
        answer = client.post(f"/lists/{name}/acts/{act}?{query}", data={"key": query[:8]})
        assert answer.status_code in (403, 422)
        assert db.session.scalar(select(func.count(ListTask.id))) == before


@pytest.mark.parametrize(("name", "act"), ACTS)
def test_acts_are_done_to_all_that_are_found(client: Client, reader: Any, name: str, act: str) -> None:
    for _number in range(3):
        OTHERWISE.get((name, act), ROWS[name])(make_host(), "ours")
    of = reader(name)
    page = text_of(client, f"/lists/{name}/acts/{act}?which=found")
    assert "<form" in page
    answer = client.post(f"/lists/{name}/acts/{act}?which=found", data={"key": "k", **GIVEN.get((name, act), {})})
    assert answer.status_code == 302, of.name
    task = db.session.scalars(select(ListTask)).one()
    page = text_of(client, f"/list-tasks/{task.public_id}")
    assert re.search(r'app-tile__number">([3-9])</span><span class="app-tile__label">done', page), page
