"""The six questions of «Can we apply?»: sent by GET, so that the answer is an address."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from babel.dates import format_skeleton
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms.validators import DataRequired, InputRequired, ValidationError

from app.calls.eligibility import Answers
from app.calls.vocabulary import CATEGORIES, HOST_KINDS
from app.core.forms import BaseForm, CheckboxesField, IntegerField, RadioField, SelectField
from app.core.i18n import language
from app.directory import countries

MOST_COUNTRIES = 3
MOST = {"people": 200, "organizations": 20, "days": 366}


class EligibilityForm(BaseForm):
    """Six questions; nothing of it is stored."""

    class Meta(BaseForm.Meta):
        csrf = False

    host_kind = SelectField(
        _l("1. What kind of body is your institution in Japan?"),
        validators=[DataRequired(_l("Choose the kind of your institution."))],
    )
    country = SelectField(
        _l("2. In which country or region is your partner?"),
        validators=[DataRequired(_l("Choose the country or region of your partner."))],
    )
    country_2 = SelectField(_l("Second country or region"), description=_l("If there are partners in several."))
    country_3 = SelectField(_l("Third country or region"))
    categories = CheckboxesField(
        _l("3. Who is to come?"),
        description=_l("The invitees, without those who accompany them. Choose all that apply."),
        choices=list(CATEGORIES.items()),
        validators=[DataRequired(_l("Choose who is to come."))],
    )
    people = IntegerField(
        _l("4. How many people come?"),
        description=_l("Those who accompany them included."),
        validators=[InputRequired(_l("Enter how many people are to come."))],
    )
    organizations = IntegerField(
        _l("From how many organizations abroad?"),
        validators=[InputRequired(_l("Enter from how many organizations they come."))],
    )
    days = IntegerField(
        _l("5. How many days do they stay?"),
        description=_l("The days of entry and of exit included."),
        validators=[InputRequired(_l("Enter how many days they stay."))],
    )
    far = RadioField(_l("Is the way from the airport long?"))
    month = SelectField(
        _l("6. When do they come?"), validators=[DataRequired(_l("Choose the month in which they come."))]
    )

    def offer(self, far_km: int | None, months: Sequence[date]) -> None:
        """Say which months can be chosen and, in kilometres, what a long way from the airport is (None: not asked)."""
        places = countries.choices(language())
        self.host_kind.choices = [("", ""), *HOST_KINDS.items()]
        for field in (self.country, self.country_2, self.country_3):
            field.choices = [("", ""), *places]
            field.data = field.data or ""  # an address need not name what was not answered
        self.month.choices = [("", ""), *((f"{month:%Y-%m}", month_name(month)) for month in months)]
        if far_km is None:
            del self.far
            return
        self.far.label.text = _(
            "Is the way from the international airport of arrival to your institution %(far)s km or longer?", far=far_km
        )
        self.far.choices = [("yes", _("Yes")), ("no", _("No")), ("", _("Not known yet"))]
        if self.far.data is None:
            self.far.data = ""

    def validate_people(self, field: Any) -> None:
        _within(field, MOST["people"])
        if field.data and not self.categories.errors and field.data < len(self.categories.data or ()):
            raise ValidationError(_("Fewer people than kinds of people were chosen in question 3."))

    def validate_organizations(self, field: Any) -> None:
        _within(field, MOST["organizations"])
        if field.data and field.data < len(self.chosen_countries()):
            raise ValidationError(_("Fewer organizations than countries and regions were chosen in question 2."))
        if field.data and self.people.data and field.data > self.people.data:
            raise ValidationError(_("More organizations than people were entered."))

    def validate_days(self, field: Any) -> None:
        _within(field, MOST["days"])

    def chosen_countries(self) -> tuple[str, ...]:
        """The countries and regions, each once."""
        given = (self.country.data, self.country_2.data, self.country_3.data)
        return tuple(dict.fromkeys(code for code in given if code))

    def answers(self) -> Answers:
        """What was answered. Only once the form is valid."""
        far = self.far.data if "far" in self._fields else ""
        return Answers(
            host_kind=self.host_kind.data,
            countries=self.chosen_countries(),
            categories=tuple(dict.fromkeys(self.categories.data or ())),
            people=self.people.data,
            organizations=self.organizations.data,
            days=self.days.data,
            is_far={"yes": True, "no": False}.get(far),
            month=date.fromisoformat(f"{self.month.data}-01"),
        )


def _within(field: Any, most: int) -> None:
    if field.data is not None and not 1 <= field.data <= most:
        raise ValidationError(_("Enter a whole number from %(low)s to %(high)s.", low=1, high=most))


def month_name(month: date) -> str:
    """A month with its year as people read it."""
    return str(format_skeleton("yMMMM", month, locale=language()))
