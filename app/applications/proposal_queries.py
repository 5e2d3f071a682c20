"""SELECTs on proposals: of a plan, of a round, what waits for whom, and the order of the waiting list."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row, func, or_, select
from sqlalchemy.orm import aliased, joinedload

from app.applications.decision_model import Decision, DecisionProposal, ProposalKind, ProposalState
from app.applications.models import Application, ApplicationState
from app.applications.queries import FOR_PAGE
from app.calls.models import Call
from app.core import authz
from app.core.authz import Actor
from app.core.db import db

WITH_PEOPLE = (joinedload(DecisionProposal.proposed_by), joinedload(DecisionProposal.answered_by))
#: What answering a proposal reads.
FOR_ANSWER = (*WITH_PEOPLE, joinedload(DecisionProposal.application).options(*FOR_PAGE))


def _of(application: Application) -> Any:
    query = select(DecisionProposal).where(DecisionProposal.application_id == application.id)
    return query.options(*WITH_PEOPLE).order_by(DecisionProposal.id.desc())


def history(application: Application, limit: int = 50) -> list[DecisionProposal]:
    """Every proposal on a plan, the newest first. Only for those who may know decisions."""
    return list(db.session.scalars(_of(application).limit(limit)))


def last_of(application: Application) -> DecisionProposal | None:
    """The newest proposal on a plan as it is stored now."""
    return db.session.scalar(_of(application).limit(1).execution_options(populate_existing=True))


def open_of(application: Application) -> DecisionProposal | None:
    """The proposal on a plan that waits for an answer, as it is stored now."""
    waiting = _of(application).where(DecisionProposal.state == ProposalState.OPEN)
    return db.session.scalar(waiting.execution_options(populate_existing=True))


def again(proposal: DecisionProposal) -> None:
    """Read a proposal anew: somebody may have answered it since."""
    same = select(DecisionProposal).where(DecisionProposal.id == proposal.id).options(*WITH_PEOPLE)
    db.session.scalars(same.execution_options(populate_existing=True)).one()


def number_open(call: Call) -> int:
    """How many proposals of a round wait for an answer."""
    query = (
        select(func.count(DecisionProposal.id))
        .join(Application, Application.id == DecisionProposal.application_id)
        .where(Application.call_id == call.id, DecisionProposal.state == ProposalState.OPEN)
    )
    return db.session.scalar(query) or 0


def of_round(call: Call) -> dict[int, DecisionProposal]:
    """The open proposals of a round with who made them, by plan."""
    query = (
        select(DecisionProposal)
        .join(Application, Application.id == DecisionProposal.application_id)
        .where(Application.call_id == call.id, DecisionProposal.state == ProposalState.OPEN)
        .options(*WITH_PEOPLE)
    )
    return {proposal.application_id: proposal for proposal in db.session.scalars(query)}


def plans(numbers: Sequence[int]) -> list[Application]:
    """Plans by their numbers, with what a proposal reads, in the order in which plans are locked."""
    query = select(Application).where(Application.id.in_(numbers)).options(*FOR_PAGE).order_by(Application.id)
    return list(db.session.scalars(query).unique())


def ahead_of(application: Application) -> list[Row[Any]]:
    """The plans of the round's waiting list that come before one: (reference, whether their adoption is proposed).

    By the place they were given; those without one stand at the end, by number.
    """
    proposed = (
        select(DecisionProposal.id)
        .where(
            DecisionProposal.application_id == Application.id,
            DecisionProposal.state == ProposalState.OPEN,
            DecisionProposal.kind == ProposalKind.PROMOTION,
        )
        .exists()
    )
    query = (
        select(Application.id, Application.reference, proposed.label("is_proposed"))
        .join(Decision, Decision.application_id == Application.id)
        .where(Application.call_id == application.call_id, Application.state == ApplicationState.RESERVE)
        .order_by(Decision.position.is_(None), Decision.position, Application.reference)
    )
    rows: list[Row[Any]] = list(db.session.execute(query))
    place = next((number for number, row in enumerate(rows) if row.id == application.id), 0)
    return rows[:place]


def waiting_for(actor: Actor) -> list[Row[Any]]:
    """How many open proposals of others wait for the actor's approval, by round."""
    by_kind = []
    if actor.may("decision:approve"):
        by_kind.append(DecisionProposal.kind != ProposalKind.CHANGE)
    if actor.may("decision:change"):
        by_kind.append(DecisionProposal.kind == ProposalKind.CHANGE)
    query = (
        select(Call.public_id, Call.fiscal_year, Call.label, Call.notice_on, func.count().label("number"))
        .select_from(DecisionProposal)
        .join(Application, Application.id == DecisionProposal.application_id)
        .join(Call, Call.id == Application.call_id)
        .where(
            DecisionProposal.state == ProposalState.OPEN,
            DecisionProposal.proposed_by_id != (actor.id or 0),
            or_(*by_kind),
        )
        .group_by(Call.id, Call.public_id, Call.fiscal_year, Call.label, Call.notice_on)
    )
    return list(db.session.execute(query.order_by(Call.notice_on, Call.id)))


def to_propose(actor: Actor) -> list[Row[Any]]:
    """How many plans under review nothing is proposed for, by round."""
    other = aliased(DecisionProposal)
    is_open = select(other.id).where(other.application_id == Application.id, other.state == ProposalState.OPEN)
    query = (
        select(Call.public_id, Call.fiscal_year, Call.label, Call.notice_on, func.count(Application.id).label("number"))
        .join(Call, Call.id == Application.call_id)
        .where(
            Application.state == ApplicationState.UNDER_REVIEW,
            authz.condition(actor, "decision:propose", Application),
            ~is_open.exists(),
        )
        .group_by(Call.id, Call.public_id, Call.fiscal_year, Call.label, Call.notice_on)
    )
    return list(db.session.execute(query.order_by(Call.notice_on, Call.id)))


def sent_back_to(actor: Actor) -> list[Row[Any]]:
    """The plans of which the actor's proposal came back and is the newest: (public id, reference)."""
    later = aliased(DecisionProposal)
    newer = select(later.id).where(
        later.application_id == DecisionProposal.application_id, later.id > DecisionProposal.id
    )
    query = (
        select(Application.public_id, Application.reference)
        .join(DecisionProposal, DecisionProposal.application_id == Application.id)
        .where(
            DecisionProposal.state == ProposalState.SENT_BACK,
            DecisionProposal.proposed_by_id == (actor.id or 0),
            Application.state.in_((ApplicationState.UNDER_REVIEW, ApplicationState.DECIDED, ApplicationState.RESERVE)),
            ~newer.exists(),
        )
        .order_by(Application.reference)
        .limit(20)
    )
    return list(db.session.execute(query))
