"""What people do with a case: clear it, set conditions, hold, write notes; two of them lift a hold.

Reasons are sealed notes of the desk (security contract, row 42): the audit log says who did what and never why.
"""

from flask_babel import gettext as _

from app.applications import mailing
from app.core import audit, authz, clock
from app.core.authz import Actor
from app.core.db import db, new_public_id
from app.core.errors import GuardsFailed, Refused, Stale, TransitionNotAllowed
from app.screening.models import ScreeningCase, ScreeningNote
from app.screening.vocabulary import CaseState, NoteKind
from app.screening.workflow import CASE

KINDS = {"clear": NoteKind.CLEAR, "condition": NoteKind.CONDITIONS, "hold": NoteKind.HOLD}
LIFTS = {CaseState.CLEARED: "lift_clear", CaseState.CONDITIONS: "lift_condition"}


def judge(
    actor: Actor, case: ScreeningCase, verb: str, *, reason: str, host_action: str = "", version: int | None
) -> None:
    """Clear a plan, set conditions (`host_action`: what the host is to do), or put it on hold.

    Raises: Forbidden, Stale, TransitionNotAllowed, Refused without a reason or, with conditions, what to do.
    """
    authz.require(actor, "screening:examine", case)
    _check_version(case, version)
    if verb not in KINDS or case.state not in CASE[verb].sources:
        raise TransitionNotAllowed()
    _check_words(reason, host_action, needs_action=verb == "condition")
    _write(actor, case, KINDS[verb], reason)
    _judge(actor, case, verb, host_action)


def write_note(actor: Actor, case: ScreeningCase, text: str) -> ScreeningNote:
    """Write a remark for the desk. Raises: Forbidden, Refused for an empty one."""
    authz.require(actor, "screening:examine", case)
    if not text.strip():
        raise Refused({"text": [_("Write the remark.")]})
    note = _write(actor, case, NoteKind.REMARK, text)
    audit.record(actor, "screening:note", case)
    return note


def propose_lift(
    actor: Actor, case: ScreeningCase, to: CaseState, *, reason: str, host_action: str = "", version: int | None
) -> None:
    """Propose that a hold is lifted: to clear, or under conditions. Another person has to agree.

    Raises: Forbidden, Stale, TransitionNotAllowed if there is no hold or a proposal is open, Refused.
    """
    authz.require(actor, "screening:lift", case)
    _check_version(case, version)
    if case.state is not CaseState.HOLD or case.lift_to is not None or to not in LIFTS:
        raise TransitionNotAllowed()
    _check_words(reason, host_action, needs_action=to is CaseState.CONDITIONS)
    case.lift_to, case.lift_proposed_at, case.lift_proposed_by_id = to, clock.now(), actor.id
    case.lift_action = host_action.strip() if to is CaseState.CONDITIONS else ""
    _write(actor, case, NoteKind.PROPOSAL, reason)
    audit.record(actor, "screening:propose-lift", case)


def agree_to_lift(actor: Actor, case: ScreeningCase, *, version: int | None) -> None:
    """Lift the hold as somebody else proposed. Raises: Forbidden, Stale, TransitionNotAllowed, GuardsFailed."""
    to = _proposal_of_another(actor, case, version)
    _judge(actor, case, LIFTS[to], case.lift_action)


def refuse_to_lift(actor: Actor, case: ScreeningCase, *, reason: str, version: int | None) -> None:
    """Leave the hold as it is. The one who proposed it may take the proposal back in the same way.

    Raises: Forbidden, Stale, TransitionNotAllowed, Refused.
    """
    authz.require(actor, "screening:lift", case)
    _check_version(case, version)
    if case.lift_to is None:
        raise TransitionNotAllowed()
    if not reason.strip():
        raise Refused({"reason": [_("Give a reason.")]})
    case.lift_to = case.lift_proposed_at = case.lift_proposed_by_id = None
    case.lift_action = ""
    _write(actor, case, NoteKind.REFUSAL, reason)
    audit.record(actor, "screening:refuse-lift", case)


def _proposal_of_another(actor: Actor, case: ScreeningCase, version: int | None) -> CaseState:
    authz.require(actor, "screening:lift", case)
    _check_version(case, version)
    if case.lift_to is None:
        raise TransitionNotAllowed()
    if actor.id is None or actor.id == case.lift_proposed_by_id:
        raise GuardsFailed(_("You proposed that the hold is lifted. Another person has to agree."))
    return case.lift_to


def _judge(actor: Actor, case: ScreeningCase, verb: str, host_action: str) -> None:
    """Move the case; of a condition the host learns what to do."""
    asks = CASE[verb].target is CaseState.CONDITIONS
    if asks:
        case.host_action = host_action.strip()
    CASE.fire(case, verb, actor)
    if asks:
        mailing.tell_host(
            "screening_action", case.application, dedupe=f"screening:{case.version}", action=case.host_action
        )


def _check_version(case: ScreeningCase, version: int | None) -> None:
    if version != case.version:
        raise Stale()


def _check_words(reason: str, host_action: str, *, needs_action: bool) -> None:
    problems: dict[str, list[str]] = {}
    if not reason.strip():
        problems["reason"] = [_("Give a reason.")]
    if needs_action and not host_action.strip():
        problems["host_action"] = [_("Say what the host is to do. The host reads it.")]
    if problems:
        raise Refused(problems)


def _write(actor: Actor, case: ScreeningCase, kind: NoteKind, text: str) -> ScreeningNote:
    """A note with its text sealed; its public id is made first, because the seal is bound to it."""
    note = ScreeningNote(
        public_id=new_public_id(), case_id=case.id, kind=kind, written_by_id=actor.id, written_by_name=actor.name
    )
    note.seal(text.strip())
    db.session.add(note)
    db.session.flush()
    return note
