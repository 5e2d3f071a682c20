"""Verbs on letters: the texts of a round, a word for one recipient, sending one again that did not arrive."""

from flask_babel import gettext as _
from sqlalchemy.exc import IntegrityError

from app.applications import letter_queries, letter_recipients, letter_words, letters, mailing, queries
from app.applications.letter_models import LetterNote, LetterText, ResultLetter
from app.applications.letter_words import LetterKind
from app.applications.mailing import Contact
from app.applications.models import Application
from app.calls.models import Call
from app.core import audit, authz, clock
from app.core.authz import Actor
from app.core.db import db
from app.core.errors import NotFound, Refused, Stale
from app.core.outbox import OutboxMessage

LONGEST = 6000  # signs of a text


def save_text(actor: Actor, call: Call, kind: LetterKind, *, version: int | None, **fields: str) -> None:
    """Write what the letters of a kind say in a round; letters that have gone out stay as they are.

    `version`: that of the round's own text as its writer saw it, 0 for none. Raises: Forbidden; Stale; Refused, by
    field, for a placeholder that may not stand there.
    """
    authz.require_role(actor, "letter:edit")
    row = letter_queries.texts(call)[kind].row
    if version != (row.version if row is not None else 0):
        raise Stale()
    words = {name: letter_words.tidy(text) for name, text in fields.items()}
    _refuse(kind, words)
    if row is None:
        row = _first(call, kind, words)
        changes = {name: [None, text] for name, text in words.items()}
    else:
        for name, text in words.items():
            setattr(row, name, text)
        changes = audit.changes_of(row)
    if changes:
        audit.record(actor, "letter_text:edit", row, changes=changes)


def _first(call: Call, kind: LetterKind, words: dict[str, str]) -> LetterText:
    """The round's first own text. Raises: Stale if somebody else wrote it at this instant."""
    row = LetterText(call_id=call.id, kind=kind, **words)
    try:
        with db.session.begin_nested():
            db.session.add(row)
    except IntegrityError as error:
        raise Stale() from error
    return row


def _refuse(kind: LetterKind, words: dict[str, str]) -> None:
    found = {}
    for name, text in words.items():
        allowed = letter_words.SUBJECT if name.startswith("subject") else letter_words.ALLOWED[kind]
        problems = letter_words.problems(text, allowed)
        if not text:
            problems.append(_("Enter or choose something here."))
        if name.startswith("subject") and "\n" in text:
            problems.append(_("The subject is a single line."))
        if problems:
            found[name] = problems
    if found:
        raise Refused(found)


def next_number(application: Application) -> int:
    """The number of the letter that goes out next."""
    letter = letter_queries.newest(application)
    return letter.number + 1 if letter is not None else 1


def save_note(actor: Actor, application: Application, recipient: str, *, version: int | None, text: str) -> None:
    """Write a word for one recipient that goes with the next letter; "" takes it away again.

    Raises: Forbidden; Stale; NotFound for somebody who gets no letter.
    """
    authz.require_role(actor, "letter:edit")
    queries.take_turn(application)
    if recipient not in {found.key for found in letter_recipients.of(application)}:
        raise NotFound()
    number = next_number(application)
    note = letter_queries.notes(application, number).get(recipient)
    if version != (note.version if note is not None else 0):
        raise Stale()
    if note is None:
        note = LetterNote(application_id=application.id, number=number, recipient=recipient)
        db.session.add(note)
    note.text = text.strip()
    changes = audit.changes_of(note)
    if changes:
        audit.record(actor, "letter:note", note, changes=changes)


def send_again(actor: Actor, application: Application, mail: OutboxMessage, *, email: str) -> OutboxMessage:
    """Send the letter that holds now to somebody whom it did not reach, at an address that was corrected or not.

    Raises: Forbidden; Stale if somebody else has sent it again; Refused for an unusable address.
    """
    authz.require_role(actor, "letter:send")
    queries.take_turn(application)
    db.session.refresh(mail, with_for_update=True)
    if not mail.did_not_arrive:
        raise Stale()
    email = email.strip()
    if not mailing.is_reachable(email):
        raise Refused({"email": [_("Enter an e-mail address, such as name@example.ac.jp.")]})
    letter = _holds(application)
    sent = letters.post_to(
        application,
        letter,
        Contact(email, mail.recipient_name, mail.locale),
        dedupe=f"letter:{letter.public_id}:again:{mail.public_id}",
    )
    mail.resent_at = clock.now()
    audit.record(actor, "letter:send-again", mail, changes={"mail": [mail.public_id, sent.public_id]})
    return sent


def _holds(application: Application) -> ResultLetter:
    letter = letter_queries.newest(application)
    if letter is None:
        raise NotFound()
    return letter
