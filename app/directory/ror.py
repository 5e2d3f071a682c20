"""A record of the Research Organization Registry (schema 2.x, CC0) as this programme reads it. Pure: no database.

https://ror.readme.io/docs/ror-data-structure. What cannot be read says why; nothing is guessed.
"""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from app.directory import countries, prefectures
from app.directory.models import InstitutionKind, Side

_ROR_ID = re.compile(r"^https://ror\.org/(0[a-hj-km-np-tv-z0-9]{6}\d{2})$")
_BASE32 = "0123456789abcdefghjkmnpqrstvwxyz"  # Crockford's
_NAME_LENGTH = 300


class Unreadable(ValueError):
    """A record that cannot become an organization; the argument is the reason's key (`REASONS`)."""


REASONS = (
    "not_a_record",
    "bad_identifier",
    "no_name",
    "no_country",
)


@dataclass(frozen=True, slots=True)
class RorRecord:
    """One organization as the register has it. Links are ROR ids (`0…`, nine signs)."""

    ror_id: str
    is_gone: bool  # inactive (closed) or withdrawn (should not have been, e.g. a duplicate)
    side: Side
    kind: InstitutionKind
    name_ja: str
    name_en: str
    name_native: str
    native_language: str | None
    country: str
    prefecture: str | None
    city: str
    website: str
    aliases: tuple[tuple[str, str | None, str], ...] = ()  # name, language, kind
    external_ids: tuple[tuple[str, str], ...] = ()  # scheme, value
    parents: tuple[str, ...] = ()
    children: tuple[str, ...] = ()
    successors: tuple[str, ...] = ()
    predecessors: tuple[str, ...] = field(default=())


def checked_id(text: Any) -> str:
    """The nine signs of a ROR id. Raises: Unreadable when the form or the check digits (ISO 7064, 97-10) are wrong."""
    found = _ROR_ID.match(text) if isinstance(text, str) else None
    if found is None:
        raise Unreadable("bad_identifier")
    name = found.group(1)
    number = 0
    for sign in name[:7]:
        number = number * 32 + _BASE32.index(sign)
    if 98 - (number * 100) % 97 != int(name[7:]):
        raise Unreadable("bad_identifier")
    return name


def read(record: Any) -> RorRecord:
    """A record of the dump as this programme keeps it. Raises: Unreadable."""
    try:
        return _read(record)
    except (AttributeError, KeyError, TypeError) as problem:
        raise Unreadable("not_a_record") from problem


def _read(record: Any) -> RorRecord:
    if not isinstance(record, Mapping) or not isinstance(record.get("names"), list):
        raise Unreadable("not_a_record")
    ror_id = checked_id(record.get("id"))
    place = _place(record)
    country = str(place.get("country_code") or "")
    if country not in countries.CODES:
        raise Unreadable("no_country")
    names = [{**name, "value": unicodedata.normalize("NFC", name["value"]).strip()} for name in record["names"]]
    name_ja, name_en, native, language = _main_names(names, country)
    if not (name_ja or name_en):
        raise Unreadable("no_name")
    region = str(place.get("country_subdivision_name") or "")
    return RorRecord(
        ror_id=ror_id,
        is_gone=record.get("status") in ("inactive", "withdrawn"),
        side=Side.HOST if country == "JP" else Side.SENDING,
        kind=_kind(record, name_en, name_ja),
        name_ja=name_ja,
        name_en=name_en,
        name_native=native,
        native_language=language,
        country=country,
        prefecture=_prefecture(place, region) if country == "JP" else None,
        city=str(place.get("name") or "")[:120],
        website=_website(record),
        aliases=_aliases(names, {name_ja, name_en, native}),
        external_ids=(("ror", f"https://ror.org/{ror_id}"), *_numbers(record)),
        parents=_links(record, "parent"),
        children=_links(record, "child"),
        successors=_links(record, "successor"),
        predecessors=_links(record, "predecessor"),
    )


def _place(record: Mapping[str, Any]) -> Mapping[str, Any]:
    """The first place of a body that has several."""
    for location in record.get("locations") or ():
        details = location.get("geonames_details") if isinstance(location, Mapping) else None
        if isinstance(details, Mapping):
            return details
    return {}


