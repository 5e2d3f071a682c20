"""Boards are begun, moved, put on conditions; every move stays with who and why; nobody overwrites another's."""

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from app.applications.models import Application
from app.board import panel, queries, service, target_service
from app.board.models import BoardMove, BoardVersion
from app.board.panel import Wish
from app.calls.models import Call
from app.core.audit import AuditEvent
from app.core.authz import Actor, Role
from app.core.db import db
from app.core.errors import Forbidden, Refused, Stale
from app.reviews.vocabulary import ReviewState
from tests.factories.accounts import make_actor
from tests.factories.applications import make_application
from tests.factories.boards import make_board, make_score, make_target
from tests.factories.calls import make_call
from tests.factories.directory import make_sending
from tests.factories.reviews import make_conflict

COST = 8 * 90_000 + 48 * 8_000 + 100_000  # of the factories' plan


@pytest.fixture
def call(app: object) -> Call:
    return make_call()


@pytest.fixture
def coordinator(app: object) -> Actor:
    return make_actor(Role.COORDINATOR)


def make_plans(call: Call, *given: int) -> list[Application]:
    """Plans under review; one for every mark, 0 for none."""
    made = [make_application("under_review", call=call) for _mark in given]
    for application, mark in zip(made, given, strict=True):
        if mark:
            make_score(application, mark)
    return made


def order(version: BoardVersion, wish: Wish | None = None) -> list[int]:
    return [line.id for line in panel.build(version, wish).lines]


def test_a_board_begins_in_the_order_of_scores_with_unread_plans_at_the_end(call: Call) -> None:
    unread, weak, strong = make_plans(call, 0, 2, 5)
    assert order(make_board(call)) == [strong.id, weak.id, unread.id]


def test_only_sheets_that_count_rank_a_plan(call: Call) -> None:
    first, second, third, fourth = make_plans(call, 3, 0, 0, 0)
    make_score(second, 5, state=ReviewState.DRAFT)
    make_score(third, 5, assignment="set_aside")
    make_conflict(fourth, make_score(fourth, 5).assignment.reviewer)
    assert list(queries.scores(call)) == [first.id]


def test_withdrawn_plans_and_drafts_are_not_on_the_board(call: Call) -> None:
    (plan,) = make_plans(call, 3)
    make_application("withdrawn", call=call)
    make_application("draft", call=call)
    assert order(make_board(call)) == [plan.id]


def test_the_first_board_of_a_round_is_the_panels_until_another_is_made_so(call: Call, coordinator: Actor) -> None:
    make_plans(call, 3)
    first, second = make_board(call), make_board(call, name="More of Africa")
    assert (first.is_panels, second.is_panels) == (True, False)
    service.make_panels(coordinator, second, seen=second.version, reason="The panel agreed on it.")
    assert (first.is_panels, second.is_panels) == (False, True)
    assert queries.panels(call) is second


def test_two_boards_of_a_round_never_have_one_name(call: Call, coordinator: Actor) -> None:
    make_board(call, name="Africa")
    with pytest.raises(Refused) as refusal:
        service.begin(coordinator, call, name="africa", budget_line=0)
    assert list(refusal.value.fields) == ["name"]


def test_a_copy_stands_as_the_board_it_was_made_from(call: Call, coordinator: Actor) -> None:
    one, two = make_plans(call, 5, 3)
    first = make_board(call, actor=coordinator)
    service.move(coordinator, first, Wish({two.id: "reserve"}, {two.id: 1}), seen=1, reason="Newcomer")
    copy = service.begin(coordinator, call, name="Second", budget_line=0, copy_of=first)
    assert order(copy) == [two.id, one.id]
    assert panel.build(copy).lines[0].mark == "reserve"


