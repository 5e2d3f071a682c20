"""Dates as people write them: which day is meant, which two could be meant, or why none can be."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Literal

from app.invitees.roster.words import VOCABULARY

Order = Literal["dmy", "mdy"]
Problem = Literal["impossible", "unreadable", "short_year"]

BUDDHIST_OFFSET = 543
# No living person and no passport has a common-era year from here on, so such a year is Buddhist (2400 = 1857).
FIRST_BUDDHIST_YEAR = 2400
# Longer texts hold no date; the rest is not looked at.
LONGEST = 120
YEARS = range(1900, 2100)
_WORDS = VOCABULARY["dates"]
_CLOCK = re.compile(r"[T ]\d{1,2}:\d{2}(:\d{2}(\.\d+)?)?Z?$")
_YEAR_FIRST = re.compile(r"(?<!\d)(?P<y>\d{4})\s?[-/. ]\s?(?P<m>\d{1,2})\s?[-/. ]\s?(?P<d>\d{1,2})(?!\d)")
_YEAR_LAST = re.compile(r"(?<!\d)(?P<a>\d{1,2})\s?[-/. ]\s?(?P<b>\d{1,2})\s?[-/. ]\s?(?P<y>\d{4})(?!\d)")
_COMPACT = re.compile(r"(?<!\d)(?P<y>\d{4})(?P<m>\d{2})(?P<d>\d{2})(?!\d)")
_SHORT_YEAR = re.compile(r"(?<!\d)\d{1,2}\s?[-/. ]\s?\d{1,2}\s?[-/. ]\s?\d{2}(?!\d)")
_CJK = re.compile(_WORDS["year_month_day"])
_ERA = re.compile(_WORDS["era"], re.IGNORECASE)
_VIETNAMESE = re.compile(_WORDS["vietnamese_month"], re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class DateReading:
    """`value` when one day is meant; `either` (day first, month first) when two could be; `problem` when none."""

    value: date | None = None
    either: tuple[date, date] | None = None
    problem: Problem | None = None
    shows: Order | None = None  # the order this text proves by itself


def read_date(text: str, *, order: Order | None = None, buddhist: bool = False) -> DateReading:
    """The day a text means. `order` is that of its column if known; `buddhist` if its column counts that era.

    Understands ISO, year first, day or month first, month names, Japanese eras, East Asian and Vietnamese writing,
    and a place in front ("Yogyakarta, 09/01/2004"). Never chooses between two possible days.
    """
    plain = _CLOCK.sub("", " ".join(unicodedata.normalize("NFKC", text[:LONGEST]).split()))
    if (found := _era_day(plain)) is not None:
        return found
    for pattern in (_CJK, _VIETNAMESE, _YEAR_FIRST, _COMPACT):
        if (match := pattern.search(plain)) and _is_all(plain, match):
            return _one(match["y"], match["m"], match["d"], buddhist)
    if (named := _named_month(plain)) is not None:
        return _one(*named, buddhist)
    if (match := _YEAR_LAST.search(plain)) and _is_all(plain, match):
        return _either_order(match, order, buddhist)
    if (match := _SHORT_YEAR.search(plain)) and _is_all(plain, match):
        return DateReading(problem="short_year")
    return DateReading(problem="unreadable")


def _is_all(text: str, match: re.Match[str]) -> bool:
    """Whether the rest of the cell holds no further number, which would make the date doubtful."""
    rest = text[: match.start()] + text[match.end() :]
    return not any(character.isdigit() for character in rest)


def common_era(year: int, *, buddhist: bool) -> int:
    """The common-era year; in a Buddhist column a year below 2400 was already written in the common era."""
    return year - BUDDHIST_OFFSET if year >= FIRST_BUDDHIST_YEAR or (buddhist and year > YEARS.stop) else year


def _day(year: int | str, month: int | str, day: int | str, buddhist: bool) -> date | None:
    full_year = common_era(int(year), buddhist=buddhist)
    if full_year not in YEARS:
        return None
    try:
        return date(full_year, int(month), int(day))
    except ValueError:
        return None


def _one(year: int | str, month: int | str, day: int | str, buddhist: bool) -> DateReading:
    found = _day(year, month, day, buddhist)
    return DateReading(value=found) if found else DateReading(problem="impossible")


def _either_order(match: re.Match[str], order: Order | None, buddhist: bool) -> DateReading:
    first, second, year = match["a"], match["b"], match["y"]
    day_first = _day(year, second, first, buddhist)
    month_first = _day(year, first, second, buddhist)
    if day_first and month_first:
        if day_first == month_first:
            return DateReading(value=day_first)
        if order:
            return DateReading(value=day_first if order == "dmy" else month_first)
        return DateReading(either=(day_first, month_first))
    if day_first:
        return DateReading(value=day_first, shows="dmy")
    if month_first:
        return DateReading(value=month_first, shows="mdy")
    return DateReading(problem="impossible")


def _era_day(text: str) -> DateReading | None:
    match = _ERA.search(text)
    if not match or not _is_all(text, match):
        return None
    offset, last = _WORDS["eras"][match["era"].upper()]
    number = 1 if match["n"] == _WORDS["first_year"] else int(match["n"])
    if not 1 <= number <= last:
        return DateReading(problem="impossible")
    return _one(offset + number, match["m"], match["d"], False)


@lru_cache(maxsize=1)
def _months() -> tuple[re.Pattern[str], dict[str, int]]:
    numbers = {name.casefold(): int(month) for month, names in VOCABULARY["months"].items() for name in names}
    names = "|".join(re.escape(name) for name in sorted(numbers, key=len, reverse=True))
    return re.compile(rf"(?<![^\W\d_])({names})\.?(?![^\W\d_])", re.IGNORECASE), numbers


def _named_month(text: str) -> tuple[str, int, str] | None:
    """(year, month, day) of "14 May 2003", "May 14th, 2003", "2003-May-14", "14 de mayo de 2003"."""
    pattern, numbers = _months()
    match = pattern.search(text)
    if not match:
        return None
    month = numbers.get(match[1].casefold())
    digits = re.findall(r"\d+", text)
    if month is None or len(digits) != 2:
        return None
    year, day = sorted(digits, key=len, reverse=True)
    return (year, month, day) if len(year) == 4 and len(day) <= 2 else None


def order_of_header(header: str) -> Order | None:
    """The order of day and month that a header announces ("DD/MM/YYYY"), if it announces one."""
    folded = unicodedata.normalize("NFKC", header).casefold()
    for order in ("dmy", "mdy"):
        if any(re.search(pattern, folded) for pattern in _WORDS[order]):
            return order  # type: ignore[return-value]
    return None


def is_buddhist_header(header: str) -> bool:
    """Whether a header says that years count the Buddhist era."""
    folded = unicodedata.normalize("NFKC", header).casefold()
    return any(word in folded for word in _WORDS["buddhist"])


def order_of_column(header: str, texts: Iterable[str], *, buddhist: bool = False) -> Order | None:
    """The order a column proves: by its header or by values that can be read one way only, if these agree."""
    shown = {read_date(text, buddhist=buddhist).shows for text in texts} | {order_of_header(header)}
    shown.discard(None)
    return shown.pop() if len(shown) == 1 else None
