"""Names in any script: one normalised text per row, the same answer on both databases.

A row's `search_text` holds its words, folded (case, width, Latin accents), each after a blank; Chinese, Japanese and
Korean text is kept sign by sign so that any part of a name is found, also one of one or two signs. SQLite looks it up
in an FTS5 index (`<table>_search`, kept by triggers), PostgreSQL in a trigram index; both find words by their start.
"""

import unicodedata
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Integer, Select, TableClause, and_, column, false, literal_column, table

from app.core.db import is_sqlite

LETTERS = str.maketrans({"đ": "d", "ø": "o", "ł": "l", "æ": "ae", "œ": "oe", "ı": "i", "ð": "d", "þ": "th", "ß": "ss"})
MARKED_SCRIPTS = ("LATIN", "GREEK", "CYRILLIC")


def _is_ideographic(sign: str) -> bool:
    code = ord(sign)
    return (
        0x3040 <= code <= 0x30FF  # kana
        or 0x3400 <= code <= 0x9FFF  # Han
        or 0xAC00 <= code <= 0xD7AF  # Hangul
        or 0xF900 <= code <= 0xFAFF
        or 0x20000 <= code <= 0x3FFFF
    )


def fold(value: str) -> str:
    """A text as search compares it: width, case and the accents of Latin, Greek and Cyrillic folded; marks of other
    scripts (Thai, Devanagari, voiced kana) kept, because there they are letters.

    >>> fold("Nguyễn Thị  Ánh")
    'nguyen thi anh'
    """
    folded: list[str] = []
    accented = False
    for sign in unicodedata.normalize("NFKD", value).casefold():
        if unicodedata.category(sign) == "Mn":
            if not accented:
                folded.append(sign)
            continue
        accented = sign.isascii() or unicodedata.name(sign, "").startswith(MARKED_SCRIPTS)
        folded.append(sign)
    composed = unicodedata.normalize("NFC", "".join(folded)).translate(LETTERS)
    return " ".join(
        "".join(sign if _is_word(sign) else " " for sign in composed.replace("'", "").replace("’", "")).split()
    )


def _is_word(sign: str) -> bool:
    return unicodedata.category(sign)[0] in "LNM"


def _spread(folded: str) -> str:
    """Ideographs apart from one another, everything else by words."""
    spread = "".join(f" {sign} " if _is_ideographic(sign) else sign for sign in folded)
    return " ".join(spread.split())


def search_text(*values: str | None) -> str:
    """What to keep for a row so that it is found by any of these names."""
    words = [_spread(fold(value)) for value in values if value]
    return " " + " ".join(dict.fromkeys(words)) if words else ""


def phrases(query: str) -> list[str]:
    """A query as typed, in the phrases that must all be found: one per blank-separated word."""
    return [spread for word in fold(query).split() if (spread := _spread(word))]


def matching(select: Select[Any], model: Any, query: str) -> Select[Any]:
    """Narrow a SELECT of `model` to rows that hold every word of `query`. A query without a word finds nothing."""
    found = phrases(query)
    if not found:
        return select.where(false())
    if is_sqlite():
        index = _index(model.__tablename__)
        expression = " AND ".join(f'"{phrase}" *' for phrase in found)
        return select.join(index, index.c.rowid == model.id).where(literal_column(index.name).op("MATCH")(expression))
    return select.where(_like_all(model, found))


@cache
def _index(table_name: str) -> TableClause:
    """SQLite's search index of a table."""
    return table(f"{table_name}_search", column("rowid", Integer), column("search_text"))


def row_number(model: Any) -> Any:
    """The column by which what `matching` found is ordered by age: SQLite's index then gives the newest at once.

    Use it as sort and key of a list that searches; the model's id does for one that does not.
    """
    return _index(model.__tablename__).c.rowid if is_sqlite() else model.id


def _like_all(model: Any, found: list[str]) -> ColumnElement[bool]:
    # Phrases hold only letters, digits and blanks: nothing to escape, and LIKE … ESCAPE would miss the trigram index.
    return and_(*(model.search_text.like(f"% {phrase}%") for phrase in found))


__all__ = ["fold", "matching", "phrases", "row_number", "search_text"]
