"""The life of an alumni profile, and of a reported return to Japan."""

from flask_babel import lazy_gettext as _l

from app.alumni import queries
from app.alumni.models import AlumnusState, Evidence, Revisit, RevisitState
from app.core import outbox
from app.core.authz import Actor, Role
from app.core.workflow import Effect, Firing, State, Transition, Workflow, stamp

A = AlumnusState
R = RevisitState


ALUMNUS = Workflow(
    name="alumnus",
    initial=A.INVITED,
    states={
        A.INVITED: State(_l("Invited to join"), tone="info"),
        A.ACTIVE: State(_l("Has joined"), tone="success", editable=True),
        A.DORMANT: State(_l("Not heard from for long"), tone="warning"),
        A.LEFT: State(_l("Has left"), final=True),
    },
    transitions=(
        Transition(
            "join",
            _l("Join the alumni"),
            (A.INVITED,),
            A.ACTIVE,
            "alumnus:edit",
            effects=(stamp("activated_at"),),
            hidden=True,
        ),
        Transition("rest", _l("Not heard from for long"), (A.ACTIVE,), A.DORMANT, "alumnus:enrol", hidden=True),
        Transition("return", _l("Back again"), (A.DORMANT,), A.ACTIVE, "alumnus:edit", hidden=True),
        Transition(
            "leave",
            _l("Leave the alumni"),
            (A.INVITED, A.ACTIVE, A.DORMANT),
            A.LEFT,
            "alumnus:edit",
            tone="danger",
            done=_l("You have left. What your profile said about you is deleted."),
            hidden=True,
        ),
    ),
)


def grade(actor: Actor) -> Evidence:
    """How well a return is known once this person has confirmed it."""
    return Evidence.COORDINATOR if actor.has_role(Role.COORDINATOR) else Evidence.HOST


def note_decision(firing: Firing) -> None:
    """Who decided."""
    firing.subject.decided_by_id = firing.actor.id


def raise_evidence(firing: Firing) -> None:
    """A confirmed return is no longer only said by the person."""
    firing.subject.evidence = grade(firing.actor)


def mail_alumnus(template: str) -> Effect:
    """Tell the person, in their own language, where they have an account."""

    def effect(firing: Firing) -> None:
        revisit: Revisit = firing.subject
        user = queries.account_of(revisit.invitee_id)
        if user is not None:
            outbox.enqueue(template, user, subject_of=revisit, revisit=revisit, comment=firing.comment)

    effect.__qualname__ = f"mail_alumnus({template})"
    return effect


REVISIT = Workflow(
    name="revisit",
    initial=R.REPORTED,
    states={
        R.REPORTED: State(_l("Waiting for confirmation"), tone="info", editable=True),
        R.VERIFIED: State(_l("Verified"), tone="success", final=True),
        R.REJECTED: State(_l("Not confirmed"), tone="danger", final=True),
    },
    transitions=(
        Transition(
            "verify",
            _l("Confirm the return"),
            (R.REPORTED,),
            R.VERIFIED,
            "revisit:confirm",
            effects=(stamp("decided_at"), note_decision, raise_evidence, mail_alumnus("revisit_verified")),
            tone="success",
            done=_l("The return is confirmed and counts in the figures."),
        ),
        Transition(
            "reject",
            _l("Do not confirm"),
            (R.REPORTED,),
            R.REJECTED,
            "revisit:confirm",
            comment_required=True,
            effects=(stamp("decided_at"), note_decision, mail_alumnus("revisit_rejected")),
            tone="secondary",
            done=_l("The return is not confirmed. The person has been told why."),
        ),
    ),
)
