"""The texts of a workbook go through the forms of the plan's sections: what they refuse on a page, they refuse here.

What the workbook has no place for (an earlier version, no contacts) stays as the plan has it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from werkzeug.datastructures import MultiDict

from app.applications import row_forms, section_forms
from app.applications.workbook.layout import SHEET_OF, SHEETS
from app.applications.workbook.plain import Plain, as_text, code, in_order
from app.applications.workbook.reader import Found, Problem, Reading, Row, Section
from app.core.fields import CheckboxField, RadioField
from app.core.sentences import N_, Sentence

FORMS: Mapping[str, Any] = {
    "overview": section_forms.OverviewForm,
    "partners": row_forms.PartnersForm,
    "itinerary": row_forms.ItineraryForm,
    "people": row_forms.PeopleForm,
    "budget": row_forms.BudgetForm,
    "safety": section_forms.SafetyForm,
}
NOT_SENT_EMPTY = (CheckboxField, RadioField)  # as a browser does
HALF_FILLED = N_("Fill in the rest of this row, or empty it.")


@dataclass(slots=True)
class Checked:
    """What the plan would say (only meant where there are no problems), and every problem."""

    plain: Plain
    reading: Reading
    problems: list[Problem] = field(default_factory=list)


def check(reading: Reading, stored: Plain) -> Checked:
    """A reading held against the forms. `stored`: what the plan says now."""
    checked = Checked({}, reading, list(reading.problems))
    told = {problem.cell for problem in reading.problems}
    for sheet in SHEETS:
        section = reading.sections[sheet.section]
        form = FORMS[sheet.section](formdata=_sent(sheet.section, section, stored), meta={"csrf": False})
        if sheet.section == "people":
            _offer_partners(form, len(reading.sections["partners"].rows))
        form.validate()
        found = [*_field_problems(sheet.section, section, form), *_row_problems(sheet.section, section, form)]
        checked.problems += [problem for problem in found if problem.cell not in told]
        wrong = told | {problem.cell for problem in found}
        checked.plain[sheet.section] = _plain(sheet.section, section, form, wrong)
    return checked


def _sent(name: str, section: Section, stored: Plain) -> MultiDict[str, str]:
    """What a browser would have sent."""
    sent: MultiDict[str, str] = MultiDict()
    for known in SHEET_OF[name].fields:
        found = section.fields.get(known.name)
        text = found.text if found is not None else as_text(stored[name]["fields"][known.name])
        if text or getattr(FORMS[name], known.name).field_class not in NOT_SENT_EMPTY:
            sent[known.name] = text
    held = {row["id"]: row for row in stored[name]["rows"] if row.get("id")}
    for place, row in enumerate(section.rows):
        before = held.pop(row.id, None)
        sent[f"rows-{place}-id"] = row.id if before is not None else ""
        for column in SHEET_OF[name].columns:
            cell = row.cells.get(column.name)
            text = cell.text if cell is not None else as_text((before or {}).get(column.name))
            sent[f"rows-{place}-{column.name}"] = text
    return sent


def _offer_partners(form: Any, count: int) -> None:
    for row in form.rows:
        row.form.partner.choices = [("", ""), *((str(number), str(number)) for number in range(1, count + 1))]


def _field_problems(name: str, section: Section, form: Any) -> list[Problem]:
    found = []
    for known in SHEET_OF[name].fields:
        place = section.fields.get(known.name, Found("", ""))
        found += [
            Problem(place.cell, name, f"field:{known.name}", place.shown, text) for text in form[known.name].errors
        ]
    return found


def _row_problems(name: str, section: Section, form: Any) -> list[Problem]:
    found = []
    for place, row in enumerate(section.rows):
        entry = form.rows.entries[place].form
        for column, cell in row.cells.items():
            if column in entry._fields:
                found += [Problem(cell.cell, name, column, cell.shown, text) for text in entry[column].errors]
        if not entry.is_filled:
            found.append(_half_filled(name, row))
    return found


def _half_filled(name: str, row: Row) -> Problem:
    column, cell = next((column, cell) for column, cell in row.cells.items() if cell.shown.strip())
    return Problem(cell.cell, name, column, cell.shown, Sentence(HALF_FILLED))


def _plain(name: str, section: Section, form: Any, wrong: set[str]) -> dict[str, Any]:
    """What a form understood, as plain data; what it did not understand as it stands in the `wrong` cells."""
    fields = {
        known.name: form[known.name].data or "" if known.kind == "choice" else form[known.name].data
        for known in SHEET_OF[name].fields
    }
    rows = rows_of(name, form.rows_payload()) if SHEET_OF[name].columns else []
    ordered = in_order(rows) if name == "itinerary" else rows
    fields |= {key: cell.shown for key, cell in section.fields.items() if cell.cell in wrong}
    filled = [row for place, row in enumerate(section.rows) if form.rows.entries[place].form.is_filled]
    for row, cells in zip(rows, filled, strict=True):
        row.update({key: cell.shown for key, cell in cells.cells.items() if cell.cell in wrong and key != "partner"})
    return {"fields": fields, "rows": ordered}


def rows_of(name: str, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Rows of a form as plain data: choices by their codes, partners by their place."""
    plain = []
    for row in rows:
        values = {
            known.name: _value(known.kind, row[known.name]) for known in SHEET_OF[name].columns if known.name in row
        }
        if name == "people":
            values["partner"] = int(row["partner"] or 0)
            values["first_visit"] = "yes" if row["first_visit"] else "no"
        plain.append({"id": row["id"], **values} if "id" in row else values)
    return plain


def _value(kind: str, value: Any) -> Any:
    return code(value) if kind == "choice" else value
