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
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

ROOT = Path(__file__).parents[2]
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


@dataclass(frozen=True)
class Site:
    """A running application."""

    url: str
    environment: dict[str, str]

    def flask(self, *arguments: str) -> str:
        """Run a command of the application on the same database."""
        command = [sys.executable, "-m", "flask", "--app", "wsgi", *arguments]
        done = subprocess.run(command, cwd=ROOT, env=self.environment, capture_output=True, text=True, check=True)
        return done.stdout


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The application with its demonstration program, served as `make run` serves it."""
    folder = tmp_path_factory.mktemp("site")
    port = free_port()
    environment = {
        **os.environ,
        "APP_ENV": "demo",
        "DATABASE_URL": f"sqlite:///{folder / 'site.sqlite'}",
        "JOBS_URL": f"sqlite:///{folder / 'jobs.sqlite'}",
        "STORAGE_DIR": str(folder / "files"),
        "BASE_URL": f"http://127.0.0.1:{port}",
    }
    running = Site(environment["BASE_URL"], environment)
    running.flask("migrate")
    running.flask("demo", "--if-empty")
    log = (folder / "server.log").open("w")
    command = [sys.executable, "-m", "flask", "--app", "wsgi", "serve", "--port", str(port)]
    server = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=log, stderr=log)
    try:
        _wait_for(port, folder / "server.log")
        yield running
    finally:
        server.terminate()
        server.wait(10)
        log.close()


def _wait_for(port: int, log: Path) -> None:
    for _attempt in range(200):
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
