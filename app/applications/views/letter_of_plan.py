"""The letter of one plan: its preview before the release, as it was sent after it, and who gets it."""

from typing import Any

from flask import Response, flash, render_template, request, url_for
from flask_babel import gettext as _

from app.applications import letter_overview, letter_queries, letter_recipients, letter_service, letters, queries
from app.applications.letter_forms import NoteForm, SendAgainForm
from app.applications.letter_recipients import Recipient
from app.applications.letter_words import LetterKind
from app.applications.letters import Written
from app.applications.letters_facts import Granted, granted
from app.applications.models import Application, Outcome
from app.applications.views.blueprint import bp
from app.applications.views.letters import kind_of
from app.applications.views.papers import chosen_language, pdf
from app.applications.views.shared import application_for
from app.core import clock, conflict, mail_words, storage
from app.core.errors import NotFound, Refused, Stale
from app.core.idempotency import once
from app.core.outbox import OutboxMessage
from app.core.web import Answer, blame, current_actor, done, permission_required, redirect, render_form

SAMPLES = {LetterKind.RESERVE: Outcome.RESERVE, LetterKind.DECLINED: Outcome.DECLINED}


def _plan(application_id: str) -> Application:
    """A plan with a letter: of one that was withdrawn, or is being corrected, there is none. Raises: NotFound."""
    application = application_for(application_id, "decision:view")
    if application.state in queries.AFTER_A_DRAFT:
        raise NotFound()
    return application


def _previewed(application: Application) -> tuple[LetterKind, Granted]:
    """The letter the decision leads to; `kind` in the address asks for another one, to try its text."""
    decision = queries.decision_of(application)
    given = granted(decision) if decision is not None else None
    if asked := request.args.get("kind", ""):
        kind = kind_of(asked)
        return kind, given or Granted(SAMPLES.get(kind, Outcome.ADOPTED))
    if given is None:
        return LetterKind.ADOPTED, Granted(Outcome.ADOPTED)
    return letters.kind_of(given, None), given


def _written(application: Application) -> tuple[LetterKind, dict[Any, Written]]:
    kind, given = _previewed(application)
    return kind, letters.write(application, given, letter_queries.texts(application.call)[kind], current_actor())


@bp.get("/<string:application_id>/letter")
@permission_required("decision:view")
def letter(application_id: str) -> Answer:
    """Before the release a preview in both languages; after it the letters that were sent and their mails."""
    application = _plan(application_id)
    sent = letter_queries.letters_of(application)
    kind, written = _written(application) if not sent or request.args.get("kind") else (sent[0].kind, {})
    recipients = letter_recipients.of(application)
    decision = queries.decision_of(application)
    return render_template(
        "applications/letter.html",
        application=application,
        kind=kind,
        choices=[(kind.value, kind.label) for kind in LetterKind],
        written=written.values(),
        is_decided=decision is not None,
        sent=sent,
        mails=letter_queries.mails_of(application) if sent else [],
        standing=mail_words.standing,
        trouble=mail_words.trouble,
        recipients=recipients,
        notes=letter_queries.notes(application, letter_service.next_number(application)),
        missing=letter_overview.missing(application, granted(decision) if decision is not None else None, recipients),
    )


@bp.get("/<string:application_id>/letter-preview.pdf")
@permission_required("decision:view")
def letter_preview(application_id: str) -> Response:
    """The preview as PDF, marked as one."""
    application = _plan(application_id)
    _kind, written = _written(application)
    tongue = chosen_language()
    content = letters.pdf(application, written[tongue], at=clock.now(), is_preview=True)
    return pdf(content, f"{application.reference}-preview-{tongue}.pdf")


@bp.get("/<string:application_id>/letter.pdf")
@permission_required("letter:view")
def letter_pdf(application_id: str) -> Response:
    """The letter as it was sent; `number` in the address asks for an earlier one. There is none before the release."""
    application = application_for(application_id, "letter:view")
    asked = request.args.get("number", "")
    sent = [row for row in letter_queries.letters_of(application) if asked in ("", str(row.number))]
    file = sent[0].file(chosen_language()) if sent else None
    if file is None:
        raise NotFound()
    with storage.open_file(file) as content:
        return Response(content.read(), headers=storage.response_headers(file))


def _recipient(application: Application) -> Recipient:
    """The recipient named by `to` in the address, the first one if none is. Raises: NotFound."""
    people, key = letter_recipients.of(application), request.args.get("to", "")
    found = next((person for person in people if key in ("", person.key)), None)
    if found is None:
        raise NotFound()
    return found


@bp.route("/<string:application_id>/letter/note", methods=["GET", "POST"])
@permission_required("letter:edit")
def letter_note(application_id: str) -> Answer:
    """A word for one recipient that goes with the next letter."""
    application = _plan(application_id)
    recipient = _recipient(application)
    note = letter_queries.notes(application, letter_service.next_number(application)).get(recipient.key)
    stored = {"text": note.text if note is not None else ""}
    version = note.version if note is not None else 0
    form = NoteForm(data={**stored, "version": str(version)})
    page = {"application": application, "recipient": recipient}
    if not form.validate_on_submit():
        return render_form("applications/letter_note.html", form, **page)
    actor, seen, text = current_actor(), form.read_version(), form.text.data or ""
    try:
        letter_service.save_note(actor, application, recipient.key, version=seen, text=text)
    except Stale:
        theirs = conflict.differences(form, stored, version)
        shown = render_template("applications/letter_note.html", form=form, theirs=theirs, stale=True, **page)
        return shown, Stale.status
    return done(_("The message is saved."), ".letter", application_id=application.public_id)


@bp.route("/<string:application_id>/letter/send-again/<string:sent_id>", methods=["GET", "POST"])
@permission_required("letter:send")
def send_letter_again(application_id: str, sent_id: str) -> Answer:
    """Send a letter again that did not arrive, to the same or a corrected address."""
    application = _plan(application_id)
    mail = letter_queries.mail(application, sent_id)
    if mail is None:
        raise NotFound()
    form = SendAgainForm(data={"email": mail.recipient_address})
    page = {"application": application, "mail": mail, "trouble": mail_words.trouble(mail)}
    if not form.validate_on_submit():
        return render_form("applications/letter_again.html", form, **page)
    try:
        return redirect(once(form.key.data or "", current_actor().id, lambda: _again(application, mail, form)))
    except Refused as refusal:
        blame(form, refusal)
        return render_form("applications/letter_again.html", form, **page)
    except Stale:
        return render_template("applications/letter_again.html", form=form, is_stale=True, **page), Stale.status


def _again(application: Application, mail: OutboxMessage, form: SendAgainForm) -> str:
    letter_service.send_again(current_actor(), application, mail, email=form.email.data or "")
    flash(_("The letter is on its way again."), "success")
    return url_for(".letter", application_id=application.public_id)
