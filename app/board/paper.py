"""A board for the meeting: as a print (PDF) and as a workbook, in either language; recorded before it leaves."""

import math
from collections.abc import Sequence
from datetime import datetime
from io import BytesIO
from typing import Any, Literal

from flask_babel import force_locale
from flask_babel import gettext as _
from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from app.board import drawing, measures
from app.board.panel import Board, Line
from app.core import audit, authz
from app.core.authz import Actor
from app.core.exporting import neutral
from app.core.i18n import moment
from app.documents import papers
from app.documents.board_shapes import BoardDocument, BoardPlan

Language = Literal["ja", "en"]
WIDTHS = (7, 13, 44, 34, 18, 8, 26, 9, 14, 14, 9, 9, 9, 14, 14, 34)
MONEY, SCORE = "#,##0", "0.0"


def take_away(actor: Actor, board: Board, *, reason: str, form: str) -> None:
    """Record that a board leaves the system, with the reason. Raises: Forbidden."""
    authz.require_role(actor, "board:export")
    changes = {"plans": [None, len(board.lines)], "form": [None, form]}
    audit.record(actor, "board:export", board.version, comment=reason, changes=changes)


def pdf(board: Board, *, language: Language, at: datetime, size: Literal["a3", "a4"]) -> bytes:
    """The board as PDF, landscape."""
    with force_locale(language):
        document: BoardDocument = {
            "round": board.version.call.title,
            "name": board.version.name,
            "is_panels": board.version.is_panels,
            "line": board.line,
            "printed": at,
            "figures": [
                {"label": label, "value": drawing.said(measure, amount)} for measure, label, amount in _figures(board)
            ],
            "targets": [
                {
                    "label": found.label + (" †" if found.target.to_confirm else ""),
                    "value": drawing.said(found.target.measure, found.now),
                    "goal": drawing.said(found.target.measure, found.target.goal),
                }
                for found in board.targets
            ],
            "regions": [
                {
                    "label": measures.key_label("region", key.partition(":")[2]),
                    "value": drawing.said(key, board.amount(key)),
                }
                for key in board.keys("region")
            ],
            "plans": [_plan(line) for line in board.lines],
        }
    return papers.board(document, language=language, at=at, size=size)


def _figures(board: Board) -> list[tuple[str, str, int]]:
    named = ("money", *drawing.FIGURES)
    return [(measure, measures.label(measure), board.amount(measure)) for measure in named]


def _plan(line: Line) -> BoardPlan:
    return {
        "number": line.number,
        "reference": line.reference,
        "theme": line.theme,
        "host": line.host,
        "kind": drawing.kind_of(line),
        "course": line.facts.course,
        "countries": drawing.countries_of(line),
        "people": line.counts.get("people", 0),
        "money": line.counts.get("money", 0),
        "spent": line.spent,
        "score": f"{line.score.normalised:.1f}" if line.score else "–",
        "spread": f"{line.score.spread:.0f}" if line.score else "–",
        "reviews": line.score.number if line.score else 0,
        "is_first_time": line.is_first_time,
        "stand": line.stand,
        "stands": _stands(line),
        "conditions": drawing.conditions_of(line),
    }


def _stands(line: Line) -> str:
    label = str(drawing.STANDS[line.stand])
    return f"{label} {line.waiting}" if line.waiting else label


def workbook(board: Board, *, language: Language, at: datetime) -> bytes:
    """The board as an Excel workbook: the plans on one sheet, what they come to on another."""
    book = Workbook()
    plans = book.active
    assert isinstance(plans, Worksheet)
    with force_locale(language):
        plans.title = _("Plans")
        _fill(plans, _header(), [_row(line) for line in board.lines])
        _look(plans)
        sums = book.create_sheet(_("Sums"))
        _fill(sums, [_("What is counted"), _("Adopted"), _("Other rounds of the year"), _("Target")], _sums(board, at))
    for sheet in (plans, sums):
        sheet.page_setup.orientation = "landscape"
        sheet.page_setup.paperSize = 8  # A3
        sheet.page_setup.fitToHeight = 0
        sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sums.column_dimensions["A"].width = 40
    for letter in "BCD":
        sums.column_dimensions[letter].width = 20
    stream = BytesIO()
    book.save(stream)
    return stream.getvalue()


def _header() -> list[str]:
    return [
        _("Rank"),
        _("Reference number"),
        _("Theme"),
        _("Host institution"),
        _("Kind of host"),
        _("Course"),
        _("Countries and regions"),
        _("People"),
        _("Money (yen)"),
        _("Sum so far"),
        _("Score"),
        _("Spread"),
        _("Reviews"),
        _("First-time host"),
        _("Stands"),
        _("Conditions"),
    ]


def _row(line: Line) -> list[Any]:
    score = line.score
    return [
        line.number,
        line.reference,
        line.theme,
        line.host,
        drawing.kind_of(line),
        line.facts.course,
        drawing.countries_of(line),
        line.counts.get("people", 0),
        line.counts.get("money", 0),
        line.spent,
        round(score.normalised, 1) if score else None,
        round(score.spread, 1) if score else None,
        score.number if score else 0,
        "○" if line.is_first_time else "",
        _stands(line),
        drawing.conditions_of(line),
    ]


def _sums(board: Board, at: datetime) -> list[list[Any]]:
    goals = {found.target.measure: found for found in board.targets}
    keys = [measure for measure, _label, _amount in _figures(board)]
    keys += [measure for measure in goals if measure not in keys]
    keys += [key for prefix in measures.GROUPS for key in board.keys(prefix) if key not in keys]
    rows: list[list[Any]] = [
        [board.version.call.title, board.version.name, moment(at), None],
        [_("Budget line (yen)"), board.line, None, None],
    ]
    for key in keys:
        found = goals.get(key)
        rows.append(
            [
                measures.full_label(key),
                board.amount(key),
                found.before if found else None,
                found.target.goal if found else None,
            ]
        )
    return rows


def _fill(sheet: Worksheet, header: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    """Write cells; text stays text, whatever it begins with."""
    for number, row in enumerate([header, *rows], 1):
        for column, value in enumerate(row, 1):
            if value is None or value == "":
                continue
            cell = sheet.cell(number, column)
            cell.value = ILLEGAL_CHARACTERS_RE.sub("", neutral(value)) if isinstance(value, str) else value
            if isinstance(value, str):
                cell.data_type = "s"
            elif isinstance(value, int):
                cell.number_format = MONEY
            elif isinstance(value, float) and math.isfinite(value):
                cell.number_format = SCORE
    for cell in sheet[1]:
        cell.font = Font(name="Yu Gothic", family=2, bold=True)
        cell.fill = PatternFill("solid", fgColor="FFE8EEF2")
        cell.border = Border(bottom=Side(style="thin", color="FF1A1A1C"))
    sheet.freeze_panes = "A2"


def _look(sheet: Worksheet) -> None:
    for column, width in enumerate(WIDTHS, 1):
        sheet.column_dimensions[get_column_letter(column)].width = width
    for row in sheet.iter_rows(min_row=2, min_col=3, max_col=4):
        for cell in row:
            cell.alignment = Alignment(wrap_text=True, vertical="top")
    sheet.auto_filter.ref = sheet.dimensions
    sheet.print_title_rows = "1:1"
