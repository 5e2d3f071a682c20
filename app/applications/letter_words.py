"""What a letter may say: the kinds of letters, the closed list of placeholders of each, and how values come in.

Texts are plain text in which `{name}` stands for a value (security contract 1.3.7): no template engine, no attribute
is ever read, and a value that looks like a placeholder stays what it is, because each text is gone through once.
"""

import enum
import re
from collections.abc import Mapping, Sequence
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l


class LetterKind(enum.StrEnum):
    """Which letter goes out; the result decides."""

    ADOPTED = "adopted"
    CONDITIONS = "conditions"  # adopted with conditions
    RESERVE = "reserve"
    DECLINED = "declined"
    CHANGED = "changed"  # another result than the one that was released

    @property
    def label(self) -> Any:
        return KIND_LABELS[self]


KIND_LABELS = {
    LetterKind.ADOPTED: _l("Adopted"),
    LetterKind.CONDITIONS: _l("Adopted with conditions"),
    LetterKind.RESERVE: _l("Waiting list"),
    LetterKind.DECLINED: _l("Declined"),
    LetterKind.CHANGED: _l("Changed after the release"),
}

# What each placeholder stands for, for whoever writes the letters.
MEANINGS: Mapping[str, Any] = {
    "reference": _l("number of the plan"),
    "theme": _l("theme of the plan"),
    "host": _l("host institution"),
    "course": _l("course"),
    "round": _l("round with its fiscal year"),
    "people": _l("number of people, after the conditions"),
    "period": _l("planned days of the visit"),
    "message": _l("message to the applicant that goes with the decision"),
    "feedback": _l("comments of the review, without names"),
    "contact": _l("the programme's office and its address"),
    "conditions": _l("conditions, one a line"),
    "place": _l("place on the waiting list"),
    "result": _l("the new result in words"),
}
SUBJECT: Sequence[str] = ("reference", "theme", "host", "course", "round")
_ALWAYS: Sequence[str] = (*SUBJECT, "people", "period", "message", "feedback", "contact")
ALLOWED: Mapping[LetterKind, Sequence[str]] = {
    LetterKind.ADOPTED: _ALWAYS,
    LetterKind.CONDITIONS: (*_ALWAYS, "conditions"),
    LetterKind.RESERVE: (*_ALWAYS, "place"),
    LetterKind.DECLINED: _ALWAYS,
    LetterKind.CHANGED: (*_ALWAYS, "result", "conditions", "place"),
}

_PLACEHOLDER = re.compile(r"\{([^{}]*)\}")
_PARAGRAPHS = re.compile(r"\n[ \t\u3000]*(?:\n[ \t\u3000]*)+")
_FULL_WIDTH = str.maketrans("｛｝", "{}")


def tidy(text: str) -> str:
    """A text as it is kept: one kind of line end, brackets typed in full width as ordinary ones."""
    return text.replace("\r\n", "\n").replace("\r", "\n").translate(_FULL_WIDTH).strip()


def shown(names: Sequence[str]) -> str:
    """Placeholders as they are typed."""
    return " ".join(f"{{{name}}}" for name in names)


def problems(text: str, allowed: Sequence[str]) -> list[str]:
    """What is wrong with the placeholders of a text, in sentences; empty if all is well. Pure."""
    found = []
    for name in dict.fromkeys(_PLACEHOLDER.findall(text)):
        if name not in allowed:
            found.append(
                _(
                    "%(name)s is no placeholder of this text. These may stand in it: %(allowed)s",
                    name=f"{{{name}}}",
                    allowed=shown(allowed),
                )
            )
    if set("{}") & set(_PLACEHOLDER.sub("", text)):
        found.append(
            _(
                "A curly bracket stands alone. Write a placeholder with both of them, such as %(one)s.",
                one=shown(allowed[:1]),
            )
        )
    return found


def fill(text: str, values: Mapping[str, str]) -> str:
    """The text with its values set in, each placeholder once and values as they are.

    A paragraph that names a value which is not there is left out as a whole. Pure.
    """
    paragraphs = []
    for paragraph in _PARAGRAPHS.split(text.strip()):
        named = _PLACEHOLDER.findall(paragraph)
        if all(values.get(name) for name in named):
            paragraphs.append(_PLACEHOLDER.sub(lambda found: values[found[1]], paragraph))
    return "\n\n".join(paragraphs)
