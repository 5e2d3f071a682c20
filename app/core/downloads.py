"""A stored file on its way to a browser: always an attachment, its type from our own table, never cached."""

from collections.abc import Iterator
from typing import BinaryIO

from flask import Response

from app.core import storage
from app.core.errors import NotFound
from app.core.storage import CHUNK_BYTES, StoredFile


def of(stored: StoredFile) -> Response:
    """The bytes of a file, whole. Whoever calls has loaded it under a permission. Raises: NotFound without bytes."""
    try:
        content = storage.open_file(stored)
    except FileNotFoundError as error:
        raise NotFound() from error
    response = Response(_chunks(content), headers=storage.response_headers(stored))
    response.call_on_close(content.close)  # also of an answer that is never read, as to HEAD
    return response


def _chunks(content: BinaryIO) -> Iterator[bytes]:
    with content:
        while chunk := content.read(CHUNK_BYTES):
            yield chunk
