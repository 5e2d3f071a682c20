"""Verbs on the import of a roster: the file comes in, is read, mapped, answered, given up. Saving stands beside.

Until a roster is saved nothing of it is anywhere but in its import: the file in the store, its cells and what was
typed sealed in the row. All of it goes when the import ends, or after OPEN_DAYS without a hand on it.
"""

import json
from dataclasses import dataclass, field
from datetime import timedelta
from io import BytesIO
from typing import Any

from app.core import audit, authz, clock, crypto, storage, tabular
from app.core.authz import SYSTEM, Actor
from app.core.db import db, new_public_id
from app.core.errors import Refused, TransitionNotAllowed
from app.core.storage import FileKind
from app.core.tabular import FileRefused, Workbook
from app.core.text_encoding import EncodingChoice
from app.visits import roster_queries as queries
from app.visits.models import RosterImport, RosterImportState, Visit
from app.visits.roster.draft import Answers, RosterDraft, RosterMapping
from app.visits.roster.reader import read_roster
from app.visits.roster_rules import rules_of
from app.visits.service import check_version, require_editable

PERMISSION = "roster:import"
TABLE = "roster_import"
OPEN_DAYS = 30  # an import nobody touches is given up: passport numbers do not lie about


@dataclass(frozen=True)
class Said:
    """What the user said about a file: `answers` to its reader; `take_off`: whom of the visit to take off."""

    answers: Answers = field(default_factory=Answers)
    take_off: frozenset[str] = frozenset()

    def to_json(self) -> dict[str, Any]:
        """A JSON-able form. It may hold passport numbers: store it sealed."""
        return {"answers": self.answers.to_json(), "take_off": sorted(self.take_off)}

    @classmethod
    def from_json(cls, stored: dict[str, Any]) -> "Said":
        """The same from its JSON form."""
        return cls(Answers.from_json(stored["answers"]), frozenset(stored["take_off"]))


def start(actor: Actor, visit: Visit, *, data: bytes, filename: str) -> RosterImport:
    """Take a file in and read it. Earlier imports of the same person for the same visit are given up.

    A text file whose encoding cannot be proved is taken in unread: `encodings` then says what to ask.
    Raises: Forbidden; TransitionNotAllowed once the visit is over; Refused beside `file` with what is wrong with it.
    """
    require_editable(actor, visit, PERMISSION)
    workbook: Workbook | None = None
    try:
        workbook = tabular.read(data, filename)
    except FileRefused as refusal:
        if not refusal.choices:
            raise Refused({"file": [refusal.sentence]}) from refusal
    for earlier in queries.open_imports(visit):
        if earlier.created_by_id == actor.id:
            _end(actor, earlier, RosterImportState.ABANDONED, "roster:abandon")
    stored = storage.save(
        BytesIO(data),
        filename,
        kind=FileKind.ROSTER,
        subject=visit,
        actor=actor,
        institution_id=visit.host_institution_id,
    )
    made = RosterImport(public_id=new_public_id(), visit=visit, stored_file=stored, created_by_id=actor.id)
    if workbook is not None:
        _keep_workbook(made, workbook)
    db.session.add(made)
    audit.record(actor, "roster:upload", made)
    return made


def encodings(roster_import: RosterImport) -> tuple[EncodingChoice, ...]:
    """How the letters of a file can be read, when that has to be asked; () once it has been read."""
    if roster_import.sealed_workbook:
        return ()
    try:
        with storage.open_file(roster_import.stored_file) as file:
            tabular.read(file.read(), roster_import.stored_file.name)
    except FileRefused as refusal:
        return refusal.choices
    return ()


def choose_encoding(actor: Actor, roster_import: RosterImport, *, encoding: str, version: int | None = None) -> None:
    """Read the file in the encoding its user names.

    Raises: Forbidden, TransitionNotAllowed, Stale; Refused beside `encoding` where the file cannot be read so.
    """
    _require_open(actor, roster_import, version)
    try:
        with storage.open_file(roster_import.stored_file) as file:
            workbook = tabular.read(file.read(), roster_import.stored_file.name, encoding=encoding)
    except FileRefused as refusal:
        raise Refused({"encoding": [refusal.sentence]}) from refusal
    _keep_workbook(roster_import, workbook)
    audit.record(actor, "roster:answer", roster_import, changes={"encoding": [None, encoding]})


