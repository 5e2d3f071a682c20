"""Canary test T3: every secret text carries a word; everybody asks for everything; nobody finds a foreign word.

`python -m tests.canary.run [READER …]`: as these readers, or as all. CANARY_SHARE (0.3) is the share of all addresses
and forms that each reader asks for in each language (which ones, CANARY_SEED says); 1 asks for all of them, 200,000
and more. CANARY_FEWEST (20000) answers are to come. Exit code 1 on a finding, 2 with fewer answers.
"""

import os
import shutil
import sys
import tempfile
import time
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from alembic import command
from flask import Flask

from app import create_app
from app.cli import alembic_config
from app.core import db as db_module
from app.core.db import db
from app.core.i18n import LANGUAGES
from config import Testing
from tests.canary.asking import speak
from tests.canary.crawl import Crawl, Tally
from tests.canary.people import World
from tests.canary.world import Builder
from tests.conftest import Client, _with_one_memory_database

SHARE = float(os.environ.get("CANARY_SHARE", "0.3"))
SEED = os.environ.get("CANARY_SEED", "1")
FEWEST = int(os.environ.get("CANARY_FEWEST", "20000"))
WHOLE = 1_000_000


@contextmanager
def application(folder: Path) -> Iterator[Flask]:
    """The application on an empty, migrated database in memory, in one transaction that is never committed."""
    settings = Testing()
    settings.DATABASE_URL, settings.STORAGE_DIR = "sqlite://", str(folder)
    original = db_module.create_engine
    db_module.create_engine = _with_one_memory_database(original)  # type: ignore[assignment]
    app = create_app(settings)
    db_module.create_engine = original
    app.test_client_class = Client
    app.config["PROPAGATE_EXCEPTIONS"] = False  # an error is an answer, too
    with app.app_context(), db.engine.connect() as connection:
        config = alembic_config(settings.DATABASE_URL)
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
        connection.commit()
        outer = connection.begin()
        options = {"bind": connection, "join_transaction_mode": "create_savepoint"}
        app.extensions["database_session_options"] = options
        yield app
        db.session.close()
        outer.rollback()


def picks(share: float, seed: str) -> Callable[[str], bool]:
    """Of all that can be asked the same share every time, spread evenly."""
    return lambda what: zlib.crc32(f"{seed} {what}".encode()) % WHOLE < share * WHOLE


def crawl(app: Flask, world: World, names: list[str], share: float) -> Tally:
    """Ask as everybody named, in both languages."""
    tally = Tally()
    for language in LANGUAGES:
        speak(world, language)
        for name in names:
            begun = time.monotonic()
            Crawl(app, world, tally, language, picks(share, SEED + language)).run([name])
            took = time.monotonic() - begun
            print(f"{language} {name}: {tally.answers[name]} answers so far, {took:.0f} s", file=sys.stderr, flush=True)
    return tally


def report(world: World, tally: Tally) -> Iterator[str]:
    """The table, reader by reader, then what was found."""
    yield "| reader | answers | canaries of one's own seen | kinds seen | findings |\n|---|---|---|---|---|"
    for name, number in tally.answers.items():
        seen = {kind: times for (who, kind), times in tally.seen.items() if who == name}
        found = sum(finding.startswith(f"{name} ") for finding in tally.leaks)
        yield f"| {name} | {number} | {sum(seen.values())} | {len(seen)} | {found} |"
    yield f"\n{tally.total} answers, {len(world.aviary.birds)} canaries, {tally.mails} mails written and read."
    yield f"Kinds: {_said(tally.kinds)}. Statuses: {_said(tally.statuses)}."
    yield from (f"FOUND {finding} | {where}" for finding, where in tally.leaks.items())


def _said(counted: Any) -> str:
    return ", ".join(f"{name} {number}" for name, number in counted.most_common())


def main() -> None:
    folder = Path(tempfile.mkdtemp(prefix="sakura-canary-"))
    try:
        with application(folder) as app:
            world = Builder(app).build()
            names = sys.argv[1:] or list(world.people)
            tally = crawl(app, world, names, SHARE)
            print("\n".join(report(world, tally)))
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    if tally.leaks:
        sys.exit(1)
    sys.exit(2 if tally.total < FEWEST else 0)


if __name__ == "__main__":
    main()
