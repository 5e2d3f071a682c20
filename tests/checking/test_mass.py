"""Passing on many plans at once: only those about which nothing was found, looked over first."""

from typing import Any

import pytest
from sqlalchemy import select

from app.applications.models import Application, ApplicationState
from app.checking import claims, sheets
from app.checking.lists import PASS_ON, QUEUE
from app.checking.models import FormalCheck
from app.core import jobs
from app.core.authz import Role
from app.core.background_job import BackgroundJob, JobState
from app.core.db import db
from app.core.errors import Forbidden, GuardsFailed
from app.core.lists import acting, selecting
from app.core.lists.models import Outcome
from app.core.lists.selecting import Chosen
from tests.conftest import Client
from tests.factories.accounts import actor_of, make_actor, make_user, sign_in
from tests.factories.calls import make_call
from tests.factories.checking import make_waiting
from tests.factories.directory import make_host

S = ApplicationState
ACT = "/lists/checks/acts/pass-on"
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


def chosen(*plans: Application) -> str:
    return "?" + "&".join(f"pick={plan.public_id}" for plan in plans)


def meant(plans: list[Application]) -> Chosen:
    return Chosen(tuple(plan.public_id for plan in plans))


def make_actor_named(name: str) -> Any:
    return actor_of(make_user(Role.COORDINATOR, name=name))


def test_order_is_looked_over_then_done(client: Client, officer: Any, plans: list[Application]) -> None:
    claims.be_there(make_actor_named("Abe Ken"), plans[1])
    look = client.get(f"{ACT}{chosen(*plans)}")
    page = look.get_data(as_text=True)
    assert look.status_code == 200 and states(plans) == [S.SUBMITTED] * 4
    assert "2 plans about which nothing was found are passed on to review." in page
    assert "Abe Ken works on it" in page and "something was found" in page
    answer = client.post(f"{ACT}{chosen(*plans)}", data={"key": "order"})
    assert answer.status_code == 302
    assert states(plans) == [S.UNDER_REVIEW, S.SUBMITTED, S.UNDER_REVIEW, S.SUBMITTED]
    again = client.post(f"{ACT}{chosen(*plans)}", data={"key": "order"})  # a double click
    assert again.location == answer.location
    checks = db.session.scalars(select(FormalCheck.application_id).order_by(FormalCheck.application_id))
    assert list(checks) == [plans[0].id, plans[2].id]


def test_all_that_are_found_follow_the_filters(client: Client, officer: Any, plans: list[Application]) -> None:
    page = client.get(f"{ACT}?which=found&found=nothing").get_data(as_text=True)
    assert "3 plans about which nothing was found" in page and str(plans[3].reference) not in page
    page = client.get(f"{ACT}?which=found&q={plans[1].reference}").get_data(as_text=True)
    assert "1 plan about which nothing was found" in page


def test_what_was_not_compared_or_came_back_is_never_passed_on_unread(officer: Any, plans: list[Application]) -> None:
    sheets.note(plans[0])
    plans[1].return_reason = "Corrected"
    db.session.flush()
    looked = selecting.candidates(QUEUE, PASS_ON, actor_of(officer), meant(plans))
    assert [entry.name for entry in looked if not entry.obstacle] == [plans[2].reference]
    with pytest.raises(GuardsFailed):
        acting.begin(actor_of(officer), QUEUE, PASS_ON, meant(plans[:1]), {})
    with pytest.raises(Forbidden):
        acting.begin(make_actor(Role.DECISION_MAKER), QUEUE, PASS_ON, meant(plans[2:3]), {})


def test_same_person_in_charge_twice_is_something_found(officer: Any, plans: list[Application]) -> None:
    same = {"principal_email": plans[0].principal_email, "theme_en": "Old maps", "purpose": "Maps of old towns."}
    twice = make_waiting(call=plans[0].call, host=make_host(), **same)
    looked = selecting.candidates(QUEUE, PASS_ON, actor_of(officer), meant([plans[0], plans[1], twice]))
    assert [entry.name for entry in looked if not entry.obstacle] == [plans[1].reference]


def test_many_are_passed_on_by_a_job_that_leaves_alone_what_moved_meanwhile(
    officer: Any, plans: list[Application], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(acting, "AT_ONCE", 2)
    task = acting.begin(actor_of(officer), QUEUE, PASS_ON, meant(plans), {})
    assert task.job_id is not None and task.entries == 4
    claims.be_there(make_actor_named("Abe Ken"), plans[1])
    for job in db.session.scalars(select(BackgroundJob).where(BackgroundJob.kind != acting.JOB)):
        job.state = JobState.DONE
    db.session.commit()
    assert jobs.run_next()
    assert states(plans) == [S.UNDER_REVIEW, S.SUBMITTED, S.UNDER_REVIEW, S.SUBMITTED]
    assert acting.tally(task) == {Outcome.DONE: 2, Outcome.SKIPPED: 2}
    assert any("Abe Ken" in item.reason for item in acting.items_of(task, Outcome.SKIPPED))
