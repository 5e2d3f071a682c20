"""Passing on many plans at once: only those about which nothing was found, looked over first."""

from typing import Any

import pytest
from sqlalchemy import select

from app.applications.models import Application, ApplicationState
from app.checking import claims, mass, sheets
from app.core import jobs
from app.core.authz import Role
from app.core.background_job import BackgroundJob, JobState
from app.core.db import db
from app.core.errors import Forbidden, Refused
from tests.conftest import Client
from tests.factories.accounts import actor_of, make_actor, make_user, sign_in
from tests.factories.calls import make_call
from tests.factories.checking import make_waiting
from tests.factories.directory import make_host

S = ApplicationState
THEMES = ("Rivers and lakes", "Robots that walk", "Vaccines for children", "Snow and ice", "Old bridges")


@pytest.fixture
def officer(client: Client) -> Any:
    user = make_user(Role.COORDINATOR)
    sign_in(client, user)
    return user


@pytest.fixture
def plans(app: Any) -> list[Application]:
    """Four plans that resemble no other; the last one breaks a rule that should hold."""
    call = make_call()
    return [
        make_waiting(
            call=call,
            host=make_host(),
            theme_en=THEMES[number],
            purpose=f"{THEMES[number]} are what we look at. " * 3,
            principal_email=f"person{number}@example.ac.jp",
            online_if_impossible=number < 3,
        )
        for number in range(4)
    ]


def states(plans: list[Application]) -> list[ApplicationState]:
    for plan in plans:
        db.session.refresh(plan)
    return [plan.state for plan in plans]


def test_order_is_looked_over_then_done(client: Client, officer: Any, plans: list[Application]) -> None:
    claims.be_there(make_actor_named("Abe Ken"), plans[1])
    ids = [plan.public_id for plan in plans]
    look = client.post("/applications/check/pass", data={"plan": ids})
    page = look.get_data(as_text=True)
    assert look.status_code == 200 and states(plans) == [S.SUBMITTED] * 4
    assert "2 plans about which nothing was found are passed on." in page
    assert "Abe Ken works on it" in page and "something was found" in page
    data = {"plans": f"{ids[0]},{ids[2]}", "confirm": "1", "key": "order"}
    assert client.post("/applications/check/pass", data=data).status_code == 302
    assert states(plans) == [S.UNDER_REVIEW, S.SUBMITTED, S.UNDER_REVIEW, S.SUBMITTED]
    assert client.post("/applications/check/pass", data=data).status_code == 302  # a double click


def make_actor_named(name: str) -> Any:
    return actor_of(make_user(Role.COORDINATOR, name=name))


def test_all_of_a_list_means_those_about_which_nothing_was_found(
    client: Client, officer: Any, plans: list[Application]
) -> None:
    page = client.post("/applications/check/pass", data={"all": "1"}).get_data(as_text=True)
    assert f'value="{",".join(plan.public_id for plan in plans[:3])}"' in page


def test_what_was_not_compared_or_came_back_is_never_passed_on_unread(officer: Any, plans: list[Application]) -> None:
    sheets.note(plans[0])
    plans[1].return_reason = "Corrected"
    db.session.flush()
    looked = mass.preview(actor_of(officer), [plan.public_id for plan in plans])
    assert [row.id for row in looked.ready] == [plans[2].id]
    with pytest.raises(Refused):
        mass.pass_many(actor_of(officer), [plans[0].public_id], key="x")
    with pytest.raises(Forbidden):
        mass.pass_many(make_actor(Role.DECISION_MAKER), [plans[2].public_id], key="x")


def test_many_are_passed_on_by_a_job_that_leaves_alone_what_moved_meanwhile(
    client: Client, officer: Any, plans: list[Application], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mass, "AT_ONCE", 2)
    monkeypatch.setattr(mass, "BATCH", 1)
    done = mass.pass_many(actor_of(officer), [plan.public_id for plan in plans], key="order")
    assert done.job is not None and done.plans == 3
    assert "Plans are being passed on: 0 of 3" in client.get("/applications/check").get_data(as_text=True)
    claims.be_there(make_actor_named("Abe Ken"), plans[1])
    for job in db.session.scalars(select(BackgroundJob).where(BackgroundJob.kind != mass.JOB)):
        job.state = JobState.DONE
    db.session.commit()
    assert jobs.run_next()
    assert states(plans) == [S.UNDER_REVIEW, S.SUBMITTED, S.UNDER_REVIEW, S.SUBMITTED]
    db.session.refresh(done.job)
    assert (done.job.state, done.job.result) == (JobState.DONE, {"plans": 2})
