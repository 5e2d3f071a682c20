"""How fast a browser reckons a board anew: 300 plans, the budget line thrown to and fro. Prints milliseconds.

`python -m tests.bench.board [plans]`: builds plans with scores in a database of its own, serves it, and slides in
Chromium. Each slide counts from the event until the table is laid out. The processor's time is what the page itself
takes; the wall's time also holds whatever else the machine does.
"""

import os
import random
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import sync_playwright

ROOT = Path(__file__).parents[2]
PLANS, SLIDES, GOAL = 300, 200, 100
SLIDE = """(slides) => {
  const range = document.querySelector("[data-range]");
  const table = document.querySelector("[data-board-table]");
  const times = [];
  for (let slide = 0; slide < slides; slide += 1) {
    const began = performance.now();
    range.value = String((Number(range.max) * ((slide * 37) % 100)) / 100);
    range.dispatchEvent(new Event("input", { bubbles: true }));
    table.getBoundingClientRect();
    times.push(performance.now() - began);
  }
  return times.sort((one, other) => one - other);
}"""


def build(plans: int) -> tuple[str, str]:
    """Plans of one round under review, each read once, and their board: its public id, a coordinator's session."""
    from app.cli import to_newest  # noqa: PLC0415 -- reads its settings from the environment
    from app.core import transaction  # noqa: PLC0415
    from tests.factories.accounts import actor_of, make_user  # noqa: PLC0415
    from tests.factories.applications import make_application  # noqa: PLC0415
    from tests.factories.boards import make_board, make_score  # noqa: PLC0415
    from tests.factories.calls import make_call  # noqa: PLC0415
    from tests.factories.directory import make_host, make_sending  # noqa: PLC0415
    from wsgi import app  # noqa: PLC0415

    chance = random.Random(300)
    with app.app_context():
        to_newest(app.config["DATABASE_URL"])
        with transaction.unit_of_work():
            call = make_call()
            hosts = [make_host() for _ in range(60)]
            partners = [make_sending(country=code) for code in ("NP", "IN", "KE", "GH", "TH", "VN", "BR", "PL")]
            for _ in range(plans):
                host, sending = chance.choice(hosts), chance.sample(partners, 2)
                plan = make_application("under_review", call=call, host=host, partners=sending)
                make_score(plan, chance.randint(1, 5))
            user = make_user("coordinator", demo_note="coordinator")
            board = make_board(call, budget_line=100_000_000, actor=actor_of(user)).public_id
        made = app.test_cli_runner().invoke(args=["demo-cookie", "coordinator"]).output
    return board, made.strip().splitlines()[-1]


@contextmanager
def served(port: int) -> Iterator[str]:
    """The application on that port."""
    command = [sys.executable, "-m", "flask", "--app", "wsgi", "serve", "--port", str(port)]
    server = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        for _ in range(300):
            with socket.socket() as probe:
                if not probe.connect_ex(("127.0.0.1", port)):
                    break
            time.sleep(0.1)
        yield f"http://127.0.0.1:{port}"
    finally:
        server.terminate()
        server.wait(10)


def measure(address: str, cookie: str) -> None:
    name, value = cookie.split("=", 1)
    with sync_playwright() as playwright:
        chromium = shutil.which("chromium") or shutil.which("google-chrome")
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        context = browser.new_context(viewport={"width": 1280, "height": 900})
        context.add_cookies([{"name": name, "value": value, "url": address}])
        page = context.new_page()
        page.goto(address)
        page.wait_for_timeout(1000)
        session = context.new_cdp_session(page)
        session.send("Performance.enable", {"timeDomain": "threadTicks"})
        before = _spent(session)
        times = page.evaluate(SLIDE, SLIDES)
        processor = (_spent(session) - before) * 1000 / SLIDES
        rows = page.locator("tr[data-plan]").count()
        browser.close()
    wall = {"median": times[SLIDES // 2], "p95": times[SLIDES * 95 // 100], "greatest": times[-1]}
    print(f"{rows} plans, {SLIDES} slides: processor {processor:.1f} ms a slide (goal {GOAL})")
    print(f"wall {', '.join(f'{name} {value:.1f} ms' for name, value in wall.items())}; load {os.getloadavg()[0]:.1f}")


def _spent(session: Any) -> float:
    """Seconds of the processor the page's thread has taken."""
    found = session.send("Performance.getMetrics")["metrics"]
    return float(next(metric["value"] for metric in found if metric["name"] == "TaskDuration"))


def main() -> None:
    with tempfile.TemporaryDirectory() as folder, socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
        free.close()
        base = f"http://127.0.0.1:{port}"
        os.environ |= {
            "APP_ENV": "demo",
            "DATABASE_URL": f"sqlite:///{folder}/site.sqlite",
            "JOBS_URL": f"sqlite:///{folder}/jobs.sqlite",
            "STORAGE_DIR": f"{folder}/files",
            "BASE_URL": base,
        }
        board, cookie = build(int(sys.argv[1]) if len(sys.argv) > 1 else PLANS)
        with served(port) as address:
            measure(f"{address}/boards/versions/{board}", cookie)


if __name__ == "__main__":
    main()
