"""Forms on visits: days, details, lines of the schedule, people."""

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms.validators import DataRequired, Email, InputRequired, Length, Optional

from app.applications.models import ACTIVITY_LABELS, ROLE_LABELS, ActivityKind, ParticipantRole
from app.core.forms import (
    BaseForm,
    CheckboxesField,
    CreatingForm,
    DateField,
    EmailField,
    PhoneField,
    RadioField,
    SelectField,
    TextField,
    TimeField,
    VersionedForm,
)
from app.core.i18n import day, language, weekday
from app.directory import countries
from app.invitees.models import CATEGORY_LABELS, SEX_LABELS, Category, Sex
from app.visits.people_service import PERSON, Newcomer


def word_of(kind: type) -> Callable[[Any], Any]:
    """How a select turns what was sent into a word of a vocabulary; nothing stays nothing."""

    def read(value: Any) -> Any:
        return kind(value) if value else None

    return read


class DatesForm(VersionedForm):
    """The days of the stay."""

    starts_on = DateField(
        _l("Day of entry"),
        description=_l("The day on which the group arrives in Japan."),
        validators=[Optional()],
    )
    ends_on = DateField(
        _l("Day of exit"),
        description=_l("The day on which the group leaves Japan. Leave both days empty when the visit is postponed."),
        validators=[Optional()],
    )


class DetailsForm(VersionedForm):
    """Where the group stays, who is reached, what covers it."""

    lodging = TextField(
        _l("Lodging"),
        description=_l("Name and address, as they are to stand in the schedule of stay."),
        validators=[Optional(), Length(max=300)],
    )
    contact_name = TextField(_l("Contact person during the stay"), validators=[Optional(), Length(max=120)])
    contact_phone = PhoneField(
        _l("Telephone of the contact person"),
        description=_l("A number that is answered at any hour during the stay."),
        validators=[Optional(), Length(max=40)],
    )
    insurance = TextField(
        _l("Insurance of the group"),
        description=_l("Insurer and kind, for example: overseas travel insurance with medical costs."),
        validators=[Optional(), Length(max=200)],
    )


def _day(value: Any) -> date | None:
    if isinstance(value, date) or not value:
        return value or None
    return date.fromisoformat(value)


class _Item:
    on = SelectField(_l("Day"), validators=[InputRequired()], coerce=_day)
    starts_at = TimeField(
        _l("Begins at"), description=_l("Leave empty for something of the whole day."), validators=[Optional()]
    )
    ends_at = TimeField(_l("Ends at"), validators=[Optional()])
    kind = SelectField(_l("Kind"), validators=[InputRequired()], coerce=word_of(ActivityKind))
    title = TextField(_l("Activity"), validators=[Optional(), Length(max=300)])
    venue = TextField(_l("Place"), validators=[Optional(), Length(max=200)])
    leader = TextField(_l("Led by"), validators=[Optional(), Length(max=120)])


def day_choices(days: Sequence[date]) -> list[tuple[str, str]]:
    """Days for a select box: 2026-10-05 → 5 October 2026 (Mon)."""
    return [(on.isoformat(), f"{day(on)} ({weekday(on)})") for on in days]


class ItemForm(CreatingForm, _Item):
    """A new line of the schedule."""

    def offer(self, days: Sequence[date]) -> None:
        """Say which days can be chosen."""
        self.on.choices = day_choices(days)
        self.kind.choices = [(kind.value, label) for kind, label in ACTIVITY_LABELS.items()]


class ItemEditForm(VersionedForm, _Item):
    """A line of the schedule changed."""

    offer = ItemForm.offer


class DayForm(CreatingForm):
    """A whole day copied or moved."""

    source = SelectField(_l("All entries of"), validators=[InputRequired()], coerce=_day)
    target = SelectField(_l("Day they go to"), validators=[InputRequired()], coerce=_day)
    how = RadioField(
        _l("What to do"),
        choices=[("copy", _l("Copy them")), ("move", _l("Move them"))],
        default="copy",
        validators=[InputRequired()],
    )

    def offer(self, filled: Sequence[date], days: Sequence[date]) -> None:
        """Say which days hold something, and which days there are."""
        self.source.choices = day_choices(filled)
        self.target.choices = day_choices(days)


