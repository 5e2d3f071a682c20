"""Countries and regions: codes, names in the reader's language, recognition of what people type, programme regions.

The facts stand in `country_codes.csv` (ISO 3166-1 and, for Kosovo, the user-assigned XK); names come from CLDR through
Babel, with the house names of that file before them. On screen the field is always called "Country or region".
"""

import csv
import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal, cast

from babel import Locale
from flask_babel import lazy_gettext as _l

Continent = Literal["asia", "africa", "europe", "north_america", "south_america", "oceania"]
Region = Literal[
    "east_asia",
    "southeast_asia",
    "south_asia",
    "central_asia",
    "middle_east",
    "africa",
    "europe",
    "north_america",
    "latin_america",
    "oceania",
]


@dataclass(frozen=True, slots=True)
class Country:
    """One row of the table: codes, where it lies, and the words people use for it."""

    alpha2: str
    alpha3: str
    numeric: str
    continent: Continent
    region: Region
    inhabited: bool
    house_names: dict[str, str]
    reading: str
    words: tuple[str, ...]


def _read_table() -> dict[str, Country]:
    path = Path(__file__).with_name("country_codes.csv")
    with path.open(encoding="utf-8", newline="") as file:
        return {
            row["alpha2"]: Country(
                alpha2=row["alpha2"],
                alpha3=row["alpha3"],
                numeric=row["numeric"],
                continent=cast(Continent, row["continent"]),
                region=cast(Region, row["region"]),
                inhabited=row["inhabited"] == "yes",
                house_names={lang: row[f"name_{lang}"] for lang in ("ja", "en") if row[f"name_{lang}"]},
                reading=row["reading_ja"],
                words=tuple(word for word in row["also_known_as"].split("|") if word),
            )
            for row in csv.DictReader(file)
        }


_TABLE = _read_table()

#: Every code, in alphabetical order.
CODES: tuple[str, ...] = tuple(_TABLE)

#: The programme's regions in the order in which tables and charts show them. Turkey and Afghanistan stand with the
#: Middle East and the Caucasus with Central Asia, as in the divisions of Japan's foreign ministry; all of the
#: continent is Africa, because the programme sets itself a target for Africa as a whole.
REGIONS: tuple[Region, ...] = (
    "east_asia",
    "southeast_asia",
    "south_asia",
    "central_asia",
    "middle_east",
    "africa",
    "europe",
    "north_america",
    "latin_america",
    "oceania",
)

_REGION_NAMES = {
    "east_asia": _l("East Asia"),
    "southeast_asia": _l("Southeast Asia"),
    "south_asia": _l("South Asia"),
    "central_asia": _l("Central Asia and the Caucasus"),
    "middle_east": _l("Middle East"),
    "africa": _l("Africa"),
    "europe": _l("Europe"),
    "north_america": _l("North America"),
    "latin_america": _l("Latin America and the Caribbean"),
    "oceania": _l("Oceania"),
}


def name(code: str, locale: Any = "en") -> str:
    """Name of a country or region in the reader's language ("ja", "en" or a Babel locale); an unknown code as it is."""
    return names(str(locale)).get(code, code)


@lru_cache(maxsize=8)
def names(locale: str) -> dict[str, str]:
    """All names in one language by alpha-2 code: the house's name where there is one, else CLDR's. Do not change it."""
    parsed = Locale.parse(locale)
    territories = parsed.territories
    return {
        code: row.house_names.get(parsed.language) or territories.get(code, code).replace("\u2019", "'")
        for code, row in _TABLE.items()
    }


def alpha3(code: str) -> str:
    """ISO 3166-1 alpha-3 code, as in the machine-readable zone of passports; KeyError for an unknown code."""
    return _TABLE[code].alpha3


def numeric(code: str) -> str:
    """ISO 3166-1 numeric code, three digits ("" for Kosovo, which has none); KeyError for an unknown code."""
    return _TABLE[code].numeric


def continent(code: str) -> Continent:
    """Continent by the United Nations' M49 (Cyprus with Europe); KeyError for an unknown code."""
    return _TABLE[code].continent


def region(code: str) -> Region:
    """The programme's region of a country, one of `REGIONS`; KeyError for an unknown code."""
    return _TABLE[code].region


def region_name(region: str) -> Any:
    """Name of a programme region in the reader's language, translated when shown; KeyError for an unknown region."""
    return _REGION_NAMES[region]


def region_of(code: str) -> Any:
    """Name of the region of a country in the reader's language; "" for an unknown code."""
    row = _TABLE.get(code)
    return _REGION_NAMES[row.region] if row else ""


