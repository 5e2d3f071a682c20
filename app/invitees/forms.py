"""Forms on persons: filters of the list, the reason for reading a passport, the person's data."""

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms.validators import DataRequired, Email, InputRequired, Length, Optional

from app.core.forms import BaseForm, DateField, SelectField, TextField, VersionedForm
from app.core.i18n import language
from app.directory import countries
from app.invitees.models import Sex


class RevealForm(BaseForm):
    """Why a passport number is read: the reason stays in the audit."""

    reason = TextField(
        _l("Why do you need the passport number?"),
        description=_l(
            "For example: visa application at the embassy in Kathmandu. The reason is kept in the audit log."
        ),
        validators=[DataRequired(), Length(max=300)],
    )


class PassportForm(VersionedForm):
    """A passport entered or renewed."""

    is_secret = True

    number = TextField(
        _l("Passport number"),
        description=_l("It is stored encrypted and shown by its last three signs only."),
        validators=[DataRequired(), Length(max=20)],
    )
    expires_on = DateField(_l("Passport valid until"), validators=[Optional()])


class InviteeForm(VersionedForm):
    """A person's data as in the passport."""

    surname = TextField(
        _l("Surname, as in the passport"),
        description=_l("Leave empty for a person who has only one name."),
        validators=[Optional(), Length(max=80)],
    )
    given_names = TextField(_l("Given names, as in the passport"), validators=[DataRequired(), Length(max=120)])
    native_name = TextField(_l("Name in the person's own script"), validators=[Optional(), Length(max=160)])
    katakana = TextField(_l("Reading in katakana"), validators=[Optional(), Length(max=160)])
    sex = SelectField(_l("Sex, as in the passport"), validators=[Optional()])
    date_of_birth = DateField(_l("Date of birth"), validators=[InputRequired()])
    nationality = SelectField(_l("Nationality (country or region)"), validators=[DataRequired()])
    email = TextField(_l("E-mail"), validators=[Optional(), Email(), Length(max=254)])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.sex.choices = [("", ""), *((sex.value, sex.label) for sex in Sex)]
        self.nationality.choices = [("", ""), *countries.choices(language())]
