"""Two people edited the same section: what the other one stored beside what this one typed, row by row."""

from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import zip_longest
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
    """What differs between rows that belong together; a row that only one side has, in one line."""
    ours, theirs = _filled_rows(typed), _filled_rows(stored)
    found: list[Difference] = []
    for our, their in _paired(ours, theirs):
        if our is None:
            found.append(Difference(_("Row %(number)s of what is stored", number=their.number), their.text, ""))
        elif their is None:
            found.append(Difference(_("Row %(number)s", number=our.number), "", our.text))
        else:
            found.extend(_cells(our, their))
    return found


@dataclass(frozen=True, slots=True)
class Row:
    """A row in which something stands: its place on the page, who it is ("" if unknown), (label, words) by field."""

    number: int
    key: str
    cells: dict[str, tuple[str, str]]

    @property
    def words(self) -> tuple[str, ...]:
        return tuple(words for _label, words in self.cells.values())

    @property
    def text(self) -> str:
        return " · ".join(words for words in self.words if words)


def _cells(our: Row, their: Row) -> list[Difference]:
    found = []
    for name, (label, stored) in their.cells.items():
        typed = our.cells[name][1]
        if stored != typed:
            found.append(Difference(_("Row %(number)s, %(field)s", number=our.number, field=label), stored, typed))
    return found


def _paired(ours: list[Row], theirs: list[Row]) -> Iterator[tuple[Any, Any]]:
    """(typed, stored) rows that belong together: by who they are if they are known one by one, else by what they say.

    A row put in or taken out by one side does not make all rows after it differ.
    """
    if any(row.key for row in theirs):
        held = {row.key: row for row in theirs}
        yield from ((our, held.pop(our.key, None)) for our in ours)
        yield from ((None, their) for their in held.values())
        return
    match = SequenceMatcher(None, [row.words for row in theirs], [row.words for row in ours], autojunk=False)
    for tag, first, last, our_first, our_last in match.get_opcodes():
        if tag != "equal":
            yield from zip_longest(ours[our_first:our_last], theirs[first:last])


def _filled_rows(rows: Any) -> list[Row]:
    found = []
    for number, entry in enumerate(rows.entries, 1):
        if not entry.form.is_filled:
            continue
        fields = entry.form._fields
        cells = {
            name: (str(field.label.text), _words(field))
            for name, field in fields.items()
            if not isinstance(field, HiddenField) and name not in SILENT
        }
        found.append(Row(number, str(fields["id"].data or "") if "id" in fields else "", cells))
    return found


def _words(field: Any) -> str:
    """A field's value as people read it; what cannot be read as it was typed."""
    if hasattr(field, "iter_choices"):
        return next((str(label) for _value, label, selected, *_rest in field.iter_choices() if selected), "")
    return str(field._value() or "")
