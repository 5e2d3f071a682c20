"""Typst → PDF: one document from one template and one piece of data, and nothing else.

Data reaches a template only as JSON values, never as markup, so a name such as `#read("x")` is printed, not run.
Every call compiles by itself: no state outlives it, so nobody's page can hold another person's data, however many
threads render at once (a preview that mixed users at a deadline is a known accident of this kind of system).
"""

import functools
import json
import logging
import re
import unicodedata
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

import typst

APP_DIR = Path(__file__).resolve().parent.parent
TEMPLATES_DIR = APP_DIR / "documents"
FONTS_DIR = APP_DIR / "fonts"

# The geta mark, which Japanese printing sets where a character is missing.
SUBSTITUTE = "\u3013"

_TEMPLATE_NAME = re.compile(r"[a-z][a-z-]*")
_UNDISPLAYABLE = re.compile(r'error: .*?(?:the text|disallowed codepoint) `"((?:[^"\\]|\\.)*)"`')
_DATA = re.compile(r'"(?:[^"\\]|\\.)*"|panicked with: .*')
_ESCAPE = re.compile(r"\\(?:u\{([0-9a-fA-F]+)\}|(.))")
_ESCAPED = {"n": "\n", "r": "\r", "t": "\t", "0": "\0"}

# Characters that only steer the direction of text: in a name they could make it read as another.
_STEERING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff")

log = logging.getLogger(__name__)


class DocumentFailed(RuntimeError):
    """A document could not be made; the message names the template and the cause, never the data."""


class FontsMissing(DocumentFailed):
    """The fonts are not installed: `make setup` puts them into FONTS_DIR."""


@dataclass(frozen=True)
class Rendered:
    """A PDF and the pieces of text that no installed font can show (printed as 〓)."""

    content: bytes
    substituted: tuple[str, ...]


def render(template: str, data: Any, *, language: Literal["ja", "en"], title: str, at: datetime) -> bytes:
    """The PDF of `template` (file name in TEMPLATES_DIR without .typ) filled with `data` (anything JSON can hold).

    `title` is the document's own title, `at` (aware) its time of making: the same five values give the same bytes.
    Raises DocumentFailed when the template or its data is wrong, FontsMissing without fonts.
    """
    return compose(template, data, language=language, title=title, at=at).content


def compose(template: str, data: Any, *, language: Literal["ja", "en"], title: str, at: datetime) -> Rendered:
    """As `render`, and which pieces of text had to be replaced by 〓 because no font has them."""
    if at.tzinfo is None:
        raise ValueError("`at` must be an aware datetime")
    source = _source(template)
    document = _printable({"language": language, "title": title, "data": data})
    substituted: list[str] = []
    # Typst names every piece it cannot show at once; replacing those can only uncover pieces joined to them.
    for _ in range(4):
        try:
            return Rendered(_compile(source, document, at), tuple(substituted))
        except typst.TypstError as error:
            missing = _undisplayable(str(error))
            if not missing or SUBSTITUTE in missing:
                raise DocumentFailed(f"{template}: {_without_data(str(error))}") from None
            substituted.extend(missing)
            document = _replace(document, missing)
            log.warning("document text without a font", extra={"template": template, "pieces": len(missing)})
    raise DocumentFailed(f"{template}: text that no font can show remains after replacing it")


def _source(template: str) -> Path:
    source = TEMPLATES_DIR / f"{template}.typ"
    if not _TEMPLATE_NAME.fullmatch(template) or not source.is_file():
        raise DocumentFailed(f"no document template named {template!r}")
    return source


def _compile(source: Path, document: Any, at: datetime) -> bytes:
    # A compiler is not safe to share between threads; making one costs 0.3 ms because the fonts are shared, read-only.
    compiler = typst.Compiler(input=str(source), root=str(TEMPLATES_DIR), font_paths=_fonts())
    pdf = compiler.compile(
        format="pdf",
        sys_inputs={"document": json.dumps(document, ensure_ascii=False)},
        # PDF/A-2a (lasting, searchable) and PDF/UA-1 (for screen readers): Typst refuses what would break either.
        pdf_standards=["a-2a", "ua-1"],
        timestamp=int(at.timestamp()),
    )
    if not isinstance(pdf, bytes):
        raise DocumentFailed(f"{source.stem}: Typst gave no PDF")
    return pdf


@functools.cache
def _fonts() -> typst.Fonts:
    """The installed fonts and no others: the same document on every machine."""
    if not any(FONTS_DIR.glob("*.ttf")):
        raise FontsMissing("the document fonts are not installed: run `make setup`")
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(FONTS_DIR)])


def _printable(value: Any) -> Any:
    """The same structure with text free of control, steering and private characters."""
    if isinstance(value, str):
        return "".join(map(_printable_character, value))
    if isinstance(value, dict):
        return {key: _printable(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_printable(item) for item in value]
    return value


def _printable_character(character: str) -> str:
    if character == "\t":
        return " "
    if character == "\n" or character.isprintable():
        return character
    category = unicodedata.category(character)
    if character in _STEERING or category == "Cc":
        return ""
    return SUBSTITUTE if category in ("Co", "Cs") else character


def _undisplayable(message: str) -> list[str]:
    """The pieces of text which Typst says no font can show, from its message; longest first, each once."""
    return sorted(
        {_unescape(piece) for piece in _UNDISPLAYABLE.findall(message)}, key=lambda piece: (-len(piece), piece)
    )


def _unescape(piece: str) -> str:
    return _ESCAPE.sub(
        lambda match: chr(int(match[1], 16)) if match[1] else _ESCAPED.get(match[2], match[2]),
        piece,
    )


def _replace(value: Any, missing: list[str]) -> Any:
    if isinstance(value, str):
        for piece in missing:
            value = value.replace(piece, SUBSTITUTE)
        return value
    if isinstance(value, dict):
        return {key: _replace(item, missing) for key, item in value.items()}
    if isinstance(value, list):
        return [_replace(item, missing) for item in value]
    return value


def _without_data(message: str) -> str:
    """The first line of a Typst message with quoted text cut out, fit for a log."""
    first = message.strip().splitlines()[0] if message.strip() else "unknown error"
    return _DATA.sub("…", first)
