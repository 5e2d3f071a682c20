"""When the figures are made anew, and by whom."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from app.core import clock, jobs
from app.core.authz import SYSTEM, Role
from app.core.background_job import BackgroundJob, JobState
from app.core.db import db
from app.core.errors import Forbidden
from app.core.workflow import Moved
from app.insight import queries, service
from tests.factories.accounts import make_actor
from tests.factories.insight import make_figures, make_group

pytestmark = pytest.mark.usefixtures("app")


def waiting() -> list[BackgroundJob]:
    return list(db.session.scalars(select(BackgroundJob).where(BackgroundJob.kind == service.REFRESH)))


def test_changes_within_a_minute_share_one_job() -> None:
    for _change in range(3):
        service.sources_changed()
    jobs_found = {job.key for job in waiting()}
    assert len(jobs_found) <= 2, "one, or two where the minute ended in between"


def test_job_waits_until_the_transactions_of_its_minute_are_over() -> None:
    now = clock.now()
    service.sources_changed()
    job = waiting()[0]
    assert now + service.SETTLING < job.run_after <= now + timedelta(minutes=1) + service.SETTLING


def test_visit_that_moves_makes_the_figures_anew_and_an_application_does_not() -> None:
    service.moved(Moved("application", "submit", object()))
    assert waiting() == []
    service.moved(Moved("visit", "arrive", object()))
    assert len(waiting()) == 1


def test_page_knows_that_something_changed_since() -> None:
    make_figures()
    stamp = queries.stamp()
    assert stamp is not None
    assert not stamp.is_behind
    service.sources_changed()
    db.session.refresh(stamp)
    assert stamp.is_behind
    make_figures()
    assert not stamp.is_behind


def test_worker_makes_the_figures() -> None:
    make_group(clock.today() - timedelta(days=10))
    db.session.commit()
    job = jobs.enqueue(service.REFRESH)
    db.session.commit()
    jobs.work()
    db.session.refresh(job)
    assert job.state is JobState.DONE
    assert queries.as_of(clock.today()).invitees == 1


def test_night_makes_them_whatever_was_announced() -> None:
    make_group(clock.today() - timedelta(days=10))
    db.session.commit()
    service.refresh_nightly()
    jobs.work()
    assert queries.as_of(clock.today()).invitees == 1


@pytest.mark.parametrize("role", [Role.HOST_EDITOR, Role.AUDITOR, Role.DECISION_MAKER])
def test_only_coordinators_and_administrators_ask_for_new_figures(role: Role) -> None:
    with pytest.raises(Forbidden):
        service.ask_refresh(make_actor(role))


def test_the_system_itself_does_not_ask() -> None:
    with pytest.raises(Forbidden):
        service.ask_refresh(SYSTEM)
