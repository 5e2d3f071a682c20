"""What is done with a roster's file until its people are saved: read, mapped, answered, given up.

Permissions and states are the caller's: a visit and an exchange plan keep their own files (`RosterFile`).
"""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any, TypeVar

from app.core import audit, crypto, storage, tabular
from app.core.authz import Actor
from app.core.db import db, new_public_id
from app.core.errors import Refused
from app.core.storage import FileKind
from app.core.tabular import FileRefused, Workbook
from app.core.text_encoding import EncodingChoice
from app.invitees.roster.draft import Answers, RosterDraft, RosterMapping, RosterRules
from app.invitees.roster.reader import read_roster
from app.invitees.roster_model import RosterFile, RosterImportState

Held = TypeVar("Held", bound=RosterFile)
OPEN_DAYS = 30  # a file nobody touches is given up: passport numbers do not lie about


@dataclass(frozen=True)
class Said:
    """What the user said about a file: `answers` to its reader; `take_off`: whom of those listed to take off."""

    answers: Answers = field(default_factory=Answers)
    take_off: frozenset[str] = frozenset()

    def to_json(self) -> dict[str, Any]:
        """A JSON-able form. It may hold passport numbers: store it sealed."""
        return {"answers": self.answers.to_json(), "take_off": sorted(self.take_off)}

    @classmethod
    def from_json(cls, stored: dict[str, Any]) -> "Said":
        """The same from its JSON form."""
        return cls(Answers.from_json(stored["answers"]), frozenset(stored["take_off"]))


def open_file(data: bytes, filename: str) -> Workbook | None:
    """The cells of a file; None where its encoding has to be asked. Raises: Refused beside `file`."""
    try:
        return tabular.read(data, filename)
    except FileRefused as refusal:
        if not refusal.choices:
            raise Refused({"file": [refusal.sentence]}) from refusal
    return None


def take_in(
    actor: Actor, data: bytes, filename: str, *, earlier: Sequence[Held], subject: Any, make: Callable[..., Held]
) -> Held:
    """Store a file that belongs to `subject` and read it; `make` gives the row that holds it. Of the `earlier` files
    those of the same person are given up. Raises: Refused beside `file`.
    """
    workbook = open_file(data, filename)
    for held in earlier:
        if held.created_by_id == actor.id:
            end(actor, held, RosterImportState.ABANDONED, "roster:abandon")
    stored = storage.save(
        BytesIO(data),
        filename,
        kind=FileKind.ROSTER,
        subject=subject,
        actor=actor,
        institution_id=subject.host_institution_id,
    )
    made = make(public_id=new_public_id(), stored_file=stored, created_by_id=actor.id)
    if workbook is not None:
        keep_workbook(made, workbook)
    db.session.add(made)
    audit.record(actor, "roster:upload", made)
    return made


def keep_workbook(held: RosterFile, workbook: Workbook) -> None:
    """Seal the cells into the row."""
    text = json.dumps(workbook.to_json(), ensure_ascii=False)
    held.sealed_workbook = crypto.seal(text, **_place("workbook", held))


def encodings(held: RosterFile) -> tuple[EncodingChoice, ...]:
    """How the letters of a file can be read, when that has to be asked; () once it has been read."""
    if held.sealed_workbook:
        return ()
    try:
        with storage.open_file(held.stored_file) as file:
            tabular.read(file.read(), held.stored_file.name)
    except FileRefused as refusal:
        return refusal.choices
    return ()


def read_as(actor: Actor, held: RosterFile, encoding: str) -> None:
    """Read the file in the encoding its user names. Raises: Refused beside `encoding` where it cannot be read so."""
    try:
        with storage.open_file(held.stored_file) as file:
            workbook = tabular.read(file.read(), held.stored_file.name, encoding=encoding)
    except FileRefused as refusal:
        raise Refused({"encoding": [refusal.sentence]}) from refusal
    keep_workbook(held, workbook)
    audit.record(actor, "roster:answer", held, changes={"encoding": [None, encoding]})


def map_columns(actor: Actor, held: RosterFile, mapping: RosterMapping) -> None:
    """Say what each column of the file holds."""
    held.mapping = mapping.to_json()
    changes = audit.changes_of(held)
    if changes:
        audit.record(actor, "roster:answer", held, changes=changes)


def answer(actor: Actor, held: RosterFile, said: Said) -> bool:
    """Keep what the user said. Returns whether that was anything new.

    The audit names what was said about, never the values: they may be passport numbers.
    """
    before = said_of(held)
    if before == said:
        return False
    text = json.dumps(said.to_json(), ensure_ascii=False)
    held.sealed_answers = crypto.seal(text, **_place("answers", held))
    audit.record(actor, "roster:answer", held, changes=dict.fromkeys(_said_about(before, said)))
    return True


def _said_about(before: Said, after: Said) -> list[str]:
    """The fields that were answered or corrected anew."""
    old, new = before.answers, after.answers
    fields = {name for name in {*old.for_all, *new.for_all} if old.for_all.get(name) != new.for_all.get(name)}
    for key in {*old.rows, *new.rows}:
        mine, theirs = new.rows.get(key, {}), old.rows.get(key, {})
        fields |= {name for name in {*mine, *theirs} if mine.get(name) != theirs.get(name)}
    if old.left_out != new.left_out:
        fields.add("left_out")
    if before.take_off != after.take_off:
        fields.add("take_off")
    return sorted(fields)


def end(actor: Actor, held: RosterFile, state: RosterImportState, verb: str) -> None:
    """End an import: its file and all that was read from it are deleted; `verb` ("" for none) goes into the audit."""
    held.state = state
    held.sealed_workbook = held.sealed_answers = ""
    held.mapping = {}
    storage.remove(held.stored_file)
    if verb:
        audit.record(actor, verb, held, to_state=state.value)


def draft_of(held: RosterFile, rules: RosterRules) -> RosterDraft | None:
    """The roster as read with what was said so far; None as long as the encoding is not known."""
    if not held.sealed_workbook:
        return None
    stored = crypto.open_(held.sealed_workbook, **_place("workbook", held))
    return read_roster(
        Workbook.from_json(json.loads(stored)),
        rules=rules,
        mapping=RosterMapping.from_json(held.mapping),
        answers=said_of(held).answers,
    )


def said_of(held: RosterFile) -> Said:
    """What the user has said so far."""
    if not held.sealed_answers:
        return Said()
    stored = crypto.open_(held.sealed_answers, **_place("answers", held))
    return Said.from_json(json.loads(stored))


def _place(column: str, held: RosterFile) -> dict[str, str]:
    return {"table": str(held.__tablename__), "column": column, "row_public_id": held.public_id}
