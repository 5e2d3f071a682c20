"""What an entry of the log says of a guide rate or of a step around a visit, in words: each thing before and after."""

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.calls import places
from app.calls.history import NOTHING, Line
from app.calls.prerequisite_model import ANCHOR_LABELS, DAY_LABELS, DIRECTION_LABELS, DOER_LABELS
from app.calls.rate_models import UNIT_LABELS
from app.calls.vocabulary import COSTS, COURSES
from app.core.i18n import number

LABELS: Mapping[str, Any] = {
    "kind": _l("Kind of costs"),
    "unit": _l("Unit"),
    "amount": _l("Rate"),
    "ceiling": _l("Ceiling in yen"),
    "label_ja": _l("Name in Japanese"),
    "label_en": _l("Name in English"),
    "origins": _l("Where people come from"),
    "courses": _l("Courses"),
    "is_untaxed": _l("Carries no consumption tax"),
    "title_ja": _l("Title in Japanese"),
    "title_en": _l("Title in English"),
    "fiscal_year": _l("Fiscal year"),
    "anchor": _l("Counted from"),
    "direction": _l("Before or after"),
    "days": _l("Number of days"),
    "day_kind": _l("Which days count"),
    "doer": _l("Who does it"),
    "countries": _l("Only for partners in"),
    "except_countries": _l("Not for partners in"),
    "minors_only": _l("Only where minors take part"),
    "explanation_ja": _l("Explanation in Japanese"),
    "explanation_en": _l("Explanation in English"),
    "clause_ja": _l("Place in the guidelines, in Japanese"),
    "clause_en": _l("Place in the guidelines, in English"),
    "to_confirm": _l("Still to be confirmed by JST"),
    "is_active": _l("Shown on the checklists of plans"),
}
WORDS: Mapping[str, Mapping[Any, Any]] = {
    "kind": COSTS,
    "unit": UNIT_LABELS,
    "courses": COURSES,
    "anchor": ANCHOR_LABELS,
    "direction": DIRECTION_LABELS,
    "day_kind": DAY_LABELS,
    "doer": DOER_LABELS,
}
PLACES = ("origins", "countries", "except_countries")


def lines(changes: Mapping[str, Any]) -> list[Line]:
    """What changed in a row, column by column, as people read it. Pure."""
    found = []
    for name, label in LABELS.items():
        before, after = changes.get(name) or (None, None)
        if before != after:
            lang = name[-2:] if name.endswith(("_ja", "_en")) else None
            found.append(Line(str(label), _word(name, before), _word(name, after), lang))
    return found


def _word(name: str, value: Any) -> str:
    if value is None or value == "" or value == []:
        return NOTHING
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if isinstance(value, list):
        return ", ".join(_word(name, item) for item in value)
    if name in PLACES:
        return places.name(str(value))
    if name in WORDS:
        return str(WORDS[name].get(value, value))
    return number(value) if name in ("amount", "ceiling") else str(value)
