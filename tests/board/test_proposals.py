"""A board's outcomes become proposals: adopted, waiting in the board's order, declined, with its conditions."""

from typing import Any

import pytest

from app.applications import proposal_queries, proposing, queries
from app.applications.decision_model import DecisionProposal
from app.applications.models import Application, Outcome
from app.board import proposals, service
from app.board.models import BoardVersion
from app.board.panel import Wish
from app.core import jobs
from app.core.authz import Role
from app.core.db import db
from app.core.errors import Forbidden, Stale
from tests.conftest import Client
from tests.factories.accounts import actor_of, make_actor, make_user, sign_in
from tests.factories.applications import make_application
from tests.factories.boards import make_board
from tests.factories.calls import make_call
from tests.factories.decisions import decide, make_proposal
from tests.factories.directory import make_host

MARKS = ("adopted", "reserve", "reserve", "declined", "")  # the last one is left to the line, which is 0


def a_board(*more: str) -> tuple[BoardVersion, list[Application]]:
    """A board with a plan for each mark, the second on the waiting list moved before the first."""
    call, host, mori = make_call(), make_host(), make_actor(Role.COORDINATOR)
    plans = [make_application("under_review", call=call, host=host) for _mark in (*MARKS, *more)]
    version = make_board(call, actor=mori)
    marks = {plan.id: mark for plan, mark in zip(plans, (*MARKS, *more), strict=True)}
    service.move(mori, version, Wish(marks, {plans[2].id: 1}), seen=version.version, reason="As the panel said.")
    caps = {"people_cap": 6, "money_cap": None, "condition_ja": "二名減", "condition_en": "Two fewer"}
    service.set_conditions(mori, version, plans[0].id, seen=version.version, reason="Too many.", **caps)
    db.session.flush()
    return version, plans


def proposed(version: BoardVersion) -> dict[int, DecisionProposal]:
    return proposal_queries.of_round(version.call)


def propose(actor: Any, version: BoardVersion, *, below: bool = False) -> proposals.Done:
    return proposals.propose(actor, version, seen=version.version, below=below, key="k")


def test_outcomes_places_and_conditions_are_the_boards(app: Any) -> None:
    version, plans = a_board()
    done = propose(make_actor(Role.COORDINATOR), version)
    found = [proposed(version).get(plan.id) for plan in plans]
    said = [(p.outcome, p.position, p.people_cap, p.condition_en) if p else None for p in found]
    assert said == [
        (Outcome.ADOPTED, None, 6, "Two fewer"),
        (Outcome.RESERVE, 2, None, ""),
        (Outcome.RESERVE, 1, None, ""),
        (Outcome.DECLINED, None, None, ""),
        None,
    ]
    assert (done.proposed, len(done.left)) == (4, 1)
    assert found[0] is not None
    assert (found[0].source_id, found[0].source_number) == (version.public_id, version.version)


def test_what_is_below_the_line_is_declined_only_when_wished(app: Any) -> None:
    version, plans = a_board()
    assert propose(make_actor(Role.COORDINATOR), version, below=True).proposed == 5
    assert proposed(version)[plans[4].id].outcome is Outcome.DECLINED


def test_decided_proposed_alike_and_proposed_by_others_are_left_out_and_named(app: Any) -> None:
    version, plans = a_board()
    coordinator = make_actor(Role.COORDINATOR)
    decide(plans[0], "declined")
    make_proposal(plans[3], "declined", by=coordinator)
    make_proposal(plans[1], "adopted", by=make_actor(Role.COORDINATOR, name="Osamu Ono"))
    mine = make_proposal(plans[2], "adopted", by=coordinator)
    done = propose(coordinator, version)
    assert done.proposed == 1 and not mine.is_open  # what differs and is one's own gives way
    why_not = {item.line.id: item.why_not for item in done.left}
    assert set(why_not) == {plans[0].id, plans[1].id, plans[3].id, plans[4].id}
    assert "Osamu Ono" in why_not[plans[1].id]
    assert propose(coordinator, version).proposed == 0


def test_board_moved_on_since_it_was_seen_proposes_nothing(app: Any) -> None:
    version, _plans = a_board()
    with pytest.raises(Stale):
        proposals.propose(make_actor(Role.COORDINATOR), version, seen=version.version - 1, below=False, key="k")
    assert proposed(version) == {}


def test_decision_maker_proposes_nothing(app: Any) -> None:
    version, _plans = a_board()
    with pytest.raises(Forbidden):
        propose(make_actor(Role.DECISION_MAKER), version)


def test_many_are_proposed_by_a_job(app: Any, monkeypatch: Any) -> None:
    monkeypatch.setattr(proposals, "AT_ONCE", 2)
    monkeypatch.setattr(proposals, "BATCH", 2)
    version, _plans = a_board()
    done = propose(actor_of(make_user(Role.COORDINATOR)), version)
    assert done.job is not None and proposed(version) == {}
    db.session.commit()
    jobs.run_next()
    db.session.refresh(done.job)
    assert done.job.result == {"proposed": 4, "left": 0}
    assert len(proposed(version)) == 4


def test_from_the_board_to_decisions_by_pages(client: Client) -> None:
    version, plans = a_board()
    sign_in(client, make_user(Role.COORDINATOR))
    board = f"/boards/versions/{version.public_id}"
    assert f"{board}/propose" in client.get(board).text
    page = client.get(f"{board}/propose").text
    assert "Propose 4 decisions" in page and "Two fewer" in page and "Below the line" in page
    assert "Propose 5 decisions" in client.get(f"{board}/propose?below=1").text
    sent = {"version": str(version.version), "key": "k", "below": "1"}
    assert client.post(f"{board}/propose", data=sent | {"version": "1"}).status_code == 409
    assert client.post(f"{board}/propose", data=sent).status_code == 302
    assert len(proposed(version)) == 5
    for proposal in proposed(version).values():
        proposing.approve(make_actor(Role.DECISION_MAKER), proposal)
    decision = queries.decision_of(plans[0])
    assert decision is not None and decision.condition_en == "Two fewer"
