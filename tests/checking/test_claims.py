"""Several officers at one queue: nobody is kept out, everybody is told who was there and when."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from sqlalchemy import select

from app.accounts.models import User
from app.applications.models import Application, ApplicationState
from app.checking import claims, queue_queries
from app.checking.models import CheckClaim, FormalCheck
from app.core import clock
from app.core.authz import Role
from app.core.db import db
from tests.conftest import Client
from tests.factories.accounts import actor_of, make_user, sign_in
from tests.factories.checking import make_waiting

S = ApplicationState


@pytest.fixture
def plan(app: Any) -> Application:
    return make_waiting()


@pytest.fixture
def mori(app: Any) -> User:
    return make_user(Role.COORDINATOR, name="Mori Aya")


@pytest.fixture
def abe(app: Any) -> User:
    return make_user(Role.COORDINATOR, name="Abe Ken")


def holder(plan: Application) -> int | None:
    query = select(CheckClaim.user_id).where(CheckClaim.application_id == plan.id, CheckClaim.until > clock.now())
    return db.session.scalar(query)


def send(client: Client, plan: Application, version: int, **fields: str) -> Any:
    data = {"act": "record", "version": str(version), "key": fields.pop("key", "one"), **fields}
    return client.post(f"/applications/check/{plan.public_id}", data=data)


def test_claim_is_renewed_and_lapses_after_a_quarter_of_an_hour(plan: Application, mori: User, abe: User) -> None:
    with time_machine.travel(clock.now(), tick=False) as watch:
        claims.be_there(actor_of(mori), plan)
        claims.be_there(actor_of(abe), plan)
        assert holder(plan) == mori.id
        watch.shift(timedelta(minutes=14))
        claims.be_there(actor_of(mori), plan)
        watch.shift(timedelta(minutes=14))
        assert holder(plan) == mori.id
        watch.shift(timedelta(minutes=2))
        assert holder(plan) is None
        claims.be_there(actor_of(abe), plan)
        assert holder(plan) == abe.id


def test_taking_over_takes_one_click_and_the_other_is_told(
    client: Client, plan: Application, mori: User, abe: User
) -> None:
    claims.be_there(actor_of(mori), plan)
    sign_in(client, abe)
    assert client.post(f"/applications/check/{plan.public_id}/take-over").status_code == 302
    assert holder(plan) == abe.id
    sign_in(client, mori)
    told = f"Abe Ken took {plan.reference} over from you on"
    assert told in client.get("/applications/check").get_data(as_text=True)
    assert "Abe Ken took this plan over" in client.post(f"/applications/check/{plan.public_id}/here").get_json()["text"]
    assert holder(plan) == abe.id


def test_outcome_after_being_taken_over_is_told_once_and_counts_then(
    client: Client, plan: Application, mori: User, abe: User
) -> None:
    claims.be_there(actor_of(mori), plan)
    claims.take_over(actor_of(abe), plan)
    sign_in(client, mori)
    answer = send(client, plan, plan.version, outcome="returned", remark_budget="Typed at length", comment="x")
    page = answer.get_data(as_text=True)
    assert answer.status_code == 409
    assert "Abe Ken took this plan over on" in page and "Typed at length" in page
    mark = claims.others(actor_of(mori), plan)
    assert mark is not None and f'value="{mark.mark}"' in page
    again = send(client, plan, plan.version, outcome="passed", holder=mark.mark)
    assert again.status_code == 302
    db.session.refresh(plan)
    assert plan.state is S.UNDER_REVIEW and holder(plan) is None


def test_second_of_two_officers_is_told_who_was_first_and_keeps_what_was_typed(
    client: Client, plan: Application, mori: User, abe: User
) -> None:
    seen = plan.version
    sign_in(client, abe)
    assert send(client, plan, seen, outcome="passed", key="abe").status_code == 302
    sign_in(client, mori)
    due = clock.today().isoformat()
    answer = send(
        client, plan, seen, outcome="returned", remark_budget="Two hotels?", comment="x", due_on=due, key="mori"
    )
    page = answer.get_data(as_text=True)
    assert answer.status_code == 409
    assert "Abe Ken" in page and "Pass on to review" in page and "Two hotels?" in page
    assert "Record and go on" not in page
    assert len(db.session.scalars(select(FormalCheck)).all()) == 1


def test_plan_that_changed_since_it_was_opened_is_looked_at_again(
    client: Client, plan: Application, mori: User
) -> None:
    sign_in(client, mori)
    answer = send(client, plan, plan.version - 1, outcome="passed")
    assert answer.status_code == 409
    assert "changed since you opened it" in answer.get_data(as_text=True)
    assert send(client, plan, plan.version, outcome="passed", key="two").status_code == 302


def test_a_double_click_is_one_outcome(client: Client, plan: Application, mori: User) -> None:
    sign_in(client, mori)
    seen = plan.version
    answers = [send(client, plan, seen, outcome="passed") for _click in range(2)]
    assert [answer.status_code for answer in answers] == [302, 302]
    assert len(db.session.scalars(select(FormalCheck)).all()) == 1


def test_next_plan_is_one_nobody_else_works_on(plan: Application, mori: User, abe: User) -> None:
    second, third = (make_waiting(call=plan.call) for _number in range(2))
    claims.be_there(actor_of(abe), second)
    found = queue_queries.neighbours(actor_of(mori), plan, queue_queries.Filters())
    assert (found.before, found.after, found.free) == (None, second.public_id, third.public_id)
    assert queue_queries.neighbours(actor_of(abe), plan, queue_queries.Filters()).free == second.public_id


def test_lapsed_claims_are_swept(plan: Application, mori: User) -> None:
    claims.be_there(actor_of(mori), plan)
    assert claims.sweep(clock.now() + timedelta(minutes=20)) == 0
    assert claims.sweep(clock.now() + timedelta(minutes=31)) == 1
