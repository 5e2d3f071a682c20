"""The fault tests in small, on every run of the tests: two editors, a flood of twelve forms, one kill -9 in writes."""

import os
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.faults import deadline_flood, kill_nine, races
from tests.faults.server import Site, drop_database, postgresql_site, sqlite_site

FORMS = 12
RACES = 12


@pytest.fixture(params=["sqlite", "postgresql"])
def site(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Site]:
    """A database of its own on either engine."""
    if request.param == "sqlite":
        yield sqlite_site(tmp_path)
        return
    server = os.environ.get("TEST_POSTGRES_URL")
    if server is None:
        if os.environ.get("REQUIRE_SERVICES"):
            pytest.fail("PostgreSQL is required here: set TEST_POSTGRES_URL.")
        pytest.skip("PostgreSQL: set TEST_POSTGRES_URL to run this on it too.")
    name = f"faults_{uuid.uuid4().hex[:12]}"
    try:
        yield postgresql_site(tmp_path, server, name)
    finally:
        drop_database(server, name)


def test_races_flood_and_kill_lose_nothing_that_was_acknowledged(site: Site) -> None:
    stage = site.prepare(3 * FORMS + len(races.KINDS), FORMS, partners=True)
    raced = [stage["plans"].pop() for _kind in races.KINDS]
    assert races.play_on(site, {**stage, "plans": raced}, RACES, seed=7) == []
    assert deadline_flood.play_on(site, stage, FORMS) == []
    with site.engine() as engine:
        deadline_flood.move_closing(engine, stage["call"], datetime.now(UTC) + timedelta(days=1))
    rest = {**stage, "cookies": stage["cookies"][:4], "plans": stage["plans"][2 * FORMS :]}
    assert kill_nine.play_on(site, rest, kills=1, seed=7) == []
