"""How many plans hang on a row of a year before it is changed or taken away: counts, and nothing else.

As with rules (`calls.preview`), drafts belong to their hosts: a count that would speak of one or two of them is not
told. Plans stand later in the programme's life than calls: `app.wiring` says who counts them.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from app.calls.prerequisite_model import Prerequisite
from app.calls.preview import FEWEST_SHOWN
from app.calls.rate_models import UnitRate


@dataclass(frozen=True, slots=True)
class Use:
    """Plans that use a row."""

    being_written: int = 0  # drafts and returned plans
    received: int = 0  # plans JST has
    is_marked: bool = False  # some plan has marked the step as done

    @property
    def is_used(self) -> bool:
        return bool(self.being_written or self.received)

    @property
    def is_shown(self) -> bool:
        """Whether the number of plans being written speaks of none of them."""
        return self.being_written == 0 or self.being_written >= FEWEST_SHOWN


Counter = Callable[[Any], Use]
_counters: dict[type, Counter] = {}


def register(kind: type, counter: Counter) -> None:
    """Have `counter` asked how many plans use a row of a table. Only `app.wiring` calls this."""
    _counters[kind] = counter


def of(row: UnitRate | Prerequisite) -> Use:
    """How many plans use a row now."""
    counter = _counters.get(type(row))
    return counter(row) if counter is not None else Use()
