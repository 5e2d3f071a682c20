"""A job outlives its worker: written with the verb that wants it, done at least once, stored exactly once."""

import os
import signal
import subprocess
import sys
import textwrap
import threading
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from flask import Flask
from flask_babel import get_locale
from sqlalchemy import func, select, update

from app.core import clock, job_queue, jobs, limits, transaction
from app.core.authz import SYSTEM, Actor
from app.core.background_job import BackgroundJob, JobState
from app.core.db import Base, db, reading
from app.core.errors import Refused

OWNER = Actor(id=7, name="Mary", email="mary@example.jp", locale="en", grants=())
Work = Callable[[BackgroundJob, jobs.Context], dict[str, Any] | None]


@pytest.fixture
def does() -> Iterator[Callable[[Work], None]]:
    """Say what jobs of the kind 'test' do."""
    jobs._handlers.pop("test", None)
    yield lambda function: jobs._handlers.__setitem__("test", function)
    jobs._handlers.pop("test", None)


@pytest.fixture
def by_hand(kernel: Flask, tmp_path: Path) -> Flask:
    """Only the test lets jobs run."""
    kernel.config["JOBS_URL"] = f"sqlite:///{tmp_path / 'bell.sqlite3'}"
    return kernel


def the_job() -> BackgroundJob:
    db.session.expire_all()
    return db.session.scalars(select(BackgroundJob)).one()


def effects() -> int:
    """Handlers of these tests leave a counter row as their effect."""
    with reading(), db.new_session() as session:
        return session.scalar(select(func.count()).select_from(limits.LimitCounter)) or 0


def leave_effect(name: str) -> None:
    now = clock.now()
    db.session.add(limits.LimitCounter(action=name, key_hash="x", tries=1, started_at=now, expires_at=now))


def test_job_is_done_after_the_commit_and_keeps_its_result(kernel: Flask, does: Any) -> None:
    does(lambda job, context: {"document_id": job.params["application_id"] + 1})
    with transaction.unit_of_work():
        job = jobs.enqueue("test", owner=OWNER, application_id=41)
        assert job.state is JobState.QUEUED
    done = the_job()
    assert (done.state, done.result, done.owner_id, done.tries) == (JobState.DONE, {"document_id": 42}, 7, 1)
    assert done.finished_at is not None


def test_job_of_a_rolled_back_verb_never_runs(kernel: Flask, does: Any) -> None:
    does(lambda job, context: pytest.fail("ran"))
    jobs.enqueue("test")
    transaction.rollback()
    assert db.session.scalar(select(func.count()).select_from(BackgroundJob)) == 0


def test_job_runs_in_its_owners_language(kernel: Flask, does: Any) -> None:
    does(lambda job, context: {"language": str(get_locale())})
    with transaction.unit_of_work():
        jobs.enqueue("test", owner=OWNER)
    assert the_job().result == {"language": "en"}


def test_same_key_is_one_job(kernel: Flask, does: Any) -> None:
    does(lambda job, context: None)
    with transaction.unit_of_work():
        first = jobs.enqueue("test", key="receipt:1:v1")
    with transaction.unit_of_work():
        assert jobs.enqueue("test", key="receipt:1:v1").id == first.id
    assert the_job().key == "receipt:1:v1"


def test_job_takes_ids_and_short_codes_only(kernel: Flask, does: Any) -> None:
    does(lambda job, context: None)
    for data in (b"file", {"name": "Mary"}, "x" * 101, 1.5, [["nested"]]):
        with pytest.raises(TypeError, match="ids and short codes"):
            jobs.enqueue("test", data=data)
    with pytest.raises(ValueError, match="Nobody does"):
        jobs.enqueue("unheard-of")


def test_failing_job_leaves_no_effect_is_tried_again_later_and_parked_after_five_tries(
    by_hand: Flask, does: Any
) -> None:
    def fail(job: BackgroundJob, context: jobs.Context) -> None:
        leave_effect(f"try {context.attempt}")
        db.session.flush()
        raise RuntimeError("Mary's passport number is TK1234567")

    does(fail)
    waits = []
    with time_machine.travel("2026-07-01T00:00:00Z", tick=False) as now:
        with transaction.unit_of_work():
            jobs.enqueue("test")
        for _ in range(4):
            assert jobs.run_next()
            waits.append(the_job().run_after - clock.now())
            assert not jobs.run_next()
            now.shift(waits[-1])
        assert jobs.run_next()
    job = the_job()
    assert waits == [timedelta(seconds=seconds) for seconds in (30, 120, 480, 1920)]
    assert (job.state, job.tries, effects()) == (JobState.FAILED, 5, 0)
    assert job.last_error.startswith("RuntimeError at test_jobs.py:")
    assert "TK1234567" not in job.last_error + job.message
    with transaction.unit_of_work():
        jobs.retry(job)
    assert (job.state, job.tries) == (JobState.QUEUED, 0)


