"""Where a round stands: its steps from the opening to the visits, as far as everybody may know them. Pure.

What JST has decided is nobody's to know before the release: until then a round in which everything is decided looks
like one in which nothing is.
"""

import enum
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.calls import timing
from app.calls.models import Call
from app.calls.preview import FEWEST_SHOWN
from app.core import clock
from app.core.i18n import day, exact_moment
from app.core.i18n import moment as moment_in_words


class Reach(enum.StrEnum):
    """How far a step is."""

    DONE = "done"
    NOW = "now"
    LATER = "later"

    @property
    def label(self) -> Any:
        return REACH_LABELS[self]


REACH_LABELS = {Reach.DONE: _l("done"), Reach.NOW: _l("now"), Reach.LATER: _l("later")}


@dataclass(frozen=True, slots=True)
class Stop:
    """A step on the line, with what is to be said of its days."""

    name: str
    label: Any
    reach: Reach
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Numbers:
    """Counts of a round's plans."""

    received: int = 0  # submitted at any time, withdrawn ones too
    unchecked: int = 0  # waiting for the formal check, or returned
    adopted: int = 0  # and released

    @property
    def are_few(self) -> bool:
        """Whether a count would speak of single plans."""
        return self.received < FEWEST_SHOWN


ROUND = (
    ("open", _l("Applications open")),
    ("closed", _l("Applications close")),
    ("check", _l("Formal check")),
    ("review", _l("Review")),
    ("decision", _l("Decision")),
    ("results", _l("Results released")),
    ("visits", _l("Visits")),
)


def of_round(call: Call, numbers: Numbers, at: datetime) -> list[Stop]:
    """The steps of a round at an instant."""
    current = _current(call, numbers, at)
    names = [name for name, _label in ROUND]
    place = names.index(current) if current else (0 if at < call.opens_at else len(names))
    notes = _notes(call, at)
    return [
        Stop(name, label, _reach(index, place, current), notes.get(name, ()))
        for index, (name, label) in enumerate(ROUND)
    ]


def _current(call: Call, numbers: Numbers, at: datetime) -> str:
    """The step a round is at; "" before its opening and after its last day for visits."""
    phase = timing.phase(call, at)
    if phase is timing.Phase.OPEN:
        return "open"
    if phase is not timing.Phase.CLOSED:
        return ""
    if call.released_at is not None:
        return "visits" if clock.in_tokyo(at).date() <= call.visits_until else ""
    return "review" if not numbers.unchecked and not numbers.are_few else "check"


def _reach(index: int, place: int, current: str) -> Reach:
    if index == place and current:
        return Reach.NOW
    return Reach.DONE if index < place else Reach.LATER


def _notes(call: Call, at: datetime) -> dict[str, tuple[str, ...]]:
    closing = [exact_moment(call.closes_at)]
    if call.extensions and (before := call.extensions[0].closes_before) is not None:
        closing.append(_("Announced: %(day)s", day=exact_moment(before)))
    return {
        "open": (exact_moment(call.opens_at),),
        "closed": tuple(closing),
        "results": results(call, at),
        "visits": (_("%(first)s to %(last)s", first=day(call.visits_from), last=day(call.visits_until)),),
    }


def results(call: Call, at: datetime) -> tuple[str, ...]:
    """When results were released, or are expected."""
    if call.released_at is not None:
        told = _("Released: %(day)s", day=moment_in_words(call.released_at))
        return told, _("Announced: %(day)s", day=day(call.notice_on))
    expected = _("Expected: %(day)s", day=day(call.notice_on))
    return (expected, _("The results are not released yet.")) if is_late(call.notice_on, at) else (expected,)


def is_late(announced: date, at: datetime) -> bool:
    """Whether an announced day is over."""
    return clock.in_tokyo(at).date() > announced


def in_words(call: Call, at: datetime) -> str:
    """The step a round is at, in a sentence; the same for every round between its closing and its release."""
    phase = timing.phase(call, at)
    if phase is timing.Phase.OPEN:
        return _("The round takes applications. %(countdown)s.", countdown=timing.countdown(call, at))
    if phase is not timing.Phase.CLOSED:
        return _("The round has not opened yet. %(countdown)s.", countdown=timing.countdown(call, at))
    if call.released_at is None:
        return _("The round is closed. The plans are being checked and reviewed.")
    return _("The results are released. Host institutions were told by mail.")