def map_columns(
    actor: Actor, roster_import: RosterImport, *, mapping: RosterMapping, version: int | None = None
) -> None:
    """Say what each column of the file holds. Raises: Forbidden, TransitionNotAllowed, Stale."""
    _require_open(actor, roster_import, version)
    roster_import.mapping = mapping.to_json()
    changes = audit.changes_of(roster_import)
    if changes:
        audit.record(actor, "roster:answer", roster_import, changes=changes)


def answer(actor: Actor, roster_import: RosterImport, *, said: Said, version: int | None = None) -> bool:
    """Keep what the user said. Returns whether that was anything new.

    The audit names what was said about, never the values: they may be passport numbers.
    Raises: Forbidden, TransitionNotAllowed, Stale.
    """
    _require_open(actor, roster_import, version)
    before = said_of(roster_import)
    if before == said:
        return False
    text = json.dumps(said.to_json(), ensure_ascii=False)
    roster_import.sealed_answers = crypto.seal(text, **_place("answers", roster_import))
    audit.record(actor, "roster:answer", roster_import, changes=dict.fromkeys(_said_about(before, said)))
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


def abandon(actor: Actor, roster_import: RosterImport) -> None:
    """Give an import up: its file and all it holds are deleted, the visit stays as it is.

    Possible also once the visit is over. Raises: Forbidden, TransitionNotAllowed.
    """
    authz.require(actor, PERMISSION, roster_import.visit)
    if roster_import.state is not RosterImportState.OPEN:
        raise TransitionNotAllowed()
    _end(actor, roster_import, RosterImportState.ABANDONED, "roster:abandon")


def abandon_old() -> int:
    """Give up the imports nobody has touched for OPEN_DAYS; returns how many. Safe to repeat."""
    left = queries.untouched_since(clock.now() - timedelta(days=OPEN_DAYS))
    for roster_import in left:
        _end(SYSTEM, roster_import, RosterImportState.ABANDONED, "roster:abandon")
    return len(left)


def finish(actor: Actor, roster_import: RosterImport, result: dict[str, int]) -> None:
    """End an import that was saved, keeping nothing of it but the counts."""
    roster_import.result = result
    _end(actor, roster_import, RosterImportState.CONFIRMED, "")


def _end(actor: Actor, roster_import: RosterImport, state: RosterImportState, verb: str) -> None:
    roster_import.state = state
    roster_import.sealed_workbook = roster_import.sealed_answers = ""
    roster_import.mapping = {}
    storage.remove(roster_import.stored_file)
    if verb:
        audit.record(actor, verb, roster_import, to_state=state.value)


def draft_of(roster_import: RosterImport) -> RosterDraft | None:
    """The roster as read with what was said so far; None as long as the encoding is not known."""
    if not roster_import.sealed_workbook:
        return None
    stored = crypto.open_(roster_import.sealed_workbook, **_place("workbook", roster_import))
    return read_roster(
        Workbook.from_json(json.loads(stored)),
        rules=rules_of(roster_import.visit),
        mapping=RosterMapping.from_json(roster_import.mapping),
        answers=said_of(roster_import).answers,
    )


def said_of(roster_import: RosterImport) -> Said:
    """What the user has said so far."""
    if not roster_import.sealed_answers:
        return Said()
    stored = crypto.open_(roster_import.sealed_answers, **_place("answers", roster_import))
    return Said.from_json(json.loads(stored))


def _require_open(actor: Actor, roster_import: RosterImport, version: int | None) -> None:
    require_editable(actor, roster_import.visit, PERMISSION)
    if roster_import.state is not RosterImportState.OPEN:
        raise TransitionNotAllowed()
    check_version(roster_import, version)


def _keep_workbook(roster_import: RosterImport, workbook: Workbook) -> None:
    text = json.dumps(workbook.to_json(), ensure_ascii=False)
    roster_import.sealed_workbook = crypto.seal(text, **_place("workbook", roster_import))


def _place(column: str, roster_import: RosterImport) -> dict[str, str]:
    return {"table": TABLE, "column": column, "row_public_id": roster_import.public_id}
