"""The vocabulary of rosters (words.toml) in the form in which it is compared."""

import re
import tomllib
import unicodedata
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path
from typing import Any

with Path(__file__).with_name("words.toml").open("rb") as _file:
    VOCABULARY: dict[str, Any] = tomllib.load(_file)

# Scripts written without spaces between words: there a word is also found inside longer text.
UNSPACED = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff]")


def fold(text: str) -> str:
    """Text in the form of comparison: NFKC, case folded, punctuation as single spaces; marks of letters stay."""
    text = unicodedata.normalize("NFKC", text).casefold()
    kept = [mark if unicodedata.category(mark)[0] in "LNM" or mark in "°○〇◯×✓✔☑✕" else " " for mark in text]
    return " ".join("".join(kept).split())


def contains(text: str, phrase: str) -> bool:
    """Whether folded text contains a folded phrase: as whole words, or anywhere in scripts without spaces."""
    if not phrase:
        return False
    if UNSPACED.search(phrase):
        return phrase in text
    return f" {phrase} " in f" {text} "


@lru_cache(maxsize=64)
def phrases(*path: str) -> tuple[tuple[str, str], ...]:
    """(folded phrase, meaning) for each word under a part of the vocabulary, longest first."""
    part: Any = VOCABULARY
    for step in path:
        part = part[step]
    listed: Iterable[tuple[str, str]]
    if isinstance(part, dict):
        listed = [(fold(word), meaning) for meaning, words in part.items() for word in words]
    else:
        listed = [(fold(word), path[-1]) for word in part]
    return tuple(sorted({pair for pair in listed if pair[0]}, key=lambda pair: (-len(pair[0]), pair)))


@lru_cache(maxsize=64)
def meanings(*path: str) -> dict[str, str]:
    """Meaning by folded word. Do not change it."""
    return dict(phrases(*path))


@lru_cache(maxsize=1)
def _nothing() -> frozenset[str]:
    return frozenset(word.casefold() for word in VOCABULARY["none"]["words"])


@lru_cache(maxsize=1)
def _no_needs() -> frozenset[str]:
    return frozenset(word.casefold() for word in VOCABULARY["none"]["needs"])


def means_none(text: str, *, needs: bool = False) -> bool:
    """Whether the text says that there is nothing: empty, a dash, "n/a"; with `needs`, also "no", "nothing special"."""
    plain = unicodedata.normalize("NFKC", text).strip().casefold()
    return not plain or plain in _nothing() or (needs and plain.rstrip(".!") in _no_needs())
