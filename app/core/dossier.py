"""What later stations of the programme know about an earlier one's object, without the earlier one knowing them.

The page of a person is made by `invitees`; the visits, certificates and profile on it come from features that stand
later in the programme's life. They give sections; `app.wiring` says which.
"""

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from app.core.authz import Actor


@dataclass(frozen=True)
class Link:
    """A cell that leads somewhere: an endpoint and its values."""

    text: str
    endpoint: str
    values: dict[str, Any]


Cell = str | Link


@dataclass(frozen=True)
class Section:
    """A small table on somebody else's page."""

    title: Any
    columns: Sequence[Any]
    rows: Sequence[Sequence[Cell]]
    empty: Any


Provider = Callable[[Actor, Any], Section | None]
_providers: dict[str, list[Provider]] = defaultdict(list)


def register(kind: str, provider: Provider) -> None:
    """Have `provider` asked for a section on every page of that kind (a table name). Only `app.wiring` calls this."""
    if provider not in _providers[kind]:
        _providers[kind].append(provider)


def sections(actor: Actor, subject: Any) -> list[Section]:
    """The sections the reader may see about this row, in the order of the programme's life."""
    found = (provider(actor, subject) for provider in _providers[type(subject).__tablename__])
    return [section for section in found if section is not None]
