"""Verbs of reviewing refuse by themselves whoever may not use them, whatever page they are called from."""

from collections.abc import Callable
from itertools import count
from typing import Any

import pytest

from app.accounts.models import User
from app.core import authz
from app.core.authz import Actor, Role
from app.core.db import db
from app.core.errors import Forbidden
from app.core.lists import taking
from app.reviews import (
    assigning_service,
    conflicts,
    discussion,
    packet_service,
    register_service,
    reminding,
    score_export,
    scoring_service,
)
from app.reviews.lists import EXPERTS
from app.reviews.models import ReviewAssignment
from app.reviews.scoring_sheet import Sheet
from tests.factories.accounts import actor_of, make_actor
from tests.factories.applications import make_application
from tests.factories.calls import make_call
from tests.factories.reviews import make_assignment, make_review, make_review_plan, make_reviewer

pytestmark = pytest.mark.usefixtures("app")
_rounds = count(1)
Verb = Callable[[Actor, ReviewAssignment], Any]


def expert_of(given: ReviewAssignment) -> Actor:
    return actor_of(db.session.get_one(User, given.reviewer.user_id))


def reading(state: str = "accepted", phase: str = "scoring") -> ReviewAssignment:
    """A plan that an expert reads, in a phase of its round."""
    call = make_call(f"R{next(_rounds)}")
    make_review_plan(call, phase)
    return make_assignment(make_application("under_review", call=call), state=state)


def another_expert(given: ReviewAssignment) -> Actor:
    """An expert who reads another plan of the same round."""
    return expert_of(make_assignment(make_application("under_review", call=given.call), make_reviewer()))


OF_THE_READER: dict[str, Verb] = {
    "draft": lambda actor, given: scoring_service.save_draft(actor, given, Sheet(), version=None),
    "hand in": lambda actor, given: scoring_service.hand_in(actor, given, version=None),
    "abstain": lambda actor, given: scoring_service.abstain(actor, given, version=None, reason="No time."),
    "revise": lambda actor, given: scoring_service.revise(actor, given, Sheet(), version=None),
    "read the others": lambda actor, given: discussion.for_expert(actor, given),
    "discuss": lambda actor, given: discussion.post(actor, given, text="I think so."),
    "declare a conflict": lambda actor, given: conflicts.declare_own(actor, given, note="A friend."),
    "take on": lambda actor, given: assigning_service.accept(actor, given),
    "decline": lambda actor, given: assigning_service.decline(actor, given, "No time."),
}
OF_JST: dict[str, Verb] = {
    "declare a conflict": lambda actor, given: conflicts.declare_for(
        actor, given.reviewer, given.application, note="A friend."
    ),
    "give": lambda actor, given: assigning_service.add(actor, given.application, make_reviewer()),
    "drop": lambda actor, given: assigning_service.drop(actor, given),
    "take back": lambda actor, given: assigning_service.take_back(actor, given, "Too slow."),
    "remind": lambda actor, given: reminding.remind(actor, given.call),
    "take scores away": lambda actor, given: score_export.export(actor, given.call, reason="For the meeting."),
    "read reviews": lambda actor, given: discussion.for_staff(actor, given.application),
    "discuss": lambda actor, given: discussion.post_as_jst(actor, given.application, text="I think so."),
    "enter an expert": lambda actor, given: register_service.create(actor, name_en="Somebody", email="a@example.org"),
    "write to an expert": lambda actor, given: register_service.invite(actor, given.reviewer),
    "take the register away": lambda actor, given: list(taking.rows_of(EXPERTS, actor, {}, "For the meeting.")),
}


@pytest.mark.parametrize("name", OF_THE_READER)
def test_an_expert_does_nothing_with_what_another_one_reads(name: str) -> None:
    given = reading("sent" if name in ("take on", "decline") else "accepted", "scoring")
    with pytest.raises(Forbidden):
        OF_THE_READER[name](another_expert(given), given)


@pytest.mark.parametrize("name", OF_THE_READER)
def test_an_expert_in_conflict_does_nothing_with_the_plan(name: str) -> None:
    given = reading("sent" if name in ("take on", "decline") else "accepted")
    actor = expert_of(given)
    conflicts.declare_for(make_actor(Role.COORDINATOR), given.reviewer, given.application, note="Came late.")
    with pytest.raises(Forbidden):
        OF_THE_READER[name](actor, given)


@pytest.mark.parametrize("role", [Role.REVIEWER, Role.HOST_APPROVER, Role.SCREENING_OFFICER, Role.ADMINISTRATOR])
@pytest.mark.parametrize("name", OF_JST)
def test_what_jst_does_nobody_else_does(name: str, role: Role) -> None:
    given = reading("proposed" if name == "drop" else "accepted")
    with pytest.raises(Forbidden):
        OF_JST[name](make_actor(role), given)


def test_who_decides_assigns_nobody() -> None:
    for name in ("declare a conflict", "give", "take back", "remind"):
        with pytest.raises(Forbidden):
            OF_JST[name](make_actor(Role.DECISION_MAKER), reading())


def test_a_sheet_is_its_writers_and_only_while_the_plan_is() -> None:
    given = reading()
    review = make_review(given)
    writer, other = expert_of(given), another_expert(given)
    assert authz.can(writer, "review:view-own", review) and not authz.can(other, "review:view-own", review)
    conflicts.declare_for(make_actor(Role.COORDINATOR), given.reviewer, given.application, note="Came late.")
    assert not authz.can(writer, "review:view-own", review)


def test_the_packet_is_the_experts_alone() -> None:
    with pytest.raises(Forbidden):
        packet_service.packet(make_actor(Role.COORDINATOR), language="en")
