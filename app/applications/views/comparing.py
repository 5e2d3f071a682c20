"""Two people edited the same section: what the other one stored beside what this one typed, row by row."""

from typing import Any

from flask_babel import gettext as _
from wtforms import FieldList

from app.core import conflict
from app.core.conflict import Difference
from app.core.forms import HiddenField, VersionedForm

SILENT = frozenset({"choice"})  # an offer of the page, nothing that is stored


def differences(form: VersionedForm, stored: VersionedForm, version: int) -> list[Difference]:
    """Every field in which the typed section differs from the stored one; the form takes over the present version.

    `stored`: the form of the section as it is stored now.
    """
    single = {name: field.data for name, field in stored._fields.items() if not isinstance(field, FieldList)}
    single.pop("csrf_token", None)
    found = conflict.differences(form, single, version)
    return found + (_rows(form["rows"], stored["rows"]) if "rows" in form._fields else [])


def _rows(typed: Any, stored: Any) -> list[Difference]:
    found = []
    for number in range(max(len(typed.entries), len(stored.entries))):
        ours, theirs = _row(typed, number), _row(stored, number)
        for name in dict.fromkeys((*theirs, *ours)):
            label, stored_text = theirs.get(name, (ours.get(name, ("", ""))[0], ""))
            typed_text = ours.get(name, ("", ""))[1]
            if stored_text != typed_text:
                found.append(
                    Difference(_("Row %(number)s, %(field)s", number=number + 1, field=label), stored_text, typed_text)
                )
    return found


def _row(rows: Any, number: int) -> dict[str, tuple[str, str]]:
    """(label, words) of a row's fields by name; nothing for a row that is not there or is empty."""
    if number >= len(rows.entries):
        return {}
    row = rows.entries[number].form
    if not row.is_filled:
        return {}
    return {
        name: (str(field.label.text), _words(field))
        for name, field in row._fields.items()
        if not isinstance(field, HiddenField) and name not in SILENT
    }


def _words(field: Any) -> str:
    """A field's value as people read it; what cannot be read as it was typed."""
    if hasattr(field, "iter_choices"):
        return next((str(label) for _value, label, selected, *_rest in field.iter_choices() if selected), "")
    return str(field._value() or "")
