"""The rounds as JST decides on them: how they stand, their plans with what is proposed for each."""

from typing import Any

from flask import render_template
from flask_babel import gettext as _

from app.accounts import queries as accounts
from app.applications import approving, proposal_queries, release, release_clock, round_marks, round_queries
from app.applications.models import ApplicationState
from app.applications.views.blueprint import bp
from app.applications.workflow import APPLICATION
from app.calls import queries as calls
from app.calls.models import Call, round_title
from app.core.background_job import BackgroundJob, JobState
from app.core.errors import NotFound
from app.core.forms import ConfirmForm
from app.core.web import Answer, current_actor, may, permission_required

UNFINISHED = (JobState.QUEUED, JobState.RUNNING)


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
    call, actor = round_of(call_id), current_actor()
    tally = round_queries.tally(call)
    by_state = dict.fromkeys((state for state in ApplicationState if state is not ApplicationState.DRAFT), 0)
    for row in tally:
        by_state[row.state] += row.number
    proposals = proposal_queries.of_round(call)
    choosable = {plan for plan, proposal in proposals.items() if approving.may_be_approved(actor, proposal)}
    return render_template(
        "applications/round.html",
        call=call,
        name=call.title,
        by_state=[(APPLICATION.states[state], number) for state, number in by_state.items() if number],
        outcomes=round_queries.outcomes(tally),
        plans=round_queries.of_round(call),
        states=APPLICATION.states,
        proposals=proposals,
        choosable=choosable if may("decision:approve") else set(),
        marks=round_marks.of(call),
        obstacles=release.obstacles(call) if may("round:release") else [],
        waiting=by_state[ApplicationState.DECIDED],
        jobs=_jobs(call, by_state[ApplicationState.DECIDED]),
        may_release=may("round:release"),
        countdown=release_clock.countdown(call),
        set_by=accounts.person(call.release_by_id).name if call.release_at is not None else "",
        form=ConfirmForm(formdata=None),
    )


def _jobs(call: Call, waiting: int) -> list[dict[str, Any]]:
    """The jobs of the round that a reader should know of, with their sentences."""
    found = []
    for job, running, failed in (
        (
            release.job_of(call),
            _("The results are being released"),
            _("The release stopped. What was released stays released; an administrator can start it again."),
        ),
        (
            approving.job_of(call),
            _("Proposals are being approved"),
            _("The approval stopped. What was approved stays approved; an administrator can start it again."),
        ),
    ):
        if job is not None and (job.state in UNFINISHED or job.state is JobState.FAILED):
            found.append(_drawn(job, running, failed, waiting))
    return found


def _drawn(job: BackgroundJob, running: str, failed: str, waiting: int) -> dict[str, Any]:
    is_running = job.state in UNFINISHED
    return {
        "is_running": is_running,
        "words": running if is_running else failed,
        "message": job.message,
        "done": job.progress_done,
        "total": job.progress_total or waiting,
    }
