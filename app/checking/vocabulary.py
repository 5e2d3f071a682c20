"""Words of the formal check: what comes of it, and what the queue is filtered by."""

import enum
from typing import Any

from flask_babel import lazy_gettext as _l


class Outcome(enum.StrEnum):
    """What a coordinator makes of a plan that came in."""

    PASSED = "passed"
    RETURNED = "returned"
    INADMISSIBLE = "inadmissible"

    @property
    def label(self) -> Any:
        return OUTCOME_LABELS[self]


OUTCOME_LABELS = {
    Outcome.PASSED: _l("Passed on to review"),
    Outcome.RETURNED: _l("Returned for correction"),
    Outcome.INADMISSIBLE: _l("Formally inadmissible"),
}
OUTCOME_TONES = {Outcome.PASSED: "success", Outcome.RETURNED: "warning", Outcome.INADMISSIBLE: "danger"}


class Found(enum.StrEnum):
    """What the queue can be narrowed to."""

    NOTHING = "nothing"
    ANYTHING = "anything"
    RULES = "rules"
    SIMILAR = "similar"
    REPEATED = "repeated"
    BACK = "back"

    @property
    def label(self) -> Any:
        return FOUND_LABELS[self]


FOUND_LABELS = {
    Found.NOTHING: _l("Nothing found"),
    Found.ANYTHING: _l("Anything found"),
    Found.RULES: _l("Rules not kept or not to be told"),
    Found.SIMILAR: _l("Similar plans"),
    Found.REPEATED: _l("Same person in charge twice in the year"),
    Found.BACK: _l("Back after a return"),
}


class Held(enum.StrEnum):
    """By whom plans of the queue are being worked on."""

    NOBODY = "nobody"
    ME = "me"
    OTHERS = "others"

    @property
    def label(self) -> Any:
        return HELD_LABELS[self]


HELD_LABELS = {Held.NOBODY: _l("Nobody"), Held.ME: _l("Me"), Held.OTHERS: _l("Others")}
