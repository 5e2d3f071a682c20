"""Sections of the plan without rows, one form each. Shape only: whether a plan is ready, its rules say."""

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms.validators import Email, Length, Optional

from app.applications.vocabulary import AFFILIATION_LABELS, FIELD_LABELS, RESIDENCY_LABELS
from app.core.forms import (
    CheckboxField,
    DateField,
    EmailField,
    PhoneField,
    RadioField,
    SelectField,
    TextAreaField,
    TextField,
    VersionedForm,
    parse_date,
)

LONG = 4000
YES_NO = [("yes", _l("Yes")), ("no", _l("No"))]


class OverviewForm(VersionedForm):
    """What the exchange is about, and who answers for it."""

    theme_ja = TextField(_l("Theme in Japanese"), validators=[Length(max=300)])
    theme_en = TextField(_l("Theme in English"), validators=[Length(max=300)])
    field_of_science = SelectField(_l("Field of science"))
    purpose = TextAreaField(
        _l("Purpose and content"),
        description=_l("What the exchange is to achieve, with whom, and why in Japan."),
        rows=8,
        maximum=LONG,
        validators=[Length(max=LONG)],
    )
    expected_results = TextAreaField(
        _l("Expected results and how it goes on"),
        description=_l("What remains afterwards: joint research, study in Japan, further exchanges."),
        rows=6,
        maximum=LONG,
        validators=[Length(max=LONG)],
    )
    principal_name = TextField(_l("Person in charge of the exchange: name"), validators=[Length(max=120)])
    principal_department = TextField(_l("Department and position"), validators=[Length(max=200)])
    principal_email = EmailField(
        _l("Person in charge of the exchange: e-mail"), validators=[Optional(), Email(), Length(max=254)]
    )
    administrative_name = TextField(_l("Administrative contact: name"), validators=[Length(max=120)])
    administrative_email = EmailField(
        _l("Administrative contact: e-mail"), validators=[Optional(), Email(), Length(max=254)]
    )
    administrative_phone = PhoneField(_l("Administrative contact: telephone"), validators=[Length(max=40)])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.field_of_science.choices = [("", ""), *((field.value, label) for field, label in FIELD_LABELS.items())]


DATES = ("form1_on", "form2_on")


def dated(name: str, value: Any) -> Any:
    """A kept answer as its field takes it: days are kept as text."""
    return parse_date(str(value)) if name in DATES else value


class SafetyForm(VersionedForm):
    """Emergencies, insurance, the online promise, and the export-control forms 1 and 2."""

    crisis_name = TextField(_l("Contact for emergencies: name"), validators=[Length(max=120)])
    crisis_phone = PhoneField(_l("Contact for emergencies: telephone, day and night"), validators=[Length(max=40)])
    crisis_plan = TextAreaField(
        _l("What is done in an emergency"),
        description=_l("Who decides, who accompanies the group, which hospital, how families are told."),
        rows=4,
        maximum=2000,
        validators=[Length(max=2000)],
    )
    insurance = TextField(_l("Insurance of the group"), validators=[Length(max=300)])
    online_if_impossible = CheckboxField(
        _l("If the visit becomes impossible, the exchange will be held online."),
    )
    residency = RadioField(
        _l("Who takes part?"),
        choices=[(code.value, label) for code, label in RESIDENCY_LABELS.items()],
        validators=[Optional()],
    )
    specific_1 = RadioField(
        _l("Is anybody bound by a contract to a foreign government or university (specific type 1)?"),
        choices=YES_NO,
        validators=[Optional()],
    )
    specific_2 = RadioField(
        _l("Does anybody receive substantial benefits from a foreign government (specific type 2)?"),
        choices=YES_NO,
        validators=[Optional()],
    )
    specific_3 = RadioField(
        _l("Does anybody act in Japan on the instructions of a foreign government (specific type 3)?"),
        choices=YES_NO,
        validators=[Optional()],
    )
    affiliation = RadioField(
        _l("To whom do the people who come belong?"),
        choices=[(code.value, label) for code, label in AFFILIATION_LABELS.items()],
        validators=[Optional()],
    )
    other_affiliations = TextAreaField(
        _l("Other bodies they belong, or belonged, to"),
        description=_l("One in a line. These are compared with the Foreign User List too."),
        rows=3,
        maximum=1000,
        validators=[Length(max=1000)],
    )
    has_system = RadioField(
        _l("Does the host have a system of its own for security export control?"),
        choices=YES_NO,
        validators=[Optional()],
    )
    is_classified = RadioField(
        _l("Has it been examined whether the technology to be provided is controlled?"),
        choices=YES_NO,
        validators=[Optional()],
    )
    partners_are_checked = RadioField(
        _l("Have the partners been compared with the Foreign User List?"), choices=YES_NO, validators=[Optional()]
    )
    export_responsible = TextField(_l("Person responsible for export control"), validators=[Length(max=120)])
    form1_on = DateField(_l("Date of form 1"), validators=[Optional()])
    pledge = CheckboxField(
        _l(
            "The host pledges to observe the laws on export control and to ask JST before it provides controlled "
            "technology."
        )
    )
    form2_on = DateField(_l("Date of form 2"), validators=[Optional()])
