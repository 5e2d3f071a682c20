"""What would change: the plan as it stands beside the plan as the workbook has it, section by section."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time
from difflib import SequenceMatcher
from typing import Any

from flask_babel import gettext as _

from app.applications.workbook import words
from app.applications.workbook.layout import SHEET_OF, SHEETS, Field
from app.applications.workbook.plain import Plain
from app.core.fields import composed
from app.core.i18n import number

Line = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Difference:
    """A field, or a whole row, that differs; both sides as people read them ("" where there is nothing)."""

    label: str
    stored: str
    read: str


def differences(stored: Plain, read: Plain) -> dict[str, list[Difference]]:
    """Everything that differs, by section; sections without differences are left out."""
    found = {}
    for sheet in SHEETS:
        name = sheet.section
        lines = _fields(sheet.fields, stored[name]["fields"], read[name]["fields"])
        lines += _rows(name, _named(name, stored), _named(name, read))
        if lines:
            found[name] = lines
    return found


def _same(value: Any) -> Any:
    """A value as it is compared: forms keep texts composed and without outer blanks."""
    return composed(value) if isinstance(value, str) else value


def _fields(fields: Sequence[Field], stored: Line, read: Line) -> list[Difference]:
    return [
        Difference(str(field.label), _shown(field, stored[field.name]), _shown(field, read[field.name]))
        for field in fields
        if _same(stored[field.name]) != _same(read[field.name])
    ]


def _named(name: str, plain: Plain) -> list[dict[str, Any]]:
    """The rows of a section; in those of people each partner by what identifies it and what it is called."""
    rows = [dict(row) for row in plain[name]["rows"]]
    if name != "people":
        return rows
    partners = plain["partners"]["rows"]
    for row in rows:
        place = row["partner"]
        partner = partners[place - 1] if 0 < place <= len(partners) else None
        row["partner"] = (partner["id"] or f"new {place}", partner["organization"]) if partner else ("", "")
    return rows


def _key(columns: Sequence[Field], row: Line) -> tuple[Any, ...]:
    return tuple(
        row[column.name][0] if column.kind == "partner" else _same(row[column.name])
        for column in columns
        if column.name in row
    )


def _rows(name: str, stored: Sequence[Line], read: Sequence[Line]) -> list[Difference]:
    columns = [column for column in SHEET_OF[name].columns if not (name == "partners" and column.name == "number")]
    before, after = [_key(columns, row) for row in stored], [_key(columns, row) for row in read]
    found: list[Difference] = []
    for what, low, high, start, end in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if what == "equal":
            continue
        pairs = min(high - low, end - start)
        for step in range(pairs):
            found += _row(columns, start + step + 1, stored[low + step], read[start + step])
        for place in range(low + pairs, high):
            label = _("Row %(number)s, taken away", number=place + 1)
            found.append(Difference(label, _whole(columns, stored[place]), ""))
        for place in range(start + pairs, end):
            label = _("Row %(number)s, new", number=place + 1)
            found.append(Difference(label, "", _whole(columns, read[place])))
    return found


def _row(columns: Sequence[Field], place: int, stored: Line, read: Line) -> list[Difference]:
    return [
        Difference(
            _("Row %(number)s, %(field)s", number=place, field=column.label),
            _shown(column, stored[column.name]),
            _shown(column, read[column.name]),
        )
        for column in columns
        if _key([column], stored) != _key([column], read)
    ]


def _whole(columns: Sequence[Field], row: Line) -> str:
    shown = ((column.label, _shown(column, row[column.name])) for column in columns)
    return "\n".join(f"{label}{_(': ')}{text}" for label, text in shown if text)


def _shown(field: Field, value: Any) -> str:
    """A value in the reader's language."""
    if field.kind == "partner":
        return str(value[1])
    if field.words:
        code = ("yes" if value else "no") if isinstance(value, bool) else value
        return words.label(field.words, code) if code else ""
    if isinstance(value, time):
        return f"{value:%H:%M}"
    if isinstance(value, date):
        return value.isoformat()
    return number(value) if isinstance(value, int) else str(value or "")
