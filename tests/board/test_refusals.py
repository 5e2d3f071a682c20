"""Verbs of the board refuse by themselves whoever may not use them; scores in conflict count nowhere."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select

from app.board import paper, queries, service, target_service
from app.board.models import BoardVersion
from app.board.panel import Wish, build
from app.core.authz import Actor, Role
from app.core.db import db
from app.core.errors import Forbidden
from app.reviews.models import ReviewAssignment
from tests.factories.accounts import make_actor
from tests.factories.applications import make_application
from tests.factories.boards import make_board, make_score, make_target
from tests.factories.calls import make_call
from tests.factories.reviews import make_conflict

pytestmark = pytest.mark.usefixtures("app")


def board() -> BoardVersion:
    call = make_call()
    make_application("under_review", call=call)
    return make_board(call)


CHANGES: dict[str, Callable[[Actor, BoardVersion], Any]] = {
    "begin": lambda actor, held: service.begin(actor, held.call, name="Another try", budget_line=0),
    "move": lambda actor, held: service.move(actor, held, Wish(line=1), seen=held.version, reason="Since."),
    "make the panel's": lambda actor, held: service.make_panels(actor, held, seen=held.version, reason="Since."),
    "set a target": lambda actor, held: target_service.add(
        actor, 2025, measure="people", goal=1, is_ceiling=False, to_confirm=False
    ),
    "remove a target": lambda actor, held: target_service.remove(actor, make_target()),
}


@pytest.mark.parametrize("role", [Role.DECISION_MAKER, Role.SCREENING_OFFICER, Role.REVIEWER, Role.HOST_APPROVER])
@pytest.mark.parametrize("name", CHANGES)
def test_only_coordinators_change_boards(name: str, role: Role) -> None:
    held = board()
    with pytest.raises(Forbidden):
        CHANGES[name](make_actor(role), held)


@pytest.mark.parametrize("role", [Role.SCREENING_OFFICER, Role.AUDITOR, Role.REVIEWER, Role.HOST_APPROVER])
def test_nobody_else_takes_a_board_away(role: Role) -> None:
    with pytest.raises(Forbidden):
        paper.take_away(make_actor(role), build(board()), reason="For the meeting.", form="xlsx")


def test_a_score_whose_expert_is_in_conflict_by_now_does_not_count() -> None:
    plan = make_application("under_review")
    make_score(plan, 5)
    doubtful = make_score(plan, 1)
    assert queries.scores(plan.call)[plan.id].mean < 100
    given = db.session.scalars(select(ReviewAssignment).where(ReviewAssignment.id == doubtful.assignment_id)).one()
    make_conflict(plan, given.reviewer)
    assert queries.scores(plan.call)[plan.id].mean == 100
