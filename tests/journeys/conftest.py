"""A real browser before a real server: the whole application on SQLite, with its jobs and its mailbox.

Chromium is Debian's (`apt-get install chromium`). Where there is none the journeys are skipped with a notice, unless
REQUIRE_BROWSER is set, as in CI: then its absence is a failure.
"""

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.journeys.running import ROOT, Site

CHROMIUM = ("chromium", "chromium-browser", "google-chrome")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
BUILD_SECONDS, START_SECONDS = 600, 90  # of a very busy machine


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="session")
def program(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Path:
    """The demonstration program, built once for all workers of a run: every site begins with a copy of it.

    Whoever comes first takes the turn and builds; the others wait until it is there.
    """
    base = tmp_path_factory.getbasetemp()
    shared = base if worker_id == "master" else base.parent
    ready, building = shared / "program", shared / "program-being-built"
    try:
        (shared / "program-turn").mkdir()
    except FileExistsError:
        return _built_by_another(ready)
    building.mkdir()
    made = Site("http://127.0.0.1", building)
    made.flask("migrate")
    made.flask("demo", "--if-empty")
    return building.rename(ready)


def _built_by_another(ready: Path) -> Path:
    until = time.monotonic() + BUILD_SECONDS
    while time.monotonic() < until:
        if ready.exists():
            return ready
        time.sleep(0.2)
    pytest.fail("The demonstration program was not built by the worker that began it.")


@pytest.fixture
def site(program: Path, tmp_path: Path) -> Iterator[Site]:
    """The application with its demonstration program, served as `make run` serves it; nobody was here before."""
    folder = tmp_path / "site"
    shutil.copytree(program, folder)
    port = free_port()
    running = Site(f"http://127.0.0.1:{port}", folder)
    log = (folder / "server.log").open("w")
    command = [sys.executable, "-m", "flask", "--app", "wsgi", "serve", "--port", str(port)]
    server = subprocess.Popen(command, cwd=ROOT, env=running.environment, stdout=log, stderr=log)
    try:
        _wait_for(port, folder / "server.log")
        yield running
    finally:
        server.terminate()
        server.wait(10)
        log.close()


def _wait_for(port: int, log: Path) -> None:
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until:
        try:
            socket.create_connection(("127.0.0.1", port), 0.2).close()
            return
        except OSError:
            time.sleep(0.1)
    pytest.fail(f"the server did not start: {log.read_text()[-2000:]}")


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Headless Chromium."""
    path = next((found for name in CHROMIUM if (found := shutil.which(name))), None)
    if path is None:
        if os.environ.get("REQUIRE_BROWSER"):
            pytest.fail("Chromium is required here: install Debian's package chromium.")
        pytest.skip("No Chromium on this machine: the browser journeys are not run.")
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield opened
        opened.close()
