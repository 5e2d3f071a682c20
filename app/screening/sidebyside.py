"""Two names beside one another, with what differs marked: word by word, or sign by sign where a script has no blanks.

Pure.
"""

from dataclasses import dataclass
from difflib import SequenceMatcher

from app.screening.matching import SPELLING, spelling
from app.screening.names import read


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of a name as it is written. `is_same`: the other name has it too; `is_near`: it has it spelt otherwise.

    `after`: what stands between this piece and the next.
    """

    text: str
    is_same: bool
    is_near: bool = False
    after: str = " "


def pieces(name: str, other: str) -> list[Piece]:
    """The pieces of a name, compared with those of the other."""
    if not name.isascii() and " " not in name.strip():
        return _signs(name.strip(), other)
    theirs = read(other).words
    return [_word(text, theirs) for text in name.split()]


def _word(text: str, theirs: tuple[str, ...]) -> Piece:
    ours = read(text).words
    if all(word in theirs for word in ours):
        return Piece(text, is_same=True)
    near = all(max((spelling(word, other) for other in theirs), default=0.0) >= SPELLING for word in ours)
    return Piece(text, is_same=False, is_near=near)


def _signs(name: str, other: str) -> list[Piece]:
    """Runs of signs that both names have in this order, and those between them."""
    found: list[Piece] = []
    end = 0
    for start, _theirs, size in SequenceMatcher(None, name.casefold(), other.casefold(), False).get_matching_blocks():
        if start > end:
            found.append(Piece(name[end:start], is_same=False, after=""))
        if size:
            found.append(Piece(name[start : start + size], is_same=True, after=""))
        end = start + size
    return found
