"""Reads a roster: finds header and columns, reads people, asks what the file does not say. Saves nothing.

`read_roster` gives a draft; `apply` reads again with a corrected mapping and with answers; `accept` takes every
proposal. Pure: no database, no clock, no request.
"""

from collections.abc import Iterable, Mapping

from app.core.tabular import Workbook
from app.invitees.roster import checks, columns, names, questions, values
from app.invitees.roster.dates import Order, is_buddhist_header, order_of_column
from app.invitees.roster.draft import REQUIRED, Answers, RosterDraft, RosterMapping, RosterRules, SheetMapping
from app.invitees.roster.findings import Finding
from app.invitees.roster.people import Context, Reader
from app.invitees.roster.rows import SheetRows, split_sheet

DATES = ("date_of_birth", "passport_expiry")


def read_roster(
    workbook: Workbook,
    *,
    rules: RosterRules | None = None,
    mapping: RosterMapping | None = None,
    answers: Answers | None = None,
) -> RosterDraft:
    """The people of a workbook as far as it tells, and what must still be said.

    `mapping` replaces the detected header and columns of the sheets that it names; `answers` fill what is missing and
    correct single values. Never raises on any table.
    """
    draft = RosterDraft(workbook, rules or RosterRules(), RosterMapping(), answers or Answers())
    _map(draft, mapping or RosterMapping())
    sheets = _split(draft)
    context = _context(draft, sheets)
    draft.rows = [Reader(raw, context).read() for sheet in sheets.values() for raw in sheet.people]
    checks.check(draft.rows, draft.rules)
    _say_about_file(draft, sheets)
    draft.questions = questions.ask(draft, sheets, context)
    return draft


def apply(draft: RosterDraft, *, mapping: RosterMapping | None = None, answers: Answers | None = None) -> RosterDraft:
    """The same file read again with another mapping or other answers (those not given stay)."""
    return read_roster(
        draft.workbook, rules=draft.rules, mapping=mapping or draft.mapping, answers=answers or draft.answers
    )


def accept(draft: RosterDraft) -> Answers:
    """The draft's answers with every proposed answer taken."""
    for_all = {question.field: question.proposed for question in draft.questions if question.proposed}
    rows: dict[str, dict[str, str]] = {}
    for question in draft.questions:
        for key, value in question.per_row.items():
            rows.setdefault(key, {})[question.field] = value
    # What the user has already said stays on top.
    return Answers(for_all, rows).merged(draft.answers)


def _map(draft: RosterDraft, wanted: RosterMapping) -> None:
    """Fill the draft's mapping and columns: as the user says, else as detected."""
    sheets: dict[int, SheetMapping] = {}
    for place, sheet in enumerate(draft.workbook.sheets):
        if place in wanted.sheets:
            sheets[place] = _inside(wanted.sheets[place], len(sheet.rows))
            draft.columns += columns.describe(sheet, place, sheets[place])
        else:
            sheets[place], found = columns.detect(sheet, place)
            draft.columns += found
    draft.mapping = RosterMapping(sheets)


def _inside(mapping: SheetMapping, height: int) -> SheetMapping:
    """A mapping without header rows that the sheet does not have."""
    rows = tuple(sorted(row for row in mapping.header_rows if 1 <= row <= height))
    return SheetMapping(rows, mapping.columns, mapping.skipped)


def _split(draft: RosterDraft) -> dict[int, SheetRows]:
    read = [place for place, sheet in draft.mapping.sheets.items() if sheet.columns and not sheet.skipped]
    return {
        place: split_sheet(draft.workbook, place, draft.mapping.sheets[place], named=len(read) > 1) for place in read
    }


def _context(draft: RosterDraft, sheets: Mapping[int, SheetRows]) -> Context:
    """What the columns of each sheet prove together."""
    context = Context(draft.rules, draft.answers)
    orders: dict[tuple[int, str], Order | None] = {}
    for place, sheet in sheets.items():
        for name in DATES:
            header = sheet.headers.get(name, "")
            buddhist = is_buddhist_header(header)
            texts = [raw.text(name) for raw in sheet.people if name in raw.cells and raw.cells[name].kind != "date"]
            orders[place, name] = order_of_column(header, texts, buddhist=buddhist) or _answered_order(draft.answers)
            if buddhist:
                context.buddhist |= {(place, name)}
        if "full_name" in sheet.headers:
            context.name_orders = {**context.name_orders, place: _name_order(draft.answers, sheet)}
        if values.is_spanish_column([raw.text("sex") for raw in sheet.people]):
            context.spanish_sex |= {place}
    context.date_orders = orders
    return context


def _answered_order(answers: Answers) -> Order | None:
    order = answers.for_all.get("date_order")
    return order if order in ("dmy", "mdy") else None  # type: ignore[return-value]


def _name_order(answers: Answers, sheet: SheetRows) -> names.OrderFound:
    texts = [raw.text("full_name") for raw in sheet.people]
    found = names.order_of_column(sheet.headers["full_name"], texts, _nationalities(answers, sheet))
    answer = answers.for_all.get("name_order")
    if answer not in ("surname_first", "given_first"):
        return found
    shown_by = found.shown_by if found.order == answer else "nothing"
    return names.OrderFound(answer, shown_by, True)  # type: ignore[arg-type]


def _nationalities(answers: Answers, sheet: SheetRows) -> Iterable[str | None]:
    yield values.nationality(answers.for_all.get("nationality", ""))
    for raw in sheet.people:
        yield values.nationality(raw.text("nationality"))


def _say_about_file(draft: RosterDraft, sheets: Mapping[int, SheetRows]) -> None:
    """Findings on the file: its encoding, sheets, lines that are not people, columns that it lacks."""
    workbook = draft.workbook
    if workbook.encoding == "cp932":
        draft.findings.append(Finding("read_as_cp932"))
    elif workbook.encoding and not workbook.encoding.startswith(("utf-8", "utf-16")):
        draft.findings.append(Finding("read_as", found=workbook.encoding))
    draft.findings += [Finding("hidden_sheet", found=name) for name in workbook.hidden_sheets]
    for place, sheet in enumerate(workbook.sheets):
        if sheets and place not in sheets and sheet.rows and not draft.mapping.sheets[place].skipped:
            draft.findings.append(Finding("sheet_without_people", found=sheet.name))
    for found in sheets.values():
        draft.findings += [Finding("row_left_aside", cell=ref, found=text) for ref, text in found.aside]
    if not sheets:
        draft.findings.append(Finding("no_header"))
    elif not draft.people:
        draft.findings.append(Finding("nobody"))
    _say_columns_missing(draft, sheets)


def _say_columns_missing(draft: RosterDraft, sheets: Mapping[int, SheetRows]) -> None:
    sources = {"given_names": "full_name", "sex": "title", "first_visit": "visited_before"}
    for name in (*REQUIRED, "email"):
        held = (name, sources.get(name, name))
        if name in draft.rules.optional:
            continue
        if sheets and not any(set(held) & set(sheet.headers) for sheet in sheets.values()):
            draft.findings.append(Finding("column_missing", name))
