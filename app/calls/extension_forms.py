"""The form of a proposal to close a round later."""

from flask_babel import lazy_gettext as _l
from wtforms.validators import DataRequired, InputRequired, Length

from app.core.forms import CreatingForm, IntegerField, TextAreaField


class ExtensionForm(CreatingForm):
    """By how much, and why: the reason is shown to everybody, in both languages."""

    minutes = IntegerField(_l("Minutes by which the round closes later"), validators=[InputRequired()])
    reason_ja = TextAreaField(_l("Reason in Japanese"), rows=3, validators=[DataRequired(), Length(max=500)])
    reason_en = TextAreaField(_l("Reason in English"), rows=3, validators=[DataRequired(), Length(max=500)])
