"""Countries, regions and parts of the world as people type and read them: one per line."""

import re
from collections.abc import Iterable

from app.calls.vocabulary import REGIONS
from app.core.i18n import language
from app.directory import countries

LISTING = re.compile(r"[,、，;\n]+")


def shown(codes: Iterable[str]) -> str:
    """Codes as names in the reader's language, one per line."""
    return "\n".join(name(code) for code in codes)


def name(code: str) -> str:
    """A country, region or part of the world in the reader's language; an unknown code as it is."""
    return str(REGIONS[code]) if code in REGIONS else countries.name(code, language())


def typed(text: str | None) -> list[str]:
    """Codes of what was typed; a word that names nothing known stays as it is."""
    regions = {str(label).casefold(): key for key, label in REGIONS.items()}
    words = [word.strip() for word in LISTING.split(text or "") if word.strip()]
    return [regions.get(word.casefold()) or countries.find(word) or word for word in words]


def unknown(codes: Iterable[str]) -> list[str]:
    """What is neither a country or region nor a part of the world."""
    return [code for code in codes if code not in REGIONS and code not in countries.CODES]
