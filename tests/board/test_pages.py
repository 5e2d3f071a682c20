"""The pages of the board, without scripts: what is shown to whom, moved, foreseen, and told to whoever comes second."""

import re
from urllib.parse import parse_qs, urlsplit

import pytest

from app.board import queries, service
from app.board.models import BoardVersion
from app.board.panel import Wish, build
from app.calls.models import Call
from app.core.authz import Role
from tests.conftest import Client
from tests.factories.accounts import make_actor, make_user, sign_in
from tests.factories.applications import make_application
from tests.factories.boards import make_board, make_score, make_target
from tests.factories.calls import make_call

COST = 8 * 90_000 + 48 * 8_000 + 100_000


@pytest.fixture
def call(app: object) -> Call:
    return make_call()


def board_of(call: Call, plans: int = 2, **fields: object) -> BoardVersion:
    """A board of that many plans, the first with the best score."""
    for number in range(plans):
        make_score(make_application("under_review", call=call), max(5 - number, 1))
    return make_board(call, **fields)  # type: ignore[arg-type]


def form_of(version: BoardVersion, **changed: object) -> dict[str, object]:
    """What a browser sends of the page as it stands, with some of it changed."""
    sent: dict[str, object] = {"version": version.version, "line": version.budget_line, "reason": "The panel said so."}
    for line in build(version).lines:
        sent |= {f"mark-{line.public_id}": line.mark, f"to-{line.public_id}": ""}
    return {**sent, **changed}


def address(version: BoardVersion, more: str = "") -> str:
    return f"/boards/versions/{version.public_id}{more}"


def test_rounds_lead_to_their_boards_and_a_board_is_begun(client: Client, call: Call) -> None:
    make_score(make_application("under_review", call=call), 4)
    sign_in(client, make_user(Role.COORDINATOR))
    assert f"/boards/{call.public_id}" in client.get("/boards").text
    assert "This round has no board yet." in client.get(f"/boards/{call.public_id}").text
    sent = {"name": "First try", "based_on": "", "budget_line": "2,000,000"}
    answer = client.post(f"/boards/{call.public_id}/new", data=sent)
    (made,) = queries.versions(call)
    assert answer.location == address(made)
    assert (made.name, made.budget_line, made.is_panels) == ("First try", 2_000_000, True)


def test_a_board_needs_a_name_of_its_own_and_keeps_what_was_typed(client: Client, call: Call) -> None:
    board_of(call, name="Africa")
    sign_in(client, make_user(Role.COORDINATOR))
    answer = client.post(f"/boards/{call.public_id}/new", data={"name": "AFRICA", "based_on": "", "budget_line": "12"})
    assert answer.status_code == 422
    assert "Another board of this round has this name." in answer.text
    assert 'value="AFRICA"' in answer.text


@pytest.mark.parametrize("role", [Role.COORDINATOR, Role.DECISION_MAKER])
def test_coordinators_and_decision_makers_read_the_board(client: Client, call: Call, role: Role) -> None:
    version = board_of(call, budget_line=COST)
    make_target("region:south_asia", 500)
    sign_in(client, make_user(role))
    page = client.get(address(version)).text
    for line in build(version).lines:
        assert line.reference in page
        assert line.host_en in page
    assert "South Asia" in page
    assert ("Store the moves" in page) == (role is Role.COORDINATOR)


@pytest.mark.parametrize(
    "role", [Role.HOST_APPROVER, Role.REVIEWER, Role.SCREENING_OFFICER, Role.AUDITOR, Role.ADMINISTRATOR]
)
def test_nobody_else_does(client: Client, call: Call, role: Role) -> None:
    version = board_of(call)
    sign_in(client, make_user(role))
    for path in ("/boards", f"/boards/{call.public_id}", address(version), address(version, "/moves")):
        assert client.get(path).status_code == 403


def test_moves_are_stored_and_shown_with_who_and_why(client: Client, call: Call) -> None:
    version = board_of(call)
    first, second = build(version).lines
    user = make_user(Role.COORDINATOR)
    sign_in(client, user)
    changed = {f"mark-{first.public_id}": "reserve", f"to-{second.public_id}": "1", "line": f"{COST}"}
    answer = client.post(address(version), data=form_of(version, **changed))
    assert answer.status_code == 302
    board = build(version)
    assert [(line.id, line.stand) for line in board.lines] == [(second.id, "adopted"), (first.id, "reserve")]
    page = client.get(address(version, "/moves")).text
    assert user.name in page
    assert "The panel said so." in page
    assert "Place 2 → 1" in page


def test_recalculating_stores_nothing(client: Client, call: Call) -> None:
    version = board_of(call)
    first, second = build(version).lines
    sign_in(client, make_user(Role.DECISION_MAKER))
    changed = {f"mark-{first.public_id}": "declined", "line": COST - 1_000_000, "step": "1000000"}
    answer = client.post(address(version, "/preview"), data=form_of(version, **changed))
    assert answer.status_code == 200
    assert 'data-amount="people">8<' in answer.text
    assert "Nothing is stored yet." in answer.text
    assert client.last.writes == []
    assert [line.stand for line in build(version).lines] == ["below", "below"]


