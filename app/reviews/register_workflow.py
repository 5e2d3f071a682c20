"""How an expert stands to JST: invited → active ⇄ resting → ended."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.core.workflow import State, Transition, Workflow
from app.reviews.models import Reviewer
from app.reviews.vocabulary import ReviewerState as S


def has_account(reviewer: Reviewer) -> Any:
    """Whoever is given plans can sign in."""
    return None if reviewer.user_id is not None else _("The expert has not accepted an invitation yet.")


REVIEWER = Workflow(
    name="reviewer",
    initial=S.INVITED,
    states={
        S.INVITED: State(S.INVITED.label, tone="warning", editable=True),
        S.ACTIVE: State(S.ACTIVE.label, tone="success", editable=True),
        S.RESTING: State(S.RESTING.label, editable=True),
        S.ENDED: State(S.ENDED.label, editable=True),
    },
    transitions=(
        Transition(
            "join",
            _l("Accept the invitation"),
            (S.INVITED,),
            S.ACTIVE,
            "reviewer:edit",
            guards=(has_account,),
            hidden=True,
        ),
        Transition(
            "rest",
            _l("Give no plans for now"),
            (S.ACTIVE,),
            S.RESTING,
            "reviewer:edit",
            tone="secondary",
            done=_l("The expert is given no plans until you take this back. Plans already given stay."),
        ),
        Transition(
            "resume",
            _l("Give plans again"),
            (S.RESTING,),
            S.ACTIVE,
            "reviewer:edit",
            guards=(has_account,),
            done=_l("The expert can be given plans again."),
        ),
        Transition(
            "end",
            _l("End the term"),
            (S.INVITED, S.ACTIVE, S.RESTING),
            S.ENDED,
            "reviewer:edit",
            comment_required=True,
            tone="danger",
            done=_l("The term has ended. The expert no longer sees any plan."),
        ),
        Transition(
            "take_back",
            _l("Take into the register again"),
            (S.ENDED,),
            S.RESTING,
            "reviewer:edit",
            tone="secondary",
            done=_l("The expert is in the register again and is given no plans until you say so."),
        ),
    ),
)
