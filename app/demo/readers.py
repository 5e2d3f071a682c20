"""Outside experts in the demonstration: a register, a round whose plans are given out, answers of every kind."""

import csv
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import select

from app.accounts import queries as accounts
from app.applications import service
from app.applications.models import Application, ApplicationState
from app.calls.models import Call
from app.core import clock
from app.core.authz import Actor, Role
from app.core.db import db
from app.demo import cast
from app.demo.people import DATA
from app.reviews import assigning_queries, assigning_service, conflicts, proposing, register_service
from app.reviews.models import ReviewAssignment, Reviewer
from app.reviews.scoring_models import ReviewPlan
from app.reviews.vocabulary import AssignmentState, ReviewerState

TIME_TO_READ = timedelta(days=12)
SENT_BEFORE = timedelta(days=4)
CHOSEN = 3


@dataclass(frozen=True, slots=True)
class Cast:
    """Who acts for JST, and the expert whom the sign-in page lets one be."""

    coordinator: Actor
    reviewer: Actor


def enter(actors: Cast) -> list[Reviewer]:
    """The register: active experts with accounts, one who rests, one who has not answered the invitation."""
    with (DATA / "experts.csv").open(encoding="utf-8") as file:
        return [_one(actors.coordinator, row) for row in csv.DictReader(file)]


def _one(coordinator: Actor, row: dict[str, str]) -> Reviewer:
    state, today = ReviewerState(row["state"]), clock.today()
    name = row["name_ja"] or row["name_en"]
    if state is not ReviewerState.INVITED and accounts.by_email(row["email"]) is None:
        cast.engage(name, row["email"], Role.REVIEWER)
    reviewer = register_service.create(
        coordinator,
        name_ja=row["name_ja"] if not row["name_ja"].isascii() else "",
        name_en=row["name_en"],
        email=row["email"],
        affiliation=row["affiliation"],
        position=row["position_ja"],
        locale="en" if name.isascii() else "ja",
        fields_of_science=row["fields"].split(),
        capacity=int(row["capacity"]),
        reads_japanese=not name.isascii(),
        reads_english=True,
        term_from=date(today.year - 1, 4, 1),
        term_until=date(today.year + 2, 3, 31),
    )
    if state is ReviewerState.RESTING:
        register_service.transition(coordinator, reviewer, "rest")
    if state is ReviewerState.INVITED:
        register_service.invite(coordinator, reviewer)
    return reviewer


def give_out(actors: Cast) -> None:
    """The newest round under review is given out: some read, some have not answered, two places are empty again."""
    call = _round(actors.coordinator)
    if call is None:
        return
    now = clock.now()
    if assigning_queries.review_plan(call) is None:
        until = clock.tokyo(clock.today() + TIME_TO_READ + timedelta(days=1))
        db.session.add(ReviewPlan(call_id=call.id, scoring_from=now - SENT_BEFORE, scoring_until=until))
    with clock.pretending(now - SENT_BEFORE):
        conflicts.recheck()
        _choose_for(actors, call)
        assigning_service.make_proposal(actors.coordinator, call)
        assigning_service.send_now(actors.coordinator, call, clock.today() + SENT_BEFORE + TIME_TO_READ)
    with clock.pretending(now - timedelta(days=2)):
        _answer(call, actors.reviewer)
    _replace_one(actors.coordinator, call)


def _choose_for(actors: Cast, call: Call) -> None:
    """The expert of the sign-in page is chosen by hand for a few plans, so that there is always something to read."""
    problem = proposing.problem(call)
    for plan in problem.plans[:CHOSEN]:
        for one in problem.candidates(plan.id):
            if one.reviewer.user_id == actors.reviewer.id:
                assigning_service.add(actors.coordinator, db.session.get_one(Application, plan.id), one.reviewer)


def _round(coordinator: Actor) -> Call | None:
    """The newest round with plans under review; where none is, plans of the open round are passed on early."""
    if not assigning_queries.rounds():
        submitted = select(Application).where(Application.state == ApplicationState.SUBMITTED)
        for application in db.session.scalars(submitted.order_by(Application.id.desc()).limit(5)).all():
            service.transition(coordinator, application, "start_review")
    found = assigning_queries.rounds()
    return db.session.scalar(select(Call).where(Call.public_id == found[0].public_id)) if found else None


def _answer(call: Call, shown: Actor) -> None:
    """The expert of the sign-in page keeps the first plan unanswered; the others' answers are of every kind."""
    said = cast.texts()["readers"]
    kept: set[int] = set()
    ended: list[AssignmentState] = []
    query = select(ReviewAssignment).where(
        ReviewAssignment.call_id == call.id, ReviewAssignment.state == AssignmentState.SENT
    )
    for number, assignment in enumerate(db.session.scalars(query.order_by(ReviewAssignment.id)).all()):
        user = assigning_queries.account_of(assignment.reviewer)
        assert user is not None
        expert = cast.actor(user)
        if user.id not in kept and (user.id == shown.id or number % 5 == 4):
            kept.add(user.id)
        elif number % 6 == 3 and len(ended) < 2 and user.id != shown.id:
            if ended:
                assigning_service.decline(expert, assignment, said["no_time"])
            else:
                conflicts.declare_own(expert, assignment, note=said["conflict"])
            ended.append(assignment.state)
        else:
            assigning_service.accept(expert, assignment)


def _replace_one(coordinator: Actor, call: Call) -> None:
    """For one of the empty places a replacement is proposed already, and waits to be sent."""
    problem = proposing.problem(call)
    for plan in problem.plans:
        free = [one for one in problem.candidates(plan.id) if not one.is_full] if plan.wanted else []
        if free:
            application = db.session.get_one(Application, plan.id)
            assigning_service.add(coordinator, application, free[0].reviewer)
            return
