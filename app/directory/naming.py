"""What a name is kept as: for ordering, for search, for recognising what was meant."""

from collections.abc import Iterable
from typing import Any

from app.core import search
from app.directory import romanization
from app.directory.models import Organization


def sort_name(name_en: str, name_ja: str) -> str:
    """The text organizations are ordered by: the folded English name without its article, else the Japanese one."""
    return search.fold(name_en or name_ja).removeprefix("the ")[:300]


def search_text(
    name_ja: str, name_en: str, name_native: str, aliases: Iterable[str], *, country: str, numbers: Iterable[str] = ()
) -> str:
    """Everything an organization may be looked for by; for Japanese bodies also in romaji and by short names."""
    others = list(aliases)
    derived: list[str] = []
    if country == "JP":
        romaji = romanization.from_english(name_en)
        derived = [romaji] if romaji else []
        for name in (name_ja, *others):
            derived += romanization.from_kana(name)
        derived += romanization.short_names(name_ja)
    return search.search_text(name_en, name_ja, name_native, *others, *derived, *numbers)


def names_of(organization: Organization) -> dict[str, Any]:
    """The derived columns of a row from its names, aliases and numbers."""
    return {
        "sort_name": sort_name(organization.name_en, organization.name_ja),
        "search_text": search_text(
            organization.name_ja or "",
            organization.name_en or "",
            organization.name_native or "",
            [alias.name for alias in organization.aliases],
            country=organization.country,
            numbers=[number.value.rsplit("/", 1)[-1] for number in organization.external_ids],
        ),
    }


def refresh(organization: Organization) -> None:
    """Bring the derived columns of a row in line with its names, aliases and numbers."""
    for name, value in names_of(organization).items():
        setattr(organization, name, value)
