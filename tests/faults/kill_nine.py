"""kill -9 of the whole server while people write, again and again: what was acknowledged is there afterwards.

Writers begin plans, save sections and submit over HTTP. At a random instant every process of the server is killed at
once: the master, its workers, in every fifth round also the one that sends mail. What a writer had sent without an
answer is sent again, with the same key and version, after the next start: it must not happen twice, nor be lost.
"""

import http.client
import random
import threading
import time
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from app.applications.models import Application
from app.core.audit import AuditEvent
from tests.faults import stored
from tests.faults.server import Browser, Server, Site

WRITERS = 8
PLANS_PER_WRITER = 30
JOBS_EVERY = 5  # rounds: in every fifth the process that sends mail runs, and dies, too
UNTIL_THE_KILL = (0.2, 2.5)  # seconds from the first page to the kill
HEAD = (
    "| database | kills | acknowledged | begun | saved | submitted | sent again | of these stored | 5xx "
    "| lost or doubled | all s |\n|---|---|---|---|---|---|---|---|---|---|---|"
)
Broken = (OSError, http.client.HTTPException)


@dataclass
class Sending:
    """A form on its way: what it is to do, and to which plan."""

    kind: str
    path: str
    fields: dict[str, str]
    plan: str = ""
    theme: str = ""


@dataclass
class Writer:
    """One person writing as fast as the server answers, who remembers every answer."""

    browser: Browser
    choice: str  # round and course, as the form of a new plan names them
    to_submit: list[dict[str, Any]]
    chance: random.Random
    begun: list[str] = field(default_factory=list)
    themes: dict[str, list[str]] = field(default_factory=dict)
    submitted: list[dict[str, Any]] = field(default_factory=list)
    pending: Sending | None = None
    again: int = 0
    had_been_stored: int = 0
    faults: list[str] = field(default_factory=list)

    @property
    def acknowledged(self) -> int:
        return len(self.begun) + len(self.submitted) + sum(len(themes) for themes in self.themes.values())

    def write_until_it_breaks(self, killed: threading.Event) -> None:
        """Work until the server is gone; it may only be gone because it was killed."""
        try:
            self.send_again()
            while True:
                self._step()
        except Exception as error:
            if not (killed.is_set() and isinstance(error, Broken)):
                self.faults.append(f"{type(error).__name__} while the server ran: {error}")

    def send_again(self) -> None:
        """Send what had no answer once more, as a browser does on "reload"."""
        if self.pending is not None:
            self.again += 1
            self._send(self.pending, again=True)

    def _step(self) -> None:
        drawn = self.chance.random()
        if not self.begun or drawn < 0.15:
            page = self.browser.get("/applications/new")
            self._send(Sending("begin", "/applications/new", page.hidden | {"course": self.choice}))
        elif drawn < 0.35 and self.to_submit:
            plan = self.to_submit[-1]["id"]
            path = f"/applications/{plan}/submit"
            self._send(Sending("submit", path, self.browser.get(path).hidden, plan))
        else:
            plan = self.chance.choice(self.begun)
            path = f"/applications/{plan}/edit/overview"
            theme = f"Theme {self.chance.getrandbits(60):x}"
            fields = self.browser.get(path).hidden | {"theme_en": theme, "field_of_science": "", "do": "save"}
            self._send(Sending("save", path, fields, plan, theme))

    def _send(self, sending: Sending, *, again: bool = False) -> None:
        self.pending = sending
        answer = self.browser.post(sending.path, sending.fields)
        self.pending = None
        if answer.status == 409 and sending.kind == "save" and again:
            self.had_been_stored += 1  # the version had moved on: this very change was stored before the kill
            self.themes.setdefault(sending.plan, []).append(sending.theme)
        elif answer.status not in (302, 303):
            self.faults.append(f"{sending.kind} answered {answer.status}")
        elif sending.kind == "begin":
            plan = answer.location.split("/applications/")[1].split("/")[0]
            if plan in self.begun:
                self.faults.append(f"two forms led to the same plan {plan}")
            self.begun.append(plan)
        elif sending.kind == "save":
            self.themes.setdefault(sending.plan, []).append(sending.theme)
        else:
            self.submitted.append(self.to_submit.pop())


def play(server: Server, writers: list[Writer], kills: int, chance: random.Random) -> None:
    """Start, write, kill, so many times; then start once more, send what is open, and stop."""
    for number in range(kills):
        server.start(jobs=(number + 1) % JOBS_EVERY == 0)
        killed = threading.Event()
        threads = [threading.Thread(target=writer.write_until_it_breaks, args=(killed,)) for writer in writers]
        for thread in threads:
            thread.start()
        time.sleep(chance.uniform(*UNTIL_THE_KILL))
        killed.set()
        server.kill()
        for thread in threads:
            thread.join()
    server.start()
    for writer in writers:
        writer.send_again()
    server.stop()


