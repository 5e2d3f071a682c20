"""Names as the passport prints them, from the ways in which lists write them."""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from app.invitees import passport
from app.invitees.roster.words import VOCABULARY, contains, fold, means_none

NameOrder = Literal["surname_first", "given_first"]
_WORDS = VOCABULARY["name_order"]
_PARTICLES = frozenset(_WORDS["particles"])
_TITLES = frozenset(VOCABULARY["titles_in_names"]["words"])
_VIETNAMESE = frozenset(_WORDS["vietnamese"])


@dataclass(frozen=True, slots=True)
class PassportName:
    """Surname ("" for people with one name) and given names in capitals.

    `respelled`: marks were taken off, compare with the passport; `unsure`: the place of the cut is only likely;
    `problem`: `characters` when a passport cannot print it, `missing` when nothing is there.
    """

    surname: str
    given_names: str
    respelled: bool = False
    unsure: bool = False
    problem: Literal["characters", "missing"] | None = None


def from_two(surname: str, given_names: str) -> PassportName:
    """The name from a surname and a given-names cell; "-" in either means a person with one name."""
    family = "" if means_none(surname) else surname
    given = "" if means_none(given_names) else without_title(given_names)
    if not given:
        family, given = "", family
    return _checked(family, given)


def from_one(text: str, order: NameOrder | None, *, one_word_surnames: bool = False) -> PassportName:
    """The name from a single cell.

    A comma or capitals ("LI Na", "Juan DELA CRUZ") say where the surname is; else `order` does. A cell with one word is
    a person with one name. With neither, the name is cut as given-first and marked unsure; so are longer names, unless
    the surname is known to be one word (`one_word_surnames`: Vietnamese, Chinese, Korean).
    """
    whole = without_title(passport.plain(text))
    if means_none(whole):
        return PassportName("", "", problem="missing")
    if whole.count(",") == 1:
        family, given = (part.strip() for part in whole.split(","))
        return from_two(family, given)
    words = whole.split(" ")
    if len(words) == 1:
        return _checked("", whole)
    by_case = _cut_by_capitals(words)
    if by_case:
        return _checked(*by_case)
    unsure = order is None or (len(words) > 2 and not one_word_surnames)
    if order == "surname_first":
        return _checked(words[0], " ".join(words[1:]), unsure=unsure)
    cut = _start_of_last_name(words)
    return _checked(" ".join(words[cut:]), " ".join(words[:cut]), unsure=unsure)


def without_title(text: str) -> str:
    """The name without forms of address and degrees in front ("Prof. Dr.")."""
    rest = text.strip()
    while (match := re.match(r"([^\s.]+)(?:\.\s*|\s+)(?=\S)", rest)) and fold(match[1]) in _TITLES:
        rest = rest[match.end() :]
    return rest


def _checked(surname: str, given_names: str, *, unsure: bool = False) -> PassportName:
    family, given = passport.latinise(surname), passport.latinise(given_names)
    respelled = (family, given) != (passport.plain(surname).upper(), passport.plain(given_names).upper())
    if not given:
        return PassportName(family, given, problem="missing")
    if not passport.is_name(given) or (family and not passport.is_name(family)):
        # Kept as typed, so that the reader recognises what to correct.
        return PassportName(surname.strip(), given_names.strip(), problem="characters")
    return PassportName(family, given, respelled, unsure)


def _cut_by_capitals(words: list[str]) -> tuple[str, str] | None:
    """(surname, given names) if capitals mark a run of words at one end and the other words are not in capitals."""
    capital = [word.isupper() and len(word.strip(".'-")) > 1 for word in words]
    if all(capital) or not any(capital):
        return None
    if capital[0]:
        cut = capital.index(False)
        return None if any(capital[cut:]) else (" ".join(words[:cut]), " ".join(words[cut:]))
    cut = capital.index(True)
    return (" ".join(words[cut:]), " ".join(words[:cut])) if all(capital[cut:]) else None


def _start_of_last_name(words: list[str]) -> int:
    cut = len(words) - 1
    while cut > 1 and words[cut - 1].upper() in _PARTICLES:
        cut -= 1
    return cut


@dataclass(frozen=True, slots=True)
class OrderFound:
    """The order of names in a single-cell column, what showed it, and whether that is enough not to ask."""

    order: NameOrder
    shown_by: Literal["header", "capitals", "vietnamese", "nationality", "nothing"]
    is_sure: bool


def order_of_column(header: str, texts: list[str], nationalities: Iterable[str | None] = ()) -> OrderFound:
    """In which order a column of single-cell names writes them.

    By the header's words; capitals; Vietnamese family names; the people's nationality. If nothing shows it, given
    names first is proposed and must be confirmed.
    """
    names = [without_title(passport.plain(text)) for text in texts if not means_none(text)]
    capitals = Counter(_end_in_capitals(name.split(" ")) for name in names)
    orders: tuple[NameOrder, NameOrder] = ("given_first", "surname_first")
    for order in orders:
        if capitals[order] and capitals[order] * 2 > len(names):
            return OrderFound(order, "capitals", True)
    folded = fold(header)
    for order in orders:
        if any(contains(folded, fold(words)) for words in _WORDS[order]):
            return OrderFound(order, "header", True)
    first_words = [passport.latinise(name).split(" ")[0] for name in names if " " in name]
    if first_words and sum(word in _VIETNAMESE for word in first_words) >= 0.8 * len(first_words):
        return OrderFound("surname_first", "vietnamese", True)
    known = Counter(code for code in nationalities if code)
    if known and set(known) <= set(_WORDS["surname_first_countries"]):
        return OrderFound("surname_first", "nationality", True)
    return OrderFound("given_first", "nothing", False)


def _end_in_capitals(words: list[str]) -> NameOrder | None:
    if _cut_by_capitals(words) is None:
        return None
    return "surname_first" if words[0].isupper() else "given_first"
