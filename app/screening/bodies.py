"""A body as the list names it. Pure."""

import hashlib
import json
from dataclasses import dataclass

from app.core import search


@dataclass(frozen=True, slots=True)
class Body:
    """A line of the list: its number, country or region as worded, name, other names, letters of concern."""

    number: int
    country: str
    name: str
    aliases: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        return (self.name, *self.aliases)

    @property
    def digest(self) -> str:
        """SHA-256 (hex) of what the list says of the body: neither its number, which changes with every edition, nor
        its country, on which nothing may depend.
        """
        said = [folded(self.name), sorted(map(folded, self.aliases)), sorted(self.categories)]
        return hashlib.sha256(json.dumps(said, ensure_ascii=False).encode()).hexdigest()


def folded(name: str) -> str:
    """A name without case, width, accents and blanks; one that nothing is left of stays as it is."""
    return search.fold(name).replace(" ", "") or name.strip()
