"""A file of the foreign user list as bodies: what cannot be read is said cell by cell, and nothing is guessed.

The shape is METI's: No., country or region, company or organization, also known as (one a line in the cell), kinds of
concern. The words of the head stand in `columns.toml`, in either language.
"""

import re
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from flask_babel import gettext as _

from app.core import search
from app.core.tabular import Cell, Sheet, Workbook
from app.screening.bodies import Body

HEAD_WITHIN = 20  # rows above the list: its title, its date
LONGEST_NAME = 500
MOST_BODIES = 1_990
ALIAS_ENDS = re.compile(r"[\n\r;；|]+")
BULLET = re.compile("^[\\s\u30fb•‣●○◦·\\-–—*]+")
BETWEEN = re.compile("[\\s,、，;/／\u30fb+&]+")
NEEDED = ("number", "country", "name")


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with a cell, in the reader's language, and how to mend it."""

    cell: str
    sentence: str


@dataclass(slots=True)
class Reading:
    """What a file says: bodies in its order, and what is wrong with it."""

    bodies: list[Body] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


@cache
def _words() -> dict[str, dict[str, list[str]]]:
    return tomllib.loads(Path(__file__).with_name("columns.toml").read_text(encoding="utf-8"))


def _folded(text: str) -> str:
    return search.fold(text).replace(" ", "")


@cache
def _heads() -> dict[str, str]:
    return {_folded(word): name for name, words in _words()["columns"].items() for word in words}


@cache
def _categories() -> dict[str, str]:
    return {_folded(word): letter for letter, words in _words()["categories"].items() for word in words}


def read(workbook: Workbook) -> Reading:
    """The bodies of every sheet that has the head of the list."""
    found = Reading()
    numbers: dict[int, str] = {}
    sheets = [(sheet, head) for sheet in workbook.sheets if (head := _head(sheet)) is not None]
    if not sheets:
        found.problems.append(
            Problem(
                "",
                _(
                    "No row heads the columns “No.”, “Country or Region” and “Company or Organization”. "
                    "Use the file of the list as METI publishes it."
                ),
            )
        )
    for sheet, (row, columns) in sheets:
        _read_sheet(sheet, row, columns, found, numbers)
    if sheets and not found.bodies and not found.problems:
        found.problems.append(Problem("", _("The list has a head but no bodies below it.")))
    if len(found.bodies) > MOST_BODIES:
        found.problems.append(
            Problem("", _("The list has more than %(limit)s bodies; so many cannot be read.", limit=MOST_BODIES))
        )
    return found


def _head(sheet: Sheet) -> tuple[int, dict[str, int]] | None:
    """The row that heads the list and where its columns are; None where a sheet has no such row."""
    for place, row in enumerate(sheet.rows[:HEAD_WITHIN]):
        columns: dict[str, int] = {}
        for column, cell in enumerate(row):
            name = _column_name(cell.text) if cell is not None else None
            if name is not None:
                columns.setdefault(name, column)
        if all(name in columns for name in NEEDED):
            return place, columns
    return None


def _column_name(text: str) -> str | None:
    """The column a head means: by its first line or by all of it, as METI writes both languages into one cell."""
    for part in (text, *re.split(r"[\n\r(（]", text)):
        if (name := _heads().get(_folded(part))) is not None:
            return name
    start = _folded(text)
    return next((name for head, name in _heads().items() if len(head) > 6 and start.startswith(head)), None)


def _read_sheet(sheet: Sheet, head: int, columns: dict[str, int], found: Reading, numbers: dict[int, str]) -> None:
    country = ""
    for offset, row in enumerate(sheet.rows[head + 1 :], start=head + 2):
        cells = {name: row[column] if column < len(row) else None for name, column in columns.items()}
        if not any(cell is not None and cell.text.strip() for cell in cells.values()):
            continue
        place = _Place(sheet, offset, columns)
        country = _text(cells["country"]) or country  # a blank cell: the same as above
        body = _body(cells, country, place, found, numbers)
        if body is not None:
            found.bodies.append(body)