def in_region(region: str) -> tuple[str, ...]:
    """Codes of the countries of a programme region (or, for "africa", "europe" and "oceania", of the continent)."""
    return tuple(code for code, row in _TABLE.items() if row.region == region)


@lru_cache(maxsize=8)
def _choices(locale: str) -> tuple[tuple[str, str], ...]:
    named = names(locale)
    japanese = locale.startswith("ja")

    def place(code: str) -> tuple[str, str]:
        text = named[code]
        return (kana_order(_TABLE[code].reading or text), text) if japanese else (latin_order(text), text)

    return tuple((code, named[code]) for code in sorted(named, key=place) if _TABLE[code].inhabited)


def choices(locale: Any = "en") -> list[tuple[str, str]]:
    """(code, name) of every place people come from, for a select: A to Z in English, by reading in Japanese."""
    return list(_choices(str(locale)))


@lru_cache(maxsize=4096)
def find(text: str | None) -> str | None:
    """The alpha-2 code that a typed or imported text means, or None when it means none or cannot be told.

    Understands names in English, Japanese and the country's own languages, demonyms ("Nepali"), alpha-2 and alpha-3
    codes and the passport's special codes, in any case, width and with or without accents. A text of two parts
    ("Nepal / NP", "Viet Nam (VNM)") is understood when each part means the same country. Words that mean two
    countries ("Congo") are not guessed.
    """
    if not text:
        return None
    key = _key(text)
    found = _lookup(key)
    if found or not key:
        return found
    parts = [part for part in re.split(r"[/|;()\[\]\n]+", unicodedata.normalize("NFKC", text)) if _key(part)]
    if len(parts) < 2:
        return None
    codes = {_lookup(_key(part)) for part in parts}
    return codes.pop() if len(codes) == 1 else None


_SUFFIXES = (
    *Path(__file__).with_name("nationality_suffixes.txt").read_text(encoding="utf-8").split(),
    "citizen",
    "nationality",
    "national",
    "the",
)


def _lookup(key: str) -> str | None:
    words = _words()
    found = words.get(key)
    if found:
        return found
    for suffix in _SUFFIXES:
        if key.endswith(suffix) and len(key) > len(suffix):
            return words.get(key.removesuffix(suffix))
    return words.get(key.removeprefix("the")) if key.startswith("the") else None


@lru_cache(maxsize=1)
def _words() -> dict[str, str]:
    found: dict[str, str] = {}
    for code, row in _TABLE.items():
        cldr = (Locale.parse(lang).territories.get(code, "") for lang in ("en", "ja"))
        for word in (*row.words, *row.house_names.values(), *cldr, *_saints(row), row.alpha3, code):
            if key := _key(word):
                found[key] = code
    return found


def _saints(row: Country) -> list[str]:
    """ "Saint Lucia" for CLDR's "St. Lucia"."""
    english = names("en")[row.alpha2]
    return ["Saint " + english.removeprefix("St. ")] if english.startswith("St. ") else []


def _key(text: str) -> str:
    """What two spellings of one name have in common: no case, width, accents, spaces or punctuation."""
    folded = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", text).casefold().replace("&", " and "))
    # Only the combining marks of Latin go: those of Thai, Devanagari and kana are letters' parts.
    folded = unicodedata.normalize("NFKC", "".join(char for char in folded if not "\u0300" <= char <= "\u036f"))
    return "".join(char for char in folded if unicodedata.category(char)[0] not in "PZSC")


def latin_order(text: str) -> str:
    """Key that puts Latin names in the order of a Western index: accents and punctuation do not count."""
    return _key(text)


def kana_order(text: str) -> str:
    """Key that puts kana in the order of Japanese dictionaries (after JIS X 4061): katakana as hiragana, voiced and
    small letters with their plain ones, the long-vowel sign as the vowel that it lengthens."""
    plain: list[str] = []
    for char in unicodedata.normalize("NFKD", text):
        char_name = unicodedata.name(char, "")
        if "LETTER" in char_name and ("HIRAGANA" in char_name or "KATAKANA" in char_name):
            plain.append(unicodedata.lookup("HIRAGANA LETTER " + char_name.split()[-1]))
        elif char == "\u30fc" and plain:
            vowel = unicodedata.name(plain[-1])[-1]
            plain.append(unicodedata.lookup("HIRAGANA LETTER " + vowel) if vowel in "AIUEO" else "")
        elif unicodedata.category(char)[0] not in "PZM":
            plain.append(char)
    return "".join(plain)
