"""What an entry of the log says of a criterion, in words: each thing before and after."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _

from app.reviews.criteria_forms import MARKS, CriterionFields

NOTHING = "–"
NAMES = ("label_ja", "label_en", "help_ja", "help_en", "weight")


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that changed, as people read it; the words of a language carry its code."""

    label: str
    before: str
    after: str
    lang: str | None = None


def lines(changes: Mapping[str, Any]) -> list[Line]:
    """What changed in a criterion, thing by thing. Pure."""
    labels = {name: str(getattr(CriterionFields, name).args[0]) for name in NAMES}
    found = []
    for name, label in labels.items():
        before, after = changes.get(name) or (None, None)
        if before != after:
            lang = name[-2:] if name.endswith(("_ja", "_en")) else None
            found.append(Line(label, _word(before), _word(after), lang))
    return found + _anchors(*(changes.get("anchors") or (None, None)))


def _anchors(before: Any, after: Any) -> list[Line]:
    found = []
    for mark in map(str, MARKS):
        for code in ("ja", "en"):
            old = ((before or {}).get(mark) or {}).get(code)
            new = ((after or {}).get(mark) or {}).get(code)
            if old != new:
                found.append(Line(_("What mark %(mark)s means", mark=mark), _word(old), _word(new), code))
    return found


def _word(value: Any) -> str:
    return NOTHING if value in (None, "") else str(value)
