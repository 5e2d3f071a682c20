"""The forms of a sending side without an account, and the host's buttons beside its own part."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import FieldList, FormField
from wtforms.validators import DataRequired, Email, Length, Optional

from app.applications.models import ROLE_LABELS, ParticipantRole
from app.applications.row_forms import RowForm, RowsForm, Within
from app.applications.section_forms import YES_NO
from app.core.forms import (
    BaseForm,
    CheckboxField,
    CreatingForm,
    EmailField,
    HiddenField,
    IntegerField,
    PhoneField,
    SelectField,
    TextAreaField,
    TextField,
)
from app.invitees.models import CATEGORY_LABELS, Category

MOST_GROUPS = 20
BLANK_ROWS = 2


class PartnerVerbForm(CreatingForm):
    """One of the host's buttons: which partner of the plan is meant."""

    partner = HiddenField()


class CodeForm(BaseForm):
    """The code that came by another way than the link."""

    code = TextField(
        _l("Code"),
        description=_l("Six letters and numbers. Your partner in Japan gives you the code by another way."),
        validators=[DataRequired(), Length(max=20)],
    )


class GroupRow(RowForm):
    """People of one kind whom the partner sends."""

    telling = ("category", "number")

    category = SelectField(_l("Category"), coerce=lambda value: Category(value) if value else None)
    role = SelectField(_l("Role"), coerce=lambda value: ParticipantRole(value) if value else ParticipantRole.INVITEE)
    number = IntegerField(
        _l("Number of people"), validators=[Optional(), Within(1, 999, _l("Enter a number from 1 to 999."))]
    )
    first_visit = SelectField(
        _l("First visit to Japan"), choices=YES_NO, coerce=lambda value: value not in ("no", False)
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.category.choices = [("", ""), *CATEGORY_LABELS.items()]
        self.role.choices = list(ROLE_LABELS.items())

    def validate(self, extra_validators: Any = None) -> bool:
        fits = bool(super().validate(extra_validators))
        if fits and self.category.data is not None and self.number.data is None:
            self.number.errors = [_("Enter the number of people.")]
            return False
        return fits


class PartForm(RowsForm):
    """A partner's own part of the plan."""

    description = TextAreaField(
        _l("Your organization, and why it takes part"),
        description=_l("A few sentences."),
        rows=5,
        validators=[Length(max=2000)],
    )
    contact_name = TextField(_l("Contact person"), validators=[Length(max=120)])
    contact_email = EmailField(_l("E-mail of the contact person"), validators=[Optional(), Email(), Length(max=254)])
    contact_phone = PhoneField(
        _l("Telephone of the contact person"),
        description=_l("With the country code, for example +977 1 400 0000."),
        validators=[Length(max=40)],
    )
    prior_notification = TextField(
        _l("Number of the prior notification"),
        description=_l("The number the competent body in your country gave you for this exchange."),
        validators=[Length(max=60)],
    )
    rows = FieldList(FormField(GroupRow), max_entries=MOST_GROUPS)
    pledge = CheckboxField(
        _l(
            "We take part in this exchange as the sending side. We choose the people ourselves, "
            "by their ability, and see to it that they return home when it ends."
        )
    )
    pledge_name = TextField(_l("Name of the person who gives this pledge"), validators=[Length(max=120)])

    def ask(self, *, notification: bool) -> None:
        """Leave out the number of the prior notification where no rule asks this partner for one."""
        if not notification:
            del self.prior_notification

    def add_blank_rows(self) -> None:
        """Room for further people."""
        for _number in range(min(BLANK_ROWS, MOST_GROUPS - len(self.rows.entries))):
            self.rows.append_entry()

    def own_fields(self) -> dict[str, Any]:
        """What the partner says besides whom it sends."""
        return {name: value for name, value in self.payload().items() if name != "rows"}


class OnBehalfForm(PartForm):
    """The same part as the host fills it in for the partner."""

    description = TextAreaField(
        _l("The organization, and why it takes part"),
        description=_l("A few sentences, as the partner said or wrote it."),
        rows=5,
        validators=[Length(max=2000)],
    )
    pledge = CheckboxField(
        _l(
            "The partner has told us: it takes part in this exchange as the sending side, chooses the people itself, "
            "by their ability, and sees to it that they return home when it ends."
        )
    )
    pledge_name = TextField(_l("Name of the person who gave this pledge"), validators=[Length(max=120)])
    pledge_source = TextField(
        _l("How it reached you"),
        description=_l("For example: by letter of 3 November."),
        validators=[Length(max=200)],
    )

    def leave_pledge(self) -> None:
        """Leave the pledge out: it is the partner's own word."""
        del self.pledge
        del self.pledge_name
        del self.pledge_source
