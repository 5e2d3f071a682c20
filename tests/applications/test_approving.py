"""Many proposals of a round are approved at once: looked at first, then in one go, or by a job when they are many."""

from typing import Any

import pytest
from flask_babel import force_locale
from sqlalchemy import func, select

from app.applications import proposing
from app.applications.models import ApplicationState, Decision
from app.applications.round_lists import APPROVE, PLANS, SEND_BACK
from app.core import jobs
from app.core.authz import Role
from app.core.db import db
from app.core.errors import Forbidden
from app.core.lists import acting
from app.core.lists.models import ListTask, Outcome
from app.core.lists.selecting import Chosen
from tests.conftest import Client
from tests.factories.accounts import actor_of, make_actor, make_user, sign_in
from tests.factories.applications import make_application
from tests.factories.calls import make_call
from tests.factories.decisions import make_change, make_proposal
from tests.factories.directory import make_host

S = ApplicationState


def proposed(number: int, **words: Any) -> tuple[Any, list[Any]]:
    """A round with that many plans proposed for adoption."""
    call, host, mori = make_call(), make_host(), make_actor(Role.COORDINATOR, name="Akari Mori")
    plans = [make_application(S.UNDER_REVIEW, call=call, host=host) for _number in range(number)]
    return call, [make_proposal(plan, by=mori, **words) for plan in plans]


def decisions() -> int:
    return db.session.scalar(select(func.count()).select_from(Decision)) or 0


def meant(*proposals: Any) -> Chosen:
    return Chosen(tuple(proposal.public_id for proposal in proposals))


def approve(actor: Any, *proposals: Any) -> ListTask:
    return acting.begin(actor, PLANS, APPROVE, meant(*proposals), {})


def left(task: ListTask) -> list[str]:
    return [item.reason for item in acting.items_of(task, Outcome.SKIPPED)]


def make_actor_of(proposal: Any) -> Any:
    return actor_of(proposal.proposed_by)


def test_chosen_ones_are_approved_and_no_others(app: Any) -> None:
    _call, proposals = proposed(4)
    approve(make_actor(Role.DECISION_MAKER), *proposals[1:3])
    assert decisions() == 2
    assert [p.application.state for p in proposals] == [S.UNDER_REVIEW, S.DECIDED, S.DECIDED, S.UNDER_REVIEW]


def test_what_is_proposed_anew_is_not_approved_in_place_of_what_was_looked_at(app: Any) -> None:
    """Its entry is another one: the plan stands in the list, the proposal that was chosen does not."""
    _call, proposals = proposed(2)
    proposing.propose(make_actor_of(proposals[0]), proposals[0].application, outcome=proposals[0].outcome)
    db.session.flush()
    task = approve(make_actor(Role.DECISION_MAKER), *proposals)
    assert (task.entries, decisions()) == (1, 1)
    assert proposals[0].application.state is S.UNDER_REVIEW


def test_ones_own_proposals_and_changes_are_left_out_with_the_reason(app: Any) -> None:
    call, proposals = proposed(1)
    both = make_user(Role.DECISION_MAKER)
    change = make_change(make_application(S.DECLINED, call=call), "adopted")
    with force_locale("en"):
        task = approve(actor_of(both), proposals[0], change)
    assert decisions() == 2 and change.is_open  # the declined plan had one
    assert left(task) == ["A change of a released result is approved on its own page."]
    assert proposals[0].application.state is S.DECIDED


def test_coordinator_approves_nothing(app: Any) -> None:
    _call, proposals = proposed(1)
    with pytest.raises(Forbidden):
        approve(make_actor(Role.COORDINATOR), proposals[0])


def test_many_are_sent_back_with_one_reason(app: Any) -> None:
    _call, proposals = proposed(2)
    words = {"comment": "The budget is not clear."}
    acting.begin(make_actor(Role.DECISION_MAKER), PLANS, SEND_BACK, meant(*proposals), words)
    assert [(p.state.value, p.reason) for p in proposals] == [("sent_back", "The budget is not clear.")] * 2


def test_many_are_approved_by_a_job_that_can_be_tried_again(app: Any, monkeypatch: Any) -> None:
    monkeypatch.setattr(acting, "AT_ONCE", 2)
    _call, proposals = proposed(5)
    task = approve(actor_of(make_user(Role.DECISION_MAKER)), *proposals)
    proposing.send_back(make_actor(Role.DECISION_MAKER), proposals[4], reason="Wait.")
    db.session.commit()
    job = acting.job_of(task)
    assert job is not None and decisions() == 0

    class Killed(Exception):
        pass

    class Context:
        """A worker that dies after its second entry."""

        def progress(self, done: int, _total: int) -> None:
            db.session.commit()
            if done == 2:
                raise Killed

    with pytest.raises(Killed):
        acting.do_by_job(job, Context())  # type: ignore[arg-type]
    assert decisions() == 2
    assert jobs.run_next()
    assert decisions() == 4
    assert acting.tally(task) == {Outcome.DONE: 4, Outcome.SKIPPED: 1}
    assert left(task)[0].startswith("Sent back by")


def test_pages_look_first_and_then_do_it(client: Client) -> None:
    call, proposals = proposed(3, conditions={"people_cap": 5})
    sign_in(client, make_user(Role.DECISION_MAKER))
    page = client.get(f"/applications/rounds/{call.public_id}").text
    assert all(f'value="{proposal.public_id}"' in page for proposal in proposals) and "with conditions" in page
    act = f"/lists/decisions/acts/approve?call_id={call.public_id}"
    look = client.get(f"{act}&" + "&".join(f"pick={p.public_id}" for p in proposals[:2]))
    assert "2 proposals are approved." in look.text and "At most 5 people" in look.text and "Akari Mori" in look.text
    assert decisions() == 0
    assert "3 proposals are approved." in client.get(f"{act}&which=found").text
    first = client.post(f"{act}&which=found", data={"key": "k"})
    assert client.post(f"{act}&which=found", data={"key": "k"}).location == first.location
    assert decisions() == 3
    assert f"/applications/rounds/{call.public_id}" in client.get(first.location).text


def test_all_that_are_found_are_those_of_the_round(client: Client) -> None:
    call, _proposals = proposed(1)
    make_proposal(make_application(S.UNDER_REVIEW, call=make_call(label="2")))
    sign_in(client, make_user(Role.DECISION_MAKER))
    act = f"/lists/decisions/acts/approve?call_id={call.public_id}&which=found"
    assert "1 proposal is approved." in client.get(act).text


def test_views_of_one_round_serve_the_next(client: Client) -> None:
    call, later = make_call(), make_call(label="2")
    sign_in(client, make_user(Role.COORDINATOR))
    saved = client.post(
        f"/lists/decisions/views?call_id={call.public_id}&proposal=none", data={"key": "v", "name": "To propose"}
    )
    assert saved.location == f"/applications/rounds/{call.public_id}?proposal=none#list"
    page = client.get(f"/applications/rounds/{later.public_id}").text
    assert f"/applications/rounds/{later.public_id}?proposal=none#list" in page
    assert client.get("/lists/decisions/views").status_code == 200  # nobody said of which round
