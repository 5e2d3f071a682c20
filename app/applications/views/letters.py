"""The letters of a round: their texts, which plans lack something, which letters did not arrive."""

from typing import Any

from flask import render_template
from flask_babel import gettext as _

from app.applications import feedback, letter_lists, letter_overview, letter_queries, letter_service, letter_words
from app.applications.letter_forms import LetterForm
from app.applications.letter_lists import LETTERS
from app.applications.letter_queries import InForce
from app.applications.letter_words import LetterKind
from app.applications.views.blueprint import bp
from app.calls import queries as calls
from app.calls.models import Call
from app.core import audit, conflict, mail_words
from app.core.audit import Entry
from app.core.errors import NotFound, Refused, Stale
from app.core.lists.page import answer
from app.core.web import Answer, blame, current_actor, done, permission_required, render_form


def _call(call_id: str) -> Call:
    found = calls.call(current_actor(), call_id)
    if found is None:
        raise NotFound()
    return found


def _changes(form: LetterForm, entry: Entry) -> list[conflict.Difference]:
    """What an entry of the history changed: each text before and after."""
    found = [(form._fields[name].label.text, values) for name, values in entry.changes.items() if values]
    return [conflict.Difference(str(label), values[0] or "", values[1] or "") for label, values in found]


def kind_of(word: str) -> LetterKind:
    """The kind of letter named in an address. Raises: NotFound."""
    try:
        return LetterKind(word)
    except ValueError:
        raise NotFound() from None


def _history(form: LetterForm, text: InForce) -> list[tuple[Entry, list[conflict.Difference]]]:
    entries = audit.timeline(text.row, limit=20) if text.row is not None else []
    return [(entry, _changes(form, entry)) for entry in entries]


@bp.get("/rounds/<string:call_id>/letters")
@permission_required("decision:view")
def letters(call_id: str) -> Answer:
    call = _call(call_id)
    return answer(LETTERS, "applications/letters.html", lambda _page: _overview(call))


def _overview(call: Call) -> dict[str, Any]:
    """What the page says above the list of what went out."""
    rows = letter_overview.of(call)
    return {
        "call": call,
        "texts": letter_queries.texts(call).values(),
        "rows": rows,
        "counts": letter_overview.counts(rows),
        "lost": letter_queries.not_arrived(call),
        "trouble": mail_words.trouble,
        "withheld": feedback.waiting(call),
        "standing": letter_lists.standing,
        "kind_of": letter_lists.kind_of,
        "languages": letter_lists.LANGUAGES,
    }


@bp.route("/rounds/<string:call_id>/letters/<string:kind>", methods=["GET", "POST"])
@permission_required("letter:edit")
def letter_text(call_id: str, kind: str) -> Answer:
    """Change what the letters of a kind say in this round."""
    call, named = _call(call_id), kind_of(kind)
    text = letter_queries.texts(call)[named]
    form = LetterForm(text)
    page = {
        "call": call,
        "text": text,
        "allowed": [(name, letter_words.MEANINGS[name]) for name in letter_words.ALLOWED[named]],
        "history": _history(form, text),
    }
    if not form.validate_on_submit():
        return render_form("applications/letter_text.html", form, **page)
    try:
        with conflict.noticed():
            letter_service.save_text(current_actor(), call, named, version=form.read_version(), **form.payload())
    except Refused as refusal:
        blame(form, refusal)
        return render_form("applications/letter_text.html", form, **page)
    except Stale:
        return _meanwhile(call_id, named, form)
    return done(_("The letter is saved."), ".letters", call_id=call.public_id)


def _meanwhile(call_id: str, kind: LetterKind, form: LetterForm) -> Answer:
    """The form again beside what somebody else has saved meanwhile."""
    call = _call(call_id)
    text = letter_queries.texts(call)[kind]
    theirs = conflict.differences(form, text.stored, text.version)
    page = render_template(
        "applications/letter_text.html",
        form=form,
        call=call,
        text=text,
        allowed=[(name, letter_words.MEANINGS[name]) for name in letter_words.ALLOWED[kind]],
        history=_history(form, text),
        theirs=theirs,
        stale=True,
    )
    return page, Stale.status
