"""The words of a workbook: every label in both languages at once, and the lists its choices are made from."""

from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any

from flask_babel import force_locale
from flask_babel import lazy_gettext as _l

from app.applications.vocabulary import (
    ACTIVITY_LABELS,
    AFFILIATION_LABELS,
    BUDGET_LABELS,
    FIELD_LABELS,
    RESIDENCY_LABELS,
    ROLE_LABELS,
)
from app.applications.workbook.layout import SHEET_OF
from app.core import search
from app.core.i18n import LANGUAGES, language
from app.directory import countries
from app.invitees.models import CATEGORY_LABELS

YES_NO = {"yes": _l("Yes"), "no": _l("No")}
LABELS: Mapping[str, Mapping[str, Any]] = {
    "fields": {code.value: label for code, label in FIELD_LABELS.items()},
    "activities": {code.value: label for code, label in ACTIVITY_LABELS.items()},
    "costs": {code.value: label for code, label in BUDGET_LABELS.items()},
    "roles": {code.value: label for code, label in ROLE_LABELS.items()},
    "categories": {code.value: label for code, label in CATEGORY_LABELS.items()},
    "yes_no": YES_NO,
    "residency": {code.value: label for code, label in RESIDENCY_LABELS.items()},
    "affiliation": {code.value: label for code, label in AFFILIATION_LABELS.items()},
}
LISTS = ("fields", "activities", "costs", "roles", "categories", "yes_no", "residency", "affiliation", "countries")


def both(label: Any, between: str = "\n") -> str:
    """A label in Japanese and in English, one below the other."""
    return in_both(lambda: label, between)


def in_both(say: Callable[[], Any], between: str = " / ") -> str:
    """What is said in Japanese and in English; once where both are the same."""
    ja, en = (_in(locale, say) for locale in LANGUAGES)
    return ja if ja == en else f"{ja}{between}{en}"


def _in(locale: str, say: Callable[[], Any]) -> str:
    with force_locale(locale):
        return str(say())


@lru_cache(maxsize=16)
def title(section: str) -> str:
    """The name of a section's sheet: in Japanese, because it must be short and the same for everybody."""
    return _in("ja", lambda: SHEET_OF[section].title)[:31]


@lru_cache(maxsize=16)
def labels(section: str) -> Mapping[str, tuple[str, str]]:
    """Label and hint of each field and column of a section, in both languages."""
    sheet = SHEET_OF[section]
    named = [(f"field:{field.name}", field) for field in sheet.fields]
    named += [(field.name, field) for field in sheet.columns]
    return {key: (both(field.label), both(field.hint) if field.hint else "") for key, field in named}


@lru_cache(maxsize=16)
def choices(words: str) -> Mapping[str, str]:
    """What stands in the list of a choice, by code: Japanese and English side by side, the same whoever reads."""
    if words == "countries":
        english = dict(countries.choices("en"))
        return {code: f"{name} / {english[code]}" for code, name in countries.choices("ja")}
    return {code: both(label, " / ") for code, label in LABELS[words].items()}


@lru_cache(maxsize=16)
def _meanings(words: str) -> Mapping[str, str]:
    """Codes by every way a choice may be written: both languages, one of them, the code itself."""
    found: dict[str, str] = {}
    for code, text in choices(words).items():
        for way in (text, *text.split(" / "), code):
            found.setdefault(search.fold(way), code)
    return found


def code_of(words: str, text: str) -> str | None:
    """The code a text in a cell means; None where it is none of the list."""
    code = _meanings(words).get(search.fold(text))
    return countries.find(text) if code is None and words == "countries" else code


def label(words: str, code: str) -> str:
    """A choice in the reader's language; a code that is not in the list as it is."""
    if words == "countries":
        return countries.name(code, language()) if code else ""
    return str(LABELS[words].get(code, code))


__all__ = ["LISTS", "both", "choices", "code_of", "in_both", "label", "labels", "title"]
