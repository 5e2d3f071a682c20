"""The life of one plan given to one expert: proposed → sent → being read → handed in; or not taken on, or set aside."""

from flask_babel import lazy_gettext as _l

from app.core.workflow import Firing, State, Transition, Workflow, stamp
from app.reviews.vocabulary import AssignmentState as S


def keep_reason(firing: Firing) -> None:
    """The reason stands on the assignment, for the record."""
    firing.subject.reason = firing.comment


REVIEW_ASSIGNMENT = Workflow(
    name="review_assignment",
    initial=S.PROPOSED,
    states={
        S.PROPOSED: State(S.PROPOSED.label),
        S.SENT: State(S.SENT.label, tone="warning"),
        S.ACCEPTED: State(S.ACCEPTED.label, tone="info", editable=True),
        S.COMPLETED: State(S.COMPLETED.label, tone="success"),
        S.DECLINED: State(S.DECLINED.label, tone="danger", final=True),
        S.SET_ASIDE: State(S.SET_ASIDE.label, final=True),
    },
    transitions=(
        Transition(
            "send",
            _l("Ask the expert"),
            (S.PROPOSED,),
            S.SENT,
            "review:assign",
            effects=(stamp("sent_at"),),
            hidden=True,
        ),
        Transition(
            "accept",
            _l("Take the plan on"),
            (S.SENT,),
            S.ACCEPTED,
            "review:write",
            effects=(stamp("answered_at"),),
            hidden=True,
        ),
        Transition(
            "decline",
            _l("Do not take the plan on"),
            (S.SENT, S.ACCEPTED),
            S.DECLINED,
            "review:write",
            comment_required=True,
            effects=(stamp("answered_at"), keep_reason),
            hidden=True,
        ),
        Transition(
            "complete",
            _l("Hand the review in"),
            (S.ACCEPTED,),
            S.COMPLETED,
            "review:write",
            effects=(stamp("completed_at"),),
            hidden=True,
        ),
        Transition(
            "reopen",
            _l("Take the review up again"),
            (S.COMPLETED,),
            S.ACCEPTED,
            "review:write",
            hidden=True,
        ),
        Transition(
            "lose_to_conflict",
            _l("Set aside because of a conflict of interest"),
            (S.SENT, S.ACCEPTED, S.COMPLETED),
            S.SET_ASIDE,
            "conflict:declare",
            comment_required=True,
            effects=(keep_reason,),
            hidden=True,
        ),
        Transition(
            "set_aside",
            _l("Take the plan back from the expert"),
            (S.SENT, S.ACCEPTED),
            S.SET_ASIDE,
            "review:assign",
            comment_required=True,
            effects=(keep_reason,),
            hidden=True,
        ),
    ),
)
