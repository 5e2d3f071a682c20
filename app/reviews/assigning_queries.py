"""Every SELECT on who reads what: plans of a round, experts who have time, places, loads, conflicts."""

from collections import defaultdict
from collections.abc import Collection
from typing import Any

from sqlalchemy import Row, case, func, or_, select
from sqlalchemy.orm import joinedload, selectinload

from app.accounts.models import User
from app.applications.models import Application, ApplicationPartner, ApplicationState
from app.calls.models import Call
from app.checking import queries as checks
from app.core import authz, clock
from app.core.authz import Actor
from app.core.background_job import BackgroundJob
from app.core.db import db
from app.directory.models import HostInstitution
from app.reviews.models import Conflict, ReviewAssignment, Reviewer, ReviewerAbsence
from app.reviews.scoring_models import ReviewPlan
from app.reviews.vocabulary import OPEN_ASSIGNMENTS, AssignmentState, ReviewerState

PER_PLAN = 3  # experts to each plan where the round says nothing else
FOR_ANSWER = (
    joinedload(ReviewAssignment.reviewer),
    joinedload(ReviewAssignment.call),
    joinedload(ReviewAssignment.application).joinedload(Application.host_institution),
    joinedload(ReviewAssignment.application)
    .selectinload(Application.partners)
    .joinedload(ApplicationPartner.organization),
)


def review_plan(call: Call) -> ReviewPlan | None:
    """How a round is reviewed, where that is said."""
    return db.session.scalar(select(ReviewPlan).where(ReviewPlan.call_id == call.id))


def per_plan(call: Call) -> int:
    """How many experts each plan of a round is given."""
    plan = review_plan(call)
    return plan.per_plan if plan is not None else PER_PLAN


def plans(call: Call) -> list[Row[Any]]:
    """The plans of a round that experts are to read, by number: under review and not formally inadmissible."""
    query = (
        select(
            Application.id,
            Application.public_id,
            Application.reference,
            Application.theme_ja,
            Application.theme_en,
            Application.field_of_science,
            Application.purpose,
            Application.host_institution_id,
            HostInstitution.name_ja.label("host_ja"),
            HostInstitution.name_en.label("host_en"),
        )
        .join(HostInstitution, HostInstitution.id == Application.host_institution_id)
        .where(Application.call_id == call.id, Application.state == ApplicationState.UNDER_REVIEW)
        .where(Application.id.not_in(checks.inadmissible()))
    )
    return list(db.session.execute(query.order_by(Application.reference)))


def assignments(call: Call) -> dict[int, list[ReviewAssignment]]:
    """Every assignment of a round by its plan, the oldest first; with the experts."""
    found: dict[int, list[ReviewAssignment]] = defaultdict(list)
    query = select(ReviewAssignment).where(ReviewAssignment.call_id == call.id)
    for row in db.session.scalars(query.options(joinedload(ReviewAssignment.reviewer)).order_by(ReviewAssignment.id)):
        found[row.application_id].append(row)
    return found


def of_plan(application: Application) -> list[ReviewAssignment]:
    """Every assignment of a plan, the oldest first; with the experts."""
    query = select(ReviewAssignment).where(ReviewAssignment.application_id == application.id)
    return list(db.session.scalars(query.options(joinedload(ReviewAssignment.reviewer)).order_by(ReviewAssignment.id)))


def proposed(call: Call) -> list[ReviewAssignment]:
    """The proposals of a round that nobody has been told of, the oldest first."""
    query = select(ReviewAssignment).where(
        ReviewAssignment.call_id == call.id, ReviewAssignment.state == AssignmentState.PROPOSED
    )
    return list(db.session.scalars(query.options(joinedload(ReviewAssignment.reviewer)).order_by(ReviewAssignment.id)))


def of_expert(reviewer: Reviewer, states: Collection[AssignmentState]) -> list[ReviewAssignment]:
    """What an expert was given and stands in one of these states, the oldest first."""
    query = select(ReviewAssignment).where(
        ReviewAssignment.reviewer_id == reviewer.id, ReviewAssignment.state.in_(states)
    )
    return list(db.session.scalars(query.options(*FOR_ANSWER).order_by(ReviewAssignment.id)).unique())


def available(call: Call) -> list[Reviewer]:
    """The experts who can be given plans of a round: active, with an account, within their term, with time for it."""
    today = clock.today()
    absent = select(ReviewerAbsence.reviewer_id).where(ReviewerAbsence.call_id == call.id)
    query = select(Reviewer).where(
        Reviewer.state == ReviewerState.ACTIVE,
        Reviewer.user_id.is_not(None),
        or_(Reviewer.term_from.is_(None), Reviewer.term_from <= today),
        or_(Reviewer.term_until.is_(None), Reviewer.term_until >= today),
        Reviewer.id.not_in(absent),
    )
    query = query.options(selectinload(Reviewer.fields), joinedload(Reviewer.organization))
    return list(db.session.scalars(query.order_by(Reviewer.sort_name, Reviewer.id)))


def held(call: Call) -> dict[int, int]:
    """How many plans of a round each expert has, proposals included."""
    query = select(ReviewAssignment.reviewer_id, func.count()).where(
        ReviewAssignment.call_id == call.id, ReviewAssignment.state.in_(OPEN_ASSIGNMENTS)
    )
    return {number: count for number, count in db.session.execute(query.group_by(ReviewAssignment.reviewer_id))}


