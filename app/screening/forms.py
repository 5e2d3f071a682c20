"""Forms of the screening desk."""

from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileRequired
from wtforms.validators import DataRequired, InputRequired, Length

from app.core.forms import CreatingForm, DateField, FileField, RadioField, TextAreaField, VersionedForm
from app.screening.vocabulary import CaseState

VERDICTS = {
    "clear": _l("Clear the plan"),
    "condition": _l("Clear under conditions"),
    "hold": _l("Put on hold"),
}
LONGEST = 4000
REASON = _l("Sealed. Only screening officers read it.")
ACTION = _l("Only with conditions. The host, the coordinators and the decision-maker read it.")


class JudgeForm(VersionedForm):
    """What an officer decides on a case, and why."""

    verdict = RadioField(_l("Judgement"), choices=list(VERDICTS.items()), validators=[InputRequired()])
    reason = TextAreaField(_l("Reason"), description=REASON, rows=4, validators=[Length(max=LONGEST)])
    host_action = TextAreaField(
        _l("What the host is to do"), description=ACTION, rows=3, validators=[Length(max=LONGEST)]
    )

    def __init__(self, *args: Any, verbs: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer(verbs)

    def offer(self, verbs: list[str]) -> None:
        """Leave only the judgements that lead on from the present state."""
        self.verdict.choices = [(verb, VERDICTS[verb]) for verb in verbs]


class NoteForm(CreatingForm):
    """A remark for the desk."""

    text = TextAreaField(
        _l("Note of the desk"),
        description=REASON,
        rows=3,
        validators=[DataRequired(_l("Write the remark.")), Length(max=LONGEST)],
    )


class ProposeForm(VersionedForm):
    """To what, and why, a hold should be lifted."""

    to = RadioField(
        _l("Lift the hold to"),
        choices=[(CaseState.CLEARED.value, _l("Cleared")), (CaseState.CONDITIONS.value, _l("Clear under conditions"))],
        validators=[InputRequired()],
    )
    reason = TextAreaField(
        _l("Reason"),
        description=_l("Sealed. The person who agrees reads it, and so do screening officers."),
        rows=4,
        validators=[Length(max=LONGEST)],
    )
    host_action = TextAreaField(
        _l("What the host is to do"), description=ACTION, rows=3, validators=[Length(max=LONGEST)]
    )


class AnswerForm(VersionedForm):
    """Whether somebody agrees that a hold is lifted."""

    answer = RadioField(
        _l("Your answer"),
        choices=[("agree", _l("I agree: lift the hold")), ("refuse", _l("The hold stays"))],
        validators=[InputRequired()],
    )
    reason = TextAreaField(
        _l("Reason"), description=_l("Needed if the hold stays. Sealed."), rows=3, validators=[Length(max=LONGEST)]
    )


class EditionForm(CreatingForm):
    """A file of the list with the days that stand on it."""

    file = FileField(
        _l("File of the list"),
        description=_l("As METI publishes it, saved as an Excel workbook (.xlsx) or as CSV, 5 MB at most."),
        validators=[FileRequired(_l("Choose a file."))],
    )
    dated_on = DateField(_l("Day of the list"), validators=[DataRequired()])
    in_force_on = DateField(_l("In force from"), validators=[DataRequired()])


class UseForm(VersionedForm):
    """The wish to import an edition as it was shown."""
