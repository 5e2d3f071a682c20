"""A plan in JSON, as a program sends it: read through the same forms as a page and a workbook.

The shape is the plain form of a plan (`workbook.plain`),
`{section: {"fields": {name: value}, "rows": [{name: value}]}}`:
days as 2026-07-01, hours as 09:30, choices by their code, people with the place of their partner counted from 1.
"""

from collections.abc import Iterable, Mapping
from datetime import time
from typing import Any

from flask_babel import gettext as _

from app.applications.workbook import checking
from app.applications.workbook.layout import MOST_ROWS, SHEETS, VERSION, Field, Sheet
from app.applications.workbook.plain import Plain
from app.applications.workbook.reader import Found, Meta, Reading, Row, Section
from app.core.audit import plain as plain_value
from app.core.errors import Refused

Problems = dict[str, list[str]]
WHOLE = "plan"


def columns_of(sheet: Sheet) -> tuple[Field, ...]:
    """The values of a row. The number of a partner is its place in the list."""
    return tuple(field for field in sheet.columns if (sheet.section, field.name) != ("partners", "number"))


def read(sent: Any) -> Plain:
    """A plan out of JSON; what is left out is not said. Nobody's partners are known: a row begins a new one.

    Raises: Refused with what is wrong by its place, such as `plan.itinerary.rows[0].day`.
    """
    problems: Problems = {}
    sections = _known(sent, [sheet.section for sheet in SHEETS], WHOLE, problems)
    reading = Reading(Meta("", 0, VERSION, True))
    for sheet in SHEETS:
        reading.sections[sheet.section] = _section(sheet, sections.get(sheet.section), problems)
    _check_partners(reading, problems)
    if problems:
        raise Refused(problems)
    checked = checking.check(reading, NOTHING)
    for problem in checked.problems:
        place = problem.cell or f"{WHOLE}.{problem.section}.fields.{problem.key.removeprefix('field:')}"
        problems.setdefault(place, []).append(str(problem.expected))
    if problems:
        raise Refused(problems)
    return checked.plain


def write(plain: Plain, *, with_contacts: bool = True) -> dict[str, Any]:
    """A plan as `read` reads it."""
    told = {}
    for sheet in SHEETS:
        section = plain[sheet.section]
        told[sheet.section] = {
            **({"fields": _values(sheet.fields, section["fields"], with_contacts)} if sheet.fields else {}),
            **(
                {"rows": [_values(columns_of(sheet), row, with_contacts) for row in section["rows"]]}
                if sheet.columns
                else {}
            ),
        }
    return told


def _values(fields: tuple[Field, ...], values: Mapping[str, Any], with_contacts: bool) -> dict[str, Any]:
    return {
        field.name: f"{value:%H:%M}" if isinstance(value := values[field.name], time) else plain_value(value)
        for field in fields
        if with_contacts or not field.contact
    }


def _nothing(sheet: Sheet) -> dict[str, Any]:
    return {"fields": {field.name: None for field in sheet.fields}, "rows": []}


#: A plan that says nothing.
NOTHING: Plain = {sheet.section: _nothing(sheet) for sheet in SHEETS}


def _known(sent: Any, names: Iterable[str], place: str, problems: Problems) -> Mapping[str, Any]:
    """An object, without the names that mean nothing here; these are problems."""
    if sent is None:
        return {}
    if not isinstance(sent, dict):
        problems[place] = [_("Send an object here.")]
        return {}
    known = list(names)
    for name in sent:
        if name not in known:
            problems[f"{place}.{name[:60]}"] = [_("Not known here. Known: %(names)s", names=", ".join(known))]
    return {name: value for name, value in sent.items() if name in known}


def _section(sheet: Sheet, sent: Any, problems: Problems) -> Section:
    place = f"{WHOLE}.{sheet.section}"
    found = _known(sent, [*(["fields"] if sheet.fields else []), *(["rows"] if sheet.columns else [])], place, problems)
    fields = _texts(sheet.fields, found.get("fields"), f"{place}.fields", problems)
    rows = found.get("rows") or []
    if not isinstance(rows, list):
        problems[f"{place}.rows"] = [_("Send a list here.")]
        rows = []
    if len(rows) > MOST_ROWS:
        problems[f"{place}.rows"] = [_("At most %(limit)s rows are read. Take rows away.", limit=MOST_ROWS)]
        rows = []
    section = Section(fields=fields)
    for number, row in enumerate(rows):
        known = len(problems)
        cells = _texts(columns_of(sheet), row, f"{place}.rows[{number}]", problems)
        if len(problems) == known and not any(cell.text.strip() for cell in cells.values()):
            problems[f"{place}.rows[{number}]"] = [_("This row says nothing. Fill it in or leave it out.")]
        section.rows.append(Row("", cells))
    return section


def _texts(fields: tuple[Field, ...], sent: Any, place: str, problems: Problems) -> dict[str, Found]:
    """The values as the forms take them; each remembers its place."""
    named = {field.name: field for field in fields}
    found = {}
    for name, value in _known(sent, named, place, problems).items():
        where = f"{place}.{name}"
        text = _text(named[name], value)
        if text is None:
            problems[where] = [_expected(named[name])]
            continue
        found[name] = Found(text, where, text)
    return found


def _text(field: Field, value: Any) -> str | None:
    """A value as a form is sent it; None where nothing of that kind belongs there."""
    if value is None:
        return ""
    if field.kind == "yes" or field.words == "yes_no":
        said = {True: "yes", False: "no"}.get(value, value) if isinstance(value, bool) else value
        if said not in ("yes", "no", ""):
            return None
        return "" if field.kind == "yes" and said == "no" else said
    if isinstance(value, bool) or not isinstance(value, str | int) or not _is_text(value):
        return None
    return "" if field.kind == "partner" and value in (0, "0") else str(value)


def _is_text(value: str | int) -> bool:
    """Whether it can be written down: JSON also knows halves of characters and the character no database takes."""
    text = str(value)
    return text.isprintable() or ("\0" not in text and not any("\ud800" <= sign <= "\udfff" for sign in text))


def _expected(field: Field) -> str:
    if field.kind == "yes" or field.words == "yes_no":
        return _("Send true, false or null.")
    if field.kind in ("integer", "money", "partner"):
        return _("Send a whole number or null.")
    return _("Send a text or null.")


def _check_partners(reading: Reading, problems: Problems) -> None:
    """People come from a partner that is there."""
    count = len(reading.sections["partners"].rows)
    known = {"", *(str(number) for number in range(1, count + 1))}
    for row in reading.sections["people"].rows:
        cell = row.cells.get("partner")
        if cell is not None and cell.text not in known:
            problems[cell.cell] = [
                _("Send the place of a partner in its list, counted from 1, or null. Partners: %(count)s", count=count)
            ]
