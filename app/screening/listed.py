"""An edition ready to be asked: its bodies and the index of their names, kept in memory once built."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from app.screening import queries
from app.screening.bodies import Body
from app.screening.matching import Hit, NameIndex
from app.screening.models import ListEdition


class Listed:
    """The bodies of an edition; the same name is compared once."""

    def __init__(self, bodies: Sequence[Body]) -> None:
        self.bodies = {body.number: body for body in bodies}
        self._index = NameIndex((body.number, name) for body in bodies for name in body.names)
        self._asked: dict[str, list[Hit]] = {}

    def find(self, name: str) -> list[Hit]:
        """The listed bodies a name resembles, the likest first."""
        known = self._asked.get(name)
        if known is None:
            if len(self._asked) > MOST_KEPT:
                self._asked.clear()
            known = self._asked[name] = self._index.find(name)
        return known


MOST_KEPT = 20_000


@dataclass(frozen=True, slots=True)
class _Key:
    public_id: str
    edition_id: int


def of(edition: ListEdition) -> Listed:
    """The edition, built at its first use in this process."""
    return _built(_Key(edition.public_id, edition.id))


@lru_cache(maxsize=2)
def _built(key: _Key) -> Listed:
    return Listed(queries.bodies(key.edition_id))
