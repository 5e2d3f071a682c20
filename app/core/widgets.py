"""The component library's widgets with what the house adds: words in the reader's language, "required" said in text.

The browser's own checks stay off (no `required` attribute): it would speak its own language, one field at a time.
"""

from typing import Any

from flask_babel import gettext as _
from govuk_frontend_wtf.wtforms_widgets import (
    GovCharacterCount,
    GovCheckboxesInput,
    GovCheckboxInput,
    GovFileInput,
    GovPasswordInput,
    GovRadioInput,
    GovSelect,
    GovTextArea,
    GovTextInput,
)
from markupsafe import Markup
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # the stubs are behind WTForms 3.3

Params = dict[str, Any]
COUNT = "%{count}"  # where the page's script puts the number


class Worded:
    """Mixed into a widget: its label, hint and errors as this system words them."""

    def map_gov_params(self, field: Any, **kwargs: Any) -> Params:
        """The parameters of the component for a field."""
        kwargs.pop("required", None)
        params: Params = super().map_gov_params(field, **kwargs)  # type: ignore[misc]
        if not field.description:
            params.pop("hint", None)
        if field.errors:
            lines = Markup("<br>").join(str(error) for error in field.errors)
            params["errorMessage"] = {"html": lines, "visuallyHiddenText": _("Error")}
        if field.flags.required:
            self.mark_required(params)
        return params

    @staticmethod
    def mark_required(params: Params) -> None:
        """Say "required" beside the label, the legend, or the only checkbox."""
        legend = params.get("fieldset", {}).get("legend")
        target = legend or params.get("label") or params["items"][0]
        mark = Markup('<span class="app-required">{}</span>').format(_("Required"))
        target.setdefault("html", Markup("{} {}").format(str(target["text"]), mark))


class TypedTextInput(Worded, GovTextInput):
    """A single-line input of a certain HTML type with attributes for phones."""

    def __init__(self, input_type: str = "text", width: str = "", **attributes: str) -> None:
        super().__init__(input_type)
        self.width = width
        self.attributes = attributes

    def __call__(self, field: Any, **kwargs: Any) -> Any:
        kwargs = {**self.attributes, **kwargs}
        if self.width:
            kwargs["params"] = {"classes": f"govuk-input--width-{self.width}", **kwargs.get("params", {})}
        return super().__call__(field, **kwargs)


class PasswordInput(Worded, GovPasswordInput):
    """A password with a button that shows it."""

    def map_gov_params(self, field: Any, **kwargs: Any) -> Params:
        words = {
            "showPasswordText": _("Show"),
            "hidePasswordText": _("Hide"),
            "showPasswordAriaLabelText": _("Show password"),
            "hidePasswordAriaLabelText": _("Hide password"),
            "passwordShownAnnouncementText": _("Your password is visible"),
            "passwordHiddenAnnouncementText": _("Your password is hidden"),
        }
        return {**words, **super().map_gov_params(field, **kwargs)}


class CharacterCount(Worded, GovCharacterCount):
    """Several lines with a counter of the characters left."""

    def map_gov_params(self, field: Any, **kwargs: Any) -> Params:
        left = _("%(count)s characters left", count=COUNT)
        over = _("%(count)s characters too many", count=COUNT)
        words = {
            "textareaDescriptionText": _("Up to %(count)s characters", count=COUNT),
            "charactersUnderLimitText": {"one": _("%(count)s character left", count=COUNT), "other": left},
            "charactersAtLimitText": _("No characters left"),
            "charactersOverLimitText": {"one": _("%(count)s character too many", count=COUNT), "other": over},
        }
        return {**words, **super().map_gov_params(field, **kwargs)}


class TextArea(Worded, GovTextArea):
    """Several lines."""


class Select(Worded, GovSelect):
    """One of a list."""


class Radios(Worded, GovRadioInput):
    """One of a few, all in sight."""


class Checkbox(Worded, GovCheckboxInput):
    """A single yes."""


class Checkboxes(Worded, GovCheckboxesInput):
    """Several of a list."""


class FileInput(Worded, GovFileInput):
    """A file to choose."""


def options(choices: Any) -> list[SelectChoice]:
    """(value, label) pairs as WTForms wants them."""
    return [item if isinstance(item, SelectChoice) else SelectChoice(*item) for item in choices]
