"""The 47 prefectures of Japan by their JIS X 0401 code ("01" Hokkaido … "47" Okinawa)."""

import csv
import unicodedata
from functools import lru_cache
from pathlib import Path
from typing import Any


def _read_table() -> dict[str, dict[str, str]]:
    path = Path(__file__).with_name("prefectures.csv")
    with path.open(encoding="utf-8", newline="") as file:
        return {row["code"]: {"en": row["name_en"], "ja": row["name_ja"]} for row in csv.DictReader(file)}


_TABLE = _read_table()

#: Every code, from north to south.
CODES: tuple[str, ...] = tuple(_TABLE)


def name(code: str, locale: Any = "en") -> str:
    """Name of a prefecture in the reader's language ("ja", "en" or a Babel locale); an unknown code as it is."""
    row = _TABLE.get(code)
    return row["ja" if str(locale).startswith("ja") else "en"] if row else code


def choices(locale: Any = "en") -> list[tuple[str, str]]:
    """(code, name) of the prefectures for a select, from north to south: the order that Japanese readers know."""
    return [(code, name(code, locale)) for code in CODES]


def find(text: str | None) -> str | None:
    """The code that a typed or imported text means, with or without its suffix ("Kyoto", "Kyoto-fu"); else None.

    Also takes the ISO 3166-2 code ("JP-26") and the number without its leading zero.
    """
    if not text:
        return None
    decomposed = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", text).casefold())
    # Long vowels are written o, ō or ou: the marks go, the kana's voicing marks stay.
    plain = unicodedata.normalize("NFC", "".join(char for char in decomposed if not "\u0300" <= char <= "\u036f"))
    key = plain.strip().removeprefix("jp-")
    if key.isdigit():
        key = key.zfill(2)
    for ending in (" prefecture", " metropolis", "-ken", "-fu", "-to"):
        key = key.removesuffix(ending)
    return _words().get(key.replace(" ", ""))


@lru_cache(maxsize=1)
def _words() -> dict[str, str]:
    found: dict[str, str] = {}
    for code, row in _TABLE.items():
        short = row["ja"] if row["en"] == "Hokkaido" else row["ja"][:-1]
        found |= {code: code, row["en"].casefold(): code, row["ja"]: code, short: code}
    return found
