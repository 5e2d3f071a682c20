"""Results are released at a set minute, in the name of who set it; what is in the way is said to who can mend it."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from app.applications import release, release_clock
from app.applications.models import Application, ApplicationState
from app.core import clock, jobs
from app.core.authz import Role
from app.core.background_job import BackgroundJob
from app.core.db import db
from app.core.errors import Forbidden, Refused, TransitionNotAllowed
from app.core.outbox import OutboxMessage
from tests.conftest import Client
from tests.factories.accounts import actor_of, make_actor, make_user, sign_in
from tests.factories.applications import make_application
from tests.factories.calls import make_call
from tests.factories.decisions import make_proposal
from tests.factories.directory import make_host

S = ApplicationState


@pytest.fixture
def call(app: Any) -> Any:
    """A round that closed yesterday."""
    now = clock.now()
    return make_call(opens_at=now - timedelta(days=30), closes_at=now - timedelta(days=1))


def minute(**later: int) -> datetime:
    return (clock.now() + timedelta(**later)).replace(second=0, microsecond=0)


def mails() -> int:
    return db.session.scalar(select(func.count()).select_from(OutboxMessage)) or 0


def test_minute_is_set_moved_and_taken_back_by_decision_makers(call: Any) -> None:
    decider, other = make_actor(Role.DECISION_MAKER), make_actor(Role.DECISION_MAKER)
    release_clock.set_minute(decider, call, minute(hours=2))
    release_clock.set_minute(other, call, minute(hours=3))
    assert (call.release_at, call.release_by_id) == (minute(hours=3), other.id)
    release_clock.cancel(decider, call)
    assert call.release_at is None
    with pytest.raises(TransitionNotAllowed):
        release_clock.cancel(decider, call)
    with pytest.raises(Forbidden):
        release_clock.set_minute(make_actor(Role.COORDINATOR), call, minute(hours=2))


@pytest.mark.parametrize("later", [{"minutes": -1}, {"seconds": 0}])
def test_minute_is_still_to_come(call: Any, later: dict[str, int]) -> None:
    with pytest.raises(Refused):
        release_clock.set_minute(make_actor(Role.DECISION_MAKER), call, clock.now() + timedelta(**later))


def test_minute_is_after_the_closing(app: Any) -> None:
    call = make_call()
    with pytest.raises(Refused):
        release_clock.set_minute(make_actor(Role.DECISION_MAKER), call, call.closes_at - timedelta(minutes=1))


def test_seconds_are_left_out(call: Any) -> None:
    release_clock.set_minute(make_actor(Role.DECISION_MAKER), call, minute(hours=1) + timedelta(seconds=42))
    assert call.release_at == minute(hours=1)


def test_bell_releases_in_the_name_of_who_set_the_minute_and_not_before(call: Any) -> None:
    plan, user = make_application(S.DECIDED, call=call), make_user(Role.DECISION_MAKER)
    release_clock.set_minute(actor_of(user), call, minute(hours=1))
    db.session.commit()
    release_clock.ring()
    assert plan.state is S.DECIDED and db.session.scalar(select(BackgroundJob)) is None
    with clock.pretending(minute(hours=1)):
        release_clock.ring()
        release_clock.ring()
        finish_jobs()
    db.session.expire_all()
    assert plan.state is S.ADOPTED and call.release_at is None and call.released_at is not None
    assert mails() == 2  # the two contacts of the plan, once


def finish_jobs() -> None:
    while jobs.run_next():
        pass


def test_what_is_in_the_way_is_mailed_and_shown_and_nothing_is_released(client: Client, call: Any) -> None:
    plan, waiting = make_application(S.DECIDED, call=call), make_application(S.UNDER_REVIEW, call=call)
    user = make_user(Role.DECISION_MAKER, locale="ja")
    coordinator = make_user(Role.COORDINATOR, locale="en")
    release_clock.set_minute(actor_of(user), call, minute(minutes=5))
    db.session.commit()
    with clock.pretending(minute(minutes=6)):
        release_clock.ring()
        release_clock.ring()
    db.session.expire_all()
    assert (plan.state, call.release_at) == (S.DECIDED, None)
    found = {mail.recipient_id: mail for mail in db.session.scalars(select(OutboxMessage))}
    assert set(found) >= {user.id, coordinator.id} and mails() == len(found)
    assert str(waiting.reference) in found[coordinator.id].body and str(waiting.reference) in found[user.id].body
    sign_in(client, coordinator)
    assert "was not done" in client.get(f"/applications/rounds/{call.public_id}").text


def test_whoever_lost_the_role_releases_nothing(call: Any) -> None:
    plan, user = make_application(S.DECIDED, call=call), make_user(Role.DECISION_MAKER)
    release_clock.set_minute(actor_of(user), call, minute(minutes=5))
    user.grants.clear()
    db.session.commit()
    with clock.pretending(minute(minutes=6)):
        release_clock.ring()
        finish_jobs()
    db.session.expire_all()
    assert plan.state is S.DECIDED and call.release_missed_at is not None


def test_release_killed_after_a_batch_goes_on_without_a_second_mail(call: Any, monkeypatch: Any) -> None:
    monkeypatch.setattr(release, "BATCH", 2)
    host = make_host()
    plans = [make_application(S.DECIDED, call=call, host=host) for _number in range(5)]
    release_clock.set_minute(actor_of(make_user(Role.DECISION_MAKER)), call, minute(minutes=1))
    db.session.commit()

    class Killed(BaseException):
        """What no handler catches: the worker is gone."""

    def die_after_the_batch(context: jobs.Context, *numbers: Any) -> None:
        progress(context, *numbers)
        raise Killed

    progress = jobs.Context.progress
    with clock.pretending(minute(minutes=2)):
        with monkeypatch.context() as patch, pytest.raises(Killed):
            patch.setattr(jobs.Context, "progress", die_after_the_batch)
            release_clock.ring()  # which has a worker begin the job
        db.session.rollback()
        assert (released(plans), mails()) == (2, 4)
    with clock.pretending(minute(minutes=10)):  # the lease is over: another worker takes the job
        finish_jobs()
    assert (released(plans), mails()) == (5, 10)
    addresses = db.session.execute(
        select(OutboxMessage.subject_id, OutboxMessage.recipient_address, func.count())
        .group_by(OutboxMessage.subject_id, OutboxMessage.recipient_address)
        .having(func.count() > 1)
    )
    assert addresses.all() == []


def released(plans: list[Application]) -> int:
    db.session.expire_all()
    return sum(plan.state is S.ADOPTED for plan in plans)


def test_open_proposal_to_decide_otherwise_stands_in_the_way(call: Any) -> None:
    plan = make_application(S.DECIDED, call=call)
    make_proposal(plan, "declined")
    assert [str(plan.reference) in sentence for sentence in release.obstacles(call)] == [True]


def test_pages_set_move_and_take_back(client: Client, call: Any) -> None:
    make_application(S.DECIDED, call=call)
    sign_in(client, make_user(Role.DECISION_MAKER, name="Hiroshi Ishikawa"))
    path = f"/applications/rounds/{call.public_id}/release-time"
    soon = clock.in_tokyo(minute(days=2))
    fields = {"key": "k1", "day": f"{soon:%Y-%m-%d}", "hour": f"{soon:%H:%M}"}
    assert client.post(path, data={"key": "k0", "day": fields["day"]}).status_code == 422
    assert client.post(path, data=fields).status_code == 302
    db.session.refresh(call)
    assert call.release_at == soon
    sign_in(client, make_user(Role.COORDINATOR))
    page = client.get(f"/applications/rounds/{call.public_id}").text
    assert "1 day 23 hours" in page and "Set by Hiroshi Ishikawa." in page
    assert client.post(f"{path}/cancel", data={"key": "k2"}).status_code == 403
    sign_in(client, make_user(Role.DECISION_MAKER))
    assert client.post(f"{path}/cancel", data={"key": "k3"}).status_code == 302
    db.session.refresh(call)
    assert call.release_at is None
