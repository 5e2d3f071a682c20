"""Forms on the people of a plan by name: for the host, and for the partner behind its link."""

from collections.abc import Sequence
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms.validators import DataRequired, Email, InputRequired, Length, Optional

from app.applications.models import ROLE_LABELS, ApplicationPartner, ParticipantRole
from app.applications.named_models import PlannedPerson
from app.applications.section_forms import YES_NO
from app.core.forms import (
    CheckboxField,
    CreatingForm,
    DateField,
    EmailField,
    RadioField,
    SelectField,
    TextField,
    VersionedForm,
)
from app.core.i18n import language
from app.directory import countries
from app.invitees.models import CATEGORY_LABELS, SEX_LABELS, Category, Sex


class _Named:
    surname = TextField(
        _l("Surname, as in the passport"),
        description=_l("Leave empty for a person who has only one name."),
        validators=[Optional(), Length(max=80)],
    )
    given_names = TextField(_l("Given names, as in the passport"), validators=[DataRequired(), Length(max=120)])
    native_name = TextField(_l("Name in the person's own script"), validators=[Optional(), Length(max=160)])
    date_of_birth = DateField(_l("Date of birth"), validators=[Optional()])
    sex = SelectField(_l("Sex, as in the passport"), coerce=lambda value: Sex(value) if value else None)
    nationality = SelectField(_l("Nationality (country or region)"))
    role = SelectField(_l("Role"), coerce=lambda value: ParticipantRole(value) if value else ParticipantRole.INVITEE)
    category = SelectField(_l("Category"), coerce=lambda value: Category(value) if value else None)
    partner = SelectField(_l("Sending organization"))
    affiliation = TextField(
        _l("Affiliation"),
        description=_l("School, faculty and year, or employer and position."),
        validators=[Optional(), Length(max=300)],
    )
    email = EmailField(_l("E-mail"), validators=[Optional(), Email(), Length(max=254)])
    first_visit = RadioField(
        _l("Is this the person's first visit to Japan?"),
        choices=YES_NO,
        coerce=lambda value: "no" if value in ("no", False) else "yes",
        default="yes",
    )
    previous_visit_reason = TextField(
        _l("If not: why this person is invited"),
        description=_l("For example: transit of one day on the way to another country."),
        validators=[Optional(), Length(max=300)],
    )
    passport_number = TextField(
        _l("Passport number"),
        description=_l("Only if you have it now. It is stored encrypted and shown by its last three signs only."),
        validators=[Optional(), Length(max=20)],
    )
    passport_expires_on = DateField(_l("Passport valid until"), validators=[Optional()])

    def offer(self: Any, partners: Sequence[ApplicationPartner] | None) -> None:
        """Say what can be chosen; None: the person's partner is known by itself."""
        self.sex.choices = [("", ""), *((sex.value, label) for sex, label in SEX_LABELS.items())]
        self.category.choices = [("", ""), *((item.value, label) for item, label in CATEGORY_LABELS.items())]
        self.role.choices = [(role.value, label) for role, label in ROLE_LABELS.items()]
        self.nationality.choices = [("", ""), *countries.choices(language())]
        if partners is None:
            del self.partner
            return
        named = [
            (str(partner.id), partner.name or _("Partner %(number)s", number=number))
            for number, partner in enumerate(partners, 1)
        ]
        self.partner.choices = [("", _("Not said yet")), *named]

    def fields(self: Any, partners: Sequence[ApplicationPartner] = ()) -> dict[str, Any]:
        """What the form says, as the verbs take it."""
        said = {**self.payload(), "first_visit": self.first_visit.data != "no"}
        if "partner" in said:
            held = {str(partner.id): partner for partner in partners}
            said["partner"] = held.get(said["partner"] or "")
        return said


class NamedForm(CreatingForm, _Named):
    """A further person."""


class NamedEditForm(VersionedForm, _Named):
    """A person changed. The passport number is never filled in: an empty one keeps what is stored."""

    forget_number = CheckboxField(_l("Delete the passport number that is stored"))


def stored(person: PlannedPerson) -> dict[str, Any]:
    """What a person's form holds, without the passport number."""
    names = ("surname", "given_names", "native_name", "date_of_birth", "sex", "nationality", "role", "category")
    more = ("affiliation", "email", "previous_visit_reason", "passport_expires_on")
    return {
        **{name: getattr(person, name) for name in (*names, *more)},
        "first_visit": "yes" if person.first_visit else "no",
        "partner": str(person.partner_id) if person.partner_id else "",
    }


class MatchForm(VersionedForm):
    """Whether somebody invited before is this person."""

    is_same = RadioField(
        _l("Was this person invited by the program before?"),
        choices=[("yes", _l("Yes, this person was invited before")), ("no", _l("No, that is another person"))],
        validators=[InputRequired()],
    )
    reason = TextField(
        _l("How do you know?"),
        description=_l("For example: we asked the person. If invited before: why again."),
        validators=[DataRequired(), Length(max=300)],
    )
