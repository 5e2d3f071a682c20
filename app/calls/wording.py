"""A rule's sentence: the guidelines' words with the rule's own numbers set in, so that text and limit agree."""

import re
from collections.abc import Mapping
from typing import Any

from app.calls.check import Check, Kind, Parameter
from app.calls.vocabulary import REGIONS
from app.core.i18n import in_language
from app.directory import countries

_PLACE = re.compile(r"\{(\w+)\}")
SEPARATORS = {"ja": "、", "en": ", "}


def fill(text: str, check: Check | None, limit: Mapping[str, Any], locale: str) -> str:
    """`text` with every `{parameter}` replaced by its value as people read it; unknown places stay as they are."""

    def value(place: re.Match[str]) -> str:
        name = place.group(1)
        parameter = check.parameter(name) if check else None
        return place.group(0) if parameter is None else words(parameter, limit.get(name), locale)

    return _PLACE.sub(value, text)


def unknown_places(text: str, check: Check) -> list[str]:
    """Places in a text that no parameter of the check fills."""
    return [place for place in _PLACE.findall(text) if check.parameter(place) is None]


def words(parameter: Parameter, value: Any, locale: str) -> str:
    """A parameter's value as people read it in that language; a dash for none."""
    if parameter.kind is Kind.BOOLEAN:
        with in_language(locale):
            return str(parameter.words[0 if value else 1])
    if value in (None, "", []):
        return "–"
    if parameter.kind is Kind.INTEGER or not isinstance(value, list | tuple):
        return str(value)
    with in_language(locale):
        if parameter.kind is Kind.COUNTRIES:
            named = [str(REGIONS[item]) if item in REGIONS else countries.name(item, locale) for item in value]
        else:
            named = [str((parameter.vocabulary or {}).get(item, item)) for item in value]
    return SEPARATORS[locale].join(named)