def test_every_move_is_kept_with_who_and_why(call: Call, coordinator: Actor) -> None:
    one, two = make_plans(call, 5, 3)
    board = make_board(call, actor=coordinator)
    wish = Wish({one.id: "declined"}, {two.id: 1}, line=2_000_000)
    assert service.move(coordinator, board, wish, seen=board.version, reason="Discussed on Monday") == 3
    kept = db.session.scalars(select(BoardMove).order_by(BoardMove.id)).all()
    assert [(move.kind.value, move.application_id, move.before, move.after) for move in kept] == [
        ("outcome", one.id, {"mark": ""}, {"mark": "declined"}),
        ("position", two.id, {"place": 2}, {"place": 1}),
        ("line", None, {"budget_line": 0}, {"budget_line": 2_000_000}),
    ]
    assert {(move.made_by_name, move.reason) for move in kept} == {(coordinator.name, "Discussed on Monday")}
    entry = db.session.scalars(select(AuditEvent).where(AuditEvent.verb == "board:move")).one()
    assert (entry.actor_id, entry.comment) == (coordinator.id, "Discussed on Monday")


@pytest.mark.parametrize("statement", ["UPDATE board_move SET reason = 'x'", "DELETE FROM board_move"])
def test_moves_cannot_be_changed_afterwards(call: Call, coordinator: Actor, statement: str) -> None:
    (one,) = make_plans(call, 5)
    board = make_board(call)
    service.move(coordinator, board, Wish({one.id: "declined"}), seen=board.version, reason="Why")
    with pytest.raises(DBAPIError, match="append-only"), db.session.begin_nested():
        db.session.execute(text(statement))


def test_a_move_needs_a_reason_and_must_move_something(call: Call, coordinator: Actor) -> None:
    (one,) = make_plans(call, 5)
    board = make_board(call)
    with pytest.raises(Refused) as refusal:
        service.move(coordinator, board, Wish({one.id: "declined"}), seen=board.version, reason=" ")
    assert list(refusal.value.fields) == ["reason"]
    with pytest.raises(Refused) as refusal:
        service.move(coordinator, board, Wish({one.id: ""}, {one.id: 1}, 0), seen=board.version, reason="Why")
    assert list(refusal.value.fields) == [""]


def test_whoever_moves_on_an_outdated_board_is_told(call: Call, coordinator: Actor) -> None:
    one, two = make_plans(call, 5, 3)
    board = make_board(call)
    seen = board.version
    service.move(make_actor(Role.COORDINATOR), board, Wish({one.id: "reserve"}), seen=seen, reason="First")
    with pytest.raises(Stale):
        service.move(coordinator, board, Wish({two.id: "declined"}), seen=seen, reason="Second")
    (told,) = queries.moves(board, after=seen)
    assert (told.application_id, told.reason) == (one.id, "First")


def test_of_two_who_move_in_the_same_instant_one_wins(call: Call, coordinator: Actor) -> None:
    (one,) = make_plans(call, 5)
    board = make_board(call)
    db.session.execute(text("UPDATE board_version SET version = version + 1"))  # the other one, since this one read
    with pytest.raises(Stale):
        service.move(coordinator, board, Wish({one.id: "declined"}), seen=board.version, reason="Why")


def test_what_others_moved_meanwhile_is_not_taken_back_by_sending_the_form_again(
    call: Call, coordinator: Actor
) -> None:
    one, two = make_plans(call, 5, 3)
    board = make_board(call)
    seen = board.version
    service.move(coordinator, board, Wish({one.id: "reserve"}, line=500), seen=seen, reason="First")
    sent = {one.id: "", two.id: "declined"}  # the whole form, as its sender saw it, with one change
    wish = service.touched(board, seen, marks=sent, to={}, line=0)
    assert wish == Wish({two.id: "declined"}, {}, None)


