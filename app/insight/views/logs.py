"""Pages of the logs: what people did, mails sent, background jobs."""

import enum
from collections.abc import Iterator
from datetime import date
from typing import Any, TypeVar

from flask import Response, render_template, request, url_for
from flask_babel import gettext as _

from app.core import verbs
from app.core.background_job import JobState
from app.core.exporting import stream_csv
from app.core.i18n import exact_moment
from app.core.outbox import MailState
from app.core.web import Answer, current_actor, done, may, permission_required, signed_in
from app.insight import log_queries, service, wording
from app.insight.log_queries import Sought
from app.insight.views.blueprint import bp

FINISHED = (JobState.DONE, JobState.FAILED)
LOOK_AGAIN_SECONDS = 3
Word = TypeVar("Word", bound=enum.StrEnum)


def _word(kind: type[Word], name: str) -> Word | None:
    """A filter's value, if it is one."""
    try:
        return kind(request.args.get(name, ""))
    except ValueError:
        return None


def _day(name: str) -> date | None:
    try:
        return date.fromisoformat(request.args.get(name, ""))
    except ValueError:
        return None


def _sought() -> Sought:
    subject = request.args.get("subject", "")
    return Sought(
        verb=request.args.get("verb", "")[:80],
        who=request.args.get("who", "").strip()[:100],
        subject_type=request.args.get("subject_type", "")[:60],
        subject_id=int(subject) if subject.isascii() and subject.isdigit() and len(subject) < 12 else None,
        since=_day("since"),
        until=_day("until"),
    )


@bp.get("/audit")
@permission_required("audit:view")
def audit_log() -> Answer:
    """Who did what, newest first."""
    sought = _sought()
    found = log_queries.page_of_events(log_queries.events(sought), request.args, request.path)
    return render_template(
        "insight/audit_log.html",
        listing=found,
        sought=sought,
        verb_choices=verbs.known().items(),
        subject_choices=wording.SUBJECTS.items(),
        wording=wording,
        with_values=may("audit:view-content"),
    )


@bp.get("/audit.csv")
@permission_required("audit:view")
def audit_csv() -> Response:
    """The entries that fit the filters of the page, as CSV."""
    head = [
        _("When (Japan time)"),
        _("Who"),
        _("What happened"),
        _("Verb"),
        _("Record"),
        _("Number"),
        _("State before"),
        _("State after"),
    ]
    with_values = may("audit:view-content")
    head += [_("Comment"), _("Changed")] if with_values else [_("Changed")]
    return stream_csv("audit-log.csv", head, _audit_rows(_sought(), with_values))


def _audit_rows(sought: Sought, with_values: bool) -> Iterator[tuple[Any, ...]]:
    for row in log_queries.all_events(log_queries.events(sought)):
        changed = "\n".join(wording.change_lines(row.changes, with_values=with_values))
        yield (
            exact_moment(row.at),
            row.actor_name,
            str(verbs.label_of_verb(row.verb)),
            row.verb,
            str(wording.subject_label(row.subject_type)),
            row.subject_id,
            row.from_state or "",
            row.to_state or "",
            *((row.comment, changed) if with_values else (changed,)),
        )


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
    state = _word(MailState, "state")
    found = log_queries.page_of_mails(current_actor(), state, request.args, request.path)
    return render_template("insight/mails.html", listing=found, state=state, wording=wording)


@bp.post("/mails/<string:public_id>/retry")
@permission_required("mail:retry")
def retry_mail(public_id: str) -> Answer:
    service.retry_mail(current_actor(), log_queries.mail(current_actor(), public_id))
    return done(_("The mail is on its way again."), ".mails")


@bp.get("/jobs")
@permission_required("job:view")
def jobs() -> Answer:
    """Background jobs, newest first."""
    state = _word(JobState, "state")
    found = log_queries.page_of_jobs(state, request.args, request.path)
    return render_template("insight/jobs.html", listing=found, state=state, wording=wording)


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
