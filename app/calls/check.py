"""What a check is: a pure function from facts and a limit to a finding, with its parameters described as data."""

import enum
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from app.calls.facts import PlanFacts

Limit = Mapping[str, Any]


class Kind(enum.StrEnum):
    """Kinds of parameters: what the editing page draws and what values it takes."""

    INTEGER = "integer"
    BOOLEAN = "boolean"
    CHOICES = "choices"  # some words of a vocabulary
    COUNTRIES = "countries"  # ISO codes and names of programme regions


class Stage(enum.StrEnum):
    """From when on a check can be answered."""

    PLAN = "plan"  # the plan itself says it: without an answer it cannot be submitted
    PEOPLE = "people"  # only the roster says it: until then the answer is awaited


@dataclass(frozen=True, slots=True)
class Parameter:
    """A number or word of a rule that a coordinator may change."""

    name: str
    label: Any
    kind: Kind = Kind.INTEGER
    minimum: int = 0
    maximum: int = 1000
    optional: bool = False
    vocabulary: Mapping[str, Any] | None = None
    words: tuple[Any, Any] = ("", "")  # how true and false read inside a rule's sentence


@dataclass(frozen=True, slots=True)
class Finding:
    """What a check found: whether the rule holds (None: cannot be told yet), in a sentence, with plain figures."""

    holds: bool | None
    message: str
    measured: Any = None
    limit: Any = None


Function = Callable[[PlanFacts, Limit], Finding]


@dataclass(frozen=True, slots=True)
class Check:
    """A check the programme's rules can name."""

    name: str
    label: Any
    section: str  # section of the plan where the matter is put right
    field: str  # field of that section, "" for the section as a whole
    function: Function
    parameters: tuple[Parameter, ...] = ()
    stage: Stage = Stage.PLAN

    def parameter(self, name: str) -> Parameter | None:
        return next((parameter for parameter in self.parameters if parameter.name == name), None)