def test_refusal_of_a_job_is_final_and_said_to_the_owner(kernel: Flask, does: Any) -> None:
    def refuse(job: BackgroundJob, context: jobs.Context) -> None:
        raise Refused({"file": ["Row 3 has no name."]})

    does(refuse)
    with transaction.unit_of_work():
        jobs.enqueue("test", owner=OWNER)
    job = the_job()
    assert (job.state, job.message, job.tries) == (JobState.FAILED, "Row 3 has no name.", 1)


def test_progress_is_seen_by_others_while_the_job_runs(kernel: Flask, does: Any) -> None:
    seen: list[tuple[int, int | None, str]] = []

    def count(job: BackgroundJob, context: jobs.Context) -> None:
        for done in (1, 2, 3):
            leave_effect(f"row {done}")
            context.progress(done, 3, f"Row {done}")
            with reading(), db.new_session() as other:
                row = other.scalars(select(BackgroundJob)).one()
                seen.append((row.progress_done, row.progress_total, row.message))

    does(count)
    with transaction.unit_of_work():
        jobs.enqueue("test")
    assert seen == [(1, 3, "Row 1"), (2, 3, "Row 2"), (3, 3, "Row 3")]
    assert effects() == 3


def test_worker_that_lost_its_lease_stores_nothing(by_hand: Flask, does: Any) -> None:
    def lose(job: BackgroundJob, context: jobs.Context) -> None:
        leave_effect("too late")
        with by_hand.app_context():
            pass
        db.session.execute(
            update(BackgroundJob).where(BackgroundJob.id == context.job_id).values(tries=context.attempt + 1)
        )

    does(lose)
    with transaction.unit_of_work():
        jobs.enqueue("test")
    assert jobs.run_next()
    assert effects() == 0


def test_job_that_kills_its_worker_each_time_is_parked(by_hand: Flask, does: Any) -> None:
    does(lambda job, context: None)
    with time_machine.travel("2026-07-01T00:00:00Z", tick=False) as now:
        with transaction.unit_of_work():
            jobs.enqueue("test")
        for _ in range(jobs.MAX_TRIES):
            assert jobs._claim() is not None  # and the worker is gone
            assert jobs._claim() is None
            now.shift(timedelta(seconds=61))
        assert jobs.run_next()
    assert the_job().state is JobState.FAILED
    assert the_job().last_error == "The worker died each time."


def test_parallel_workers_do_each_job_once(by_hand: Flask, does: Any) -> None:
    done: list[int] = []
    does(lambda job, context: done.append(job.params["number"]))
    with transaction.unit_of_work():
        for number in range(40):
            jobs.enqueue("test", number=number)

    def work() -> None:
        with by_hand.app_context():
            while jobs.run_next():
                pass

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    while jobs.run_next():
        pass
    assert sorted(done) == list(range(40))