@pytest.mark.parametrize("place", ["0", "3", "first"])
def test_a_place_that_does_not_exist_is_refused_and_stays_typed(client: Client, call: Call, place: str) -> None:
    version = board_of(call)
    first, second = build(version).lines
    sign_in(client, make_user(Role.COORDINATOR))
    changed = {f"to-{second.public_id}": place, f"mark-{first.public_id}": "declined"}
    answer = client.post(address(version), data=form_of(version, **changed))
    assert answer.status_code == 422
    assert f"{second.reference}: enter a place from 1 to 2." in answer.text
    assert '<option value="declined" selected>' in answer.text


def test_moves_without_a_reason_are_refused_and_stay_on_the_page(client: Client, call: Call) -> None:
    version = board_of(call)
    first, _second = build(version).lines
    sign_in(client, make_user(Role.COORDINATOR))
    answer = client.post(address(version), data=form_of(version, reason="", **{f"mark-{first.public_id}": "declined"}))
    assert answer.status_code == 422
    assert '<option value="declined" selected>' in answer.text
    assert build(version).lines[0].mark == ""


def test_the_second_of_two_is_told_who_moved_what_and_keeps_the_own_moves(client: Client, call: Call) -> None:
    version = board_of(call)
    first, second = build(version).lines
    sent = form_of(version, **{f"mark-{second.public_id}": "declined"})
    other = make_actor(Role.COORDINATOR, name="Ono Osamu")
    service.move(other, version, Wish({first.id: "reserve"}), seen=version.version, reason="Agreed by phone")
    sign_in(client, make_user(Role.COORDINATOR))
    answer = client.post(address(version), data=sent)
    assert answer.status_code == 409
    assert "Ono Osamu moved plans on this board at" in answer.text
    assert "Agreed by phone" in answer.text
    marks = {line.id: line.mark for line in build(version).lines}
    assert marks == {first.id: "reserve", second.id: ""}
    again = {**sent, "version": version.version, f"mark-{first.public_id}": "reserve"}  # as the page now stands
    assert client.post(address(version), data=again).status_code == 302
    assert {line.id: line.mark for line in build(version).lines} == {first.id: "reserve", second.id: "declined"}


def test_moves_typed_while_the_session_ended_stand_on_the_board_after_signing_in(client: Client, call: Call) -> None:
    version = board_of(call)
    first, second = build(version).lines
    user = make_user(Role.COORDINATOR)
    sign_in(client, user)
    page = client.get(address(version)).text
    mark = re.search(r'name="sender" value="([^"]+)"', page)
    assert mark is not None
    changed = {f"mark-{first.public_id}": "declined", f"to-{second.public_id}": "1", "sender": mark[1]}
    with client.session_transaction() as cookie:
        cookie.clear()
    answer = client.post(address(version), data=form_of(version, **changed))
    assert answer.location.startswith("/sign-in")
    sign_in(client, user)
    kept = parse_qs(urlsplit(answer.location).query)["next"][0]
    page = client.get(kept).text
    assert '<option value="declined" selected>' in page
    assert page.index(second.reference) < page.index(first.reference)
    assert "The panel said so." in page


def test_conditions_are_set_and_shown_on_the_board(client: Client, call: Call) -> None:
    version = board_of(call, budget_line=10 * COST)
    first, _second = build(version).lines
    sign_in(client, make_user(Role.COORDINATOR))
    path = address(version, f"/plans/{first.public_id}")
    assert "Conditions" in client.get(path).text
    sent = {"version": version.version, "people_cap": "6", "condition_en": "Without the museum.", "reason": "Too many"}
    assert client.post(path, data=sent).status_code == 302
    assert "at most 6 people / Without the museum." in client.get(address(version)).text
    assert client.post(path, data={**sent, "people_cap": "many", "version": version.version}).status_code == 422
    assert client.post(path, data=sent).status_code == 409


def test_another_board_becomes_the_panels(client: Client, call: Call) -> None:
    board_of(call)
    version = make_board(call, name="Second")
    sign_in(client, make_user(Role.COORDINATOR))
    assert "It takes the place of “First try”" in client.get(address(version, "/panels")).text
    sent = {"version": version.version, "reason": "Agreed"}
    assert client.post(address(version, "/panels"), data=sent).status_code == 302
    assert queries.panels(call).public_id == version.public_id  # type: ignore[union-attr]


def test_plans_of_another_round_are_not_on_a_board(client: Client, call: Call) -> None:
    version = board_of(call)
    stranger = make_application("under_review", call=make_call("2"))
    sign_in(client, make_user(Role.COORDINATOR))
    assert client.get(address(version, f"/plans/{stranger.public_id}")).status_code == 404
    assert stranger.reference not in client.get(address(version)).text


def test_a_returned_plan_shows_what_was_submitted_never_the_draft(client: Client, call: Call) -> None:
    plan = make_application("returned", call=call)
    plan.theme_en = "Something unfinished"
    version = make_board(call)
    sign_in(client, make_user(Role.COORDINATOR))
    page = client.get(address(version)).text
    assert "Measuring a river basin" in page
    assert "Something unfinished" not in page


@pytest.mark.parametrize("plans", [1, 4])
def test_a_board_is_read_in_the_same_number_of_queries_whatever_its_length(
    client: Client, call: Call, plans: int
) -> None:
    version = board_of(call, plans)
    sign_in(client, make_user(Role.COORDINATOR))
    client.get(address(version))
    assert client.last.queries == 16
