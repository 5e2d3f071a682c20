"""The page of a roster on its way in: what was understood, what is asked, each person with what is wrong where."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from app.core import crypto
from app.core.i18n import language
from app.directory import countries
from app.invitees.roster.draft import FIELDS, RosterDraft, RosterRow
from app.invitees.roster.findings import FIELD_LABELS, Finding, label
from app.invitees.roster.problems import problems
from app.invitees.roster_controls import (
    HOME,
    REASON,
    Asked,
    Control,
    asked,
    cell_control,
    given,
    masked,
    name_of,
)
from app.invitees.roster_matching import Match, Plan
from app.invitees.roster_reading import Said

#: The columns of the preview: a heading, and the fields that share it.
GROUPS: tuple[tuple[Any, tuple[str, ...]], ...] = (
    (_l("Name as in the passport"), ("surname", "given_names", "native_name", "katakana")),
    (FIELD_LABELS["sex"], ("sex",)),
    (FIELD_LABELS["date_of_birth"], ("date_of_birth",)),
    (FIELD_LABELS["nationality"], ("nationality",)),
    (_l("Passport"), ("passport_number", "passport_expiry")),
    (FIELD_LABELS["email"], ("email",)),
    (_l("Category and role"), ("category", "role")),
    (FIELD_LABELS["affiliation"], ("affiliation",)),
    (FIELD_LABELS["first_visit"], ("first_visit",)),
    (FIELD_LABELS["diet"], ("diet",)),
)
OUTCOMES = {
    "new": (_l("New"), "info"),
    "update": (_l("Updated"), "success"),
    "same": (_l("Unchanged"), "neutral"),
    "left_out": (_l("Left out"), "neutral"),
    "open": (_l("To be mended"), "danger"),
    "asked": (_l("Waits for an answer"), "warning"),
}
GRAVITY = ("error", "question", "warning", "note")
HOLDS_UP = ("error", "question")
#: What can mend a finding, where that is not its own field alone.
MENDED_BY = {"age_over_limit": ("date_of_birth", "role"), "category_not_allowed": ("category", "role")}
PART_LABELS = {"previous_visit_reason": REASON, "sending_organization_id": "affiliation"}


@dataclass(frozen=True)
class Remark:
    """One finding as shown, with the inputs that mend it; `target` is the id of the first, wherever it stands."""

    severity: str
    sentence: str
    controls: tuple[Control, ...] = ()
    target: str = ""


@dataclass(frozen=True)
class Cell:
    """A cell of the preview: its lines, and the gravest thing said about it."""

    label: Any
    lines: tuple[str, ...]
    severity: str = ""
    keeps_lines: bool = False  # numbers and days are not broken


@dataclass(frozen=True)
class Person:
    """A row of the preview."""

    key: str
    row_number: int
    name: str
    cells: tuple[Cell, ...]
    outcome: str
    outcome_label: Any
    tone: str
    remarks: tuple[Remark, ...] = ()
    controls: tuple[Control, ...] = ()
    changes: str = ""
    is_known: bool = False
    is_corrected: bool = False
    notes: str = ""


@dataclass
class Page:
    """Everything the template shows."""

    draft: RosterDraft
    plan: Plan[Any, Any]
    said: Said
    summary: str
    saving: str
    questions: list[Asked] = field(default_factory=list)
    given: dict[str, Any] = field(default_factory=dict)
    people: list[Person] = field(default_factory=list)
    about_file: list[Remark] = field(default_factory=list)
    problems: list[tuple[str, str]] = field(default_factory=list)
    shows_missing: bool = False

    @property
    def is_ready(self) -> bool:
        """Whether the roster may be saved as it stands."""
        return not self.problems


def build(draft: RosterDraft, made: Plan[Any, Any], said: Said, *, hides_numbers: bool, editing: str = "") -> Page:
    """The page of a draft. `hides_numbers`: the reader did not type these passport numbers; `editing`: a row's key."""
    view = _View(draft, hides_numbers, editing)
    page = Page(draft, made, said, summary(draft), saving(made, said))
    page.questions = [asked(draft, question) for question in draft.questions]
    page.given = dict(given(draft))
    page.people = [view.person(match) for match in made.matches]
    page.about_file = [Remark(f.severity, view.sentence(f)) for f in draft.findings]
    page.shows_missing = bool(made.missing) and not made.count("open")
    page.problems = _problems(draft, page, view)
    return page


def summary(draft: RosterDraft) -> str:
    """What was understood, in one sentence: people, columns, questions, cells to be mended."""
    read = sum(column.field not in (None, "unused") for column in draft.columns)
    count = len(draft.rows)
    parts = [
        ngettext("%(num)s person", "%(num)s people", count),
        ngettext("%(num)s column understood", "%(num)s columns understood", read),
    ]
    if number := sum(question.required for question in draft.questions):
        parts.append(ngettext("%(num)s question", "%(num)s questions", number))
    if number := draft.count("error"):
        parts.append(ngettext("%(num)s place to be mended", "%(num)s places to be mended", number))
    return _(", ").join(parts)


def saving(made: Plan[Any, Any], said: Said) -> str:
    """What saving will do: 4 added, 1 updated."""
    gone = sum(part.public_id in said.take_off for part in made.missing)
    counts = (
        (made.count("new"), lambda n: ngettext("%(num)s added", "%(num)s added", n)),
        (made.count("update"), lambda n: ngettext("%(num)s updated", "%(num)s updated", n)),
        (made.count("same"), lambda n: ngettext("%(num)s unchanged", "%(num)s unchanged", n)),
        (made.count("left_out"), lambda n: ngettext("%(num)s left out", "%(num)s left out", n)),
        (gone, lambda n: ngettext("%(num)s taken off", "%(num)s taken off", n)),
    )
    return _(", ").join(words(number) for number, words in counts if number)


