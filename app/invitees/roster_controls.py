"""Inputs on a roster that was read: what they are called, what stands in them, and what was said by sending them.

The same table of inputs is drawn and read: an input that comes back with what was put into it says nothing.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from app.core.forms import composed
from app.core.i18n import language
from app.directory import countries
from app.invitees.roster.draft import FIELDS, FOR_ALL, Answers, Question, RosterDraft, RosterRow
from app.invitees.roster.findings import FIELD_LABELS, SHOWN_BY, VALUE_LABELS
from app.invitees.roster_reading import Said

REASON = "first_visit_reason"
CHOSEN = ("sex", "category", "role", "first_visit")  # fields of a few words
#: Fields a finding names that are no field of a person: where the person's own field stands.
HOME = {"full_name": "given_names", "title": "sex", "visited_before": "first_visit", "notes": "diet"}
# A run of letters and digits with two digits at least could be a passport number.
NUMBER_LIKE = re.compile(r"(?=[A-Za-z0-9]*\d[A-Za-z0-9]*\d)[A-Za-z0-9]{5,}")


class Sent(Protocol):
    """What came with a form."""

    def __contains__(self, key: object, /) -> bool: ...
    def __getitem__(self, key: str, /) -> str: ...
    def getlist(self, key: str, /) -> list[str]: ...


@dataclass(frozen=True)
class Control:
    """One input. `kind`: text, select or radios; `value` is what stands in it before anybody types."""

    name: str
    label: Any
    value: str = ""
    kind: str = "text"
    options: tuple[tuple[str, Any], ...] = ()
    hint: Any = ""
    offers: tuple[str, ...] = ()

    @property
    def field(self) -> str:
        """The field it is about."""
        return self.name.rpartition(".")[2]

    @property
    def id(self) -> str:
        """An id for labels and links."""
        return re.sub(r"[^A-Za-z0-9_-]", "-", self.name)


@dataclass(frozen=True)
class Asked:
    """A question with its inputs: one for everybody, and one for each person of whom the file hints at an answer."""

    question: Question
    for_all: Control | None
    per_row: tuple[Control, ...] = ()

    @property
    def controls(self) -> tuple[Control, ...]:
        """All its inputs."""
        return (*((self.for_all,) if self.for_all else ()), *self.per_row)

    @property
    def label(self) -> Any:
        """What is asked."""
        return FIELD_LABELS[self.question.field]

    @property
    def shown_by(self) -> Any:
        """Why an answer is proposed."""
        return SHOWN_BY[self.question.shown_by]


def masked(text: str) -> str:
    """Text without anything that could be a passport number."""
    return NUMBER_LIKE.sub("••••", text)


def options_of(name: str) -> tuple[tuple[str, Any], ...]:
    """The choices of a field with a fixed vocabulary; () for free text."""
    if name == "nationality":
        return tuple(countries.choices(language()))
    return tuple(VALUE_LABELS.get(name, {}).items())


def name_of(row: RosterRow) -> str:
    """A person's name for labels; the row where there is none."""
    parts = (row.value("surname"), row.value("given_names"), row.value("native_name"))
    return " ".join(str(part) for part in parts[:2] if part) or str(parts[2] or row.row_number)


def asked(draft: RosterDraft, question: Question) -> Asked:
    """A question of the draft as it is put, with what is proposed filled in."""
    name = question.field
    rows = {row.key: row for row in draft.rows}
    per_row = tuple(
        _control(f"ask.{key}.{name}", name_of(rows[key]), name, value) for key, value in question.per_row.items()
    )
    everybody = bool(question.proposed) or not question.rows or set(question.per_row) < set(question.rows)
    for_all = _control(f"all.{name}", FIELD_LABELS[name], name, question.proposed or "", question.options)
    return Asked(question, for_all if everybody else None, per_row)


def _control(name: str, label: Any, field: str, value: str, offers: tuple[str, ...] = ()) -> Control:
    options = options_of(field)
    if not options:
        return Control(name, label, value, offers=offers)
    kind = "radios" if name.startswith("all.") and len(options) <= 3 else "select"
    return Control(name, label, value, kind, options)


def cell_control(row: RosterRow, field: str, *, hidden: bool = False) -> Control:
    """The input that corrects one value of a person: what was read stands in it, else what was found.

    `hidden`: the value is not for this reader's eyes; the input is empty and can only replace it.
    """
    name = f"cell.{row.key}.{field}"
    options = options_of(field)
    label = FIELD_LABELS[field]
    if options:
        known = dict(options)
        value = _text(row.value(field))
        return Control(name, label, value if value in known else "", "select", options)
    return Control(name, label, "" if hidden else initial_text(row, field))


def initial_text(row: RosterRow, field: str) -> str:
    """What stands in a text input: the value, or what could not be read."""
    if field == REASON:
        return row.reason
    if value := _text(row.value(field)):
        return value
    return next((f.found for f in row.findings if f.field == field and f.severity in ("error", "question")), "")


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "" if value is None else str(value)


def said_by(sent: Sent, draft: RosterDraft, before: Said, *, hides_numbers: bool = False) -> Said:
    """What the user has said so far, with what this form says."""
    old = before.answers
    again = {name for name in sent.getlist("again") if name in FOR_ALL or name in ("date_order", "name_order")}
    for_all = {name: value for name, value in old.for_all.items() if name not in again}
    rows = {key: dict(values) for key, values in old.rows.items() if key not in sent.getlist("restore")}
    for question in draft.questions:
        if (value := _answer(sent, question)) is not None:
            for_all[question.field] = value
        for key in question.per_row:
            if answer := _typed(sent, f"ask.{key}.{question.field}"):
                rows.setdefault(key, {})[question.field] = answer
    for row in draft.rows:
        if row.key in sent.getlist("restore"):
            continue
        for field, text in _corrections(sent, row, hides_numbers=hides_numbers):
            rows.setdefault(row.key, {})[field] = text
    keys = {row.key for row in draft.rows}
    answers = Answers(for_all, rows, frozenset(sent.getlist("leave-out")) & keys)
    return Said(answers, frozenset(sent.getlist("take-off")))


def _typed(sent: Sent, name: str) -> str:
    return str(composed(sent[name])) if name in sent else ""


def _answer(sent: Sent, question: Question) -> str | None:
    """The answer for everybody; None where nothing is said, or only what stands there anyway."""
    value = _typed(sent, f"all.{question.field}")
    if not value or (not question.required and value == question.proposed):
        return None
    return value


def _corrections(sent: Sent, row: RosterRow, *, hides_numbers: bool) -> Iterator[tuple[str, str]]:
    for field in (*FIELDS, REASON):
        name = f"cell.{row.key}.{field}"
        if name not in sent:
            continue
        shown = cell_control(row, field, hidden=hides_numbers and field == "passport_number")
        text = _typed(sent, name)
        # An empty choice is "not chosen", an emptied text is said.
        if text.split() != composed(shown.value).split() and (text or (not shown.options and shown.value)):
            yield field, text


def given(draft: RosterDraft) -> Mapping[str, Any]:
    """The answers for everybody that are not asked at present, in words by field: they can be asked again."""
    shown = {question.field for question in draft.questions}
    words = {}
    for name, value in draft.answers.for_all.items():
        if name not in shown and name in FIELD_LABELS:
            words[name] = dict(options_of(name)).get(value, value)
    return words
