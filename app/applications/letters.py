"""審査結果のお知らせ: writing a plan's letter, and telling everybody on the host's side once, with it as a file.

A letter is frozen when it is sent: its texts, and one PDF in each language, stored once and never made anew.
"""

import hashlib
import io
from dataclasses import dataclass
from datetime import datetime

from flask_babel import force_locale
from flask_babel import gettext as _

from app.applications import (
    feedback,
    letter_queries,
    letter_recipients,
    letter_values,
    letter_words,
    letters_facts,
    queries,
)
from app.applications.document import Language
from app.applications.letter_models import ResultLetter
from app.applications.letter_queries import InForce
from app.applications.letter_words import LetterKind
from app.applications.letters_facts import Granted
from app.applications.models import Application, Outcome
from app.core import clock, outbox, storage
from app.core.authz import SYSTEM, Actor
from app.core.db import db
from app.core.storage import FileKind, StoredFile
from app.documents import papers
from app.documents.shapes import Answer, LetterDocument

LANGUAGES: tuple[Language, ...] = ("ja", "en")
TEMPLATES = {
    LetterKind.ADOPTED: "application_adopted",
    LetterKind.CONDITIONS: "application_adopted",
    LetterKind.RESERVE: "application_reserve",
    LetterKind.DECLINED: "application_declined",
    LetterKind.CHANGED: "application_changed",
}


@dataclass(frozen=True, slots=True)
class Written:
    """A letter in one language."""

    language: Language
    subject: str
    body: str
    given: Granted


def kind_of(given: Granted, earlier: ResultLetter | None) -> LetterKind:
    """Which letter tells of a result: another one than before is a change, unless the waiting list moved up."""
    if earlier is None or (earlier.outcome is Outcome.RESERVE and given.outcome is Outcome.ADOPTED):
        return given.kind
    return LetterKind.CHANGED


def write(
    application: Application, given: Granted, text: InForce, reader: Actor | None = None
) -> dict[Language, Written]:
    """The letter in each language: the round's text with the plan's values, as its `reader` may know them."""
    comments, found = feedback.of(application, reader), {}
    for language in LANGUAGES:
        values = letter_values.of(application, given, language, comments=comments)
        subject, body = (text.subject_ja, text.body_ja) if language == "ja" else (text.subject_en, text.body_en)
        filled = letter_words.fill(subject, values), letter_words.fill(body, values)
        found[language] = Written(language, *filled, given)
    return found


def pdf(application: Application, written: Written, *, at: datetime, is_preview: bool = False) -> bytes:
    """The letter as PDF, the same bytes for the same letter and instant. Raises: DocumentFailed."""
    with force_locale(written.language):
        document: LetterDocument = {
            "reference": application.reference or "",
            "written": clock.in_tokyo(at).date(),
            "host": application.host_institution.name,
            "person": application.principal_name,
            "subject": written.subject,
            "text": written.body,
            "facts": _details(application, written.given),
            "is_preview": is_preview,
        }
    return papers.letter(document, language=written.language, at=at)


def _details(application: Application, given: Granted) -> list[Answer]:
    """The plan in a few lines, in the language in force."""
    rows = [
        (_("Reference number"), application.reference or ""),
        (_("Theme"), application.theme),
        (_("Host institution"), application.host_institution.name),
        (_("Course"), application.course.name),
        (_("Round"), application.call.title),
        (_("Number of people"), str(given.people(letter_values.planned(application)))),
        (_("Planned days"), letter_values.period(application)),
    ]
    return [{"question": question, "answer": answer} for question, answer in rows if answer]


def tell(application: Application) -> ResultLetter:
    """Tell the host the result: each recipient once, in the own language, however often it is asked for.

    The letter says what the stored decision says, its message to the applicant and nothing that is meant for JST. A
    result that differs from the one told last is told once more. Raises: DocumentFailed (then nothing is sent).
    """
    decision = queries.decision_of(application)
    assert decision is not None, "a result without a decision"
    given = letters_facts.granted(decision)
    letter = letter_queries.newest(application)
    if letter is None or letter.stamp != given.stamp:
        letter = _issue(application, given, letter)
    _post(application, letter)
    return letter


def _issue(application: Application, given: Granted, earlier: ResultLetter | None) -> ResultLetter:
    """Write the next letter and freeze it."""
    kind, now = kind_of(given, earlier), clock.now()
    text = letter_queries.texts(application.call)[kind]
    ja, en = write(application, given, text).values()
    letter = ResultLetter(
        application_id=application.id,
        number=earlier.number + 1 if earlier is not None else 1,
        kind=kind,
        outcome=given.outcome,
        stamp=given.stamp,
        subject_ja=ja.subject,
        body_ja=ja.body,
        subject_en=en.subject,
        body_en=en.body,
        written_at=now,
    )
    db.session.add(letter)
    db.session.flush()
    letter.file_ja, letter.file_en = (_keep(application, letter, written) for written in (ja, en))
    db.session.flush()
    return letter


def _keep(application: Application, letter: ResultLetter, written: Written) -> StoredFile:
    content = pdf(application, written, at=letter.written_at)
    number = f"-{letter.number}" if letter.number > 1 else ""
    return storage.save(
        io.BytesIO(content),
        f"{application.reference}-result{number}-{written.language}.pdf",
        kind=FileKind.GENERATED,
        subject=letter,
        actor=SYSTEM,
        institution_id=application.host_institution_id,
    )


def _post(application: Application, letter: ResultLetter) -> None:
    """A mail to each recipient with the letter as text and file; whoever has it already gets no second one."""
    notes = letter_queries.notes(application, letter.number)
    for recipient in letter_recipients.of(application):
        note = notes.get(recipient.key)
        post_to(
            application,
            letter,
            recipient.person,
            dedupe=f"letter:{letter.public_id}:{_digest(recipient.person.email)}",
            note=note.text if note is not None else "",
        )


def _digest(email: str) -> str:
    return hashlib.sha256(email.casefold().encode()).hexdigest()


def post_to(
    application: Application, letter: ResultLetter, person: object, *, dedupe: str, note: str = ""
) -> outbox.OutboxMessage:
    """Write one mail that carries a letter. Raises: ValueError for an unusable address."""
    language = "ja" if getattr(person, "locale", "ja") == "ja" else "en"
    subject, body = letter.said(language)
    file = letter.file(language)
    return outbox.enqueue(
        TEMPLATES[letter.kind],
        person,
        subject_of=application,
        dedupe=dedupe,
        files=[file] if file is not None else [],
        application=application,
        title=subject,
        letter=body,
        note=note,
    )
