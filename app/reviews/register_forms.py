"""Forms of the register: an expert's entry, and what experts say of themselves."""

import secrets
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms.validators import DataRequired, Email, InputRequired, Length, NumberRange, Optional, ValidationError

from app.applications.vocabulary import FIELD_LABELS
from app.core.forms import (
    CheckboxesField,
    DateField,
    EmailField,
    HiddenField,
    IntegerField,
    RadioField,
    TextAreaField,
    TextField,
    VersionedForm,
)
from app.core.i18n import LANGUAGE_NAMES

MOST_PLANS = 200  # of one round to one expert
FIELDS = [(field.value, label) for field, label in FIELD_LABELS.items()]
LANGUAGES = [("ja", _l("Japanese")), ("en", _l("English"))]


class _Reading(VersionedForm):
    """What both the register and the expert say: languages, fields, how much."""

    languages = CheckboxesField(_l("Reads plans in"), choices=LANGUAGES)
    fields_of_science = CheckboxesField(_l("Fields"), choices=FIELDS)
    capacity = IntegerField(
        _l("Plans of a round at most"),
        validators=[InputRequired(), NumberRange(0, MOST_PLANS, _l("Enter a number from 0 to 200."))],
    )

    def reading(self) -> dict[str, Any]:
        """Keyword arguments of the verbs."""
        return {
            "fields_of_science": self.fields_of_science.data,
            "capacity": self.capacity.data,
            "reads_japanese": "ja" in (self.languages.data or ()),
            "reads_english": "en" in (self.languages.data or ()),
        }


class ReviewerForm(_Reading):
    """An entry of the register. At least one name is needed."""

    key = HiddenField(default=lambda: secrets.token_urlsafe(16))
    name_ja = TextField(_l("Full name in Japanese"), validators=[Optional(), Length(max=120)])
    name_en = TextField(_l("Full name in English"), validators=[Optional(), Length(max=120)])
    email = EmailField(
        _l("E-mail address"),
        description=_l("The invitation goes there. Its domain is compared with those in the plans."),
        validators=[DataRequired(), Email(), Length(max=254)],
    )
    affiliation = TextField(
        _l("Affiliation"),
        description=_l("As it stands in the directory, so that its parents and successors count too."),
        validators=[Optional(), Length(max=300)],
    )
    position = TextField(_l("Position at the institution"), validators=[Optional(), Length(max=120)])
    locale = RadioField(_l("Language of mails"), choices=list(LANGUAGE_NAMES.items()), default="ja")
    term_from = DateField(_l("Term: first day"), validators=[Optional()])
    term_until = DateField(
        _l("Term: last day"),
        description=_l("After this day the expert no longer sees any plan. Leave empty for no end."),
        validators=[Optional()],
    )
    note = TextAreaField(_l("Note for JST"), rows=3, maximum=2000, validators=[Optional(), Length(max=2000)])

    def validate_term_until(self, field: Any) -> None:
        """The term ends after it begins."""
        if field.data and self.term_from.data and field.data < self.term_from.data:
            raise ValidationError(_("The last day lies before the first."))

    def values(self) -> dict[str, Any]:
        """Keyword arguments of `register_service.create` and `update`."""
        names = ("name_ja", "name_en", "email", "affiliation", "position", "locale", "term_from", "term_until", "note")
        return {name: self[name].data for name in names} | self.reading()


class OwnForm(_Reading):
    """What experts say of themselves; `absent`: rounds for which there is no time."""

    absent = CheckboxesField(_l("I have no time for these rounds"))


def of_entry(reviewer: Any) -> dict[str, Any]:
    """What the forms show of an entry."""
    reads = {"ja": reviewer.reads_japanese, "en": reviewer.reads_english}
    return {
        "languages": [code for code, does in reads.items() if does],
        "fields_of_science": [row.field_of_science for row in reviewer.fields],
        "capacity": reviewer.capacity,
        "version": str(reviewer.version),
    }
