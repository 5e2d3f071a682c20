"""What stands beside the table: remarks, notes columns and mail addresses, read as proposals, never as answers."""

import re
from collections import Counter
from collections.abc import Iterable

from app.directory import countries
from app.invitees.roster import values
from app.invitees.roster.words import UNSPACED, VOCABULARY, contains, fold, phrases

# Country domains that people all over the world use.
GENERIC_DOMAINS = frozenset({"ai", "cc", "co", "eu", "fm", "gg", "im", "io", "la", "ly", "me", "sh", "to", "tv", "ws"})
# Remarks are short; the rest of a longer text is not searched.
LONGEST_REMARK = 500
MOST_PARTS = 20


def nationality_of_remarks(texts: Iterable[str]) -> str | None:
    """The one country named in remarks that speak of passports or nationality; None if none or several are."""
    codes: set[str] = set()
    for text in texts:
        folded = fold(text[:LONGEST_REMARK])
        if any(contains(folded, fold(word)) for word in VOCABULARY["nationality_hints"]["words"]):
            codes |= _countries_in(folded)
    return codes.pop() if len(codes) == 1 else None


def _countries_in(folded: str) -> set[str]:
    words = folded.split()
    spans = (" ".join(words[start : start + size]) for size in (1, 2, 3) for start in range(len(words) - size + 1))
    # Two- and three-letter codes are also everyday words ("to", "no", "all").
    return {code for span in spans if (len(span) > 3 or UNSPACED.search(span)) and (code := countries.find(span))}


def nationality_of_mails(addresses: Iterable[str]) -> str | None:
    """The country whose domain at least four fifths of the addresses end in; None if there is none."""
    endings = Counter(address.rpartition(".")[2].lower() for address in addresses if "@" in address)
    if not endings:
        return None
    ending, number = endings.most_common(1)[0]
    if number < 0.8 * endings.total() or len(ending) != 2 or ending in GENERIC_DOMAINS:
        return None
    return countries.find(ending)


def parts_of(notes: str) -> list[str]:
    """The separate remarks of a notes cell."""
    parts = re.split("[,;\u3001\u3002\uff0c\uff1b\n]| / ", notes[:LONGEST_REMARK])
    return [part.strip() for part in parts if part.strip()][:MOST_PARTS]


def diet_of_notes(notes: str) -> str:
    """The remarks that speak of food, as typed; "" if none does."""
    listed = [
        part for part in parts_of(notes) if any(contains(fold(part), word) for word, _ in phrases("diet", "words"))
    ]
    return ", ".join(text for text in map(values.diet, listed) if text)


def role_of_notes(notes: str) -> str | None:
    """supervisor if a remark says so."""
    return "supervisor" if any(values.role(part) == "supervisor" for part in parts_of(notes)) else None


def first_visit_of_notes(notes: str) -> bool | None:
    """False if a remark says that the person has been to Japan, True if it says never, None if nothing is said."""
    folded = fold(notes[:LONGEST_REMARK])
    if any(contains(folded, word) for word, _ in phrases("visits", "never")):
        return True
    return False if any(contains(folded, word) for word, _ in phrases("visits", "before")) else None
