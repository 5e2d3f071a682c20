"""The last seconds of a round: everybody submits at once, every form arrives twice, and the clock strikes in between.

Two waves of the same size. The first ends before the closing: every form must be received. In the middle of the second
the round closes: what came in time is received, the rest is refused with a sentence, and nothing lies in between.
Of each ten forms one has its line cut before the answer comes and is sent again, and one is sent from two tabs.
"""

import re
import statistics
import threading
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Engine, update
from sqlalchemy.orm import Session

from app.calls.models import Call
from tests.faults import stored
from tests.faults.server import Answer, Browser, Server, Site

REFUSAL = "The round closed on"


@dataclass
class Form:
    """A plan about to be submitted, the two sendings of its form, and what came of them."""

    plan: str
    mails: int
    browser: Browser
    fields: list[dict[str, str]]
    is_cut: bool = False
    answers: list[Answer] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)

    @property
    def path(self) -> str:
        return f"/applications/{self.plan}/submit"

    @property
    def receipt(self) -> str:
        return f"/applications/{self.plan}/receipt"

    @property
    def is_received(self) -> bool:
        return any(answer.status in (200, 302, 303) for answer in self.answers)


@dataclass
class Wave:
    """One flood, and what is wrong with it."""

    forms: list[Form]
    closes_at: datetime | None = None
    seconds: float = 0.0
    problems: list[str] = field(default_factory=list)

    def count(self, test: Callable[[Answer], bool]) -> int:
        return sum(1 for form in self.forms for answer in form.answers if test(answer))


def open_forms(port: int, stage: dict[str, Any], plans: list[dict[str, Any]]) -> list[Form]:
    """Everybody has the page with the button in front of them; every tenth person in two tabs."""

    def one(numbered: tuple[int, dict[str, Any]]) -> Form:
        number, plan = numbered
        browser = Browser(port, stage["cookies"][plan["person"]])
        pages = [browser.get(f"/applications/{plan['id']}/submit") for _tab in range(2 if number % 10 == 5 else 1)]
        for page in pages:
            if page.status != 200 or "key" not in page.hidden:
                raise SystemExit(f"a complete draft cannot be submitted: {page.status}\n{page.body[:2000]}")
        return Form(plan["id"], plan["mails"], browser, [pages[0].hidden, pages[-1].hidden], is_cut=number % 10 == 0)

    with ThreadPoolExecutor(8) as pool:
        return list(pool.map(one, enumerate(plans)))


def flood(forms: list[Form], closes_at: datetime | None = None) -> Wave:
    """All forms at the same instant, each in two threads."""
    wave = Wave(forms, closes_at)
    start = threading.Barrier(2 * len(forms) + 1)
    threads = [threading.Thread(target=_send, args=(form, copy, start)) for form in forms for copy in (0, 1)]
    for thread in threads:
        thread.start()
    start.wait()
    began = time.perf_counter()
    for thread in threads:
        thread.join()
    wave.seconds = time.perf_counter() - began
    return wave


def _send(form: Form, copy: int, start: threading.Barrier) -> None:
    start.wait()
    try:
        if form.is_cut and copy == 0:
            form.browser.post_and_hang_up(form.path, form.fields[copy])
        began = time.perf_counter()
        answer = form.browser.post(form.path, form.fields[copy])
        form.seconds.append(time.perf_counter() - began)
        form.answers.append(answer)
    except OSError as error:
        form.faults.append(f"{type(error).__name__}: {error}")


def move_closing(engine: Engine, call: str, closes_at: datetime) -> None:
    """Let the round close at another instant."""
    with Session(engine) as session, session.begin():
        session.execute(update(Call).where(Call.public_id == call).values(closes_at=closes_at))


def judge(wave: Wave, engine: Engine) -> None:
    """Compare what was answered with what is stored."""
    for form in wave.forms:
        wave.problems += [f"{form.plan}: {text}" for text in [*form.faults, *_unclear(form, wave.closes_at)]]
    with Session(engine) as session:
        for form in wave.forms:
            found = stored.faults_of_plan(session, form.plan, form.mails, form.is_received, wave.closes_at)
            wave.problems += [f"{form.plan}: {text}" for text in found]


def _unclear(form: Form, closes_at: datetime | None) -> list[str]:
    """What is wrong with the answers themselves."""
    found = []
    for answer in form.answers:
        if answer.status in (302, 303):
            if answer.location != form.receipt:
                found.append(f"led to {answer.location}")
        elif answer.status != 422 or REFUSAL not in answer.body:
            title = re.search(r"<h[12][^>]*>([^<]*)<", answer.body)
            found.append(f"answered {answer.status} {title.group(1).strip() if title else ''}")
        elif closes_at is None:
            found.append("was refused in time")
    if len({answer.status for answer in form.answers}) > 1:
        found.append("its two sendings were answered differently")
    return found


def run(site: Site, size: int) -> list[str]:
    """Both waves on a site; prints a line for each and returns the problems."""
    return play_on(site, site.prepare(2 * size, size), size)


def play_on(site: Site, stage: dict[str, Any], size: int) -> list[str]:
    """Both waves, of the first plans of a stage that is built."""
    server = Server(site)
    server.start()
    problems: list[str] = []
    try:
        with site.engine() as engine:
            whole = flood(open_forms(server.port, stage, stage["plans"][:size]))
            judge(whole, engine)
            forms = open_forms(server.port, stage, stage["plans"][size : 2 * size])
            closes_at = datetime.now(UTC) + timedelta(seconds=max(0.5, whole.seconds / 2))
            move_closing(engine, stage["call"], closes_at)
            split = flood(forms, closes_at)
            judge(split, engine)
            problems = whole.problems + split.problems + stored.faults_of_numbers(engine)
    finally:
        server.stop()
    _print(site, "before the closing", whole)
    _print(site, "across the closing", split)
    if not any(form.is_received for form in split.forms) or all(form.is_received for form in split.forms):
        print(f"({site.name}: the closing did not fall into the second wave)")
    if problems:
        print(server.log()[-6000:])
    return [f"{site.name}: {problem}" for problem in problems]


def _print(site: Site, name: str, wave: Wave) -> None:
    times = sorted(second for form in wave.forms for second in form.seconds)
    received = sum(form.is_received for form in wave.forms)
    statuses = Counter(answer.status for form in wave.forms for answer in form.answers)
    p50, p99 = statistics.median(times), times[min(len(times) - 1, int(len(times) * 0.99))]
    print(
        f"| {site.name} | {name} | {len(wave.forms)} | {len(times)} | {received} | {len(wave.forms) - received} "
        f"| {wave.count(lambda answer: answer.status >= 500)} | {len(wave.problems)} "
        f"| {p50:.2f} | {p99:.2f} | {wave.seconds:.2f} | {dict(sorted(statuses.items()))} |",
        flush=True,
    )


HEAD = (
    "| database | wave | forms | answers | received | refused | 5xx | violations | p50 s | p99 s | all s | statuses |\n"
    "|---|---|---|---|---|---|---|---|---|---|---|---|"
)