def test_conditions_lower_what_a_plan_costs_and_brings(call: Call, coordinator: Actor) -> None:
    (one,) = make_plans(call, 5)
    board = make_board(call, budget_line=COST)
    asked = {"people_cap": 6, "money_cap": 900_000, "condition_ja": "", "condition_en": "Six people only."}
    service.set_conditions(coordinator, board, one.id, seen=board.version, reason="Too many", **asked)
    built = panel.build(board)
    assert (built.amount("money"), built.amount("people")) == (900_000, 6)
    assert built.lines[0].has_conditions
    assert queries.moves(board, plan=one.id)[0].after == asked


def test_the_stored_order_is_the_one_shown_also_where_a_plan_was_carried_back_to_its_place(
    call: Call, coordinator: Actor
) -> None:
    one, two, three = make_plans(call, 5, 4, 3)
    board = make_board(call)
    wish = Wish(to={two.id: 2, three.id: 1})
    shown = order(board, wish)
    service.move(coordinator, board, wish, seen=board.version, reason="Why")
    assert order(board) == shown == [three.id, two.id, one.id]


def test_reserve_plans_wait_in_the_order_of_the_board(call: Call, coordinator: Actor) -> None:
    one, two, three = make_plans(call, 5, 4, 3)
    board = make_board(call)
    wish = Wish({three.id: "reserve", one.id: "reserve"}, {three.id: 1})
    service.move(coordinator, board, wish, seen=board.version, reason="Why")
    assert [(line.id, line.waiting) for line in panel.build(board).of("reserve")] == [(three.id, 1), (one.id, 2)]


def test_plans_that_came_later_stand_at_the_end_and_stay_there(call: Call, coordinator: Actor) -> None:
    one, two = make_plans(call, 2, 1)
    board = make_board(call)
    (late,) = make_plans(call, 5)
    assert order(board) == [one.id, two.id, late.id]
    service.move(coordinator, board, Wish({}, {two.id: 1}), seen=board.version, reason="Why")
    assert order(board) == [two.id, one.id, late.id]


def test_targets_count_what_other_rounds_of_the_year_adopted(call: Call) -> None:
    kenya = make_sending(country="KE")
    other = make_call("2")
    make_application("adopted", call=other, partners=[kenya])
    make_application("under_review", call=call, partners=[kenya])
    make_target("region:africa", 500)
    make_target("new_country:*", 2)
    board = make_board(call, budget_line=COST)
    assert [(found.before, found.now) for found in panel.build(board).targets] == [(8, 16), (1, 1)]


def test_newcomers_are_those_of_no_earlier_fiscal_year(call: Call) -> None:
    (old, new) = make_plans(call, 5, 4)
    make_application("completed", call=make_call("1", 2024), host=old.host_institution)
    assert [line.is_first_time for line in panel.build(make_board(call)).lines] == [False, True]


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.COORDINATOR])
def test_nobody_but_coordinators_moves_anything(call: Call, role: Role) -> None:
    (one,) = make_plans(call, 5)
    board = make_board(call)
    someone = make_actor(role)
    for verb in (
        lambda: service.begin(someone, call, name="Mine", budget_line=0),
        lambda: service.move(someone, board, Wish({one.id: "declined"}), seen=board.version, reason="Why"),
        lambda: service.make_panels(someone, board, seen=board.version, reason="Why"),
        lambda: target_service.add(someone, 2025, measure="people", goal=1, is_ceiling=False, to_confirm=False),
    ):
        with pytest.raises(Forbidden):
            verb()


def test_seeding_enters_targets_once(app: object) -> None:
    assert target_service.seed() > 0
    assert target_service.seed() == 0
    africa = queries.target(2026, "region:africa")
    assert africa is not None
    assert (africa.goal, africa.to_confirm) == (500, False)


def test_targets_of_a_new_year_begin_with_those_of_the_last(coordinator: Actor) -> None:
    make_target("people", 1200, 2025)
    assert target_service.take_over(coordinator, 2027) == 1
    assert [(row.measure, row.goal) for row in queries.targets(2027)] == [("people", 1200)]
    with pytest.raises(Refused):
        target_service.take_over(coordinator, 2027)