def faults_of(writer: Writer, session: Session) -> list[str]:
    """What one person was told and is not so."""
    found = list(writer.faults)
    for public_id in writer.begun:
        plan = session.scalars(select(Application).where(Application.public_id == public_id)).one_or_none()
        if plan is None:
            found.append(f"{public_id}: begun, acknowledged and lost")
            continue
        themes = writer.themes.get(public_id, [])
        if len(stored.entries_of(session, "application:create", plan.id)) != 1:
            found.append(f"{public_id}: not exactly one audit entry of its beginning")
        edits = [entry.changes["theme_en"][1] for entry in stored.entries_of(session, "application:edit", plan.id)]
        if edits != themes:
            found.append(
                f"{public_id}: {len(themes)} changes acknowledged, {len(edits)} in the audit log, or in disorder"
            )
        if plan.theme_en != (themes[-1] if themes else ""):
            found.append(f"{public_id}: its theme is not the one saved last")
        if plan.version != 1 + len(themes):
            found.append(f"{public_id}: version {plan.version} after {len(themes)} changes")
    for plan in writer.submitted:
        found += [f"{plan['id']}: {text}" for text in stored.faults_of_plan(session, plan["id"], plan["mails"], True)]
    for plan in writer.to_submit:
        found += [f"{plan['id']}: {text}" for text in stored.faults_of_plan(session, plan["id"], plan["mails"], False)]
    return found


def number_of_plans(site: Site) -> int:
    """How many plans there are."""
    with site.engine() as engine, Session(engine) as session:
        return session.scalar(select(func.count(Application.id))) or 0


def faults_of_all(engine: Engine, writers: list[Writer], prepared: int) -> list[str]:
    """What is wrong with the whole: lost, doubled, without its audit entry or mail, or broken in the file."""
    begun = sum(len(writer.begun) for writer in writers)
    with Session(engine) as session:
        found = [text for writer in writers for text in faults_of(writer, session)]
        plans = session.scalar(select(func.count(Application.id)))
        created = select(AuditEvent.subject_id).where(AuditEvent.verb == "application:create")
        unnoted = session.scalar(select(func.count(Application.id)).where(Application.id.not_in(created)))
    if plans != prepared + begun:
        found.append(f"{plans} plans stored; {prepared} were prepared and {begun} begun")
    if unnoted:
        found.append(f"{unnoted} plans without the audit entry of their beginning")
    if not all(writer.begun for writer in writers):
        found.append("a writer wrote nothing: the test proved nothing")
    return found + stored.faults_of_numbers(engine) + stored.faults_of_file(engine)


def run(site: Site, kills: int, seed: int) -> list[str]:
    """The whole test on a site; prints a line and returns the problems."""
    return play_on(site, site.prepare(WRITERS * PLANS_PER_WRITER, WRITERS), kills, seed)


def play_on(site: Site, stage: dict[str, Any], kills: int, seed: int) -> list[str]:
    """The test on a stage that is built: everybody in it writes, and submits the plans it holds."""
    began = time.monotonic()
    prepared = number_of_plans(site)
    server = Server(site)
    choice = f"{stage['call']}.{stage['course']}"
    writers = [
        Writer(
            Browser(server.port, cookie),
            choice,
            [plan for plan in stage["plans"] if plan["person"] == number],
            random.Random(f"{seed}-{number}"),
        )
        for number, cookie in enumerate(stage["cookies"])
    ]
    try:
        play(server, writers, kills, random.Random(seed))
    finally:
        server.kill()
    with site.engine() as engine:
        problems = faults_of_all(engine, writers, prepared)
    broken = sum("answered 5" in text for text in problems)
    counts = [
        site.name,
        kills,
        sum(writer.acknowledged for writer in writers),
        sum(len(writer.begun) for writer in writers),
        sum(len(themes) for writer in writers for themes in writer.themes.values()),
        sum(len(writer.submitted) for writer in writers),
        sum(writer.again for writer in writers),
        sum(writer.had_been_stored for writer in writers),
        broken,
        len(problems) - broken,
        f"{time.monotonic() - began:.0f}",
    ]
    print("| " + " | ".join(str(count) for count in counts) + " |", flush=True)
    if problems:
        print(server.log()[-6000:])
    return [f"{site.name}: {problem}" for problem in problems]