def conflict_pairs(applications: Collection[int]) -> set[tuple[int, int]]:
    """(plan, expert) pairs between which a conflict stands."""
    query = select(Conflict.application_id, Conflict.reviewer_id).where(Conflict.application_id.in_(applications))
    return {(plan, expert) for plan, expert in db.session.execute(query)}


def conflicts_of(application: Application) -> list[Conflict]:
    """The conflicts that stand between a plan and experts, by expert."""
    query = select(Conflict).join(Conflict.reviewer).where(Conflict.application_id == application.id)
    return list(
        db.session.scalars(query.options(joinedload(Conflict.reviewer)).order_by(Reviewer.sort_name, Conflict.id))
    )


def is_in_conflict(reviewer_id: int, application_id: int) -> bool:
    """Whether any conflict stands between an expert and a plan."""
    query = select(Conflict.id).where(Conflict.reviewer_id == reviewer_id, Conflict.application_id == application_id)
    return db.session.scalar(query.limit(1)) is not None


def read_before(call: Call) -> set[tuple[int, int]]:
    """(host, expert) pairs of the round that closed before this one."""
    before = select(Call.id).where(Call.closes_at < call.closes_at).order_by(Call.closes_at.desc()).limit(1)
    query = (
        select(Application.host_institution_id, ReviewAssignment.reviewer_id)
        .join(Application, Application.id == ReviewAssignment.application_id)
        .where(
            ReviewAssignment.call_id == before.scalar_subquery(),
            ReviewAssignment.state == AssignmentState.COMPLETED,
        )
    )
    return {(host, expert) for host, expert in db.session.execute(query)}


def rounds() -> list[Row[Any]]:
    """Rounds with plans under review, the newest first: number of plans, and of readings that are not over."""
    is_proposed = case((ReviewAssignment.state == AssignmentState.PROPOSED, 1), else_=0)
    readings = (
        select(
            ReviewAssignment.call_id,
            func.count().label("readings"),
            func.sum(is_proposed).label("proposals"),
        )
        .join(Application, Application.id == ReviewAssignment.application_id)
        .where(ReviewAssignment.state.in_(OPEN_ASSIGNMENTS), Application.state == ApplicationState.UNDER_REVIEW)
        .group_by(ReviewAssignment.call_id)
        .subquery()
    )
    query = (
        select(
            Call.public_id,
            Call.fiscal_year,
            Call.label,
            func.count(Application.id).label("plans"),
            func.coalesce(func.max(readings.c.readings), 0).label("readings"),
            func.coalesce(func.max(readings.c.proposals), 0).label("proposals"),
            func.coalesce(func.max(ReviewPlan.per_plan), PER_PLAN).label("per_plan"),
        )
        .join(Application, (Application.call_id == Call.id) & (Application.state == ApplicationState.UNDER_REVIEW))
        .where(Application.id.not_in(checks.inadmissible()))
        .outerjoin(readings, readings.c.call_id == Call.id)
        .outerjoin(ReviewPlan, ReviewPlan.call_id == Call.id)
        .group_by(Call.id)
        .order_by(Call.closes_at.desc())
    )
    return list(db.session.execute(query))


def newest_job(kind: str, call: Call) -> BackgroundJob | None:
    """The last job of a kind for a round."""
    query = select(BackgroundJob).where(
        BackgroundJob.kind == kind, BackgroundJob.key.startswith(f"{kind}:{call.public_id}:", autoescape=True)
    )
    return db.session.scalar(query.order_by(BackgroundJob.id.desc()).limit(1))


def call_of(number: int) -> Call | None:
    """A round by its number."""
    return db.session.get(Call, number)


def asked(actor: Actor) -> list[ReviewAssignment]:
    """The plans an expert has been asked to read and has not answered yet, the oldest first."""
    query = authz.visible(actor, "review:write", ReviewAssignment).where(ReviewAssignment.state == AssignmentState.SENT)
    return list(db.session.scalars(query.options(*FOR_ANSWER).order_by(ReviewAssignment.id)).unique())


def asked_by_day(actor: Actor) -> list[Row[Any]]:
    """How many plans wait for the expert's answer, by the day their reviews are due."""
    query = (
        select(ReviewAssignment.due_on, func.count().label("number"))
        .where(authz.condition(actor, "review:write", ReviewAssignment))
        .where(ReviewAssignment.state == AssignmentState.SENT)
        .group_by(ReviewAssignment.due_on)
        .order_by(ReviewAssignment.due_on)
    )
    return list(db.session.execute(query))


def account_of(reviewer: Reviewer) -> User | None:
    """The account an expert signs in with."""
    return db.session.get(User, reviewer.user_id) if reviewer.user_id is not None else None


def due_soon(days: Collection[Any]) -> list[ReviewAssignment]:
    """Readings that are due on one of these days and not handed in."""
    query = select(ReviewAssignment).where(
        ReviewAssignment.due_on.in_(days),
        ReviewAssignment.state.in_((AssignmentState.SENT, AssignmentState.ACCEPTED)),
    )
    query = query.options(joinedload(ReviewAssignment.reviewer), joinedload(ReviewAssignment.call))
    together = (ReviewAssignment.reviewer_id, ReviewAssignment.call_id, ReviewAssignment.due_on)
    return list(db.session.scalars(query.order_by(*together, ReviewAssignment.id)))
