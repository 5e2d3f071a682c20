"""Everything readable in an answer: headers, pages, every part of a workbook or archive, a PDF's text and metadata."""

import html
import io
import re
import zipfile
from collections.abc import Iterator
from typing import Any
from urllib.parse import unquote

from pypdf import PdfReader

from tests.canary.birds import SHAPE

TAGS = re.compile(r"<[^>]*>")
SPACE = re.compile(r"[\s\u00ad\u200b-]+")
MARK = b"cnry"


def words_in(response: Any) -> set[str]:
    """The canaries of an answer, wherever they stand in it."""
    headers = " ".join(f"{name}: {value}" for name, value in response.headers.items())
    found = canaries(unquote(headers))
    for text in texts(response.get_data()):
        found |= canaries(text)
    return found


def canaries(text: str) -> set[str]:
    return {word.lower() for word in SHAPE.findall(text)}


def texts(data: bytes) -> Iterator[str]:
    """The readable parts of a file of any kind."""
    if data.startswith(b"%PDF"):
        yield from _of_pdf(data)
    elif data.startswith(b"PK\x03\x04"):
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            for name in archive.namelist():
                yield name
                yield from texts(archive.read(name))
    elif MARK in data.lower():
        text = html.unescape(unquote(data.decode("utf-8", "replace")))
        yield text
        yield SPACE.sub("", TAGS.sub("", text))


def _of_pdf(data: bytes) -> Iterator[str]:
    yield data.decode("latin-1")  # what is not compressed
    if b"startxref" not in data:
        return  # nothing but the beginning of one: a file that a test attached
    reader = PdfReader(io.BytesIO(data))
    for page in reader.pages:
        text = page.extract_text()
        yield text
        yield SPACE.sub("", text)
    yield " ".join(str(value) for value in (reader.metadata or {}).values())
    if reader.xmp_metadata is not None:
        yield reader.xmp_metadata.stream.get_data().decode("utf-8", "replace")
    for name, contents in reader.attachments.items():
        yield name
        for content in contents:
            yield from texts(content)


def kind_of(response: Any) -> str:
    """What an answer is, for the tally."""
    return str(response.mimetype or "none").split("/")[-1].split(".")[-1]