@pytest.mark.parametrize("queue", ["sqlite", "postgresql", "redis"])
def test_consumer_is_woken_on_every_queue(
    queue: str, kernel: Flask, does: Any, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    if queue == "sqlite":
        kernel.config["JOBS_URL"] = f"sqlite:///{tmp_path / 'deep' / 'bell.sqlite3'}"
    else:
        kernel.config["JOBS_URL"] = request.getfixturevalue(f"{queue}_url")
    does(lambda job, context: {"number": job.params["number"]})
    job_queue.queue_of(kernel).huey.flush()
    consumer = jobs.run_consumer_in_thread(kernel)
    try:
        for number in range(3):
            with transaction.unit_of_work():
                jobs.enqueue("test", number=number)
        assert _until(lambda: _count(JobState.DONE) == 3)
    finally:
        consumer.stop(graceful=True)
        job_queue.queue_of(kernel).huey.storage.close()


def _count(state: JobState) -> int:
    with reading(), db.new_session() as session:
        return session.scalar(select(func.count()).where(BackgroundJob.state == state)) or 0


def _until(condition: Callable[[], bool], seconds: float = 20) -> bool:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if condition():
            return True
        time.sleep(0.05)
    return False


def test_queue_out_of_order_costs_the_user_nothing(kernel: Flask, does: Any) -> None:
    kernel.config["JOBS_URL"] = "redis://127.0.0.1:1/0"
    does(lambda job, context: None)
    with transaction.unit_of_work():
        jobs.enqueue("test")
    assert the_job().state is JobState.QUEUED
    assert jobs.run_next()  # as the next minute does


def test_every_minute_work_and_mail_are_looked_at(kernel: Flask) -> None:
    huey = job_queue.queue_of(kernel).huey
    names = {type(task).__name__ for task in huey.read_periodic(clock.now())}
    assert {"ring_jobs", "ring_mail"} <= names


def test_queue_of_a_sqlite_installation_has_a_file_of_its_own(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'sakura.sqlite'}"
    assert job_queue._apart_from_database(url, url) == f"sqlite:///{tmp_path / 'sakura.jobs.sqlite'}"
    assert job_queue._apart_from_database("redis://x", url) == "redis://x"


def test_message_not_signed_by_us_is_not_read(kernel: Flask, tmp_path: Path) -> None:
    address = f"sqlite:///{tmp_path / 'bell.sqlite3'}"
    stranger = job_queue.make_huey(address, secret="somebody else's")
    stranger.storage.enqueue(stranger.serializer.serialize({"task": "evil"}))
    with pytest.raises(ValueError, match="mismatch"):
        job_queue.make_huey(address, secret=kernel.config["SECRET_KEY"]).dequeue()


KILLED_WORKER = """
    import os, sys, time
    from pathlib import Path
    from conftest import kernel_app
    from app.core import clock, jobs, limits
    from app.core.db import db

    app = kernel_app(sys.argv[1], Path(sys.argv[2]), JOB_LEASE_SECONDS=1,
                     JOBS_URL=sys.argv[3], SECRET_KEY=sys.argv[4], JOBS_NAME=sys.argv[5])

    @jobs.handler("slow")
    def slow(job, context):
        context.progress(1, 2)
        now = clock.now()
        db.session.add(limits.LimitCounter(action=str(job.id), key_hash="x", tries=1, started_at=now, expires_at=now))
        db.session.flush()
        time.sleep(float(sys.argv[6]))
        return {"worker": os.getpid()}

    print("ready", flush=True)
    jobs.run_consumer(app)
"""


@pytest.fixture
def worker(kernel: Flask, database_url: str, tmp_path: Path) -> Iterator[Callable[[float], subprocess.Popen[str]]]:
    """Start a worker process whose jobs take that many seconds."""
    script = tmp_path / "worker.py"
    script.write_text(textwrap.dedent(KILLED_WORKER), encoding="utf-8")
    kernel.config["JOBS_URL"] = f"sqlite:///{tmp_path / 'bell.sqlite3'}"
    jobs._handlers["slow"] = lambda job, context: None
    roots = [str(Path(__file__).parent), str(Path(jobs.__file__).parents[2])]
    started: list[subprocess.Popen[str]] = []

    def start(seconds: float) -> subprocess.Popen[str]:
        names = ("JOBS_URL", "SECRET_KEY", "JOBS_NAME")
        arguments = [database_url, str(tmp_path), *(kernel.config[name] for name in names), str(seconds)]
        process = subprocess.Popen(
            [sys.executable, str(script), *arguments],
            env={**os.environ, "PYTHONPATH": os.pathsep.join(roots)},
            stdout=subprocess.PIPE,
            text=True,
        )
        started.append(process)
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        return process

    yield start
    jobs._handlers.pop("slow")
    for process in started:
        process.kill()
        process.wait()
        if process.stdout is not None:
            process.stdout.close()


def test_job_of_a_worker_killed_with_signal_9_is_done_by_another_and_once(kernel: Flask, worker: Any) -> None:
    first = worker(60)
    with transaction.unit_of_work():
        jobs.enqueue("slow")
    assert _until(lambda: _progress() == 1), "the first worker took the job"
    time.sleep(0.3)  # it now sleeps with its effect written and not committed
    first.send_signal(signal.SIGKILL)
    first.wait()
    assert _count(JobState.RUNNING) == 1
    assert effects() == 0

    second = worker(0)
    time.sleep(1.2)  # the lease of the dead worker runs out
    job_queue.ring(jobs.BELL)  # as the clock does every minute
    assert _until(lambda: _count(JobState.DONE) == 1)
    job = the_job()
    assert (job.tries, job.result, effects()) == (2, {"worker": second.pid}, 1)


def test_lease_of_a_living_worker_is_renewed_however_long_it_works(kernel: Flask, worker: Any) -> None:
    worker(3)
    with transaction.unit_of_work():
        jobs.enqueue("slow")
    assert _until(lambda: _progress() == 1)
    time.sleep(1.5)
    if db.engine.dialect.name != "sqlite":  # there the worker itself holds the only writer: nobody can take the job
        assert jobs._claim() is None
    assert _until(lambda: _count(JobState.DONE) == 1)
    assert the_job().tries == 1


def _progress() -> int:
    with reading(), db.new_session() as session:
        return session.scalar(select(func.max(BackgroundJob.progress_done))) or 0


def test_system_may_own_a_job(kernel: Flask, does: Any) -> None:
    does(lambda job, context: None)
    with transaction.unit_of_work():
        jobs.enqueue("test", owner=SYSTEM)
    assert the_job().owner_id is None
    assert Base.metadata.tables["background_job"] is not None
