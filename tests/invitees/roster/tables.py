"""Rosters for the tests: the six shared ones, and tables written in a test."""

import json
import string
from datetime import date
from pathlib import Path
from typing import Any

from app.core import tabular
from app.core.tabular import Cell, Sheet, Workbook, column_letters
from app.invitees.roster.draft import RosterRules

ROSTERS = Path(__file__).parent.parent.parent / "data" / "rosters"
#: A course of the kind of A: invitees of 40 at most, first visits; a visit in January 2027.
RULES = RosterRules(entry=date(2027, 1, 18), exit=date(2027, 1, 24), max_age=40, first_visit_wanted=True)


def roster(name: str) -> Workbook:
    """One of the six shared rosters, by the start of its file name."""
    path = next(path for path in ROSTERS.iterdir() if path.name.startswith(name) and path.suffix != ".json")
    return tabular.read(path.read_bytes(), path.name)


def expected(name: str) -> Any:
    """What must be found in it."""
    return json.loads(next(ROSTERS.glob(f"{name}*.expected.json")).read_text())


def table(*rows: list[Any], name: str = "List") -> Workbook:
    """A workbook of one sheet with these rows; dates stay dates."""
    return Workbook("workbook", [sheet(name, *rows)])


def long_table(people: int) -> Workbook:
    """A roster of so many complete people, each with a passport number and a name of their own."""
    header = ["Surname", "Given names", "Sex", "Date of birth", "Nationality", "Passport No", "Passport expiry"]
    header += ["Category", "E-mail", "University", "Role", "First visit", "Food", "Notes"]
    letters = str.maketrans(string.digits, "ABCDEFGHIJ")

    def row(number: int) -> list[Any]:
        name, given = f"NAME {string.ascii_uppercase[number % 26]}", f"GIVEN {number}".translate(letters)
        identity = [name, given, "F", f"{number % 28 + 1}/12/2001", "Nepal", f"PA{number:07}", "31/12/2030"]
        study = ["Master's student", f"p{number}@example.edu.np", "Tribhuvan University"]
        return [*identity, *study, "Invitee", "Yes", "vegetarian", "no pork"]

    return table(header, *(row(number) for number in range(people)))


def sheet(name: str, *rows: list[Any]) -> Sheet:
    """A sheet with these rows."""
    return Sheet(
        name,
        [[_cell(value, row, column) for column, value in enumerate(cells, 1)] for row, cells in enumerate(rows, 1)],
    )


def _cell(value: Any, row: int, column: int) -> Cell | None:
    if value is None or value == "":
        return None
    kind = "date" if isinstance(value, date) else "text"
    text = value.isoformat() if isinstance(value, date) else str(value)
    return Cell(value if kind == "date" else text, kind, f"{column_letters(column)}{row}", text)  # type: ignore[arg-type]
