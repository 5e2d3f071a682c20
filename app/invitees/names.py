"""Names as the passport has them, and the keys by which the same person is found again."""

import unicodedata
from datetime import date

from app.core import search
from app.invitees import passport


def tidy(value: str) -> str:
    """A name with composed signs and single blanks; nothing else about it is changed."""
    return " ".join(unicodedata.normalize("NFC", value).split())


def passport_form(value: str) -> str:
    """A passport name: capitals, plain apostrophes and hyphens, single blanks (ICAO 9303 prints names in capitals)."""
    return tidy(passport.plain(value)).upper()


def sort_name(surname: str, given_names: str) -> str:
    """The folded text by which people are ordered: surname first, or the one name of a person who has one."""
    return search.fold(f"{surname} {given_names}")[:200]


def match_key(surname: str, given_names: str, born: date | None, nationality: str) -> str:
    """What two entries of one person have in common: the words of the name in any order, birth date, nationality.

    The order of the words does not count, because rosters mix up surname and given names.
    """
    words = " ".join(sorted(search.fold(f"{surname} {given_names}").split()))
    return f"{words}|{born.isoformat() if born else ''}|{nationality}"[:200]
