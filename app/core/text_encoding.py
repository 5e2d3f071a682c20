"""In which encoding a text file was written: proved, or asked for; never guessed silently."""

import contextlib
import re
from dataclasses import dataclass

# Offered to the user, never tried silently: these decode nearly any bytes into something.
ASKED_ENCODINGS = (
    "cp932", "euc_jp", "iso2022_jp", "gb18030", "big5", "cp949", "cp874", "cp1252", "cp1258", "utf-16-le", "utf-16-be",
)  # fmt: skip
BYTE_ORDER_MARKS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))


@dataclass(frozen=True)
class EncodingChoice:
    """An encoding that can decode the file, with the first lines as they would read in it."""

    encoding: str
    preview: tuple[str, ...]


class EncodingUnknown(Exception):
    """The encoding cannot be proved; `choices` is what to ask the user, empty when the bytes are not text at all."""

    def __init__(self, choices: tuple[EncodingChoice, ...]) -> None:
        super().__init__(choices)
        self.choices = choices


def decode(data: bytes, wanted: str | None = None) -> tuple[str, str]:
    """Text and the encoding it was read in.

    Byte order mark, then strict UTF-8, then strict CP932 if the result is believable Japanese. `wanted` is the
    user's answer to an earlier question. Raises EncodingUnknown.
    """
    if wanted is not None:
        if wanted not in ASKED_ENCODINGS:
            raise EncodingUnknown(choices_for(data))
        return _decode_as(data, wanted), wanted
    for mark, encoding in BYTE_ORDER_MARKS:
        if data.startswith(mark):
            return _decode_as(data, encoding), encoding
    if b"\x00" in data or b"\x1b$" in data or b"\x1b(" in data:
        raise EncodingUnknown(choices_for(data))
    with contextlib.suppress(UnicodeDecodeError):
        return data.decode("utf-8"), "utf-8"
    with contextlib.suppress(UnicodeDecodeError):
        text = data.decode("cp932")
        if is_believable_japanese(text):
            return text, "cp932"
    raise EncodingUnknown(choices_for(data))


def _decode_as(data: bytes, encoding: str) -> str:
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        raise EncodingUnknown(choices_for(data)) from error
    if "\x00" in text:
        raise EncodingUnknown(())
    return text


def is_believable_japanese(text: str) -> bool:
    """Whether text decoded as CP932 looks meant.

    Bytes of Korean, Chinese or Western files decode too, but into half-width katakana, second-level kanji and private
    characters; real rosters are mostly kana and first-level kanji (first byte up to 0x97).
    """
    foreign = [character.encode("cp932", "replace") for character in text if ord(character) > 127]
    odd = sum(len(code) == 1 or code[0] >= 0x98 for code in foreign)
    return odd * 4 <= len(foreign)


def choices_for(data: bytes) -> tuple[EncodingChoice, ...]:
    """Each encoding that can decode the bytes, with the first three lines in it; alike previews are given once."""
    choices: list[EncodingChoice] = []
    for encoding in ASKED_ENCODINGS:
        if encoding.startswith("utf-16") != (b"\x00" in data):
            continue
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" in text:
            continue
        preview = tuple(re.sub("[\x00-\x08\x0b-\x1f\x7f]", "", line)[:200] for line in text.splitlines()[:3])
        if all(preview != choice.preview for choice in choices):
            choices.append(EncodingChoice(encoding, preview))
    return tuple(choices)
