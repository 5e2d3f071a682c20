"""What the file does not say: one question for everybody, with the answer that it suggests."""

from collections.abc import Mapping

from app.core.clock import age_on
from app.invitees.roster import hints, values
from app.invitees.roster.draft import FOR_ALL, Question, RosterDraft, RosterRow
from app.invitees.roster.people import Context
from app.invitees.roster.rows import SheetRows

OPTIONS = {
    "category": values.CATEGORIES,
    "role": values.ROLES,
    "first_visit": ("yes", "no"),
    "date_order": ("dmy", "mdy"),
    "name_order": ("surname_first", "given_first"),
}


def ask(draft: RosterDraft, sheets: Mapping[int, SheetRows], context: Context) -> list[Question]:
    """The questions of a draft, those that hold up saving and those that only show a choice."""
    asked = [_order_of_names(context), _order_of_dates(draft, context)]
    asked += [_for_all(name, draft, sheets) for name in FOR_ALL]
    return [question for question in asked if question is not None]


def _unanswered(draft: RosterDraft, name: str, code: str = "unanswered") -> list[RosterRow]:
    return [
        row
        for row in draft.people
        if any(finding.code == code and (not name or finding.field == name) for finding in row.findings)
    ]


def _order_of_names(context: Context) -> Question | None:
    """Always shown where names stand in one column; required where nothing shows the order."""
    if not context.name_orders:
        return None
    unsure = [found for found in context.name_orders.values() if not found.is_sure]
    found = unsure[0] if unsure else next(iter(context.name_orders.values()))
    return Question("name_order", bool(unsure), found.order, found.shown_by, options=OPTIONS["name_order"])


def _order_of_dates(draft: RosterDraft, context: Context) -> Question | None:
    rows = _unanswered(draft, "", "ambiguous_date")
    if not rows:
        return None
    shown = {order for order in context.date_orders.values() if order}
    proposed = shown.pop() if len(shown) == 1 else None
    keys = tuple(row.key for row in rows)
    shown_by = "column" if proposed else "nothing"
    return Question("date_order", True, proposed, shown_by, rows=keys, options=OPTIONS["date_order"])


def _for_all(name: str, draft: RosterDraft, sheets: Mapping[int, SheetRows]) -> Question | None:
    rows = _unanswered(draft, name)
    if not rows:
        return None
    propose = {
        "nationality": _nationality,
        "affiliation": _affiliation,
        "category": _nothing,
        "role": _role,
        "first_visit": _first_visit,
    }[name]
    proposed, shown_by, per_row = propose(draft, sheets, rows)
    options = draft.rules.affiliations if name == "affiliation" else OPTIONS.get(name, ())
    return Question(name, True, proposed, shown_by, per_row, tuple(row.key for row in rows), tuple(options))


Proposal = tuple[str | None, str, dict[str, str]]


def _nothing(_draft: RosterDraft, _sheets: Mapping[int, SheetRows], _rows: list[RosterRow]) -> Proposal:
    return None, "nothing", {}


def _nationality(draft: RosterDraft, sheets: Mapping[int, SheetRows], _rows: list[RosterRow]) -> Proposal:
    remarks = [text for sheet in sheets.values() for text in (*sheet.titles, *(text for _, text in sheet.aside))]
    if code := hints.nationality_of_remarks(remarks):
        return code, "footnote", {}
    addresses = [str(row.value("email") or "") for row in draft.rows]
    if code := hints.nationality_of_mails(addresses):
        return code, "email", {}
    return None, "nothing", {}


def _affiliation(draft: RosterDraft, _sheets: Mapping[int, SheetRows], _rows: list[RosterRow]) -> Proposal:
    names = draft.rules.affiliations
    return (names[0], "plan", {}) if len(names) == 1 else (None, "nothing", {})


def _role(draft: RosterDraft, _sheets: Mapping[int, SheetRows], rows: list[RosterRow]) -> Proposal:
    """By the notes; else invitee, and supervisor for those above the age limit of the course."""
    proposed: dict[str, str] = {}
    shown_by = "category"
    for row in rows:
        if hint := hints.role_of_notes(row.notes):
            proposed[row.key] = hint
            shown_by = "notes"
        else:
            proposed[row.key] = "supervisor" if _is_over_age(row, draft) else "invitee"
    return None, shown_by, proposed


def _is_over_age(row: RosterRow, draft: RosterDraft) -> bool:
    born, rules = row.values.get("date_of_birth"), draft.rules
    if born is None or rules.entry is None or rules.max_age is None:
        return False
    return age_on(rules.entry.fromisoformat(str(born.value)), rules.entry) > rules.max_age


def _first_visit(draft: RosterDraft, _sheets: Mapping[int, SheetRows], rows: list[RosterRow]) -> Proposal:
    noted = {row.key: hints.first_visit_of_notes(row.notes) for row in rows}
    per_row = {key: "yes" if first else "no" for key, first in noted.items() if first is not None}
    proposed = "yes" if draft.rules.first_visit_wanted and len(per_row) < len(rows) else None
    shown_by = "notes" if per_row else ("principle" if proposed else "nothing")
    return proposed, shown_by, per_row
