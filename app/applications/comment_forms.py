"""Forms of the comments among a host's own staff."""

from flask_babel import lazy_gettext as _l
from wtforms.validators import DataRequired, Length

from app.applications.comment_model import LONGEST
from app.core.forms import CreatingForm, TextAreaField

WRITTEN = (DataRequired(_l("Write something first.")), Length(max=LONGEST))


class WriteForm(CreatingForm):
    """A new comment on a section."""

    text = TextAreaField(_l("New comment on this section"), rows=4, validators=WRITTEN)


class AnswerForm(CreatingForm):
    """An answer; a page with several threads has one form for each, told apart by its prefix."""

    text = TextAreaField(_l("Answer"), rows=3, validators=WRITTEN)
