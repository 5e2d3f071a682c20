"""When a text for the applicant tells who wrote it, and in which order texts stand. Pure."""

import hashlib
import re
from collections.abc import Iterable, Sequence
from typing import TypeVar

from app.core import search

SHORTEST_WORD = 3  # letters of a Latin name that are looked for; a Japanese name is looked for as a whole
_ADDRESS = re.compile(r"[^\s@]+@[^\s@]+\.[^\s@]+")
_LATIN = re.compile(r"[a-z][a-z'’-]+")

Item = TypeVar("Item")


def tells(text: str, names: Iterable[str], places: Iterable[str]) -> bool:
    """Whether a text holds an e-mail address, a word of one of the names, or one of the places as a whole."""
    if _ADDRESS.search(text):
        return True
    said = search.fold(text)
    words = set(_LATIN.findall(said))
    squeezed = re.sub(r"\s+", "", said)
    for name in names:
        folded = search.fold(name)
        if words & {word for word in _LATIN.findall(folded) if len(word) >= SHORTEST_WORD}:
            return True
        if _is_whole(folded) and re.sub(r"\s+", "", folded) in squeezed:
            return True
        if any(len(part) >= 2 and not part.isascii() and part in said for part in folded.split()):
            return True
    return any(_is_whole(place) and re.sub(r"\s+", "", search.fold(place)) in squeezed for place in places)


def _is_whole(text: str) -> bool:
    return len(text.strip()) >= SHORTEST_WORD or (len(text.strip()) == 2 and not text.isascii())


def in_order(plan: str, items: Sequence[tuple[str, Item]]) -> list[Item]:
    """(public id, item) pairs in an order of the plan's own, which tells nothing of experts, times or marks."""
    return [item for _id, item in sorted(items, key=lambda pair: hashlib.sha256(f"{plan}:{pair[0]}".encode()).digest())]
