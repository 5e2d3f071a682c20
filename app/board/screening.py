"""What a board may say of screening: clear, on conditions, on hold. Whoever screens registers here."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app.core.authz import Actor


@dataclass(frozen=True, slots=True)
class Screened:
    """How the screening of a plan stands, as a badge."""

    label: Any
    tone: str = ""


Provider = Callable[[Actor, Sequence[int]], Mapping[int, Screened]]
_providers: list[Provider] = []


def register(provider: Provider) -> None:
    """`provider(actor, application ids)` gives the states the actor may see, by plan."""
    _providers[:] = [provider]


def is_known() -> bool:
    """Whether anybody screens."""
    return bool(_providers)


def states(actor: Actor, application_ids: Sequence[int]) -> Mapping[int, Screened]:
    """How the screening of plans stands, by plan; empty where nobody screens."""
    return _providers[0](actor, application_ids) if _providers else {}
