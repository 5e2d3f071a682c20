"""Forms of the sign-off inside a host institution, and of the submission that follows it."""

from flask_babel import lazy_gettext as _l
from wtforms.validators import DataRequired, Length

from app.core.forms import CommentForm, CreatingForm, HiddenField, TextAreaField


class AskForm(CreatingForm):
    """What an editor writes to the approvers."""

    note = TextAreaField(
        _l("Words to the approver"),
        description=_l("Optional. Only your institution reads this."),
        rows=4,
        validators=[Length(max=2000)],
    )


class SeenForm(CreatingForm):
    """A button that is bound to the content its page shows (SHA-256): for signing off and for submitting."""

    content = HiddenField(validators=[Length(max=64)])


class SendBackForm(CommentForm):
    """Why a plan goes back to its editors."""

    comment = TextAreaField(
        _l("What is to be changed"),
        description=_l("The editor gets this by mail. Only your institution reads it."),
        rows=6,
        validators=[DataRequired(_l("Give a reason.")), Length(max=4000)],
    )
