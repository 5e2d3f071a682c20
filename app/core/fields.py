"""Fields that render their component and understand what people type.

Text is composed (NFC) and stripped on its way in; what was typed is shown again when it does not fit.
"""

import re
import unicodedata
from collections.abc import Sequence
from datetime import date, time
from typing import Any

from flask_babel import gettext as _
from flask_wtf.file import FileField as UploadField
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

CONTROLS = {code: None for code in range(32) if chr(code) not in "\n\t"} | {127: None}
DATE_PATTERNS = (
    re.compile(r"^(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})$"),
    re.compile(r"^(\d{4})\u5e74(\d{1,2})\u6708(\d{1,2})\u65e5$"),
    re.compile(r"^(\d{4})(\d{2})(\d{2})$"),
)


def composed(value: Any) -> Any:
    """Text without outer blanks and control characters, lines ended by one sign, in composed form; others as they are.

    A browser sends two signs for each end of a line, which its own counter of signs counts once.
    """
    if value is None:
        return ""  # a field that was not sent at all
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

    def pre_validate(self, form: Any) -> None:
        """Whether one of the choices is chosen. The library would make all of them as if to draw them."""
        if not any(self.coerce(choice.value) == self.data for choice in options(self.choices or ())):
            super().pre_validate(form)


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
    """A day, year first: 2026-07-01, 2026/7/1, 20260701 or as Japanese writes it, also in full width.

    The browser's own date picker where it has one.
    """

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
        text = re.sub(r"[,\s¥\u5186]", "", text)
        self.data = self.empty
        if not text:
            return
        if not re.match(r"^-?\d{1,12}$", text):
            raise ValueError(_("Enter a whole number in digits."))
        self.data = int(text)


class MoneyField(IntegerField):
    """An amount in whole yen, shown with separators: 1,200,000. They may be typed or left out."""

    widget = TypedTextInput("text", width="10", inputmode="numeric")

    def _value(self) -> str:
        return super()._value() if self.raw_data or self.data is None else f"{self.data:,}"


class FileField(UploadField):
    """A file to upload."""

    widget = FileInput()


class HiddenField(fields.HiddenField):
    """A value people do not see."""

    widget = HiddenInput()
