"""The forms made of our fields: one import gives a feature's forms both.

A form says what shape input must have: type, length, required. Whether a plan is ready, or a person may do a thing, is
said elsewhere.
"""

import secrets
from functools import cache
from typing import Any

from babel.support import NullTranslations, Translations
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import fields
from wtforms.i18n import messages_path
from wtforms.validators import DataRequired, Length

from app.core import carrying
from app.core.fields import (
    CheckboxesField,
    CheckboxField,
    DateField,
    EmailField,
    FileField,
    HiddenField,
    IntegerField,
    MoneyField,
    PasswordField,
    PhoneField,
    RadioField,
    SelectField,
    TextAreaField,
    TextField,
    TimeField,
    composed,
    parse_date,
)
from app.core.i18n import language

HOUSEKEEPING = frozenset({"csrf_token", "version", "key"})


class Wording:
    """The form library's sentences in the reader's language; those met most often in plainer words."""

    plain = {
        "This field is required.": _l("Enter or choose something here."),
        "Not a valid choice.": _l("Choose one from the list."),
    }

    def gettext(self, string: str) -> str:
        plain = self.plain.get(string)
        return str(plain) if plain is not None else str(_library(language()).ugettext(string))

    def ngettext(self, singular: str, plural: str, n: int) -> str:
        return str(_library(language()).ungettext(singular, plural, n))


@cache
def _library(locale: str) -> NullTranslations:
    """The form library's own catalogue. Its Flask side would read it from the disk for every request."""
    return Translations.load(messages_path(), [locale], domain="wtforms")


class BaseForm(FlaskForm):
    """Parent of all forms: composed text in, keyword arguments of a verb out."""

    class Meta(FlaskForm.Meta):
        def get_translations(self, form: Any) -> Wording:
            return Wording()

        def bind_field(self, form: Any, unbound_field: Any, options: Any) -> Any:
            kind = unbound_field.field_class
            if issubclass(kind, fields.StringField) and not issubclass(kind, fields.PasswordField):
                options = {**options, "filters": [composed, *unbound_field.kwargs.get("filters", ())]}
            return unbound_field.bind(form=form, **options)

        def wrap_formdata(self, form: Any, formdata: Any) -> Any:
            sent = super().wrap_formdata(form, formdata)
            return sent if sent is not None or formdata is None else carrying.take(form)

    #: secrets that are kept nowhere, not even sealed; a form with a password or a file never is
    is_secret = False

    @property
    def is_carried(self) -> bool:
        """Whether what was typed here may be kept for its writer while a session is renewed."""
        unkept = (fields.PasswordField, fields.FileField)
        shown = [field for field in self if not isinstance(field, fields.HiddenField)]
        return bool(shown) and not self.is_secret and not any(isinstance(field, unkept) for field in shown)

    def payload(self) -> dict[str, Any]:
        """The data of all fields but the housekeeping ones."""
        return {name: field.data for name, field in self._fields.items() if name not in HOUSEKEEPING}

    def problems(self) -> list[tuple[str, str]]:
        """Every problem of the form as (id of the field or "", sentence), in the order of the page."""
        found = [("", str(text)) for text in self.form_errors]
        for field in self:
            if field.name not in HOUSEKEEPING:
                found.extend(_problems_of(field))
        if "csrf_token" in self.errors:
            found.append(("", _("The page was open too long. Please send it again.")))
        return found


def _problems_of(field: Any) -> list[tuple[str, str]]:
    """The problems of a field, or of the fields inside it (rows that repeat, forms in forms)."""
    inner = field.entries if isinstance(field, fields.FieldList) else ()
    inner = field.form if isinstance(field, fields.FormField) else inner
    own = [text for text in field.errors if not isinstance(text, dict | list | tuple)]
    found = [] if isinstance(field, fields.FormField) else own
    lines = [(field.id, f"{field.label.text}: {text}") for text in found]
    for part in inner:
        lines.extend(_problems_of(part))
    return lines


class VersionedForm(BaseForm):
    """A form that edits: it knows which version of the row its reader saw."""

    version = HiddenField()

    def read_version(self) -> int | None:
        """The version the form was made from; None if that was lost."""
        text = str(self.version.data or "")
        return int(text) if text.isdecimal() else None


class CreatingForm(BaseForm):
    """A form that creates: its key makes a second click harmless."""

    key = HiddenField(default=lambda: secrets.token_urlsafe(16))


class ConfirmForm(CreatingForm):
    """Nothing but a button: for verbs that need no words."""


class ExportForm(CreatingForm):
    """Why a list leaves the system."""

    reason = TextAreaField(
        _l("What do you need the list for?"),
        description=_l("The reason is kept in the audit log."),
        rows=3,
        validators=[DataRequired(_l("Give a reason.")), Length(max=500)],
    )


class CommentForm(CreatingForm):
    """A reason or remark that goes with a verb."""

    comment = TextAreaField(_l("Reason or remark"), rows=4)


__all__ = [
    "HOUSEKEEPING",
    "BaseForm",
    "CheckboxField",
    "CheckboxesField",
    "CommentForm",
    "ConfirmForm",
    "CreatingForm",
    "DateField",
    "EmailField",
    "ExportForm",
    "FileField",
    "HiddenField",
    "IntegerField",
    "MoneyField",
    "PasswordField",
    "PhoneField",
    "RadioField",
    "SelectField",
    "TextAreaField",
    "TextField",
    "TimeField",
    "VersionedForm",
    "Wording",
    "composed",
    "parse_date",
]
