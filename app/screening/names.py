"""How the name of a body is read before it is compared: words, without what tells bodies apart little. Pure."""

import re
import tomllib
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from anyascii import anyascii
from rapidfuzz import process
from rapidfuzz.distance import DamerauLevenshtein

from app.core import search

PARTS = re.compile(r"[,;、，；/／()（）\[\]【】|]+|\s[-–—]\s")
MOST_PARTS = 5
LONG = 7  # letters: from here on a misspelt common word is known for what it is
SHORT = 5  # letters: an abbreviation such as BUAA is the name itself, or it is nothing


@cache
def _words() -> dict[str, Any]:
    return tomllib.loads(Path(__file__).with_name("words.toml").read_text(encoding="utf-8"))


@cache
def _sets() -> tuple[frozenset[str], frozenset[str], dict[str, str]]:
    words = _words()
    return frozenset(words["ignored"]), frozenset(words["common"]), dict(words["shortened"])


@dataclass(frozen=True, slots=True)
class ReadName:
    """A name as it is compared: its words in Latin letters, and how it looks in its own script."""

    folded: str  # own script, folded
    words: tuple[str, ...]
    joined: str  # the words without blanks
    is_short: bool


def read(name: str) -> ReadName:
    """Read a name in any script.

    >>> read("The Univ. of  Example, Dept. of Phys.").words
    ('university', 'example', 'department', 'physics')
    """
    folded = search.fold(name.replace("&", " and "))
    latin = folded if folded.isascii() else search.fold(anyascii(folded))
    ignored, _common, shortened = _sets()
    words = tuple(_plain(shortened.get(word, word)) for word in _initials(latin.split()) if word not in ignored)
    joined = "".join(words)
    return ReadName(folded.replace(" ", ""), words, joined, len(joined) <= SHORT)


@lru_cache(maxsize=20_000)
def _plain(word: str) -> str:
    """A common word that was misspelt, as it should be; any other word as it is."""
    common = _sets()[1]
    if len(word) < LONG or word in common:
        return word
    found = process.extractOne(word, common, scorer=DamerauLevenshtein.normalized_similarity, score_cutoff=0.8)
    return str(found[0]) if found else word


def _initials(words: list[str]) -> list[str]:
    """Letters written apart are one abbreviation: `b u a a` → `buaa`."""
    found: list[str] = []
    run = ""
    for word in [*words, ""]:
        if len(word) == 1 and word.isalpha():
            run += word
            continue
        if run:
            found.append(run)
            run = ""
        if word:
            found.append(word)
    return found


def is_common(word: str) -> bool:
    """Whether half of all bodies bear this word."""
    return word in _sets()[1]


def parts(name: str) -> list[str]:
    """A name, and every run of its parts between commas and brackets: a department and its body are often written
    together. A single Latin word is no part: it is a place, or says nothing."""
    found = [part.strip() for part in PARTS.split(name) if part.strip()][:MOST_PARTS]
    runs = [" ".join(found[start:end]) for start in range(len(found)) for end in range(start + 1, len(found) + 1)]
    return [name, *(run for run in runs if run != name and (" " in run or not run.isascii()))]
