"""The one page of questions that makes form 1 and, where there is no system, form 2."""

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms.validators import DataRequired, InputRequired, Length

from app.core.forms import BaseForm, CheckboxField, DateField, HiddenField, RadioField, TextField
from app.export_control import paper

YES_NO = [("yes", _l("Yes")), ("no", _l("No"))]


class DeclarationForm(BaseForm):
    """What a body declares. `seen` is the form 1 its reader saw in use, so that no other is replaced unseen."""

    has_system = RadioField("", choices=YES_NO, validators=[InputRequired()])
    pledge = CheckboxField("")
    is_classified = RadioField("", choices=YES_NO, validators=[InputRequired()])
    partners_are_checked = RadioField("", choices=YES_NO, validators=[InputRequired()])
    responsible = TextField(
        _l("Person responsible for export control"),
        description=_l("Name and position. The same person answers for form 2."),
        validators=[DataRequired(), Length(max=120)],
    )
    dated_on = DateField(_l("Day on which the form is given"), validators=[DataRequired()])
    seen = HiddenField()

    def __init__(self, *args: Any, of_host: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, question in paper.questions(of_host=of_host).items():
            self[name].label.text = question
        self.pledge.label.text = paper.pledge(of_host=of_host)

    def answers(self) -> dict[str, Any]:
        """The answers of both forms, without who gives them and when."""
        return {name: self[name].data for name in ("has_system", "pledge", "is_classified", "partners_are_checked")}
