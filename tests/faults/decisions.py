"""Two people decide on the same plan at the same instant, a thousand times: one wins, the other is told who and when.

Two approvers of one proposal; one who approves against one who sends back; two proposers; an approver against the host
who withdraws the plan. Both have the page in front of them and send at once. Afterwards the round is released: every
plan has one decision, that of its last approved proposal, and each address one mail; withdrawn plans have none.
"""

import random
import re
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Engine, func, select, text
from sqlalchemy.orm import Session

from app.applications.decision_model import Decision, DecisionProposal, ProposalState
from app.applications.models import Application, ApplicationState
from app.core.audit import AuditEvent
from app.core.outbox import OutboxMessage
from tests.faults.races import deadlocks_of
from tests.faults.server import Answer, Browser, Server, Site

LANES = 4  # plans on which races run at the same time
PLANS = 24  # used again and again
KINDS = (
    "approvers",
    "send back",
    "proposers",
    "approvers",
    "send back",
    "proposers",
    "approvers",
    "send back",
    "withdraw",
)
OUTCOMES = ("adopted", "reserve", "declined")
HEAD = (
    "| database | races | two approvers | approve or send back | two proposers | approve or withdraw | done | told of "
    "the other (409) | 5xx | deadlocks | mails | violations | all s |\n|" + "---|" * 13
)
TITLE = re.compile(r'govuk-error-summary__title">\s*([^<]+?)\s*<')
MOMENT = re.compile(r"\d{1,2}:\d\d:\d\d")
RESULT_MAILS = tuple(f"application_{outcome}" for outcome in OUTCOMES)
DECIDING = tuple(f"application:{verb}" for verb in ("adopt", "reserve", "decline"))
Plan = dict[str, Any]


@dataclass(frozen=True)
class Person:
    """Somebody of JST in a browser."""

    name: str
    browser: Browser


@dataclass(frozen=True)
class Side:
    """One of two: who, where, and with which fields."""

    person: Person
    path: str
    fields: dict[str, str]


