"""Made-up plans that show what a good one says: to be read, and to lend their structure to a new plan."""

import json
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby
from pathlib import Path
from typing import Any

from app.applications import service
from app.applications.models import Application, BudgetLine, ItineraryItem
from app.applications.vocabulary import ActivityKind, BudgetKind, FieldOfScience, ParticipantRole
from app.calls.models import Call, Course
from app.core.authz import Actor
from app.core.errors import NotFound
from app.core.i18n import language
from app.directory.models import HostInstitution
from app.invitees.models import Category

FOLDER = Path(__file__).with_name("examples")


@dataclass(frozen=True, slots=True)
class Example:
    """An example plan; its texts are given in the reader's language."""

    data: dict[str, Any]

    def text(self, name: str) -> str:
        return str(self.data[name][language()])

    @property
    def name(self) -> str:
        return str(self.data["name"])

    @property
    def course(self) -> str:
        """The letter of the course it is written for."""
        return str(self.data["course"])

    @property
    def theme(self) -> str:
        return self.text("theme")

    @property
    def field(self) -> Any:
        return FieldOfScience(self.data["field"]).label

    @property
    def stay_days(self) -> int:
        return int(self.data["days"])

    @property
    def partners(self) -> list[str]:
        return [str(partner[language()]) for partner in self.data["partners"]]

    @property
    def people(self) -> list[tuple[str, Any, Any, int]]:
        """Partner, category, role and number of each group."""
        return [
            (
                self.partners[group["partner"] - 1],
                Category(group["category"]).label,
                ParticipantRole(group["role"]).label,
                group["number"],
            )
            for group in self.data["people"]
        ]

    @property
    def head_count(self) -> int:
        return sum(group["number"] for group in self.data["people"])

    @property
    def itinerary(self) -> list[tuple[int, ActivityKind, str]]:
        """Day, kind and title of what is done."""
        return [(day, ActivityKind(kind), str(title[language()])) for day, kind, title in self.data["itinerary"]]

    @property
    def days(self) -> list[tuple[int, list[tuple[ActivityKind, str]]]]:
        """Kinds and titles by day."""
        grouped = groupby(self.itinerary, key=lambda item: item[0])
        return [(day, [(kind, title) for _day, kind, title in items]) for day, items in grouped]

    @property
    def budget(self) -> list[tuple[BudgetKind, str, int, int]]:
        """Kind, description, quantity and unit price in yen."""
        return [
            (BudgetKind(kind), str(text[language()]), quantity, price)
            for kind, text, quantity, price, *_rate in self.data["budget"]
        ]

    @property
    def rate_keys(self) -> list[str]:
        """By which guide rate each of the costs is counted; "" for none: that of an air fare hangs on the country."""
        return [row[4] if len(row) > 4 else "" for row in self.data["budget"]]

    @property
    def total(self) -> int:
        return sum(quantity * price for _kind, _text, quantity, price in self.budget)


@lru_cache(maxsize=1)
def _every() -> tuple[Example, ...]:
    return tuple(Example(json.loads(path.read_text(encoding="utf-8"))) for path in sorted(FOLDER.glob("*.json")))


def every() -> list[Example]:
    """All example plans, by course."""
    return list(_every())


def named(name: str) -> Example:
    """An example by its name. Raises: NotFound."""
    found = next((example for example in _every() if example.name == name), None)
    if found is None:
        raise NotFound()
    return found


def begin(actor: Actor, example: Example, *, call: Call, course: Course, host: HostInstitution) -> Application:
    """Begin a plan with the structure of an example, in the reader's language.

    Taken over: kinds and titles of the itinerary, kinds, texts and guide rates of the costs. Amounts, people, partners
    and contacts are not: they are the institution's own. Raises what `service.start` raises.
    """
    made = service.start(actor, call=call, course=course, host=host, changes={"example": ["", example.name]})
    made.itinerary = [
        ItineraryItem(day=day, kind=kind, title=title, position=position)
        for position, (day, kind, title) in enumerate(example.itinerary)
    ]
    made.budget = [
        BudgetLine(kind=kind, description=text, rate_key=key, position=position)
        for position, ((kind, text, *_amounts), key) in enumerate(zip(example.budget, example.rate_keys, strict=True))
    ]
    return made
