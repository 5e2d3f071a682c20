"""The life of a screening case: clear by itself, or examined by a person, who clears, sets conditions, or holds.

A hold is lifted by two persons: one proposes it, another one agrees. Reasons stand in sealed notes, not in the audit.
"""

from flask_babel import lazy_gettext as _l

from app.core.workflow import Firing, State, Transition, Workflow, stamp
from app.screening.vocabulary import CaseState

S = CaseState
JUDGED = (S.EXAMINE, S.CLEARED, S.CONDITIONS)


def wait_for_somebody(firing: Firing) -> None:
    """From now on the case waits for a person."""
    stamp("waiting_since")(firing)


def note_who_judged(firing: Firing) -> None:
    """Who judged, when; whatever resembles the list now has been judged with it."""
    case = firing.subject
    stamp("decided_at")(firing)
    case.decided_by_id = firing.actor.id
    for hit in case.found_now:
        hit.judged_at = case.decided_at


def ask_nothing(firing: Firing) -> None:
    """The host has nothing to do."""
    firing.subject.host_action = ""


def end_proposal(firing: Firing) -> None:
    """No proposal to lift the hold is open."""
    case = firing.subject
    case.lift_to = case.lift_proposed_at = case.lift_proposed_by_id = None
    case.lift_action = ""


CASE = Workflow(
    name="screening",
    initial=S.CLEAR,
    states={
        S.CLEAR: State(_l("Clear: nobody resembles the list"), tone="success"),
        S.EXAMINE: State(_l("To be examined"), tone="info"),
        S.CLEARED: State(_l("Cleared by a person"), tone="success"),
        S.CONDITIONS: State(_l("Clear under conditions"), tone="warning"),
        S.HOLD: State(_l("On hold"), tone="danger"),
    },
    transitions=(
        Transition(
            "find",
            _l("Somebody of the plan resembles the list"),
            (S.CLEAR, S.CLEARED, S.CONDITIONS),
            S.EXAMINE,
            "screening:screen",
            effects=(wait_for_somebody,),
            hidden=True,
        ),
        Transition(
            "lose",
            _l("Nobody of the plan resembles the list any more"),
            (S.EXAMINE,),
            S.CLEAR,
            "screening:screen",
            hidden=True,
        ),
        Transition(
            "clear",
            _l("Clear the plan"),
            JUDGED,
            S.CLEARED,
            "screening:examine",
            effects=(note_who_judged, ask_nothing),
            done=_l("The plan is cleared."),
        ),
        Transition(
            "condition",
            _l("Clear under conditions"),
            JUDGED,
            S.CONDITIONS,
            "screening:examine",
            effects=(note_who_judged,),
            done=_l("The conditions are set. The host sees what to do on the page of its plan."),
        ),
        Transition(
            "hold",
            _l("Put on hold"),
            (S.CLEAR, *JUDGED),
            S.HOLD,
            "screening:examine",
            effects=(note_who_judged, ask_nothing),
            tone="danger",
            done=_l("The plan is on hold. It cannot be adopted until two persons have lifted the hold."),
        ),
        Transition(
            "lift_clear",
            _l("Hold lifted: cleared"),
            (S.HOLD,),
            S.CLEARED,
            "screening:lift",
            effects=(note_who_judged, ask_nothing, end_proposal),
            hidden=True,
            done=_l("The hold is lifted; the plan is cleared."),
        ),
        Transition(
            "lift_condition",
            _l("Hold lifted: clear under conditions"),
            (S.HOLD,),
            S.CONDITIONS,
            "screening:lift",
            effects=(note_who_judged, end_proposal),
            hidden=True,
            done=_l("The hold is lifted under conditions. The host sees what to do on the page of its plan."),
        ),
    ),
)