@dataclass
class Lane:
    """Races one after another, on plans of its own."""

    coordinators: list[Person]
    deciders: list[Person]
    plans: list[Plan]
    to_withdraw: list[Plan]
    races: list[str]
    chance: random.Random
    engine: Engine
    port: int
    answers: list[Answer] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)

    def play(self) -> None:
        """All races of the lane, then a decision for every plan left without one."""
        try:
            for number, kind in enumerate(self.races):
                plan = self.to_withdraw.pop() if kind == "withdraw" else self.plans[number % len(self.plans)]
                getattr(self, f"_{kind.replace(' ', '_')}")(plan)
            for plan in self.plans:
                if self._proposal(plan) is None:
                    self._propose(plan)
                self._alone(self._side(self.deciders[0], self._proposal(plan), "approve"))
        except (OSError, TypeError) as error:
            self.faults.append(f"{type(error).__name__}: {error}")

    def _approvers(self, plan: Plan) -> None:
        proposal = self._open(plan)
        self._race(*(self._side(decider, proposal, "approve") for decider in self.deciders))

    def _send_back(self, plan: Plan) -> None:
        proposal = self._open(plan)
        one, other = self.chance.sample(self.deciders, 2)
        self._race(
            self._side(one, proposal, "approve"), self._side(other, proposal, "send-back", comment="Another reading.")
        )

    def _proposers(self, plan: Plan) -> None:
        held = self._proposal(plan)
        if held is not None:
            self._alone(self._side(self.deciders[0], held, "approve"))
        path = f"/applications/{plan['id']}/propose"
        self._race(*(Side(person, path, {"outcome": self.chance.choice(OUTCOMES)}) for person in self.coordinators))

    def _withdraw(self, plan: Plan) -> None:
        """The host may withdraw a plan that is decided: both may succeed, in this order only."""
        proposal = self._open(plan)
        host = Person("", Browser(self.port, plan["host"]))
        approve = self._side(self.deciders[0], proposal, "approve")
        both = self._at_once(approve, Side(host, f"/applications/{plan['id']}/withdraw", {"comment": "No room."}))
        statuses = tuple(answer.status for answer in both)
        if statuses not in ((302, 302), (409, 302)):
            self.faults.append(f"approving and withdrawing at once were answered {statuses}")
        if statuses[0] == 409 and MOMENT.search(told(both[0])) is None:
            self.faults.append(f"the approver is not told when the plan was withdrawn: {told(both[0])}")

    def _race(self, one: Side, other: Side) -> None:
        both = self._at_once(one, other)
        if sorted(answer.status for answer in both) != [302, 409]:
            self.faults.append(f"two at once were answered {[answer.status for answer in both]}")
            return
        lost = 0 if both[0].status == 409 else 1
        words, winner, loser = told(both[lost]), (one, other)[1 - lost], (one, other)[lost]
        if winner.person.name not in words or MOMENT.search(words) is None:
            self.faults.append(f"the loser is not told who and when: {words}")
        if any(typed not in both[lost].body for name, typed in loser.fields.items() if name == "comment"):
            self.faults.append("what the loser typed is lost")

    def _at_once(self, *sides: Side) -> list[Answer]:
        pages = [side.person.browser.get(side.path) for side in sides]
        start = threading.Barrier(len(sides))

        def send(number: int) -> Answer:
            start.wait()
            side = sides[number]
            return side.person.browser.post(side.path, pages[number].hidden | side.fields)

        with ThreadPoolExecutor(len(sides)) as pool:
            both = list(pool.map(send, range(len(sides))))
        self.answers += [*pages, *both]
        return both

    def _alone(self, side: Side) -> None:
        page = side.person.browser.get(side.path)
        answer = side.person.browser.post(side.path, page.hidden | side.fields)
        self.answers += [page, answer]
        if answer.status != 302:
            self.faults.append(f"{side.path} without a rival was answered {answer.status}")

    def _side(self, person: Person, proposal: str | None, verb: str, **fields: str) -> Side:
        return Side(person, f"/applications/proposals/{proposal}/{verb}", fields)

    def _open(self, plan: Plan) -> str | None:
        """The plan's open proposal, made if there is none."""
        if self._proposal(plan) is None:
            self._propose(plan)
        return self._proposal(plan)

    def _propose(self, plan: Plan) -> None:
        fields = {"outcome": self.chance.choice(OUTCOMES)}
        self._alone(Side(self.coordinators[0], f"/applications/{plan['id']}/propose", fields))

    def _proposal(self, plan: Plan) -> str | None:
        query = (
            select(DecisionProposal.public_id)
            .join(Application, Application.id == DecisionProposal.application_id)
            .where(Application.public_id == plan["id"], DecisionProposal.state == ProposalState.OPEN)
        )
        with Session(self.engine) as session:
            return session.scalar(query)


def told(answer: Answer) -> str:
    """What the page of a refusal says on top."""
    found = TITLE.search(answer.body)
    return found[1] if found else ""


