"""Countries and programme regions as a field shows and takes them: a name per line, in the reader's language."""

import re
from collections.abc import Iterable

from app.calls.vocabulary import REGIONS
from app.core.i18n import language
from app.directory import countries

LISTING = re.compile(r"[,、，;\n]+")


def shown(codes: Iterable[str]) -> str:
    """Codes of countries and programme regions in words, one per line."""
    return "\n".join(str(REGIONS[item]) if item in REGIONS else countries.name(item, language()) for item in codes)


def typed(text: str | None) -> list[str]:
    """The codes of the countries and programme regions somebody listed; what is not understood stays as typed."""
    regions = {str(label).casefold(): key for key, label in REGIONS.items()}
    words = [word.strip() for word in LISTING.split(text or "") if word.strip()]
    return [regions.get(word.casefold()) or countries.find(word) or word for word in words]
