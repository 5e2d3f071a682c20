"""The lists of those who look after the system: what people did, mails sent, background jobs."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from sqlalchemy import Select, select

from app.core import verbs
from app.core.audit import AuditEvent
from app.core.authz import Actor
from app.core.background_job import BackgroundJob, JobState
from app.core.listing import Sort
from app.core.lists import Act, Column, Export, Filter, ListOf, day, word
from app.core.lists.taking import in_order
from app.core.outbox import MailState, OutboxMessage
from app.insight import log_queries, service, wording


def _number(value: str) -> int | None:
    return int(value) if value.isascii() and value.isdigit() and len(value) < 12 else None


def search_events(_actor: Actor, **sought: Any) -> Select[Any]:
    """The entries of the audit log that fit; all of them are for whoever may open it."""
    return log_queries.events(log_queries.Sought(**sought))


def _event_columns(actor: Actor) -> Sequence[Column]:
    with_values = actor.may("audit:view-content")
    comment = [Column(_("Comment"), lambda row: row.comment)] if with_values else []
    return [
        Column(_("When (Japan time)"), lambda row: row.at, is_instant=True),
        Column(_("Who"), lambda row: row.actor_name),
        Column(_("What happened"), lambda row: str(verbs.label_of_verb(row.verb))),
        Column(_("Verb"), lambda row: row.verb),
        Column(_("Record"), lambda row: str(wording.subject_label(row.subject_type))),
        Column(_("Number"), lambda row: row.subject_id),
        Column(_("State before"), lambda row: row.from_state),
        Column(_("State after"), lambda row: row.to_state),
        *comment,
        Column(_("Changed"), lambda row: "\n".join(wording.change_lines(row.changes, with_values=with_values))),
    ]


EVENTS = ListOf(
    name="audit-log",
    title=_l("Audit log"),
    permission="audit:view",
    endpoint="insight.audit_log",
    query=search_events,
    key=AuditEvent.id,
    row_id=AuditEvent.id,
    name_of=lambda row: str(row.at),
    sorts={"newest": Sort(AuditEvent.id, descending=True)},
    default="newest",
    filters=(
        Filter("who", _l("Who: name or e-mail address")),
        Filter("verb", _l("What happened"), choices=lambda _actor: verbs.known().items()),
        Filter("subject_type", _l("Record"), choices=lambda _actor: wording.SUBJECTS.items()),
        Filter("subject", _l("Number of the record"), "subject_id", parse=_number),
        Filter("since", _l("From (day)"), parse=day, kind="date"),
        Filter("until", _l("Until (day)"), parse=day, kind="date"),
    ),
    no_acts="What happened is never changed.",
    export=Export(
        permission="audit:view",
        endpoint="insight.audit_csv",
        filename="audit-log",
        columns=_event_columns,
        rows=lambda actor, **sought: log_queries.all_events(search_events(actor, **sought)),
    ),
)


def _choices(states: Mapping[Any, tuple[Any, str]]) -> list[tuple[Any, Any]]:
    return [(state.value, words[0]) for state, words in states.items()]


def _mail_columns(_actor: Actor) -> Sequence[Column]:
    return [
        Column(_("Written"), lambda row: row.created_at, is_instant=True),
        Column(_("Subject"), lambda row: row.subject),
        Column(_("Recipient"), lambda row: wording.masked(row.recipient_address)),
        Column(_("State"), lambda row: str(wording.MAIL_STATES[row.state][0])),
        Column(_("Sent"), lambda row: row.sent_at, is_instant=True),
        Column(_("Tries"), lambda row: row.attempts),
        Column(_("Error"), lambda row: row.last_error),
    ]


def _mail_to_leave(_actor: Actor, message: OutboxMessage) -> Any:
    if message.state in (MailState.FAILED, MailState.HELD):
        return None
    return _("Only mails that failed or are held back are sent again.")


SEND_AGAIN = Act(
    name="send-again",
    label=_l("Send again"),
    permission="mail:retry",
    model=OutboxMessage,
    do=service.retry_mail,
    obstacle=_mail_to_leave,
    sentence=lambda number: ngettext("%(num)s mail is sent again.", "%(num)s mails are sent again.", number),
    select=lambda actor: select(OutboxMessage).where(log_queries.mails_open_to(actor)),
)

MAILS = ListOf(
    name="mails",
    title=_l("Mails"),
    permission="mail:view",
    endpoint="insight.mails",
    query=log_queries.mails,
    key=OutboxMessage.id,
    row_id=OutboxMessage.public_id,
    name_of=lambda row: row.subject,
    sorts={"newest": Sort(OutboxMessage.id, descending=True)},
    default="newest",
    filters=(
        Filter("state", _l("State"), parse=word(MailState), choices=lambda _actor: _choices(wording.MAIL_STATES)),
    ),
    acts=(SEND_AGAIN,),
    export=Export(
        permission="mail:view",
        filename="mails",
        columns=_mail_columns,
        rows=lambda actor, **filters: in_order(log_queries.mails(actor, **filters), OutboxMessage.id.desc()),
    ),
)


def _job_columns(_actor: Actor) -> Sequence[Column]:
    return [
        Column(_("Job"), lambda row: str(wording.job_label(row.kind))),
        Column(_("State"), lambda row: str(wording.JOB_STATES[row.state][0])),
        Column(_("Done"), lambda row: row.progress_done),
        Column(_("Of"), lambda row: row.progress_total),
        Column(_("Tries"), lambda row: row.tries),
        Column(_("Asked for"), lambda row: row.created_at, is_instant=True),
        Column(_("Ended"), lambda row: row.finished_at, is_instant=True),
        Column(_("Error"), lambda row: row.last_error),
    ]


def _job_to_leave(_actor: Actor, job: BackgroundJob) -> Any:
    return None if job.state is JobState.FAILED else _("Only jobs that failed are started again.")


START_AGAIN = Act(
    name="start-again",
    label=_l("Start again"),
    permission="job:retry",
    model=BackgroundJob,
    do=service.retry_job,
    obstacle=_job_to_leave,
    sentence=lambda number: ngettext("%(num)s job is started again.", "%(num)s jobs are started again.", number),
    select=lambda _actor: select(BackgroundJob),
)

JOBS = ListOf(
    name="jobs",
    title=_l("Background jobs"),
    permission="job:view",
    endpoint="insight.jobs",
    query=log_queries.jobs,
    key=BackgroundJob.id,
    row_id=BackgroundJob.public_id,
    name_of=lambda row: f"{wording.job_label(row.kind)} ({row.public_id[:4]})",
    sorts={"newest": Sort(BackgroundJob.id, descending=True)},
    default="newest",
    filters=(Filter("state", _l("State"), parse=word(JobState), choices=lambda _actor: _choices(wording.JOB_STATES)),),
    acts=(START_AGAIN,),
    export=Export(
        permission="job:view",
        filename="jobs",
        columns=_job_columns,
        rows=lambda actor, **filters: in_order(log_queries.jobs(actor, **filters), BackgroundJob.id.desc()),
    ),
)