def run(site: Site, races: int, seed: int) -> list[str]:
    """So many races on a site; prints a line and returns the problems."""
    kinds = [KINDS[number % len(KINDS)] for number in range(races)]
    lanes = min(LANES, races)
    plans = max(min(PLANS, races // 2), lanes) // lanes * lanes
    stage = site.build("tests.faults.decision_stage", str(plans + kinds.count("withdraw")), str(lanes))
    return play_on(site, stage, kinds, plans, lanes, seed)


def play_on(site: Site, stage: dict[str, Any], kinds: list[str], plans: int, lanes: int, seed: int) -> list[str]:
    """The races on a stage that is built, shared out among lanes; then the release, and what lies in the database."""
    began = time.monotonic()
    server = Server(site)
    server.start()
    with site.engine() as engine:
        try:
            tracks = _lanes(server.port, stage, kinds, plans, lanes, seed, engine)
            with ThreadPoolExecutor(lanes) as pool:
                list(pool.map(Lane.play, tracks))
            problems = [problem for lane in tracks for problem in lane.faults]
            problems += _release(server.port, stage, engine)
        finally:
            server.stop()
        with Session(engine) as session:
            faults, mails = _stored(session, stage)
        problems += faults
        deadlocks = deadlocks_of(engine)
    answers = Counter(answer.status for lane in tracks for answer in lane.answers)
    broken = sum(number for status, number in answers.items() if status >= 500)
    if broken or deadlocks:
        problems.append(f"{broken} answers of 5xx, {deadlocks} deadlocks")
    by_kind = [kinds.count(kind) for kind in ("approvers", "send back", "proposers", "withdraw")]
    counts = [site.name, len(kinds), *by_kind, answers[302], answers[409], broken, deadlocks, mails, len(problems)]
    print("| " + " | ".join(map(str, [*counts, f"{time.monotonic() - began:.0f}"])) + " |", flush=True)
    if problems:
        print(server.log()[-6000:])
    return [f"{site.name}: {problem}" for problem in problems]


def _lanes(
    port: int, stage: dict[str, Any], kinds: list[str], plans: int, lanes: int, seed: int, engine: Engine
) -> list[Lane]:
    """Each lane with its share of plans and races, and browsers of its own."""
    again, once = stage["plans"][:plans], stage["plans"][plans:]
    found = []
    for lane in range(lanes):
        people = [
            [Person(person["name"], Browser(port, person["cookies"][lane])) for person in stage[side]]
            for side in ("coordinators", "deciders")
        ]
        mine = kinds[lane::lanes]
        share = [once.pop() for _race in range(mine.count("withdraw"))]
        chance = random.Random(f"{seed}-{lane}")
        found.append(Lane(*people, again[lane::lanes], share, mine, chance, engine, port))
    return found


def _release(port: int, stage: dict[str, Any], engine: Engine) -> list[str]:
    """Close the round and release its results."""
    with engine.begin() as connection:
        closed = "datetime('now', '-1 minute')" if engine.dialect.name == "sqlite" else "now() - interval '1 minute'"
        connection.execute(
            text(f"UPDATE call SET closes_at = {closed} WHERE public_id = :call"),
            {"call": stage["call"]},
        )
    decider, path = Browser(port, stage["deciders"][0]["cookies"][0]), f"/applications/rounds/{stage['call']}/release"
    answer = decider.post(path, decider.get(path).hidden)
    return [] if answer.status == 302 else [f"the release was answered {answer.status}"]


def _stored(session: Session, stage: dict[str, Any]) -> tuple[list[str], int]:
    """What is wrong with decisions and mails, and how many mails there are."""
    problems, mails = [], 0
    for plan in stage["plans"]:
        row = session.scalars(select(Application).where(Application.public_id == plan["id"])).one()
        found = session.scalars(
            select(OutboxMessage.recipient_address).where(
                OutboxMessage.subject_type == "application",
                OutboxMessage.subject_id == row.id,
                OutboxMessage.template.in_(RESULT_MAILS),
            )
        ).all()
        mails += len(found)
        wanted = 0 if row.state is ApplicationState.WITHDRAWN else plan["mails"]
        if len(found) != wanted or len(set(found)) != wanted:
            problems.append(f"{plan['id']} ({row.state}) has {len(found)} mails of its result, not {wanted}")
        problems += [f"{plan['id']}: {problem}" for problem in _faults_of(session, row)]
    return problems, mails


def _faults_of(session: Session, row: Application) -> list[str]:
    """One decision, that of the last approved proposal; as many entries of deciding as approved proposals."""
    proposals = session.scalars(
        select(DecisionProposal).where(DecisionProposal.application_id == row.id).order_by(DecisionProposal.id)
    ).all()
    approved = [proposal for proposal in proposals if proposal.state is ProposalState.APPROVED]
    decisions = session.scalars(select(Decision).where(Decision.application_id == row.id)).all()
    entries = session.scalar(
        select(func.count(AuditEvent.id)).where(
            AuditEvent.subject_type == "application", AuditEvent.subject_id == row.id, AuditEvent.verb.in_(DECIDING)
        )
    )
    found = []
    if entries != len(approved):
        found.append(f"{entries} decisions written down, {len(approved)} proposals approved")
    if len(decisions) != bool(approved):
        found.append(f"{len(decisions)} decisions")
    if approved and decisions and decisions[0].proposal_id != approved[-1].id:
        found.append("the decision is not that of the last approved proposal")
    if approved and row.state is not ApplicationState.WITHDRAWN and row.state.value != approved[-1].outcome.value:
        found.append(f"is {row.state}, and {approved[-1].outcome} was approved")
    if any(proposal.is_open for proposal in proposals):
        found.append("a proposal is still open")
    return found
