"""Reads a PDF as a screen reader does: glyphs through ToUnicode, and ActualText where a script joins its letters.

pypdf's own extraction does not know ActualText, so it doubles Vietnamese and reorders Thai; this also sees glyph 0,
the empty box of a missing character.
"""

import io
import re
import unicodedata
from typing import Any

from pypdf import PageObject, PdfReader
from pypdf.generic import ContentStream, DictionaryObject


def pages_of(pdf: bytes) -> list[str]:
    """The text of each page in reading order, without white space or break opportunities."""
    return [squeezed(_page_text(page)) for page in PdfReader(io.BytesIO(pdf)).pages]


def text_of(pdf: bytes) -> str:
    return "".join(pages_of(pdf))


def squeezed(text: str) -> str:
    """Where lines break is not the point of these tests."""
    return re.sub(r"[\s\u200b\u00ad]", "", unicodedata.normalize("NFC", text))


def fonts_of(pdf: bytes) -> set[str]:
    """Names of the embedded fonts without the subset's tag."""
    return {
        str(font["/BaseFont"]).split("+")[-1]
        for page in PdfReader(io.BytesIO(pdf)).pages
        for font in _fonts(page).values()
    }


def _fonts(page: PageObject) -> dict[str, DictionaryObject]:
    resources = page["/Resources"].get_object()
    found = resources.get("/Font", DictionaryObject()).get_object()  # type: ignore[union-attr]
    return {name: font.get_object() for name, font in found.items()}


def _letters(font: DictionaryObject) -> dict[int, str]:
    """Glyph → text from a font's ToUnicode map."""
    source = font["/ToUnicode"].get_object().get_data().decode("latin-1")  # type: ignore[union-attr]
    letters: dict[int, str] = {}
    for block in re.findall(r"beginbfchar(.*?)endbfchar", source, re.DOTALL):
        for glyph, text in re.findall(r"<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]+)>", block):
            letters[int(glyph, 16)] = bytes.fromhex(text).decode("utf-16-be")
    return letters


def _page_text(page: PageObject) -> str:
    content = ContentStream(page.get_contents(), page.pdf)
    maps = {name: _letters(font) for name, font in _fonts(page).items()}
    letters: dict[int, str] = {}
    spoken: list[bool] = []  # for each open mark: does its ActualText stand for what is drawn inside?
    text = []
    for operands, operator in content.operations:
        if operator == b"Tf":
            letters = maps[operands[0]]
        elif operator in (b"BDC", b"BMC"):
            actual = _actual_text(operands)
            if actual is not None and not any(spoken):
                text.append(actual)
            spoken.append(actual is not None)
        elif operator == b"EMC":
            spoken.pop()
        elif operator in (b"Tj", b"TJ"):
            shown = _shown(operands[0], letters)
            if not any(spoken):
                text.append(shown)
    return "".join(text)


def _actual_text(operands: Any) -> str | None:
    properties = operands[1] if len(operands) > 1 else None
    actual = properties.get("/ActualText") if isinstance(properties, DictionaryObject) else None
    return None if actual is None else str(actual)


def _shown(pieces: Any, letters: dict[int, str]) -> str:
    text = []
    for piece in pieces if isinstance(pieces, list) else [pieces]:
        code = getattr(piece, "original_bytes", None)
        if code is None:
            continue
        glyphs = [int.from_bytes(code[at : at + 2]) for at in range(0, len(code), 2)]
        assert 0 not in glyphs, "a missing character is drawn as an empty box"
        text.extend(letters.get(glyph, "") for glyph in glyphs)
    return "".join(text)
