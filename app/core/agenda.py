"""What needs somebody now: the common shape in which every feature says it to the home page."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any

from app.core import clock


@dataclass(frozen=True)
class Task:
    """One thing to do: what, about which object, by when, and where to do it."""

    label: Any  # "Answer the return" — a lazy sentence
    about: str  # the object's name in the reader's language
    endpoint: str
    values: Mapping[str, Any] = field(default_factory=dict)
    due: date | datetime | None = None
    count: int | None = None  # for "12 applications wait for a check"

    @property
    def due_at(self) -> datetime | None:
        """The due instant; a due day ends with that day in Tokyo."""
        if self.due is None or isinstance(self.due, datetime):
            return self.due
        return clock.tokyo(self.due, time(23, 59, 59))

    @property
    def tone(self) -> str:
        """danger when overdue, warning within three days, neutral otherwise."""
        due = self.due_at
        if due is None:
            return "neutral"
        left = due - clock.now()
        if left.total_seconds() < 0:
            return "danger"
        return "warning" if left.days < 3 else "info"


def in_order(tasks: list[Task]) -> list[Task]:
    """Soonest first, those without a day last, otherwise as given."""
    dated = sorted((task for task in tasks if task.due_at), key=lambda task: task.due_at or clock.now())
    return [*dated, *(task for task in tasks if not task.due_at)]
