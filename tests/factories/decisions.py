"""Proposals and decisions, made by the verbs people use: one person proposes, another approves."""

from typing import Any

from app.applications import proposing, queries
from app.applications.models import Application, Decision, DecisionProposal, Outcome
from app.core.authz import Actor, Role
from app.core.db import db
from tests.factories.accounts import make_actor


def make_proposal(
    application: Application, outcome: Outcome | str = "adopted", *, by: Actor | None = None, **words: Any
) -> DecisionProposal:
    """An open proposal of a coordinator."""
    by = by or make_actor(Role.COORDINATOR)
    made = proposing.propose(by, application, outcome=Outcome(outcome), **words)
    db.session.flush()
    return made


def make_change(
    application: Application, outcome: Outcome | str = "declined", *, by: Actor | None = None, **words: Any
) -> DecisionProposal:
    """An open proposal of a decision-maker to change a released result."""
    by = by or make_actor(Role.DECISION_MAKER)
    reason = words.pop("reason", "The partner has withdrawn.")
    made = proposing.propose_change(by, application, outcome=Outcome(outcome), reason=reason, **words)
    db.session.flush()
    return made


def decide(
    application: Application, outcome: Outcome | str = "adopted", *, by: Actor | None = None, **words: Any
) -> Decision:
    """A decision: proposed by a coordinator, approved by a decision-maker (`by`)."""
    proposing.approve(by or make_actor(Role.DECISION_MAKER), make_proposal(application, outcome, **words))
    db.session.flush()
    found = queries.decision_of(application)
    assert found is not None
    return found
