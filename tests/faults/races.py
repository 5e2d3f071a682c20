"""Two editors save the same part of a plan at the same instant, a thousand times: nobody overwrites the unseen.

Two people of the host on a section of the plan, and a person of the host against the partner with its link: on the
partner's own part, on its contact, on its people. Both have the page in front of them and send at once. One is
acknowledged, the other answered 409 with both texts on the page, and sends again from there. Afterwards every
acknowledged text is what is stored, or was replaced by somebody whose page showed it; the audit log is the witness.
"""

import random
import threading
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Engine, select, text
from sqlalchemy.orm import Session

from app.applications.models import Application
from app.core.audit import AuditEvent
from tests.faults.server import Answer, Browser, Server, Site

PLANS = 50
AT_ONCE = 4  # plans on which races run at the same time
HEAD = (
    "| database | races | host against host | host against partner | acknowledged | told of the other (409) | 5xx "
    "| deadlocks | violations | all s |\n|---|---|---|---|---|---|---|---|---|---|"
)
Plan = dict[str, Any]
Fields = dict[str, str]


@dataclass(frozen=True)
class Editor:
    """One side of a race: where its page is, and the fields that say a token there."""

    path: Callable[[Plan], str]
    fields: Callable[[Plan, str], Fields]
    is_partner: bool = False


@dataclass(frozen=True)
class Kind:
    """What two editors race for; `said` reads the token off a side of an audit entry's changes, if it speaks of it."""

    sides: tuple[Editor, Editor]
    said: Callable[[dict[str, Any], int], str | None]
    stored: Callable[[Application], str]


def _section(name: str) -> Callable[[Plan], str]:
    return lambda plan: f"/applications/{plan['id']}/edit/{name}"


def _own_part(**names: str) -> Callable[[Plan, str], Fields]:
    """The partner's form with the token in some of its fields, the others as given."""
    return lambda plan, token: {name: value or token for name, value in names.items()}


def _rows(name: str, column: str) -> Callable[[dict[str, Any], int], str | None]:
    """The column of the first row of a table; "" where there is none."""

    def said(changes: dict[str, Any], side: int) -> str | None:
        return str(next((row[column] for row in changes[name][side]), "")) if name in changes else None

    return said


def _plain(name: str) -> Callable[[dict[str, Any], int], str | None]:
    return lambda changes, side: str(changes[name][side]) if name in changes else None


def _contact(changes: dict[str, Any], side: int) -> str | None:
    """The contact's name: the host's entries speak of all partners, the partner's of its own field."""
    return _rows("partners", "contact_name")(changes, side) or _plain("contact_name")(changes, side)


def _contacts_row(plan: Plan, token: str) -> Fields:
    partner = plan["partner"]
    return {"rows-0-id": partner["id"], "rows-0-organization": partner["name"], "rows-0-contact_name": token}


def _group(plan: Plan, token: str) -> Fields:
    return {"rows-0-partner": plan["partner"]["id"], "rows-0-category": "master", "rows-0-number": token}


OVERVIEW = Editor(_section("overview"), lambda _plan, token: {"theme_en": token, "purpose": token})
ITINERARY = Editor(_section("itinerary"), lambda _plan, token: {"rows-0-day": "1", "rows-0-title": token})
CONTACT = Editor(_section("partners"), _contacts_row)
PEOPLE = Editor(_section("people"), _group)
ON_BEHALF = Editor(
    lambda plan: f"/applications/{plan['id']}/partner-part/{plan['partner']['id']}", _own_part(description="")
)


def _partner(**names: str) -> Editor:
    return Editor(lambda plan: f"/partner?plan={plan['partner']['link']}", _own_part(**names), is_partner=True)


KINDS = (
    Kind((OVERVIEW, OVERVIEW), _plain("theme_en"), lambda plan: plan.theme_en),
    Kind((ON_BEHALF, _partner(description="")), _plain("description"), lambda plan: plan.partners[0].description),
    Kind((ITINERARY, ITINERARY), _rows("itinerary", "title"), lambda plan: plan.itinerary[0].title),
    Kind((CONTACT, _partner(contact_name="")), _contact, lambda plan: plan.partners[0].contact_name),
    Kind((OVERVIEW, OVERVIEW), _plain("theme_en"), lambda plan: plan.theme_en),
    Kind(
        (PEOPLE, _partner(**{"rows-0-category": "master", "rows-0-number": ""})),
        _rows("people", "number"),
        lambda plan: str(plan.people[0].number),
    ),
)


@dataclass
class Sending:
    """A text sent, the page it was sent from, and the answer."""

    token: str
    page: Answer
    answer: Answer

    @property
    def is_acknowledged(self) -> bool:
        return self.answer.status in (302, 303)


