"""Forms of alumni: the profile, who may see it, a return to Japan, leaving."""

import secrets
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms.validators import DataRequired, Email, InputRequired, Length, Optional

from app.alumni.models import RevisitKind
from app.alumni.profile import FIELDS, audience_of, audiences
from app.alumni.revisits import AS_TYPED, Place
from app.core.forms import (
    CheckboxField,
    CreatingForm,
    DateField,
    EmailField,
    HiddenField,
    RadioField,
    SelectField,
    TextAreaField,
    TextField,
    VersionedForm,
)
from app.core.i18n import language
from app.directory import countries


class ProfileForm(VersionedForm):
    """What a person says of themselves. Everything may be empty."""

    affiliation = TextField(FIELDS["affiliation"], validators=[Optional(), Length(max=300)])
    position = TextField(FIELDS["position"], validators=[Optional(), Length(max=160)])
    country = SelectField(FIELDS["country"], validators=[Optional()])
    city = TextField(FIELDS["city"], validators=[Optional(), Length(max=120)])
    field_of_science = TextField(FIELDS["field_of_science"], validators=[Optional(), Length(max=120)])
    message = TextAreaField(
        FIELDS["message"],
        description=_l("A few words to those who may see it. What do you do now?"),
        validators=[Optional(), Length(max=1000)],
        rows=4,
        maximum=1000,
    )
    email = EmailField(
        FIELDS["email"],
        description=_l("This is not the address you sign in with, and other alumni never see it."),
        validators=[Optional(), Email(), Length(max=254)],
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.country.choices = [("", ""), *countries.choices(language())]


class VisibilityForm(VersionedForm):
    """One circle for each field, and whether the name stands in the directory."""

    listed = CheckboxField(
        _l("Show my name in the directory of alumni"),
        description=_l("Only signed-in alumni can open the directory. Without this tick you are not in it at all."),
    )

    def chosen(self) -> dict[str, str]:
        """The circle chosen for each field."""
        return {field: self[f"see_{field}"].data for field in FIELDS}


for _field in FIELDS:
    setattr(
        VisibilityForm,
        f"see_{_field}",
        RadioField(FIELDS[_field], choices=[(item.value, item.label) for item in audiences(_field)]),
    )


def visibility_form(profile: Any) -> VisibilityForm:
    """The form with what the person has chosen so far."""
    chosen = {f"see_{field}": audience_of(profile, field).value for field in FIELDS}
    return VisibilityForm(data={**chosen, "listed": profile.listed, "version": profile.version})


class NameForm(CreatingForm):
    """What is wrong with one's name."""

    wanted = TextAreaField(
        _l("How is your name written in your passport?"),
        description=_l("Write surname and given names as they are printed, and what else is wrong."),
        validators=[DataRequired(), Length(max=500)],
        rows=3,
    )


class LeaveForm(CreatingForm):
    """Being sure."""

    sure = CheckboxField(
        _l("Yes, delete what my profile says about me"),
        validators=[DataRequired(message=_l("Tick this if you want to leave."))],
    )


class RevisitForm(VersionedForm):
    """A return to Japan."""

    key = HiddenField(default=lambda: secrets.token_urlsafe(16))
    kind = RadioField(_l("Why did you come back?"), validators=[InputRequired()])
    institution = TextField(
        _l("University, company or institute in Japan"),
        description=_l("Type its name in English or Japanese."),
        validators=[DataRequired(), Length(max=300)],
    )
    chosen = RadioField(_l("Which one do you mean?"), validators=[Optional()], validate_choice=False)
    starts_on = DateField(_l("First day in Japan"), validators=[InputRequired()])
    ends_on = DateField(
        _l("Last day in Japan"),
        description=_l("Leave empty if you are still in Japan."),
        validators=[Optional()],
    )
    note = TextAreaField(
        _l("Remark for those who confirm it"),
        description=_l("For example your laboratory, your supervisor, the name of the conference."),
        validators=[Optional(), Length(max=1000)],
        rows=3,
        maximum=1000,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kind.choices = [(kind.value, kind.label) for kind in RevisitKind]

    def ask(self, where: Place) -> None:
        """Ask which of several institutions is meant."""
        self.chosen.choices = [
            *((item.public_id, f"{item.name} ({item.city})" if item.city else item.name) for item in where.offers),
            (AS_TYPED, _("None of these: %(name)s, as I typed it", name=where.name)),
        ]
        self.chosen.errors = [_("Choose one.")]