def _prefecture(place: Mapping[str, Any], region: str) -> str | None:
    code = str(place.get("country_subdivision_code") or "")
    # Some places carry no subdivision: then the city's own name may say it (Tokyo, Kyoto).
    return prefectures.find(code) or prefectures.find(region) or prefectures.find(str(place.get("name") or ""))


def _main_names(names: list[Any], country: str) -> tuple[str, str, str, str | None]:
    """(Japanese, English, native name, its language). The register's display name stands for a missing English one."""
    labels: dict[str | None, str] = {}
    display = ""
    for name in names:
        types = name.get("types") or ()
        if "label" in types:
            labels.setdefault(name.get("lang"), name["value"][:_NAME_LENGTH])
        if "ror_display" in types:
            display = name["value"][:_NAME_LENGTH]
    name_ja, name_en = labels.get("ja", ""), labels.get("en", "")
    if not name_en and display and display != name_ja:
        name_en = display
    if country == "JP":
        return name_ja, name_en, "", None
    native = next(((value, lang) for lang, value in labels.items() if lang not in ("en", "ja", None)), ("", None))
    return name_ja, name_en, native[0] if native[0] != name_en else "", native[1] if native[0] != name_en else None


def _aliases(names: list[Any], main: set[str]) -> tuple[tuple[str, str | None, str], ...]:
    found: dict[str, tuple[str, str | None, str]] = {}
    for name in names:
        value, types = name["value"][:_NAME_LENGTH], name.get("types") or ()
        if value in main:
            continue
        kind = "acronym" if "acronym" in types else "label" if "label" in types else "alias"
        found.setdefault(value, (value, name.get("lang"), kind))
    return tuple(found.values())


_KINDS = {
    "facility": InstitutionKind.RESEARCH_INSTITUTE,
    "healthcare": InstitutionKind.RESEARCH_INSTITUTE,
    "company": InstitutionKind.COMPANY,
    "government": InstitutionKind.GOVERNMENT,
    "nonprofit": InstitutionKind.FOUNDATION,
    "funder": InstitutionKind.FOUNDATION,
    "archive": InstitutionKind.OTHER,
    "other": InstitutionKind.OTHER,
}
_TECHNICAL_COLLEGE = re.compile(
    r"高等専門学校|高専|National Institute of Technology, |College of (Industrial )?Technology$"
)
_HIGH_SCHOOL = re.compile(r"高等学校|高校|\bHigh School\b|\bSecondary School\b")
_LOCAL_GOVERNMENT = re.compile(
    r"[県府市町村区]庁?$|都庁$|役[所場]$|Prefectural Government|City (Hall|Government)|Municipal Government"
)


def _kind(record: Mapping[str, Any], name_en: str, name_ja: str) -> InstitutionKind:
    """The register's types in the programme's words; schools and local governments are told by their names."""
    types = record.get("types") or ()
    both = (name_en, name_ja)
    if "education" in types:
        if any(_TECHNICAL_COLLEGE.search(name) for name in both):
            return InstitutionKind.TECHNICAL_COLLEGE
        if any(_HIGH_SCHOOL.search(name) for name in both):
            return InstitutionKind.HIGH_SCHOOL
        return InstitutionKind.UNIVERSITY
    if "government" in types and any(_LOCAL_GOVERNMENT.search(name) for name in both):
        return InstitutionKind.LOCAL_GOVERNMENT
    return next((_KINDS[name] for name in types if name in _KINDS), InstitutionKind.OTHER)


def _website(record: Mapping[str, Any]) -> str:
    for link in record.get("links") or ():
        if link.get("type") == "website" and str(link.get("value", "")).startswith(("https://", "http://")):
            return str(link["value"])[:300]
    return ""


def _numbers(record: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    """Numbers in other registers: the preferred one, or the first, of each."""
    found = []
    for number in record.get("external_ids") or ():
        value = number.get("preferred") or next(iter(number.get("all") or ()), "")
        if value and number.get("type") in ("isni", "wikidata", "grid", "fundref"):
            found.append((str(number["type"]), str(value)[:100]))
    return tuple(found)


def _links(record: Mapping[str, Any], kind: str) -> tuple[str, ...]:
    found = (str(link.get("id", "")) for link in record.get("relationships") or () if link.get("type") == kind)
    return tuple(link.removeprefix("https://ror.org/") for link in found)