@dataclass
class Match:
    """A plan on which two editors race again and again."""

    plan: Plan
    kind: Kind
    browsers: tuple[Browser, Browser]
    races: int
    chance: random.Random
    sent: list[Sending] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.numbers = self.chance.sample(range(100, 1000), 900)  # of people, where a text cannot be told

    def play(self) -> None:
        """All races of the match, one after another."""
        try:
            for _number in range(self.races):
                self._race()
        except OSError as error:
            self.faults.append(f"{type(error).__name__}: {error}")

    def _race(self) -> None:
        tokens = [f"Text {self.chance.getrandbits(60):x}" for _side in range(2)]
        if self.kind.sides[0] is PEOPLE:
            tokens = [str(self.numbers.pop()) for _side in tokens]
        pages = [browser.get(side.path(self.plan)) for side, browser in self._sides()]
        start = threading.Barrier(2)

        def send(side: int) -> Sending:
            start.wait()
            return self._send(side, tokens[side], pages[side])

        with ThreadPoolExecutor(2) as pool:
            both = list(pool.map(send, (0, 1)))
        self.sent += both
        if sorted(sending.answer.status for sending in both) not in ([302, 409], [303, 409]):
            self.faults.append(f"two savings at once were answered {[sending.answer.status for sending in both]}")
            return
        loser = 0 if both[0].answer.status == 409 else 1
        told = both[loser].answer
        for whose, token in (("its own", tokens[loser]), ("the other's", tokens[1 - loser])):
            if not _shows(told, token):
                self.faults.append(f"the page of the conflict does not show {whose} text")
        self.sent.append(self._send(loser, tokens[loser], told))
        if not self.sent[-1].is_acknowledged:
            self.faults.append(f"sending again after reading the other's text was answered {told.status}")

    def _sides(self) -> list[tuple[Editor, Browser]]:
        return list(zip(self.kind.sides, self.browsers, strict=True))

    def _send(self, side: int, token: str, page: Answer) -> Sending:
        editor = self.kind.sides[side]
        fields = page.hidden | editor.fields(self.plan, token)
        return Sending(token, page, self.browsers[side].post(editor.path(self.plan), fields))


def _shows(page: Answer, token: str) -> bool:
    return any(f"{before}{token}{after}" in page.body for before, after in (('"', '"'), (">", "<"), ("\n", "<")))


def faults_of(match: Match, session: Session) -> list[str]:
    """What the audit log and the plan say that the answers do not, and who replaced a text without having seen it."""
    found = list(match.faults)
    plan = session.scalars(select(Application).where(Application.public_id == match.plan["id"])).one()
    entries = session.scalars(
        select(AuditEvent)
        .where(AuditEvent.subject_type == "application", AuditEvent.subject_id == plan.id)
        .where(AuditEvent.id > match.plan["after"])
        .order_by(AuditEvent.id)
    )
    steps = [
        (match.kind.said(entry.changes, 0), match.kind.said(entry.changes, 1))
        for entry in entries
        if match.kind.said(entry.changes, 1) is not None
    ]
    acknowledged = {sending.token: sending for sending in match.sent if sending.is_acknowledged}
    if sorted(str(new) for _old, new in steps) != sorted(acknowledged):
        found.append(f"{len(acknowledged)} texts acknowledged, {len(steps)} written down, or not the same ones")
    for place, (old, new) in enumerate(steps):
        if place and old != steps[place - 1][1]:
            found.append(f"a text was replaced without a trace: {steps[place - 1][1]}")
        sending = acknowledged.get(str(new))
        if place and sending is not None and not _shows(sending.page, str(old)):
            found.append(f"{old} was replaced by somebody who had not seen it")
    if steps and match.kind.stored(plan) != steps[-1][1]:
        found.append("what is stored is not what was saved last")
    return found


def run(site: Site, races: int, seed: int) -> list[str]:
    """So many races on a site; prints a line and returns the problems."""
    plans = min(PLANS, max(len(KINDS), races // 20))
    return play_on(site, site.prepare(plans, plans, partners=True), races, seed)


def play_on(site: Site, stage: dict[str, Any], races: int, seed: int) -> list[str]:
    """The races on a stage that is built, shared out among its plans."""
    began = time.monotonic()
    server = Server(site)
    server.start()
    plans = stage["plans"]
    try:
        matches = [
            _match(server.port, stage, number, races // len(plans) + (number < races % len(plans)), seed)
            for number in range(len(plans))
        ]
        with ThreadPoolExecutor(AT_ONCE) as pool:
            list(pool.map(Match.play, matches))
    finally:
        server.stop()
    with site.engine() as engine:
        with Session(engine) as session:
            problems = [f"{match.plan['id']}: {text}" for match in matches for text in faults_of(match, session)]
        deadlocks = deadlocks_of(engine)
    if deadlocks:
        problems.append(f"{deadlocks} deadlocks")
    answers = Counter(sending.answer.status for match in matches for sending in match.sent)
    with_partner = sum(match.races for match in matches if match.kind.sides[1].is_partner)
    counts = [
        site.name,
        races,
        races - with_partner,
        with_partner,
        answers[302] + answers[303],
        answers[409],
        sum(number for status, number in answers.items() if status >= 500),
        deadlocks,
        len(problems),
        f"{time.monotonic() - began:.0f}",
    ]
    print("| " + " | ".join(str(count) for count in counts) + " |", flush=True)
    if problems:
        print(server.log()[-6000:])
    return [f"{site.name}: {problem}" for problem in problems]


def _match(port: int, stage: dict[str, Any], number: int, races: int, seed: int) -> Match:
    plan, kind = stage["plans"][number], KINDS[number % len(KINDS)]
    person = plan["person"]
    others = plan["partner"]["cookie"] if kind.sides[1].is_partner else stage["cookies"][person ^ 1]
    browsers = (Browser(port, stage["cookies"][person]), Browser(port, others))
    return Match(plan, kind, browsers, races, random.Random(f"{seed}-{number}"))


def deadlocks_of(engine: Engine) -> int:
    """How many deadlocks PostgreSQL has counted in this database; SQLite knows none."""
    if engine.dialect.name != "postgresql":
        return 0
    query = text("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()")
    with engine.connect() as connection:
        return int(connection.execute(query).scalar_one())
