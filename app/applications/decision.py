"""JST's decision on a plan: recorded, changed while the round is not released, kept from everybody else."""

from app.applications import queries
from app.applications.events import ApplicationAdopted
from app.applications.models import Application, Decision, Outcome
from app.applications.workflow import APPLICATION, DECISIONS
from app.core import audit, authz, events
from app.core.authz import Actor
from app.core.db import db
from app.core.errors import Forbidden, TransitionNotAllowed

OUTCOME_OF = {"adopt": Outcome.ADOPTED, "reserve": Outcome.RESERVE, "decline": Outcome.DECLINED}


def decide(actor: Actor, application: Application, verb: str, *, comment: str = "", message: str = "") -> Decision:
    """Adopt, decline or put on the waiting list. `comment` stays at JST, `message` goes into the applicant's letter.

    A decision may be changed until the round is released. Raises: Forbidden, TransitionNotAllowed.
    """
    authz.require(actor, "application:decide", application)
    if actor.id is None:
        raise Forbidden()
    if verb not in DECISIONS or application.state not in APPLICATION[verb].sources:
        raise TransitionNotAllowed()
    decision = queries.decision_of(application)
    if decision is None:
        decision = Decision(application=application, outcome=OUTCOME_OF[verb], decided_by_id=actor.id)
        db.session.add(decision)
    decision.outcome, decision.decided_by_id = OUTCOME_OF[verb], actor.id
    decision.comment, decision.message = comment.strip(), message.strip()
    changes = audit.changes_of(decision)
    APPLICATION.fire(application, verb, actor, comment)
    audit.record(actor, "decision:record", decision, changes=changes)
    return decision


def promote(actor: Actor, application: Application, *, comment: str = "", message: str = "") -> None:
    """Adopt a plan from the waiting list: the host is told at once, and the visit is made.

    Raises: Forbidden, TransitionNotAllowed.
    """
    authz.require(actor, "application:decide", application)
    if actor.id is None:
        raise Forbidden()
    if application.state not in APPLICATION["promote"].sources:
        raise TransitionNotAllowed()
    decision = queries.decision_of(application)
    if decision is None:
        raise TransitionNotAllowed()
    decision.outcome, decision.decided_by_id = Outcome.ADOPTED, actor.id
    decision.message = message.strip()
    APPLICATION.fire(application, "promote", actor, message)
    audit.record(actor, "decision:record", decision, comment=comment)
    events.publish(ApplicationAdopted(application, actor))
