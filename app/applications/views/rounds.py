"""The rounds as JST decides on them: how they stand, their plans with what is proposed for each."""

from typing import Any

from flask import render_template

from app.accounts import queries as accounts
from app.applications import proposal_queries, release, release_clock, round_marks, round_queries
from app.applications.models import ApplicationState
from app.applications.round_lists import PLANS, outcome_words
from app.applications.views.blueprint import bp
from app.applications.workflow import APPLICATION
from app.calls import queries as calls
from app.calls.models import Call, round_title
from app.core.errors import NotFound
from app.core.lists.page import answer
from app.core.web import Answer, current_actor, may, permission_required


def round_of(call_id: str) -> Call:
    """The round, if it exists for the reader. Raises: NotFound."""
    found = calls.call(current_actor(), call_id)
    if found is None:
        raise NotFound()
    return found


@bp.get("/rounds")
@permission_required("decision:view")
def rounds() -> Answer:
    return render_template("applications/rounds.html", rounds=round_queries.overview(), round_title=round_title)


@bp.get("/rounds/<string:call_id>")
@permission_required("decision:view")
def round(call_id: str) -> Answer:
    """How a round stands, and its plans as a list."""
    call = round_of(call_id)
    return answer(PLANS, "applications/round.html", lambda _page: _standing(call))


def _standing(call: Call) -> dict[str, Any]:
    """What the page says above the list."""
    tally = round_queries.tally(call)
    by_state = dict.fromkeys((state for state in ApplicationState if state is not ApplicationState.DRAFT), 0)
    for row in tally:
        by_state[row.state] += row.number
    return {
        "call": call,
        "by_state": [(APPLICATION.states[state], number) for state, number in by_state.items() if number],
        "outcomes": round_queries.outcomes(tally),
        "proposed": proposal_queries.number_open(call),
        "states": APPLICATION.states,
        "marks": round_marks.of(call),
        "obstacles": release.obstacles(call) if may("round:release") else [],
        "waiting": by_state[ApplicationState.DECIDED],
        "job": release.job_of(call),
        "may_release": may("round:release"),
        "countdown": release_clock.countdown(call),
        "set_by": accounts.person(call.release_by_id).name if call.release_at is not None else "",
        "outcome_words": outcome_words,
    }
