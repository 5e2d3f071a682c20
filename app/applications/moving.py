"""Moving a plan to another institution, with four eyes: one coordinator proposes, another approves (contract, row 25).

What JST holds can be moved: from the submission to the decision. A draft is its authors' and not known to JST, a
returned plan is being written at its institution, and a released result was given to one. In one transaction the
plan, its files and its people change hands: the former institution no longer knows it, the new one does, under the
same number. What was submitted stays as it was, receipts included.
"""

from flask_babel import gettext as _
from sqlalchemy import update

from app.accounts import queries as accounts
from app.applications import indexing, moving_queries, queries
from app.applications.models import Application, ApplicationState
from app.applications.moving_model import MoveState, PlanMove
from app.core import audit, authz, clock, events, outbox
from app.core.authz import Actor, Role
from app.core.db import db
from app.core.errors import Forbidden, Refused, TransitionNotAllowed
from app.core.storage import StoredFile
from app.core.workflow import Moved
from app.directory.models import HostInstitution, OrganizationState

S = ApplicationState
MOVABLE = frozenset({S.SUBMITTED, S.UNDER_REVIEW, S.DECIDED})
VERB = "move"  # of the fact that listeners hear


def why_fixed(application: Application) -> str | None:
    """Why a plan cannot be moved now, or None."""
    if application.state is S.RETURNED:
        return _("The plan is returned for correction. It can be moved once it is submitted again.")
    if application.state not in MOVABLE:
        return _("A plan can be moved from its submission until its result is released.")
    return None


def propose(actor: Actor, application: Application, *, target: HostInstitution, reason: str) -> PlanMove:
    """Propose that a plan moves, and tell the other coordinators.

    Raises: Forbidden; TransitionNotAllowed in other states, or while a proposal waits; Refused without a reason, and
    for an institution that is not approved, or holds the plan already.
    """
    authz.require(actor, "application:move", application)
    if actor.id is None:
        raise Forbidden()
    queries.take_turn(application)
    fixed = why_fixed(application)
    if fixed is not None:
        raise TransitionNotAllowed(fixed)
    if moving_queries.waiting(application) is not None:
        raise TransitionNotAllowed(_("A proposal for this plan waits for a second person already."))
    _check_target(application, target)
    if not reason.strip():
        raise Refused({"reason": [_("Give a reason.")]})
    made = PlanMove(
        application=application,
        from_institution_id=application.host_institution_id,
        to_institution=target,
        reason=reason.strip(),
        proposed_by_id=actor.id,
    )
    db.session.add(made)
    changes = {"host_institution": [application.host_institution.public_id, target.public_id]}
    audit.record(actor, "application:propose-move", application, comment=made.reason, changes=changes)
    for person in accounts.people_with(Role.COORDINATOR):
        if person.id != actor.id:
            outbox.enqueue(
                "application_move_proposed",
                person,
                subject_of=application,
                dedupe=f"move-proposed:{made.public_id}:{person.id}",
                move=made,
                reference=application.reference,
                proposer=actor.name,
            )
    return made


def approve(actor: Actor, move: PlanMove) -> None:
    """Move the plan, as a second person. Both institutions hear of it, neither of the other one.

    Raises: Forbidden; TransitionNotAllowed when it is decided or the plan cannot be moved any more; Refused for the
    person who proposed it, and for an institution that is not approved any more.
    """
    application = _open_for_decision(actor, move)
    fixed = why_fixed(application)
    if fixed is not None:
        raise TransitionNotAllowed(fixed)
    _check_target(application, move.to_institution)
    before, after = application.host_institution, move.to_institution
    _settle(actor, move, MoveState.APPROVED)
    application.host_institution, application.moved_at = after, move.decided_at
    db.session.execute(
        update(StoredFile)
        .where(StoredFile.subject_type == Application.__tablename__, StoredFile.subject_id == application.id)
        .values(institution_id=after.id)
    )
    db.session.flush()
    indexing.refresh(application)
    changes = {"host_institution": [before.public_id, after.public_id]}
    audit.record(actor, "application:approve-move", application, changes=changes)
    for template, institution in (("application_moved_away", before), ("application_moved_here", after)):
        _tell(template, institution, application, move)
    events.publish(Moved("application", VERB, application))


def reject(actor: Actor, move: PlanMove, *, reason: str) -> None:
    """Leave the plan where it is, as a second person. Raises: as `approve`; Refused without a reason."""
    application = _open_for_decision(actor, move)
    if not reason.strip():
        raise Refused({"comment": [_("Give a reason.")]})
    move.answer = reason.strip()
    _settle(actor, move, MoveState.REJECTED)
    audit.record(actor, "application:reject-move", application, comment=move.answer)


def withdraw(actor: Actor, move: PlanMove) -> None:
    """Take one's own proposal back. Raises: Forbidden for everybody else; TransitionNotAllowed once it is decided."""
    authz.require(actor, "application:move", move.application)
    application = _held(move)
    if actor.id is None or actor.id != move.proposed_by_id:
        raise Forbidden()
    _settle(actor, move, MoveState.WITHDRAWN)
    audit.record(actor, "application:withdraw-move", application)


def _check_target(application: Application, target: HostInstitution) -> None:
    problem = ""
    if target.state is not OrganizationState.ACTIVE:
        problem = _("%(name)s is not an approved host institution.", name=target.name)
    elif target.id == application.host_institution_id:
        problem = _("The plan belongs to %(name)s already.", name=target.name)
    if problem:
        raise Refused({"institution": [problem]})


def _open_for_decision(actor: Actor, move: PlanMove) -> Application:
    """The plan of a proposal this person may decide on; one person is one, whatever the hats."""
    authz.require(actor, "application:approve-move", move.application)
    application = _held(move)
    if actor.id is None or actor.id == move.proposed_by_id:
        raise Refused({"": [_("You proposed this move. A second person must decide on it.")]})
    return application


def _held(move: PlanMove) -> Application:
    """The plan, whose turn is taken, and the proposal as it stands now: of two who decide at once, one comes second."""
    queries.take_turn(move.application)
    db.session.refresh(move)
    if move.state is not MoveState.PROPOSED:
        raise TransitionNotAllowed(_("This proposal is decided already."))
    return move.application


def _settle(actor: Actor, move: PlanMove, state: MoveState) -> None:
    move.state, move.decided_by_id, move.decided_at = state, actor.id, clock.now()


def _tell(template: str, institution: HostInstitution, application: Application, move: PlanMove) -> None:
    for person in accounts.staff_of(institution.id):
        outbox.enqueue(
            template,
            person,
            subject_of=application,
            dedupe=f"{template}:{move.public_id}:{person.id}",
            application=application,
        )
