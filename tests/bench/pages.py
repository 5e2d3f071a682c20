"""`make bench`: each page as a multiple of the bare page, on the production server, one request at a time.

Builds a program of N invitees (BENCH_SIZES, "50000,500000") on SQLite and, where BENCH_POSTGRES_URL names a server, on
PostgreSQL; starts gunicorn with two workers for the application and for the bare page; signs in as a coordinator;
asks for every page in turn and prints medians. Figures of one run stand side by side and may be compared; those of
different runs may not.
"""

import http.client
import os
import re
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from html import unescape
from pathlib import Path
from urllib.parse import urlencode

from sqlalchemy import create_engine, text

ROOT = Path(__file__).parents[2]
ROUNDS = int(os.environ.get("BENCH_ROUNDS", "60"))
GOALS = {
    "invitee list, 50 rows": 8,
    "list filtered by country": 10,
    "name search": 10,
    "one invitee": 8,
    "statistics page": 10,
    "the whole plan": 15,
    "the panel's answer": 8,
}


@dataclass
class Site:
    """A program of a size on a database, and what was measured on it."""

    name: str
    url: str
    people: int
    folder: Path
    medians: dict[str, float] = field(default_factory=dict)

    @property
    def environment(self) -> dict[str, str]:
        return {
            **os.environ,
            "APP_ENV": "demo",
            "DATABASE_URL": self.url,
            "JOBS_URL": f"sqlite:///{self.folder / 'jobs.sqlite'}",
            "STORAGE_DIR": str(self.folder / "files"),
            "PYTHONPATH": str(ROOT),
        }


def flask(site: Site, *arguments: str) -> str:
    command = [sys.executable, "-m", "flask", "--app", "wsgi", *arguments]
    done = subprocess.run(command, cwd=ROOT, env=site.environment, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(done.stderr[-3000:])
    return done.stdout


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def serving(site: Site, application: str, folder: Path) -> Iterator[int]:
    """Gunicorn, two workers, as in production."""
    port = free_port()
    command = [sys.executable, "-m", "gunicorn", application, "--workers", "2", "--threads", "4"]
    command += [
        "--worker-class",
        "gthread",
        "--keep-alive",
        "30",
        "--bind",
        f"127.0.0.1:{port}",
        "--log-level",
        "error",
    ]
    environment = {**site.environment, "PYTHONPATH": f"{ROOT}:{Path(__file__).parent}"}
    with (folder / "server.log").open("w") as output:
        process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=output, stderr=output)
        try:
            _wait_for(port)
            yield port
        finally:
            process.terminate()
            process.wait(10)


def _wait_for(port: int) -> None:
    for _attempt in range(200):
        try:
            socket.create_connection(("127.0.0.1", port), 0.2).close()
            return
        except OSError:
            time.sleep(0.1)
    raise SystemExit("the server did not start")


class Browser:
    """One keep-alive connection with cookies."""

    def __init__(self, port: int, cookie: str = "") -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        self.headers = {"Accept": "text/html", "Accept-Language": "en"}
        self.cookies = dict([cookie.split("=", 1)]) if cookie else {}

    def get(self, path: str) -> tuple[float, int, bytes]:
        """Milliseconds until the last byte, status, body."""
        return self._ask("GET", path)

    def send(self, path: str, **fields: str) -> tuple[float, int, bytes]:
        """Fill in the form of a page and send it: milliseconds until the last byte, status, body."""
        page = self.get(path)[2].decode()
        hidden = dict(re.findall(r'name="(csrf_token|key)"[^>]* value="([^"]+)"', page))
        return self._ask("POST", path, urlencode(hidden | fields))

    def retyped(self, page: str) -> str:
        """The body a script sends for the form of a page as it stands: every field by name, chosen or typed."""
        form = self.get(page)[2].decode().split("data-panel", 1)[1].split("</form>", 1)[0]
        fields = []
        for control in re.findall(r"<input[^>]*>|<select.*?</select>", form, re.DOTALL):
            name = re.search(r'name="([^"]+)"', control)
            value = re.search(r"<option[^>]*\bselected\b[^>]*>", control) or re.search(r"<input[^>]*>", control)
            text = re.search(r'value="([^"]*)"', value[0]) if value else None
            fields.append((name[1] if name else "", unescape(text[1]) if text else ""))
        return urlencode(fields)

    def post(self, path: str, body: str) -> tuple[float, int, bytes]:
        """Send a body to an address: milliseconds until the last byte, status, body."""
        return self._ask("POST", path, body)

    def _ask(self, method: str, path: str, body: str | None = None) -> tuple[float, int, bytes]:
        cookies = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        headers = (
            self.headers | {"Cookie": cookies} | ({"Content-Type": "application/x-www-form-urlencoded"} if body else {})
        )
        began = time.perf_counter()
        self.connection.request(method, path, body, headers)
        answer = self.connection.getresponse()
        received = answer.read()
        for cookie in answer.headers.get_all("Set-Cookie", []):
            name, _, value = cookie.partition(";")[0].partition("=")
            self.cookies[name] = value
        return (time.perf_counter() - began) * 1000, answer.status, received


