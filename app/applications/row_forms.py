"""Sections of the plan made of rows, one form each: partners, itinerary, people, budget."""

from collections.abc import Iterable, Sequence
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import FieldList, FormField
from wtforms.validators import Email, Length, Optional, ValidationError

from app.applications.models import (
    ACTIVITY_LABELS,
    BUDGET_LABELS,
    ROLE_LABELS,
    ActivityKind,
    ApplicationPartner,
    BudgetKind,
    ParticipantRole,
)
from app.applications.section_forms import YES_NO
from app.core.forms import (
    BaseForm,
    DateField,
    EmailField,
    HiddenField,
    IntegerField,
    MoneyField,
    SelectField,
    TextField,
    TimeField,
    VersionedForm,
)
from app.core.i18n import language
from app.core.widgets import options
from app.directory import countries
from app.directory.queries import Suggestion
from app.invitees.models import CATEGORY_LABELS, Category

MOST_ROWS = 200
MOST_QUANTITY = 100_000
MOST_YEN = 100_000_000
KINDS_OF_ACTIVITY = options(ACTIVITY_LABELS.items())


class Within:
    """A number between two others, both included. Silent on what is no number: the field itself says that."""

    def __init__(self, low: int, high: int, message: Any) -> None:
        self.low, self.high, self.message = low, high, message

    def __call__(self, _form: Any, field: Any) -> None:
        if field.data is not None and not self.low <= field.data <= self.high:
            raise ValidationError(self.message)


class RowForm(BaseForm):
    """A row that repeats. One in which nothing was entered does not count."""

    #: the fields that make a row count; the others have a value by themselves
    telling: tuple[str, ...] = ()
    #: the fields without which the rules cannot tell what the row means
    needed: tuple[str, ...] = ()

    class Meta(BaseForm.Meta):
        csrf = False

    @property
    def is_filled(self) -> bool:
        return any(self[name].data not in (None, "") or _was_typed(self[name]) for name in self.telling)


def _was_typed(field: Any) -> bool:
    """Whether something stands in the field, readable or not."""
    return bool(field.raw_data and str(field.raw_data[0]).strip())


class RowsForm(VersionedForm):
    """Parent of the sections made of rows."""

    rows: Any
    #: while the form is being typed: its rows, read one after the other (see `typed_forms`)
    typed_rows: Iterable[RowForm] | None = None

    def rows_payload(self) -> list[dict[str, Any]]:
        """The rows in which something was entered, each as its verb takes it."""
        forms = (row.form for row in self.rows) if self.typed_rows is None else self.typed_rows
        return [self.completed(form.payload()) for form in forms if form.is_filled]

    def completed(self, row: dict[str, Any]) -> dict[str, Any]:
        """A row with what its verb is told for fields left empty."""
        return row


def copy_row(rows: Any, place: int) -> None:
    """Put a copy of a row behind it, as typed, readable or not.

    Nothing happens where there are as many rows as may be, nor with rows that are known one by one (partners).
    """
    entries = rows.entries
    if len(entries) >= MOST_ROWS or "id" in entries[place].form._fields:
        return
    copied = rows.append_entry(entries[place].form.payload())
    for name, field in entries[place].form._fields.items():
        copied.form[name].raw_data = field.raw_data
    entries.insert(place + 1, entries.pop())


