"""The file formats we take, known by name and by content: both must agree before a byte is kept.

Content is only recognised here, never interpreted: reading spreadsheets happens in a child process with limits.
"""

import codecs
import enum
import re
import unicodedata
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import BinaryIO

MEBIBYTE = 1024 * 1024
HEAD_BYTES = 4096
MAX_UNPACKED_BYTES = 100 * MEBIBYTE
MAX_ZIP_ENTRIES = 2_000
MAX_NAME_LENGTH = 150

_RESERVED_NAME = re.compile(r"(?i)(con|prn|aux|nul|com\d|lpt\d)(\.|$)")
_MARKUP = re.compile(rb"(?i)^\s*<(!doctype|html|script|svg|\?xml|body|iframe)")
_TEXT_CONTROLS = frozenset(b"\t\n\r\x0c\x1a\x1b")  # the last two: end of a DOS text, ISO-2022-JP
_BINARY_STARTS = (b"%PDF", b"PK\x03\x04", b"\xff\xd8\xff", b"\x89PNG", b"MZ", b"\x7fELF", b"\xd0\xcf\x11\xe0", b"GIF8")


class Format(enum.StrEnum):
    """A file format by its media type."""

    PDF = "application/pdf"
    JPEG = "image/jpeg"
    PNG = "image/png"
    XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    CSV = "text/csv"
    TXT = "text/plain"


EXTENSIONS: Mapping[str, Format] = {
    "pdf": Format.PDF,
    "jpg": Format.JPEG,
    "jpeg": Format.JPEG,
    "png": Format.PNG,
    "xlsx": Format.XLSX,
    "csv": Format.CSV,
    "txt": Format.TXT,
}


@dataclass(frozen=True, slots=True)
class Content:
    """What recognition looks at: the first bytes, the last bytes, the open file (position is ours to move)."""

    head: bytes
    tail: bytes
    file: BinaryIO


def _is_pdf(content: Content) -> bool:
    # At byte 0 only: files with a PDF further down are polyglots. Without %%EOF the upload was cut off.
    return content.head.startswith(b"%PDF-") and b"%%EOF" in content.tail


def _is_jpeg(content: Content) -> bool:
    return content.head.startswith(b"\xff\xd8\xff")


def _is_png(content: Content) -> bool:
    return content.head.startswith(b"\x89PNG\r\n\x1a\n") and content.head[12:16] == b"IHDR"


def _is_xlsx(content: Content) -> bool:
    if not content.head.startswith(b"PK\x03\x04"):
        return False
    content.file.seek(0)
    try:
        with zipfile.ZipFile(content.file) as archive:
            entries = archive.infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError, EOFError, OSError):
        return False
    names = {entry.filename for entry in entries}
    return (
        len(entries) <= MAX_ZIP_ENTRIES
        and sum(entry.file_size for entry in entries) <= MAX_UNPACKED_BYTES
        and {"[Content_Types].xml", "xl/workbook.xml"} <= names
        and "xl/vbaProject.bin" not in names  # a workbook with macros under another name
        and not any(entry.flag_bits & 1 for entry in entries)  # encrypted
    )


def _is_text(content: Content) -> bool:
    head = content.head
    if head.startswith(_BINARY_STARTS):
        return False
    wide = _wide_encoding(head)
    if wide is not None:
        # The head may end in the middle of a sign: an incremental decoder waits for the rest.
        try:
            text = codecs.getincrementaldecoder(wide)().decode(head)
        except UnicodeDecodeError:
            return False
        head = "".join(sign for sign in text if sign != "\ufeff").encode("utf-8")
    if _MARKUP.match(head.removeprefix(codecs.BOM_UTF8)):
        return False
    return not any(byte < 0x20 and byte not in _TEXT_CONTROLS for byte in head)


def _wide_encoding(head: bytes) -> str | None:
    """The UTF-16 form of a text by its mark or, without one, by the zero bytes of its ASCII signs."""
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    even, odd = head[0::2].count(0), head[1::2].count(0)
    enough = max(4, len(head) // 8)
    if odd >= enough and even == 0:
        return "utf-16-le"
    if even >= enough and odd == 0:
        return "utf-16-be"
    return None


_RECOGNISE: Mapping[Format, Callable[[Content], bool]] = {
    Format.PDF: _is_pdf,
    Format.JPEG: _is_jpeg,
    Format.PNG: _is_png,
    Format.XLSX: _is_xlsx,
    Format.CSV: _is_text,
    Format.TXT: _is_text,
}


def has_format(file: BinaryIO, expected: Format) -> bool:
    """Whether the content of an open file is of the format its name promises. Moves the position."""
    file.seek(0)
    head = file.read(HEAD_BYTES)
    size = file.seek(0, 2)
    file.seek(max(0, size - HEAD_BYTES))
    return _RECOGNISE[expected](Content(head, file.read(HEAD_BYTES), file))


def extension_of(name: str) -> str:
    """The last extension in lower case without the dot, '' where there is none."""
    stem, dot, extension = name.rpartition(".")
    return extension.lower() if dot and stem else ""


def clean_name(name: str) -> str:
    """The name a person gave a file, safe to show, to send in a header and to save on any system (RFC 6266 §4.3).

    Folders, control and direction-changing signs are dropped, forms are composed (NFC), at most 150 signs are kept with
    the extension. Never used as a path on our side.
    """
    name = unicodedata.normalize("NFC", name).replace("\\", "/").rpartition("/")[2]
    name = "".join(sign for sign in name if unicodedata.category(sign) not in ("Cc", "Cf", "Cs", "Co", "Cn"))
    name = re.sub(r'[<>:"|?*]', "_", " ".join(name.split())).strip(". ")
    if not name:
        return "file"
    if _RESERVED_NAME.match(name):
        name = f"_{name}"
    if len(name) > MAX_NAME_LENGTH:
        extension = extension_of(name)[:10]
        ending = f".{extension}" if extension else ""
        name = name[: MAX_NAME_LENGTH - len(ending)].rstrip(". ") + ending
    return name
