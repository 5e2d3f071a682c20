"""Two names beside one another, with the words that differ marked. Pure."""

from dataclasses import dataclass

from app.screening.matching import SPELLING, spelling
from app.screening.names import read


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a name as it is written. `is_same`: the other name has it too, spelt so; `is_near`: spelt otherwise."""

    text: str
    is_same: bool
    is_near: bool = False


def words(name: str, other: str) -> list[Word]:
    """The words of a name, compared with those of the other; a name without blanks is one word."""
    theirs = read(other).words
    return [_word(text, theirs) for text in name.split()]


def _word(text: str, theirs: tuple[str, ...]) -> Word:
    ours = read(text).words
    if all(word in theirs for word in ours):
        return Word(text, is_same=True)
    near = all(max((spelling(word, other) for other in theirs), default=0.0) >= SPELLING for word in ours)
    return Word(text, is_same=False, is_near=near)
