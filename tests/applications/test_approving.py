"""Many proposals of a round are approved at once: looked at first, then in one go, or by a job when they are many."""

from typing import Any

import pytest
from sqlalchemy import func, select

from app.applications import approving, proposing
from app.applications.models import ApplicationState, Decision
from app.core import jobs
from app.core.authz import Role
from app.core.db import db
from app.core.errors import Forbidden
from tests.applications.test_proposals import hidden
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


def test_chosen_ones_are_approved_and_what_was_answered_meanwhile_is_named(app: Any) -> None:
    call, proposals = proposed(4)
    proposing.withdraw(make_actor_of(proposals[0]), proposals[0])
    done = approving.approve(make_actor(Role.DECISION_MAKER), call, [p.public_id for p in proposals[:3]], key="k")
    assert (done.approved, decisions()) == (2, 2)
    assert [line.proposal for line in done.left] == [proposals[0]]
    assert [p.application.state for p in proposals] == [S.UNDER_REVIEW, S.DECIDED, S.DECIDED, S.UNDER_REVIEW]


def make_actor_of(proposal: Any) -> Any:
    return actor_of(proposal.proposed_by)


def test_ones_own_proposals_changes_and_other_rounds_are_left_out(app: Any) -> None:
    call, proposals = proposed(1)
    both = make_user(Role.DECISION_MAKER)
    change = make_change(make_application(S.DECLINED, call=call), "adopted")
    elsewhere = make_proposal(make_application(S.UNDER_REVIEW, call=make_call(label="2")))
    names = [proposals[0].public_id, change.public_id, elsewhere.public_id]
    done = approving.approve(actor_of(both), call, names, key="k")
    assert (done.approved, [line.proposal for line in done.left]) == (1, [change])
    assert elsewhere.is_open


def test_coordinator_approves_nothing(app: Any) -> None:
    call, proposals = proposed(1)
    with pytest.raises(Forbidden):
        approving.approve(make_actor(Role.COORDINATOR), call, [proposals[0].public_id], key="k")


def test_many_are_approved_by_a_job_that_can_be_tried_again(app: Any, monkeypatch: Any) -> None:
    monkeypatch.setattr(approving, "AT_ONCE", 2)
    monkeypatch.setattr(approving, "BATCH", 2)
    call, proposals = proposed(5)
    done = approving.approve(
        actor_of(make_user(Role.DECISION_MAKER)), call, [p.public_id for p in proposals], key="abc"
    )
    proposing.send_back(make_actor(Role.DECISION_MAKER), proposals[4], reason="Wait.")
    db.session.commit()
    assert done.job is not None and decisions() == 0

    class Killed(Exception):
        pass

    class Context:
        """A worker that dies after its first batch."""

        def progress(self, *_numbers: Any) -> None:
            db.session.commit()
            raise Killed

    with pytest.raises(Killed):
        approving.approve_by_job(done.job, Context())  # type: ignore[arg-type]
    assert decisions() == 2
    assert jobs.run_next()
    db.session.refresh(done.job)
    assert (decisions(), done.job.result) == (4, {"approved": 4, "left": 1})


def test_pages_look_first_and_then_do_it(client: Client) -> None:
    call, proposals = proposed(3, conditions={"people_cap": 5})
    sign_in(client, make_user(Role.DECISION_MAKER))
    here = f"/applications/rounds/{call.public_id}"
    page = client.get(here).text
    assert all(f'value="{proposal.public_id}"' in page for proposal in proposals) and "with conditions" in page
    look = client.post(f"{here}/approve/preview", data={"proposal": [p.public_id for p in proposals[:2]]})
    assert look.status_code == 200 and "Approve 2 proposals" in look.text and "At most 5 people" in look.text
    assert decisions() == 0
    whole = client.post(f"{here}/approve/preview", data={"all": "1"}).text
    assert "Approve 3 proposals" in whole
    form = hidden(whole) | {"proposal": [p.public_id for p in proposals]}
    assert client.post(f"{here}/approve", data=form).status_code == 302
    assert client.post(f"{here}/approve", data=form).status_code == 302
    assert decisions() == 3
    assert "3 proposals are approved." in client.get(here).text


def test_preview_of_nothing_leads_back(client: Client) -> None:
    call, _proposals = proposed(1)
    sign_in(client, make_user(Role.DECISION_MAKER))
    assert client.post(f"/applications/rounds/{call.public_id}/approve/preview").status_code == 302