def median_of(browser: Browser, path: str, rounds: int = ROUNDS, sent: str | None = None) -> float:
    """Median milliseconds of a page, or of the answer to what is `sent` to it."""

    def ask() -> tuple[float, int, bytes]:
        return browser.get(path) if sent is None else browser.post(path, sent)

    for _ in range(6):
        _ms, status, body = ask()
        if status != 200:
            raise SystemExit(f"{path} answered {status}: {body[:300]!r}")
    return statistics.median(ask()[0] for _ in range(rounds))


def measure(site: Site) -> None:
    """Build the program if it is not there, then time every page."""
    began = time.perf_counter()
    flask(site, "migrate")
    flask(site, "demo", "--scale", str(site.people))
    print(f"\n## {site.name}, {site.people:,} invitees (built in {time.perf_counter() - began:.0f} s)\n")
    engine = create_engine(site.url)
    with engine.connect() as connection:
        invitee = connection.execute(text("SELECT public_id FROM invitee ORDER BY id DESC LIMIT 1 OFFSET 100")).scalar()
    engine.dispose()
    cookie = flask(site, "demo-cookie", "coordinator").strip()
    pages = {
        "invitee list, 50 rows": "/invitees",
        "list filtered by country": "/invitees?country=NP",
        "name search": "/invitees?q=shrestha",
        "one invitee": f"/invitees/{invitee}",
        "statistics page": "/figures",
        "application list": "/applications",
        "visit list": "/visits",
        "home": "/",
    }
    with serving(site, "bare:app", site.folder) as port:
        site.medians["bare page"] = median_of(Browser(port), "/", rounds=ROUNDS * 3)
    with serving(site, "wsgi:app", site.folder) as port:
        browser = Browser(port, cookie)
        for name, path in pages.items():
            site.medians[name] = median_of(browser, path)
        _time_plan(site, port)
        _time_export(site, browser)
    _print_table(site)


def _time_plan(site: Site, port: int) -> None:
    """A host's plan of the size the goals speak of (plan.py): its page, and the panel's answer to a change."""
    command = [sys.executable, str(Path(__file__).with_name("plan.py"))]
    done = subprocess.run(command, cwd=ROOT, env=site.environment, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(done.stderr[-3000:])
    plan = f"/applications/{done.stdout.split()[-1]}"
    browser = Browser(port, flask(site, "demo-cookie", "host_editor").strip())
    site.medians["the whole plan"] = median_of(browser, plan)
    typed = browser.retyped(f"{plan}/edit/itinerary")
    site.medians["the panel's answer"] = median_of(browser, f"{plan}/edit/itinerary/panel", sent=typed)


def _time_export(site: Site, browser: Browser) -> None:
    times = []
    for _ in range(3):
        ms, status, body = browser.send("/invitees/export", reason="bench")
        if status != 200 or body.count(b"\n") < site.people:
            raise SystemExit(f"the export answered {status} with {len(body.splitlines())} lines")
        times.append(ms)
    site.medians["CSV export of all"] = statistics.median(times)


def _print_table(site: Site) -> None:
    bare = site.medians["bare page"]
    print("| page | ms | × bare | goal |\n|---|---|---|---|")
    for name, ms in site.medians.items():
        goal = f"≤ {GOALS[name]} ×" if name in GOALS else "≤ 500 ms" if name.startswith("CSV") else ""
        print(f"| {name} | {ms:.2f} | {ms / bare:.1f} | {goal} |")


def compare(sites: list[Site]) -> None:
    """The same page at the smaller and the larger size."""
    by_engine: dict[str, list[Site]] = {}
    for site in sites:
        by_engine.setdefault(site.name, []).append(site)
    for name, pair in by_engine.items():
        if len(pair) < 2:
            continue
        small, large = pair[0], pair[-1]
        print(
            f"\n## {name}: {large.people:,} against {small.people:,}\n\n| page | × its own time | goal |\n|---|---|---|"
        )
        for page in ("invitee list, 50 rows", "one invitee", "name search"):
            print(f"| {page} | {large.medians[page] / small.medians[page]:.2f} | ≤ 1.3 × |")


def main() -> None:
    sizes = [int(size) for size in os.environ.get("BENCH_SIZES", "50000").split(",")]
    folder = Path(tempfile.mkdtemp(prefix="sakura-bench-"))
    postgresql = os.environ.get("BENCH_POSTGRES_URL")
    sites: list[Site] = []
    try:
        for people in sizes:
            place = folder / f"sqlite-{people}"
            place.mkdir()
            sites.append(Site("SQLite", f"sqlite:///{place / 'bench.sqlite'}", people, place))
        for people in sizes if postgresql else []:
            place = folder / f"postgresql-{people}"
            place.mkdir()
            sites.append(Site("PostgreSQL", _fresh_database(str(postgresql), people), people, place))
        for site in sites:
            measure(site)
        compare(sites)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _fresh_database(server: str, people: int) -> str:
    name = f"sakura_bench_{people}"
    admin = create_engine(server, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.exec_driver_sql(f"DROP DATABASE IF EXISTS {name}")
        connection.exec_driver_sql(f"CREATE DATABASE {name}")
    admin.dispose()
    return f"{server.rsplit('/', 1)[0]}/{name}"


if __name__ == "__main__":
    main()
