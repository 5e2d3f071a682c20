"""Words for what the logs show: kinds of records, states of mails and jobs, addresses that are not shown in full."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.core import mail_words
from app.core.background_job import JobState

SUBJECTS: dict[str, Any] = {
    "alumnus": _l("Alumni profile"),
    "application": _l("Exchange plan"),
    "background_job": _l("Background job"),
    "call": _l("Round"),
    "certificate": _l("Certificate"),
    "course": _l("Course"),
    "feedback_ruling": _l("Comment for an applicant"),
    "invitee": _l("Person"),
    "letter_text": _l("Text of a letter"),
    "mail_link": _l("Link by mail"),
    "organization": _l("Organization"),
    "outbox_message": _l("Mail"),
    "participation": _l("Entry of a roster"),
    "revisit": _l("Revisit"),
    "role_grant": _l("Role"),
    "roster_import": _l("Roster file"),
    "rule": _l("Rule"),
    "list_task": _l("Work on many entries of a list"),
    "saved_view": _l("View of a list"),
    "list_edition": _l("Edition of the foreign user list"),
    "screening_case": _l("Screening of a plan"),
    "section_comment": _l("Comment on a plan"),
    "user_account": _l("Account"),
    "visit": _l("Visit"),
    "visit_report": _l("Report of a visit"),
}
MAIL_STATES = mail_words.STATES
CAME_BACK = mail_words.CAME_BACK
masked = mail_words.masked
JOB_STATES: dict[JobState, tuple[Any, str]] = {
    JobState.QUEUED: (_l("Waiting"), "neutral"),
    JobState.RUNNING: (_l("Running"), "info"),
    JobState.DONE: (_l("Finished"), "success"),
    JobState.FAILED: (_l("Failed"), "danger"),
}
JOB_KINDS: dict[str, Any] = {
    "figures.refresh": _l("Make the figures anew"),
    "screening.all": _l("Compare every open plan with the foreign user list"),
    "screening.import": _l("Import an edition of the foreign user list"),
    "screening.organization": _l("Compare the plans of an organization with the foreign user list"),
    "screening.plan": _l("Compare a plan with the foreign user list"),
    "lists.act": _l("Do something to many entries of a list"),
    "lists.export": _l("Write the workbook of a list"),
    "applications.release": _l("Release the results of a round"),
}


def subject_label(subject_type: str) -> Any:
    """What kind of record an entry is about."""
    return SUBJECTS.get(subject_type, subject_type)


def job_label(kind: str) -> Any:
    """What a job does."""
    return JOB_KINDS.get(kind, kind)


def change_lines(changes: dict[str, Any], *, with_values: bool) -> list[str]:
    """What an entry says of fields: "starts_on: 2026-07-01 → 2026-07-02", or only which fields changed."""
    lines = []
    for field, values in changes.items():
        if with_values and isinstance(values, list) and len(values) == 2:
            old, new = (_("nothing") if value in (None, "") else str(value) for value in values)
            lines.append(f"{field}: {old} \u2192 {new}")
        else:
            lines.append(field)
    return lines
