"""Sentences that name what users typed, translated when shown and always escaped.

Flask-Babel's lazy strings declare themselves safe HTML with their variables already filled in, so text from an upload
put into one would reach the page unescaped. A `Sentence` makes no such claim: templates escape it like any text.
"""

from typing import Any

from flask_babel import gettext


def N_(text: str) -> str:
    """Mark a sentence for the catalogue; it is translated where it is shown."""
    return text


class Sentence:
    """A catalogue text with named values; `str()` gives it in the language of the moment."""

    __slots__ = ("named", "text")

    def __init__(self, text: str, **named: Any) -> None:
        self.text = text
        self.named = named

    def __str__(self) -> str:
        return str(gettext(self.text, **self.named))

    def __repr__(self) -> str:
        return f"Sentence({self.text!r}, **{self.named!r})"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sentence) and (self.text, self.named) == (other.text, other.named)

    def __hash__(self) -> int:
        return hash(self.text)
