"""The words of screening: how a case stands, what others are told of it, where a name of a plan comes from."""

import enum
from typing import Any

from flask_babel import lazy_gettext as _l


class CaseState(enum.StrEnum):
    """How the screening of a plan stands."""

    CLEAR = "clear"  # nothing on the list resembles anybody of the plan
    EXAMINE = "examine"  # a person has to look
    CLEARED = "cleared"  # a person has looked
    CONDITIONS = "conditions"
    HOLD = "hold"


class Result(enum.StrEnum):
    """What JST outside the desk is told of a case (security contract, row 43)."""

    CLEAR = "clear"
    CONDITIONS = "conditions"
    HOLD = "hold"
    PENDING = "pending"

    @property
    def label(self) -> Any:
        return RESULT_LABELS[self]

    @property
    def tone(self) -> str:
        return RESULT_TONES[self]


RESULT_LABELS = {
    Result.CLEAR: _l("Cleared"),
    Result.CONDITIONS: _l("Clear under conditions"),
    Result.HOLD: _l("On hold"),
    Result.PENDING: _l("Still to be examined"),
}
RESULT_TONES = {Result.CLEAR: "success", Result.CONDITIONS: "warning", Result.HOLD: "danger", Result.PENDING: "info"}
RESULTS = {
    CaseState.CLEAR: Result.CLEAR,
    CaseState.CLEARED: Result.CLEAR,
    CaseState.CONDITIONS: Result.CONDITIONS,
    CaseState.HOLD: Result.HOLD,
    CaseState.EXAMINE: Result.PENDING,
}


class Source(enum.StrEnum):
    """Where a name that was compared comes from."""

    PARTNER = "partner"  # as the plan or the directory names a sending side
    ALIAS = "alias"
    PARENT = "parent"  # a body the partner belongs to, or has become
    PERSON = "person"  # the affiliation of somebody named in the plan

    @property
    def label(self) -> Any:
        return SOURCE_LABELS[self]


SOURCE_LABELS = {
    Source.PARTNER: _l("Name of a partner"),
    Source.ALIAS: _l("Other name of a partner"),
    Source.PARENT: _l("Body a partner belongs to or has become"),
    Source.PERSON: _l("Affiliation of a person of the plan"),
}


class NoteKind(enum.StrEnum):
    """What a note of the desk says: a remark, or the reason of a judgement."""

    REMARK = "remark"
    CLEAR = "clear"
    CONDITIONS = "conditions"
    HOLD = "hold"
    PROPOSAL = "proposal"
    REFUSAL = "refusal"

    @property
    def label(self) -> Any:
        return NOTE_LABELS[self]


NOTE_LABELS = {
    NoteKind.REMARK: _l("Note of the desk"),
    NoteKind.CLEAR: _l("Reason for clearing"),
    NoteKind.CONDITIONS: _l("Reason for the conditions"),
    NoteKind.HOLD: _l("Reason for the hold"),
    NoteKind.PROPOSAL: _l("Why the hold should be lifted"),
    NoteKind.REFUSAL: _l("Why the hold stays"),
}


class EditionState(enum.StrEnum):
    """How far an edition of the list is."""

    CHECKED = "checked"  # read without an error, not in use
    IMPORTING = "importing"
    IMPORTED = "imported"
    GIVEN_UP = "given_up"

    @property
    def label(self) -> Any:
        return EDITION_LABELS[self]

    @property
    def tone(self) -> str:
        return EDITION_TONES[self]


EDITION_LABELS = {
    EditionState.CHECKED: _l("Checked, not in use"),
    EditionState.IMPORTING: _l("Being imported"),
    EditionState.IMPORTED: _l("Imported"),
    EditionState.GIVEN_UP: _l("Given up"),
}
EDITION_TONES = {
    EditionState.CHECKED: "warning",
    EditionState.IMPORTING: "info",
    EditionState.IMPORTED: "success",
    EditionState.GIVEN_UP: "neutral",
}

#: Kinds of concern of the list by its letters: weapons of mass destruction, and conventional ones.
CATEGORY_LABELS: dict[str, Any] = {
    "B": _l("Biological"),
    "C": _l("Chemical"),
    "M": _l("Missiles"),
    "N": _l("Nuclear"),
    "CW": _l("Conventional weapons"),
}
