"""Verbs on comments: a host's own staff write, answer and settle. No text of theirs goes into the log or a mail."""

from datetime import timedelta

from flask_babel import gettext as _

from app.accounts import queries as accounts
from app.applications import comment_queries
from app.applications.comment_model import SectionComment
from app.applications.mailing import COMMENT_MAIL
from app.applications.models import Application
from app.applications.vocabulary import SECTION_LABELS
from app.core import audit, authz, clock, outbox
from app.core.authz import Actor, Role
from app.core.db import db
from app.core.errors import NotFound, Refused

BETWEEN_MAILS = timedelta(hours=1)  # to one person about one plan
STAFF = (Role.HOST_EDITOR, Role.HOST_APPROVER)


def write(actor: Actor, application: Application, section: str, text: str) -> SectionComment:
    """Begin a thread on a section, in whatever state the plan is. Others who work on the plan are told by mail.

    Raises: Forbidden unless the actor works for the institution of the plan; NotFound for an unknown section; Refused
    for an empty text.
    """
    authz.require(actor, "application:edit", application)
    if section not in SECTION_LABELS:
        raise NotFound()
    comment = _keep(actor, application, section, text)
    audit.record(actor, "comment:write", comment)
    _tell(actor, comment)
    return comment


def answer(actor: Actor, application: Application, comment_id: str, text: str) -> SectionComment:
    """Answer a comment; a thread that was settled is open again by that. Raises as `write`."""
    head = _head(actor, application, comment_id)
    made = _keep(actor, application, head.section, text, head)
    audit.record(actor, "comment:answer", made)
    if head.settled_at is not None:
        _open_again(actor, head)
    _tell(actor, made)
    return made


def settle(actor: Actor, application: Application, comment_id: str, *, is_settled: bool) -> SectionComment:
    """Mark a thread as settled, or open it again; what is so already stays so. Raises: Forbidden, NotFound, Stale."""
    head = _head(actor, application, comment_id)
    if (head.settled_at is not None) == is_settled:
        return head
    if is_settled:
        head.settled_at, head.settled_by_id = clock.now(), actor.id
        audit.record(actor, "comment:settle", head)
    else:
        _open_again(actor, head)
    return head


def _open_again(actor: Actor, head: SectionComment) -> None:
    head.settled_at = head.settled_by_id = None
    audit.record(actor, "comment:reopen", head)


def _head(actor: Actor, application: Application, comment_id: str) -> SectionComment:
    authz.require(actor, "application:edit", application)
    head = comment_queries.head_of(application, comment_id)
    if head is None:
        raise NotFound()
    return head


def _keep(
    actor: Actor, application: Application, section: str, text: str, head: SectionComment | None = None
) -> SectionComment:
    if not text.strip():
        raise Refused({"text": [_("Write something first.")]})
    comment = SectionComment(
        application=application,
        section=section,
        answers_id=head.id if head is not None else None,
        author_id=actor.id,
        text=text.strip(),
    )
    db.session.add(comment)
    return comment


def _tell(actor: Actor, comment: SectionComment) -> None:
    """Mail the colleagues who work on the plan, each once an hour at most, however much is written meanwhile."""
    application = comment.application
    taking_part = comment_queries.took_part(application) - {actor.id}
    people = [user for user in accounts.staff_of(application.host_institution_id, *STAFF) if user.id in taking_part]
    last = comment_queries.last_mails(application, COMMENT_MAIL, [user.id for user in people]) if people else {}
    for user in people:
        number, at = last.get(user.id, (0, None))
        if at is not None and clock.now() - at < BETWEEN_MAILS:
            continue
        outbox.enqueue(
            COMMENT_MAIL,
            user,
            subject_of=application,
            dedupe=f"{COMMENT_MAIL}:{application.public_id}:{user.id}:after-{number}",  # two at once write one mail
            application=application,
            comment=comment,
            writer=actor.name,
            section=SECTION_LABELS[comment.section],
        )
