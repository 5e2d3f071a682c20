"""Forms of giving plans to experts, and of the experts' answers."""

from flask_babel import lazy_gettext as _l
from wtforms.validators import DataRequired, InputRequired, Length

from app.core.forms import CreatingForm, DateField, RadioField, SelectField, TextAreaField

MOST = 1000  # signs of a reason


class SendForm(CreatingForm):
    """Until when the experts are asked to read."""

    due_on = DateField(_l("Reviews are due on"), validators=[DataRequired()])


class AddForm(CreatingForm):
    """One more reader for a plan."""

    reviewer = RadioField(
        _l("Who else could read it"), validators=[InputRequired(_l("Choose an expert."))], validate_choice=False
    )


class DeclareForForm(CreatingForm):
    """A conflict of interest JST knows of."""

    reviewer = SelectField(_l("Expert"), validators=[DataRequired(_l("Choose an expert."))], validate_choice=False)
    note = TextAreaField(
        _l("What the conflict is"),
        description=_l("A conflict cannot be taken back: the plan no longer exists for this expert."),
        rows=2,
        validators=[DataRequired(), Length(max=MOST)],
    )


class TakeBackForm(CreatingForm):
    """Why a plan is taken back from an expert."""

    reason = TextAreaField(
        _l("Why the plan is taken back"),
        description=_l("For the record. The expert is told only that the plan need not be read any more."),
        rows=3,
        validators=[DataRequired(), Length(max=MOST)],
    )


class AnswerForm(CreatingForm):
    """Whether an expert reads a plan."""

    answer = RadioField(
        _l("Can you read this plan?"),
        choices=[
            ("accept", _l("Yes. I have no conflict of interest with any of these institutions or people.")),
            ("conflict", _l("No, I have a conflict of interest.")),
            ("decline", _l("No, for another reason, such as lack of time.")),
        ],
        validators=[InputRequired()],
    )
    note = TextAreaField(
        _l("If not, why?"),
        description=_l("A few words for JST are enough. Hosts and other experts never see them."),
        rows=3,
        validators=[Length(max=MOST)],
    )


class DeclareForm(CreatingForm):
    """A conflict that comes to mind while reading."""

    note = TextAreaField(
        _l("What the conflict is"),
        description=_l("A few words for JST are enough. Hosts and other experts never see them."),
        rows=3,
        validators=[DataRequired(), Length(max=MOST)],
    )
