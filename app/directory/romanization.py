"""How Japanese bodies are looked for in Latin letters, and by their short names.

A heuristic, on purpose simple: the English name of a Japanese body mostly holds the Japanese proper name, and what
follows it has a fixed Japanese counterpart ("Kyoto University": "kyoto daigaku"). The counterparts stand in
`romanization.csv`, the longest pattern wins. Readings given in kana are romanized sign by sign (Hepburn, long vowels
as written and shortened). The results are only search words: they are never shown, so an odd one does no harm.
"""

import csv
import re
import unicodedata
from functools import lru_cache
from pathlib import Path

import jaconv

from app.core.search import fold

_LONG_VOWELS = re.compile(r"([aeiou])\1+|ou")


@lru_cache(maxsize=1)
def _patterns() -> list[tuple[str, str, str]]:
    """(what stands before the proper name, what after it, the romaji with x), longest first."""
    with Path(__file__).with_name("romanization.csv").open(encoding="utf-8", newline="") as file:
        rows = [(*row["english"].split("X", 1), row["romaji"]) for row in csv.DictReader(file)]
    folded = [(fold(before), fold(after), romaji) for before, after, romaji in rows]
    return sorted(folded, key=lambda row: len(row[0]) + len(row[1]), reverse=True)


@lru_cache(maxsize=1)
def _short_names() -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    with Path(__file__).with_name("short_names.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            found.setdefault(row["name_ja"], []).append(row["short"])
    return found


def from_english(name: str) -> str | None:
    """The romaji somebody may type for a Japanese body with this English name, or None where no pattern fits.

    >>> from_english("Kyoto University")
    'kyoto daigaku'
    """
    words = fold(name).split()
    for before, after, romaji in _patterns():
        head, tail = before.split(), after.split()
        if len(words) <= len(head) + len(tail):
            continue
        if words[: len(head)] == head and words[len(words) - len(tail) :] == tail:
            proper = " ".join(words[len(head) : len(words) - len(tail)])
            return re.sub(r"\bx\b", proper, romaji, count=1)
    return None


def from_kana(name: str) -> list[str]:
    """Romaji of a name written in kana only: with long vowels as written, and shortened as in most English names."""
    plain = unicodedata.normalize("NFKC", name).replace("・", " ").strip()
    if not plain or not all(sign.isspace() or sign == "ー" or "ぁ" <= sign <= "ヺ" for sign in plain):
        return []
    long = jaconv.kana2alphabet(jaconv.kata2hira(plain)).replace("-", "")
    return list(dict.fromkeys((long, shorten(long))))


def shorten(romaji: str) -> str:
    """Long vowels as most English names write them: "toukyou" as "tokyo"."""
    return _LONG_VOWELS.sub(lambda found: found.group(1) or "o", romaji)


def short_names(name_ja: str) -> list[str]:
    """Customary short names of a body with this Japanese name (京大)."""
    return _short_names().get(name_ja, [])