class PartnerRow(RowForm):
    """A sending organization."""

    telling = ("organization", "contact_name", "contact_email", "prior_notification")

    id = HiddenField()
    organization = TextField(_l("Sending organization"), validators=[Length(max=300)])
    choice = SelectField(_l("Is it one of these?"), validate_choice=False)
    country = SelectField(_l("Country or region"))
    contact_name = TextField(_l("Contact person"), validators=[Length(max=120)])
    contact_email = EmailField(_l("E-mail of the contact person"), validators=[Optional(), Email(), Length(max=254)])
    prior_notification = TextField(
        _l("Number of the prior notification"),
        description=_l("Only for partners in China: the number the competent body gave the sending side."),
        validators=[Length(max=60)],
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.country.choices = [("", ""), *countries.choices(language())]
        self.choice.choices = []

    def offer(self, found: Sequence[Suggestion]) -> None:
        """Organizations of the directory whose names come close to what was typed."""
        named = [(offer.public_id, f"{offer.name} ({countries.name(offer.country, language())})") for offer in found]
        self.choice.choices = [("", _("None of these: keep the name as typed")), *named] if named else []


class PartnersForm(RowsForm):
    """The sending side."""

    rows = FieldList(FormField(PartnerRow), max_entries=MOST_ROWS)


class ItineraryRow(RowForm):
    """Something planned on a day."""

    telling = ("day", "starts_at", "ends_at", "title", "venue", "leader")
    needed = ("day", "kind")

    offered = HiddenField()  # the day a still empty row was offered for
    day = IntegerField(_l("Day"), validators=[Optional(), Within(1, 366, _l("Enter the number of a day, from 1 on."))])
    starts_at = TimeField(_l("Begins at"), validators=[Optional()])
    ends_at = TimeField(_l("Ends at"), validators=[Optional()])
    kind = SelectField(_l("Kind"), coerce=lambda value: ActivityKind(value) if value else ActivityKind.OTHER)
    title = TextField(_l("What is done"), validators=[Length(max=300)])
    venue = TextField(_l("Where"), validators=[Length(max=200)])
    leader = TextField(_l("Led by"), validators=[Length(max=120)])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kind.choices = KINDS_OF_ACTIVITY

    @property
    def is_filled(self) -> bool:
        """Of a row offered for a day that day alone says nothing, nor does the kind chosen beforehand."""
        if not self.offered.data or self.offered.data != str(self.day.data):
            return super().is_filled
        others = [name for name in self.telling if name != "day"]
        return self.kind.data is not ActivityKind.OTHER or any(_was_typed(self[name]) for name in others)

    def validate_ends_at(self, field: Any) -> None:
        if field.data and self.starts_at.data and field.data < self.starts_at.data:
            raise ValidationError(_("The end lies before the beginning."))


class ItineraryForm(RowsForm):
    """Days of the stay and what fills them."""

    starts_on = DateField(_l("Day of entry"), validators=[Optional()])
    ends_on = DateField(_l("Day of exit"), validators=[Optional()])
    airport_distance_km = IntegerField(
        _l("Way from the international airport of arrival to the host, in kilometres"),
        description=_l("Only where the length of the stay depends on it."),
        validators=[Optional(), Within(0, 5000, _l("Enter kilometres from 0 to 5,000."))],
    )
    rows = FieldList(FormField(ItineraryRow), max_entries=MOST_ROWS)

    def validate_ends_on(self, field: Any) -> None:
        if field.data and self.starts_on.data and field.data < self.starts_on.data:
            raise ValidationError(_("The day of exit lies before the day of entry."))

    def rows_payload(self) -> list[dict[str, Any]]:
        """A row without a day belongs to the day of the row before it."""
        filled = super().rows_payload()
        day = 1
        for row in filled:
            del row["offered"]
            day = row["day"] = row["day"] or day
        return filled


class PeopleRow(RowForm):
    """People of one kind."""

    telling = ("category", "number")
    needed = ("category", "role", "number", "first_visit")

    partner = SelectField(_l("Sending organization"))
    category = SelectField(_l("Category"), coerce=lambda value: Category(value) if value else None)
    role = SelectField(_l("Role"), coerce=lambda value: ParticipantRole(value) if value else ParticipantRole.INVITEE)
    number = IntegerField(
        _l("Number of people"), validators=[Optional(), Within(1, 999, _l("Enter a number from 1 to 999."))]
    )
    first_visit = SelectField(
        _l("First visit to Japan"),
        choices=YES_NO,
        coerce=lambda value: value not in ("no", False),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.category.choices = [("", ""), *CATEGORY_LABELS.items()]
        self.role.choices = list(ROLE_LABELS.items())
        self.partner.choices = [("", _l("Not said yet"))]


class PeopleForm(RowsForm):
    """Who is to come, before names are known."""

    rows = FieldList(FormField(PeopleRow), max_entries=MOST_ROWS)

    def offer(self, partners: Sequence[ApplicationPartner]) -> None:
        """Say from which partners people can come."""
        named = [
            (str(partner.id), partner.name or _("Partner %(number)s", number=number))
            for number, partner in enumerate(partners, 1)
        ]
        for row in self.rows:
            row.form.partner.choices = [("", _("Not said yet")), *named]

    def completed(self, row: dict[str, Any]) -> dict[str, Any]:
        """A row without a number means one person."""
        return {**row, "number": row["number"] or 1}


class BudgetRow(RowForm):
    """A cost: quantity × unit price."""

    telling = ("description", "unit_price")
    needed = ("kind", "quantity", "unit_price")

    kind = SelectField(_l("Kind"), coerce=lambda value: BudgetKind(value) if value else BudgetKind.PROGRAM)
    description = TextField(_l("What it pays for"), validators=[Length(max=300)])
    quantity = IntegerField(
        _l("Quantity"), validators=[Optional(), Within(0, MOST_QUANTITY, _l("Enter a number from 0 to 100,000."))]
    )
    unit_price = MoneyField(
        _l("Unit price in yen"),
        validators=[Optional(), Within(0, MOST_YEN, _l("Enter an amount from 0 to 100,000,000 yen."))],
    )
    rate_key = SelectField(_l("Counted by guide rate"), validators=[Length(max=60)], validate_choice=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kind.choices = list(BUDGET_LABELS.items())
        self.offer([])

    def offer(self, rates: Sequence[tuple[str, str]]) -> None:
        """The guide rates that can be chosen: key and words. A key that is there already stays."""
        held = self.rate_key.data or ""
        kept = [] if not held or held in dict(rates) else [(held, held)]
        self.rate_key.choices = [("", _("None")), *rates, *kept]


class BudgetForm(RowsForm):
    """What the exchange costs. `money`: what else is known of it; `proposed`: lines added at a button."""

    money: Any = None
    proposed = 0
    rows = FieldList(FormField(BudgetRow), max_entries=MOST_ROWS)

    def offer(self, rates: Sequence[tuple[str, str]]) -> None:
        """Say which guide rates a row may be counted by."""
        for row in self.rows:
            row.form.offer(rates)

    def completed(self, row: dict[str, Any]) -> dict[str, Any]:
        """A row without a quantity means one, without a price nothing yet."""
        return {
            **row,
            "quantity": 1 if row["quantity"] is None else row["quantity"],
            "unit_price": row["unit_price"] or 0,
            "rate_key": row["rate_key"] or "",
        }
