"""The form that proposes where a plan moves."""

from flask_babel import lazy_gettext as _l
from wtforms.validators import DataRequired, Length

from app.core.forms import CreatingForm, TextAreaField, TextField


class MoveForm(CreatingForm):
    """Where to, and why."""

    institution = TextField(
        _l("New host institution"),
        description=_l("An approved institution, by its name as it stands in the directory."),
        validators=[DataRequired(_l("Enter the name of the institution.")), Length(max=300)],
    )
    reason = TextAreaField(
        _l("Reason"),
        description=_l("For JST only: neither institution reads it."),
        rows=4,
        validators=[DataRequired(_l("Give a reason.")), Length(max=2000)],
    )
