"""The forms of letters."""

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms.validators import DataRequired, Length

from app.applications import letter_words
from app.applications.letter_queries import InForce
from app.applications.letter_service import LONGEST
from app.core.forms import CreatingForm, EmailField, TextAreaField, TextField, VersionedForm


class LetterForm(VersionedForm):
    """What the letters of a kind say in a round, in both languages."""

    subject_ja = TextField(_l("Subject in Japanese"), validators=[DataRequired(), Length(max=200)])
    body_ja = TextAreaField(_l("Text in Japanese"), rows=22, validators=[DataRequired(), Length(max=LONGEST)])
    subject_en = TextField(_l("Subject in English"), validators=[DataRequired(), Length(max=200)])
    body_en = TextAreaField(_l("Text in English"), rows=22, validators=[DataRequired(), Length(max=LONGEST)])

    def __init__(self, text: InForce, **more: Any) -> None:
        super().__init__(data={**text.stored, "version": str(text.version)}, **more)
        hint = letter_words.shown(letter_words.SUBJECT)
        self.subject_ja.description = self.subject_en.description = hint


class NoteForm(VersionedForm):
    """A word for one recipient."""

    text = TextAreaField(
        _l("Message for this person"),
        description=_l(
            "It stands in this person's mail only, not in the PDF file. Colleagues at the institution read the mail "
            "on the page of the plan too. Leave it empty for none."
        ),
        rows=6,
        validators=[Length(max=2000)],
    )


class SendAgainForm(CreatingForm):
    """Where a letter goes that did not arrive."""

    email = EmailField(_l("E-mail address"), validators=[DataRequired(), Length(max=254)])
