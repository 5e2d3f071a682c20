"""The fault tests in small, on every run of the tests: a flood of twelve forms, and one kill -9 during writes."""

import os
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults import deadline_flood, kill_nine
from tests.faults.server import Site, drop_database, postgresql_site, sqlite_site


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


def test_everybody_submits_at_once_and_every_form_arrives_twice(site: Site) -> None:
    assert deadline_flood.run(site, 12) == []


def test_what_was_acknowledged_survives_the_kill_of_the_server(site: Site) -> None:
    assert kill_nine.run(site, kills=1, seed=7, writers_wanted=4, plans=3) == []