def _problems(draft: RosterDraft, page: Page, view: "_View") -> list[tuple[str, str]]:
    """What holds up saving, as (id of the place that mends it, sentence)."""
    if not problems(draft):
        return []
    found: list[tuple[str, str]] = [
        ("columns", remark.sentence) for remark in page.about_file if remark.severity in HOLDS_UP
    ]
    found += [
        (item.controls[0].id, _("Answer the question: %(question)s", question=item.label))
        for item in page.questions
        if item.question.required
    ]
    for person in page.people:
        found += [(remark.target, remark.sentence) for remark in person.remarks if remark.severity in HOLDS_UP]
    return found or [("people", sentence) for sentence in problems(draft)]


@dataclass
class _View:
    draft: RosterDraft
    hides_numbers: bool
    editing: str

    def sentence(self, finding: Finding) -> str:
        """A finding in words; without passport numbers for those who did not type them."""
        text = str(finding.sentence)
        return masked(text) if self.hides_numbers and finding.found else text

    def person(self, match: Match[Any, Any]) -> Person:
        """A row with its cells, remarks and inputs."""
        row = match.row
        is_asked = match.outcome == "open" and all(self.is_asked(f) for f in row.findings if f.severity in HOLDS_UP)
        words, tone = OUTCOMES["asked" if is_asked else match.outcome]
        is_edited = row.key == self.editing and not row.left_out
        return Person(
            key=row.key,
            row_number=row.row_number,
            name=name_of(row),
            cells=tuple(self.cell(row, heading, fields) for heading, fields in GROUPS),
            outcome=match.outcome,
            outcome_label=words,
            tone=tone,
            remarks=tuple(self.remarks(row, is_edited)) if not row.left_out else (),
            controls=tuple(self.control(row, name) for name in FIELDS) if is_edited else (),
            changes=_words(match.changes),
            is_known=match.is_known,
            is_corrected=bool(self.draft.answers.rows.get(row.key)),
            notes=masked(row.notes) if self.hides_numbers else row.notes,
        )

    def cell(self, row: RosterRow, heading: Any, fields: Sequence[str]) -> Cell:
        """The lines of a cell and how grave what is said about it is."""
        said = [f.severity for f in row.findings if _home(f) in fields]
        if "first_visit" in fields and row.reason_wanted and not row.reason:
            said.append("error")
        gravest = next((severity for severity in GRAVITY[:3] if severity in said), "")
        lines = [self.shown(row, name) for name in fields]
        if fields[0] == "surname":
            lines = [", ".join(filter(None, lines[:2])), *lines[2:]]
        if "first_visit" in fields:
            lines.append(row.reason)
        numbers = fields[0] in ("date_of_birth", "passport_number")
        return Cell(heading, tuple(filter(None, lines)), "" if row.left_out else gravest, numbers)

    def shown(self, row: RosterRow, name: str) -> str:
        """A value as people read it; what could not be read as it stands in the file."""
        value = row.value(name)
        if value in (None, ""):
            raw = next((f.found for f in row.findings if f.field == name and f.severity in HOLDS_UP), "")
            return masked(raw) if self.hides_numbers else raw
        if name == "passport_number" and self.hides_numbers:
            return crypto.masked(str(value))
        if name == "nationality":
            return countries.name(str(value), language())
        return str(label(name, value))

    def control(self, row: RosterRow, name: str) -> Control:
        """The input for a field of a row."""
        return cell_control(row, name, hidden=self.hides_numbers and name == "passport_number")

    def remarks(self, row: RosterRow, is_edited: bool) -> Iterable[Remark]:
        """What is said about a row, gravest first; each place that holds up saving has its input once."""
        drawn = set(FIELDS) if is_edited else set()
        for finding in sorted(row.findings, key=lambda f: GRAVITY.index(f.severity)):
            if self.is_asked(finding):
                continue
            name = _home(finding)
            if finding.severity not in HOLDS_UP or name not in FIELDS:
                yield Remark(finding.severity, self.sentence(finding))
                continue
            mending = [self.control(row, field) for field in MENDED_BY.get(finding.code, (name,))]
            shown = tuple(control for control in mending if control.field not in drawn)
            yield Remark(finding.severity, self.sentence(finding), shown, mending[0].id)
            drawn |= {control.field for control in mending}
        if row.reason_wanted:
            reason = Control(f"cell.{row.key}.{REASON}", FIELD_LABELS[REASON], row.reason)
            words = _("Say why %(name)s is invited again.", name=name_of(row))
            yield Remark("note" if row.reason else "error", words, (reason,), reason.id)

    def is_asked(self, finding: Finding) -> bool:
        """Whether a question above says already what this finding says of one person."""
        name = "date_order" if finding.code == "ambiguous_date" else finding.field
        asked_for = {question.field for question in self.draft.questions if question.required}
        return finding.severity == "question" and name in asked_for


def _home(finding: Finding) -> str:
    return HOME.get(finding.field or "", finding.field or "")


def _words(changes: Iterable[str]) -> str:
    names = dict.fromkeys(PART_LABELS.get(name, name) for name in changes)
    return _(", ").join(str(FIELD_LABELS[name]) for name in names)