@dataclass(frozen=True, slots=True)
class _Place:
    """Where in the file a row stands, to name a cell even where it is empty."""

    sheet: Sheet
    row: int
    columns: dict[str, int]

    def of(self, name: str, cell: Cell | None) -> str:
        if cell is not None:
            return cell.ref
        column = self.columns[name] + 1
        known = next((c for row in self.sheet.rows for c in row if c is not None), None)
        if known is not None and ":" in known.ref:
            return f"{self.row}:{column}"
        return f"{_letters(column)}{self.row}"


def _letters(column: int) -> str:
    return chr(64 + column) if column <= 26 else f"{chr(64 + (column - 1) // 26)}{chr(65 + (column - 1) % 26)}"


def _text(cell: Cell | None) -> str:
    return " ".join(cell.text.split()) if cell is not None and cell.kind not in ("formula", "error") else ""


def _body(
    cells: dict[str, Cell | None], country: str, place: _Place, found: Reading, numbers: dict[int, str]
) -> Body | None:
    """A line of the list; None with its problems noted if it cannot be read."""
    before = len(found.problems)
    for name, cell in cells.items():
        if cell is not None and cell.kind in ("formula", "error"):
            _blame(found, place.of(name, cell), _("The cell holds a formula or an error. Enter its value as text."))
    number = _number(cells["number"], place, found, numbers)
    name = _text(cells["name"])
    if not name:
        _blame(found, place.of("name", cells["name"]), _("Enter the name of the company or organization."))
    if not country:
        _blame(found, place.of("country", cells["country"]), _("Enter the country or region."))
    aliases = list(_aliases(cells.get("aliases"), name))
    for long in [text for text in (name, *aliases) if len(text) > LONGEST_NAME]:
        _blame(
            found,
            place.of("aliases" if long != name else "name", cells.get("aliases" if long != name else "name")),
            _(
                "A name has more than %(limit)s characters. Put every name on a line of its own.",
                limit=LONGEST_NAME,
            ),
        )
    categories = _read_categories(cells.get("categories"), place, found)
    if len(found.problems) > before or number is None:
        return None
    return Body(number, country[:200], name, tuple(aliases), tuple(categories))


def _blame(found: Reading, cell: str, sentence: str) -> None:
    found.problems.append(Problem(cell, sentence))


def _number(cell: Cell | None, place: _Place, found: Reading, numbers: dict[int, str]) -> int | None:
    where = place.of("number", cell)
    text = _text(cell).rstrip(".")
    if not text.isdecimal() or int(text) < 1 or len(text) > 6:
        _blame(found, where, _("This is no number of the list. Enter a whole number from 1."))
        return None
    number = int(text)
    if number in numbers:
        _blame(
            found,
            where,
            _(
                "Number %(number)s stands in cell %(other)s too. Each number may stand once.",
                number=number,
                other=numbers[number],
            ),
        )
        return None
    numbers[number] = where
    return number


def _aliases(cell: Cell | None, name: str) -> Iterator[str]:
    """The other names of a cell, each once: one a line, with or without a dot before it."""
    if cell is None or cell.kind in ("formula", "error"):
        return
    seen = {_folded(name)}
    for line in ALIAS_ENDS.split(cell.text):
        alias = " ".join(BULLET.sub("", line).split())
        if alias and (key := _folded(alias) or alias) not in seen:
            seen.add(key)
            yield alias


def _read_categories(cell: Cell | None, place: _Place, found: Reading) -> Sequence[str]:
    """The letters of a cell such as «M,N» or «通常»; unknown ones are a problem."""
    letters: list[str] = []
    for word in BETWEEN.split(_text(cell)):
        if not word:
            continue
        letter = _categories().get(_folded(word)) or _whole(_text(cell))
        if letter is None:
            known = ", ".join(_words()["categories"])
            _blame(
                found,
                place.of("categories", cell),
                _("“%(word)s” is no kind of concern of the list (%(known)s).", word=word[:40], known=known),
            )
        elif letter not in letters:
            letters.append(letter)
    return sorted(letters, key=list(_words()["categories"]).index)


def _whole(text: str) -> str | None:
    """The letter of a cell that is a single kind of several words."""
    return _categories().get(_folded(text))


__all__: Any = ["Problem", "Reading", "read"]
