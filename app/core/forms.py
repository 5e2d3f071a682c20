"""Fields that render their component, and the forms made of them.

A form says what shape input must have: type, length, required. Whether a plan is ready, or a person may do a thing, is
said elsewhere. Text is composed (NFC) and stripped on its way in; what was typed is shown again when it does not fit.
"""

import re
import secrets
import unicodedata
from collections.abc import Sequence
from datetime import date, time
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from flask_wtf.file import FileField as UploadField
from flask_wtf.i18n import Translations
from wtforms import fields
from wtforms.widgets import HiddenInput

from app.core.widgets import (
    CharacterCount,
    Checkbox,
    Checkboxes,
    FileInput,
    PasswordInput,
    Radios,
    Select,
    TextArea,
    TypedTextInput,
    options,
)

HOUSEKEEPING = frozenset({"csrf_token", "version", "key"})
CONTROLS = {code: None for code in range(32) if chr(code) not in "\n\t"} | {127: None}
DATE_PATTERNS = (
    re.compile(r"^(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})$"),
    re.compile(r"^(\d{4})年(\d{1,2})月(\d{1,2})日$"),
    re.compile(r"^(\d{4})(\d{2})(\d{2})$"),
)


def composed(value: Any) -> Any:
    """Text without outer blanks and control characters, lines ended by one sign, in composed form; others as they are.

    A browser sends two signs for each end of a line, which its own counter of signs counts once.
    """
    if not isinstance(value, str):
        return value
    return unicodedata.normalize("NFC", value.replace("\r\n", "\n")).translate(CONTROLS).strip()


class TextField(fields.StringField):
    """One line of text."""

    widget = TypedTextInput()


class EmailField(fields.StringField):
    """An e-mail address."""

    widget = TypedTextInput("email", autocomplete="email", spellcheck="false")


class PhoneField(fields.StringField):
    """A telephone number."""

    widget = TypedTextInput("tel", width="20", autocomplete="tel")


class PasswordField(fields.PasswordField):
    """A password, with a button that shows it."""

    widget = PasswordInput()


class TextAreaField(fields.TextAreaField):
    """Several lines of text; with `maximum` a counter shows how many signs are left (Japanese signs count as one)."""

    def __init__(
        self, label: Any = None, validators: Any = None, *, rows: int = 6, maximum: int = 0, **kwargs: Any
    ) -> None:
        params: dict[str, Any] = {"rows": str(rows)}
        if maximum:
            params["maxlength"] = str(maximum)
        self.component_params = params
        super().__init__(label, validators, widget=CharacterCount() if maximum else TextArea(), **kwargs)

    def __call__(self, **kwargs: Any) -> Any:
        kwargs["params"] = {**self.component_params, **kwargs.get("params", {})}
        return super().__call__(**kwargs)


class SelectField(fields.SelectField):
    """One of a list, as a select box."""

    widget = Select()

    def __init__(self, label: Any = None, validators: Any = None, *, choices: Any = (), **kwargs: Any) -> None:
        super().__init__(label, validators, choices=options(choices), **kwargs)


class RadioField(fields.RadioField):
    """One of a few, all in sight."""

    widget = Radios()

    def __init__(self, label: Any = None, validators: Any = None, *, choices: Any = (), **kwargs: Any) -> None:
        super().__init__(label, validators, choices=options(choices), **kwargs)


class CheckboxField(fields.BooleanField):
    """A single yes."""

    widget = Checkbox()


class CheckboxesField(fields.SelectMultipleField):
    """Several of a list."""

    widget = Checkboxes()
    option_widget = Checkbox()

    def __init__(self, label: Any = None, validators: Any = None, *, choices: Any = (), **kwargs: Any) -> None:
        super().__init__(label, validators, choices=options(choices), **kwargs)


class DateField(fields.Field):
    """A day: 2026-07-01, 2026/7/1, 2026年7月1日 (also full-width). The browser's own date picker where it has one."""

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return self.data.isoformat() if self.data else ""

    def widget(self, field: Any, **kwargs: Any) -> Any:
        readable = not self.raw_data or parse_date(str(self.raw_data[0])) is not None or not str(self.raw_data[0])
        shown = parse_date(self._value())
        if readable and shown is not None:
            kwargs["value"] = shown.isoformat()
        return TypedTextInput("date" if readable else "text", width="10")(field, **kwargs)

    def process_formdata(self, valuelist: Sequence[str]) -> None:
        text = str(valuelist[0]).strip() if valuelist else ""
        self.data = parse_date(text)
        if text and self.data is None:
            raise ValueError(_("Enter a real date such as 2026-07-01."))


def parse_date(text: str) -> date | None:
    """A day from the ways people write it year-first; None when it is none."""
    folded = unicodedata.normalize("NFKC", text).replace(" ", "")
    for pattern in DATE_PATTERNS:
        if found := pattern.match(folded):
            year, month, day = (int(part) for part in found.groups())
            try:
                return date(year, month, day)
            except ValueError:
                return None
    return None


class TimeField(fields.Field):
    """A time of day: 09:30, 9:30, 0930."""

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return f"{self.data:%H:%M}" if self.data else ""

    def widget(self, field: Any, **kwargs: Any) -> Any:
        return TypedTextInput("text", width="5", inputmode="numeric", placeholder="09:30")(field, **kwargs)

    def process_formdata(self, valuelist: Sequence[str]) -> None:
        text = unicodedata.normalize("NFKC", str(valuelist[0])).strip() if valuelist else ""
        self.data = None
        if not text:
            return
        found = re.match(r"^(\d{1,2}):?(\d{2})$", text)
        if found is None or int(found[1]) > 23 or int(found[2]) > 59:
            raise ValueError(_("Enter a time such as 09:30."))
        self.data = time(int(found[1]), int(found[2]))


class IntegerField(fields.Field):
    """A whole number; full-width digits and separators are understood."""

    widget = TypedTextInput("text", width="5", inputmode="numeric")
    empty: int | None = None

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return "" if self.data is None else str(self.data)

    def process_formdata(self, valuelist: Sequence[str]) -> None:
        text = unicodedata.normalize("NFKC", str(valuelist[0])) if valuelist else ""
        text = re.sub(r"[,\s¥円]", "", text)
        self.data = self.empty
        if not text:
            return
        if not re.match(r"^-?\d{1,12}$", text):
            raise ValueError(_("Enter a whole number in digits."))
        self.data = int(text)


class MoneyField(IntegerField):
    """An amount in whole yen."""

    widget = TypedTextInput("text", width="10", inputmode="numeric")


class FileField(UploadField):
    """A file to upload."""

    widget = FileInput()


class HiddenField(fields.HiddenField):
    """A value people do not see."""

    widget = HiddenInput()


class Wording(Translations):
    """The form library's sentences in the reader's language; those met most often in plainer words."""

    plain = {
        "This field is required.": _l("Enter or choose something here."),
        "Not a valid choice.": _l("Choose one from the list."),
    }

    def gettext(self, string: str) -> str:
        plain = self.plain.get(string)
        return str(plain) if plain is not None else str(super().gettext(string))


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


class CommentForm(CreatingForm):
    """A reason or remark that goes with a verb."""

    comment = TextAreaField(_l("Reason or remark"), rows=4)
