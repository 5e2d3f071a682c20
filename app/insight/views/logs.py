"""Pages of the logs: what people did, mails sent, background jobs."""

from typing import Any

from flask import Response, render_template, request, url_for
from flask_babel import gettext as _

from app.core.background_job import JobState
from app.core.lists import page as lists
from app.core.lists.views import take
from app.core.web import Answer, current_actor, done, may, permission_required, signed_in
from app.insight import log_queries, service, wording
from app.insight.lists import EVENTS, JOBS, MAILS
from app.insight.views.blueprint import bp

FINISHED = (JobState.DONE, JobState.FAILED)
LOOK_AGAIN_SECONDS = 3


@bp.get("/audit")
@permission_required("audit:view")
def audit_log() -> Answer:
    """Who did what, newest first."""
    more = {"wording": wording, "with_values": may("audit:view-content")}
    return lists.answer(EVENTS, "insight/audit_log.html", lambda _page: more)


@bp.route("/audit.csv", methods=["GET", "POST"])
@permission_required("audit:view")
def audit_csv() -> Any:
    """The entries that fit the filters of the page, as a file: CSV unless another kind is asked for."""
    return take(EVENTS)


@bp.get("/activity")
@signed_in
def my_activity() -> Answer:
    """What the reader did."""
    query = log_queries.own_events(current_actor())
    found = log_queries.page_of_events(query, request.args, request.path)
    return render_template("insight/activity.html", listing=found, wording=wording)


@bp.get("/mails")
@permission_required("mail:view")
def mails() -> Answer:
    """Mails written by the system, without their text."""
    return lists.answer(MAILS, "insight/mails.html", lambda _page: {"wording": wording})


@bp.post("/mails/<string:public_id>/retry")
@permission_required("mail:retry")
def retry_mail(public_id: str) -> Answer:
    service.retry_mail(current_actor(), log_queries.mail(current_actor(), public_id))
    return done(_("The mail is on its way again."), ".mails")


@bp.get("/jobs")
@permission_required("job:view")
def jobs() -> Answer:
    """Background jobs, newest first."""
    return lists.answer(JOBS, "insight/jobs.html", lambda _page: {"wording": wording})


@bp.get("/jobs/<string:public_id>")
@signed_in
def job(public_id: str) -> Answer:
    """How far a job is, for whom it works; the page comes again by itself, also without scripts."""
    found = log_queries.job(current_actor(), public_id)
    is_over = found.state in FINISHED
    page = render_template("insight/job.html", job=found, is_over=is_over, wording=wording)
    headers = {} if is_over else {"Refresh": f"{LOOK_AGAIN_SECONDS}; url={url_for('.job', public_id=public_id)}"}
    return Response(page, headers=headers)


@bp.post("/jobs/<string:public_id>/retry")
@permission_required("job:retry")
def retry_job(public_id: str) -> Answer:
    service.retry_job(current_actor(), log_queries.job(current_actor(), public_id))
    return done(_("The job is on its way again."), ".job", public_id=public_id)
