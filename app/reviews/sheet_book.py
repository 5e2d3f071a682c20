"""Score sheets as a workbook: one row for each mark, one for each text; out for reading offline, and back in.

The hidden first column says what a row is: assignment, version of its sheet, criterion or text. What comes back is told
by cell what is wrong with it.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from io import BytesIO

from flask_babel import gettext as _
from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from app.core import tabular
from app.core.exporting import neutral
from app.reviews.scoring_models import HIGHEST, LOWEST, Criterion
from app.reviews.scoring_sheet import MOST_COMMENT, MOST_TEXT, TEXTS, Sheet

KEY, REFERENCE, WHAT, MEANING, MARK, WORDS = range(6)
WIDTHS = (4, 16, 34, 60, 10, 70)
SHADE = PatternFill("solid", fgColor="F8F8FB")
APOSTROPHE = "'"


@dataclass(frozen=True, slots=True)
class Page:
    """The sheet of one assignment, with the criteria of its course; `version` is 0 before it is begun."""

    assignment: str
    version: int
    reference: str
    theme: str
    criteria: Sequence[Criterion]
    sheet: Sheet


@dataclass
class Returned:
    """What came back for one assignment: its values, and where its first row stands."""

    version: int
    cell: str
    marks: dict[str, int] = field(default_factory=dict)
    comments: dict[str, str] = field(default_factory=dict)
    texts: dict[str, str] = field(default_factory=dict)

    def sheet(self) -> Sheet:
        return Sheet(self.marks, self.comments, self.texts.get("for_panel", ""), self.texts.get("for_applicant", ""))


def write(pages: Sequence[Page]) -> bytes:
    """The workbook of these sheets, in the language in force."""
    book = Workbook()
    page: Worksheet = book.worksheets[0]
    page.title = _("Score sheets")
    head = ["", _("Reference number"), _("What is marked"), _("What the marks mean"), _("Mark"), _("Why? / Text")]
    page.append(head)
    for sheet in pages:
        for row in _rows(sheet):
            page.append([neutral(cell) for cell in row])
    _dress(page)
    stream = BytesIO()
    book.save(stream)
    return stream.getvalue()


def _rows(page: Page) -> Iterator[tuple[str | int | None, ...]]:
    code = f"{page.assignment}:{page.version}"
    for criterion in page.criteria:
        anchors = "\n".join(f"{mark} {criterion.anchor(mark)}" for mark in range(HIGHEST, LOWEST - 1, -1))
        mark, words = page.sheet.marks.get(criterion.key), page.sheet.comments.get(criterion.key, "")
        yield f"{code}:criterion:{criterion.key}", page.reference, criterion.label, anchors, mark, words
    for name, label in zip(TEXTS, (_("For the panel"), _("For the applicant")), strict=True):
        yield f"{code}:text:{name}", page.reference, label, page.theme, None, getattr(page.sheet, name)


def _dress(page: Worksheet) -> None:
    page.freeze_panes = "C2"
    check = DataValidation(type="whole", operator="between", formula1=str(LOWEST), formula2=str(HIGHEST))
    check.allow_blank = True
    page.add_data_validation(check)
    for place, width in enumerate(WIDTHS, start=1):
        page.column_dimensions[tabular.column_letters(place)].width = width
    page.column_dimensions["A"].hidden = True
    for number, row in enumerate(page.iter_rows(), start=1):
        for place, cell in enumerate(row):
            cell.alignment = Alignment(wrap_text=True, vertical="top")
            if number == 1:
                cell.font = Font(bold=True)
            elif place < MARK:
                cell.fill = SHADE
        if number > 1 and ":criterion:" in str(row[KEY].value):
            check.add(row[MARK])


def read(data: bytes, filename: str, known: Mapping[str, Sequence[Criterion]]) -> tuple[dict[str, Returned], list[str]]:
    """What came back, by assignment, and what is wrong, cell by cell; nothing is wrong with an empty list.

    `known`: the criteria of each assignment that may come back. Raises: tabular.FileRefused.
    """
    found: dict[str, Returned] = {}
    wrong: list[str] = []
    for sheet in tabular.read(data, filename).sheets:
        for number, row in enumerate(sheet.rows[1:], start=2):
            cells = [*row, *[None] * (WORDS + 1 - len(row))]
            if any(cells):
                _take(number, [cell.text if cell else "" for cell in cells], known, found, wrong)
    if not found and not wrong:
        wrong.append(_("The workbook holds no score sheet. Use the one of the packet."))
    return found, wrong


def _take(
    number: int,
    texts: Sequence[str],
    known: Mapping[str, Sequence[Criterion]],
    found: dict[str, Returned],
    wrong: list[str],
) -> None:
    assignment, version, kind, name = [*texts[KEY].split(":"), "", "", "", ""][:4]
    names = {criterion.key for criterion in known.get(assignment, ())} if kind == "criterion" else set(TEXTS)
    if assignment not in known or not version.isdecimal() or name not in names:
        wrong.append(
            _("Cell A%(row)s: this row is none of your score sheets. Do not change the first column.", row=number)
        )
        return
    held = found.setdefault(assignment, Returned(int(version), f"A{number}"))
    words = _plain(texts[WORDS])
    most = MOST_COMMENT if kind == "criterion" else MOST_TEXT
    if len(words) > most:
        wrong.append(_("Cell F%(row)s: at most %(most)s characters.", row=number, most=most))
    if kind == "text":
        held.texts[name] = words
        return
    if words:
        held.comments[name] = words
    mark = texts[MARK].strip().removesuffix(".0")
    if mark in map(str, range(LOWEST, HIGHEST + 1)):
        held.marks[name] = int(mark)
    elif mark:
        wrong.append(_("Cell E%(row)s: enter a mark from 1 to 5, not “%(mark)s”.", row=number, mark=mark[:20]))


def _plain(text: str) -> str:
    """A text without the apostrophe that keeps a spreadsheet from taking it for a formula."""
    words = text.strip()
    return words[1:] if words.startswith(APOSTROPHE) and neutral(words[1:]) == words else words
