"""Which fields a profile has, and which of them a reader sees. Every page asks here, so none can show more."""

from collections.abc import Iterable
from typing import Any

from flask_babel import lazy_gettext as _l

from app.alumni.models import AlumnusState, Audience
from app.core.i18n import language
from app.directory import countries

FIELDS: dict[str, Any] = {
    "affiliation": _l("Affiliation"),
    "position": _l("Position"),
    "country": _l("Country or region"),
    "city": _l("City"),
    "field_of_science": _l("Field of study or work"),
    "message": _l("Message"),
    "email": _l("E-mail for contact"),
}

#: An address is not shown to other alumni, whatever its owner chooses: directories are harvested for addresses.
NOT_FOR_ALUMNI = frozenset({"email"})

_WIDTH = {Audience.ONLY_ME: 0, Audience.MY_HOST: 1, Audience.ALUMNI: 2}


def audiences(field: str) -> list[Audience]:
    """The circles a person may choose from for a field, narrowest first."""
    return [audience for audience in Audience if audience is not Audience.ALUMNI or field not in NOT_FOR_ALUMNI]


def audience_of(profile: Any, field: str) -> Audience:
    """The circle that may see a field. Whatever was not chosen, or is not to be chosen, is the narrowest."""
    chosen = (profile.visibility or {}).get(field)
    allowed = audiences(field)
    return Audience(chosen) if chosen in allowed else Audience.ONLY_ME


def shows(profile: Any, field: str, viewer: Audience) -> bool:
    """Whether the innermost circle `viewer` belongs to may see the field. ONLY_ME is the person and JST."""
    return _WIDTH[audience_of(profile, field)] >= _WIDTH[viewer]


def values(profile: Any, viewer: Audience, fields: Iterable[str] = tuple(FIELDS)) -> dict[str, str]:
    """The filled fields that a viewer of that circle may see, by name. Of a person who left: none."""
    if profile.state is AlumnusState.LEFT:
        return {}
    return {
        field: getattr(profile, field) for field in fields if getattr(profile, field) and shows(profile, field, viewer)
    }


def facts(profile: Any, viewer: Audience, fields: Iterable[str] = tuple(FIELDS)) -> list[tuple[Any, str]]:
    """As `values`, for a page: label and text in the reader's language."""
    return [
        (FIELDS[field], countries.name(value, language()) if field == "country" else value)
        for field, value in values(profile, viewer, fields).items()
    ]
