"""The bell of the background work: huey on SQLite, PostgreSQL or Redis tells a worker that rows are waiting.

huey forgets a task whose worker is killed, so it carries nothing: the tables (`background_job`, `outbox_message`) are
the truth, a ring only says "look now", and a ring every minute makes up for lost ones.
"""

import logging
import threading
from collections.abc import Callable
from pathlib import Path

from flask import Flask, current_app
from huey import Huey, MemoryHuey, PostgresHuey, RedisHuey, SqliteHuey, crontab
from huey.consumer import Consumer
from huey.serializer import SignedSerializer

from app.core import transaction
from app.core.db import db

logger = logging.getLogger(__name__)

EXTENSION = "job_queue"
NAME = "sakura"  # JOBS_NAME overrides it, where two installations share a Redis
TABLE_PREFIX = "job_queue"  # of huey's own tables in PostgreSQL; migrations leave them alone
_RINGING = "bells_to_ring"

Bell = Callable[[], None]
_bells: dict[str, Bell] = {}
_schedule: dict[str, dict[str, str]] = {}


def bell(name: str, *, minute: str = "*", hour: str = "*") -> Callable[[Bell], Bell]:
    """Register what to do when `name` rings, and when it rings by itself (cron fields, UTC; every minute if not said).

    The function runs in a worker under an application context of its own, and commits what it does.
    """

    def register(function: Bell) -> Bell:
        _bells[name] = function
        _schedule[name] = {"minute": minute, "hour": hour}
        return function

    return register


def ring_after_commit(name: str) -> None:
    """Have a worker look once the current unit of work is stored; any number of calls ring once."""
    waiting: set[str] = db.session.info.setdefault(_RINGING, set())
    if name in waiting:
        return
    waiting.add(name)

    def ring_now() -> None:
        waiting.discard(name)
        ring(name)

    transaction.after_commit(ring_now)


def ring(name: str) -> None:
    """Have a worker look now. A queue out of order costs at most a minute, never the answer to the user."""
    try:
        queue_of(current_app._get_current_object()).ring(name)  # type: ignore[attr-defined]
    except Exception:
        logger.exception("The job queue did not take a ring for %s; the next minute will.", name)


class Queue:
    """huey for one application, made when first needed: after a fork, and not for commands that queue nothing."""

    def __init__(self, app: Flask) -> None:
        self._app = app
        self._lock = threading.Lock()
        self._huey: Huey | None = None

    @property
    def is_immediate(self) -> bool:
        """Work is done on the spot, in the thread that rings: for tests."""
        return str(self._app.config["JOBS_URL"]).startswith("immediate:")

    @property
    def huey(self) -> Huey:
        with self._lock:
            if self._huey is None:
                self._huey = self._make()
        return self._huey

    def _make(self) -> Huey:
        config = self._app.config
        url = _apart_from_database(config["JOBS_URL"], config["DATABASE_URL"])
        huey = make_huey(url, secret=config["SECRET_KEY"], name=config.get("JOBS_NAME", NAME))
        self._ring_task = huey.task(name="ring", retries=0)(self._answer)
        for name, cron in _schedule.items():
            huey.periodic_task(crontab(**cron), name=f"ring_{name}")(lambda name=name: self._answer(name))
        huey.on_shutdown("hang_up")(huey.storage.close)  # each worker listens on a connection of its own
        return huey

    def ring(self, name: str) -> None:
        huey = self.huey
        if huey.immediate:
            self._answer(name)
        else:
            self._ring_task(name)

    def _answer(self, name: str) -> None:
        with self._app.app_context():
            _bells[name]()


def _apart_from_database(jobs_url: str, database_url: str) -> str:
    """On SQLite the queue keeps a file of its own beside the database, so that its locks stay its own."""
    if jobs_url == database_url and jobs_url.startswith("sqlite:"):
        path = Path(jobs_url.removeprefix("sqlite:///"))
        return f"sqlite:///{path.with_name(path.stem + '.jobs' + path.suffix)}"
    return jobs_url


def make_huey(url: str, *, secret: str, name: str = NAME) -> Huey:
    """A huey on 'sqlite:///file', 'postgresql://…', 'redis://…' or 'immediate:'. Messages are signed with `secret`."""
    scheme = url.partition(":")[0].partition("+")[0]
    settings = {"results": False, "serializer": SignedSerializer(secret=secret, salt="job queue")}
    if scheme == "sqlite":
        path = Path(url.removeprefix("sqlite:///"))
        path.parent.mkdir(parents=True, exist_ok=True)
        return SqliteHuey(name, filename=str(path), **settings)
    if scheme == "postgresql":
        dsn = "postgresql" + url[url.index("://") :]
        return PostgresHuey(name, dsn=dsn, table_prefix=TABLE_PREFIX, **settings)
    if scheme in ("redis", "rediss"):
        return RedisHuey(name, url=url, **settings)
    if scheme == "immediate":
        return MemoryHuey(name, immediate=True, **settings)
    raise ValueError("JOBS_URL begins with sqlite:///, postgresql://, redis:// or immediate:.")


def queue_of(app: Flask) -> Queue:
    """The queue of an application."""
    queue: Queue = app.extensions[EXTENSION]
    return queue


class _ThreadConsumer(Consumer):  # type: ignore[misc]
    """A consumer beside the web server in one process: Ctrl-C stays the server's."""

    def _set_signal_handlers(self) -> None:
        pass


def _options(workers: int) -> dict[str, object]:
    return {"workers": workers, "worker_type": "thread", "initial_delay": 0.1, "max_delay": 1.0}


def run_consumer_in_thread(app: Flask, workers: int = 2) -> Consumer:
    """Start workers and the minute clock inside this process (`make run`); `.stop(graceful=True)` ends them."""
    consumer = _ThreadConsumer(queue_of(app).huey, **_options(workers))
    threading.Thread(target=consumer.run, name="job-consumer", daemon=True).start()
    return consumer


def run_consumer(app: Flask, workers: int = 2) -> None:
    """Work until told to stop (`flask work`): SIGINT ends gracefully, SIGTERM at once; rows make up for either."""
    Consumer(queue_of(app).huey, **_options(workers)).run()


def init_app(app: Flask) -> None:
    app.extensions[EXTENSION] = Queue(app)
