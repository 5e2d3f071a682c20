"""What an entry of the log says of a rule, in words: each thing before and after."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.calls import wording
from app.calls.checks import CHECKS
from app.calls.models import Severity
from app.core.i18n import language

LABELS = {
    "severity": _l("How binding the rule is"),
    "text_ja": _l("Sentence in Japanese"),
    "text_en": _l("Sentence in English"),
    "clause_ja": _l("Place in the guidelines, in Japanese"),
    "clause_en": _l("Place in the guidelines, in English"),
    "to_confirm": _l("Still to be confirmed by JST"),
    "position": _l("Place in the list"),
}
NOTHING = "–"


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that changed, as people read it; the words of a language carry its code."""

    label: str
    before: str
    after: str
    lang: str | None = None


def lines(check_name: str, changes: Mapping[str, Any]) -> list[Line]:
    """What changed in a rule, parameter by parameter, then severity, sentences and clause. Pure."""
    found = list(_numbers(check_name, *_pair(changes.get("limit"))))
    for name, label in LABELS.items():
        before, after = _pair(changes.get(name))
        if before != after:
            lang = name[-2:] if name.endswith(("_ja", "_en")) else None
            found.append(Line(str(label), _word(name, before), _word(name, after), lang))
    return found


def _pair(values: Any) -> tuple[Any, Any]:
    return (values[0], values[1]) if isinstance(values, list) and len(values) == 2 else (None, None)


def _numbers(check_name: str, before: Any, after: Any) -> Iterator[Line]:
    """The parameters whose value differs, by the words of the check; by their own names if the check is gone."""
    old, new = before or {}, after or {}
    check, locale = CHECKS.get(check_name), language()
    for name in dict.fromkeys([*old, *new]):
        if old.get(name) == new.get(name):
            continue
        parameter = check.parameter(name) if check else None
        said = [
            NOTHING
            if name not in side
            else wording.words(parameter, side[name], locale)
            if parameter
            else str(side[name])
            for side in (old, new)
        ]
        yield Line(str(parameter.label) if parameter else name, *said)


def _word(name: str, value: Any) -> str:
    if value is None or value == "":
        return NOTHING
    if name == "severity":
        return str(Severity(value).label) if value in list(Severity) else str(value)
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    return str(value)
