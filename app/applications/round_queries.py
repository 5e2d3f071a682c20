"""SELECTs on the plans of a round: how they stand, which wait for whom, which are ready for release."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, case, func, or_, select
from sqlalchemy.orm import aliased

from app.applications import queries, sign_off_queries
from app.applications.decision_model import DecisionProposal, ProposalState
from app.applications.models import Application, ApplicationState, Decision, Outcome
from app.applications.queries import FOR_PAGE
from app.calls.models import Call, Course
from app.calls.progress import Numbers
from app.core import authz
from app.core.authz import Actor
from app.core.background_job import BackgroundJob
from app.core.db import db
from app.directory.models import HostInstitution

S = ApplicationState
UNDECIDED = (S.SUBMITTED, S.RETURNED, S.UNDER_REVIEW)


def tally(call: Call) -> list[Row[Any]]:
    """How many submitted plans of a round are in which state with which decision: (state, outcome, number)."""
    return list(
        db.session.execute(
            select(Application.state, Decision.outcome, func.count().label("number"))
            .outerjoin(Decision, Decision.application_id == Application.id)
            .where(Application.call_id == call.id, Application.submitted_at.is_not(None))
            .group_by(Application.state, Decision.outcome)
        )
    )


def numbers(call: Call) -> Numbers:
    """How many plans of a round were received, wait for their formal check, and are known to be adopted."""

    def counted(*states: ApplicationState) -> Any:
        return func.coalesce(func.sum(case((Application.state.in_(states), 1), else_=0)), 0)

    query = select(func.count(), counted(S.SUBMITTED, S.RETURNED), counted(S.ADOPTED, S.COMPLETED))
    query = query.where(Application.call_id == call.id, Application.submitted_at.is_not(None))
    return Numbers(*db.session.execute(query).one())


def of_round(call: Call, *states: ApplicationState) -> list[Row[Any]]:
    """The submitted plans of a round (in those states, if any are named) with their decisions, by number."""
    query = (
        select(
            Application.id,
            Application.public_id,
            Application.reference,
            Application.state,
            queries.known_theme("theme_ja"),
            queries.known_theme("theme_en"),
            HostInstitution.name_ja.label("host_ja"),
            HostInstitution.name_en.label("host_en"),
            Course.code,
            Decision.outcome,
            Decision.position,
        )
        .join(HostInstitution, HostInstitution.id == Application.host_institution_id)
        .join(Course, Course.id == Application.course_id)
        .outerjoin(Decision, Decision.application_id == Application.id)
        .where(Application.call_id == call.id, Application.submitted_at.is_not(None))
    )
    if states:
        query = query.where(Application.state.in_(states))
    return list(db.session.execute(query.order_by(Application.reference)))


def decided(call_id: int, limit: int) -> list[tuple[Application, Decision]]:
    """Decided plans of a round that are not released yet, with what their release reads, as plans are locked."""
    query = (
        select(Application, Decision)
        .join(Decision, Decision.application_id == Application.id)
        .where(Application.call_id == call_id, Application.state == S.DECIDED)
        .options(*FOR_PAGE)
        .order_by(Application.id)
        .limit(limit)
    )
    return [(application, decision) for application, decision in db.session.execute(query).unique()]


def count_decided(call_id: int) -> int:
    """How many plans of a round are decided and not released."""
    query = select(func.count()).where(Application.call_id == call_id, Application.state == S.DECIDED)
    return db.session.scalar(query) or 0


def with_open_proposals(call: Call) -> list[str]:
    """The numbers of decided plans for which somebody proposes another decision."""
    query = (
        select(Application.reference)
        .join(DecisionProposal, DecisionProposal.application_id == Application.id)
        .where(
            Application.call_id == call.id,
            Application.state == S.DECIDED,
            DecisionProposal.state == ProposalState.OPEN,
        )
    )
    return [str(reference) for reference in db.session.scalars(query.order_by(Application.reference))]


def due_for_release(at: datetime) -> list[Call]:
    """Rounds whose minute has come, locked: of several workers one takes a round up."""
    query = select(Call).where(Call.release_at <= at).order_by(Call.release_at, Call.id)
    locked = query.with_for_update(skip_locked=True).execution_options(populate_existing=True)
    return list(db.session.scalars(locked))


def newest_job(prefix: str) -> BackgroundJob | None:
    """The newest job of which the key begins so."""
    query = select(BackgroundJob).where(BackgroundJob.key.startswith(prefix, autoescape=True))
    return db.session.scalar(query.order_by(BackgroundJob.id.desc()).limit(1))


def call_of(call_id: int) -> Call | None:
    """A round by its number."""
    return db.session.get(Call, call_id)


def outcomes(rows: Sequence[Row[Any]]) -> dict[Outcome, int]:
    """How many plans of a tally have which decision, released or not."""
    found = dict.fromkeys(Outcome, 0)
    for row in rows:
        if row.outcome is not None and row.state is not S.WITHDRAWN:
            found[row.outcome] += row.number
    return found


def in_hand(actor: Actor, at: datetime, *, limit: int = 50) -> list[Row[Any]]:
    """Drafts of rounds that are open and returned plans that the actor may edit: the most urgent first."""
    query = (
        select(
            Application.public_id,
            Application.reference,
            Application.state,
            Application.theme_ja,
            Application.theme_en,
            Application.return_due_on,
            Application.host_institution_id,
            sign_off_queries.state_of_newest().label("sign_off"),
            Call.closes_at,
        )
        .join(Call, Call.id == Application.call_id)
        .where(
            authz.condition(actor, "application:edit", Application),
            or_(
                Application.state == S.RETURNED,
                (Application.state == S.DRAFT) & (Call.opens_at <= at) & (at < Call.closes_at),
            ),
        )
    )
    return list(db.session.execute(query.order_by(Call.closes_at, Application.id).limit(limit)))


def releasable(at: datetime) -> list[tuple[Call, int]]:
    """Closed rounds in which some plan is decided and none undecided, with the number that waits."""
    other = aliased(Application)
    waiting = select(other.id).where(other.call_id == Call.id, other.state.in_(UNDECIDED))
    query = (
        select(Call, func.count(Application.id))
        .join(Application, Application.call_id == Call.id)
        .where(Call.closes_at <= at, Application.state == S.DECIDED, ~waiting.exists())
        .group_by(Call.id)
        .order_by(Call.notice_on, Call.id)
    )
    return [(call, number) for call, number in db.session.execute(query)]


def outcomes_waiting(call: Call) -> dict[Outcome, int]:
    """How many decided plans of a round wait for their release, by decision."""
    return outcomes([row for row in tally(call) if row.state is S.DECIDED])


def overview(limit: int = 24) -> list[Row[Any]]:
    """The newest rounds with the numbers of their plans: submitted in all, undecided, decided and not released."""

    def counted(*states: ApplicationState) -> Any:
        return func.coalesce(func.sum(case((Application.state.in_(states), 1), else_=0)), 0)

    query = (
        select(
            Call.public_id,
            Call.fiscal_year,
            Call.label,
            Call.closes_at,
            Call.notice_on,
            Call.released_at,
            func.count(Application.id).label("submitted"),
            counted(*UNDECIDED).label("undecided"),
            counted(S.DECIDED).label("decided"),
        )
        .outerjoin(Application, (Application.call_id == Call.id) & Application.submitted_at.is_not(None))
        .where(Call.is_draft.is_(False))
        .group_by(Call.id)
        .order_by(Call.opens_at.desc(), Call.id.desc())
        .limit(limit)
    )
    return list(db.session.execute(query))
