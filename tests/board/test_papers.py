"""A board leaves the system as a print or a workbook: with a reason that stays, and everything the meeting needs."""

import io

import openpyxl
import pytest
from flask_babel import force_locale
from pypdf import PdfReader
from sqlalchemy import select, update

from app.accounts.models import UserSession
from app.board import comparing, paper, service
from app.board.models import BoardVersion
from app.board.panel import Wish, build
from app.calls.models import Call
from app.core import clock
from app.core.audit import AuditEvent
from app.core.authz import Role
from app.core.db import db
from tests.conftest import Client
from tests.factories.accounts import make_actor, make_user, sign_in
from tests.factories.applications import make_application
from tests.factories.boards import make_board, make_score, make_target
from tests.factories.calls import make_call

COST = 8 * 90_000 + 48 * 8_000 + 100_000


@pytest.fixture
def call(app: object) -> Call:
    return make_call()


@pytest.fixture
def version(call: Call) -> BoardVersion:
    """Two plans: the better one adopted, the other on the waiting list."""
    make_score(make_application("under_review", call=call, theme_en="=HYPERLINK(1)"), 5)
    make_score(make_application("under_review", call=call), 2)
    make_target("region:south_asia", 500, to_confirm=True)
    board = make_board(call, budget_line=COST)
    weaker = build(board).lines[1]
    service.move(make_actor(Role.COORDINATOR), board, Wish({weaker.id: "reserve"}), seen=board.version, reason="Why")
    db.session.flush()
    return board


def sent(form: str) -> dict[str, str]:
    return {"form": form, "tongue": "en", "reason": "For the meeting on Monday"}


def confirmed(client: Client, role: Role) -> None:
    sign_in(client, make_user(role))
    db.session.execute(update(UserSession).values(confirmed_at=clock.now()))


@pytest.mark.parametrize("form", ["a3", "a4"])
def test_the_print_holds_every_plan_on_the_paper_asked_for(client: Client, version: BoardVersion, form: str) -> None:
    confirmed(client, Role.DECISION_MAKER)
    answer = client.post(f"/boards/versions/{version.public_id}/export", data=sent(form))
    (page,) = PdfReader(io.BytesIO(answer.data)).pages
    assert round(page.mediabox.width / 72 * 25.4) == {"a3": 420, "a4": 297}[form]
    text = page.extract_text()
    for line in build(version).lines:
        assert line.reference in text
    assert "Waiting list 1" in " ".join(text.split())


def test_the_workbook_holds_numbers_as_numbers_and_no_formulas(client: Client, version: BoardVersion) -> None:
    confirmed(client, Role.COORDINATOR)
    answer = client.post(f"/boards/versions/{version.public_id}/export", data=sent("xlsx"))
    book = openpyxl.load_workbook(io.BytesIO(answer.data))
    assert book.sheetnames == ["Plans", "Sums"]
    first, second = list(book["Plans"].iter_rows(min_row=2, values_only=True))
    assert first[2] == "'=HYPERLINK(1)"
    assert (first[0], first[7], first[8], first[14]) == (1, 8, COST, "Adopted")
    assert second[14] == "Waiting list 1"
    sums = {row[0]: row[1:] for row in book["Sums"].iter_rows(min_row=2, values_only=True)}
    assert sums["People by region: South Asia"] == (8, 0, 500)
    assert sums["Money"][0] == COST


def test_taking_a_board_away_leaves_its_reason(client: Client, version: BoardVersion) -> None:
    confirmed(client, Role.COORDINATOR)
    path = f"/boards/versions/{version.public_id}/export"
    assert client.post(path, data={**sent("xlsx"), "reason": ""}).status_code == 422
    client.post(path, data=sent("xlsx"))
    entry = db.session.scalars(select(AuditEvent).where(AuditEvent.verb == "board:export")).one()
    assert (entry.comment, entry.changes["plans"]) == ("For the meeting on Monday", [None, 2])


def test_the_password_is_asked_for_first(client: Client, version: BoardVersion) -> None:
    sign_in(client, make_user(Role.COORDINATOR))
    answer = client.get(f"/boards/versions/{version.public_id}/export")
    assert answer.location.startswith("/confirm?next=")


def test_a_print_speaks_the_language_asked_for_whoever_reads_the_board(version: BoardVersion) -> None:
    with force_locale("en"):
        pdf = paper.pdf(build(version), language="ja", at=clock.now(), size="a4")
    text = PdfReader(io.BytesIO(pdf)).pages[0].extract_text()
    assert "採択検討表" in text
    assert "南アジアからの招へい者" in text


def test_boards_are_compared_by_what_they_come_to_and_where_plans_stand(
    client: Client, call: Call, version: BoardVersion
) -> None:
    other = make_board(call, name="Nobody waits", budget_line=2 * COST)
    left, right = build(version), build(other)
    pairs = {pair.measure: (pair.left, pair.right, pair.change) for pair in comparing.sums(left, right)}
    assert pairs["people"] == (8, 16, 8)
    assert [(found.left.stand, found.right.stand) for found in comparing.differences(left, right)] == [
        ("reserve", "adopted")
    ]
    sign_in(client, make_user(Role.DECISION_MAKER))
    page = client.get(f"/boards/{call.public_id}/compare?left={version.public_id}&right={other.public_id}").text
    assert left.lines[1].reference in page
    assert "+8" in page


def test_one_board_alone_is_compared_with_nothing(client: Client, call: Call, version: BoardVersion) -> None:
    sign_in(client, make_user(Role.COORDINATOR))
    assert "There are not two boards to compare yet." in client.get(f"/boards/{call.public_id}/compare").text