class _Part:
    role = SelectField(_l("Role"), validators=[InputRequired()], coerce=word_of(ParticipantRole))
    category = SelectField(_l("Category"), validators=[InputRequired()], coerce=word_of(Category))
    affiliation = TextField(
        _l("Affiliation"),
        description=_l("School, faculty and year, or employer and position."),
        validators=[Optional(), Length(max=300)],
    )
    sending_organization = SelectField(_l("Sending organization"), validators=[Optional()])
    first_visit = RadioField(
        _l("Is this the person's first visit to Japan?"),
        choices=[("yes", _l("Yes")), ("no", _l("No"))],
        default="yes",
        validators=[InputRequired()],
    )
    previous_visit_reason = TextField(
        _l("If not: why this person is invited"),
        description=_l("For example: transit of one day on the way to another country."),
        validators=[Optional(), Length(max=300)],
    )
    diet = TextField(
        _l("Food"),
        description=_l("Only what the kitchen must know, for example: halal, vegetarian, no peanuts."),
        validators=[Optional(), Length(max=120)],
    )
    guardian_consent_on = DateField(
        _l("Guardian's consent received on"),
        description=_l("Needed for everybody who is under 18 on the day of entry."),
        validators=[Optional()],
    )

    def offer(self: Any, partners: Sequence[Any]) -> None:
        """Say which words and which sending organizations of the plan can be chosen."""
        self.role.choices = [(role.value, label) for role, label in ROLE_LABELS.items()]
        self.category.choices = [("", ""), *((item.value, label) for item, label in CATEGORY_LABELS.items())]
        self.organizations = {
            partner.organization.public_id: partner.organization.id for partner in partners if partner.organization
        }
        named = {partner.organization.public_id: partner.name for partner in partners if partner.organization}
        self.sending_organization.choices = [("", _("Not in the plan")), *named.items()]

    def part(self: Any) -> dict[str, Any]:
        """Columns of `Participation`."""
        return {
            "role": self.role.data,
            "category": self.category.data,
            "affiliation": self.affiliation.data,
            "sending_organization_id": self.organizations.get(self.sending_organization.data),
            "first_visit": self.first_visit.data == "yes",
            "previous_visit_reason": self.previous_visit_reason.data if self.first_visit.data == "no" else "",
            "diet": self.diet.data,
            "guardian_consent_on": self.guardian_consent_on.data,
        }


class PartForm(VersionedForm, _Part):
    """A person's part in a visit changed."""


class PersonForm(CreatingForm, _Part):
    """A person put on the roster by hand."""

    surname = TextField(
        _l("Surname, as in the passport"),
        description=_l("Leave empty for a person who has only one name."),
        validators=[Optional(), Length(max=80)],
    )
    given_names = TextField(_l("Given names, as in the passport"), validators=[DataRequired(), Length(max=120)])
    native_name = TextField(_l("Name in the person's own script"), validators=[Optional(), Length(max=160)])
    katakana = TextField(_l("Reading in katakana"), validators=[Optional(), Length(max=160)])
    sex = SelectField(_l("Sex, as in the passport"), validators=[InputRequired()], coerce=word_of(Sex))
    date_of_birth = DateField(_l("Date of birth"), validators=[InputRequired()])
    nationality = SelectField(_l("Nationality (country or region)"), validators=[DataRequired()])
    email = EmailField(_l("E-mail"), validators=[Optional(), Email(), Length(max=254)])
    passport_number = TextField(
        _l("Passport number"),
        description=_l("It is stored encrypted and shown by its last three signs only."),
        validators=[Optional(), Length(max=20)],
    )
    passport_expires_on = DateField(_l("Passport valid until"), validators=[Optional()])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.sex.choices = [("", ""), *((sex.value, label) for sex, label in SEX_LABELS.items())]
        self.nationality.choices = [("", ""), *countries.choices(language())]

    def newcomer(self) -> Newcomer:
        """The person as the service takes one."""
        return Newcomer(
            person={name: getattr(self, name).data for name in PERSON},
            part=self.part(),
            passport_number=self.passport_number.data or "",
            passport_expires_on=self.passport_expires_on.data,
        )


class AttendanceForm(CreatingForm):
    """Who took part."""

    present = CheckboxesField(_l("Took part"), description=_l("Take the mark away from those who did not come."))


class PassportsForm(BaseForm):
    """Why a list with passport numbers is made, and in which language."""

    reason = TextField(
        _l("Why do you need the passport numbers?"),
        description=_l("For example: visa papers for the embassy in Kathmandu. The reason is kept in the audit log."),
        validators=[DataRequired(), Length(max=300)],
    )
    lang = SelectField(_l("Language of the paper"), choices=[("ja", _l("Japanese")), ("en", _l("English"))])
