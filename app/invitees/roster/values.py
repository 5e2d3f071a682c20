"""What one cell of a roster means: sex, nationality, category, role, yes or no, e-mail, passport number, needs."""

import re
import unicodedata
from functools import lru_cache

from email_validator import EmailNotValidError, validate_email

from app.directory import countries
from app.invitees import passport
from app.invitees.roster.words import VOCABULARY, contains, fold, meanings, means_none, phrases

CATEGORIES = tuple(VOCABULARY["category"])
ROLES = ("invitee", "supervisor")
SEXES = ("F", "M", "X")
STAFF = frozenset({"faculty", "teacher", "researcher", "public_official", "postdoc"})
# Hiragana to katakana: same order, 0x60 apart in Unicode.
TO_KATAKANA = {code: code + 0x60 for code in range(0x3041, 0x3097)}


def tidy(text: str) -> str:
    """Text in composed form (NFC) with single ordinary spaces; letters, widths and marks stay as typed."""
    spaced = "".join(" " if unicodedata.category(mark) in ("Zs", "Cc") else mark for mark in text)
    kept = "".join(mark for mark in spaced if mark not in "\ufeff\u200b\u2060\u200e\u200f")
    return " ".join(unicodedata.normalize("NFC", kept).split())


def free_text(text: str) -> str:
    """A text kept as typed; "" where it says none."""
    return "" if means_none(text) else tidy(text)


def katakana(text: str) -> str:
    """A reading in full-width katakana (half-width and hiragana are turned into it), parts divided by one space."""
    return "" if means_none(text) else " ".join(unicodedata.normalize("NFKC", text).translate(TO_KATAKANA).split())


def sex(text: str, *, spanish: bool = False) -> str | None:
    """F, M or X. In a `spanish` column (values H and M) M is "mujer"."""
    folded = fold(text)
    if spanish and folded in ("h", "m"):
        return "M" if folded == "h" else "F"
    if found := meanings("sex").get(folded):
        return found
    # "F / Female": all parts must say the same.
    said = {meanings("sex").get(part) for part in folded.split()} - {None}
    return said.pop() if len(said) == 1 else None


def is_spanish_column(texts: list[str]) -> bool:
    """Whether a sex column uses H (hombre) and M (mujer): H occurs and F does not."""
    said = {fold(text) for text in texts}
    return "h" in said and "f" not in said and "m" in said


def sex_of_title(text: str) -> str | None:
    """F or M if a form of address says so; None for "Dr", "Prof" and the unknown."""
    said = {meaning for word, meaning in phrases("titles") if meaning != "other" and contains(fold(text), word)}
    exact = meanings("titles").get(fold(text))
    if exact in ("F", "M"):
        return exact
    return said.pop() if len(said) == 1 else None


def nationality(text: str) -> str | None:
    """ISO 3166-1 alpha-2 code; None if the text names no single country."""
    return countries.find(text)


@lru_cache(maxsize=2_000)
def category(text: str) -> str | None:
    """One of CATEGORIES. A staff word beats a school word ("high school teacher") unless a student is meant."""
    folded = fold(text)
    if not folded:
        return None
    found = [(word, meaning) for word, meaning in phrases("category") if contains(folded, word)]
    is_student = any(contains(folded, fold(word)) for word in VOCABULARY["staff"]["student_words"])
    staff = [pair for pair in found if pair[1] in STAFF]
    if staff and not is_student:
        return staff[0][1]
    for meaning, patterns in VOCABULARY["category_patterns"].items():
        if any(re.search(pattern, folded) for pattern in patterns):
            return str(meaning)
    return found[0][1] if found else None


def role(text: str) -> str | None:
    """invitee or supervisor; None where neither or both are said."""
    folded = fold(text)
    if exact := meanings("role").get(folded):
        return exact
    said = {meaning for word, meaning in phrases("role") if contains(folded, word)}
    return said.pop() if len(said) == 1 else None


def yes_no(text: str) -> bool | None:
    """True, False, or None where the text is neither."""
    folded = fold(text)
    said = meanings("yes_no").get(folded) or meanings("yes_no").get(folded.split(" ")[0] if folded else "")
    return None if said is None else said == "yes"


def visited_before(text: str) -> bool | None:
    """Whether an answer to "have you been to Japan?" says yes: also by a year or a number of times."""
    if means_none(text, needs=True):
        return False
    said = yes_no(text)
    if said is not None:
        return said
    return True if re.search(r"(19|20)\d{2}|\b[1-9]\b", unicodedata.normalize("NFKC", text)) else None


def email(text: str) -> str | None:
    """A well-formed address with its domain in lower case; None otherwise. Nothing is asked of the network."""
    address = unicodedata.normalize("NFKC", text).strip().strip("<>;,")
    address = re.sub(r"^mailto:", "", address, flags=re.IGNORECASE).strip()
    try:
        return validate_email(address, check_deliverability=False).normalized
    except EmailNotValidError:
        return None


def passport_number(text: str) -> str | None:
    """The number as the passport prints it; None if it cannot be one."""
    number = passport.normal_number(text)
    return number if passport.is_number(number) else None


def diet(text: str) -> str:
    """Needs at table as typed, without "food" or "meal" after a known word; "" where there are none."""
    if means_none(text, needs=True):
        return ""
    kept = tidy(text)
    shorter = re.sub(rf"\s+({'|'.join(VOCABULARY['diet']['fillers'])})$", "", kept, flags=re.IGNORECASE)
    return shorter if fold(shorter) in meanings("diet", "words") else kept
