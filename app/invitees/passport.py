"""What a passport prints: names in A to Z, document numbers, and the machine-readable zone (ICAO Doc 9303, part 3)."""

import re
import unicodedata

NAME = re.compile(r"[A-Z](?:[A-Z' -]*[A-Z])?")
NUMBER = re.compile(r"[A-Z0-9]+")
LONGEST_NUMBER = 12
LONGEST_NAME = 150
APOSTROPHES = dict.fromkeys(map(ord, "\u2018\u2019\u02bc\u02bb`\u00b4\uff07\u2032"), "'")
HYPHENS = dict.fromkeys(map(ord, "\u2010\u2011\u2012\u2013\u2014\u2212\u00ad\uff0d"), "-")
# Doc 9303-3, section 6 A, where the recommended spelling is not simply the letter without its mark. Several states
# print AE, OE, UE for Ä, Ö, Ü and others A, O, U, so whatever is respelled must be compared with the passport.
RESPELLED = {
    "Æ": "AE",
    "Œ": "OE",
    "Ø": "OE",
    "Å": "AA",
    "Ä": "AE",
    "Ö": "OE",
    "Ü": "UE",
    "ß": "SS",
    "ẞ": "SS",
    "Þ": "TH",
    "Ð": "D",
    "Đ": "D",
    "Ł": "L",
    "Ħ": "H",
    "Ŧ": "T",
    "Ŋ": "N",
    "Ĳ": "IJ",
    "ı": "I",
    "ĸ": "K",
    "Ə": "E",
}
MRZ_WEIGHTS = (7, 3, 1)


def plain(text: str) -> str:
    """Text with ordinary letters, apostrophes, hyphens and single spaces instead of their typographic relatives."""
    text = unicodedata.normalize("NFKC", text.translate(APOSTROPHES).translate(HYPHENS))
    return " ".join(text.split())


def latinise(text: str) -> str:
    """A Latin-script name as a passport prints it: capitals A to Z, marks respelled after Doc 9303.

    Letters of other scripts stay as they are, so that `is_name` refuses them.
    """
    capitals = "".join(RESPELLED.get(letter, letter) for letter in plain(text).replace("ß", "SS").upper())
    bare = "".join(mark for mark in unicodedata.normalize("NFD", capitals) if not "\u0300" <= mark <= "\u036f")
    return unicodedata.normalize("NFC", bare)


def is_name(text: str) -> bool:
    """Whether a passport could print this as a name: A to Z with spaces, hyphens and apostrophes between."""
    return len(text) <= LONGEST_NAME and NAME.fullmatch(text) is not None


def normal_number(text: str) -> str:
    """A document number as printed: half-width capitals and digits without spaces, dots and hyphens."""
    return re.sub(r"[\s.\-]", "", plain(text)).upper()


def is_number(text: str) -> bool:
    """Whether this can be a passport number: 5 to 12 letters and digits, two digits at least."""
    return (
        5 <= len(text) <= LONGEST_NUMBER
        and NUMBER.fullmatch(text) is not None
        and sum(character.isdigit() for character in text) >= 2
    )


def fits_machine_readable_zone(number: str) -> bool:
    """Whether the number has at most the nine places of the machine-readable zone, as nearly all passports' do."""
    return len(number) <= 9


def mrz_name(surname: str, given_names: str, width: int = 39) -> str:
    """The name field of the machine-readable zone: SURNAME<<GIVEN<NAMES, filled up with `<`.

    A person with one name has it as the primary identifier, whichever of the two is filled.
    """
    parts = [re.sub(r"[ -]+", "<", name.replace("'", "")) for name in (surname, given_names) if name]
    return "<<".join(parts)[:width].ljust(width, "<")


def check_digit(text: str) -> int:
    """The check digit of a field of the machine-readable zone (weights 7, 3, 1, modulo 10)."""
    total = 0
    for place, character in enumerate(text):
        worth = 0 if character == "<" else int(character, 36)
        total += worth * MRZ_WEIGHTS[place % 3]
    return total % 10
