"""How a plan's workbook looks, prints and is protected."""

from collections.abc import Sequence
from typing import Any
from unicodedata import east_asian_width

from flask_babel import lazy_gettext as _l
from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, PatternFill, Protection, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from app.applications.workbook.layout import Field, Sheet

A4 = "9"
LABEL_SPAN = 4  # columns a label spans where single fields stand above a table
LABEL_WIDTH, VALUE_WIDTH = 38, 76
INTRODUCTION = _l("Fill in the light cells. The other cells are locked.")
WRONG_VALUE = _l("Choose from the list, or enter a value of the kind that is asked for.")
STYLE_OF = {
    "text": "text",
    "long": "text",
    "choice": "text",
    "yes": "text",
    "partner": "number",
    "integer": "number",
    "money": "money",
    "day": "day",
    "hour": "hour",
}

HIGHEST = 409  # points: a spreadsheet has no higher row
LINE, ROOM = 14, 6  # points of a line of text, and above and below it


def _font(**look: Any) -> Font:
    """A letter that Japanese spreadsheets have; others take one without serifs (family 2) in its place."""
    return Font(name="Yu Gothic", family=2, **look)


_LINE = Border(*(Side(style="thin", color="FF9AA5AD"),) * 4)
_OPEN = {
    "fill": PatternFill("solid", fgColor="FFFFFBEA"),
    "border": _LINE,
    "protection": Protection(locked=False),
    "font": _font(size=10),
}
_TOP = Alignment(vertical="top", horizontal="left", wrap_text=True, indent=1)
_LEFT = Alignment(vertical="top", horizontal="left", indent=1)
_RIGHT = Alignment(vertical="top", horizontal="right", indent=1)
_LOOKS: dict[str, dict[str, Any]] = {
    "title": {"font": _font(size=16, bold=True)},
    "hint": {"font": _font(size=10, color="FF505A5F")},
    "key": {"font": _font(size=8, color="FF9AA5AD")},
    "label": {
        "font": _font(size=10, bold=True),
        "fill": PatternFill("solid", fgColor="FFE8EEF2"),
        "border": _LINE,
        "alignment": _TOP,
    },
    "known": {"font": _font(size=10), "border": _LINE, "alignment": _TOP},
    "text": {**_OPEN, "alignment": _TOP, "number_format": "@"},
    "number": {**_OPEN, "alignment": _RIGHT, "number_format": "0"},
    "number_alone": {**_OPEN, "alignment": _LEFT, "number_format": "0"},
    "money": {**_OPEN, "alignment": _RIGHT, "number_format": "#,##0"},
    "day": {**_OPEN, "alignment": _LEFT, "number_format": "yyyy\\-mm\\-dd"},
    "hour": {**_OPEN, "alignment": _LEFT, "number_format": "hh:mm"},
}


class Styles:
    """The looks of cells, made once for a workbook and then copied: much faster than describing each cell anew."""

    def __init__(self, book: Workbook) -> None:
        scratch = book.create_sheet("styles")
        self.made: dict[str, Any] = {}
        for number, (name, look) in enumerate(_LOOKS.items(), 1):
            cell = scratch.cell(number, 1)
            for part, value in look.items():
                setattr(cell, part, value)
            self.made[name] = cell._style
        quoted = scratch.cell(1, 2)
        quoted._style = self.made["text"].__copy__()
        quoted.quotePrefix = True  # a text that Excel would take for a formula when it is edited
        self.made["text_quoted"] = quoted._style
        book.remove(scratch)

    def apply(self, cell: Any, name: str) -> None:
        """Give a cell a look."""
        cell._style = self.made[name]


def height_of(text: str, width: int, *, least: int = 0) -> int:
    """How high a row must be to show a text whole, in points; Japanese signs are twice as wide as Latin ones.

    `width`: of the column, in Latin signs; some of it is lost to the edges and to words that do not fit a line.
    """
    room = max(width - 4, 4)
    lines = 0
    for line in text.split("\n"):
        signs = sum(2 if east_asian_width(sign) in "WF" else 1 for sign in line)
        lines += 1 + max(signs - 1, 0) // room
    return min(max(least, LINE * lines + ROOM), HIGHEST)


def set_up(page: Worksheet, sheet: Sheet, columns: Sequence[Field], head: int | None, reference: str) -> None:
    """Widths, protection, A4, what repeats on every sheet of paper. `head`: the row of a table's headings."""
    widths = [column.width for column in columns] if columns else [LABEL_WIDTH, VALUE_WIDTH]
    page.column_dimensions["A"].hidden = True
    for place, width in enumerate(widths, 2):
        page.column_dimensions[get_column_letter(place)].width = width
    page.protection.sheet = True
    page.protection.insertRows = page.protection.formatRows = page.protection.formatColumns = False  # allowed
    page.sheet_view.showGridLines = False
    page.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    page.page_setup.paperSize = A4
    page.page_setup.orientation = "landscape" if sheet.landscape else "portrait"
    page.page_setup.fitToWidth, page.page_setup.fitToHeight = 1, 0
    page.page_margins.left = page.page_margins.right = 0.5
    page.page_margins.top = page.page_margins.bottom = 0.7
    page.print_area = f"B1:{get_column_letter(1 + len(widths))}{page.max_row}"
    header, footer = page.oddHeader, page.oddFooter
    assert header is not None and footer is not None
    if reference:  # an empty one makes a heading that cannot be read
        header.right.text = reference.replace("&", "&&")
    footer.left.text, footer.right.text = "&A", "&P / &N"
    if head is not None:
        page.print_title_rows = f"{head}:{head}"
        page.freeze_panes = f"B{head + 1}"
